"""The letters of a broadcast to people: one statement writes them all, however many, so that they go with its move.

Ten thousand rows made one by one would take longer than a unit of work may.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, false, func, literal, select
from sqlalchemy.sql.selectable import Subquery

from bot.store.audiences import AudienceAsked, audience
from bot.store.engine import Work
from bot.store.letters_tables import letters

JOBS = 1000
"""Letters that get their job on PostgreSQL in the unit of work that writes them; Queue.rescue makes those of the rest.

Asking for a job takes longer than writing the row, and sending takes longer than either: before these are sent, the
others have theirs.
"""
AT_ONCE = 100
"""Jobs that are asked for together, so that the loop is not held for long."""

QUEUED, SKIPPED = "queued", "skipped"


async def address(work: Work, asked: AudienceAsked, broadcast: str) -> int:
    """Write a letter of `broadcast`, which has none yet, for everybody in the audience; returns how many are to go.

    Who is passed over gets one as well, skipped, with why. Raises StoreTrouble.
    """
    chosen = audience(asked).subquery()
    rows = _rows(work, asked, broadcast, chosen)
    names = [column.name for column in rows.selected_columns]
    written = letters.insert().from_select(names, rows).returning(letters.c.id, letters.c.state)
    to_send = [row.id for row in await work.execute(written) if row.state == QUEUED]
    if work.on_server and to_send:
        # Only here: whoever keeps an SQLite file never waits for the queue's import.
        from bot.store.jobs import enqueue

        for start in range(0, min(JOBS, len(to_send)), AT_ONCE):
            await enqueue(work, to_send[start : min(JOBS, start + AT_ONCE)], hurry=False)
    return len(to_send)


def _rows(work: Work, asked: AudienceAsked, broadcast: str, chosen: Subquery) -> Select[Any]:
    why = chosen.c.why
    values: dict[str, ColumnElement[Any]] = {
        "id": _fresh_id(work),
        "platform": literal(asked.platform),
        "workspace": literal(asked.workspace),
        "recipient": chosen.c.person,
        "kind": literal("person"),
        "broadcast": literal(broadcast),
        "state": case((why == "", QUEUED), else_=SKIPPED),
        "attempts": literal(0),
        "unsure": false(),
        "claimed_by": literal(""),
        "not_before": work.moment,
        "place": literal(""),
        "stamp": literal(""),
        "why": why,
        "created_at": work.moment,
        "changed_at": work.moment,
    }
    return select(*(value.label(name) for name, value in values.items()))


def _fresh_id(work: Work) -> ColumnElement[str]:
    """An id for each row, made by the database: 32 hexadecimal digits."""
    if work.on_server:
        return func.replace(cast(func.gen_random_uuid(), String), "-", "")
    return func.lower(func.hex(func.randomblob(16)))
