"""Writes down what happened, inside the unit of work of whoever made it happen: attempt, register and audit at once.

    async with store.work() as work:
        ...                                             the attempt's own rows come first
        kept = await recorder.record(work, attempt_ended(person, court, result))
    await recorder.keep(kept.head)                      after the commit, never before

The first line that is noted takes a lock which lasts to the end of the unit of work, on every replica: nothing slow may
come after it, and no row that another unit of work changes before its own first line.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import structlog

from bot.clock import Clock
from bot.register.chain import Head, hash_of
from bot.register.changes import Change
from bot.register.entry import Entry, fresh
from bot.register.event import AuditEvent
from bot.register.head import BrokenHead, HeadFile
from bot.register.rows import entry_of, row_of
from bot.register.standing import after
from bot.store import Audit, Register, Work

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The entry as it now is, and the head of the audit to be kept once the unit of work is committed."""

    entry: Entry
    head: Head


class Recorder:
    """The one writer of the register and the audit; `head` is where the newest line is remembered, None for nowhere."""

    def __init__(self, clock: Clock, head: HeadFile | None) -> None:
        self._register = Register()
        self._audit = Audit()
        self._clock = clock
        self._head = head
        self._newest = Head(0, "")
        self._kept = 0
        self._keeping = asyncio.Lock()

    async def note(self, work: Work, event: AuditEvent) -> Head:
        """Add one line to the audit and return the head that it makes. Raises StoreTrouble."""
        at = self._clock.now()
        line = await self._audit.append(work, at, event.entry(at), hash_of)
        return Head(line.seq, line.hash)

    async def record(self, work: Work, change: Change) -> Recorded:
        """Note the event of `change` and move its person in the register. Raises StoreTrouble.

        The line comes first: its lock is what keeps two replicas from both starting from the same entry.
        """
        head = await self.note(work, change.event)
        at = self._clock.now()
        who = change.about
        row = await self._register.get(work, who.platform.value, who.workspace, who.id, change.court)
        known = entry_of(row) if row else None
        entry = after(known or fresh(who, change.court, at), change.happening, at)
        if change.office:
            entry = replace(entry, office=change.office)
        if entry != known:
            await self._register.put(work, row_of(entry, at))
        return Recorded(entry, head)

    async def keep(self, head: Head) -> None:
        """Remember the newest line in the state folder, once it is committed, so that a cut tail is seen.

        Never raises: what happened has happened, and a head that lags behind is told by `audit verify`, not hidden.
        """
        self._newest = max(self._newest, head, key=lambda one: one.seq)
        async with self._keeping:
            # Whoever had to wait finds that the newest head of all who waited is kept already.
            if self._head is None or head.seq <= self._kept:
                return
            newest = self._newest
            try:
                await asyncio.to_thread(self._head.keep, newest)
                self._kept = newest.seq
            except (OSError, BrokenHead) as error:
                log.error("audit_head_not_kept", error=type(error).__name__)
