"""The ladder of one event: which steps its kind has, and the window in which each of them is worth telling.

A window runs from the moment a step is due by the court's calendar (`opens`) to the moment the next one takes over
(`closes`), so at any moment at most one step of an event is open. Which steps a kind has (design 7; courts.md 7):

- a NextGen go-live: all of them; only here is somebody still to link afterwards, so only here T+1 and T+7;
- the go-live of a successor: the same up to the opening;
- a release outage: T-7 and the last days before the system goes away. It asks nobody to prepare anything for weeks, and
  that the system is back is the court's to say: a notice on the planned minute would claim what nobody has seen;
- an MFA deadline: T-60 to T-7 and the last days, without the account checks at T-21, which are about linking; there is
  no opening, and the day after a deadline is too late to remind of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from bot.reminders.event import CourtEvent, Kind
from bot.reminders.moments import instant
from bot.reminders.notice import Step

_BEFORE: Mapping[Step, int] = {Step.T_60: 60, Step.T_30: 30, Step.ACCOUNTS: 21, Step.T_14: 14, Step.T_7: 7}
"""The steps that count days back from the event's day."""

_AFTER: Mapping[Step, int] = {Step.T_PLUS_1: 1, Step.T_PLUS_7: 7}
"""The steps that count days on from the day on which it opened."""

_TO_THE_OPENING = (*_BEFORE, Step.LAST_DAYS, Step.OPENING)

STEPS: Mapping[Kind, tuple[Step, ...]] = {
    Kind.NEXTGEN_GO_LIVE: (*_TO_THE_OPENING, *_AFTER),
    Kind.SUCCESSOR_GO_LIVE: _TO_THE_OPENING,
    Kind.RELEASE_OUTAGE: (Step.T_7, Step.LAST_DAYS),
    Kind.MFA_DEADLINE: (Step.T_60, Step.T_30, Step.T_14, Step.T_7, Step.LAST_DAYS),
}
"""The steps of each kind, in the order in which they are told."""

DONE: Mapping[Kind, frozenset[str]] = MappingProxyType(
    {
        Kind.NEXTGEN_GO_LIVE: frozenset({"linked", "guided", "not_needed"}),
        **dict.fromkeys((Kind.RELEASE_OUTAGE, Kind.SUCCESSOR_GO_LIVE, Kind.MFA_DEADLINE), frozenset({"not_needed"})),
    }
)
"""The states of the register (bot/register/entry.py) in which a person need not hear of an event: by its kind."""

RANK: Mapping[Step, int] = {step: place for place, step in enumerate(STEPS[Kind.NEXTGEN_GO_LIVE])}
"""Where a step stands on the ladder: who was told a later one needs no earlier one."""

OVER = 14
"""How many days after its opening an event is over for everybody: a week after T+7."""

_LAST_DAYS = 3
_A_WEEK = 7
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of an event with its window: `opens` (aware, UTC) is the first moment, `closes` no longer within."""

    step: Step
    opens: datetime
    closes: datetime


def ladder(event: CourtEvent) -> tuple[Rung, ...]:
    """Return the steps that the event has, in their order: none for a coarse or withdrawn one.

    A step whose window is empty gives way to the one after it: T-7 when the black-out begins before it, everything up
    to the opening when a court goes live ahead of its date.
    """
    dates = _dates(event)
    if dates is None or not event.reminds:
        return ()
    rungs = []
    takes_over = dates.end
    for step in reversed(STEPS[event.kind]):
        opens = dates.nominal(step)
        closes = min(takes_over, dates.too_late) if step is Step.LAST_DAYS else takes_over
        if opens < closes:
            rungs.append(Rung(step, opens, closes))
        takes_over = min(takes_over, opens)
    return tuple(reversed(rungs))


def ends_at(event: CourtEvent) -> datetime | None:
    """Return when an event is over for everybody (aware, UTC), None for a coarse one: a week after its T+7."""
    dates = _dates(event)
    return None if dates is None else dates.after(OVER)


def after_opening(event: CourtEvent) -> tuple[datetime, ...]:
    """Return the court's midnights (aware, UTC) of T+1, T+7 and the end, whether its kind has these steps or not."""
    dates = _dates(event)
    return () if dates is None else tuple(dates.after(days) for days in (*_AFTER.values(), OVER))


def earliest_last_days(event: CourtEvent) -> datetime | None:
    """Return when the last days may at the earliest be told to somebody who is away later (aware, UTC): T-14."""
    dates = _dates(event)
    return None if dates is None else dates.before(_BEFORE[Step.T_14])


@dataclass(frozen=True, slots=True)
class _Dates:
    """What the windows of an event are made of; `opens` is its instant, `zone` its court's."""

    event: CourtEvent
    day: date
    opens: datetime

    def before(self, days: int) -> datetime:
        """The court's midnight so many days before the event's day."""
        return self._midnight(self.day - timedelta(days=days))

    def after(self, days: int) -> datetime:
        """The court's midnight so many days after the day of opening: ahead of the event's day when it was early."""
        return self._midnight(self.opens.astimezone(self.event.zone).date() + timedelta(days=days))

    def nominal(self, step: Step) -> datetime:
        """When the step is due by the court's calendar."""
        if step is Step.OPENING:
            return self.opens
        if step is Step.LAST_DAYS:
            return self._midnight(self._last_working_day())
        return self.after(_AFTER[step]) if step in _AFTER else self.before(_BEFORE[step])

    @property
    def too_late(self) -> datetime:
        """When nothing can be got ready any more: the black-out begins, or it happens where none is known before."""
        starts = self.event.blackout_starts_at
        return self.opens if starts is None else min(starts, self.opens)

    @property
    def end(self) -> datetime:
        """When the last step of the kind is no longer worth telling."""
        last = STEPS[self.event.kind][-1]
        if last in _AFTER:
            return self.after(OVER)
        return self.after(_A_WEEK) if last is Step.OPENING else self.opens

    def _last_working_day(self) -> date:
        """The last weekday before the day on which the black-out begins, or three days before where none is known.

        Holidays are not known; over one a court's black-out begins on the weekday before it (courts.md section 6).
        """
        blackout, starts = self.event.blackout, self.event.blackout_starts_at
        if blackout is None or starts is None or starts > self.opens:
            day = self.day - timedelta(days=_LAST_DAYS)
        else:
            day = blackout.start.date() - timedelta(days=1)
        return day - timedelta(days=max(0, day.weekday() - _FRIDAY))

    def _midnight(self, day: date) -> datetime:
        return instant(day, time(), self.event.zone)


def _dates(event: CourtEvent) -> _Dates | None:
    opens = event.opens_at
    return None if event.day is None or opens is None else _Dates(event, event.day, opens)
