"""One change of a court's date, as its history keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.people import Person
from bot.reminders.event import CourtEvent


class What(StrEnum):
    """What was done to an event: stable, because history and audit are filtered by it."""

    SET = "set"
    MOVED = "moved"
    CONFIRMED = "confirmed"
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    EDITED = "edited"
    """Anything but its day and its time; its status where no step of its own says so."""


@dataclass(frozen=True, slots=True)
class Change:
    """What `by` did at `at` (aware, UTC), and the event as it stood then; `event.edition` counts from 1."""

    event: CourtEvent
    what: What
    by: Person
    at: datetime
