"""Replicas of the desk over one store: real book, vault, register and audit; a scripted linker and chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.attempts.attempt import AttemptId, AttemptView
from bot.attempts.desk import Desk
from bot.attempts.lease_watch import LONGEST_GAP
from bot.attempts.pace import NoPace
from bot.attempts.running import Bounds
from bot.attempts.store_book import LEASE, StoreBook
from bot.clock import SystemClock
from bot.courts.directory import Directory
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.register.scribe import Scribe
from bot.store import Store
from bot.vault import Key, KeyRing, RingKeys, Vault
from tests.attempts.stage import FakeLinker, Script, Shown

COURTS = Directory.shipped()
SHOWN = {"redaction_notice": "the notice", "individual_account": "the box"}


def vault() -> Vault:
    """A vault with a key of its own; replicas of one firm share one."""
    ring = KeyRing((Key.fresh(SystemClock().now()),))
    return Vault(RingKeys(lambda: ring))


class BookClock:
    """The machine's clock, except that a test can let time pass for leases: `ahead` seconds of it have."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._machine = SystemClock()

    def now(self) -> datetime:
        """The machine's."""
        return self._machine.now()

    def monotonic(self) -> float:
        """The machine's, and what was let pass."""
        return self._machine.monotonic() + self.ahead

    async def sleep(self, seconds: float) -> None:
        """The machine's."""
        await self._machine.sleep(seconds)


@dataclass
class Replica:
    """One replica: its desk, its book with the book's clock, and what its chat was shown."""

    desk: Desk
    book: StoreBook
    linker: FakeLinker
    shown: Shown
    clock: BookClock

    async def watch_for_a_lease(self) -> None:
        """Make this replica's rounds for as long as a lease lasts: what nobody renewed meanwhile is taken over."""
        for _ in range(int(LEASE.total_seconds() / LONGEST_GAP) + 2):
            await self.desk.round()
            self.clock.ahead += LONGEST_GAP

    def ending(self, attempt: AttemptId) -> AttemptView | None:
        """The ending that this replica's chat was shown."""
        return next((view for view in self.shown.views if view.id == attempt and view.ended), None)


def replica(store: Store, folder: Path, name: str, script: Script, shared: Vault) -> Replica:
    """A replica by this name over this store."""
    clock, book_clock = SystemClock(), BookClock()
    scribe = Scribe(Recorder(clock, HeadFile(folder / name)))
    (folder / name).mkdir(exist_ok=True)
    book = StoreBook(store, shared, scribe, book_clock, me=name, find=COURTS.by_id, consents=lambda court: SHOWN)
    linker, shown = FakeLinker(script), Shown()
    bounds = Bounds(ending=0.5, tick=0.05)
    desk = Desk(linker, clock=clock, pace=NoPace(), telling=shown, book=book, bounds=bounds)
    return Replica(desk, book, linker, shown, book_clock)


async def until(holds: Callable[[], object]) -> None:
    """Wait for the thing itself; the test's own time limit is the only other end."""
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
