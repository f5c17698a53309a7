"""Nobody answers, cancels, sees, snoozes, mutes or administers another's: every listener, with forged payloads.

The whole application over a real database. What the listeners listen to is read off the Bolt app itself, so that a new
button is tried from its first day. Each is pressed, sent or asked by people who have no right to it, with every id that
exists here; then the database and the chat must be as before.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from slack_bolt.app.async_app import AsyncApp
from sqlalchemy import select

from bot.app import Application
from bot.attempts.attempt import AttemptView
from bot.attempts.form import LinkForm
from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.linker.values import Comparison, ConfirmAnswer, ConfirmQuestion, PasscodeQuestion, Result
from bot.parts import Parts, kept_parts
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.broadcasts.form import BroadcastForm
from bot.reminders.dates.event_form import EventForm
from bot.reminders.event import CourtEvent
from bot.reminding import Tempo
from bot.sandbox.slack import SIGNING_SECRET, TEAM, PretendSlack
from bot.secret import Login, Secret
from bot.service import Started
from bot.settings import read_settings
from bot.store.columns import metadata
from handlers.slack import build_app, register, register_admins, slack_session
from tests.attempts.stage import FakeLinker, Walk
from tests.sqlite import made

ANNA, AVERY, MALLORY = "U0ANNA", "U0AVERY", "U0MALLORY"
OTHER_TEAM = "T0OTHER"
CANARY = "canary-of-anna"
ADMIN_CANARY = "canary-of-avery"
STILL = Tempo(plan=3600, dispatch=3600, rescue=3600)
"""No tick changes anything while it is looked at."""
MOVING = {"lease_until", "changed_at", "version", "chat", "next_at", "place"}
"""Columns that the bot itself moves on while an attempt waits."""
AT_ONCE = 16
LEFT_OUT = {"seen_requests", "slots", "court_queue", "court_pace", "chat_pace"}
THE_FIRMS = {"admins", "events", "event_history", "court_facts", "roster", "broadcasts", "switches", "installs"}
"""Tables in which no row is an attacker's own: whoever is in one of them by name got there by an attack."""


def person(user: str, team: str = TEAM) -> Person:
    """Return the person."""
    return Person(Platform.SLACK, WorkspaceId(team), PersonId(user))


@dataclass
class Listened:
    """What the listeners of a Bolt app listen to."""

    actions: set[str] = field(default_factory=set)
    options: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)
    commands: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)


def listened(app: AsyncApp) -> Listened:
    """Read it off the app; a listener that cannot be read fails, so that none is left out."""
    found = Listened()
    for listener in app._async_listeners:
        named = inspect.getclosurevars(listener.matchers[0].func).nonlocals  # type: ignore[attr-defined]
        [inner] = [value for value in named.values() if callable(value)]
        what, where = inspect.getclosurevars(inner).nonlocals, inner.__qualname__.split(".")[0]
        if "callback_id" in what:
            assert where == "view_submission" or where == "view", where
            found.views.add(what["callback_id"])
        elif "command" in what:
            found.commands.add(what["command"])
        else:
            assert isinstance(what["constraints"], str), what
            place = {"action": found.actions, "options": found.options, "event": found.events}[where]
            place.add(what["constraints"])
    return found


async def all_listened() -> Listened:
    """Return what the bot listens to, with everything on; its services are never asked."""
    nothing: Any = SimpleNamespace(court_by_id=None, broadcast=None)
    given = dict.fromkeys(list(inspect.signature(register).parameters)[1:], nothing)
    async with slack_session() as session:
        app = build_app("xoxb-x", SIGNING_SECRET, session, "http://127.0.0.1:9/api/")
        tasks = register(app, **given)
        register_admins(app, nothing, nothing, nothing, nothing, SystemClock(), tasks)
        return listened(app)


async def confirms(walk: Walk) -> Result:
    """Show both accounts and wait."""
    answer = await walk.question(ConfirmQuestion(f"{CANARY} Smith", CANARY, Comparison.AGREE))
    assert isinstance(answer, ConfirmAnswer)
    return walk.end()


async def asks(walk: Walk) -> Result:
    """Ask for a passcode and wait."""
    await walk.question(PasscodeQuestion())
    return walk.end()


@dataclass
class Firm:
    """Anna, whose attempt waits and who watches a court; Avery, who keeps a date, a broadcast and a roster."""

    slack: PretendSlack
    parts: Parts
    attempt: AttemptView
    event: CourtEvent
    broadcast: str

    @property
    def ids(self) -> list[str]:
        """Every value that a button or a form of theirs names things by."""
        attempt, event, form = self.attempt.id, self.event.id, "0123456789ab"
        steps = [f"{form}|{event}|{self.event.edition}|{step}" for step in ("", "golive_confirm", "golive_withdraw")]
        mine = [attempt, f"{attempt}:1", "gasb", event, *steps, self.broadcast, f"{self.broadcast}:0"]
        return [*mine, f"{form}|{self.broadcast}", AVERY, ANNA, "off", ""]

    async def rows(self) -> dict[str, list[str]]:
        """Return every row of the database that is not the attackers' own; in the firm's tables none of them is."""
        kept = self.parts.kept
        assert kept is not None
        found = {}
        async with kept.store.work() as work:
            for table in metadata.sorted_tables:
                if table.name not in LEFT_OUT:
                    columns = [column for column in table.columns if column.name not in MOVING]
                    lines = [repr(tuple(row)) for row in await work.execute(select(*columns))]
                    own = () if table.name in THE_FIRMS else (MALLORY, OTHER_TEAM)
                    found[table.name] = sorted(one for one in lines if not any(name in one for name in own))
        return found

    async def settled(self) -> None:
        """Wait until every task that a press or a form began has ended."""
        while any(_of_a_listener(task) for task in asyncio.all_tasks()):  # noqa: ASYNC110 - they are waited for
            await asyncio.sleep(0.01)

    async def send_all(self, payloads: list[dict[str, Any]]) -> list[str]:
        """Send them, some at once, and wait for what they began; return the words of the answers."""
        answers: list[str] = []
        for start in range(0, len(payloads), AT_ONCE):
            answers += await asyncio.gather(*(self.send(one) for one in payloads[start : start + AT_ONCE]))
        await self.settled()
        return answers

    async def send(self, payload: dict[str, Any]) -> str:
        """Send one payload until it is taken; return the words of the answer.

        With a busy database the edge takes no form and says so (503): whoever sent it presses once more.
        """
        for press in range(20):
            sent = {**payload, "api_app_id": f"A{press}"}
            reply = await self.slack.wire.post(b"payload=" + quote(json.dumps(sent)).encode())
            if reply.status != 503:
                break
        assert reply.status < 500, payload
        return reply.text


def _of_a_listener(task: asyncio.Task[Any]) -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and "/handlers/slack/" in code.co_filename and "messenger" not in code.co_filename


@asynccontextmanager
async def firm(folder: Path, script: Any) -> AsyncIterator[Firm]:
    """Everything in place, and everybody's own things told."""
    made(folder / "link-ecf.db")
    async with PretendSlack() as slack:
        for user in (ANNA, AVERY, MALLORY):
            slack.join(user)
        settings = read_settings(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "SLACK_API_URL": slack.api_url,
                "PORT": "0",
                "LINK_ECF_STATE_DIR": str(folder),
                "PUBLIC_URL": "https://bot.firm.example",
                "LINK_ECF_ADMINS": AVERY,
            }
        )
        clock = SystemClock()
        async with (
            kept_parts(settings, clock, linker=FakeLinker(script), tempo=STILL) as parts,
            Application(settings, clock, parts=parts, drain_seconds=0.0) as app,
        ):
            slack.events_url = f"http://127.0.0.1:{app.port}/slack/events"
            yield await _settle_in(slack, parts)


async def _settle_in(slack: PretendSlack, parts: Parts) -> Firm:
    assert parts.kept is not None
    dated = parts.kept.reminding
    assert await dated.watching.watch(person(ANNA), "gasb", on=True)
    # Dates are shown to all who watch; what only admins see of them is who did it.
    source = "https://www.gasb.uscourts.gov/notice"
    event = await dated.dates.put(person(AVERY), EventForm("gasb", day="2031-02-03", source=source, note="a note"))
    assert isinstance(event, CourtEvent), event
    draft: Any = await dated.broadcasts.draft(person(AVERY), BroadcastForm(f"{ADMIN_CANARY} says hello", court="gasb"))
    await dated.dates.load_roster(person(AVERY), f"email,office,courts\n{ADMIN_CANARY}@firm.example,Office,gasb\n")
    sent = LinkForm(
        court=CourtId("gasb"),
        pacer_username=Login("anna.smith"),
        pacer_password=Secret("pacer word"),
        client_code=Login(""),
        cmecf_login=Login("asmith"),
        cmecf_password=Secret("ecf word"),
        passcode=None,
        individual_account=True,
        redaction_acknowledged=True,
        caution_acknowledged=True,
    )
    started = await parts.service.start(person(ANNA), sent)
    assert isinstance(started, Started), started
    await slack.wait_for(
        lambda: {"Stop", "Enter the passcode"} & {b for one in slack.direct(ANNA) for b in one.buttons}
    )
    return Firm(slack, parts, started.view, event, str(draft.broadcast.id))


def state_of(value: str) -> dict[str, Any]:
    """Return values for every field that any form of ours has."""
    typed = {
        "passcode": "424242", "pacer_username": "mallory.jones", "pacer_password": "x", "cmecf_login": "mjones",
        "cmecf_password": "y", "day": "2030-01-01", "time": "09:00", "source": "https://www.gasb.uscourts.gov/x",
        "note": "taken over", "text": "taken over", "roster": f"email\n{MALLORY}@evil.example", "who": value,
    }  # fmt: skip
    found: dict[str, Any] = {}
    for name, text in typed.items():
        element = {"type": "plain_text_input", "value": text, "selected_user": text, "selected_date": text,
                   "selected_time": text}  # fmt: skip
        found[f"{name}:0123456789ab"] = {name: element}
        found[name] = {name: element}
    for name in ("individual_account", "redaction_acknowledged", "caution_acknowledged"):
        found[f"{name}:0123456789ab"] = {name: {"type": "checkboxes", "selected_options": [{"value": "yes"}]}}
    return found


def payloads(heard: Listened, who: dict[str, Any], ids: list[str]) -> list[dict[str, Any]]:
    """Return every press, form and request for options there is, by `who`, about each of `ids`."""
    made: list[dict[str, Any]] = []
    for action, value in product(sorted(heard.actions), ids):
        press = {"type": "button", "action_id": action, "block_id": value, "value": value}
        view = {"id": "V0", "hash": "h", "callback_id": "golive_date", "private_metadata": value,
                "state": {"values": state_of(value)}, "blocks": []}  # fmt: skip
        message = {"ts": "1.1", "user": "U0BOT"}
        where = {"channel": {"id": "D0ANNA"}, "message": message, "view": view, "trigger_id": "1.2.3"}
        made.append({"type": "block_actions", "actions": [press], **where, **who})
    for callback, value in product(sorted(heard.views), ids):
        view = {"id": "V0", "hash": "h", "type": "modal", "callback_id": callback, "private_metadata": value,
                "state": {"values": state_of(value)}, "blocks": []}  # fmt: skip
        made.append({"type": "view_submission", "view": view, **who})
    for option in sorted(heard.options):
        asked = {"type": "block_suggestion", "action_id": option, "block_id": option, **who}
        made += [{**asked, "value": typed} for typed in ("", "o", "Off", CANARY, ADMIN_CANARY)]
    return made


def by(user: str, team: str) -> dict[str, Any]:
    """Return how Slack names who sent a payload."""
    return {"user": {"id": user, "team_id": team}, "team": {"id": team, "domain": "x"}, "api_app_id": "A0"}


FORGERS = [
    ("another person", by(MALLORY, TEAM), confirms),
    ("the same id in another workspace", by(ANNA, OTHER_TEAM), asks),
    ("an admin's id in another workspace", by(AVERY, OTHER_TEAM), confirms),
]


@pytest.mark.parametrize(("what", "who", "script"), FORGERS, ids=[what for what, *_ in FORGERS])
async def test_nothing_of_anothers_is_changed_or_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, what: str, who: dict[str, Any], script: Any
) -> None:
    heard = await all_listened()
    assert len(heard.actions) > 30
    assert {action for action in heard.actions if "page" in action}, "the private page's buttons are among them"
    assert len(heard.views) >= 10
    async with firm(tmp_path, script) as here:
        before, seen = await here.rows(), len(here.slack.calls)
        assert any(ADMIN_CANARY in row for row in before["broadcasts"] + before["roster"])
        answers = await here.send_all(payloads(heard, who, here.ids))
        said = [json.dumps(call.args, default=str) for call in here.slack.calls[seen:]]
        for canary in (CANARY, ADMIN_CANARY, here.attempt.incident):
            assert not [one for one in answers + said if canary in one], canary
        assert await here.rows() == before
        failed = [line for line in caplog.text.splitlines() if "request failed" in line]
        assert failed == [], "whatever is sent is answered, not stumbled over"
        still = await here.parts.service.attempt(person(ANNA), here.attempt.id)
        assert still is not None
        assert still.open_question is not None
        assert not still.ended


async def test_their_own_presses_do_all_that(tmp_path: Path) -> None:
    """The same payloads, by those whose things they are: what the test above forbids does happen here."""
    heard = await all_listened()
    async with firm(tmp_path, confirms) as here:
        before, seen = await here.rows(), len(here.slack.calls)
        answers = await here.send_all(payloads(heard, by(AVERY, TEAM), here.ids))
        said = [json.dumps(call.args, default=str) for call in here.slack.calls[seen:]]
        assert [one for one in answers + said if ADMIN_CANARY in one], "an admin sees broadcasts and rosters"
        now = await here.rows()
        changed = {table for table in before if now[table] != before[table]}
        assert "broadcasts" in changed, changed
        # Anna is made an admin and removed, and Avery removes herself, at once: Avery is left with the dates, or Anna.
        assert {"admins", "events"} & changed, changed
        still = await here.parts.service.attempt(person(ANNA), here.attempt.id)
        assert still is not None
        assert not still.ended, "an admin neither answers nor cancels"
        await here.send_all(payloads(heard, by(ANNA, TEAM), here.ids))
        gone = await here.parts.service.attempt(person(ANNA), here.attempt.id)
        assert gone is not None
        assert gone.ended


async def test_an_admin_who_is_none_any_more_is_refused_at_the_next_step(tmp_path: Path) -> None:
    """Admin is asked for at each step: what was opened as one is not sent as one."""
    heard = await all_listened()
    async with firm(tmp_path, confirms) as here:
        assert here.parts.kept is not None
        dates = here.parts.kept.reminding.dates
        await dates.add_admin(person(AVERY), PersonId(MALLORY))
        await here.slack.command(MALLORY, "/ecf-golive", "set gasb")
        view = await here.slack.wait_for(lambda: here.slack.open_view(MALLORY))
        await dates.remove_admin(person(AVERY), PersonId(MALLORY))
        before = await here.rows()
        await here.slack.submit(view, {"Day": "2027-02-01"})
        await here.send_all(payloads(heard, by(MALLORY, TEAM), here.ids))
        assert await here.rows() == before
