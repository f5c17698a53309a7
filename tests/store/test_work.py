"""A unit of work: all or nothing, always within its time, and in words that give nothing away."""

from __future__ import annotations

import asyncio
import sqlite3
import traceback
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path as FilePath
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import text

from bot.clock import SystemClock
from bot.errors import SchemaOld, StoreBusy, StoreDown, StoreFull, StoreTrouble
from bot.store import Register, RegisterRow, Store, Switches, upgrade
from bot.store.columns import NaiveMoment
from tests.postgres import Server
from tests.store.conftest import Times
from tests.store.proxy import Path

SWITCHES = Switches()


async def switched(store: Store, name: str = "linking") -> bool | None:
    async with store.work() as work:
        return await SWITCHES.get(work, name)


async def switch(store: Store, name: str = "linking") -> None:
    async with store.work() as work:
        await SWITCHES.set(work, name, True, "test")


async def test_what_a_block_raises_goes_through_and_nothing_is_kept(store: Store) -> None:
    with pytest.raises(LookupError):
        async with store.work() as work:
            await SWITCHES.set(work, "linking", True, "test")
            raise LookupError
    assert await switched(store) is None


async def test_a_cancelled_block_leaves_nothing_and_the_store_goes_on(store: Store) -> None:
    inside = asyncio.Event()

    async def block() -> None:
        async with store.work() as work:
            await SWITCHES.set(work, "linking", True, "test")
            inside.set()
            await asyncio.Event().wait()

    for _ in range(8):
        inside.clear()
        task = asyncio.create_task(block())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await switched(store) is None


async def test_a_block_that_takes_too_long_is_ended_and_undone(address: str) -> None:
    store = await Store.open(address, SystemClock(), limit=0.3)
    with pytest.raises(StoreDown, match="in time"):
        async with store.work() as work:
            await SWITCHES.set(work, "linking", True, "test")
            await asyncio.Event().wait()
    assert await switched(store) is None
    await store.close()


async def test_a_time_limit_of_the_caller_stays_the_callers(store: Store) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), store.work():
            await asyncio.Event().wait()
    assert await switched(store) is None


async def test_the_moment_is_aware_utc_and_the_one_given(store: Store) -> None:
    since = datetime(2026, 3, 8, 3, 0, 0, 7, ZoneInfo("America/New_York"))
    row = RegisterRow("slack", "T1", "U1", "gasb", "linked", since, datetime.now(UTC))
    async with store.work() as work:
        assert abs(await store.now(work) - datetime.now(UTC)) < timedelta(seconds=30)
        await Register().put(work, row)
        kept = await Register().get(work, "slack", "T1", "U1", "gasb")
    assert kept == row
    assert kept.since.isoformat() == "2026-03-08T07:00:00.000007+00:00"


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 3, 8, 2, 30)  # noqa: DTZ001
    with pytest.raises(NaiveMoment):
        async with store.work() as work:
            await Register().put(work, RegisterRow("slack", "T1", "U1", "gasb", "linked", naive, naive))


async def test_on_sqlite_the_clock_passed_in_is_the_only_one(tmp_path: FilePath) -> None:
    class Stopped(SystemClock):
        def now(self) -> datetime:
            return datetime(2031, 5, 6, tzinfo=UTC)

    store = await Store.open(f"sqlite:///{tmp_path}/a.db", Stopped(), create=True)
    async with store.work() as work:
        assert await store.now(work) == datetime(2031, 5, 6, tzinfo=UTC)
    await store.close()


async def test_trouble_shows_neither_statement_nor_value(store: Store, times: Times) -> None:
    row = RegisterRow("slack", "T1", "U1", "gasb", "linked", times.now, times.now, login_tail="hunter2")
    with pytest.raises(StoreTrouble) as told:
        async with store.work() as work:
            await Register().put(work, row)
    assert told.value.__cause__ is None
    assert told.value.__context__ is None
    shown = "".join(traceback.format_exception(told.value))
    assert str(told.value) == StoreTrouble.phrase
    assert not {word for word in ("hunter2", "INSERT", "login_tail") if word in shown}


@pytest.fixture
def holder(address: str, engine: str) -> Iterator[None]:
    """Somebody else who holds the database (SQLite) or the row of a switch (PostgreSQL) for the whole test."""
    if engine == "sqlite":
        other = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
        return
    with psycopg.connect(address) as connection:
        connection.execute("INSERT INTO switches VALUES ('linking', true, 'another', now())")
        connection.commit()
        connection.execute("UPDATE switches SET is_on = false")
        yield
        connection.rollback()


async def test_who_waits_too_long_for_another_is_told_so(address: str, request: pytest.FixtureRequest) -> None:
    store = await Store.open(address, SystemClock())
    request.getfixturevalue("holder")
    started = asyncio.get_running_loop().time()
    with pytest.raises(StoreBusy):
        await switch(store)
    assert asyncio.get_running_loop().time() - started < 5
    await store.close()


CODES = [
    ("53100", StoreFull), ("53200", StoreFull), ("53300", StoreBusy), ("40001", StoreBusy), ("40P01", StoreBusy),
    ("57P01", StoreDown), ("08006", StoreDown), ("57014", StoreBusy), ("42P01", SchemaOld), ("23505", StoreTrouble),
]  # fmt: skip


@pytest.mark.parametrize("engine", ["postgresql"])
@pytest.mark.parametrize(("code", "kind"), CODES)
async def test_the_servers_codes_say_who_must_act(store: Store, code: str, kind: type[StoreTrouble]) -> None:
    raising = text(f"DO $$ BEGIN RAISE EXCEPTION 'hunter2' USING ERRCODE = '{code}'; END $$")
    with pytest.raises(StoreTrouble) as told:
        async with store.work() as work:
            await work.execute(raising)
    assert type(told.value) is kind
    assert str(told.value) == kind.phrase


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_full_server_says_so_until_there_is_room(store: Store) -> None:
    with pytest.raises(StoreFull):
        async with store.work() as work:
            await work.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$"))
    assert await store.ready() == "", "the room is back: a trial write went through"


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_full_disk_leaves_nothing_half_done_and_recovers(store: Store, times: Times) -> None:
    async def room(pages: int) -> None:
        async with store.work() as work:
            await work.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    await room(1)  # SQLite takes this as: no page more than there are
    rows = [RegisterRow("slack", "T1", f"U{n}", "gasb", "linked", times.now, times.now) for n in range(5000)]
    with pytest.raises(StoreFull):
        async with store.work() as work:
            await SWITCHES.set(work, "linking", True, "test")
            for row in rows:
                await Register().put(work, row)
    assert await store.ready() == StoreFull.phrase
    assert await switched(store) is None
    async with store.work() as work:
        assert await Register().list(work) == ()
    await room(100_000)
    assert await store.ready() == ""
    await switch(store)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_sqlite_has_the_habits_that_were_measured(store: Store, address: str) -> None:
    habits = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    async with store.work() as work:
        found = {name: (await work.connection.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in habits}
    assert found == habits
    folder = FilePath(address.removeprefix("sqlite:///")).parent
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_frozen_path_ends_every_unit_in_time_and_the_pool_recovers(address: str, server: Server) -> None:
    name = address.rpartition("/")[2]
    loop = asyncio.get_running_loop()
    async with Path(server.port) as path:
        store = await Store.open(server.address(name, path.port), SystemClock(), limit=0.5)

        async def frozen_inside() -> None:
            async with store.work() as work:
                path.freeze()
                await SWITCHES.set(work, "linking", True, "test")

        started = loop.time()
        with pytest.raises(StoreDown):
            await frozen_inside()
        # More units than the pool has connections: each waits for one, or for the path.
        ended = await asyncio.gather(*(switch(store) for _ in range(8)), return_exceptions=True)
        assert {type(one) for one in ended} == {StoreDown}
        assert await store.ready() != ""
        assert loop.time() - started < 4
        path.thaw()
        await switch(store, "after")
        assert await switched(store, "after") is True
        assert await switched(store) is None
        assert await store.ready() == ""
        await store.close()


async def test_a_crashed_server_is_said_and_comes_back_by_itself() -> None:
    with Server(durable=True) as server:
        await asyncio.to_thread(upgrade, server.address())
        store = await Store.open(server.address(), SystemClock())
        await switch(store)
        await asyncio.to_thread(server.stop)
        assert await store.ready() == StoreDown.phrase
        with pytest.raises(StoreDown):
            await switch(store, "while it is down")
        await asyncio.to_thread(server.start)
        assert await store.ready() == ""
        assert await switched(store) is True
        with pytest.raises(StoreDown):
            async with store.work() as work:
                await SWITCHES.set(work, "within", True, "test")
                await asyncio.to_thread(server.crash)
                await SWITCHES.set(work, "within", False, "test")
        assert await switched(store, "within") is None
        await store.close()


async def test_a_database_that_is_not_there_is_one_plain_sentence(tmp_path: FilePath) -> None:
    password = uuid.uuid4().hex
    with pytest.raises(StoreDown) as told:
        await Store.open(f"postgresql://ecf:{password}@127.0.0.1:1/ecf", SystemClock())
    assert password not in "".join(traceback.format_exception(told.value))
    for wrong in ("mysql://127.0.0.1/ecf", "sqlite://", "hunter2"):
        with pytest.raises(StoreDown, match="DATABASE_URL"):
            await Store.open(wrong, SystemClock())
    not_one = tmp_path / "not.db"
    not_one.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreDown):
        await Store.open(f"sqlite:///{not_one}", SystemClock())
