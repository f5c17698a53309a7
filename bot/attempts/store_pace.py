"""The pace at the courts, kept in the store for all replicas together (design 5, Pace).

One replica on SQLite keeps it in memory (`pace.Pace`); this is for several on PostgreSQL. A place in line is asked for
again twice a second, which is as often as a person looks.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import structlog

from bot.attempts.pace import SIGN_ON_HOSTS, Queued, Seat
from bot.clock import Clock
from bot.courts.court import CourtId
from bot.errors import StoreTrouble
from bot.store import Slots, Store

log = structlog.get_logger(__name__)

HOLDS = timedelta(seconds=10)
"""How long a slot is held without its owner's renewal (StoreBook.renew)."""

ASK_AGAIN = 0.5
"""Seconds between two looks at one's place in line, or at a store that does not answer."""


class StorePace:
    """Hands out seats whose slots live in the store; `me` is this replica."""

    def __init__(self, store: Store, clock: Clock, *, me: str, slots: int = 4, gap: float = 0.25) -> None:
        self._store = store
        self._clock = clock
        self._me = me
        self._places = slots
        self._gap = gap
        self._rows = Slots()
        self._giving_back: set[asyncio.Task[None]] = set()

    def seat(self, court: CourtId, queued: Queued, *, attempt: str = "") -> Seat:
        """Return a seat of `attempt` at `court`; it holds no slot until its first request to the court."""
        return _StoreSeat(self, court, queued, attempt or secrets.token_urlsafe(12))

    async def enter(self, court: CourtId, attempt: str, queued: Queued) -> None:
        """Take a slot, waiting in line; while the store does not answer nobody goes to the court."""
        told = 0
        while place := await self._ask(court, attempt):
            if place not in (told, _NO_STORE):
                told = place
                await queued(place)
            await self._clock.sleep(ASK_AGAIN)
        if told:
            await queued(0)

    async def _ask(self, court: CourtId, attempt: str) -> int:
        try:
            async with self._store.work() as work:
                until = await self._store.now(work) + HOLDS
                return await self._rows.take(work, court, attempt, self._me, until, self._places)
        except StoreTrouble:
            return _NO_STORE

    async def space(self, court: CourtId) -> None:
        """Wait for the court's next free moment; without the store the gap is kept by waiting it out."""
        try:
            async with self._store.work() as work:
                wait = await self._rows.book(work, court, self._gap)
        except StoreTrouble:
            wait = self._gap
        if wait > 0:
            await self._clock.sleep(wait)

    def give_back(self, attempt: str) -> None:
        """Free the slot, in the background: whoever rises does not wait for the store."""
        work: Coroutine[Any, Any, None] = self._release(attempt)
        task = asyncio.create_task(work, name="slot given back")
        self._giving_back.add(task)
        task.add_done_callback(self._giving_back.discard)

    async def _release(self, attempt: str) -> None:
        try:
            async with self._store.work() as work:
                await self._rows.release(work, attempt)
        except StoreTrouble:
            log.warning("slot_not_given_back")  # its lease runs out


_NO_STORE = -1


class _StoreSeat:
    def __init__(self, pace: StorePace, court: CourtId, queued: Queued, attempt: str) -> None:
        self._pace = pace
        self._court = court
        self._queued = queued
        self._attempt = attempt
        self._asked = False
        self._holds = False

    async def __call__(self, host: str) -> None:
        if host in SIGN_ON_HOSTS:
            return
        if not self._holds:
            self._asked = True
            await self._pace.enter(self._court, self._attempt, self._queued)
            self._holds = True
        await self._pace.space(self._court)

    def rise(self) -> None:
        if self._asked:
            self._asked = self._holds = False
            self._pace.give_back(self._attempt)
