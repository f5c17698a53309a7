"""When a person may be told something: the working hours of a life in one zone, with its week and its vacation.

Nothing here raises: hours that make no sense are read as the nearest that do, because a notice that is told at an odd
hour is better than one that is never told. No days of the week at all means Monday to Friday; hours that end before
they begin end at midnight.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from bot.reminders.hearer import WORKDAYS, Hours
from bot.reminders.moments import instant

_DAY = timedelta(days=1)
_EARLIEST = date(1900, 1, 1)
_LATEST = date(9000, 1, 1)
"""A vacation typed with a year beyond these must not run off the calendar."""


def is_working(hours: Hours, at: datetime) -> bool:
    """Say whether `at` (aware) is within the person's hours; their end is no longer within."""
    stretch = _stretch(hours, at.astimezone(hours.zone).date())
    return stretch is not None and stretch[0] <= at < stretch[1]


def next_working(hours: Hours, at: datetime) -> datetime:
    """Return the first moment (aware, UTC) within the person's hours that is not before `at` (aware)."""
    day = at.astimezone(hours.zone).date()
    while True:
        stretch = _stretch(hours, day)
        if stretch is not None and at < stretch[1]:
            return max(at.astimezone(UTC), stretch[0])
        day = _after_vacation(hours, day)


def next_morning(hours: Hours, at: datetime) -> datetime:
    """Return when the person's first working day that begins at or after `at` (aware) begins (aware, UTC).

    It is where the notices of a day meet in one message.
    """
    day = at.astimezone(hours.zone).date()
    while True:
        stretch = _stretch(hours, day)
        if stretch is not None and at <= stretch[0]:
            return stretch[0]
        day = _after_vacation(hours, day)


def last_working_before(hours: Hours, at: datetime) -> datetime:
    """Return when the person's last working day that begins before `at` (aware) begins (aware, UTC).

    The beginning, not the last minute: what is told early must find the person at work, and the rest of their day free.
    """
    day = at.astimezone(hours.zone).date()
    while True:
        stretch = _stretch(hours, day)
        if stretch is not None and stretch[0] < at:
            return stretch[0]
        day = _before_vacation(hours, day)


def _stretch(hours: Hours, day: date) -> tuple[datetime, datetime] | None:
    """The working hours of a day of the person's calendar (aware, UTC), None where they do not work."""
    if day.weekday() not in (hours.days or WORKDAYS) or _away(hours, day):
        return None
    begins = instant(day, hours.begins, hours.zone)
    if hours.begins < hours.ends:
        ends = instant(day, hours.ends, hours.zone)
    else:
        ends = instant(day + _DAY, time(), hours.zone)
    # A change of clocks may swallow the whole of very short hours, or a whole day of the calendar.
    return (begins, ends) if begins < ends else None


def _away(hours: Hours, day: date) -> bool:
    vacation = _vacation(hours)
    return vacation is not None and vacation[0] <= day <= vacation[1]


def _vacation(hours: Hours) -> tuple[date, date] | None:
    """The vacation, within the years that a calendar can be counted on in."""
    if hours.vacation is None:
        return None
    first, last = hours.vacation
    return max(first, _EARLIEST), min(last, _LATEST)


def _after_vacation(hours: Hours, day: date) -> date:
    """The next day to look at: a vacation is passed in one stride, however long it is."""
    vacation = _vacation(hours)
    if vacation is not None and vacation[0] <= day <= vacation[1]:
        return vacation[1] + _DAY
    return day + _DAY


def _before_vacation(hours: Hours, day: date) -> date:
    vacation = _vacation(hours)
    if vacation is not None and vacation[0] <= day <= vacation[1]:
        return vacation[0] - _DAY
    return day - _DAY
