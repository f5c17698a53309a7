"""Turns at the records for the private page: what strangers ask waits among itself, and what was begun is ended."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog

from bot.linker.values import new_incident_id

log = structlog.get_logger(__name__)

T = TypeVar("T")

AT_ONCE = 4
"""Units of work of the page at one time for people and links that are known: no crowd keeps attempts from the store."""
STRANGERS_AT_ONCE = 2
"""Units of work at one time for tokens that may be invented; anybody who reaches the page can ask for these."""
KNOWN = 10_000
"""Links that one process remembers to be real; the one not met for longest is forgotten first."""


class Turns:
    """Who waits for whom: a flood of invented tokens is a queue of its own, which no known link stands in."""

    def __init__(self, at_once: int = AT_ONCE, strangers: int = STRANGERS_AT_ONCE, known: int = KNOWN) -> None:
        self._ours = asyncio.Semaphore(at_once)
        self._strangers = asyncio.Semaphore(strangers)
        self._size = known
        self._known: OrderedDict[str, None] = OrderedDict()

    def know(self, token_hash: str) -> None:
        """Remember a link that the records have: only what was found there, so that nobody can fill this memory."""
        self._known[token_hash] = None
        self._known.move_to_end(token_hash)
        if len(self._known) > self._size:
            self._known.popitem(last=False)

    @asynccontextmanager
    async def turn(self, token_hash: str | None) -> AsyncIterator[None]:
        """Wait for a turn, for this link or (None) for a person whom the chat has named."""
        lane = self._ours if token_hash is None or token_hash in self._known else self._strangers
        async with lane:
            yield


class Held:
    """Work that goes on to its end when the request that asked for it is cut off."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[Any]] = set()

    async def to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what `work` returns, or raise what it raises; cancelling this leaves `work` alone."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_unheard)
            raise


def _unheard(task: asyncio.Task[Any]) -> None:
    """Log a failure that no request is there to tell of any more."""
    if not task.cancelled() and (error := task.exception()) is not None:
        incident = new_incident_id()
        log.error("page_failed", incident=incident, place="page", exc_info=error)
