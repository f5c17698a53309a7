"""The store: one unit of work at a time in one transaction and inside one time limit, on either database."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    URL,
    ColumnElement,
    CursorResult,
    Executable,
    Interval,
    Table,
    delete,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.clock import Clock
from bot.errors import StoreBusy, StoreDown, StoreFull, StoreTrouble
from bot.store import schema
from bot.store.bell import Bell, LocalBell
from bot.store.columns import Moment
from bot.store.engines import LIMIT, file_of, read_address, service_engine
from bot.store.tables import seen_requests
from bot.store.trouble import plainly

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

READY_SECONDS = 1.0
CLOSING_SECONDS = 1.0
LEAST_FREE = 4 * 1024 * 1024
"""Bytes below which SQLite's disk counts as full: WAL and file grow together."""
PORTION = 500
"""Rows that are handed to the driver at once: their values are made ready on the event loop."""


@dataclass(frozen=True)
class Work:
    """One unit of work: everything done with it is kept together, or not at all."""

    connection: AsyncConnection
    clock: Clock
    rung: list[tuple[str, str]] = field(default_factory=list)

    @property
    def on_server(self) -> bool:
        """True on PostgreSQL."""
        return self.connection.dialect.name == "postgresql"

    @property
    def moment(self) -> ColumnElement[datetime]:
        """The present moment as the one clock of leases tells it: the server's own, or on SQLite the Clock's.

        On the server it is read as each row is judged, not when the transaction began: who had to wait for a row does
        not judge a lease by an old time.
        """
        if self.on_server:
            return func.clock_timestamp(type_=Moment())
        return literal(self.clock.now(), Moment())

    def after(self, seconds: float) -> ColumnElement[datetime]:
        """The moment so many seconds from now (before it, where negative), by the clock of leases."""
        if self.on_server:
            return type_coerce(func.clock_timestamp() + literal(timedelta(seconds=seconds), Interval()), Moment())
        return literal(self.clock.now() + timedelta(seconds=seconds), Moment())

    @property
    def seconds(self) -> ColumnElement[float]:
        """The same moment in seconds since 1970, for sums."""
        if self.on_server:
            return func.date_part("epoch", func.clock_timestamp())
        return literal(self.clock.now().timestamp())

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an INSERT into `table` that can say what becomes of a row that is there already, as each engine does.

        PostgreSQL's dialect is loaded where there is a PostgreSQL, and then with the engine: here it is only named.
        """
        if self.on_server:
            from sqlalchemy.dialects import postgresql

            return postgresql.insert(table)
        return sqlite.insert(table)

    async def execute(self, statement: Executable) -> CursorResult[*tuple[Any, ...]]:
        """Run `statement` here. Raises StoreTrouble."""
        return await plainly(self.connection.execute(statement))

    async def execute_each(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run `statement` once for each of `rows`, in portions that leave the loop its turns. Raises StoreTrouble."""
        for start in range(0, len(rows), PORTION):
            await plainly(self.connection.execute(statement, list(rows[start : start + PORTION])))


class Store:
    """The bot's memory that outlives its process; every repository's method takes a Work of it first.

    Open it with `Store.open`, close it with `close`. A unit of work takes the database's lock (on SQLite) or one of
    five connections (on PostgreSQL): do nothing slow inside one, and never open a second one within it.
    """

    def __init__(self, url: URL, clock: Clock, engine: AsyncEngine, limit: float = LIMIT) -> None:
        self._url = url
        self._clock = clock
        self._engine = engine
        self._limit = limit
        self._full = False
        self._bell = _bell(url)

    @classmethod
    async def open(cls, address: str, clock: Clock, *, create: bool = False, limit: float = LIMIT) -> Store:
        """Return the store at `address` (sqlite:///PATH or postgresql://...), once its tables are the right ones.

        `create` makes the tables where there are none at all; older tables are never changed here. `limit` is what a
        unit of work may take, in seconds. Raises SchemaOld, SchemaNew, StoreDown, StoreBusy.
        """
        url = read_address(address)
        if create:
            await asyncio.to_thread(schema.create, address)
        schema.refuse_missing_file(url)
        store = cls(url, clock, service_engine(url), limit)
        try:
            async with store.work() as work:
                await plainly(schema.check(work.connection))
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Stop listening and let go of every connection; units of work that still run are not waited for."""
        await self._bell.close()
        with suppress(StoreTrouble, TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await plainly(self._engine.dispose())

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Run the block in one transaction: kept when the block ends, undone when it raises.

        Raises StoreDown when the time limit passes, StoreBusy, StoreFull, StoreTrouble; what the block itself raises
        goes through untouched. After a failure nothing of the block counts as done (see StoreTrouble on lost commits).
        """
        late = False
        try:
            async with asyncio.timeout(self._limit) as limit, self._transaction() as work:
                yield work
        except TimeoutError:
            if not limit.expired():
                raise
            late = True
        except StoreFull:
            self._full = True
            raise
        if late:
            raise StoreDown("The database did not answer in time: look at its load and at the path to it.")
        for channel, text in work.rung:
            self._bell.ring(channel, text)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Work]:
        connection = self._engine.connect()
        try:
            await plainly(connection.start())
            await plainly(connection.begin().start())
            work = Work(connection, self._clock)
            yield work
            await plainly(connection.commit())
        except asyncio.CancelledError:
            # A connection whose task was stopped may be in the middle of anything: it is not used again.
            await self._let_go(connection, whole=False)
            raise
        finally:
            await self._let_go(connection)

    async def _let_go(self, connection: AsyncConnection, *, whole: bool = True) -> None:
        if connection.sync_connection is None or connection.closed:
            return
        # What is not committed by now is undone; on a path that swallows it, by the server.
        with suppress(StoreTrouble, TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await plainly(connection.close() if whole else connection.invalidate())

    async def now(self, work: Work) -> datetime:
        """Return the present moment, aware, in UTC, by the only clock that leases are measured with."""
        found: datetime = (await work.execute(select(work.moment))).scalar_one()
        return found

    async def ready(self) -> str:
        """Return "" when the store can do its work, else why not, in words for an administrator; within a second."""
        try:
            async with asyncio.timeout(READY_SECONDS) as limit:
                return await self._readiness()
        except TimeoutError:
            if not limit.expired():
                raise
            return StoreDown.phrase if self._bell.deaf else StoreBusy.phrase
        except StoreTrouble as trouble:
            return str(trouble)

    async def _readiness(self) -> str:
        async with self.work() as work:
            await plainly(schema.check(work.connection))
        file = file_of(self._url)
        if file is not None and shutil.disk_usage(file.parent).free < LEAST_FREE:
            return StoreFull.phrase
        if self._full:
            await self._try_to_grow()
            self._full = False
        return ""

    async def _try_to_grow(self) -> None:
        """Write 128 KiB and take it back: raises StoreFull while there is no room for it."""
        async with self._transaction() as work:
            for n in range(256):
                row = {"key": f"{n:0128d}", "at": self._clock.now()}
                await work.execute(seen_requests.insert().values(row))
            await work.execute(delete(seen_requests).where(seen_requests.c.key.like("0" * 100 + "%")))

    async def tidy(self) -> bool:
        """After a purge: leave nothing of what was deleted in SQLite's files; True when that is done.

        False while another process reads the file; PostgreSQL tidies by itself.
        """
        if file_of(self._url) is None:
            return True
        async with asyncio.timeout(self._limit):
            connection = self._engine.connect()
            try:
                await plainly(connection.start())
                # Not through the engine, which would begin a transaction: there is no checkpoint within one.
                raw: Any = (await plainly(connection.get_raw_connection())).driver_connection
                cursor = await plainly(raw.execute("PRAGMA wal_checkpoint(TRUNCATE)"))
                row = await plainly(cursor.fetchone())
                await plainly(cursor.close())
            finally:
                await self._let_go(connection)
        return bool(row is not None and row[0] == 0)

    async def notify(self, work: Work, channel: str, text: str) -> None:
        """Tell every listener of `channel`, in every replica, `text` (an id, never content), once `work` is kept."""
        if work.on_server:
            await work.execute(select(func.pg_notify(channel, text)))
        else:
            work.rung.append((channel, text))

    def listen(self, channel: str, heard: Callable[[str], None]) -> Callable[[], None]:
        """Call `heard` with each text told on `channel` from now on; returns what ends it.

        `heard("")` means: something may have been missed (the connection is new), look for yourself. It runs on the
        event loop, must be quick, and what it raises is dropped.
        """
        return self._bell.listen(channel, heard)


def _bell(url: URL) -> Bell:
    """On a file there is nobody else to be told; what a server needs is loaded only where there is one."""
    if file_of(url) is not None:
        return LocalBell()
    from bot.store.server_bell import ServerBell

    return ServerBell(url)
