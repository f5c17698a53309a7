"""Rows for the tests of the store."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.store import AnswerRow, AttemptRow, Attempts, EventRow, Events, Store


def attempt(owner: str = "one", **values: Any) -> AttemptRow:
    """A running attempt of Harper's at gasb; its lease holds for a minute."""
    now = datetime.now(UTC)
    given: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "incident": "K7-1234",
        "platform": "slack",
        "workspace": "T0FIRM",
        "person": "U0HARPER",
        "court": "gasb",
        "owner": owner,
        "lease_until": now + timedelta(seconds=60),
        "started_at": now,
        "changed_at": now,
    }
    return AttemptRow(**{**given, **values})


def answer(row: AttemptRow, number: int = 1, **values: Any) -> AnswerRow:
    """Harper's yes to a question of `row`; it holds for a minute."""
    now = datetime.now(UTC)
    given: dict[str, Any] = {"kind": "confirm", "link": True, "by": "U0HARPER", "at": now}
    given["expires_at"] = now + timedelta(seconds=60)
    return AnswerRow(row.id, number, **{**given, **values})


async def entered(store: Store, owner: str = "one", **values: Any) -> AttemptRow:
    """Enter an attempt and return it as it stands."""
    async with store.work() as work:
        row, joined = await Attempts().open(work, attempt(owner, **values))
    assert not joined
    return row


async def standing(store: Store, attempt_id: str) -> AttemptRow:
    """The row as it stands now."""
    async with store.work() as work:
        row = await Attempts().get(work, attempt_id)
    assert row is not None
    return row


async def event(store: Store, **values: Any) -> EventRow:
    """Enter a go-live of gasb on the day of the guide and return it."""
    given: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "court": "gasb",
        "kind": "nextgen_go_live",
        "status": "announced",
        "changed_at": datetime.now(UTC),
        "day": "2027-03-08",
    }
    row = EventRow(**{**given, **values})
    async with store.work() as work:
        assert await Events().add(work, row)
    return row
