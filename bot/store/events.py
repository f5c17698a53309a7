"""The rows of courts' dates and of everything that was ever done to them."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Select, and_, select, update

from bot.store.date_rows import EventRow, HistoryRow
from bot.store.dates_tables import event_history, events
from bot.store.engine import Work

E = events.c


class Events:
    """A court's dates, one of each kind. Every method raises StoreTrouble."""

    async def add(self, work: Work, row: EventRow) -> bool:
        """Enter a new event; False when its court has one of this kind: then nothing was changed."""
        insert = work.insert
        enter = insert(events).values(**asdict(row))
        entered = enter.on_conflict_do_nothing(index_elements=[E.court, E.kind]).returning(E.id)
        return (await work.execute(entered)).one_or_none() is not None

    async def change(self, work: Work, row: EventRow, edition: int) -> bool:
        """Put `row` in the place of its `edition`; False when that is not what stands: somebody was quicker."""
        values = {name: value for name, value in asdict(row).items() if name != "id"}
        seen = and_(E.id == row.id, E.edition == edition)
        return (await work.execute(update(events).where(seen).values(**values))).rowcount == 1

    async def get(self, work: Work, event: str) -> EventRow | None:
        """Return the row."""
        return await self._one(work, select(events).where(E.id == event))

    async def of_court(self, work: Work, court: str, kind: str) -> EventRow | None:
        """Return the court's event of this kind."""
        return await self._one(work, select(events).where(E.court == court, E.kind == kind))

    async def hold(self, work: Work, event: str, *, waiting: bool = True) -> EventRow | None:
        """Return the row, kept from every other replica's planning and changing until `work` ends.

        None when there is no such event, and, without `waiting`, when another replica holds it now.
        """
        return await self._one(work, select(events).where(E.id == event).with_for_update(skip_locked=not waiting))

    async def list(self, work: Work, court: str | None = None) -> tuple[EventRow, ...]:
        """Return every event, or those of a court, by day (coarse ones last), then court and kind."""
        asked = select(events).order_by(E.day.is_(None), E.day, E.time, E.court, E.kind)
        if court is not None:
            asked = asked.where(E.court == court)
        return tuple(EventRow(**row._mapping) for row in await work.execute(asked))

    async def remember(self, work: Work, row: HistoryRow) -> None:
        """Add a line to the event's history."""
        await work.execute(event_history.insert().values(**{**asdict(row), "entry": dict(row.entry)}))

    async def history(self, work: Work, event: str) -> tuple[HistoryRow, ...]:
        """Return what was done to the event, the first first."""
        asked = select(event_history).where(event_history.c.event == event).order_by(event_history.c.edition)
        return tuple(HistoryRow(**row._mapping) for row in await work.execute(asked))

    async def _one(self, work: Work, asked: Select[*tuple[object, ...]]) -> EventRow | None:
        found = (await work.execute(asked)).one_or_none()
        return None if found is None else EventRow(**found._mapping)
