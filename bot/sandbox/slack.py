"""A pretend Slack on 127.0.0.1: the Web API that the bot calls, and the person who types and presses.

It signs and sends what Slack sends (commands, type-ahead, submissions, presses), over HTTP or down a websocket, shows
views and messages as Slack does, and refuses what Slack refuses. It keeps every call, so that a test or a transcript
can say what was seen.

    async with PretendSlack() as slack:
        slack.events_url = "http://127.0.0.1:3000/slack/events"
        await slack.command("U0ANNA", "/link-ecf", "gasb")
        view = await slack.wait_for(lambda: slack.open_view("U0ANNA"))
        await slack.submit(view, {"PACER user name": "anna.smith"}, ticks=["individual_account"])
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bot.sandbox.slack_api import WebApi
from bot.sandbox.slack_calls import SlackError
from bot.sandbox.slack_filling import fill_in, tick
from bot.sandbox.slack_rules import option_faults
from bot.sandbox.slack_socket import SocketMode
from bot.sandbox.slack_state import Call, Fault, Json, PretendMessage, PretendView
from bot.sandbox.slack_teams import PretendTeam, PretendTeams
from bot.sandbox.slack_wire import Reply, Wire

__all__ = ["Fault", "NotFilledIn", "PretendMessage", "PretendSlack", "PretendView", "Reply"]

BOT_TOKEN = "xoxb-pretend-token"
APP_TOKEN = "xapp-pretend-token"
SIGNING_SECRET = "pretend-signing-secret"
TEAM = "T0PRETEND"
CHANNEL = "C0GENERAL"

Seen = TypeVar("Seen")


class NotFilledIn(Exception):
    """The client does not send a form whose required fields are empty; it names them."""


class PretendSlack:
    """One workspace and its people. `now` is the clock of its triggers, in seconds."""

    def __init__(
        self,
        *,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bot_token = bot_token
        self.app_token = app_token
        self.signing_secret = signing_secret
        self.socket = SocketMode()
        self.wire = Wire(signing_secret, self.socket)
        self.teams = PretendTeams(self.wire, {bot_token: TEAM}, {TEAM: PretendTeam(TEAM, "Pretend LLP")})
        self.api = WebApi(app_token=app_token, teams=self.teams, now=now)
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2_000_000)
        app.add_routes([*self.api.routes(), *self.teams.routes(), web.get("/socket", self.socket.connect)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self.api.socket_url = f"ws://127.0.0.1:{self._port}/socket"
        for user in ("U0ANNA", "U0BEN"):
            self.join(user)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.wire.aclose()
        await self.socket.aclose()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def events_url(self) -> str:
        """Where the bot listens; empty sends everything down its websocket."""
        return self.wire.events_url

    @events_url.setter
    def events_url(self, url: str) -> None:
        self.wire.events_url = url

    @property
    def api_url(self) -> str:
        """What to give the bot as SLACK_API_URL."""
        return f"http://127.0.0.1:{self._port}/api/"

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API, oldest first."""
        return self.api.calls

    def join(self, user: str, name: str = "", team: str = TEAM) -> None:
        """Let a person into a workspace."""
        self.api.people[user] = name or user
        self.teams.homes[user] = team

    def fault(self, method: str, fault: Fault) -> None:
        """Let the next calls of `method` meet `fault`."""
        self.api.faults[method] = fault

    def messages(self, user: str) -> list[PretendMessage]:
        """Return what this person sees of the bot outside of views, oldest first."""
        return [one for one in self.api.messages if one.user == user]

    def direct(self, user: str) -> list[PretendMessage]:
        """Return the lasting messages in this person's direct messages with the bot."""
        return [one for one in self.messages(user) if not one.ephemeral]

    def open_view(self, user: str) -> PretendView | None:
        """Return the view in front of this person."""
        return self.api.top(user)

    async def wait_for(self, seen: Callable[[], Seen | None], seconds: float = 5.0) -> Seen:
        """Return what `seen` returns as soon as it is something. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                value = seen()
                if value:
                    return value
                await asyncio.sleep(0.005)

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
                "user_name": self.api.people[user],
                "command": command,
                "text": text,
                "api_app_id": "A0PRETEND",
                "response_url": f"http://127.0.0.1:{self._port}{path}",
                "trigger_id": self.api.trigger(user),
            },
        )
        if reply.status == 200 and reply.body.get("text"):
            self.api.hear(user, channel, reply.body)
        return reply

    async def suggest(self, view: PretendView, typed: str, name: str = "court") -> list[Json]:
        """Type into a list that asks the bot for its choices. Raises SlackError for choices that Slack refuses."""
        block = view.input(name)
        payload = {
            "type": "block_suggestion",
            "container": {"type": "view", "view_id": view.id},
            "action_id": block["element"]["action_id"],
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

    async def fill(
        self, view: PretendView, values: Mapping[str, str | Sequence[str]], ticks: Sequence[str] = ()
    ) -> None:
        """Fill in fields and tick boxes, each named by label, action_id or field name; sends nothing but choices."""
        for name, value in values.items():
            if view.input(name)["element"]["type"] == "external_select":
                await self.choose(view, str(value), name)
            else:
                await fill_in(view, name, value, self.suggest)
        for name in ticks:
            tick(view, name)

    async def choose(self, view: PretendView, value: str, name: str = "court") -> Reply | None:
        """Choose from a list what typing `value` offers under that value; the bot is told if it asked to be."""
        options = await self.suggest(view, value, name)
        option = next(one for one in options if one["value"] == value)
        block = view.input(name)
        element = block["element"]
        view.state[block["block_id"], element["action_id"]] = {"type": element["type"], "selected_option": option}
        if not block.get("dispatch_action"):
            return None
        action = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "selected_option": option,
            "action_ts": self.api.ts(),
        }
        container = {"type": "view", "view_id": view.id}
        return await self._act(
            view.user, action, {"container": container, "view": view.payload(self.teams.installed(view.user))}
        )

    async def submit(
        self,
        view: PretendView,
        values: Mapping[str, str | Sequence[str]] | None = None,
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

    async def press(self, message: PretendMessage, text: str, by: str = "") -> Reply:
        """Press the button that says `text`; `by` another person than the message's reader, who could not, really.

        Raises KeyError when there is no such button now.
        """
        return await self.act(by or message.user, message.button(text), message)

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
        name = self.api.people[user]
        who = {"id": user, "username": name, "name": name, "team_id": self.teams.home(user).id}
        whole = {**payload, "user": who, **self.teams.of_interaction(user), "api_app_id": "A0PRETEND"}
        return await self.wire.send("interactive", whole)
