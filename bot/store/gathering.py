"""Due notices put into letters: all that one person is due becomes one letter (design 7, the digest)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, select, tuple_, update

from bot.store.date_rows import LetterRow
from bot.store.dates_tables import people
from bot.store.engine import Work
from bot.store.letters import Letters
from bot.store.letters_tables import notices
from bot.store.people import reached

N = notices.c
P = people.c
GATHERING = 5_702_183_646_023
"""The advisory lock under which one replica at a time gathers; the number means nothing."""


class Gathering:
    """Letters out of notices. Every method raises StoreTrouble."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    async def gather(self, work: Work, new_id: Callable[[], str], most: int) -> int:
        """Write one letter for each of up to `most` people who are due something; returns how many letters.

        0 as well while another replica does it. Whoever is gone is passed over.
        """
        if work.on_server and not (await work.execute(select(func.pg_try_advisory_xact_lock(GATHERING)))).scalar_one():
            return 0
        due = and_(N.state == "planned", N.due_at <= work.moment)
        whom = await self._whom(work, due, most)
        if not whom:
            return 0
        now = (await work.execute(select(work.moment))).scalar_one()
        ids = {(row.platform, row.workspace, row.person): new_id() for row in whom}
        written = [
            LetterRow(id, platform, workspace, person, "person", now, now, now)
            for (platform, workspace, person), id in ids.items()
        ]
        await self._letters.write(work, written)
        theirs = tuple_(N.platform, N.workspace, N.person).in_(list(ids))
        found = await work.execute(select(N.id, N.platform, N.workspace, N.person).where(due, theirs).order_by(N.id))
        into = [{"notice": row.id, "into": ids[(row.platform, row.workspace, row.person)]} for row in found]
        # A plan may cancel one of them at this very moment: then it stays cancelled.
        carry = update(notices).where(N.id == bindparam("notice"), N.state == "planned")
        await work.execute_each(carry.values(state="queued", letter=bindparam("into")), into)
        return len(written)

    async def _whom(self, work: Work, due: Any, most: int) -> Sequence[Row[Any]]:
        """The people who are due something, whoever waits longest first."""
        person = and_(P.platform == N.platform, P.workspace == N.workspace, P.person == N.person)
        waiting = select(N.platform, N.workspace, N.person).select_from(notices.outerjoin(people, person))
        grouped = waiting.where(due, reached(work)).group_by(N.platform, N.workspace, N.person)
        first = grouped.order_by(func.min(N.due_at), N.platform, N.workspace, N.person).limit(most)
        return (await work.execute(first)).all()
