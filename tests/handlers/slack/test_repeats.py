"""The same request at two replicas, or with a database that does not answer: it acts once, and nobody waits."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.clock import SystemClock
from bot.errors import StoreDown
from bot.sandbox.slack import SIGNING_SECRET, PretendSlack
from bot.words.edge import NOT_TAKEN
from bot.words.form import HELP
from handlers.slack.inbound import Inbound
from handlers.slack.repeats import MOST_LOOKS, Repeats, Seen, Shared, acts
from tests.handlers.slack.stage import ANNA, PASSWORD, Everything

SIGNATURE = "v0=" + "5" * 64
BUTTON = {"type": "block_actions", "user": {"id": ANNA}, "team": {"id": "T0PRETEND"}, "actions": []}
FORM = {
    "type": "view_submission",
    "user": {"id": ANNA},
    "team": {"id": "T0PRETEND"},
    "view": {
        "callback_id": "counted",
        "blocks": [{"type": "section"}, {"type": "input", "block_id": "court:abc"}, {"type": "input", "block_id": "x"}],
        "state": {"values": {"x": {"x": {"value": PASSWORD}}}},
    },
}


@dataclass
class Memory:
    """A shared memory in this process, that can be slow or broken."""

    keys: set[str] = field(default_factory=set)
    gate: asyncio.Event | None = None
    breaks: Exception | None = None
    asked: int = 0

    async def first_time(self, key: str, valid: float) -> bool:
        assert valid >= 600, "it can come in for ten minutes"
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.breaks is not None:
            raise self.breaks
        fresh = key not in self.keys
        self.keys.add(key)
        return fresh


@dataclass
class Replica:
    """One replica's edge, and how often its listeners were called."""

    url: str = ""
    acted: list[str] = field(default_factory=list)


@asynccontextmanager
async def replica(shared: Shared | None, patience: float = 0.5) -> AsyncIterator[Replica]:
    """Run an edge whose listeners count."""
    one = Replica()
    app = AsyncApp(signing_secret=SIGNING_SECRET, token="xoxb-x", process_before_response=True)

    class Counted:
        """In the place of Bolt: what comes through is counted."""

        async def async_dispatch(self, request: object) -> object:
            body = getattr(request, "body", {})
            one.acted.append(str(body.get("type", "command")))
            from slack_bolt import BoltResponse

            return BoltResponse(status=200, body="")

    site = web.Application()
    inbound = Inbound(app, SIGNING_SECRET, SystemClock(), shared, patience)
    inbound._app = Counted()  # type: ignore[assignment]
    site.add_routes(inbound.routes())
    runner = web.AppRunner(site, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        yield one
    finally:
        await runner.cleanup()


def sent(payload: Mapping[str, object]) -> bytes:
    """Return the body that Slack sends a payload in."""
    return b"payload=" + quote(json.dumps(payload)).encode()


def command(text: str, name: str = "/link-ecf") -> bytes:
    """Return the body of a command."""
    return urlencode({"command": name, "text": text, "team_id": "T0PRETEND", "user_id": ANNA}).encode()


@pytest.mark.parametrize(
    "body",
    [
        sent(BUTTON),
        sent(FORM),
        command("cancel"),
        command("status"),
        command("", "/ecf-golive"),
        sent({"type": "event_callback"}),
    ],
)
async def test_what_one_replica_took_another_acknowledges_and_does_not_do(slack: PretendSlack, body: bytes) -> None:
    memory = Memory()
    async with replica(memory) as first, replica(memory) as second:
        headers = slack.wire.signed(body)
        replies = []
        for one in (first, second, first, second):
            slack.wire.events_url = one.url
            replies.append(await slack.wire.post(body, headers=headers))
    assert [(reply.status, reply.text) for reply in replies] == [(200, "")] * 4
    assert (len(first.acted), len(second.acted)) == (1, 0)


@pytest.mark.parametrize("trouble", ["slow", "broken"])
async def test_without_an_answer_a_form_is_not_taken_and_says_so_in_time(
    slack: PretendSlack, log: Everything, trouble: str
) -> None:
    gate = asyncio.Event()
    memory = Memory(gate=gate) if trouble == "slow" else Memory(breaks=StoreDown(PASSWORD))
    async with replica(memory, patience=0.05) as one:
        slack.wire.events_url = one.url
        reply = await slack.wire.post(sent(FORM))
        assert reply.body == {"response_action": "errors", "errors": {"court:abc": NOT_TAKEN}}
        assert one.acted == []
        bare = await slack.wire.post(sent({"type": "view_submission", "view": {"blocks": [7]}}))
        assert bare.status == 503
        gate.set()
    assert log.said(PASSWORD.strip()) == []
    assert log.said("a form was not taken")


async def test_without_an_answer_a_button_goes_on(slack: PretendSlack) -> None:
    """Its effect is decided in the store, once, and its person must hear that the store does not answer."""
    async with replica(Memory(gate=asyncio.Event()), patience=0.05) as one:
        slack.wire.events_url = one.url
        body = sent(BUTTON)
        headers = slack.wire.signed(body)
        assert (await slack.wire.post(body, headers=headers)).status == 200
        assert (await slack.wire.post(body, headers=headers)).status == 200
        assert one.acted == ["block_actions"], "this process still knows it"


async def test_a_fault_at_the_edge_is_logged_with_an_incident_id_and_nothing_of_the_request(
    slack: PretendSlack, log: Everything
) -> None:
    class Full(list[str]):
        """Takes nothing."""

        def append(self, one: str) -> None:
            raise RuntimeError(PASSWORD)

    async with replica(None) as one:
        one.acted, slack.wire.events_url = Full(), one.url
        assert (await slack.wire.post(sent(BUTTON))).status == 500
    [line] = log.said("a Slack request failed at the edge")
    assert re.search("incident [a-z0-9]{10}: a Slack request", str(line))
    assert log.said(PASSWORD.strip()) == []


async def test_a_look_that_took_too_long_is_kept_all_the_same() -> None:
    memory = Memory(gate=asyncio.Event())
    repeats = Repeats(SystemClock(), memory, patience=0.01)
    assert await repeats.seen(SIGNATURE, BUTTON) is Seen.UNKNOWN
    assert memory.gate is not None
    memory.gate.set()
    while not memory.keys:  # noqa: ASYNC110 - the thing itself is waited for
        await asyncio.sleep(0)
    assert await Repeats(SystemClock(), memory).seen(SIGNATURE, BUTTON) is Seen.REPEATED


async def test_a_store_that_is_far_behind_is_not_asked_more() -> None:
    memory = Memory(gate=asyncio.Event())
    repeats = Repeats(SystemClock(), memory, patience=0.0)
    for number in range(MOST_LOOKS + 5):
        assert await repeats.seen(f"v0={number:064x}", FORM) is Seen.UNKNOWN
    assert memory.asked == MOST_LOOKS
    assert memory.gate is not None
    memory.gate.set()
    while repeats._looking:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def test_reading_and_opening_ask_nothing_of_the_store() -> None:
    memory = Memory()
    repeats = Repeats(SystemClock(), memory)
    bodies: list[dict[str, object]] = [
        {"type": "block_suggestion"},
        {"command": "/link-ecf"},
        {"command": "/link-ecf", "text": "gasb"},
        {"command": "/link-ecf", "text": "help"},
    ]
    for number, body in enumerate(bodies):
        assert await repeats.seen(f"v0={number:064x}", body) is Seen.FIRST
    assert memory.asked == 0


def test_every_word_of_the_command_is_known_to_act_or_not() -> None:
    """A new word that changes something has to be named where the edge looks, and this test says so."""
    words = {line.split()[1] for line, _ in HELP if len(line.split()) > 1 and line.split()[1].isalpha()}
    assert {word for word in words if not acts({"command": "/link-ecf", "text": word})} <= {"help", "gasb"}
    for strange in ({"type": ["list"]}, {"type": 7}, {}, {"command": ["/link-ecf"]}, {"command": "/ecf-golive"}):
        assert acts(strange)
    assert acts({"command": "/link-ecf", "text": " CANCEL "})
