"""What a person does in the pretend Slack: types a command, fills in and sends a form, presses, chooses, closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.sandbox.slack_api import WebApi
from bot.sandbox.slack_calls import SlackError
from bot.sandbox.slack_elements import TYPED, action, chosen, suggests
from bot.sandbox.slack_rules import option_faults
from bot.sandbox.slack_state import Json, PretendMessage, PretendView
from bot.sandbox.slack_teams import PretendTeams
from bot.sandbox.slack_wire import Reply, Wire

CHANNEL = "C0GENERAL"

Values = Mapping[str, str | Sequence[str]]
"""What to fill in: by the name of each field, what is typed or picked, or the values of several choices."""


class NotFilledIn(Exception):
    """The client does not send a form whose required fields are empty; it names them."""


class Hands:
    """The people's side of PretendSlack."""

    api: WebApi
    teams: PretendTeams
    wire: Wire
    _port: int

    async def command(self, user: str, command: str, text: str = "", channel: str = CHANNEL) -> Reply:
        """Type a slash command. What is answered at once is shown to the person too."""
        path = self.api.response_path(user, channel)
        reply = await self.wire.send(
            "slash_commands",
            {
                **self.teams.of_command(user),
                "channel_id": channel,
                "channel_name": "general",
                "user_id": user,
                "user_name": self.api.people.known[user].name,
                "command": command,
                "text": text,
                "api_app_id": "A0PRETEND",
                "response_url": f"http://127.0.0.1:{self._port}{path}",
                "trigger_id": self.api.trigger(user),
            },
        )
        if reply.status == 200 and reply.body.get("text"):
            self.api.talk.hear(user, channel, reply.body)
        return reply

    async def suggest(self, view: PretendView, typed: str, name: str = "court") -> list[Json]:
        """Type into a list that asks the bot for its choices. Raises SlackError for choices that Slack refuses."""
        return await self.suggest_in(view, *view.element(name), typed)

    async def suggest_in(self, view: PretendView, block: Json, element: Json, typed: str) -> list[Json]:
        """Do the same with a list that has been found already."""
        payload = {
            "type": "block_suggestion",
            "container": {"type": "view", "view_id": view.id},
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
            "view": view.payload(self.teams.installed(view.user)),
        }
        reply = await self._interact(view.user, payload)
        options: list[Json] = reply.body.get("options", [])
        faults = [fault for option in options for fault in option_faults(option)]
        if reply.status != 200 or faults or len(options) > 100:
            raise SlackError("invalid_options", faults)
        return options

    async def fill(self, view: PretendView, values: Values, ticks: Sequence[str] = ()) -> None:
        """Fill in fields and tick boxes, each named by label, action_id or field name; sends nothing but choices."""
        for name, value in values.items():
            await self.choose(view, value, name)
        for name in ticks:
            block = view.input(name)
            boxes = [one["value"] for one in block["element"]["options"]]
            view.state[block["block_id"], block["element"]["action_id"]] = chosen(block["element"], boxes)

    async def choose(self, view: PretendView, value: str | Sequence[str], name: str = "court") -> Reply | None:
        """Set one field, list or picker; a list of the bot's is asked for what typing the value offers.

        The bot is told, and its answer returned, where the element asks for that. Raises KeyError, and NotOffered.
        """
        block, element = view.element(name)
        options: list[Json] = []
        if suggests(element):
            for one in [value] if isinstance(value, str) else value:
                options += await self.suggest(view, one, name) if one else []
        return await self.put(view, block, element, chosen(element, value, options))

    async def put(self, view: PretendView, block: Json, element: Json, state: Json) -> Reply | None:
        """Leave one element in this state; the bot is told, and its answer returned, where the element asks for it."""
        view.state[block["block_id"], element["action_id"]] = state
        if element["type"] in TYPED or (block["type"] == "input" and not block.get("dispatch_action")):
            return None
        return await self._in_view(view, action(block, element, state, self.api.ts()))

    async def press_in(self, view: PretendView, name: str) -> Reply:
        """Press a button inside a view, named by its words or its action_id. Raises KeyError."""
        return await self.press_on(view, *view.element(name))

    async def press_on(self, view: PretendView, block: Json, element: Json) -> Reply:
        """Do the same with a button that has been found already."""
        return await self._in_view(view, action(block, element, {}, self.api.ts()))

    async def _in_view(self, view: PretendView, told: Json) -> Reply:
        container = {"type": "view", "view_id": view.id}
        shown = view.payload(self.teams.installed(view.user))
        return await self._act(view.user, told, {"container": container, "view": shown})

    async def submit(
        self,
        view: PretendView,
        values: Values | None = None,
        ticks: Sequence[str] = (),
        *,
        force: bool = False,
    ) -> Reply:
        """Fill in and send a form, and do with the view what the bot's answer says.

        Raises NotFilledIn, as the client does, while a required field is empty; `force` sends it all the same.
        """
        await self.fill(view, values or {}, ticks)
        if not force and (empty := view.empty()):
            raise NotFilledIn(*empty)
        payload = {
            "type": "view_submission",
            "view": view.payload(self.teams.installed(view.user)),
            "response_urls": [],
        }
        reply = await self._interact(view.user, payload | {"trigger_id": self.api.trigger(view.user)})
        if reply.status == 200:
            self._answered(view, reply.body)
        return reply

    def _answered(self, view: PretendView, answer: Json) -> None:
        stack = self.api.views[view.user]
        match answer.get("response_action"):
            case None:
                stack.remove(view)
            case "clear":
                stack.clear()
            case "update":
                self.api.replace(view, answer["view"])
            case "push":
                self.api.push(view.user, answer["view"])
            case "errors":
                labels = {block["block_id"]: block["label"]["text"] for block in view.inputs()}
                if not answer["errors"] or not set(answer["errors"]) <= set(labels):
                    raise SlackError("invalid_errors", list(answer["errors"]))
                view.errors = {labels[block]: text for block, text in answer["errors"].items()}
            case other:
                raise SlackError("invalid_response_action", [str(other)])

    async def close(self, view: PretendView) -> Reply | None:
        """Close a view by its x; the bot hears of it only where it asked to."""
        self.api.views[view.user].remove(view)
        if not view.view.get("notify_on_close"):
            return None
        return await self._interact(
            view.user,
            {"type": "view_closed", "view": view.payload(self.teams.installed(view.user)), "is_cleared": False},
        )

    async def press(self, message: PretendMessage, text: str, by: str = "", value: str = "") -> Reply:
        """Press the button that says `text`; `by` another person than the message's reader, who could not, really.

        Of several such buttons the one that bears `value`. Raises KeyError when there is no such button now.
        """
        return await self.act(by or message.user, message.button(text, value), message)

    async def pick(self, message: PretendMessage, name: str, option: str, by: str = "") -> Reply:
        """Choose `option` from the list or menu called `name` in a message. Raises KeyError, and NotOffered."""
        return await self.act(by or message.user, message.choice(name, option), message)

    async def act(self, user: str, action: Json, message: PretendMessage) -> Reply:
        """Send the press of any button, also one that is no longer shown."""
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.ephemeral,
        }
        shown = {"type": "message", "text": message.text, "ts": message.ts, "blocks": message.blocks}
        where = {"container": container, "channel": {"id": message.channel, "name": "directmessage"}, "message": shown}
        path = self.api.response_path(user, message.channel, message)
        return await self._act(user, action, {**where, "response_url": f"http://127.0.0.1:{self._port}{path}"})

    async def _act(self, user: str, action: Json, where: Json) -> Reply:
        return await self._interact(
            user, {"type": "block_actions", "trigger_id": self.api.trigger(user), "actions": [action], **where}
        )

    async def _interact(self, user: str, payload: Json) -> Reply:
        name = self.api.people.known[user].name
        who = {"id": user, "username": name, "name": name, "team_id": self.teams.home(user).id}
        whole = {**payload, "user": who, **self.teams.of_interaction(user), "api_app_id": "A0PRETEND"}
        return await self.wire.send("interactive", whole)
