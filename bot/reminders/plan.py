"""Which notices should exist: from an event, the people who hear of it, and now. Pure: no clock, no store.

The store is made to agree with it, as often as one likes: the same call a minute later says the same of whatever has
not been sent, and what has been sent comes back in as `heard`. For one person and one event:

- nothing at all for who is done, or muted the court;
- of the ladder, no step that was told of the date that stands, none before it, and none that a correction, an AGAIN or
  a late opening has already told the substance of;
- a correction while the person believes another date than stands; the steps already open by then are in it;
- what they asked to be told again, in place of the steps that fall due before it. The last days, the opening and a
  correction are never put off, and one of them told at or after the moment asked for answers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.reminders.correction import correction, standing
from bot.reminders.event import CourtEvent, Occasion
from bot.reminders.hearer import Hearer, Hours
from bot.reminders.hours import is_working, next_working
from bot.reminders.ladder import RANK, ladder
from bot.reminders.notice import PlannedNotice, Step
from bot.reminders.schedule import Telling, schedule

NOT_PUT_OFF = frozenset({Step.LAST_DAYS, Step.OPENING})
"""The steps of the ladder that come even to somebody who asked to be told again later."""

_OPENING = RANK[Step.OPENING]


def plan(
    event: CourtEvent, people: Iterable[Hearer], now: datetime, ahead: timedelta | None = None
) -> tuple[PlannedNotice, ...]:
    """Return the notices of `event` that are still to be told to `people`, as it looks at `now` (aware).

    Each is due in the person's hours, or at the moment that does not wait for them; due in the past means at once.
    `ahead` leaves out what is due later than that after now. Planning is for whoever plans in slices (design 7).
    """
    return tuple(Planning(event, now, ahead).notices(people))


class Planning:
    """One event's plan as it looks at one moment: its windows worked out once, then only arithmetic per person."""

    def __init__(self, event: CourtEvent, now: datetime, ahead: timedelta | None = None) -> None:
        self._event = event
        self._now = now.astimezone(UTC)
        self._until = None if ahead is None else self._now + ahead
        self._stands = standing(event)
        self._rungs = ladder(event)
        self._schedules: dict[tuple[Hours, bool], _Schedule] = {}

    def notices(self, people: Iterable[Hearer]) -> Iterator[PlannedNotice]:
        """Yield what is still to be told to `people`; may be called again for others."""
        for hearer in people:
            if hearer.done or hearer.muted:
                continue
            if hearer.heard or hearer.again:
                yield from self._to_be_told(hearer)
            elif self._rungs:
                yield from self._ladder(hearer, self._schedule(hearer).unheard)

    def _to_be_told(self, hearer: Hearer) -> Iterator[PlannedNotice]:
        """What is left for somebody who heard something already, or asked to be told again."""
        known = self._schedule(hearer)
        corrected = correction(self._event, self._stands, hearer, self._now)
        if corrected is None and not known.soon and not hearer.again:
            return  # most people, most of the time
        past = _Past.of(hearer, self._stands)
        if corrected is not None:
            past = past.corrected(max(corrected.due_at, self._now))
            if self._soon(corrected.due_at):
                yield corrected
        tellings = known.whole if hearer.again else known.soon  # what is put off may be soon, what puts it off later
        left = _without_away([each for each in tellings if not past.has_told(each)])
        again = self._again(hearer, [max(each.due, self._now) for each in left if each.step in NOT_PUT_OFF], corrected)
        if again is not None:
            left = [each for each in left if each.step in NOT_PUT_OFF or each.due > max(again.due_at, self._now)]
            if self._soon(again.due_at):
                yield again
        yield from self._ladder(hearer, [each for each in left if self._soon(each.due)])

    def _again(
        self, hearer: Hearer, not_put_off: list[datetime], corrected: PlannedNotice | None
    ) -> PlannedNotice | None:
        """What the person asked to be told again, unless something answers it, or there is nothing left to tell."""
        asked = hearer.again.get(self._event.id)
        if asked is None or not self._rungs or any(each.at >= asked for each in hearer.heard):
            return None
        due = next_working(hearer.hours, asked)
        if due <= self._now and not is_working(hearer.hours, self._now):
            due = next_working(hearer.hours, self._now)
        told = max(due, self._now)
        others = not_put_off if corrected is None else [*not_put_off, max(corrected.due_at, self._now)]
        if told >= self._rungs[-1].closes or any(asked <= other <= told for other in others):
            return None
        stamp = asked.astimezone(UTC).isoformat(timespec="minutes")
        occasion = Occasion(f"{self._stands}|{stamp}")
        return self._notice(hearer, Step.AGAIN, due, occasion)

    def _schedule(self, hearer: Hearer) -> _Schedule:
        key = (hearer.hours, hearer.any_hour)
        found = self._schedules.get(key)
        if found is None:
            whole = schedule(self._event, self._rungs, hearer.hours, hearer.any_hour, self._now)
            soon = [each for each in whole if self._soon(each.due)]
            found = self._schedules[key] = _Schedule(whole, soon, _without_away(soon))
        return found

    def _ladder(self, hearer: Hearer, tellings: Iterable[Telling]) -> Iterator[PlannedNotice]:
        if self._stands is not None:
            for each in tellings:
                yield self._notice(hearer, each.step, each.due, self._stands)

    def _notice(self, hearer: Hearer, step: Step, due: datetime, occasion: Occasion) -> PlannedNotice:
        event = self._event
        return PlannedNotice(event.id, event.version, occasion, hearer.person, step, due, None, self._stands)

    def _soon(self, due: datetime) -> bool:
        return self._until is None or due <= self._until


@dataclass(frozen=True, slots=True)
class _Schedule:
    """What people of certain hours are told: `whole` of it, what is due `soon`, and that to who has heard nothing."""

    whole: list[Telling]
    soon: list[Telling]
    unheard: list[Telling]
    """Somebody who is away until T+1 hears of the opening no later than that, so leaving out by `soon` takes both."""


@dataclass(frozen=True, slots=True)
class _Past:
    """What a person has been told of the date that stands: up to which step, and since when they know the rest.

    `carried` (aware) is the last moment when a correction told it, `repeated` when an AGAIN did, `opened` when the
    opening did; each of them stands for steps whose window was open by then.
    """

    rank: int = -1
    carried: datetime | None = None
    repeated: datetime | None = None
    opened: datetime | None = None

    @classmethod
    def of(cls, hearer: Hearer, stands: Occasion | None) -> _Past:
        """Read it from what the person heard."""
        rank, moments = -1, dict[Step, datetime]()
        for each in hearer.heard:
            if each.date_told == stands:
                rank = max(rank, RANK.get(each.step, -1))
                moments[each.step] = max(each.at, moments.get(each.step, each.at))
        return cls(rank, moments.get(Step.CORRECTION), moments.get(Step.AGAIN), moments.get(Step.OPENING))

    def corrected(self, at: datetime) -> _Past:
        """The same once a correction is told at `at`."""
        return _Past(self.rank, at, self.repeated, self.opened)

    def has_told(self, telling: Telling) -> bool:
        """Say whether the person needs this step no more."""
        return (
            telling.rank <= self.rank
            or _by(self.carried, telling)
            or (telling.step not in NOT_PUT_OFF and _by(self.repeated, telling))
            or (telling.rank > _OPENING and _by(self.opened, telling))
        )


def _by(at: datetime | None, telling: Telling) -> bool:
    return at is not None and telling.opens <= at


def _without_away(tellings: list[Telling]) -> list[Telling]:
    """Leave out the T+ steps that somebody is away for, while the opening is still to be told and stands for them."""
    if any(each.rank == _OPENING for each in tellings):
        return [each for each in tellings if not each.away]
    return tellings
