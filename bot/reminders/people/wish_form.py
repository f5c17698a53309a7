"""What a person asks of reminders, as values: the form "Your courts", what can be wrong with it, when to tell again.

Nothing here asks the store or the time. Days are YYYY-MM-DD and hours HH:MM by the person's own wall clock; days of the
week are counted from 0, Monday. Its words are in bot/words/watch_form.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.courts.court import Court, CourtId
from bot.reminders.hearer import Hours

_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")
_DAYS = frozenset("0123456")
MOST_COURTS = 100
"""How many courts one form can show and choose (slack.md section 1.6)."""


class WatchField(StrEnum):
    """The fields of the form."""

    COURTS = "courts"
    BEGINS = "begins"
    ENDS = "ends"
    DAYS = "days"
    ZONE = "zone"
    VACATION_FROM = "vacation_from"
    VACATION_UNTIL = "vacation_until"
    MUTED = "muted"


class WatchFlaw(StrEnum):
    """What is wrong with one field; each has a sentence."""

    UNKNOWN_COURT = "unknown_court"
    MISSING = "missing"
    SHAPE = "shape"
    ENDS_FIRST = "ends_first"
    """The hours do not end after they begin."""
    NO_DAY = "no_day"
    UNKNOWN_ZONE = "unknown_zone"
    HALF = "half"
    """A vacation with one end only."""
    BACKWARDS = "backwards"
    OVER = "over"
    """A vacation that has ended already: a slip of the year, most often."""
    NOT_SAVED = "not_saved"
    """The bot's records cannot be written now."""


@dataclass(frozen=True, slots=True)
class WatchProblem:
    """One field that has to be put right before anything is changed."""

    field: WatchField
    flaw: WatchFlaw


@dataclass(frozen=True, slots=True)
class WatchForm:
    """The form as it was sent, before any check.

    `shown` and `shown_muted` are what the form had chosen when it was opened: a court that was added elsewhere
    meanwhile, or that the form had no room for, is not in them, and stays as it is.
    """

    courts: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""
    days: tuple[str, ...] = ()
    zone: str = ""
    vacation_from: str = ""
    vacation_until: str = ""
    muted: tuple[str, ...] = ()
    shown_muted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """The form, read: what changes at which courts, and the person's hours from now on."""

    hours: Hours
    watch: tuple[CourtId, ...] = ()
    leave: tuple[CourtId, ...] = ()
    unmute: tuple[CourtId, ...] = ()


class Later(StrEnum):
    """When to be told again."""

    TOMORROW = "1"
    IN_3_DAYS = "3"
    IN_A_WEEK = "7"

    @property
    def days(self) -> int:
        """How many days of the calendar from today."""
        return int(self.value)


@dataclass(slots=True)
class _Reading:
    """What was found wrong so far."""

    problems: list[WatchProblem] = field(default_factory=list)

    def flaw(self, where: WatchField, what: WatchFlaw) -> None:
        self.problems.append(WatchProblem(where, what))

    def time(self, where: WatchField, text: str) -> time | None:
        try:
            return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            self.flaw(where, WatchFlaw.SHAPE if text else WatchFlaw.MISSING)
            return None

    def day(self, where: WatchField, text: str) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.flaw(where, WatchFlaw.SHAPE)
            return None


def read_wishes(
    form: WatchForm, now: datetime, find: Callable[[str], Court | None]
) -> Wishes | tuple[WatchProblem, ...]:
    """Return what the form asks for, or everything that is wrong with it. `now` is aware."""
    reading = _Reading()
    courts = _courts(reading, form.courts, find)
    hours = _hours(reading, form, now)
    if reading.problems or hours is None:
        return tuple(reading.problems)
    shown = set(form.shown)
    leave = shown - set(courts)
    return Wishes(
        hours,
        watch=tuple(one for one in courts if one not in shown),
        leave=tuple(CourtId(one) for one in sorted(leave)),
        unmute=tuple(CourtId(one) for one in sorted(set(form.shown_muted) - set(form.muted) - leave)),
    )


def zone_named(text: str) -> ZoneInfo | None:
    """Return the zone with exactly this id (America/Chicago), None where there is none here."""
    if not _ZONE.fullmatch(text):
        return None
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # not there; not a zone's file; a folder of zones
        return None


def _courts(reading: _Reading, chosen: Iterable[str], find: Callable[[str], Court | None]) -> list[CourtId]:
    found = [find(one) for one in dict.fromkeys(chosen)]
    if not all(found):
        reading.flaw(WatchField.COURTS, WatchFlaw.UNKNOWN_COURT)
    return [one.id for one in found if one is not None]


def _hours(reading: _Reading, form: WatchForm, now: datetime) -> Hours | None:
    begins, ends = reading.time(WatchField.BEGINS, form.begins), reading.time(WatchField.ENDS, form.ends)
    if begins is not None and ends is not None and ends <= begins:
        reading.flaw(WatchField.ENDS, WatchFlaw.ENDS_FIRST)
    days = frozenset(int(one) for one in form.days if one in _DAYS)
    if not days:
        reading.flaw(WatchField.DAYS, WatchFlaw.NO_DAY)
    zone = zone_named(form.zone)
    if zone is None:
        reading.flaw(WatchField.ZONE, WatchFlaw.UNKNOWN_ZONE if form.zone else WatchFlaw.MISSING)
    vacation = _vacation(reading, form, now.astimezone(zone or UTC).date())
    if zone is None or begins is None or ends is None:
        return None
    return Hours(zone, begins, ends, days, vacation)


def _vacation(reading: _Reading, form: WatchForm, today: date) -> tuple[date, date] | None:
    first = reading.day(WatchField.VACATION_FROM, form.vacation_from)
    last = reading.day(WatchField.VACATION_UNTIL, form.vacation_until)
    if first is None and last is None:
        return None
    if first is None or last is None:
        if not (form.vacation_from and form.vacation_until):  # what cannot be read is told already
            reading.flaw(WatchField.VACATION_UNTIL if first else WatchField.VACATION_FROM, WatchFlaw.HALF)
        return None
    if last < first:
        reading.flaw(WatchField.VACATION_UNTIL, WatchFlaw.BACKWARDS)
    elif last < today:
        reading.flaw(WatchField.VACATION_UNTIL, WatchFlaw.OVER)
    return first, last
