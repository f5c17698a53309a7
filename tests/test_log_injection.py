"""What a person types never becomes part of a log line, nor a second one: tried in every field and kind of request."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import structlog

from bot import logs
from bot.app import Application
from bot.attempts.pace import NoPace
from bot.clock import SystemClock
from bot.linker.values import PasscodeQuestion, Result
from bot.parts import put_together
from bot.sandbox.slack import TEAM, PretendSlack, PretendView
from bot.settings import read_settings
from handlers.slack.quiet import unhush
from tests.attempts.stage import FakeLinker, Walk

ANNA = "U0ANNA"
FORGED = "forged-canary"
EVIL = (
    f'\r\n{{"level":"info","event":"{FORGED}"}}\r\n{FORGED}\n\x1b[2J\x1b]0;{FORGED}\x07\x9b31m\u2028\u0085{FORGED}'
    f" %s %n %(incident)s {{0}} {{x.__class__}} ${{jndi:{FORGED}}} \x00\x08\u202e"
)


async def asks(walk: Walk) -> Result:
    """Ask for a passcode, fail with what was answered."""
    answer = await walk.question(PasscodeQuestion())
    raise ValueError(f"{answer!r} {FORGED} {EVIL}")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log of the service at DEBUG, in memory."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up("debug", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    unhush()


@asynccontextmanager
async def bot() -> AsyncIterator[PretendSlack]:
    """The application beside a pretend Slack; its linker fails with what was typed."""
    async with PretendSlack() as slack:
        slack.join(ANNA)
        given = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret, "PORT": "0"}
        settings = read_settings({**given, "SLACK_API_URL": slack.api_url})
        parts = put_together(settings, SystemClock(), linker=FakeLinker(asks), pace=NoPace())
        async with Application(settings, parts=parts, drain_seconds=0.0) as app:
            slack.events_url = f"http://127.0.0.1:{app.port}/slack/events"
            yield slack


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """Return every line as an object; one that is none fails."""
    found = log.getvalue().splitlines()
    assert all(line.isascii() and line.isprintable() for line in found)
    return [json.loads(line) for line in found]


def clean(log: io.StringIO) -> None:
    """Check that every line is one of ours, and holds nothing that was typed."""
    for line in lines(log):
        assert set(line) <= set(logs.FIELDS)
        assert FORGED not in json.dumps(line), line


def payload(of: dict[str, Any]) -> bytes:
    """Return the body of an interaction by Anna."""
    given = {"user": {"id": ANNA, "team_id": TEAM, "username": EVIL}, "team": {"id": TEAM, "domain": EVIL}, **of}
    return b"payload=" + quote(json.dumps(given)).encode()


def button(action: str, value: str) -> dict[str, Any]:
    """Return a press."""
    one = {"type": "button", "action_id": action, "block_id": EVIL, "value": value}
    return {"type": "block_actions", "actions": [one], "trigger_id": EVIL, "response_url": EVIL, "api_app_id": EVIL}


STRANGE: list[dict[str, Any]] = [
    {"type": EVIL},
    {"type": "event_callback", "event": {"type": EVIL, "text": EVIL}},
    {"type": "block_suggestion", "action_id": "court", "block_id": EVIL, "value": EVIL},
    {"type": "block_suggestion", "action_id": EVIL, "block_id": EVIL, "value": EVIL},
    {"type": "view_submission", "view": {"callback_id": EVIL, "private_metadata": EVIL, "state": {"values": {}}}},
    {"type": "view_submission", "view": {"callback_id": "link_form", "private_metadata": EVIL, "state": EVIL}},
    {"type": "view_submission", "view": {"callback_id": "passcode_form", "private_metadata": EVIL + ":1"}},
    {"type": "view_closed", "view": {"callback_id": EVIL}},
    {"type": "shortcut", "callback_id": EVIL},
    *(button(action, EVIL) for action in ("cancel_attempt", "confirm_link", "enter_passcode", "open_form", EVIL)),
    {**button("open_form", "any"), "channel": {"id": EVIL}, "user": {"id": EVIL}, "team": {"id": EVIL}},
]


@pytest.mark.parametrize("at", range(len(STRANGE)))
async def test_no_payload_writes_into_the_log(log: io.StringIO, tmp_path: Path, at: int) -> None:
    async with bot() as slack:
        reply = await slack.wire.post(payload(STRANGE[at]))
        assert reply.status < 500
    clean(log)
    assert lines(log)[0]["event"]


@pytest.mark.parametrize("text", [EVIL, f"status {EVIL}", f"watch {EVIL}", f"cancel {EVIL}", f"gasb {EVIL}"])
async def test_no_command_writes_into_the_log(log: io.StringIO, text: str) -> None:
    async with bot() as slack:
        given = {"command": "/link-ecf", "text": text, "team_id": TEAM, "user_id": ANNA, "user_name": EVIL}
        more = {"trigger_id": EVIL, "response_url": EVIL, "channel_name": EVIL, "team_domain": EVIL}
        reply = await slack.wire.post(urlencode(given | more).encode())
        assert reply.status == 200
        unknown = await slack.wire.post(urlencode(given | {"command": f"/{EVIL}"}).encode())
        assert unknown.status == 404
    clean(log)


async def test_no_field_of_the_form_writes_into_the_log(log: io.StringIO) -> None:
    """A whole attempt, whose every field and whose failure hold what would forge a line."""
    typed = {
        "pacer_username": f"anna.smith {EVIL}",
        "pacer_password": EVIL,
        "client_code": EVIL,
        "cmecf_login": f"asmith {EVIL}",
        "cmecf_password": EVIL,
    }
    async with bot() as slack:
        await slack.command(ANNA, "/link-ecf", "gasb")
        view: PretendView = await slack.wait_for(lambda: slack.open_view(ANNA))
        reply = await slack.submit(view, typed, ("individual_account", "redaction_acknowledged"))
        assert reply.status == 200
        if reply.body.get("response_action") == "errors":  # a login with a line break is refused beside its field
            plain = typed | {"pacer_username": "anna.smith", "cmecf_login": "asmith"}
            reply = await slack.submit(view, plain, ("individual_account", "redaction_acknowledged"))
        assert reply.body == {"response_action": "clear"}, reply.text
        await slack.wait_for(lambda: [one for one in slack.direct(ANNA) if "Enter the passcode" in one.buttons])
        [asked] = [one for one in slack.direct(ANNA) if "Enter the passcode" in one.buttons]
        await slack.press(asked, "Enter the passcode")
        small = await slack.wait_for(lambda: v if (v := slack.open_view(ANNA)) is not view else None)
        await slack.submit(small, {"passcode": "424242"})
        await slack.wait_for(lambda: "walk_failed" in log.getvalue())
    clean(log)
    told = [line for line in lines(log) if line["event"] in {"attempt_started", "attempt_ended", "walk_failed"}]
    assert len(told) == 3
    assert len({line["incident"] for line in told}) == 1, "one incident id from the first line to the last"
    assert next(line["error"] for line in told if line["event"] == "walk_failed") == "ValueError"


def test_a_line_of_the_chats_has_its_incident_and_its_fault_in_fields(log: io.StringIO) -> None:
    chat = logging.getLogger("handlers.slack.trouble")
    chat.error("incident %s: a Slack request failed: %s", "abc", "KeyError at link.py:7")
    chat.warning("could not answer in the channel: %s", "TimeoutError")
    chat.warning("Slack refused an answer to a command: status %d", 500)
    chat.info("plain")
    logging.getLogger("some.library").warning("incident %s: %s", "x", "y")
    wanted = [
        {"incident": "abc", "event": "a Slack request failed", "error": "KeyError at link.py:7"},
        {"event": "could not answer in the channel", "error": "TimeoutError"},
        {"event": "Slack refused an answer to a command: status 500"},
        {"event": "plain"},
        {"event": "incident x: y"},
    ]
    shown = [{name: line[name] for name in line if name in {"incident", "event", "error"}} for line in lines(log)]
    assert shown == wanted


def test_a_library_cannot_forge_a_line_either(log: io.StringIO) -> None:
    logging.getLogger("some.library").warning("text %s", EVIL)
    structlog.get_logger("bot.x").info("event", code=EVIL, setting=EVIL, **{EVIL: EVIL})
    assert len(lines(log)) == 2
    assert "\x1b" not in log.getvalue()
