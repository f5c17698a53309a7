"""Corrections: who was told a date that no longer holds, and when they are told so.

What a person knows is the date that the newest notice they heard named, and the black-out that stood by then. A
correction is due while that differs from the event as it stands, so it comes out of what was heard, not out of a move:
whatever crashes in between, and however often a date moves or returns, exactly those who heard something else are
corrected.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.reminders.event import BlackOut, CourtEvent, Occasion
from bot.reminders.hearer import Hearer
from bot.reminders.hours import is_working, next_working
from bot.reminders.ladder import OVER, ends_at
from bot.reminders.moments import instant
from bot.reminders.notice import Heard, PlannedNotice, Step

AT_HAND = timedelta(hours=48)
"""How near the opening or the black-out is, before now or after, when a correction no longer waits for hours."""


def standing(event: CourtEvent) -> Occasion | None:
    """Return the date that people are to believe, None where none stands: withdrawn, or coarse by now."""
    return event.occasion if event.reminds else None


def correction(event: CourtEvent, stands: Occasion | None, hearer: Hearer, now: datetime) -> PlannedNotice | None:
    """Return the correction that the person is owed at `now` (aware), None where what they last heard still holds.

    `stands` is what `standing` says of the event. None as well once the date they believe in and the one that stands
    are both over (OVER days past): nobody acts on them any more. It waits for the person's hours, unless what it is
    about is at hand: then it is due at once, also for those who want nothing out of hours, since a court that takes
    its date back on the Saturday of its black-out does so to people at work on that date (courts.md section 5, arwb).
    """
    if not hearer.heard:
        return None
    newest = _newest(hearer.heard)
    known, closing = newest.date_told, event.closing_at(newest.version)
    if known == stands and (closing == event.blackout or _is_past(event, closing, now)):
        return None
    if _is_over(event, known, now):
        return None
    due = now
    if not is_working(hearer.hours, now):
        later = next_working(hearer.hours, now)
        due = now if _cannot_wait(event, known, closing, now, later) else later
    version = Occasion(f"v{event.version}")
    return PlannedNotice(event.id, event.version, version, hearer.person, Step.CORRECTION, due, known, stands)


def _newest(heard: tuple[Heard, ...]) -> Heard:
    return max(heard, key=lambda each: (each.at, each.version))


def _is_over(event: CourtEvent, known: Occasion | None, now: datetime) -> bool:
    """Whether nobody acts any more on the date that was told, nor on the one that stands."""
    ends = [_moment(event, known, days=OVER)] if known is not None else []
    if event.reminds and (end := ends_at(event)) is not None:
        ends.append(end)
    return all(end <= now for end in ends)


def _is_past(event: CourtEvent, closing: BlackOut | None, now: datetime) -> bool:
    """Whether nothing is to be done any more about a black-out that was told: it, and the one that stands, are over."""
    away = (each.end for each in (closing, event.blackout) if each is not None)
    return event.opens_at is None or all(instant(end.date(), end.time(), event.zone) <= now for end in away)


def _cannot_wait(
    event: CourtEvent, known: Occasion | None, closing: BlackOut | None, now: datetime, later: datetime
) -> bool:
    """Whether it is so near, or would be past by the person's next working moment, that hours do not count.

    "It" is what happens by the date that was told or by the one that stands. A withdrawn event keeps its black-out: the
    system that went away for it is the one that comes back unchanged.
    """
    moments = [event.opens_at, event.blackout_starts_at]
    if known is not None:
        moments.append(_moment(event, known))
    if closing is not None:
        moments.append(instant(closing.start.date(), closing.start.time(), event.zone))
    return any(abs(at - now) <= AT_HAND or now <= at <= later for at in moments if at is not None)


def _moment(event: CourtEvent, occasion: Occasion, *, days: int = 0) -> datetime:
    """When an occasion is (aware, UTC), or the court's midnight so many days after it."""
    wall = datetime.fromisoformat(occasion)
    if not days:
        return instant(wall.date(), wall.time(), event.zone)
    return instant(wall.date() + timedelta(days=days), time(), event.zone)
