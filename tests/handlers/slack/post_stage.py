"""A SlackPost before a pretend Slack: real clients over a real connection, letters that say one line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp

from bot.clock import Clock, SystemClock
from bot.errors import StoreTrouble
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.broadcasts.broadcast import Audience, Broadcast, BroadcastId, BroadcastState
from bot.reminders.delivery.letter import Letter, LetterId
from bot.sandbox.slack import BOT_TOKEN, TEAM, PretendSlack
from handlers.slack import slack_session, web_client
from handlers.slack.blocks import Message, note
from handlers.slack.client import NotInstalled
from handlers.slack.post import SlackPost
from tests.handlers.slack.stage import ANNA, person


class Held:
    """Direct channels in a dictionary (post.DirectChannels); `broken` raises what the store raises."""

    def __init__(self) -> None:
        self.kept: dict[Person, str] = {}
        self.broken = False

    async def recall(self, person: Person) -> str:
        if self.broken:
            raise StoreTrouble("down")
        return self.kept.get(person, "")

    async def remember(self, person: Person, channel: str) -> None:
        self.kept[person] = channel


@dataclass
class FewClients:
    """Clients of one workspace (client.Clients) whose tokens come in order; each refusal that kills one is kept."""

    session: aiohttp.ClientSession
    api_url: str
    tokens: list[str] = field(default_factory=lambda: [BOT_TOKEN])
    heard: list[str] = field(default_factory=list)

    @property
    def bare(self) -> aiohttp.ClientSession:
        raise NotImplementedError

    async def of(self, workspace: WorkspaceId) -> object:
        if not self.tokens:
            raise NotInstalled
        return web_client(self.tokens[0], self.session, self.api_url, waits=False)

    async def is_home(self, workspace: WorkspaceId) -> bool:
        return bool(self.tokens)

    async def refused(self, workspace: WorkspaceId, code: str) -> None:
        self.heard.append(code)
        if code in {"token_revoked", "account_inactive", "invalid_auth"}:
            self.tokens.pop(0)


class StillClock(SystemClock):
    """The machine's clock, but nobody waits: what would be waited for is kept."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.ahead += seconds


@dataclass
class PostStage:
    """What a test of the post plays with."""

    slack: PretendSlack
    post: SlackPost
    direct: Held
    clients: FewClients

    def calls(self, method: str) -> int:
        """Return how often a method was called."""
        return sum(1 for call in self.slack.calls if call.method == method)


def said(letter: Letter) -> Message:
    """Write a letter that names itself."""
    return note("A letter", (f"This is {letter.id}.",))


def letter(key: str = "l1", user: str = ANNA, channel: str = "", first_try: datetime | None = None) -> Letter:
    """Return a letter to a person, or to a channel."""
    whom = None if channel else person(user)
    wrote = Person(Platform.SLACK, WorkspaceId(TEAM), PersonId("U0BEN"))
    cast = Broadcast(
        BroadcastId("b1"), wrote, "text", Audience(channel=channel), BroadcastState.SENDING, datetime.now(UTC)
    )
    return Letter(
        LetterId(key),
        Platform.SLACK,
        WorkspaceId(TEAM),
        whom,
        channel,
        broadcast=cast,
        first_try=first_try or datetime.now(UTC),
    )


@asynccontextmanager
async def posting(
    slack: PretendSlack, clock: Clock | None = None, *, api_url: str = "", seconds: float = 10.0, opens: float = 50.0
) -> AsyncIterator[PostStage]:
    """Yield a SlackPost that writes to `slack`, or to `api_url`; a call takes at most `seconds`."""
    async with slack_session(seconds) as session:
        clients, direct = FewClients(session, api_url or slack.api_url), Held()
        post = SlackPost(clients, clock or SystemClock(), direct, said, opens_per_minute=opens)  # type: ignore[arg-type]
        yield PostStage(slack, post, direct, clients)
