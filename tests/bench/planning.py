"""How fast the plan is: every person of a firm against every court's event, in the middle of their ladders.

A row is one person and one event, whatever comes of it: done, told already, or notices of the next 48 hours.
"""

from __future__ import annotations

import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.courts.court import CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.event import CourtEvent, EventId, Kind, Occasion, Status
from bot.reminders.hearer import Hearer, Hours
from bot.reminders.notice import Heard, Step
from bot.reminders.plan import Planning

AHEAD = timedelta(hours=48)
NOW = datetime(2026, 9, 10, 15, 0, tzinfo=UTC)
ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles")
BEGINS = (time(8), time(8, 30), time(9))
SLICE = 500


def measure(people: int, courts: int) -> float:
    """Return how many rows a second are planned for so many people, each of whom files in every one of the courts."""
    events = [_event(number) for number in range(courts)]
    crowds = [list(_people(people, event, number)) for number, event in enumerate(events[:8])]
    told = 0
    begun = clock.perf_counter()
    for number, event in enumerate(events):
        crowd = crowds[number % len(crowds)]
        planning = Planning(event, NOW, AHEAD)
        for first in range(0, len(crowd), SLICE):
            told += sum(1 for _ in planning.notices(crowd[first : first + SLICE]))
    seconds = clock.perf_counter() - begun
    if not told:
        raise AssertionError("nothing was planned, so nothing was measured")
    return people * courts / seconds


def _event(number: int) -> CourtEvent:
    # All dates of a crowd's courts are the same, so that what they heard is of the date that stands.
    day = date(2026, 9, 14) + timedelta(days=7 * (number % 8))
    zone = ZoneInfo(ZONES[number % len(ZONES)])
    event_id = EventId(f"e{number}")
    return CourtEvent(event_id, CourtId(f"c{number}"), zone, Kind.NEXTGEN_GO_LIVE, Status.ANNOUNCED, day)


def _people(count: int, event: CourtEvent, number: int) -> Iterator[Hearer]:
    """A third linked already, a third told before, a third told nothing yet."""
    assert event.occasion is not None
    for person in range(count):
        hours = Hours(ZoneInfo(ZONES[(person + number) % len(ZONES)]), BEGINS[person % len(BEGINS)])
        heard = (_heard(event.occasion, event.id, Step.T_60, 60), _heard(event.occasion, event.id, Step.T_30, 30))
        who = Person(Platform.SLACK, WorkspaceId("T1"), PersonId(f"U{person}"))
        yield Hearer(who, hours, done=person % 3 == 0, heard=heard if person % 3 == 1 else ())


def _heard(occasion: Occasion, event: EventId, step: Step, days: int) -> Heard:
    return Heard(event, occasion, step, 1, NOW - timedelta(days=days))


if __name__ == "__main__":
    print(f"{measure(10_000, 200):,.0f} rows a second")
