"""The rounds that keep a desk and its book in step: leases, orphans, answers from elsewhere, the switch, the purge.

No scheduler: these are a few loops of the process itself, and nothing about a person is stored in them. A round that
fails is logged and made again; a round that hangs is cut off, because the book answers in bounded time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

import structlog

from bot.attempts.book import Book, BookTrouble
from bot.attempts.desk import Desk
from bot.clock import Clock

log = structlog.get_logger(__name__)

ROUND = 1.5
"""Seconds between two rounds: a lease of ten is renewed six times before it runs out."""

COLLECT = 1.0
"""Seconds after which answers are looked for although nobody rang."""

PURGE = 60.0
FINISHING = 6.0
"""Seconds that a round has to finish once the rounds end: a unit of work's own limit, and a little."""


class Rounds:
    """The loops, for as long as the context is entered; `ring` makes the next look for answers come at once."""

    def __init__(self, desk: Desk, book: Book, clock: Clock) -> None:
        self._desk = desk
        self._book = book
        self._clock = clock
        self._rung = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._busy: set[asyncio.Task[None]] = set()

    def ring(self, text: str = "") -> None:
        """Look for answers now: another replica says that one waits, or that word may have been missed."""
        self._rung.set()

    async def __aenter__(self) -> Self:
        await self._desk.round()
        self._tasks = [
            asyncio.create_task(self._every(ROUND, self._desk.round), name="round"),
            asyncio.create_task(self._collect(), name="collect"),
            asyncio.create_task(self._every(PURGE, self._purge), name="purge"),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # A round that has begun is let finish: a unit of work that is cut off costs its connection.
        if self._busy:
            await asyncio.wait(set(self._busy), timeout=FINISHING)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._clock.sleep(seconds)
            await self._make(work)

    async def _collect(self) -> None:
        while True:
            try:
                async with asyncio.timeout(COLLECT):
                    await self._rung.wait()
            except TimeoutError:
                pass
            self._rung.clear()
            await self._make(self._desk.collect)

    async def _make(self, work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.ensure_future(_made(work))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        await asyncio.shield(task)

    async def _purge(self) -> None:
        try:
            await self._book.purge()
        except BookTrouble:
            log.warning("not_purged")


async def _made(work: Callable[[], Awaitable[None]]) -> None:
    """Make one round; a fault in it must not end the rounds."""
    try:
        await work()
    except Exception as error:
        log.error("round_failed", error=type(error).__name__)
