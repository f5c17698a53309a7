"""One of several processes that want the same things of one database at once; prints what it got as JSON."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.clock import SystemClock
from bot.store import Attempts, Audit, Slots, Store
from tests.store.stage import attempt


async def race(address: str, rounds: int) -> dict[str, list[str]]:
    """Open an attempt, begin its Submit, take a slot and write a line of the audit, `rounds` times."""
    store = await Store.open(address, SystemClock())
    me, got = str(os.getpid()), {"opened": [""], "submits": [""], "slots": [""]}
    for values in got.values():
        values.clear()
    for n in range(rounds):
        court = f"court {n}"
        async with store.work() as work:
            row, joined = await Attempts().open(work, attempt(me, court=court))
        async with store.work() as work:
            # As an owner would that was frozen and thawed: under the owner's name, whoever opened it.
            begun = await Attempts().begin_submit(work, row.id, row.owner)
            until = datetime.now(UTC) + timedelta(seconds=60)
            place = await Slots().take(work, court, f"{me} {n}", me, until, 1)
            await Audit().append(work, until, court, lambda seq, before, entry: sha256(before.encode()).hexdigest())
        got["opened"] += [] if joined else [court]
        got["submits"] += [court] if begun else []
        got["slots"] += [court] if place == 0 else []
    await store.close()
    return got


if __name__ == "__main__":
    print(json.dumps(asyncio.run(race(sys.argv[1], int(sys.argv[2])))))
