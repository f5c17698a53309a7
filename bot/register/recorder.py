"""Writes down what happened, inside the unit of work of whoever made it happen: attempt, register and audit at once.

async with store.work() as work:
    ...                                             the attempt's own rows
    kept = await recorder.record(work, attempt_ended(person, court, result))
await recorder.keep(kept.head)                      after the commit, never before
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import structlog

from bot.clock import Clock
from bot.register.chain import Head, hash_of
from bot.register.changes import Change
from bot.register.entry import Entry, fresh
from bot.register.event import AuditEvent
from bot.register.head import BrokenHead, HeadFile
from bot.register.rows import AuditRows, RegisterRows
from bot.register.standing import after

log = structlog.get_logger(__name__)

Work = TypeVar("Work")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The entry as it now is, and the head of the audit to be kept once the unit of work is committed."""

    entry: Entry
    head: Head


class Recorder(Generic[Work]):
    """The one writer of the register and the audit; every exception of the store passes through."""

    def __init__(
        self, register: RegisterRows[Work], audit: AuditRows[Work], *, clock: Clock, head: HeadFile | None
    ) -> None:
        self._register = register
        self._audit = audit
        self._clock = clock
        self._head = head
        self._newest = Head(0, "")
        self._kept = 0
        self._keeping = asyncio.Lock()

    async def note(self, work: Work, event: AuditEvent) -> Head:
        """Add one line to the audit, and return the head that it makes.

        Nobody else can add a line before `work` ends, so a unit of work that notes something is best a short one.
        """
        at = self._clock.now()
        line = await self._audit.append(work, at, event.entry(at), hash_of)
        return line.head

    async def record(self, work: Work, change: Change) -> Recorded:
        """Note the event of `change` and move its person in the register.

        The line comes first: it holds the audit's lock, so that two replicas cannot both start from the same entry.
        """
        head = await self.note(work, change.event)
        at = self._clock.now()
        known = await self._register.get(work, change.about, change.court)
        entry = after(known or fresh(change.about, change.court, at), change.happening, at)
        if change.office:
            entry = replace(entry, office=change.office)
        if entry != known:
            await self._register.put(work, entry)
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
