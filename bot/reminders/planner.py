"""Makes the notices in the store agree with the plan: one event at once when it changes, and all of them in rounds.

Planning goes by slices of people, so that neither the loop nor the database is held: in a round every slice is a unit
of work of its own, for what is true of one person needs nothing of another; a change of a date is one unit as a whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.courts.court import Court, CourtId
from bot.errors import StoreBusy
from bot.reminders.event import CourtEvent, EventId
from bot.reminders.hearer import Hearer
from bot.reminders.ladder import DONE, ladder
from bot.reminders.notice import Heard, NoticeId, PlannedNotice
from bot.reminders.plan import Planning
from bot.reminders.rows import event_of, heard_of, hours_of, notice_row
from bot.store import EventRow, Events, HearerRow, Hearers, Notices, Reconciled, Span, Store, Switches, Work

AHEAD = timedelta(hours=48)
"""How long before it is due a notice becomes a row."""

SLICE = 250
"""People who are planned at once: some ten milliseconds of the event loop."""

SLICES_AT_ONCE = 4
"""Slices that a change of a date plans in its own unit of work: a thousand people, a few hundred milliseconds."""

UNFORGOTTEN = timedelta(days=180)
"""How long after its last change an event is looked at for people who still believe an older date."""

AFTERWARDS = timedelta(days=7)
"""How long after its last step an event is looked at, to cancel what could not be told."""

ANY_HOUR = "final_day_any_hour"
"""The switch with which the firm lets notices of the final day out of people's hours."""

FindCourt = Callable[[CourtId], Court | None]

log = structlog.get_logger(__name__)


class Plan(Protocol):
    """One event's plan at one moment (bot/reminders/plan.py)."""

    def notices(self, people: Iterable[Hearer]) -> Iterable[PlannedNotice]:
        """Return what is still to be told to these people; asked once for each slice."""
        ...


MakePlan = Callable[[CourtEvent, datetime, timedelta], Plan]


class Planner:
    """Plans for this replica; where several do it at once, one of them plans an event and the others pass over it."""

    def __init__(self, store: Store, find: FindCourt, make_plan: MakePlan = Planning, people: int = SLICE) -> None:
        self._store = store
        self._find = find
        self._make_plan = make_plan
        self._people = people
        self._events = Events()
        self._hearers = Hearers()
        self._notices = Notices()
        self._switches = Switches()

    async def replan(self, work: Work, event: CourtEvent, now: datetime) -> Span | None:
        """Make the notices of `event`, as it stands at `now` (aware), what they should be. Raises StoreTrouble.

        A unit of work has its time: where more than some thousand people hear of the event, the notices of the others
        are taken back here, all of them, and their span comes back for `plan_rest`, after the commit. Should nobody
        come to that, the next round does it.
        """
        any_hour = await self._switches.get(work, ANY_HOUR) is True
        after = Span()
        plan = self._make_plan(event, now, AHEAD)
        for _ in range(SLICES_AT_ONCE):
            _, span = await self._slice(work, event, plan, after, any_hour=any_hour)
            if span.upto is None:
                return None
            after = Span(after=span.upto)
        await self._notices.cancel_all(work, event.id, after)
        return after

    async def plan_rest(self, id: EventId, after: Span) -> int:
        """Plan those people of an event whom `replan` left over; returns how many notices changed."""
        return await self._plan_event(id, after)

    async def round(self) -> int:
        """Plan every event that may have something to tell; returns how many notices changed. Raises StoreTrouble.

        An event that is being changed at this moment is left to that change, and to the next round.
        """
        async with self._store.work() as work:
            now = await self._store.now(work)
            rows = await self._events.list(work)
            known = await self._notices.known_of(work)
        changed = 0
        for row in rows:
            event = self._event(row)
            if event is not None and _matters(event, row, now, known=row.id in known):
                changed += await self._plan_event(event.id, Span())
        return changed

    async def _plan_event(self, id: EventId, after: Span) -> int:
        changed = 0
        while True:
            try:
                done, upto = await self._plan_slice(id, after)
            except StoreBusy:
                log.info("planning put off", reason="busy")
                return changed
            changed += done.planned + done.cancelled
            if upto.upto is None:
                return changed
            after = Span(after=upto.upto)

    async def _plan_slice(self, id: EventId, after: Span) -> tuple[Reconciled, Span]:
        async with self._store.work() as work:
            # Read again each time: between two slices its date may have moved.
            row = await self._events.hold(work, id, waiting=False)
            event = None if row is None else self._event(row)
            if event is None:
                return Reconciled(), Span()
            plan = self._make_plan(event, await self._store.now(work), AHEAD)
            any_hour = await self._switches.get(work, ANY_HOUR) is True
            return await self._slice(work, event, plan, after, any_hour=any_hour)

    async def _slice(
        self, work: Work, event: CourtEvent, plan: Plan, after: Span, *, any_hour: bool
    ) -> tuple[Reconciled, Span]:
        """Plan the next people after `after`; returns what was done and their span, which at the last has no end."""
        done = DONE[event.kind]
        rows = await self._hearers.of_event(work, event.id, event.court, done, span=after, limit=self._people)
        span = Span(after.after, rows[-1].key if len(rows) == self._people else None)
        heard = await self._notices.heard(work, event.id, span)
        people = [_hearer(row, event, [heard_of(each) for each in heard.get(row.who, ())], any_hour) for row in rows]
        wanted = [notice_row(NoticeId(secrets.token_hex(16)), event.court, planned) for planned in plan.notices(people)]
        return await self._notices.reconcile(work, event.id, wanted, span), span

    def _event(self, row: EventRow) -> CourtEvent | None:
        court = self._find(CourtId(row.court))
        return None if court is None else event_of(row, court.zone)


def _matters(event: CourtEvent, row: EventRow, now: datetime, *, known: bool) -> bool:
    """Tell whether an event may have anything to tell, or to cancel; a wrong yes costs a look, a wrong no a notice."""
    rungs = ladder(event)
    if rungs and rungs[0].opens <= now + AHEAD and now < rungs[-1].closes + AFTERWARDS:
        return True
    return known and now - row.changed_at < UNFORGOTTEN


def _hearer(row: HearerRow, event: CourtEvent, heard: list[Heard], any_hour: bool) -> Hearer:
    return Hearer(
        person=row.who,
        hours=hours_of(row.about, event.zone),
        done=row.done,
        muted=row.muted,
        any_hour=any_hour,
        again={event.id: row.again} if row.again else {},
        heard=tuple(heard),
    )
