"""`python -m tests.delivery`: 10,000 notices through kills, a crashed database and a bad chat; 0 lost, 0 doubled."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.reminders.delivery.rates import Rates
from bot.store import upgrade
from tests.delivery.run import FAULTS, Figures, Trial, run
from tests.postgres import Server


async def on_server(trial: Trial) -> Figures:
    """Try it on a PostgreSQL that writes to its disk."""
    with Server(durable=True) as server:
        address = server.address(server.database())
        await asyncio.to_thread(upgrade, address)
        return await run(trial, address, server)


async def on_file(trial: Trial) -> Figures:
    """Try it on an SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'link-ecf.db'}"
        await asyncio.to_thread(upgrade, address)
        return await run(trial, address)


POLITE = Trial(150, limits={"workspace": 5.0, "channel": 1.0}, rates=Rates(), patience=120.0)
"""At the rates of the service, against a chat that refuses whatever is above them; nothing else goes wrong."""


async def everything(count: int, seed: int) -> int:
    """Try all of it, print the figures, and return how many went wrong."""
    wrong = 0
    bad = Trial(count, kills=10, faults=FAULTS, seed=seed)
    for name, tried in (
        ("PostgreSQL, 3 replicas", on_server(replace(bad, replicas=3, crashes=1))),
        ("SQLite, 1 replica", on_file(bad)),
        ("PostgreSQL, 3 replicas, nothing fails", on_server(Trial(count, replicas=3))),
        ("SQLite, 1 replica, nothing fails", on_file(Trial(count))),
        ("SQLite, at the limit of the chat", on_file(POLITE)),
        ("PostgreSQL, 3 replicas, at the limit of the chat", on_server(replace(POLITE, replicas=3))),
    ):
        figures = await tried
        refused = figures.chat.get("429 for its limits", 0)
        fails = bool(figures.lost or figures.doubled or refused)
        wrong += fails
        print(f"{'WRONG ' if fails else ''}{name}: {figures}", flush=True)
    return wrong


def main() -> int:
    """Read how many; 0 when nothing was lost or doubled."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--notices", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = asked.parse_args()
    print(f"seed {given.seed}", flush=True)
    return min(1, asyncio.run(everything(given.notices, given.seed)))


if __name__ == "__main__":
    sys.exit(main())
