"""Wall clock and zone made into one instant, over the hours that a change of clocks skips or repeats."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant (aware, UTC) of a wall clock in `zone` (reliability.md section 2.4).

    A time that the change of clocks skips is the first instant after the gap; one that it repeats is the first of both.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    first = wall.replace(tzinfo=zone)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return first.astimezone(UTC)
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks jump over `wall`: where the offset of before gives way to that of after."""
    # In a gap fold=0 takes the offset of before it, fold=1 that of after it (PEP 495): the jump lies between the two.
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)
