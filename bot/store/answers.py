"""Answers on their way from the replica that took them to the one that asked; the taking deletes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select

from bot.store.engine import Work
from bot.store.rows import AnswerRow, SettledRow
from bot.store.tables import answers, settled


class Answers:
    """Answers of people, for at most as long as each says. Every method raises StoreTrouble."""

    async def put(self, work: Work, row: AnswerRow) -> bool:
        """Keep `row` for its taker; False when this question was answered before, taken or not: the first counts."""
        insert = work.insert
        mark = insert(settled).values(attempt=row.attempt, number=row.number, by=row.by, at=row.at)
        first = await work.execute(mark.on_conflict_do_nothing().returning(settled.c.number))
        if first.one_or_none() is None:
            return False
        await work.execute(insert(answers).values(**asdict(row)))
        return True

    async def take(self, work: Work, attempt: str, number: int) -> AnswerRow | None:
        """Take the answer out: it is deleted in the same statement, so that one taker gets it, once.

        None when there is none, or when it has expired.
        """
        taken = await self._take(work, and_(answers.c.attempt == attempt, answers.c.number == number))
        return taken[0] if taken else None

    async def take_all(self, work: Work, attempts: Collection[str]) -> list[AnswerRow]:
        """Take out every answer for these attempts, as `take` does."""
        return await self._take(work, answers.c.attempt.in_(list(attempts)))

    async def _take(self, work: Work, which: ColumnElement[bool]) -> list[AnswerRow]:
        fresh = (answers.c.expires_at > work.moment).label("fresh")
        found = await work.execute(delete(answers).where(which).returning(answers, fresh))
        rows = [dict(row._mapping) for row in found]
        return sorted(
            (_row(row) for row in rows if row.pop("fresh")),
            key=lambda row: (row.attempt, row.number),
        )

    async def settled(self, work: Work, attempt: str, number: int) -> SettledRow | None:
        """Return who answered this question first, None when nobody has."""
        which = and_(settled.c.attempt == attempt, settled.c.number == number)
        found = (await work.execute(select(settled).where(which))).one_or_none()
        return None if found is None else SettledRow(**found._mapping)

    async def purge(self, work: Work) -> int:
        """Delete what has expired, and return how many; `Store.tidy` then leaves nothing of it in SQLite's files."""
        return (await work.execute(delete(answers).where(answers.c.expires_at <= work.moment))).rowcount


def _row(values: dict[str, Any]) -> AnswerRow:
    return AnswerRow(**values)
