"""Word from every replica over PostgreSQL: loaded where there is one, because its driver weighs ten megabytes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from psycopg import sql
from sqlalchemy import URL

from bot.store.bell import Heard, LocalBell
from bot.store.engines import CONNECT_SECONDS
from bot.store.server import PromptConnection
from bot.store.trouble import raised

QUIET_SECONDS = 5.0
"""After this long without a word the connection is tried, and dropped if it does not answer within as long."""

AGAIN_SECONDS = (0.1, 0.5, 1.0, 2.0)
"""Waits between attempts to connect; the last one is repeated."""


class ServerBell:
    """Word from every replica: LISTEN on a connection of its own, which comes back by itself."""

    def __init__(self, url: URL) -> None:
        self._options: dict[str, Any] = url.translate_connect_args(username="user", database="dbname")
        self._options |= dict(url.query)
        self._local = LocalBell()
        self._task: asyncio.Task[None] | None = None
        self._connection: PromptConnection | None = None
        self._asked: set[str] = set()
        self._more = asyncio.Event()
        self._on = False

    @property
    def deaf(self) -> bool:
        """True while the connection that listens is not there."""
        return self._task is not None and not self._on

    def ring(self, channel: str, text: str) -> None:
        """Do nothing: the server tells this process too."""

    def listen(self, channel: str, heard: Heard) -> Callable[[], None]:
        """Call `heard` with each text on `channel`, and with "" whenever the connection is new."""
        stop = self._local.listen(channel, heard)
        self._more.set()
        if self._task is None:
            self._task = asyncio.create_task(self._listen_always(), name="store bell")
        return stop

    async def close(self) -> None:
        """Stop listening."""
        await self._local.close()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _listen_always(self) -> None:
        failures = 0
        while True:
            try:
                await self._connect()
                failures = 0
                while True:
                    await self._hear()
            except raised():  # a TimeoutError is an OSError
                wait = AGAIN_SECONDS[min(failures, len(AGAIN_SECONDS) - 1)]
                failures += 1
            finally:
                await self._disconnect()
            await asyncio.sleep(wait)

    async def _connect(self) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            self._connection = await PromptConnection.connect(
                **self._options, autocommit=True, connect_timeout=CONNECT_SECONDS
            )
        self._connection.add_notify_handler(lambda told: self._local.ring(told.channel, told.payload))
        self._asked.clear()

    async def _disconnect(self) -> None:
        self._on = False
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.pgconn.finish()

    async def _hear(self) -> None:
        """Ask for what is newly wanted, take in what has come, then wait for more of either."""
        connection = self._connection
        if connection is None:
            return
        self._more.clear()
        new = [channel for channel in self._local.channels if channel not in self._asked]
        async with asyncio.timeout(QUIET_SECONDS):
            for channel in new:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            # Any answer of the server brings along what it has to tell; psycopg hands that to the connection's handler.
            await connection.execute("SELECT 1")
        self._on = True
        self._asked.update(new)
        for channel in new:
            self._local.ring(channel, "")
        await self._until_something_comes(connection.fileno())

    async def _until_something_comes(self, socket: int) -> None:
        loop = asyncio.get_running_loop()
        # Not psycopg's own way of waiting: that one cannot be left without losing the connection.
        loop.add_reader(socket, self._more.set)
        try:
            async with asyncio.timeout(QUIET_SECONDS):
                await self._more.wait()
        except TimeoutError:
            return
        finally:
            loop.remove_reader(socket)
