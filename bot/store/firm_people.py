"""Who the firm says its people are: the roster that an admin loaded, and the admins themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, and_, delete, func, select, update

from bot.people import Person
from bot.store.date_rows import AdminRow, RosterRow
from bot.store.dates_tables import admins, roster
from bot.store.engine import Work
from bot.store.people import is_of

ENTERING = 0x6C696E6B_61646D6E
"""The advisory lock under which first admins are entered on PostgreSQL; the number means nothing."""

WAITING = "waiting"
"""The `why` of a line of the roster that nobody looked up yet."""


class RosterRows:
    """The roster of each workspace, a line per e-mail address. Every method raises StoreTrouble."""

    async def list(self, work: Work, platform: str, workspace: str) -> tuple[RosterRow, ...]:
        """Return the lines, by e-mail address."""
        asked = select(roster).where(_at(roster, platform, workspace)).order_by(roster.c.email)
        return tuple(_line(row) for row in await work.execute(asked))

    async def of_people(
        self, work: Work, platform: str, workspace: str, people: Collection[str]
    ) -> tuple[RosterRow, ...]:
        """Return the lines of these people; one with two addresses has two."""
        theirs = and_(_at(roster, platform, workspace), roster.c.person.in_(list(people)))
        return tuple(_line(row) for row in await work.execute(select(roster).where(theirs)))

    async def put(self, work: Work, rows: Sequence[RosterRow]) -> None:
        """Keep these lines, each in place of the one with its e-mail address."""
        insert = work.insert
        line = insert(roster)
        place = [column.name for column in roster.primary_key]
        changed = {column.name: line.excluded[column.name] for column in roster.c if column.name not in place}
        values = [{**asdict(row), "courts": list(row.courts)} for row in rows]
        await work.execute_each(line.on_conflict_do_update(index_elements=place, set_=changed), values)

    async def places(self, work: Work) -> tuple[tuple[str, str], ...]:
        """Return every platform and workspace with a line whose person is not known."""
        asked = select(roster.c.platform, roster.c.workspace).where(roster.c.person.is_(None)).distinct()
        return tuple((row.platform, row.workspace) for row in await work.execute(asked))

    async def unmatched(
        self, work: Work, platform: str, workspace: str, *, waiting: bool, after: str = "", limit: int = 50
    ) -> tuple[RosterRow, ...]:
        """Return lines whose person is not known, by e-mail address, from beyond the address `after`.

        `waiting`: those that were not looked up yet; else those that were, in vain.
        """
        fresh = roster.c.why == WAITING
        lost = and_(_at(roster, platform, workspace), roster.c.person.is_(None), fresh if waiting else ~fresh)
        asked = select(roster).where(lost, roster.c.email > after).order_by(roster.c.email).limit(limit)
        return tuple(_line(row) for row in await work.execute(asked))

    async def settle(self, work: Work, row: RosterRow, person: str | None, why: str) -> bool:
        """Keep who was found for a line, or why nobody; False when the line was loaded anew meanwhile, or taken out."""
        here = and_(_at(roster, row.platform, row.workspace), roster.c.email == row.email)
        as_it_was = and_(here, roster.c.loaded_at == row.loaded_at, roster.c.person.is_(None))
        return (await work.execute(update(roster).where(as_it_was).values(person=person, why=why))).rowcount == 1

    async def remove(self, work: Work, platform: str, workspace: str, emails: Sequence[str]) -> int:
        """Take these lines out; returns how many there were."""
        which = and_(_at(roster, platform, workspace), roster.c.email.in_(emails))
        return (await work.execute(delete(roster).where(which))).rowcount


class Removal(StrEnum):
    """What came of taking an admin out."""

    DONE = "done"
    NO_ADMIN = "no_admin"
    """That person is none."""
    LAST = "last"
    """Nobody would be left who may make an admin."""


class Admins:
    """The admins of each workspace. Every method raises StoreTrouble."""

    async def is_admin(self, work: Work, who: Person) -> bool:
        """Tell whether the person is an admin now."""
        return (await work.execute(select(admins.c.person).where(is_of(admins, who)))).one_or_none() is not None

    async def list(self, work: Work, platform: str, workspace: str) -> tuple[AdminRow, ...]:
        """Return the admins, those longest in office first."""
        asked = select(admins).where(_at(admins, platform, workspace)).order_by(admins.c.at, admins.c.person)
        return tuple(AdminRow(**row._mapping) for row in await work.execute(asked))

    async def add(self, work: Work, row: AdminRow) -> bool:
        """Make the person an admin; False when they were one."""
        insert = work.insert
        enter = insert(admins).values(**asdict(row)).on_conflict_do_nothing().returning(admins.c.person)
        return (await work.execute(enter)).one_or_none() is not None

    async def places(self, work: Work, platform: str) -> frozenset[str]:
        """Return the workspaces that have an admin."""
        asked = select(admins.c.workspace).where(admins.c.platform == platform).distinct()
        return frozenset(row.workspace for row in await work.execute(asked))

    async def alone(self, work: Work) -> None:
        """Let nobody else enter first admins from here to the end of `work`, in any workspace; on SQLite nobody can."""
        if work.on_server:
            await work.execute(select(func.pg_advisory_xact_lock(ENTERING)))

    async def remove(self, work: Work, who: Person) -> Removal:
        """Take the person out, unless nobody would be left; of two who take out each other one succeeds."""
        at = _at(admins, who.platform.value, who.workspace)
        # Whoever comes second waits here, and counts what the first has left.
        held = await work.execute(select(admins.c.person).where(at).order_by(admins.c.person).with_for_update())
        held.close()
        everybody = _at(admins.alias("everybody"), who.platform.value, who.workspace)
        count = select(func.count()).where(everybody).scalar_subquery()
        gone = delete(admins).where(is_of(admins, who), count > 1)
        if (await work.execute(gone)).rowcount == 1:
            return Removal.DONE
        return Removal.LAST if await self.is_admin(work, who) else Removal.NO_ADMIN


def _at(table: FromClause, platform: str, workspace: str) -> ColumnElement[bool]:
    return and_(table.c.platform == platform, table.c.workspace == workspace)


def _line(row: Row[Any]) -> RosterRow:
    values = dict(row._mapping)
    return RosterRow(**{**values, "courts": tuple(values["courts"])})
