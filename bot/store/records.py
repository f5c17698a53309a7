"""What the firm can prove: the register of who stands how at which court, and the audit that only grows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import and_, func, select

from bot.store.engine import Work
from bot.store.rows import AuditRow, RegisterRow
from bot.store.tables import audit, register

R = register.c
APPENDING = 5_702_183_646_022
"""The advisory lock under which lines are numbered on PostgreSQL; the number means nothing."""


class Register:
    """One row for a person at a court. Every method raises StoreTrouble."""

    async def put(self, work: Work, row: RegisterRow) -> None:
        """Keep `row` in place of the one for the same person and court."""
        insert = work.insert
        values = asdict(row)
        place = [column.name for column in register.primary_key]
        changed = {name: value for name, value in values.items() if name not in place}
        await work.execute(insert(register).values(**values).on_conflict_do_update(index_elements=place, set_=changed))

    async def get(self, work: Work, platform: str, workspace: str, person: str, court: str) -> RegisterRow | None:
        """Return the row, None when there is none yet."""
        which = and_(R.platform == platform, R.workspace == workspace, R.person == person, R.court == court)
        found = (await work.execute(select(register).where(which))).one_or_none()
        return None if found is None else RegisterRow(**found._mapping)

    async def of_person(self, work: Work, platform: str, workspace: str, person: str) -> tuple[RegisterRow, ...]:
        """Return every row of one person, by court."""
        which = and_(R.platform == platform, R.workspace == workspace, R.person == person)
        asked = select(register).where(which).order_by(R.court)
        return tuple(RegisterRow(**found._mapping) for found in await work.execute(asked))

    async def list(
        self, work: Work, court: str | None = None, office: str | None = None, state: str | None = None
    ) -> tuple[RegisterRow, ...]:
        """Return the rows of a court, an office, a state (all where None), by court, then person."""
        asked = select(register).order_by(R.court, R.platform, R.workspace, R.person)
        for column, value in ((R.court, court), (R.office, office), (R.state, state)):
            if value is not None:
                asked = asked.where(column == value)
        return tuple(RegisterRow(**found._mapping) for found in await work.execute(asked))


class Audit:
    """Lines that are only ever added: the database refuses the rest. Every method raises StoreTrouble."""

    async def append(self, work: Work, at: datetime, entry: str, chain: Callable[[int, str, str], str]) -> AuditRow:
        """Add `entry` and return its line; `chain` makes the hash of its number, the previous hash ("" first) and it.

        From here to the end of `work` nobody else can append, so that the numbers have no gap: append last.
        """
        if work.on_server:
            await work.execute(select(func.pg_advisory_xact_lock(APPENDING)))
        before = await self.last(work)
        seq, previous = (1, "") if before is None else (before.seq + 1, before.hash)
        row = AuditRow(seq, at, entry, previous, chain(seq, previous, entry))
        await work.execute(audit.insert().values(**asdict(row)))
        return row

    async def since(self, work: Work, seq: int, limit: int) -> tuple[AuditRow, ...]:
        """Return up to `limit` lines after number `seq`, in order."""
        asked = select(audit).where(audit.c.seq > seq).order_by(audit.c.seq).limit(limit)
        return tuple(AuditRow(**found._mapping) for found in await work.execute(asked))

    async def last(self, work: Work) -> AuditRow | None:
        """Return the newest line, None when there is none."""
        found = (await work.execute(select(audit).order_by(audit.c.seq.desc()).limit(1))).one_or_none()
        return None if found is None else AuditRow(**found._mapping)
