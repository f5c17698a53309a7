"""What look-ups of PACER's list said of courts: one row for each court that is not as the shipped list has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import delete, select

from bot.store.date_rows import FactsRow
from bot.store.dates_tables import court_facts
from bot.store.engine import Work


class CourtFacts:
    """Facts by court, for all replicas. Every method raises StoreTrouble."""

    async def all(self, work: Work) -> tuple[FactsRow, ...]:
        """Return every row, by court."""
        found = await work.execute(select(court_facts).order_by(court_facts.c.court))
        return tuple(FactsRow(**row._mapping) for row in found)

    async def put(self, work: Work, rows: Sequence[FactsRow]) -> None:
        """Keep these rows, each in place of the one of its court."""
        insert = work.insert
        row = insert(court_facts)
        changed = {name: row.excluded[name] for name in ("facts", "source", "at", "by")}
        values: list[Mapping[str, object]] = [asdict(one) for one in rows]
        await work.execute_each(row.on_conflict_do_update(index_elements=["court"], set_=changed), values)

    async def drop(self, work: Work, courts: Collection[str]) -> None:
        """Forget what was kept of these courts."""
        if courts:
            await work.execute(delete(court_facts).where(court_facts.c.court.in_(sorted(courts))))
