"""Several processes on one database: each thing that exists once is got by one of them."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from bot.clock import SystemClock
from bot.store import Audit, Store

ROUNDS = 15
PROCESSES = 3


async def test_every_race_between_processes_has_one_winner(address: str, root: Path) -> None:
    async def racer() -> dict[str, list[str]]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.store.racer", address, str(ROUNDS), cwd=root, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        assert process.returncode == 0
        got: dict[str, list[str]] = json.loads(said)
        return got

    found = await asyncio.gather(*(racer() for _ in range(PROCESSES)))
    courts = sorted(f"court {n}" for n in range(ROUNDS))
    for prize in ("opened", "submits", "slots"):
        assert sorted(court for got in found for court in got[prize]) == courts, prize
    store = await Store.open(address, SystemClock())
    async with store.work() as work:
        lines = await Audit().since(work, 0, 1000)
    await store.close()
    assert [line.seq for line in lines] == list(range(1, ROUNDS * PROCESSES + 1))
