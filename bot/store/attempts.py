"""The rows of attempts: one running per person and court, one owner at a time, one way into the final Submit.

An owner holds a row by a lease. Every change asks for the lease in the same statement that makes the change, so that an
owner who was frozen past it and wakes up changes nothing (design 6).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, false, or_, select, true, update

from bot.errors import StoreBusy
from bot.store.engine import Work
from bot.store.rows import UNCHANGED, Asked, AttemptRow, JsonObject, Unchanged
from bot.store.tables import RUNNING, answers, attempts, court_queue, slots

A = attempts.c
ENDED = "ended"
SUBMITTING = "submitting"
INTERRUPTED = "interrupted"
OUTCOME_UNKNOWN = "outcome_unknown"
TRIES = 3


class Attempts:
    """Attempts that survive their process. Every method raises StoreTrouble."""

    async def open(self, work: Work, row: AttemptRow) -> tuple[AttemptRow, bool]:
        """Enter `row`, or join: returns the row that runs for this person at this court, and True when it was there.

        A row whose owner is gone is joined as well: `take_over` ends it, nobody else.
        """
        insert = work.insert
        place = [A.platform, A.workspace, A.person, A.court]
        enter = insert(attempts).on_conflict_do_nothing(index_elements=place, index_where=RUNNING).returning(attempts)
        running = (
            A.platform == row.platform,
            A.workspace == row.workspace,
            A.person == row.person,
            A.court == row.court,
            A.state != ENDED,
        )
        for _ in range(TRIES):
            entered = (await work.execute(enter.values(**_values(row)))).one_or_none()
            if entered is not None:
                return _row(entered), False
            found = (await work.execute(select(attempts).where(*running))).one_or_none()
            if found is not None:
                return _row(found), True
            # It ended between the two statements; the place is free now.
        raise StoreBusy

    async def save(
        self,
        work: Work,
        attempt: str,
        owner: str,
        *,
        told: Sequence[JsonObject] | None = None,
        question: Asked | Unchanged | None = UNCHANGED,
    ) -> bool:
        """Enter all that was told so far and the open question (None: there is none any more).

        False when `owner` does not hold the row any more: then nothing was changed.
        """
        values: dict[str, Any] = {}
        if told is not None:
            values["told"] = list(told)
        if isinstance(question, Asked):
            values |= {"question_number": question.number, "question": dict(question.question)}
            values["question_until"] = question.until
        elif question is None:
            values |= {"question": None, "question_until": None}
        return await self._change(work, attempt, owner, A.state != ENDED, **values)

    async def begin_submit(self, work: Work, attempt: str, owner: str, until: datetime | None = None) -> bool:
        """Enter that the final Submit may go out now: True only for the holder of a running attempt, and only once.

        `until` makes the lease longer in the same statement, so that nobody takes over what may still leave. The "go"
        is given after this was committed, never before, and not at all when the commit was not answered.
        """
        lease = {} if until is None else {"lease_until": until}
        return await self._change(work, attempt, owner, A.state == "running", state=SUBMITTING, **lease)

    async def end(
        self,
        work: Work,
        attempt: str,
        owner: str,
        code: str,
        detail: str = "",
        evidence: JsonObject | None = None,
        *,
        until: datetime | None = None,
    ) -> bool:
        """Enter the ending and free the court's slot; False when somebody else has ended it.

        Unlike every other change this one does not need a lease that still holds: the owner alone knows how the attempt
        ended, and a take-over makes another one the owner. `until` gives `owner` the time to tell the person.
        """
        values = {
            "state": ENDED,
            "code": code,
            "detail": detail,
            "evidence": None if evidence is None else dict(evidence),
        }
        closed = {"question": None, "question_until": None}
        lease = {} if until is None else {"lease_until": until}
        ours = and_(A.id == attempt, A.owner == owner, A.state != ENDED)
        statement = update(attempts).where(ours).values(**_changed(work, **values, **closed, **lease))
        done = (await work.execute(statement)).rowcount == 1
        if done:
            await _leave_nothing(work, [attempt])
        return done

    async def renew(self, work: Work, owner: str, ids: Collection[str], until: datetime) -> set[str]:
        """Hold these rows until `until`; returns those that are still `owner`'s. A lease that ran out stays lost."""
        held = and_(A.id.in_(list(ids)), A.owner == owner, A.lease_until > work.moment)
        found = await work.execute(update(attempts).where(held).values(lease_until=until).returning(A.id))
        return set(found.scalars())

    async def take_over(self, work: Work, me: str, until: datetime, limit: int = 50) -> list[AttemptRow]:
        """End what others left behind, each row by one replica, free its slots, and return it to be told about.

        Before the final Submit the ending is `interrupted` (nothing was changed at the court), after it
        `outcome_unknown`. The rows are `me`'s until `until`, for telling their people.
        """
        code = case((A.state == SUBMITTING, OUTCOME_UNKNOWN), else_=INTERRUPTED)
        left = and_(A.state != ENDED, A.lease_until <= work.moment)
        rows = await self._claim(
            work, left, limit, owner=me, lease_until=until, code=code, state=ENDED, question=None, question_until=None
        )
        if rows:
            await _leave_nothing(work, [row.id for row in rows])
        return rows

    async def untold(self, work: Work, me: str, until: datetime, limit: int = 50) -> list[AttemptRow]:
        """Claim endings that nobody is telling, each for one replica, until `until`."""
        waiting = and_(A.state == ENDED, A.ending_told == false(), A.lease_until <= work.moment)
        return await self._claim(work, waiting, limit, owner=me, lease_until=until)

    async def told_ending(self, work: Work, attempt: str) -> bool:
        """Enter that the person has heard the ending; False when that was entered before."""
        untold = and_(A.id == attempt, A.state == ENDED, A.ending_told == false())
        done = await work.execute(update(attempts).where(untold).values(**_changed(work, ending_told=true())))
        return done.rowcount == 1

    async def place_shown(self, work: Work, attempt: str, chat: JsonObject) -> bool:
        """Enter where the attempt is shown, so that any replica finds the message again."""
        done = await work.execute(update(attempts).where(A.id == attempt).values(**_changed(work, chat=dict(chat))))
        return done.rowcount == 1

    async def get(self, work: Work, attempt: str) -> AttemptRow | None:
        """Return the row."""
        found = (await work.execute(select(attempts).where(A.id == attempt))).one_or_none()
        return None if found is None else _row(found)

    async def of_person(
        self, work: Work, platform: str, workspace: str, person: str, since: datetime
    ) -> list[AttemptRow]:
        """Return this person's attempts that run or were started at `since` or later, newest first."""
        theirs = and_(A.platform == platform, A.workspace == workspace, A.person == person)
        lately = or_(A.state != ENDED, A.started_at >= since)
        newest_first = select(attempts).where(theirs, lately).order_by(A.started_at.desc(), A.id)
        return [_row(found) for found in await work.execute(newest_first)]

    async def purge(self, work: Work, before: datetime) -> int:
        """Delete attempts that ended, were told, and have not changed since `before`; returns how many."""
        old = and_(A.state == ENDED, A.ending_told == true(), A.changed_at < before)
        return (await work.execute(delete(attempts).where(old))).rowcount

    async def _change(self, work: Work, attempt: str, owner: str, when: ColumnElement[bool], **values: Any) -> bool:
        """Change the row in one statement, if `owner` holds it and `when` is so."""
        held = and_(A.id == attempt, A.owner == owner, A.lease_until > work.moment, when)
        done = await work.execute(update(attempts).where(held).values(**_changed(work, **values)))
        return done.rowcount == 1

    async def _claim(self, work: Work, when: ColumnElement[bool], limit: int, **values: Any) -> list[AttemptRow]:
        """Change up to `limit` rows for which `when` is so, passing over those that another replica claims now."""
        oldest = select(A.id).where(when).order_by(A.changed_at).limit(limit)
        picked = oldest.with_for_update(skip_locked=True).cte("picked")
        claim = update(attempts).where(A.id.in_(select(picked.c.id))).values(**_changed(work, **values))
        rows = [_row(found) for found in await work.execute(claim.returning(attempts))]
        return sorted(rows, key=lambda row: (row.started_at, row.id))


def _changed(work: Work, **values: Any) -> dict[str, Any]:
    return {**values, "changed_at": work.moment, "version": A.version + 1}


def _values(row: AttemptRow) -> dict[str, Any]:
    return {**asdict(row), "told": list(row.told)}


def _row(found: Row[Any]) -> AttemptRow:
    values = dict(found._mapping)
    return AttemptRow(**{**values, "told": tuple(values["told"])})


async def _leave_nothing(work: Work, ids: Collection[str]) -> None:
    """Free the courts' slots and places of ended attempts, and drop answers that nobody waits for."""
    for table in (slots, court_queue, answers):
        await work.execute(delete(table).where(table.c.attempt.in_(list(ids))))
