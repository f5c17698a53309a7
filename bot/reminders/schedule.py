"""When each step of an event is told to somebody with certain hours who has heard nothing yet.

The same for everybody with the same hours, so it is worked out once for all of them (Planning keeps it).

A step falls due when the person's working day begins, where that is still within its window, so that the notices of
several courts meet in one message; else at the first working moment within it. A due moment that has gone by stays what
it was, which means "send it now", as long as now is within the person's hours; else it is their next working moment.
Hence a notice that waits to be sent is never pushed forward by planning again.

Two steps are not dropped because of somebody's hours:

- the last days are told early, on the last working day before them and no earlier than T-14, to somebody away for all
  of them; and out of hours in their last 24 hours, where that is allowed and no working moment is left;
- the opening is told at the first working moment after it, however long that takes within the event's fortnight. It
  then stands for the T+1 and T+7 that the person was away for. Where it is allowed, it is told at once at any hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.reminders.event import CourtEvent
from bot.reminders.hearer import Hours
from bot.reminders.hours import is_working, last_working_before, next_morning, next_working
from bot.reminders.ladder import RANK, Rung, after_opening, earliest_last_days
from bot.reminders.notice import Step

FINAL_DAY = timedelta(hours=24)
"""The time before the black-out in which the last days may be told out of hours, where that is allowed."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A step for people of certain hours: told at `due`, and for nothing to be told where `opens` has been told of.

    All aware, in UTC. `away` is True of a T+ step whose window begins before these people hear of the opening.
    """

    rank: int
    step: Step
    opens: datetime
    due: datetime
    away: bool = False


@dataclass(frozen=True, slots=True)
class _When:
    """Somebody's hours, and now."""

    hours: Hours
    any_hour: bool
    now: datetime

    def still(self, first: datetime, closes: datetime) -> datetime | None:
        """What has become of a due moment by now: itself, the next working moment, or None after the window."""
        if first <= self.now and not is_working(self.hours, self.now):
            first = next_working(self.hours, self.now)
        return first if max(first, self.now) < closes else None


def schedule(event: CourtEvent, rungs: tuple[Rung, ...], hours: Hours, any_hour: bool, now: datetime) -> list[Telling]:
    """Return what people of these hours are still to be told by the ladder of `event`, in its order.

    `any_hour` lets the final day out of their hours; `now` is aware.
    """
    when = _When(hours, any_hour, now)
    tellings: list[Telling] = []
    heard_of_opening = None
    for rung in rungs:
        opens = rung.opens
        if rung.step is Step.OPENING:
            due = _opening(event, rung, when)
            heard_of_opening = None if any_hour else next_working(hours, opens)
        elif rung.step is Step.LAST_DAYS:
            due = _last_days(event, rung, when)
            opens = opens if due is None else min(opens, due)
        else:
            due = _ordinary(rung, when)
        if due is not None:
            away = heard_of_opening is not None and RANK[rung.step] > RANK[Step.OPENING] and opens <= heard_of_opening
            tellings.append(Telling(RANK[rung.step], rung.step, opens, due, away))
    return _without_overtaken(tellings, now)


def _ordinary(rung: Rung, when: _When) -> datetime | None:
    first = next_morning(when.hours, rung.opens)
    if first >= rung.closes:
        first = next_working(when.hours, rung.opens)
    return when.still(first, rung.closes)


def _last_days(event: CourtEvent, rung: Rung, when: _When) -> datetime | None:
    first = next_working(when.hours, rung.opens)
    if first >= rung.closes:
        early = last_working_before(when.hours, rung.opens)
        earliest = earliest_last_days(event)
        first = early if earliest is not None and early >= earliest else first
    due = when.still(first, rung.closes)
    if due is None and when.any_hour and when.now < rung.closes:
        return max(rung.opens, rung.closes - FINAL_DAY)
    return due


def _opening(event: CourtEvent, rung: Rung, when: _When) -> datetime | None:
    if when.any_hour:
        return rung.opens if when.now < rung.closes else None
    first = next_working(when.hours, rung.opens)
    closes = rung.closes
    if first >= closes:
        # It takes the place of the T+ steps that they are away for, and with it their time.
        closes = next((midnight for midnight in after_opening(event) if midnight > first), closes)
    return when.still(first, closes)


def _without_overtaken(tellings: list[Telling], now: datetime) -> list[Telling]:
    """Leave out what would be told together with, or after, the last days that are told early."""
    last = next((each for each in tellings if each.step is Step.LAST_DAYS), None)
    if last is None:
        return tellings
    by = max(last.due, now)
    return [each for each in tellings if each.rank >= last.rank or max(each.due, now) < by]
