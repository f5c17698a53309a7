"""One connection to either database, awaited: SQLAlchemy's own classes for that bring along its whole ORM.

The store writes its statements itself, and the ORM, which it never asks, would be seven megabytes of every replica and
a tenth of a second of every start. The drivers, the pool and the switch between loop and driver are SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn


class StoreConnection:
    """A connection out of `engine`'s pool, taken by `start` and given back by `close` or `invalidate`.

    The engine's driver must be one for asyncio. Every method but `start` raises RuntimeError before `start`, and all of
    them raise what the driver and SQLAlchemy raise (`trouble.raised`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._taken: Connection | None = None

    @property
    def dialect(self) -> Dialect:
        """What the engine speaks."""
        return self._engine.dialect

    @property
    def held(self) -> bool:
        """True from `start` until it is given back."""
        return self._taken is not None and not self._taken.closed

    @property
    def _connection(self) -> Connection:
        if self._taken is None:
            raise RuntimeError("the connection was not started")
        return self._taken

    async def start(self) -> None:
        """Take a connection, making one where the pool has none; waits for its turn."""
        self._taken = await greenlet_spawn(self._engine.connect)

    async def begin(self) -> None:
        """Begin the transaction."""
        await greenlet_spawn(self._connection.begin)

    async def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run `statement`, once for each of `rows` where they are given; what it found has arrived on return."""
        return await greenlet_spawn(self._connection.execute, statement, rows)

    async def exec_driver_sql(self, statement: str) -> CursorResult[*tuple[Any, ...]]:
        """Run `statement` as it is written, in the database's own words."""
        return await greenlet_spawn(self._connection.exec_driver_sql, statement)

    async def commit(self) -> None:
        """Keep what the transaction did."""
        await greenlet_spawn(self._connection.commit)

    async def close(self) -> None:
        """Give the connection back; what was not committed is undone."""
        await greenlet_spawn(self._connection.close)

    async def invalidate(self) -> None:
        """Have the connection dropped, not used again."""
        await greenlet_spawn(self._connection.invalidate)

    async def raw(self) -> PoolProxiedConnection:
        """Return what the driver itself made."""
        return await greenlet_spawn(lambda: self._connection.connection)


async def dispose(engine: Engine) -> None:
    """Let go of every connection that nobody holds."""
    await greenlet_spawn(engine.dispose)
