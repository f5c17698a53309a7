"""The rows of attempts: one running per person and court, one owner at a time, one way into the final Submit.

An owner holds a row by a lease. Every change asks in its own statement whether the row is still the owner's, so that an
owner whose row another replica has taken changes nothing when it wakes up (design 6). No change asks the clock: a lease
that nobody has taken over is still its owner's, however late it is renewed and however far a clock was moved.
Whether a lease stands still is for `bot.attempts.lease_watch` to say, which measures it with its own monotonic time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, false, or_, select, true, update

from bot.errors import StoreBusy
from bot.store.engine import Work
from bot.store.rows import UNCHANGED, Asked, AttemptRow, JsonObject, LeaseSeen, Unchanged
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
        """Enter that what may link goes out now: True only for the holder of a running attempt, and only once.

        `until` renews the lease in the same statement, so that nobody takes over what may still leave. The "go" is
        given after this was committed, never before, and not at all when the commit was not answered.
        """
        lease = {} if until is None else {"lease_until": until}
        return await self._change(work, attempt, owner, A.state == "running", state=SUBMITTING, **lease)

    async def not_linked_yet(self, work: Work, attempt: str, owner: str) -> bool:
        """Enter that what went out has not linked: the court shows both accounts first, and asks."""
        return await self._change(work, attempt, owner, A.state == SUBMITTING, state="running")

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
        instead_of: Collection[str] = (),
    ) -> bool:
        """Enter the ending and free the court's slot; False when somebody else has ended it.

        An ending that stands is replaced when its code is in `instead_of`, whoever entered it: the row is `owner`'s
        again then, and the new ending is still to be told. `until` gives `owner` the time to tell the person.
        """
        values = {
            "state": ENDED,
            "code": code,
            "detail": detail,
            "evidence": None if evidence is None else dict(evidence),
            "owner": owner,
            "ending_told": false(),
        }
        closed = {"question": None, "question_until": None}
        lease = {} if until is None else {"lease_until": until}
        ours = and_(A.owner == owner, A.state != ENDED)
        doubted = and_(A.state == ENDED, A.code.in_(list(instead_of)))
        statement = update(attempts).where(A.id == attempt, or_(ours, doubted))
        done = (await work.execute(statement.values(**_changed(work, **values, **closed, **lease)))).rowcount == 1
        if done:
            await _leave_nothing(work, [attempt])
        return done

    async def renew(self, work: Work, owner: str, ids: Collection[str], until: datetime) -> set[str]:
        """Hold these rows until `until`; returns those that are still `owner`'s, however late that is."""
        held = and_(A.id.in_(list(ids)), A.owner == owner)
        # Counted, so that a renewal is seen even while the wall clock stands still.
        values = {"lease_until": until, "version": A.version + 1}
        found = await work.execute(update(attempts).where(held).values(values).returning(A.id))
        return set(found.scalars())

    async def leases(self, work: Work, besides: Collection[str]) -> list[LeaseSeen]:
        """Return the lease of every attempt that runs or whose ending is untold, but for the ids in `besides`."""
        open_ones = or_(A.state != ENDED, and_(A.state == ENDED, A.ending_told == false()))
        asked = select(A.id, A.owner, A.version, A.lease_until).where(open_ones).order_by(A.changed_at)
        return [LeaseSeen(*found) for found in await work.execute(asked) if found.id not in besides]

    async def take_over(self, work: Work, me: str, until: datetime, lapsed: Sequence[LeaseSeen]) -> list[AttemptRow]:
        """End those of `lapsed` that were not renewed since, each by one replica, free their slots, and return them.

        Before the final Submit the ending is `interrupted` (nothing was changed at the court), after it
        `outcome_unknown`. The rows are `me`'s until `until`, for telling their people.
        """
        code = case((A.state == SUBMITTING, OUTCOME_UNKNOWN), else_=INTERRUPTED)
        ending = {"owner": me, "lease_until": until, "code": code, "state": ENDED}
        closed = {"question": None, "question_until": None}
        rows = await self._claim(work, A.state != ENDED, lapsed, **ending, **closed)
        if rows:
            await _leave_nothing(work, [row.id for row in rows])
        return rows

    async def untold(self, work: Work, me: str, until: datetime, lapsed: Sequence[LeaseSeen]) -> list[AttemptRow]:
        """Claim those of `lapsed` that are endings which nobody is telling, each for one replica, until `until`."""
        waiting = and_(A.state == ENDED, A.ending_told == false())
        return await self._claim(work, waiting, lapsed, owner=me, lease_until=until)

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
        """Change the row in one statement, if it is `owner`'s and `when` is so."""
        held = and_(A.id == attempt, A.owner == owner, when)
        done = await work.execute(update(attempts).where(held).values(**_changed(work, **values)))
        return done.rowcount == 1

    async def _claim(
        self, work: Work, when: ColumnElement[bool], lapsed: Sequence[LeaseSeen], **values: Any
    ) -> list[AttemptRow]:
        """Change the rows of `lapsed` for which `when` is so and whose lease is still the one that was seen."""
        rows: list[AttemptRow] = []
        for seen in lapsed:
            same = and_(A.owner == seen.owner, A.version == seen.version, A.lease_until == seen.until)
            claim = update(attempts).where(A.id == seen.attempt, same, when).values(**_changed(work, **values))
            rows += [_row(found) for found in await work.execute(claim.returning(attempts))]
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
