"""Hands letters to delivery: in this process where the database is a file, by the queue on PostgreSQL (design 7)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Protocol, Self

import structlog

from bot.errors import StoreTrouble
from bot.reminders.delivery.gather import Gatherer
from bot.reminders.delivery.letter import LetterId
from bot.store import Store
from bot.store.letters import Letters

log = structlog.get_logger(__name__)

AT_ONCE = 10
"""Letters that one replica delivers at the same time; most of them wait for their turn."""

AHEAD = 50
"""Letters that are looked for at once."""

DRAIN = 20.0
"""Seconds that letters on their way have to arrive when the service ends; what does not is looked up afterwards."""

Deliver = Callable[[LetterId], Awaitable[None]]


class Dispatcher(Protocol):
    """What the ticks call; it delivers for as long as its context is entered."""

    async def __aenter__(self) -> Self:
        """Begin to deliver."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let what is on its way arrive, and deliver no more."""
        ...

    async def round(self) -> int:
        """Gather due notices into letters and hand on what is to be sent; returns how many letters are new."""
        ...

    async def rescue(self) -> int:
        """Have delivered what a dead replica left behind; returns how many letters were found."""
        ...


class Rescuing(Protocol):
    """What the queue does for its dispatcher (bot/store/queue.py)."""

    async def __aenter__(self) -> Self:
        """Begin to work."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        ...

    async def rescue(self, store: Store) -> int:
        """Have stalled jobs run again, and letters without a job looked at."""
        ...


class QueueDispatcher:
    """On PostgreSQL: whoever writes letters asks the queue in the same transaction; any replica's worker delivers."""

    def __init__(self, store: Store, queue: Rescuing) -> None:
        self._store = store
        self._queue = queue
        self._gatherer = Gatherer(store)

    async def __aenter__(self) -> Self:
        await self._queue.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._queue.__aexit__(kind, error, trace)

    async def round(self) -> int:
        """Gather due notices into letters, with their jobs; returns how many. Raises StoreTrouble."""
        return await self._gatherer.round()

    async def rescue(self) -> int:
        """Have stalled jobs run again, and letters without a job looked at. Raises StoreTrouble."""
        return await self._queue.rescue(self._store)


class LocalDispatcher:
    """On SQLite: letters that may be sent are found by each round and delivered here, a few at once."""

    def __init__(self, store: Store, deliver: Deliver, *, at_once: int = AT_ONCE, drain: float = DRAIN) -> None:
        self._store = store
        self._deliver = deliver
        self._at_once = at_once
        self._drain = drain
        self._gatherer = Gatherer(store)
        self._letters = Letters()
        self._pump: asyncio.Task[None] | None = None
        self._under_way: dict[asyncio.Task[None], LetterId] = {}
        self._failed: set[LetterId] = set()
        self._ended = False

    async def __aenter__(self) -> Self:
        self._ended = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.wait([self._pump])
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._drain)
        late = list(self._under_way)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    async def round(self) -> int:
        """Gather, and see to it that all that may be sent is on its way; returns how many letters are new."""
        written = await self._gatherer.round()
        if not self._ended and (self._pump is None or self._pump.done()):
            self._pump = asyncio.create_task(self._deliver_all(), name="letters")
        return written

    async def rescue(self) -> int:
        """Do nothing: a letter whose holder is gone may be sent again, and the next round finds it."""
        return 0

    async def idle(self) -> None:
        """Return once nothing is on its way that this replica began."""
        while (self._pump is not None and not self._pump.done()) or self._under_way:
            await asyncio.wait({*self._under_way, *([self._pump] if self._pump is not None else [])})

    async def _deliver_all(self) -> None:
        """Deliver until nothing may be sent; where the database does not answer, until the next round."""
        self._failed.clear()
        try:
            while waiting := await self._waiting():
                for letter in waiting:
                    while len(self._under_way) >= self._at_once:
                        await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
                    task = asyncio.create_task(self._one(letter), name="letter")
                    self._under_way[task] = letter
                    task.add_done_callback(self._under_way.pop)
        except StoreTrouble as trouble:
            log.warning("letters not found", error=type(trouble).__name__)

    async def _waiting(self) -> list[LetterId]:
        async with self._store.work() as work:
            found = await self._letters.waiting(work, AHEAD, but=[*self._under_way.values(), *self._failed])
        return [LetterId(letter) for letter in found]

    async def _one(self, letter: LetterId) -> None:
        try:
            await self._deliver(letter)
        except Exception as error:
            self._failed.add(letter)
            log.warning("letter not delivered", error=type(error).__name__)
