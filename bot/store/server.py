"""A connection to PostgreSQL that lets go at once; with `server_bell.py` and the queue all that loads its driver."""

from __future__ import annotations

import asyncio
from typing import Any

from psycopg import AsyncConnection, waiting
from psycopg.abc import RV, PQGen


class PromptConnection(AsyncConnection[Any]):
    """A connection that is dropped when its task is cancelled.

    psycopg would first ask the server, politely, to cancel the statement: on a path that swallows bytes that takes ten
    seconds more. The server ends a statement without a client by itself, at its own limit.
    """

    async def wait(
        self,
        gen: PQGen[RV],
        interval: float = 0.1,
        timeout: float | None = None,  # noqa: ASYNC109  (psycopg's own signature)
    ) -> RV:
        """Consume `gen`, as psycopg does."""
        try:
            return await waiting.wait_async(gen, self.pgconn.socket, interval=interval, timeout=timeout)
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise
