"""A court's date as an admin types or picks it, and what can be wrong with it.

Days are YYYY-MM-DD, times HH:MM of 24 hours, moments YYYY-MM-DDTHH:MM (a blank may stand for the T): all of them the
court's own wall clock. It is read in event_reading.py; the words for what is wrong are in bot/words/date_flaws.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType

from bot.reminders.event import BlackOut, CourtEvent, Kind, Status


class DateField(StrEnum):
    """What a problem is about: a field of the form by its name there, or the event as a whole."""

    COURT = "court"
    KIND = "kind"
    STATUS = "status"
    DAY = "day"
    TIME = "time"
    COARSE = "coarse"
    BLACKOUT_START = "blackout_start"
    BLACKOUT_END = "blackout_end"
    SOURCE = "source"
    NOTE = "note"
    ORDER_NUMBER = "order_number"
    EMERGENCY_CHANNEL = "emergency_channel"
    EMERGENCY_UNTIL = "emergency_until"
    EVENT = "event"


class DateFlaw(StrEnum):
    """What is wrong with it; each has a sentence in bot/words/date_flaws.py."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    """Not one of those there are (a court, a kind, a status)."""
    SHAPE = "shape"
    """It cannot be read as a day, a time or a moment."""
    ZONE = "zone"
    """It names a zone that is not the court's."""
    FAR = "far"
    """A day, or a distance of days, that can only be a slip."""
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    """Something in it that is no text, such as a line break where one line is asked."""
    ADDRESS = "address"
    """It looks like an address of the web and is not one that may be opened."""
    BOTH = "both"
    """A day and coarse words: one of the two can be true."""
    NEEDS_DAY = "needs_day"
    """It says something of a day, and there is only a coarse date, or none."""
    NOT_AFTER = "not_after"
    """The black-out does not end after it starts."""
    AFTER_EVENT = "after_event"
    """The black-out starts after what it leads up to."""
    OWN_STEP = "own_step"
    """Live and withdrawn are said by a step of their own, never by filling in a form."""
    FIXED = "fixed"
    """Court and kind of an event never change."""
    EXISTS = "exists"
    """The court has an event of this kind already: that one is changed."""
    STALE = "stale"
    """Somebody else changed the event since it was shown."""
    GONE = "gone"
    """There is no such event."""
    SAME_ALREADY = "same_already"
    """It is confirmed, live or withdrawn already."""
    WITHDRAWN = "withdrawn"
    """It was withdrawn: only a move gives it a date again."""
    LIVE = "live"
    """The court is live: a list of dates does not move it."""
    TWICE = "twice"
    """The same court and kind in two lines of one file."""


@dataclass(frozen=True, slots=True)
class DateProblem:
    """One thing that has to be put right before a date is kept."""

    field: DateField
    flaw: DateFlaw


@dataclass(frozen=True, slots=True)
class EventForm:
    """A court's date as typed or picked, before any check; "" stands for nothing."""

    court: str
    kind: str = Kind.NEXTGEN_GO_LIVE.value
    status: str = Status.ANNOUNCED.value
    day: str = ""
    time: str = ""
    coarse: str = ""
    blackout_start: str = ""
    blackout_end: str = ""
    source: str = ""
    note: str = ""
    order_number: str = ""
    emergency_channel: str = ""
    emergency_until: str = ""


@dataclass(frozen=True, slots=True)
class EventParts:
    """What the form says, read: the part of an event that an admin gives, in the names of CourtEvent."""

    kind: Kind
    status: Status
    day: date | None
    time: time | None
    coarse: str
    blackout: BlackOut | None
    source: str
    note: str
    order_number: str
    emergency_channel: str
    emergency_until: str


LONGEST: Mapping[DateField, int] = MappingProxyType(
    {
        DateField.COARSE: 100,
        DateField.SOURCE: 500,
        DateField.NOTE: 1000,
        DateField.ORDER_NUMBER: 100,
        DateField.EMERGENCY_CHANNEL: 500,
        DateField.EMERGENCY_UNTIL: 100,
    }
)
"""Characters that each field of free words may have."""


def form_of(event: CourtEvent) -> EventForm:
    """Return the form that says what `event` now says: what an admin is shown to change."""
    gone = event.blackout
    return EventForm(
        court=event.court,
        kind=event.kind.value,
        status=event.status.value,
        day=event.day.isoformat() if event.day else "",
        time=event.time.isoformat("minutes") if event.time else "",
        coarse=event.coarse,
        blackout_start=gone.start.isoformat(timespec="minutes") if gone else "",
        blackout_end=gone.end.isoformat(timespec="minutes") if gone else "",
        source=event.source,
        note=event.note,
        order_number=event.order_number,
        emergency_channel=event.emergency_channel,
        emergency_until=event.emergency_until,
    )
