"""Rows in memory, with a unit of work that is kept or undone as a whole: what the recorder sees of a store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.courts.court import CourtId
from bot.people import Person
from bot.register.chain import FIRST, Line
from bot.register.entry import Entry, State


@dataclass
class Unit:
    """What one unit of work has written so far."""

    entries: dict[tuple[Person, CourtId], Entry]
    lines: list[Line]
    appended: bool = False


@dataclass
class Memory:
    """Entries and lines that were committed; one unit of work at a time."""

    entries: dict[tuple[Person, CourtId], Entry] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Unit]:
        """Run the block as one unit: kept when it ends, undone when it raises."""
        async with self.alone:
            unit = Unit(dict(self.entries), list(self.lines))
            yield unit
            self.entries, self.lines = unit.entries, unit.lines


class MemoryRegister:
    """The entries."""

    async def get(self, work: Unit, person: Person, court: CourtId) -> Entry | None:
        """Return the entry; it has to be read under the lock that a line of the audit takes."""
        assert work.appended
        return work.entries.get((person, court))

    async def put(self, work: Unit, entry: Entry) -> None:
        """Keep the entry."""
        work.entries[entry.person, entry.court] = entry

    async def list(
        self, work: Unit, *, court: CourtId | None = None, office: str | None = None, state: State | None = None
    ) -> Sequence[Entry]:
        """Return those that fit."""
        return [
            one
            for one in work.entries.values()
            if court in (None, one.court) and office in (None, one.office) and state in (None, one.state)
        ]


class MemoryAudit:
    """The lines."""

    async def append(self, work: Unit, at: datetime, entry: str, chain: Callable[[int, str, str], str]) -> Line:
        """Add a line."""
        seq, previous = (work.lines[-1].seq + 1, work.lines[-1].hash) if work.lines else (1, FIRST)
        line = Line(seq, at, entry, previous, chain(seq, previous, entry))
        work.lines.append(line)
        work.appended = True
        return line

    async def since(self, work: Unit, seq: int, limit: int) -> Sequence[Line]:
        """Return a page."""
        return [line for line in work.lines if line.seq > seq][:limit]

    async def last(self, work: Unit) -> Line | None:
        """Return the newest."""
        return work.lines[-1] if work.lines else None
