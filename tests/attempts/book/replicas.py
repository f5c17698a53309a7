"""Replicas of the desk over one store: real book, vault, register and audit; a scripted linker and chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.attempts.attempt import AttemptId, AttemptView
from bot.attempts.desk import Desk
from bot.attempts.pace import NoPace
from bot.attempts.running import Bounds
from bot.attempts.store_book import StoreBook
from bot.clock import SystemClock
from bot.courts.directory import Directory
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.register.scribe import Scribe
from bot.store import Attempts, Store
from bot.vault import Key, KeyRing, RingKeys, Vault
from tests.attempts.stage import FakeLinker, Script, Shown

COURTS = Directory.shipped()
SHOWN = {"redaction_notice": "the notice", "individual_account": "the box"}


def vault() -> Vault:
    """A vault with a key of its own; replicas of one firm share one."""
    ring = KeyRing((Key.fresh(SystemClock().now()),))
    return Vault(RingKeys(lambda: ring))


@dataclass
class Replica:
    """One replica: its desk, its book, and what its chat was shown."""

    desk: Desk
    book: StoreBook
    linker: FakeLinker
    shown: Shown

    def ending(self, attempt: AttemptId) -> AttemptView | None:
        """The ending that this replica's chat was shown."""
        return next((view for view in self.shown.views if view.id == attempt and view.ended), None)


def replica(store: Store, folder: Path, name: str, script: Script, shared: Vault) -> Replica:
    """A replica by this name over this store."""
    clock = SystemClock()
    scribe = Scribe(Recorder(clock, HeadFile(folder / name)))
    (folder / name).mkdir(exist_ok=True)
    book = StoreBook(store, shared, scribe, clock, me=name, find=COURTS.by_id, consents=lambda court: SHOWN)
    linker, shown = FakeLinker(script), Shown()
    bounds = Bounds(ending=0.5, tick=0.05)
    desk = Desk(linker, clock=clock, pace=NoPace(), telling=shown, book=book, bounds=bounds)
    return Replica(desk, book, linker, shown)


async def until(holds: Callable[[], object]) -> None:
    """Wait for the thing itself; the test's own time limit is the only other end."""
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def leave_to_others(store: Store, attempt: AttemptId) -> None:
    """Let the lease of an attempt run out, as it does when its owner is dead or frozen."""
    async with store.work() as work:
        row = await Attempts().get(work, attempt)
        assert row is not None
        past = await store.now(work) - timedelta(seconds=1)
        assert await Attempts().renew(work, row.owner, [attempt], past)
