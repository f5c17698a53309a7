"""Links to the private page: made, looked at, taken by one, and forgotten; every change is one statement."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update

from bot.store.engine import Work
from bot.store.rows import PageRow
from bot.store.tables import pages

P = pages.c


class Took(StrEnum):
    """What became of a try to take a link."""

    WON = "won"
    """The link is used, by this try and no other."""
    LEFT = "left"
    """The code was right; the link stays as it was, because taking it was not asked for."""
    WRONG_CODE = "wrong_code"
    NOT_OPEN = "not_open"
    """It is unknown, used, replaced, dead or expired; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a try, and how many wrong codes the link has seen by now."""

    took: Took
    wrong_codes: int = 0


class PageLinks:
    """The links. Every method raises StoreTrouble."""

    async def add(self, work: Work, row: PageRow, *, at_most: int) -> bool:
        """Keep `row` in place of the open link of its person to the same; False when the person has `at_most` already.

        Counted is what has not expired and was not used. On the server a person's links are made one after the other.
        """
        if work.on_server:
            key = int.from_bytes(hashlib.sha256(repr(_owner(row)).encode()).digest()[:8], "big", signed=True)
            await work.execute(select(func.pg_advisory_xact_lock(key)))
        mine = and_(P.platform == row.platform, P.workspace == row.workspace, P.person == row.person)
        fresh = select(func.count()).where(mine, P.expires_at > work.moment, P.state != "used")
        if (await work.execute(fresh)).scalar_one() >= at_most:
            return False
        same = and_(
            P.court.is_not_distinct_from(row.court),
            P.attempt.is_not_distinct_from(row.attempt),
            P.number.is_not_distinct_from(row.number),
        )
        await work.execute(update(pages).where(mine, same, P.state == "open").values(state="replaced"))
        await work.execute(insert(pages).values(**asdict(row)))
        return True

    async def find(self, work: Work, token_hash: str) -> tuple[PageRow, bool] | None:
        """Return the link, and whether it has not expired yet; None when there is none."""
        fresh = (P.expires_at > work.moment).label("fresh")
        found = (await work.execute(select(pages, fresh).where(P.token_hash == token_hash))).one_or_none()
        if found is None:
            return None
        values = dict(found._mapping)
        is_fresh = bool(values.pop("fresh"))
        return PageRow(**values), is_fresh

    async def take(self, work: Work, token_hash: str, code_hash: str, *, tries: int, whole: bool) -> Taken:
        """Judge the code and, when it is right and `whole` says that all else is well, use the link: one statement.

        So of any number of tries at once one wins, and no more than `tries` wrong codes are ever judged; with the last
        of them the link is dead.
        """
        right = P.code_hash == code_hash
        last = P.wrong_codes + 1 >= tries
        rightly = "used" if whole else "open"
        change = (
            update(pages)
            .where(_open(work, token_hash), P.wrong_codes < tries)
            .values(
                state=case((right, rightly), (last, "dead"), else_="open"),
                wrong_codes=case((right, P.wrong_codes), else_=P.wrong_codes + 1),
            )
            .returning(P.wrong_codes, right.label("right"))
        )
        found = (await work.execute(change)).one_or_none()
        if found is None:
            return Taken(Took.NOT_OPEN)
        if not found.right:
            return Taken(Took.WRONG_CODE, found.wrong_codes)
        return Taken(Took.WON if whole else Took.LEFT, found.wrong_codes)

    async def give_back(self, work: Work, token_hash: str) -> None:
        """Open a used link again: for the one who won it and could do nothing with it."""
        which = and_(P.token_hash == token_hash, P.state == "used")
        await work.execute(update(pages).where(which).values(state="open"))

    async def forget(self, work: Work, platform: str, workspace: str) -> int:
        """Delete every link of a workspace, whatever became of it; returns how many."""
        theirs = and_(P.platform == platform, P.workspace == workspace)
        return (await work.execute(delete(pages).where(theirs))).rowcount

    async def purge(self, work: Work, before: datetime) -> int:
        """Delete the links that expired before `before`, used or not; returns how many."""
        return (await work.execute(delete(pages).where(P.expires_at < before))).rowcount


def _open(work: Work, token_hash: str) -> ColumnElement[bool]:
    return and_(P.token_hash == token_hash, P.state == "open", P.expires_at > work.moment)


def _owner(row: PageRow) -> tuple[str, str, str]:
    return row.platform, row.workspace, row.person
