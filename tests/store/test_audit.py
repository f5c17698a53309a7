"""The audit: numbered without a gap however many write, and nothing in it ever changes."""

from __future__ import annotations

import asyncio
from hashlib import sha256

import pytest

from bot.store import Audit, AuditRow, Store
from tests.store.conftest import Times

AUDIT = Audit()


def chain(seq: int, previous: str, entry: str) -> str:
    return sha256(f"{seq}|{previous}|{entry}".encode()).hexdigest()


async def append(store: Store, times: Times, entry: str) -> AuditRow:
    async with store.work() as work:
        return await AUDIT.append(work, times.now, entry, chain)


async def test_lines_are_numbered_and_bound_to_the_one_before(store: Store, times: Times) -> None:
    async with store.work() as work:
        assert await AUDIT.last(work) is None
        first = await AUDIT.append(work, times.now, '{"a":1}', chain)
        second = await AUDIT.append(work, times.now, '{"b":2}', chain)
    assert first == AuditRow(1, times.now, '{"a":1}', "", chain(1, "", '{"a":1}'))
    assert second == AuditRow(2, times.now, '{"b":2}', first.hash, chain(2, first.hash, '{"b":2}'))
    async with store.work() as work:
        assert await AUDIT.last(work) == second
        assert await AUDIT.since(work, 0, 10) == (first, second)
        assert await AUDIT.since(work, 1, 10) == (second,)
        assert await AUDIT.since(work, 0, 1) == (first,)


async def test_many_writers_in_two_replicas_and_some_that_fail_leave_no_gap(
    store: Store, other: Store, times: Times
) -> None:
    async def write(where: Store, n: int) -> None:
        async with where.work() as work:
            await AUDIT.append(work, times.now, f"entry {n}", chain)
            if n % 3 == 0:
                raise LookupError

    done = await asyncio.gather(*(write((store, other)[n % 2], n) for n in range(30)), return_exceptions=True)
    assert sum(isinstance(one, LookupError) for one in done) == 10
    async with store.work() as work:
        lines = await AUDIT.since(work, 0, 100)
    assert [line.seq for line in lines] == list(range(1, 21))
    hashes = ["", *(line.hash for line in lines)]
    assert [line.previous for line in lines] == hashes[:-1]
    assert all(line.hash == chain(line.seq, line.previous, line.entry) for line in lines)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET entry = 'forged' WHERE seq = 1",
        "UPDATE audit SET seq = 9 WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit",
    ],
)
async def test_the_database_refuses_every_change(store: Store, times: Times, change: str) -> None:
    lines = (await append(store, times, "one"), await append(store, times, "two"))
    with pytest.raises(Exception, match="append-only"):
        async with store.work() as work:
            await work.connection.exec_driver_sql(change)
    async with store.work() as work:
        assert await AUDIT.since(work, 0, 10) == lines


async def test_each_engines_own_way_around_a_trigger_is_closed(store: Store, times: Times, engine: str) -> None:
    line = await append(store, times, "one")
    ways = {
        "sqlite": "INSERT OR REPLACE INTO audit SELECT seq, at, 'forged', previous, hash FROM audit",
        "postgresql": "TRUNCATE audit",
    }
    with pytest.raises(Exception, match="append-only"):
        async with store.work() as work:
            await work.connection.exec_driver_sql(ways[engine])
    async with store.work() as work:
        assert await AUDIT.last(work) == line
