"""Requests that were taken, known to every replica: once over all of them, forgotten when they can come no more."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.errors import StoreTrouble
from bot.service.repeats import SKEW, StoreRepeats
from bot.store import Store
from bot.store.tables import seen_requests


class HandClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


async def kept(store: Store) -> list[str]:
    """Return the keys that stand in the table."""
    async with store.work() as work:
        return [row.key for row in await work.execute(select(seen_requests.c.key))]


async def test_one_replica_takes_it_and_no_other(store: Store, other: Store) -> None:
    clock = HandClock()
    replicas = [StoreRepeats(store, clock), StoreRepeats(other, clock)]
    answers = await asyncio.gather(*(one.first_time("slack v0=canary", 600) for one in replicas * 10))
    assert sorted(answers) == [False] * 19 + [True]
    assert not await StoreRepeats(other, clock).first_time("slack v0=canary", 600), "after a restart"
    assert "canary" not in "".join(await kept(store)), "a hash, not what was sent"


async def test_it_is_forgotten_once_it_cannot_come_again_and_not_before(store: Store) -> None:
    clock = HandClock()
    repeats = StoreRepeats(store, clock)
    assert await repeats.first_time("one", 600)
    clock.seconds = 599
    assert not await repeats.first_time("one", 600)
    clock.seconds = 600 + SKEW.total_seconds() - 1
    assert await repeats.first_time("two", 600)
    assert len(await kept(store)) == 2
    clock.seconds += 120
    assert await repeats.first_time("three", 600)
    assert len(await kept(store)) == 2, "the first one is gone"


async def test_a_day_of_requests_leaves_ten_minutes_of_them(store: Store) -> None:
    clock = HandClock()
    repeats = StoreRepeats(store, clock)
    for minute in range(60):
        clock.seconds = 60.0 * minute
        assert await repeats.first_time(f"request {minute}", 600)
    async with store.work() as work:
        [[rows]] = await work.execute(select(func.count()).select_from(seen_requests))
    assert rows <= 14


async def test_a_store_that_is_gone_is_said(store: Store) -> None:
    async with store.work() as work:
        await work.connection.exec_driver_sql("DROP TABLE seen_requests")
    with pytest.raises(StoreTrouble):
        await StoreRepeats(store, HandClock()).first_time("one", 600)
