"""How each of the two databases is reached, from one plain address (design 8; the traps were measured beforehand)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.errors import StoreDown

LIMIT = 5.0
"""Seconds within which every unit of work ends, whatever the path to the database does."""

LOCK_SECONDS = 3
STATEMENT_SECONDS = 4
IDLE_SECONDS = 10
CONNECT_SECONDS = 3
"""The database's own limits are shorter than LIMIT, so that it gives up first and says why."""

POOL = 5
"""Connections of one replica to PostgreSQL; one more listens, two are the queue's: replicas x 8 has to stay below its
max_connections."""

CANNOT_READ = "DATABASE_URL is not an address: give sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME."


def read_address(address: str) -> URL:
    """Return `address` with the driver that the bot uses. Raises StoreDown for one it cannot use."""
    try:
        url = make_url(address)
    except Exception:
        # Whatever it was, its text holds the address, and that may hold a password.
        url = None
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    name = url.get_backend_name() if url is not None else ""
    if url is None or name not in drivers or (name == "sqlite" and url.database in {None, "", ":memory:"}):
        raise StoreDown(CANNOT_READ)
    return url.set(drivername=drivers[name])


def file_of(url: URL) -> Path | None:
    """Return SQLite's file, None for PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def service_engine(url: URL) -> AsyncEngine:
    """Return the engine of the running service."""
    if file_of(url) is not None:
        # One connection: units of work take turns in the order they came, in place of polling for SQLite's lock.
        engine = create_async_engine(url, hide_parameters=True, pool_size=1, max_overflow=0, pool_timeout=LIMIT)
        _sqlite_habits(engine.sync_engine)
        return engine
    # The driver weighs ten megabytes: a replica on a file never loads it, one on a server does so before it is ready.
    from bot.store.server import PromptConnection

    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=0,
        pool_timeout=LIMIT,
        pool_pre_ping=True,
        connect_args={"async_creator_fn": PromptConnection.connect, "connect_timeout": CONNECT_SECONDS},
    )
    _server_limits(engine.sync_engine, STATEMENT_SECONDS, LOCK_SECONDS)
    return engine


def upgrade_engine(url: URL) -> Engine:
    """Return an engine for one migration: synchronous, one connection, with a minute for what takes long."""
    if file_of(url) is not None:
        engine = create_engine(url.set(drivername="sqlite+pysqlite"), hide_parameters=True, poolclass=NullPool)
        _sqlite_habits(engine)
        return engine
    engine = create_engine(
        url, hide_parameters=True, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_SECONDS}
    )
    _server_limits(engine, 60, 60)
    return engine


def _sqlite_habits(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver's own idea of when a transaction begins is switched off: _begun says it.
        connection.isolation_level = None
        cursor = connection.cursor()
        for habit in (
            f"busy_timeout = {LOCK_SECONDS * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "secure_delete = ON",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {habit}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # Taken at the start, the lock cannot be refused halfway through a unit of work.
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _server_limits(engine: Engine, statement: int, lock: int) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(
            f"SET statement_timeout = '{statement}s'; SET lock_timeout = '{lock}s'; "
            f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'; SET timezone = 'UTC'"
        )
        cursor.close()
        connection.commit()
