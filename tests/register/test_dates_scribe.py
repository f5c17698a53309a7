"""What the audit says of dates, broadcasts, rosters and admins: names and numbers, never a text."""

from __future__ import annotations

import json
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register import State
from bot.register.dates_scribe import DatesScribe
from bot.register.event import AuditEvent, Event
from bot.register.recorder import Recorder
from bot.register.rows import entry_of
from bot.reminders.broadcasts.broadcast import BroadcastId
from bot.reminders.dates.change import What
from bot.reminders.event import CourtEvent, EventId, Kind, Status
from bot.reminders.notes import AdminChange, BroadcastMove, Notes
from bot.store import Audit, Register, Store

ADMIN = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("UADMIN"))
ANNA = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U1"))
GASB = CourtId("gasb")
EVENT = CourtEvent(
    EventId("e1"),
    GASB,
    ZoneInfo("America/New_York"),
    Kind.NEXTGEN_GO_LIVE,
    Status.CONFIRMED,
    date(2027, 3, 8),
    time(8, 30),
    note="canary note",
    source="https://canary.example",
    emergency_channel="canary@court.example",
    version=2,
    edition=3,
)


async def lines(store: Store) -> list[tuple[str, object, object]]:
    async with store.work() as work:
        rows = await Audit().since(work, 0, 100)
    entries = [json.loads(row.entry) for row in rows]
    assert "canary" not in "".join(row.entry for row in rows)
    return [(entry["event"], entry["court"], entry["facts"]) for entry in entries]


async def test_what_an_admin_does_is_one_line_each(store: Store) -> None:
    notes: Notes = DatesScribe(Recorder(SystemClock(), None))
    async with store.work() as work:
        await notes.date_changed(work, ADMIN, EVENT, What.MOVED)
        await notes.broadcast_moved(work, None, BroadcastId("b-1"), BroadcastMove.SENT_AGAIN)
        await notes.admin_changed(work, ADMIN, ANNA, AdminChange.ADDED)
        head = await notes.roster_loaded(work, ADMIN, 40, 2)
    await notes.keep(head)
    await notes.keep(None)
    moved = {"event": "e1", "what": "moved", "kind": "nextgen_go_live", "status": "confirmed", "edition": 3}
    assert await lines(store) == [
        ("date_changed", "gasb", {**moved, "day": "2027-03-08T08:30"}),
        ("broadcast_moved", "", {"broadcast": "b-1", "what": "sent_again"}),
        ("admin_changed", "", {"who": "slack/T1/U1", "what": "added"}),
        ("roster_loaded", "", {"matched": 40, "unmatched": 2}),
    ]


async def test_what_people_say_and_hear_moves_the_register_too(store: Store) -> None:
    notes = DatesScribe(Recorder(SystemClock(), None))
    stood = []
    async with store.work() as work:
        for doing in (
            notes.invited(work, ANNA, GASB),
            notes.linked_by_own_word(work, ANNA, GASB, done=True),
            notes.linked_by_own_word(work, ANNA, GASB, done=False),
            notes.need_set(work, ADMIN, ANNA, GASB, needed=False),
        ):
            await doing
            row = await Register().get(work, "slack", "T1", "U1", "gasb")
            assert row is not None
            stood.append(entry_of(row).state)
    assert stood == [State.INVITED, State.GUIDED, State.UNKNOWN, State.NOT_NEEDED]


async def test_the_switch_of_the_final_day_is_a_line(store: Store) -> None:
    notes = DatesScribe(Recorder(SystemClock(), None))
    async with store.work() as work:
        await notes.final_day_switched(work, ADMIN, True)
    assert await lines(store) == [("final_day_switched", "", {"any_hour": True})]


@pytest.mark.parametrize("name", ["Anna Smith", "a\nb", "x" * 300])
async def test_an_admin_of_a_strange_name_is_noted_by_its_hash(store: Store, name: str) -> None:
    notes = DatesScribe(Recorder(SystemClock(), None))
    async with store.work() as work:
        await notes.admin_changed(work, ADMIN, Person(Platform.TEAMS, WorkspaceId("T1"), PersonId(name)), What.SET)
    ((_, _, facts),) = await lines(store)
    assert isinstance(facts, dict)
    assert len(facts["who"]) == 64


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (Event.DATE_CHANGED, {"day": "next Monday"}),
        (Event.DATE_CHANGED, {"event": "an event"}),
        (Event.BROADCAST_MOVED, {"what": "Dear all,"}),
        (Event.ADMIN_CHANGED, {"who": "Anna Smith"}),
        (Event.ROSTER_LOADED, {"matched": "anna@firm.example"}),
    ],
)
def test_a_text_makes_no_line(event: Event, facts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no such fact"):
        AuditEvent(event, ADMIN, facts=facts)
