"""A person who hears of a court's dates, and when: zone, working hours, vacation, what they asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.people import Person
from bot.reminders.event import EventId
from bot.reminders.notice import Heard

WORKDAYS = frozenset(range(5))
"""Monday to Friday, as date.weekday() counts."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person may be told something: wall clock in `zone`, `begins` before `ends`, on `days` of the week.

    A vacation runs from its first to its last day, both included.
    """

    zone: ZoneInfo
    begins: time = time(9)
    ends: time = time(17, 30)
    days: frozenset[int] = WORKDAYS
    vacation: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Hearer:
    """One person who files at the court of an event, as the plan sees them.

    `done` is True once they need not hear of it any more: linked, linked by their own word, or not filing there.
    `muted` is True when they asked to hear nothing of this court. `again` (aware) is when they asked to be told again,
    by event. `any_hour` lets notices of the final day out of their hours. `heard` is what they were told of this event,
    oldest first.
    """

    person: Person
    hours: Hours
    done: bool = False
    muted: bool = False
    any_hour: bool = False
    again: Mapping[EventId, datetime] = field(default_factory=dict)
    heard: tuple[Heard, ...] = ()
