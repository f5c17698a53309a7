"""The rows of letters: one holder at a time by a lease, one ending each, and a job for each where there is a queue.

A letter that may have gone out is `unsure`: whoever claims one whose holder's lease ran out finds it so. Every change
by a holder asks in the same statement whether the claim is still the holder's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    false,
    func,
    or_,
    select,
    true,
    update,
)

from bot.store.date_rows import LetterRow, NoticeRow
from bot.store.engine import Work
from bot.store.letters_tables import OF_A_BROADCAST, letters, notices

L = letters.c
N = notices.c
TOGETHER = 500
"""Rows that one statement enters: well below what either database takes as values."""

QUEUED, SENDING = "queued", "sending"
SENT, FAILED, PERHAPS, SKIPPED = "sent", "failed", "perhaps", "skipped"
CANCELLED = "cancelled"
"""What becomes of a notice whose letter was skipped: the plan may want it again, when the date returns for example."""

STOPPED = "stopped"


class Letters:
    """Letters that survive their process. Every method raises StoreTrouble."""

    async def write(self, work: Work, rows: Sequence[LetterRow]) -> int:
        """Enter letters, with jobs for those to be sent, from their `not_before` on; returns how many are new.

        A broadcast has one letter per recipient, however often it is written.
        """
        insert = work.insert
        new: list[str] = []
        for start in range(0, len(rows), TOGETHER):
            some = [asdict(row) for row in rows[start : start + TOGETHER]]
            enter = insert(letters).values(some)
            once = enter.on_conflict_do_nothing(
                index_elements=[L.broadcast, L.recipient], index_where=OF_A_BROADCAST
            ).returning(L.id)
            new += (await work.execute(once)).scalars()
        entered = set(new)
        for hurry in (True, False):
            mine = [row for row in rows if row.id in entered and (row.broadcast is None) is hurry]
            mine = [row for row in mine if row.state == QUEUED]
            for at in sorted({row.not_before for row in mine}):
                await _enqueue(work, [row.id for row in mine if row.not_before == at], at, hurry=hurry)
        return len(new)

    async def get(self, work: Work, letter: str) -> LetterRow | None:
        """Return the letter."""
        found = (await work.execute(select(letters).where(L.id == letter))).one_or_none()
        return None if found is None else _row(found)

    async def ready(self, work: Work, letter: str) -> LetterRow | None:
        """Return the letter if it may be claimed now."""
        found = (await work.execute(select(letters).where(L.id == letter, _free(work)))).one_or_none()
        return None if found is None else _row(found)

    async def waiting(self, work: Work, limit: int, but: Collection[str] = ()) -> list[str]:
        """Return up to `limit` letters that may be claimed now, notices before broadcasts, the oldest first."""
        order = (case((L.broadcast.is_(None), 0), else_=1), L.not_before, L.id)
        found = await work.execute(
            select(L.id).where(_free(work), L.id.not_in(list(but))).order_by(*order).limit(limit)
        )
        return list(found.scalars())

    async def claim(self, work: Work, letter: str, me: str, lease: float) -> LetterRow | None:
        """Take the letter for `lease` seconds, if it may be taken now; None when it may not.

        It comes back `unsure` when an earlier holder did not say what became of it.
        """
        values = {
            "state": SENDING,
            "attempts": L.attempts + 1,
            "unsure": case((L.state == SENDING, true()), else_=L.unsure),
            "claimed_by": me,
            "lease_until": work.after(lease),
            "first_try": func.coalesce(L.first_try, work.moment, type_=L.first_try.type),
            "changed_at": work.moment,
        }
        taken = update(letters).where(L.id == letter, _free(work)).values(values).returning(letters)
        found = (await work.execute(taken)).one_or_none()
        return None if found is None else _row(found)

    async def postpone(self, work: Work, letter: str, seconds: float) -> bool:
        """Leave a letter that may be claimed now for later; one whose holder is gone stays `unsure`."""
        unsure = case((L.state == SENDING, true()), else_=L.unsure)
        return await self._later(work, and_(L.id == letter, _free(work)), letter, seconds, unsure=unsure)

    async def put_back(
        self, work: Work, held: LetterRow, seconds: float, *, unsure: bool, counted: bool, why: str = ""
    ) -> bool:
        """Give a claimed letter back, to be taken again after `seconds`; False when the claim is not ours any more.

        `unsure`: it may have arrived. `counted` is False for a try that says nothing about the letter. `why` is the
        chat's word for what keeps the app from writing at all.
        """
        attempts = L.attempts if counted else L.attempts - 1
        return await self._later(work, _held(held), held.id, seconds, unsure=unsure, attempts=attempts, why=why[:32])

    async def barred(self, work: Work) -> list[tuple[str, str, str, int]]:
        """Return what keeps letters waiting: platform, workspace, the chat's word for why, and how many letters."""
        which = (L.platform, L.workspace, L.why)
        waiting = select(*which, func.count()).where(L.state == QUEUED, L.why != "").group_by(*which).order_by(*which)
        return [(row[0], row[1], row[2], int(row[3])) for row in await work.execute(waiting)]

    async def end(
        self, work: Work, held: LetterRow, state: str, why: str = "", *, place: str = "", stamp: str = ""
    ) -> bool:
        """Enter how a claimed letter ended, with the notices that it carried; False when it was ended before.

        That it was sent is entered whoever holds it now: it is so.
        """
        ours = and_(L.id == held.id, L.state.in_([QUEUED, SENDING])) if state == SENT else _held(held)
        values = {"state": state, "why": why, "place": place, "stamp": stamp, "lease_until": None}
        done = await work.execute(update(letters).where(ours).values(**values, changed_at=work.moment))
        if done.rowcount != 1:
            return False
        # What may have been heard has its moment too: a correction may be due to it.
        sent_at = {"sent_at": work.moment} if state in {SENT, PERHAPS} else {}
        carried = and_(N.letter == held.id, N.state == QUEUED)
        change = {"state": CANCELLED, "letter": None} if state == SKIPPED else {"state": state}
        await work.execute(update(notices).where(carried).values(**change, why=why, **sent_at))
        return True

    async def carried(self, work: Work, letter: str) -> list[NoticeRow]:
        """Return the notices that the letter is to carry, the first due first."""
        carried = select(notices).where(N.letter == letter, N.state == QUEUED).order_by(N.due_at, N.id)
        return [NoticeRow(**found._mapping) for found in await work.execute(carried)]

    async def drop(self, work: Work, notice: str, why: str) -> None:
        """Take a notice out of its letter; a plan that wants it after all brings it back to life."""
        queued = and_(N.id == notice, N.state == QUEUED)
        await work.execute(update(notices).where(queued).values(state=CANCELLED, letter=None, why=why))

    async def stop_broadcast(self, work: Work, broadcast: str) -> int:
        """Skip every letter of the broadcast that nobody has taken up; returns how many."""
        # One that may be out already is looked up all the same, so that the report is true.
        waits = and_(L.broadcast == broadcast, L.state == QUEUED, L.unsure == false())
        values = {"state": SKIPPED, "why": STOPPED, "changed_at": work.moment}
        return (await work.execute(update(letters).where(waits).values(values))).rowcount

    async def requeue_failed(self, work: Work, broadcast: str) -> int:
        """Send the broadcast's failed letters again, as if never tried; `perhaps` is not repeated. Returns how many."""
        failed = and_(L.broadcast == broadcast, L.state == FAILED)
        fresh = {"state": QUEUED, "why": "", "attempts": 0, "unsure": False, "first_try": None, "claimed_by": ""}
        again = update(letters).where(failed).values(**fresh, not_before=work.moment, changed_at=work.moment)
        ids = list((await work.execute(again.returning(L.id))).scalars())
        await _enqueue(work, ids, None, hurry=False)
        return len(ids)

    async def _later(self, work: Work, when: ColumnElement[bool], letter: str, seconds: float, **values: Any) -> bool:
        values |= {"state": QUEUED, "claimed_by": "", "lease_until": None, "not_before": work.after(seconds)}
        back = update(letters).where(when).values(**values, changed_at=work.moment)
        found = (await work.execute(back.returning(L.broadcast, L.not_before))).one_or_none()
        if found is not None:
            await _enqueue(work, [letter], found.not_before, hurry=found.broadcast is None, again=True)
        return found is not None


def _free(work: Work) -> ColumnElement[bool]:
    """That nobody holds the letter now, and that it is time for it."""
    waits = and_(L.state == QUEUED, L.not_before <= work.moment)
    return or_(waits, and_(L.state == SENDING, L.lease_until <= work.moment))


def _held(held: LetterRow) -> ColumnElement[bool]:
    """That the letter is still as `held` was claimed; a later claim of the same holder is another one."""
    claim = and_(L.claimed_by == held.claimed_by, L.attempts == held.attempts)
    return and_(L.id == held.id, L.state == SENDING, claim)


def _row(found: Row[Any]) -> LetterRow:
    return LetterRow(**found._mapping)


async def _enqueue(work: Work, ids: Sequence[str], at: datetime | None, *, hurry: bool, again: bool = False) -> None:
    if work.on_server and ids:
        # Only here: whoever keeps an SQLite file never waits for the queue's import.
        from bot.store.jobs import enqueue

        await enqueue(work, ids, at=at, hurry=hurry, again=again)
