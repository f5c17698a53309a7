"""Delivers N notices by several replicas to the pretend Slack, kills them at random, and counts what arrived."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.errors import StoreTrouble
from bot.reminders.delivery.rates import Rates
from bot.store import NoticeRow, PersonRow, Store
from bot.store.dates_tables import events, people, watches
from bot.store.letters_tables import letters, notices
from tests.postgres import Server

ROOT = Path(__file__).resolve().parents[2]
TEAM = "T1"
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
OPEN = ("planned", "queued", "sending")
FAULTS = {
    "reply lost": 0.02,
    "reply late": 0.002,
    "500 after": 0.005,
    "500 before": 0.01,
    "429": 0.003,
    "history": 0.02,
}
"""The share of posts that go wrong in each way, and of look-ups that do."""

FAST = Rates(
    per_second=500.0,
    lookups_per_minute=30_000.0,
    lease=6.0,
    patience=3.0,
    farthest=2.0,
    settling=1.0,
    unsure_for=120.0,
    unsent_for=600.0,
)
"""Only the pretend Slack's limits count here; a lease is as short as a replica's start on a busy machine allows."""


@dataclass(frozen=True)
class Trial:
    """What is tried: so many notices and replicas, kills, a crash of the database, faults, limits of the chat."""

    notices: int
    replicas: int = 1
    kills: int = 0
    crashes: int = 0
    faults: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    rates: Rates = FAST
    seed: int = 1
    patience: float = 1800.0


@dataclass(frozen=True)
class Figures:
    """What came of it: notices lost or doubled, and how it went."""

    notices: int
    letters: int
    seconds: float
    states: Mapping[str, int]
    lost: int
    doubled: int
    kills: int
    crashes: int
    chat: Mapping[str, int]

    def __str__(self) -> str:
        said = f"{self.notices} notices in {self.letters} letters, {self.seconds:.1f} s"
        said += f" ({self.notices / self.seconds:.0f}/s), {self.kills} kills, {self.crashes} crashes of the database:"
        said += f" {self.lost} lost, {self.doubled} doubled; states {dict(self.states)}"
        return f"{said}; the chat: {dict(self.chat)}"


class Slack:
    """The pretend Slack's process, as the trial speaks to it."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = address
        self._session = session

    async def behave(self, trial: Trial, *, faults: bool = True) -> None:
        """Set it up."""
        asked = {"faults": dict(trial.faults) if faults else {}, "limits": dict(trial.limits), "seed": trial.seed}
        async with self._session.post(f"{self.address}/faults", json=asked) as answer:
            assert answer.status == 200

    async def figures(self) -> dict[str, Any]:
        """What it has seen."""
        async with self._session.get(f"{self.address}/figures") as answer:
            told: dict[str, Any] = await answer.json()
        return told


@asynccontextmanager
async def pretend_slack() -> AsyncIterator[Slack]:
    """The pretend Slack, for as long as the context is entered."""
    process = await python("tests.delivery.pretend_slack")
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        async with aiohttp.ClientSession() as session:
            yield Slack(f"http://127.0.0.1:{port}", session)
    finally:
        process.kill()
        await process.wait()


async def python(module: str) -> Process:
    """Start a module of ours in a process of its own."""
    return await asyncio.create_subprocess_exec(sys.executable, "-m", module, cwd=ROOT, stdin=PIPE, stdout=PIPE)


class Replicas:
    """Processes that deliver; whoever is killed is replaced."""

    def __init__(self, plan: Mapping[str, Any], dice: random.Random) -> None:
        self._plan = json.dumps(plan).encode() + b"\n"
        self._dice = dice
        self._running: list[Process] = []

    async def start(self, count: int) -> None:
        """Start so many, and wait until they deliver."""
        self._running += await asyncio.gather(*(self._one() for _ in range(count)))

    async def kill_one(self) -> None:
        """SIGKILL one of them and start another in its place."""
        victim = self._dice.choice(self._running)
        victim.kill()
        await victim.wait()
        self._running.remove(victim)
        self._running.append(await self._one())

    async def end(self) -> None:
        """End them all."""
        for process in self._running:
            process.kill()
            await process.wait()

    async def _one(self) -> Process:
        process = await python("tests.delivery.replica")
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(self._plan)
        await process.stdin.drain()
        await process.stdout.readline()
        return process


async def run(trial: Trial, address: str, server: Server | None = None) -> Figures:
    """Deliver it all, with every accident of the trial, and return what came of it."""
    store = await Store.open(address, SystemClock())
    async with pretend_slack() as slack:
        await prepare(store, trial.notices)
        await slack.behave(trial)
        queue = {"poll": 0.1, "heartbeat": 1.0, "stalled": 4.0, "overdue": 3.0}
        plan = {"address": address, "slack": f"{slack.address}/api/", "rates": asdict(trial.rates)}
        replicas = Replicas({**plan, "queue": queue, "dispatch": 0.3, "rescue": 1.0}, random.Random(trial.seed))
        began = time.monotonic()
        try:
            await replicas.start(trial.replicas)
            accidents = asyncio.create_task(happen(trial, store, replicas, server))
            await settled(store, trial.patience)
            took = time.monotonic() - began
            await accidents
        finally:
            await replicas.end()
        figures = await count(store, await slack.figures(), trial, took)
    await store.close()
    return figures


async def happen(trial: Trial, store: Store, replicas: Replicas, server: Server | None) -> None:
    """Let the accidents happen, spread over the work: after each such share of the notices was told."""
    what = ["kill"] * trial.kills + ["crash"] * trial.crashes
    random.Random(trial.seed).shuffle(what)
    for number, accident in enumerate(what, 1):
        while trial.notices - await still_open(store) < trial.notices * number / (len(what) + 2):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        if accident == "kill":
            await replicas.kill_one()
        elif server is not None:
            await asyncio.to_thread(server.crash)


async def prepare(store: Store, count: int) -> None:
    """Enter `count` due notices; every tenth person is due two, and half of them were written to before."""
    now = datetime.now(UTC)
    texts = ("coarse", "source", "note", "order_number", "emergency_channel", "emergency_until")
    fixed = {"status": "announced", "day": "2099-12-01", "time": "09:00", "version": 1, "edition": 1}
    courts = ("almb", "gasb")
    rows: list[NoticeRow] = []
    person = 0
    while len(rows) < count:
        who = f"U{person:05d}"
        for court in courts[: 2 if person % 10 == 0 else 1]:
            about = ("slack", TEAM, who, court, court, 1, "2099-12-01T09:00", "t-7", now - timedelta(minutes=1))
            rows.append(NoticeRow(f"n-{who}-{court}", *about, told="2099-12-01T09:00"))
        person += 1
    rows = rows[:count]
    known = sorted({row.person for row in rows})
    async with store.work() as work:
        for court in courts:
            event = {"id": court, "court": court, "kind": "nextgen_go_live", "changed_at": LONG_AGO, **fixed}
            await work.execute(events.insert().values(**event, **dict.fromkeys(texts, "")))
    async with store.work() as work:
        await work.execute_each(
            people.insert(), [asdict(PersonRow("slack", TEAM, who, dm_channel=f"D{who}")) for who in known[::2]]
        )
    async with store.work() as work:
        watched = {"platform": "slack", "workspace": TEAM, "is_on": True, "muted": False, "by": "self", "since": now}
        await work.execute_each(
            watches.insert(), [{**watched, "person": row.person, "court": row.court} for row in rows]
        )
    for start in range(0, count, 1000):
        async with store.work() as work:
            await work.execute_each(notices.insert(), [asdict(row) for row in rows[start : start + 1000]])


async def still_open(store: Store) -> int:
    """How many notices have not ended; asked until the database says."""
    asked = select(func.count()).select_from(notices).where(notices.c.state.in_(OPEN))
    while True:
        with suppress(StoreTrouble):
            async with store.work() as work:
                return int((await work.execute(asked)).scalar_one())
        await asyncio.sleep(0.1)


async def settled(store: Store, patience: float) -> None:
    """Wait until every notice has ended."""
    async with asyncio.timeout(patience):
        while await still_open(store):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def count(store: Store, told: dict[str, Any], trial: Trial, took: float) -> Figures:
    """Compare what the store believes with what the chat accepted."""
    async with store.work() as work:
        found = await work.execute(
            select(notices.c.id, notices.c.state, notices.c.letter, letters.c.state.label("carrier")).join(
                letters, notices.c.letter == letters.c.id, isouter=True
            )
        )
        rows = found.all()
        written = int((await work.execute(select(func.count()).select_from(letters))).scalar_one())
    keys: dict[str, int] = told["keys"]
    arrived = [row for row in rows if row.state == "sent" and keys.get(row.letter, 0) >= 1]
    return Figures(
        notices=len(rows),
        letters=written,
        seconds=took,
        states=Counter(row.state for row in rows),
        lost=trial.notices - len(arrived),
        doubled=sum(times - 1 for times in keys.values()),
        kills=trial.kills,
        crashes=trial.crashes,
        chat=told["figures"],
    )
