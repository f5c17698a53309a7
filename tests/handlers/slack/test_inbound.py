"""The edge of /slack/events: what is forged, old, repeated or unreadable goes no further, and is never a 500."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from aiohttp.http_exceptions import HttpProcessingError
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.errors import Code
from bot.sandbox.slack import SIGNING_SECRET, Fault, PretendSlack
from handlers.slack import build_app, slack_session
from handlers.slack.inbound import Inbound, parse
from handlers.slack.people import NobodySpoke, person_of
from handlers.slack.repeats import Replays
from handlers.slack.unsigned import BODY_LIMIT, Refused
from tests.handlers.slack.stage import ANNA, PASSWORD, TOKENS, Everything, Stage

FORM = "application/x-www-form-urlencoded"
CANARY = "canary-in-a-body"


def command(text: str = CANARY) -> bytes:
    """Return the body of a good command."""
    fields = {"command": "/link-ecf", "text": text, "team_id": "T0PRETEND", "user_id": ANNA, "trigger_id": "1.2.3"}
    return urlencode(fields).encode()


async def status(stage: Stage, headers: dict[str, str], body: bytes = b"") -> int:
    """Send a body with these headers; return the status after checking that nothing is said but that."""
    reply = await stage.slack.wire.post(body or command(), headers=headers)
    assert reply.status == 200 or CANARY not in reply.text
    return reply.status


BROKEN: list[tuple[str, Callable[[PretendSlack, bytes], dict[str, str]]]] = [
    ("no headers", lambda slack, body: {}),
    ("no signature", lambda slack, body: {"X-Slack-Request-Timestamp": str(int(time.time()))}),
    ("no timestamp", lambda slack, body: {"X-Slack-Signature": "v0=" + "0" * 64}),
    ("another secret", lambda slack, body: slack.wire.signed(body, secret="another")),
    ("old", lambda slack, body: slack.wire.signed(body, at=time.time() - 301)),
    ("early", lambda slack, body: slack.wire.signed(body, at=time.time() + 302)),
    ("word for a time", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Request-Timestamp": "abc"}),
    ("empty time", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Request-Timestamp": ""}),
    ("signed time", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Request-Timestamp": "-1"}),
    ("endless time", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Request-Timestamp": "9" * 4000}),
    ("fraction", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Request-Timestamp": f"{time.time()}"}),
    ("other digits", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Request-Timestamp": "١٢٣٤٥٦٧٨٩٠"}),
    ("underscore", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Request-Timestamp": "1_795_000_000"}),
    ("tab inside", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Request-Timestamp": "1795\t000000"}),
    ("non-ASCII signature", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Signature": "v0=é" + "0" * 63}),
    ("short signature", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Signature": "v0=00"}),
    ("empty signature", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Signature": ""}),
    ("capital signature", lambda slack, body: slack.wire.signed(body) | {"X-Slack-Signature": "v0=" + "A" * 64}),
]


@pytest.mark.parametrize(("what", "headers"), BROKEN, ids=[what for what, _ in BROKEN])
async def test_a_request_that_slack_did_not_sign_is_a_plain_401(
    stage: Stage, log: Everything, what: str, headers: Callable[[PretendSlack, bytes], dict[str, str]]
) -> None:
    assert await status(stage, headers(stage.slack, command())) == 401
    assert log.said(CANARY) == []
    assert stage.slack.calls == []


async def test_a_changed_body_is_a_401(stage: Stage) -> None:
    assert await status(stage, stage.slack.wire.signed(command("one")), command("two")) == 401


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
async def test_a_header_sent_twice_is_a_401(stage: Stage, name: str) -> None:
    body = command()
    signed = stage.slack.wire.signed(body)
    head = "".join(f"{key}: {value}\r\n" for key, value in [*signed.items(), (name, signed[name])])
    assert (await raw(stage, head, body)).startswith(b"HTTP/1.1 401")


async def raw(stage: Stage, head: str, body: bytes, content_type: str = FORM) -> bytes:
    """Send these header lines, byte for byte, and return the answer's beginning."""
    port = int(stage.slack.events_url.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    start = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {content_type}\r\n"
    writer.write(
        (start + f"Content-Length: {len(body)}\r\n").encode() + head.encode("latin-1", "replace") + b"\r\n" + body
    )
    await writer.drain()
    answer = await reader.read(400)
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    "line",
    [
        "X-Slack-Signature\t: v0=00\r\n",
        "X-Slack\tSignature: v0=00\r\n",
        "X-Slack-Signature: v0=\x00\r\n",
        "X-Slack-Signature: " + "a" * 20_000 + "\r\n",
        "X-Slack-Signature: \xff\xfe\r\n",
        "X-Slack-Request-Timestamp: \t1\t2\r\n",
    ],
    ids=["tab in name", "tab within name", "nul", "huge", "latin", "tabs"],
)
async def test_headers_that_are_no_headers_are_refused_quietly(stage: Stage, log: Everything, line: str) -> None:
    answer = await raw(stage, line, command())
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 401", b"HTTP/1.0 400"))
    assert log.said(CANARY, "aaaaaaaaaa") == []


UNREADABLE = [
    ("application/json", b"[1, 2]", 401),
    ("application/json", b"7", 401),
    ("application/json", b'"text"', 401),
    ("application/json", b"null", 401),
    ("application/json", b"{", 401),
    ("application/json", b"\xff\xfe", 401),
    ("application/json", b"[" * 100_000, 401),
    ("application/json", b"1" * 10_000, 401),
    (FORM, b"payload=%5B1%5D", 401),
    (FORM, b"payload=", 401),
    (FORM, b"payload=no-json", 401),
    (FORM, b"text=%ff%fe", 401),
    (FORM, b"\xff=1", 401),
    (FORM, b"no pairs at all", 401),
    (FORM, b"&".join(b"a%d=1" % number for number in range(1000)), 401),
    ("text/plain", b"text=hello", 415),
    ("multipart/form-data; boundary=x", b"--x--", 415),
    ("", b"text=hello", 415),
    ("nonsense", b"text=hello", 415),
    (FORM, b"a=" + b"x" * (BODY_LIMIT + 1), 413),
]


@pytest.mark.parametrize(
    ("kind", "body", "expected"), UNREADABLE, ids=[f"{kind} {body[:12]!r}" for kind, body, _ in UNREADABLE]
)
async def test_a_signed_body_that_cannot_be_read_is_refused(
    stage: Stage, kind: str, body: bytes, expected: int
) -> None:
    reply = await stage.slack.wire.post(body, content_type=kind)
    assert reply.status == expected


STRANGE = [
    {},
    {"type": "block_actions"},
    {"type": "block_actions", "user": 5, "team": []},
    {"type": "block_actions", "user": {"id": ANNA}, "team": {"id": "T"}, "actions": []},
    {"type": "block_actions", "user": {"id": ANNA}, "team": {"id": "T"}, "actions": [{"action_id": "confirm_link"}]},
    {
        "type": "block_actions",
        "user": {"id": ANNA},
        "team": None,
        "actions": [{"action_id": "confirm_link", "type": "button"}],
    },
    {"type": "view_submission", "view": {"callback_id": "link_form"}},
    {"type": "view_submission", "view": {"callback_id": "link_form", "state": {"values": {}}}, "user": {"id": ANNA}},
    {
        "type": "view_submission",
        "view": {"callback_id": "passcode_form", "private_metadata": "x", "state": {"values": {}}},
    },
    {"type": "view_submission", "view": 7},
    {"type": "event_callback", "event": 7},
    {"type": "event_callback", "event": {"type": "message"}, "authorizations": [7]},
    {"command": "/link-ecf"},
    {"command": 7},
    {"type": ["list"]},
    {"response_urls": 7},
]


@pytest.mark.parametrize("payload", STRANGE, ids=[json.dumps(one)[:60] for one in STRANGE])
async def test_a_signed_payload_of_no_known_shape_is_never_a_500(stage: Stage, payload: dict[str, object]) -> None:
    reply = await stage.slack.wire.post(json.dumps(payload).encode(), content_type="application/json")
    assert reply.status < 500
    assert stage.service.answers == []
    assert stage.service.forms == []


async def test_an_exact_repeat_is_acknowledged_and_acts_once(stage: Stage) -> None:
    body = command("gasb").replace(b"1.2.3", stage.slack.api.trigger(ANNA).encode())
    headers = stage.slack.wire.signed(body)
    first = await stage.slack.wire.post(body, headers=headers)
    again = await stage.slack.wire.post(body, headers=headers)
    assert (first.status, again.status, again.text) == (200, 200, "")
    await stage.slack.wait_for(lambda: stage.slack.open_view(ANNA))
    assert [call.method for call in stage.slack.calls] == ["views.open"]


async def test_a_repeat_that_comes_while_the_first_is_handled_acts_once(stage: Stage) -> None:
    view = await stage.form()
    await stage.slack.fill(view, {"pacer_username": "anna.smith"})
    payload = {
        "type": "view_submission",
        "user": {"id": ANNA, "team_id": "T0PRETEND"},
        "team": {"id": "T0PRETEND"},
        "view": view.payload("T0PRETEND"),
    }
    body = b"payload=" + quote(json.dumps(payload)).encode()
    headers = stage.slack.wire.signed(body)
    replies = await asyncio.gather(*(stage.slack.wire.post(body, headers=headers) for _ in range(8)))
    assert [reply.status for reply in replies] == [200] * 8
    assert len(stage.service.forms) == 1
    assert sorted(reply.text for reply in replies)[:7] == [""] * 7


class StoppedClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


def test_the_memory_of_repeats_is_bounded_in_time_and_size() -> None:
    clock = StoppedClock()
    replays = Replays(clock, size=3)
    names = [f"v0={number:064x}" for number in range(5)]
    assert not replays.repeated(names[0])
    assert replays.repeated(names[0])
    clock.at = 599
    assert replays.repeated(names[0]), "a request signed five minutes ahead stays valid for ten"
    clock.at = 601
    assert not replays.repeated(names[0])
    for name in names[1:]:
        assert not replays.repeated(name)
    assert len(replays) == 3
    assert replays.repeated(names[4])


async def test_url_verification_returns_the_challenge(stage: Stage) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1a"}).encode()
    reply = await stage.slack.wire.post(body, content_type="application/json")
    assert (reply.status, reply.body) == (200, {"challenge": "3eZbrw1a"})


@pytest.mark.parametrize("signed", [True, False])
async def test_slacks_certificate_check_is_answered(stage: Stage, signed: bool) -> None:
    body = b"ssl_check=1&token=whatever"
    reply = await stage.slack.wire.post(body, headers=None if signed else {})
    assert (reply.status, reply.text) == (200, "")


async def test_a_command_that_says_it_is_a_certificate_check_is_not_let_in_unsigned(stage: Stage) -> None:
    assert await status(stage, {}, command() + b"&ssl_check=1") == 401


def test_an_empty_signing_secret_stops_the_start() -> None:
    with pytest.raises(ValueError, match="SLACK_SIGNING_SECRET"):
        Inbound(AsyncApp(signing_secret="x", token="xoxb-x"), " ", StoppedClock())


def test_parse_reads_both_shapes() -> None:
    assert parse(b"a=1&b=", FORM) == {"a": "1", "b": ""}
    assert parse(b"payload=%7B%22a%22%3A1%7D", FORM) == {"a": 1}
    with pytest.raises(Refused):
        parse(b"{}{}", "application/json")


async def test_bolt_itself_refuses_what_is_not_signed_should_the_edge_be_left_out(
    stage: Stage, slack: PretendSlack
) -> None:
    async with slack_session() as session:
        app = build_app(TOKENS[0], SIGNING_SECRET, session, slack.api_url)
        request = AsyncBoltRequest(body=command().decode(), headers={"content-type": [FORM]})
        assert (await app.async_dispatch(request)).status == 401


NOBODY = [
    {},
    {"team": {"id": "T1"}},
    {"team": {"id": "T1"}, "user": {"id": 5}},
    {"team": {"id": "T1"}, "user": {"id": ["U1"]}},
    {"team": {"id": ""}, "user": {"id": "U1"}},
    {"team": {"id": {"a": 1}}, "user": {"id": "U1"}},
    {"team": {"id": "T1"}, "user": {"id": "U1\n"}},
    {"team": {"id": "T1"}, "user": {"id": "U" * 65}},
    {"team": {"id": "T1 or 1=1"}, "user": {"id": "U1"}},
    {"team": 7, "user": True},
]


@pytest.mark.parametrize("body", NOBODY, ids=str)
def test_nothing_but_a_word_names_a_person(body: dict[str, object]) -> None:
    with pytest.raises(NobodySpoke):
        person_of(body)


def payloads() -> list[Path]:
    """Return the payloads that bolt-python's own tests carry, where they are beside the project."""
    folder = Path(__file__).resolve().parents[4] / "shared/slack-contract/bolt-python-payloads"
    return sorted(folder.glob("*.json"))


@pytest.mark.skipif(not payloads(), reason="the reference material is not beside the project")
@pytest.mark.parametrize("secret", ["", "forged"])
async def test_payloads_of_bolts_own_tests_never_fail_and_are_never_logged(
    stage: Stage, log: Everything, secret: str
) -> None:
    assert len(payloads()) == 45
    for path in payloads():
        content = json.loads(path.read_text("utf-8"))
        if "__form__" in content:
            body, kind = (content["__form__"] + f"&text={CANARY}").encode(), FORM
        elif content.get("type") in {"event_callback", "url_verification"}:
            body, kind = json.dumps(content | {"canary": CANARY}).encode(), "application/json"
        else:
            body, kind = b"payload=" + quote(json.dumps(content | {"canary": CANARY})).encode(), FORM
        headers = stage.slack.wire.signed(body, secret=secret)
        reply = await stage.slack.wire.post(body, content_type=kind, headers=headers)
        expected = {401} if secret else {200, 404}
        assert reply.status in expected, path.name
        if not secret and content.get("type") == "event_callback":
            assert reply.status == 200, "an event that is not accepted is sent again and again"
    assert log.said(CANARY) == []
    assert stage.slack.calls == []


async def test_the_answer_does_not_wait_for_slack(stage: Stage) -> None:
    """The form is opened after the acknowledgement: a Slack that does not answer costs nothing of the three seconds."""
    gate = asyncio.Event()
    stage.slack.fault("views.open", Fault(held=gate))
    reply = await stage.slack.command(ANNA, "/link-ecf", "gasb")
    assert (reply.status, reply.text) == (200, "")
    assert stage.slack.calls == []
    gate.set()
    await stage.slack.wait_for(lambda: stage.slack.open_view(ANNA))


async def test_a_fault_at_the_edge_is_not_logged_with_the_request(stage: Stage, log: Everything) -> None:
    stage.service.breaks = HttpProcessingError(message=PASSWORD)
    stage.service.hindrances["gasb"] = Code.NOT_LIVE
    reply = await stage.slack.wire.post(command(PASSWORD))
    assert reply.status == 200
    assert log.said("incident ")
    assert log.said(PASSWORD.strip()) == []
