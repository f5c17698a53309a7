"""The firm's calendar of courts' dates: every change is one unit of work with its history, its notices and its line of
the audit, so that a date and what people are told of it never part.

Who may change it is asked before it is called. Two admins who change the same date at once do not undo each other: a
change names the edition that was seen, and comes back as a problem when another one stands.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.courts.court import CourtId
from bot.errors import StoreTrouble
from bot.people import Person
from bot.reminders.dates import deciding
from bot.reminders.dates.change import Change
from bot.reminders.dates.deciding import Decided
from bot.reminders.dates.event_book import EventBook
from bot.reminders.dates.event_form import DateField, DateFlaw, DateProblem, EventForm
from bot.reminders.event import CourtEvent, EventId
from bot.reminders.notes import Notes
from bot.reminders.planner import FindCourt, Planner
from bot.store import Span, Store

log = structlog.get_logger(__name__)

UPCOMING = timedelta(days=14)
"""How long after its day an event still counts as one that is coming up: people are reminded of it until then."""

GONE = (DateProblem(DateField.EVENT, DateFlaw.GONE),)
STALE = (DateProblem(DateField.EVENT, DateFlaw.STALE),)
EXISTS = (DateProblem(DateField.EVENT, DateFlaw.EXISTS),)

Changed = CourtEvent | tuple[DateProblem, ...]
"""The event as it now stands, or why nothing was changed."""


class Calendar:
    """Courts' dates, read and changed; every method raises StoreTrouble."""

    def __init__(self, store: Store, notes: Notes, find: FindCourt, planner: Planner) -> None:
        self._store = store
        self._notes = notes
        self._book = EventBook(find)
        self._planner = planner

    async def events(self, *, court: CourtId | None = None, past: bool = False) -> tuple[CourtEvent, ...]:
        """Return the events, of one court or of all, by day with the coarse ones last; `past` adds those long over."""
        async with self._store.work() as work:
            now = await self._store.now(work)
            found = await self._book.all(work, court)
        return tuple(each for each in found if past or each.opens_at is None or each.opens_at > now - UPCOMING)

    async def event(self, id: EventId) -> CourtEvent | None:
        """Return the event as it stands, None when there is none."""
        async with self._store.work() as work:
            return await self._book.get(work, id)

    async def history(self, id: EventId) -> tuple[Change, ...]:
        """Return every change of the event, the first first."""
        async with self._store.work() as work:
            return await self._book.history(work, id)

    async def put(self, by: Person, form: EventForm) -> Changed:
        """Enter a date that the calendar does not have; a court has one event of a kind."""
        async with self._store.work() as work:
            now = await self._store.now(work)
            decided = deciding.enter(new_event_id(), form, self._book.court(form.court), by, now)
            if isinstance(decided, tuple):
                return decided
            if not await self._book.keep(work, decided, by, now):
                return EXISTS
            rest = await self._planner.replan(work, decided.event, now)
            head = await self._notes.date_changed(work, by, decided.event, decided.what)
        await self._notes.keep(head)
        await self._plan_rest(decided.event, rest)
        return decided.event

    async def change(self, by: Person, id: EventId, edition: int, form: EventForm) -> Changed:
        """Move or edit the event that stood at `edition` when `form` was filled in; what stands already stays."""
        court = self._book.court(form.court)
        return await self._change(by, id, edition, lambda old, now: deciding.change(old, form, court, by, now))

    async def confirm(self, by: Person, id: EventId, edition: int) -> Changed:
        """Enter that the date is confirmed."""
        return await self._change(by, id, edition, lambda old, now: deciding.confirm(old, by, now))

    async def live(self, by: Person, id: EventId, edition: int) -> Changed:
        """Enter that the court is live: people are told to link from now on, or from the day on if that is past."""
        return await self._change(by, id, edition, lambda old, now: deciding.live(old, by, now))

    async def withdraw(self, by: Person, id: EventId, edition: int, note: str = "") -> Changed:
        """Enter that the date was taken back, and why; those who heard it are told so."""

        def decide(old: CourtEvent, now: datetime) -> Decided:
            return deciding.withdraw(old, note, self._book.court(old.court), by, now)

        return await self._change(by, id, edition, decide)

    async def _change(
        self, by: Person, id: EventId, edition: int, decide: Callable[[CourtEvent, datetime], Decided]
    ) -> Changed:
        async with self._store.work() as work:
            old = await self._book.hold(work, id)
            if old is None:
                return GONE
            if old.edition != edition:
                return STALE
            now = await self._store.now(work)
            decided = decide(old, now)
            if decided is None:
                return old
            if isinstance(decided, tuple):
                return decided
            if not await self._book.keep(work, decided, by, now):
                return STALE
            rest = await self._planner.replan(work, decided.event, now)
            head = await self._notes.date_changed(work, by, decided.event, decided.what)
        await self._notes.keep(head)
        await self._plan_rest(decided.event, rest)
        return decided.event

    async def _plan_rest(self, event: CourtEvent, rest: Span | None) -> None:
        if rest is None:
            return
        try:
            await self._planner.plan_rest(event.id, rest)
        except StoreTrouble as trouble:
            # The date is changed, and nothing of the old one is left to be sent: the next round plans the rest.
            log.info("planning put off", reason=type(trouble).__name__)


def new_event_id() -> EventId:
    """A new event's id: it says nothing, and outlives every move of the date."""
    return EventId(secrets.token_hex(16))
