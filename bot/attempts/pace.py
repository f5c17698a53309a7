"""The pace at one court: few attempts at once, requests apart, first come first served.

Courts ask for politeness and PACER suspends excessive use (protocol section 5), so every request to a court waits for
leave. A slot belongs to an attempt from its first request to the court until it waits for its person or ends; requests
to PACER's sign-on host need no slot.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.clock import Clock
from bot.courts.court import SIGN_ON_HOST, CourtId

Queued = Callable[[int], Awaitable[None]]
"""Told the attempt's place in the queue (1 is next), and 0 once the wait is over."""

SIGN_ON_HOSTS = frozenset(SIGN_ON_HOST.values())
"""PACER's hosts, which need no slot."""


class Seat(Protocol):
    """One attempt's claim at one court; it is the `Leave` that the linker calls before each request."""

    async def __call__(self, host: str) -> None:
        """Return when a request to `host` may go, waiting in the queue of the court where it must."""
        ...

    def rise(self) -> None:
        """Give the slot back, because the attempt waits for its person or has ended; harmless without a slot."""
        ...


class Pacing(Protocol):
    """Who hands out seats: `Pace` in the service, `NoPace` in benchmarks."""

    def seat(self, court: CourtId, queued: Queued, *, attempt: str = "") -> Seat:
        """Return a seat of `attempt` at `court`; `queued` hears of its place whenever it has to wait."""
        ...


class Pace:
    """At most `slots` attempts hold a slot of one court at once, and its requests go `gap` seconds apart (design 5)."""

    def __init__(self, clock: Clock, *, slots: int = 4, gap: float = 0.25) -> None:
        self._clock = clock
        self._slots = slots
        self._gap = gap
        self._doors: dict[CourtId, _Door] = {}

    def seat(self, court: CourtId, queued: Queued, *, attempt: str = "") -> Seat:
        """Return a seat of one attempt at `court`; it holds no slot until its first request to the court."""
        door = self._doors.setdefault(court, _Door(self._clock, self._slots, self._gap))
        return _Seat(door, queued)

    def held(self, court: CourtId) -> int:
        """Return how many attempts hold a slot of `court` now."""
        door = self._doors.get(court)
        return door.held if door else 0

    def waiting(self, court: CourtId) -> int:
        """Return how many attempts wait for a slot of `court` now."""
        door = self._doors.get(court)
        return len(door.queue) if door else 0


class NoPace:
    """No slots and no distance: for benchmarks against a pretend court only."""

    def seat(self, court: CourtId, queued: Queued, *, attempt: str = "") -> Seat:
        """Return a seat that never waits."""
        return _Bench()


class _Bench:
    async def __call__(self, host: str) -> None:
        return None

    def rise(self) -> None:
        return None


class _Waiter:
    """One attempt in the queue; `moved` wakes it when its place changed or the slot is its own."""

    def __init__(self) -> None:
        self.granted = False
        self.moved = asyncio.Event()


class _Door:
    """The slots, the queue and the last request of one court."""

    def __init__(self, clock: Clock, slots: int, gap: float) -> None:
        self._clock = clock
        self._slots = slots
        self._gap = gap
        self._next_at = float("-inf")
        self.held = 0
        self.queue: deque[_Waiter] = deque()

    async def enter(self, queued: Queued) -> None:
        """Take a slot, waiting in line; a cancelled wait leaves the line, or passes on the slot it was just given."""
        if self.held < self._slots and not self.queue:
            self.held += 1
            return
        waiter = _Waiter()
        self.queue.append(waiter)
        try:
            await self._stand(waiter, queued)
        except BaseException:
            if waiter.granted:
                self.leave()
            else:
                self.queue.remove(waiter)
                self._stir()
            raise

    async def _stand(self, waiter: _Waiter, queued: Queued) -> None:
        told = 0
        while not waiter.granted:
            waiter.moved.clear()
            place = self.queue.index(waiter) + 1
            if place != told:
                told = place
                await queued(place)
            # The slot may have come while the place was being told: `moved` is set then, and this returns at once.
            await waiter.moved.wait()
        await queued(0)

    def leave(self) -> None:
        """Give a slot back: straight to the first in line, so that nobody who comes now can overtake."""
        self.held -= 1
        if self.queue:
            self.held += 1
            first = self.queue.popleft()
            first.granted = True
            first.moved.set()
            self._stir()

    def _stir(self) -> None:
        for waiter in self.queue:
            waiter.moved.set()

    async def space(self) -> None:
        """Wait until the court's last request is `gap` seconds old; each caller books its own moment."""
        now = self._clock.monotonic()
        at = max(now, self._next_at)
        self._next_at = at + self._gap
        if at > now:
            await self._clock.sleep(at - now)


class _Seat:
    def __init__(self, door: _Door, queued: Queued) -> None:
        self._door = door
        self._queued = queued
        self._holds = False

    async def __call__(self, host: str) -> None:
        if host in SIGN_ON_HOSTS:
            return
        if not self._holds:
            await self._door.enter(self._queued)
            self._holds = True
        await self._door.space()

    def rise(self) -> None:
        if self._holds:
            self._holds = False
            self._door.leave()
