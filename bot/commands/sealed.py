"""The sealed records that outlive a minute, which are the installations; where the vault and the store meet.

A passcode in transit is sealed too, but never again: it is gone from the database within 60 s. A key that is retired
sooner than that after a rotation costs the person one more question at worst.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from bot.clock import SystemClock
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.event import AuditEvent, Event, Fact
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.settings import Settings
from bot.store import Installs, Store
from bot.vault import CannotOpen, Sealing, install_place, key_id_of

Again = Callable[[Sealing, bytes], bytes]
"""Seals one record anew for its place, or returns it as it is. Raises CannotOpen when it does not open."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many records stand under the current key now that did not before, and how many could not be opened."""

    records: int = 0
    unreadable: int = 0


class SealedRecords(Protocol):
    """Every sealed record that is kept for longer than a minute."""

    async def reseal_all(self, again: Again) -> Resealed:
        """Replace each record by `again(its place, its bytes)`, unless it was changed meanwhile; leave what fails."""
        ...

    async def in_use(self) -> Mapping[str, int]:
        """Return how many records each key id seals; ids without a record are left out."""
        ...

    async def note(self, event: Event, facts: Mapping[str, Fact], doing: Callable[[], object] = lambda: None) -> None:
        """Enter in the audit what happened to a key, together with `doing` it: what `doing` raises leaves no line."""
        ...


OpenRecords = Callable[[Settings], AbstractAsyncContextManager[SealedRecords]]
"""Opens the database of these settings for as long as its context is entered. Raises StoreTrouble."""


class SealedInstalls:
    """The installations of the app in the store. Every method raises StoreTrouble."""

    def __init__(self, store: Store, recorder: Recorder) -> None:
        self._store = store
        self._recorder = recorder
        self._rows = Installs()

    async def reseal_all(self, again: Again) -> Resealed:
        """Seal each installation again in a unit of work of its own, so that the running bot is never kept waiting.

        It may be stopped and repeated at any point. A row that the bot saved meanwhile is the bot's, and stays.
        """
        async with self._store.work() as work:
            rows = await self._rows.all_sealed(work)
        done = lost = 0
        for row in rows:
            try:
                sealed = again(install_place(*row.key), row.sealed)
            except CannotOpen:
                lost += 1
                continue
            if sealed != row.sealed:
                async with self._store.work() as work:
                    done += await self._rows.replace_sealed(work, row.key, sealed, key_id_of(sealed), row.sealed)
        return Resealed(done, lost)

    async def in_use(self) -> Mapping[str, int]:
        """Return how many installations each key seals, as their bytes say: a key is thrown away by this count."""
        async with self._store.work() as work:
            rows = await self._rows.all_sealed(work)
        return Counter(_key_of(row.sealed, row.key_id) for row in rows)

    async def note(self, event: Event, facts: Mapping[str, Fact], doing: Callable[[], object] = lambda: None) -> None:
        """Enter the event under the name of this machine's terminal; the line is kept once `doing` has returned."""
        who = Person(Platform.TERMINAL, WorkspaceId(socket.gethostname()), PersonId("terminal"))
        async with self._store.work() as work:
            head = await self._recorder.note(work, AuditEvent(event, who, facts=facts))
            doing()
        await self._recorder.keep(head)


def _key_of(sealed: bytes, noted: str) -> str:
    try:
        return key_id_of(sealed)
    except CannotOpen:
        return noted


@asynccontextmanager
async def open_installs(settings: Settings) -> AsyncIterator[SealedRecords]:
    """Open the database's installations; SQLite's file is made where there is none yet, since nothing is in it then."""
    alone = settings.database.startswith("sqlite")
    clock = SystemClock()
    store = await Store.open(settings.database, clock, create=alone)
    try:
        yield SealedInstalls(store, Recorder(clock, HeadFile(settings.state_dir)))
    finally:
        await store.close()
