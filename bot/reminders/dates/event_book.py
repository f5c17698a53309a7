"""Courts' dates as values, kept in the store: a row that stands and a line of history, never one without the other."""

from __future__ import annotations

from datetime import datetime

from bot.courts.court import Court, CourtId
from bot.people import Person
from bot.reminders.dates.change import Change, What
from bot.reminders.dates.deciding import Decision
from bot.reminders.event import CourtEvent, EventId, Kind
from bot.reminders.planner import FindCourt
from bot.reminders.rows import entry_of, event_of, named_person, person_name, row_of, row_of_entry
from bot.store import EventRow, Events, HistoryRow, Work


class EventBook:
    """Every method belongs to the caller's unit of work and raises StoreTrouble; a court nobody knows has no events."""

    def __init__(self, find: FindCourt) -> None:
        self._find = find
        self._rows = Events()

    def court(self, id: str) -> Court | None:
        """Return the court that a form names, None for none."""
        return self._find(CourtId(id.strip().lower()))

    async def all(self, work: Work, court: CourtId | None = None) -> tuple[CourtEvent, ...]:
        """Return every event, or those of a court."""
        found = [self._event(row) for row in await self._rows.list(work, court)]
        return tuple(event for event in found if event is not None)

    async def get(self, work: Work, id: EventId) -> CourtEvent | None:
        """Return the event."""
        row = await self._rows.get(work, id)
        return None if row is None else self._event(row)

    async def hold(self, work: Work, id: EventId) -> CourtEvent | None:
        """Return the event, kept from everybody else's changing until `work` ends."""
        row = await self._rows.hold(work, id)
        return None if row is None else self._event(row)

    async def of_court(self, work: Work, court: CourtId, kind: Kind) -> CourtEvent | None:
        """Return the court's event of this kind, kept from everybody else's changing until `work` ends."""
        row = await self._rows.of_court(work, court, kind.value)
        return None if row is None else await self.hold(work, EventId(row.id))

    async def history(self, work: Work, id: EventId) -> tuple[Change, ...]:
        """Return what was done to the event, the first first."""
        changes = []
        for row in await self._rows.history(work, id):
            event = self._event(row_of_entry(row.entry))
            if event is not None:
                changes.append(Change(event, What(row.what), named_person(row.by), row.at))
        return tuple(changes)

    async def keep(self, work: Work, decision: Decision, by: Person, at: datetime) -> bool:
        """Keep what was decided; False, and nothing is kept, when somebody was quicker."""
        event = decision.event
        row = row_of(event, at)
        is_new = event.edition == 1
        kept = await (self._rows.add(work, row) if is_new else self._rows.change(work, row, event.edition - 1))
        if kept:
            line = HistoryRow(event.id, event.edition, at, person_name(by), decision.what.value, entry_of(row))
            await self._rows.remember(work, line)
        return kept

    def _event(self, row: EventRow) -> CourtEvent | None:
        court = self._find(CourtId(row.court))
        return None if court is None else event_of(row, court.zone)
