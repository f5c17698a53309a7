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
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bot.sandbox.slack_api import WebApi
from bot.sandbox.slack_hands import CHANNEL, Hands, NotFilledIn
from bot.sandbox.slack_limits import Rate
from bot.sandbox.slack_people import PretendPerson
from bot.sandbox.slack_socket import SocketMode
from bot.sandbox.slack_state import Call, Fault, PretendMessage, PretendView
from bot.sandbox.slack_talk import PretendChannel
from bot.sandbox.slack_teams import PretendTeam, PretendTeams
from bot.sandbox.slack_wire import Reply, Wire

__all__ = ["Fault", "NotFilledIn", "PretendMessage", "PretendSlack", "PretendView", "Rate", "Reply"]

BOT_TOKEN = "xoxb-pretend-token"
APP_TOKEN = "xapp-pretend-token"
SIGNING_SECRET = "pretend-signing-secret"
TEAM = "T0PRETEND"

Seen = TypeVar("Seen")


class PretendSlack(Hands):
    """One workspace and its people. `now` is the clock of its triggers, in seconds; `unix` that of its messages."""

    def __init__(
        self,
        *,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        now: Callable[[], float] = time.monotonic,
        unix: Callable[[], float] = time.time,
    ) -> None:
        self.bot_token = bot_token
        self.app_token = app_token
        self.signing_secret = signing_secret
        self.socket = SocketMode()
        self.wire = Wire(signing_secret, self.socket, unix)
        self.teams = PretendTeams(self.wire, {bot_token: TEAM}, {TEAM: PretendTeam(TEAM, "Pretend LLP")})
        self.api = WebApi(app_token=app_token, teams=self.teams, now=now, unix=unix)
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
        self.channel(CHANNEL, "general")
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

    def join(
        self, user: str, name: str = "", team: str = TEAM, *, email: str = "", tz: str = "America/New_York"
    ) -> PretendPerson:
        """Let a person into a workspace; return their profile, which may be changed."""
        self.teams.homes[user] = team
        self.api.people.known[user] = PretendPerson(user, name or user, email, tz)
        return self.api.people.known[user]

    def leave(self, user: str) -> None:
        """Let a person's account be deactivated."""
        self.api.people.known[user].deleted = True

    def channel(self, channel: str, name: str = "", team: str = TEAM, *, joined: bool = True) -> PretendChannel:
        """Make a channel; return it, to archive it or to take the bot out."""
        self.api.talk.rooms[channel] = PretendChannel(channel, name or channel.lower(), team, joined)
        return self.api.talk.rooms[channel]

    def posted(self, channel: str) -> list[PretendMessage]:
        """Return the lasting messages in a channel or in direct messages, by their id, oldest first."""
        return [one for one in self.api.messages if one.channel == channel and not one.ephemeral]

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

    async def wait_for(self, seen: Callable[[], Seen | None], seconds: float = 30.0) -> Seen:
        """Return what `seen` returns as soon as it is something; a busy machine is given time. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                value = seen()
                if value:
                    return value
                await asyncio.sleep(0.005)
