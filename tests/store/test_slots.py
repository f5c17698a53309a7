"""A court's slots, its waiting line and its pace, over two replicas."""

from __future__ import annotations

import asyncio

import pytest

from bot.store import Attempts, Slots, Store
from tests.store.conftest import Times
from tests.store.stage import entered

SLOTS = Slots()


async def take(
    store: Store, times: Times, attempt: str, owner: str = "one", court: str = "gasb", places: int = 2
) -> int:
    async with store.work() as work:
        return await SLOTS.take(work, court, attempt, owner, times.later(), places)


async def release(store: Store, attempt: str) -> None:
    async with store.work() as work:
        await SLOTS.release(work, attempt)


async def test_first_come_first_served(store: Store, times: Times) -> None:
    assert [await take(store, times, name) for name in "abcde"] == [0, 0, 1, 2, 3]
    assert await take(store, times, "a") == 0
    assert await take(store, times, "d") == 2
    assert await take(store, times, "z", court="almb") == 0
    await release(store, "a")
    assert await take(store, times, "d") == 2, "c came first"
    assert await take(store, times, "c") == 0
    assert await take(store, times, "d") == 1
    await release(store, "d")
    await release(store, "b")
    assert await take(store, times, "e") == 0


async def test_two_free_slots_are_for_the_first_two_in_line(store: Store, times: Times) -> None:
    assert [await take(store, times, name) for name in "abcde"] == [0, 0, 1, 2, 3]
    await release(store, "a")
    await release(store, "b")
    assert await take(store, times, "e") == 3
    assert await take(store, times, "d") == 0
    assert await take(store, times, "e") == 2
    assert await take(store, times, "c") == 0


async def test_never_more_than_the_slots_however_many_ask(store: Store, other: Store, times: Times) -> None:
    asked = [take((store, other)[n % 2], times, f"attempt {n}", places=4) for n in range(24)]
    assert sorted(await asyncio.gather(*asked)) == [0] * 4 + list(range(1, 21))


async def test_who_is_gone_holds_nothing_and_waits_for_nothing(store: Store, times: Times) -> None:
    async with store.work() as work:
        assert await SLOTS.take(work, "gasb", "gone", "dead", times.ago(1), 1) == 0
    async with store.work() as work:
        assert await SLOTS.take(work, "gasb", "held", "one", times.later(), 1) == 0
        assert await SLOTS.take(work, "gasb", "gone too", "dead", times.ago(1), 1) == 1
        assert await SLOTS.take(work, "gasb", "waits", "one", times.later(), 1) == 1


async def test_a_slot_whose_attempt_runs_lapses_by_no_clock(store: Store, times: Times) -> None:
    row = await entered(store)
    async with store.work() as work:
        assert await SLOTS.take(work, row.court, row.id, row.owner, times.ago(9000), 1) == 0
    assert await take(store, times, "b", "two", places=1) == 1
    async with store.work() as work:
        assert await Attempts().end(work, row.id, row.owner, "linked")
    assert await take(store, times, "b", "two", places=1) == 0


async def test_renewing_is_for_the_owner(store: Store, times: Times) -> None:
    assert await take(store, times, "a", "one", places=1) == 0
    assert await take(store, times, "b", "one", places=1) == 1
    assert await take(store, times, "c", "two", places=1) == 2
    async with store.work() as work:
        assert await SLOTS.renew(work, "one", times.later()) == 2
    assert await take(store, times, "c", "two", places=1) == 2
    async with store.work() as work:
        assert await SLOTS.renew(work, "one", times.ago(1)) == 2
    assert await take(store, times, "c", "two", places=1) == 0


async def test_requests_to_a_court_are_booked_apart_over_all_replicas(store: Store, other: Store) -> None:
    async def book(where: Store, court: str) -> float:
        async with where.work() as work:
            return await SLOTS.book(work, court, 5.0)

    waits = sorted(await asyncio.gather(*(book((store, other)[n % 2], "gasb") for n in range(10))))
    # What has passed meanwhile is taken off; nothing here takes a second.
    assert waits == [0, *(pytest.approx(5.0 * n, abs=1) for n in range(1, 10))]
    assert await book(store, "almb") == 0


async def test_a_clock_that_was_set_back_stops_nobody(store: Store) -> None:
    async with store.work() as work:
        await SLOTS.book(work, "gasb", 0.25)
        await work.connection.exec_driver_sql("UPDATE court_pace SET next_at = next_at + 86400")
        assert await SLOTS.book(work, "gasb", 0.25) == 0
