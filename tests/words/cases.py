"""Events, people and moments for the tests of notices: every step, kind and status, near and far from the court."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.courts.court import Court, CourtId
from bot.courts.directory import Directory
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.delivery.letter import Told
from bot.reminders.event import BlackOut, CourtEvent, EventId, Kind, Occasion, Status
from bot.reminders.hearer import Hours
from bot.reminders.notice import Notice, NoticeId, PlannedNotice, Step

COURTS = Directory.shipped()
ANNA = Person(Platform.SLACK, WorkspaceId("T0PRETEND"), PersonId("U0ANNA"))
NEW_YORK = ZoneInfo("America/New_York")

BEFORE = {
    Step.T_60: 60,
    Step.T_30: 30,
    Step.ACCOUNTS: 21,
    Step.T_14: 14,
    Step.T_7: 7,
    Step.LAST_DAYS: 4,
    Step.OPENING: 0,
    Step.T_PLUS_1: -1,
    Step.T_PLUS_7: -7,
    Step.AGAIN: 10,
    Step.CORRECTION: 20,
}
"""How many days before the event each step is told here."""


def court(name: str = "almb") -> Court:
    """Return a court of the shipped list."""
    found = COURTS.by_id(name)
    assert found is not None
    return found


def window(start: str, end: str) -> BlackOut:
    """Return a black-out by the court's wall clock."""
    return BlackOut(datetime.fromisoformat(start), datetime.fromisoformat(end))


def dated(name: str = "almb", kind: Kind = Kind.NEXTGEN_GO_LIVE, status: Status = Status.ANNOUNCED) -> CourtEvent:
    """Return an event on Monday, March 29, 2021, 8:30, with everything that an admin can say of it."""
    where = court(name)
    live = datetime(2021, 3, 29, 8, 30, tzinfo=where.zone).astimezone(UTC) if status is Status.LIVE else None
    return CourtEvent(
        EventId(f"{name}-{kind}"),
        where.id,
        where.zone,
        kind,
        status,
        date(2021, 3, 29),
        time(8, 30),
        blackout=window("2021-03-26T12:00", "2021-03-29T08:30"),
        source="https://www.example.uscourts.gov/nextgen",
        note="Ask the docketing desk.",
        order_number="General Order 2021-26",
        emergency_channel="emergency@example.uscourts.gov",
        emergency_until="Sunday 11:59 p.m.",
        verified_at=datetime(2021, 1, 22, 15, tzinfo=UTC),
        live_since=live,
    )


def told(
    event: CourtEvent,
    step: Step = Step.T_14,
    *,
    heard: str | None = None,
    zone: ZoneInfo = NEW_YORK,
    number: int = 1,
) -> Told:
    """Return a notice of this event to Anna; `heard` is the date that she was told before."""
    planned = PlannedNotice(
        event.id,
        event.version,
        event.occasion or Occasion("v1"),
        ANNA,
        step,
        datetime(2021, 3, 1, tzinfo=UTC),
        Occasion(heard) if heard else None,
        event.occasion if event.reminds else None,
    )
    return Told(Notice(NoticeId(f"n{number}"), CourtId(event.court), planned), event, Hours(zone))


def moment(event: CourtEvent, step: Step) -> datetime:
    """Return a moment at which this step is told."""
    assert event.opens_at is not None
    return event.opens_at - timedelta(days=BEFORE[step]) + timedelta(minutes=5)


def every(name: str = "almb") -> Iterator[tuple[Told, datetime]]:
    """Yield a notice for each step, kind and status, with its moment; with and without hour, window and heard date."""
    for kind in Kind:
        for status in Status:
            for step in Step:
                event = dated(name, kind, status)
                yield told(event, step, heard="2021-02-01T09:00"), moment(event, step)
                bare = replace(event, time=None, blackout=None, source="", note="", order_number="")
                bare = replace(bare, emergency_channel="", emergency_until="", verified_at=None, live_since=None)
                yield told(bare, step), moment(bare, step)
