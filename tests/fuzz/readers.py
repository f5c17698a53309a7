"""The two readers as strangers reach them, and what must hold whatever they are given."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from yarl import URL

from bot.clock import SystemClock
from bot.linker.document import Document, TooLarge
from bot.linker.fence import Fence
from bot.linker.reading import read
from bot.sandbox.slack import BOT_TOKEN, SIGNING_SECRET
from handlers.slack import Inbound, OneWorkspace, SlackMessenger, Tasks, build_app, register, web_client
from handlers.slack.inbound import parse
from handlers.slack.people import NobodySpoke, person_of
from handlers.slack.quiet import hush, unhush
from handlers.slack.unsigned import Refused
from tests.handlers.slack.stage import FakeService
from tests.handlers.slack.watch_stage import FakeWatching
from tests.linker.test_reading_properties import assert_inside

FENCE = Fence("ecf.gasb.uscourts.gov", "pacer.login.uscourts.gov")
PLACES = (
    URL("https://ecf.gasb.uscourts.gov/cgi-bin/login.pl"),
    URL("https://pacer.login.uscourts.gov/csologin/login.jsf"),
)
NOWHERE = "http://127.0.0.1:9/api/"


def read_page(body: bytes) -> None:
    """Read a page as the court's and as PACER's: some page comes of it, and nothing on it leads outside."""
    for place in PLACES:
        try:
            assert_inside(read(Document.read(place, body, "text/html"), FENCE))
        except TooLarge:
            assert len(body) > 1_000_000 or body.count(b"<") > 20_000


class Edge:
    """The edge of Slack's requests with all of an attorney's listeners, in one loop of its own; no Slack is there."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.service = FakeService()
        self.tasks: Tasks
        self.inbound: Inbound
        self.session: aiohttp.ClientSession
        self.messenger: SlackMessenger
        self.heard = Heard()
        self.loop.run_until_complete(self._open())

    async def _open(self) -> None:
        self.session = aiohttp.ClientSession()
        app = build_app(BOT_TOKEN, SIGNING_SECRET, self.session, NOWHERE)
        client = web_client(BOT_TOKEN, self.session, NOWHERE, waits=False)
        self.messenger = SlackMessenger(OneWorkspace(client), SystemClock())
        self.service.messenger = self.messenger
        self.tasks = register(app, self.service, self.messenger, FakeWatching())
        self.inbound = Inbound(app, SIGNING_SECRET, SystemClock())

    def take(self, body: bytes, kind: str) -> None:
        """Take a signed body: it is refused, or answered; never a fault, and nothing of it is logged."""
        self.heard.lines.clear()
        try:
            payload = parse(body, kind)
        except Refused:
            return
        try:
            person = person_of(payload)
            assert all(type(part) is str and part.isascii() for part in (person.id, person.workspace))
        except NobodySpoke:
            pass
        status = self.loop.run_until_complete(self._dispatch(payload))
        assert status in {200, 401, 404}, status

    async def _dispatch(self, payload: dict[str, object]) -> int:
        try:
            return int((await self.inbound._dispatch(payload)).status)
        except Refused as refused:
            return refused.status

    def close(self) -> None:
        """End what was begun."""

        async def end() -> None:
            await self.tasks.aclose(0.2)
            await self.messenger.aclose(0.2)
            await self.session.close()

        self.loop.run_until_complete(end())
        self.loop.close()


class Heard(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


@contextmanager
def edge() -> Iterator[Edge]:
    """Open an edge, hear what it logs, and close it."""
    made, root = Edge(), logging.getLogger()
    handlers = root.handlers[:]
    root.handlers[:] = [made.heard]
    hush()
    try:
        yield made
    finally:
        made.close()
        unhush()
        root.handlers[:] = handlers
