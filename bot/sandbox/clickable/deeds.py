"""What can be done on the clickable page: each click as the deed of one person's hand in the pretend Slack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from zoneinfo import ZoneInfo

from bot.sandbox.clickable.fields import Offered, find, state_of
from bot.sandbox.clickable.shown import visible
from bot.sandbox.slack import PretendMessage, PretendSlack, PretendView
from bot.sandbox.slack_elements import PARTS, Json, action, suggests
from bot.sandbox.slack_wire import Reply

Deed = Callable[[Json], Awaitable[Json]]


class NotShown(LookupError):
    """What was clicked is not in front of this person any more."""


class Deeds:
    """The deeds by name. Each takes what the browser sent, `user` in it, and returns what the browser is to show.

    They raise NotShown, NotFilledIn, NotOffered and SlackError; KeyError and the like for what no page of ours sends.
    """

    def __init__(self, slack: PretendSlack) -> None:
        self._slack = slack
        self._offered = Offered()

    def all(self) -> Mapping[str, Deed]:
        """Return every deed by its name in the address."""
        return {
            "command": self._command,
            "press": self._press,
            "set": self._set,
            "press_in": self._press_in,
            "suggest": self._suggest,
            "submit": self._submit,
            "close": self._close,
        }

    def _zone(self, user: str) -> ZoneInfo:
        return ZoneInfo(self._slack.api.people.known[user].tz or "UTC")

    async def _command(self, asked: Json) -> Json:
        command, _, text = str(asked["text"]).strip().partition(" ")
        if not command.startswith("/"):
            return {"said": "Only slash commands are answered here. Try /link-ecf help"}
        # Slack never sends a command that no installed app has; the manifest lists the bot's.
        if command not in {"/link-ecf", "/ecf-golive"}:
            return {"said": f"{command} is not a command of this workspace. Try /link-ecf help"}
        return _told(await self._slack.command(asked["user"], command, text.strip(), asked["channel"]))

    async def _press(self, asked: Json) -> Json:
        """Press a button of a message, or choose from one of its lists."""
        user = asked["user"]
        message = self._message(user, asked["channel"], asked["ts"])
        block, element = _shown(message.blocks, asked)
        state: Json = {}
        if element["type"] in PARTS:
            state = state_of(element, asked["value"], (), self._zone(user))
        return _told(await self._slack.act(user, action(block, element, state, self._slack.api.ts()), message))

    def _message(self, user: str, channel: str, ts: str) -> PretendMessage:
        for one in visible(self._slack, user):
            if (one.channel, one.ts) == (channel, ts):
                return one
        raise NotShown(ts)

    async def _set(self, asked: Json) -> Json:
        """Set a field of which the bot hears at once."""
        view, block, element = self._field(asked)
        options = self._offered.of(view, block, element) if suggests(element) else ()
        state = state_of(element, asked["value"], options, self._zone(view.user))
        return _told(await self._slack.put(view, block, element, state))

    async def _press_in(self, asked: Json) -> Json:
        view, block, element = self._field(asked)
        return _told(await self._slack.press_on(view, block, element))

    async def _suggest(self, asked: Json) -> Json:
        view, block, element = self._field(asked)
        options = await self._slack.suggest_in(view, block, element, str(asked["text"]))
        self._offered.keep(view, block, element, options)
        return {"options": options}

    async def _submit(self, asked: Json) -> Json:
        return _told(await self._slack.submit(self._view(asked)))

    async def _close(self, asked: Json) -> Json:
        return _told(await self._slack.close(self._view(asked)))

    def _field(self, asked: Json) -> tuple[PretendView, Json, Json]:
        view = self._view(asked)
        return view, *_shown(view.view["blocks"], asked)

    def _view(self, asked: Json) -> PretendView:
        """Return the view in front of this person, with all that stands in the browser's fields (`typed`) in it."""
        view = self._slack.open_view(asked["user"])
        if view is None or view.id != asked["view"]:
            raise NotShown(asked["view"])
        for block_id, action_id, value in asked.get("typed", ()):
            try:
                block, element = find(view.view["blocks"], block_id, action_id)
            except KeyError:
                continue  # the bot has changed the view meanwhile: what was typed there goes with its field
            options = self._offered.of(view, block, element) if suggests(element) else ()
            view.state[block_id, action_id] = state_of(element, value, options, self._zone(view.user))
        return view


def _shown(blocks: list[Json], asked: Json) -> tuple[Json, Json]:
    try:
        return find(blocks, asked["block"], asked["action"])
    except KeyError:
        raise NotShown(asked["action"]) from None


def _told(reply: Reply | None) -> Json:
    """Return what the person hears of the bot's answer: nothing, unless it is one that Slack cannot use."""
    if reply is None or reply.status == 200:
        return {}
    return {"said": f"The bot answered HTTP {reply.status}, so Slack shows an error here."}
