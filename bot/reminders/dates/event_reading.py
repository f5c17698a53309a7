"""Reads the form of a court's date: pure, everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.courts.court import Court
from bot.reminders.dates.event_form import LONGEST, DateField, DateFlaw, DateProblem, EventForm, EventParts
from bot.reminders.dates.typed import OtherZone, read_day, read_moment, read_time
from bot.reminders.event import OPENING_TIME, BlackOut, Kind, Status

Choice = TypeVar("Choice", bound=StrEnum)

LONGEST_BLACKOUT = timedelta(days=31)
"""A longer black-out, or one that begins longer before the date, is a slip: the longest known is 108 hours."""

FIRST_DAY, LAST_DAY = date(1996, 1, 1), date(2099, 12, 31)
"""A day outside of these is a slip: the first CM/ECF court began in 1996."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_WEB = re.compile(r"https?://[^\s/?#@<>|]+([/?#][^\s<>|]*)?")


def read_form(form: EventForm, court: Court | None) -> EventParts | tuple[DateProblem, ...]:
    """Return what `form` says, or everything that is wrong with it, in the order of its fields.

    `court` is the one that its court names, None when it names none. Whether the event may go from one status to
    another is the calendar's to say, not this reading's.
    """
    reading = _Reading(form, court.zone if court is not None else None)
    if court is None:
        reading.tell(DateField.COURT, DateFlaw.UNKNOWN if form.court.strip() else DateFlaw.MISSING)
    parts = reading.parts()
    if reading.problems or parts is None:
        order = list(DateField)
        return tuple(sorted(reading.problems, key=lambda problem: order.index(problem.field)))
    return parts


class _Reading:
    """One reading of one form; `problems` grows as it goes."""

    def __init__(self, form: EventForm, zone: ZoneInfo | None) -> None:
        self._form = form
        self._zone = zone
        self.problems: list[DateProblem] = []

    def tell(self, field: DateField, flaw: DateFlaw) -> None:
        """Take down one problem."""
        self.problems.append(DateProblem(field, flaw))

    def parts(self) -> EventParts | None:
        """Read the whole form; None when no event can be made of it, for the reasons in `problems`."""
        kind, status = self._choice(DateField.KIND, Kind), self._choice(DateField.STATUS, Status)
        words = {field: self._words(field, longest) for field, longest in LONGEST.items()}
        day, at = self._day(), self._time()
        self._sound(day, at, words, status)
        blackout = self._blackout(day, at)
        if kind is None or status is None:
            return None
        return EventParts(
            kind=kind,
            status=status,
            day=day,
            time=at,
            coarse=words[DateField.COARSE],
            blackout=blackout,
            source=words[DateField.SOURCE],
            note=words[DateField.NOTE],
            order_number=words[DateField.ORDER_NUMBER],
            emergency_channel=words[DateField.EMERGENCY_CHANNEL],
            emergency_until=words[DateField.EMERGENCY_UNTIL],
        )

    def _said(self, field: DateField) -> str:
        said: str = getattr(self._form, field.value)
        return said.strip()

    def _choice(self, field: DateField, choices: type[Choice]) -> Choice | None:
        said = self._said(field).lower()
        if said in set(choices):
            return choices(said)
        self.tell(field, DateFlaw.UNKNOWN if said else DateFlaw.MISSING)
        return None

    def _words(self, field: DateField, longest: int) -> str:
        text = self._said(field).replace("\r\n", "\n")
        plain = text.replace("\n", "") if field is DateField.NOTE else text
        if len(text) > longest:
            self.tell(field, DateFlaw.TOO_LONG)
        elif not plain.isprintable():
            self.tell(field, DateFlaw.CHARACTERS)
        elif field is DateField.SOURCE and _ADDRESS.match(text) and not _WEB.fullmatch(text):
            self.tell(field, DateFlaw.ADDRESS)
        return text

    def _day(self) -> date | None:
        said = self._said(DateField.DAY)
        day = read_day(said)
        if said and day is None:
            self.tell(DateField.DAY, DateFlaw.SHAPE)
        elif day is not None and not FIRST_DAY <= day <= LAST_DAY:
            self.tell(DateField.DAY, DateFlaw.FAR)
        return day

    def _time(self) -> time | None:
        said = self._said(DateField.TIME)
        try:
            at = read_time(said, self._zone, read_day(self._said(DateField.DAY)))
        except OtherZone:
            self.tell(DateField.TIME, DateFlaw.ZONE)
            return None
        if said and at is None:
            self.tell(DateField.TIME, DateFlaw.SHAPE)
        return at

    def _sound(self, day: date | None, at: time | None, words: Mapping[DateField, str], status: Status | None) -> None:
        """A day or coarse words, not both, not neither; an hour, and what is confirmed or live, needs a day."""
        has_day = bool(self._said(DateField.DAY))
        if has_day and words[DateField.COARSE]:
            self.tell(DateField.COARSE, DateFlaw.BOTH)
        if not has_day and not words[DateField.COARSE]:
            self.tell(DateField.DAY, DateFlaw.MISSING)
        if not has_day and at is not None:
            self.tell(DateField.TIME, DateFlaw.NEEDS_DAY)
        if not has_day and status in {Status.CONFIRMED, Status.LIVE}:
            self.tell(DateField.STATUS, DateFlaw.NEEDS_DAY)

    def _blackout(self, day: date | None, at: time | None) -> BlackOut | None:
        start, end = self._moment(DateField.BLACKOUT_START), self._moment(DateField.BLACKOUT_END)
        if start is None or end is None:
            return None
        if day is None:
            if not self._said(DateField.DAY):
                self.tell(DateField.BLACKOUT_START, DateFlaw.NEEDS_DAY)
            return None
        opening = datetime.combine(day, at or OPENING_TIME)
        if end <= start:
            self.tell(DateField.BLACKOUT_END, DateFlaw.NOT_AFTER)
        elif end - start > LONGEST_BLACKOUT:
            self.tell(DateField.BLACKOUT_END, DateFlaw.FAR)
        if start > opening:
            self.tell(DateField.BLACKOUT_START, DateFlaw.AFTER_EVENT)
        elif opening - start > LONGEST_BLACKOUT:
            self.tell(DateField.BLACKOUT_START, DateFlaw.FAR)
        return BlackOut(start, end)

    def _moment(self, field: DateField) -> datetime | None:
        said = self._said(field)
        try:
            moment = read_moment(said, self._zone)
        except OtherZone:
            self.tell(field, DateFlaw.ZONE)
            return None
        if said and moment is None:
            self.tell(field, DateFlaw.SHAPE)
        other = DateField.BLACKOUT_END if field is DateField.BLACKOUT_START else DateField.BLACKOUT_START
        if not said and self._said(other):
            self.tell(field, DateFlaw.MISSING)
        return moment
