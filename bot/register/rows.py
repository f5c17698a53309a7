"""What the register and the audit need of the store: two sets of rows, and a unit of work that they never look into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from bot.courts.court import CourtId
from bot.people import Person
from bot.register.chain import Line
from bot.register.entry import Entry, State

Work_contra = TypeVar("Work_contra", contravariant=True)
"""The store's unit of work: everything done with one is committed together or not at all."""


class RegisterRows(Protocol[Work_contra]):
    """The entries, one for a person and a court."""

    async def get(self, work: Work_contra, person: Person, court: CourtId) -> Entry | None:
        """Return the entry, None when there is none yet."""
        ...

    async def put(self, work: Work_contra, entry: Entry) -> None:
        """Keep `entry` in place of the one for the same person and court."""
        ...

    async def list(
        self, work: Work_contra, *, court: CourtId | None = None, office: str | None = None, state: State | None = None
    ) -> Sequence[Entry]:
        """Return the entries of a court, an office, a state; all where None is given."""
        ...


class AuditRows(Protocol[Work_contra]):
    """The lines of the audit; none is ever changed or taken away."""

    async def append(self, work: Work_contra, at: datetime, entry: str, chain: Callable[[int, str, str], str]) -> Line:
        """Add a line and return it; `chain` makes its hash of number, previous hash and entry.

        From here to the end of the unit of work nobody else can append, so that the numbers have no gap.
        """
        ...

    async def since(self, work: Work_contra, seq: int, limit: int) -> Sequence[Line]:
        """Return up to `limit` lines after number `seq`, in order."""
        ...

    async def last(self, work: Work_contra) -> Line | None:
        """Return the newest line, None when there is none."""
        ...
