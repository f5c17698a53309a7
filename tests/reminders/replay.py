"""A firm's weeks before and after a court's date, played in fast motion: plan, send what is due, let things happen.

Time jumps from tick to tick: to the next moment at which something is due or happens, a little late, as ticks are.
Sometimes a message does not get out and waits for another tick; sometimes the service is down for days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.event import CourtEvent, Kind
from bot.reminders.hearer import Hearer, Hours
from bot.reminders.ladder import ends_at
from bot.reminders.notice import Heard, PlannedNotice, Step
from bot.reminders.plan import plan

Change = Callable[[CourtEvent, datetime], CourtEvent]


@dataclass
class Attorney:
    """One person as the firm's weeks go by; `joins` and `done_at` say between when they hear of the court."""

    name: str
    hours: Hours
    joins: datetime
    done_at: datetime | None = None
    any_hour: bool = False
    travels: tuple[datetime, Hours] | None = None
    snoozes: tuple[tuple[datetime, timedelta], ...] = ()
    again: datetime | None = None
    heard: list[Heard] = field(default_factory=list)
    unsettled: datetime | None = None
    """When something last changed for them."""

    def as_hearer(self, event: CourtEvent, now: datetime) -> Hearer:
        """Return them as the plan sees them."""
        person = Person(Platform.SLACK, WorkspaceId("T1"), PersonId(self.name))
        again = {} if self.again is None else {event.id: self.again}
        done = self.done_at is not None and self.done_at <= now
        return Hearer(person, self.hours, done, False, self.any_hour, again, tuple(self.heard))

    def live_on(self, now: datetime) -> None:
        """Let happen to them what has happened by now."""
        if self.travels is not None and self.travels[0] <= now:
            self.hours, self.unsettled, self.travels = self.travels[1], now, None
        for pressed, later in self.snoozes:
            if pressed <= now:
                self.again = pressed + later
        self.snoozes = tuple(each for each in self.snoozes if each[0] > now)

    def moments(self) -> list[datetime]:
        """Return when something is still to happen to them."""
        found = [self.joins, *(pressed for pressed, _ in self.snoozes)]
        found += [self.done_at] if self.done_at is not None else []
        return found + ([self.travels[0]] if self.travels is not None else [])


@dataclass
class Firm:
    """An event, its people, and what is to happen; `outages` are spans without a tick, `losses` of 10 sends fail."""

    event: CourtEvent
    people: list[Attorney]
    begins: datetime
    ends: datetime
    changes: list[tuple[datetime, Change]] = field(default_factory=list)
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    losses: int = 0
    seed: int = 0
    changed: datetime | None = None
    """When the event last changed, or the service came back."""

    def play(self, judge: Judge) -> None:
        """Run from beginning to end, and let `judge` look at every tick and every notice sent."""
        random = Random(self.seed)
        now = self.begins
        while now < self.ends:
            self._happen(now)
            hearers = [each.as_hearer(self.event, now) for each in self._listening(now)]
            notices = plan(self.event, hearers, now)
            judge.planned(self, hearers, notices, now)
            unsent = self._send(notices, judge, random, now)
            judge.ticked(self, now, {each.person.id for each in unsent})
            now = self._next(notices, random, now, hurry=bool(unsent))

    def _listening(self, now: datetime) -> list[Attorney]:
        return [each for each in self.people if each.joins <= now]

    def _happen(self, now: datetime) -> None:
        for each in self.people:
            each.live_on(now)
        while self.changes and self.changes[0][0] <= now:
            _, change = self.changes.pop(0)
            self.event = renumbered(self.event, change(self.event, now))
            self.changed = now

    def _send(
        self, notices: tuple[PlannedNotice, ...], judge: Judge, random: Random, now: datetime
    ) -> list[PlannedNotice]:
        """Send what is due; return what did not get out."""
        by_name = {each.name: each for each in self.people}
        unsent = []
        for notice in notices:
            if notice.due_at > now:
                continue
            if random.randrange(10) < self.losses:
                unsent.append(notice)
                continue
            who = by_name[notice.person.id]
            judge.sent(self, who, notice, now)
            who.heard.append(Heard(notice.event, notice.occasion, notice.step, notice.version, now, notice.told))
        return unsent

    def _next(self, notices: tuple[PlannedNotice, ...], random: Random, now: datetime, *, hurry: bool) -> datetime:
        late = timedelta(seconds=random.randrange(5, 240))
        if hurry:
            return now + late
        moments = [each.due_at for each in notices] + [moment for moment, _ in self.changes[:1]]
        moments += [moment for each in self.people for moment in each.moments()]
        coming = min((moment for moment in moments if moment > now), default=self.ends)
        tick = min(coming, now + timedelta(hours=random.randrange(3, 30))) + late
        for begins, ends in self.outages:
            if begins <= tick < ends:
                tick, self.changed = ends, ends
        return tick


def renumbered(old: CourtEvent, new: CourtEvent) -> CourtEvent:
    """Return `new` with the version that the calendar would give it: it grows with date, time or status."""
    same = (old.occasion, old.status) == (new.occasion, new.status)
    return replace(new, version=old.version + (0 if same else 1), edition=old.edition + 1)


class Judge:
    """Looks at what is sent, and after each tick at who has heard what; tests add what they hold to be true."""

    def planned(self, firm: Firm, hearers: list[Hearer], notices: tuple[PlannedNotice, ...], now: datetime) -> None:
        """Judge a plan before anything of it is sent."""

    def sent(self, firm: Firm, who: Attorney, notice: PlannedNotice, now: datetime) -> None:
        """Judge one notice as it goes out."""

    def ticked(self, firm: Firm, now: datetime, waiting: set[PersonId]) -> None:
        """Judge how matters stand after a tick; a message for those `waiting` did not get out."""


def is_over(event: CourtEvent, now: datetime) -> bool:
    """Say whether the event as it stands is past, a fortnight after its opening."""
    end = ends_at(event)
    return end is not None and end <= now


def has_opening(event: CourtEvent) -> bool:
    """Say whether people are told when it happens."""
    return event.kind in {Kind.NEXTGEN_GO_LIVE, Kind.SUCCESSOR_GO_LIVE}


def told_of(who: Attorney, event: CourtEvent, step: Step) -> datetime | None:
    """Return when a person last heard a step about the date that stands, None for never."""
    return max((each.at for each in who.heard if each.step is step and each.date_told == event.occasion), default=None)
