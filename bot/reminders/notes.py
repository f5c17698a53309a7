"""What register and audit are told of dates, notices, broadcasts and admins; they are another part, and are handed in.

Every method but `keep` belongs into the unit of work in which the thing itself is done, after the rows of the thing
(bot/register/recorder.py: the audit's lock lasts to the end of the unit). It returns the audit's newest line, whatever
that is to the register; the caller hands the last one to `keep` after the commit.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from bot.courts.court import CourtId
from bot.people import Person
from bot.reminders.broadcasts.broadcast import BroadcastId
from bot.reminders.dates.change import What
from bot.reminders.event import CourtEvent
from bot.store import Work


class AdminChange(StrEnum):
    """What became of an admin."""

    ADDED = "added"
    REMOVED = "removed"
    ENTERED = "entered"
    """One of LINK_ECF_ADMINS came while the workspace had none."""


class BroadcastMove(StrEnum):
    """What became of a broadcast."""

    DRAFTED = "drafted"
    SCHEDULED = "scheduled"
    SENT = "sent"
    STOPPED = "stopped"
    DONE = "done"
    SENT_AGAIN = "sent_again"


class Notes(Protocol):
    """What is told to register and audit (bot/register/dates_scribe.py); every method raises StoreTrouble."""

    async def date_changed(self, work: Work, by: Person, event: CourtEvent, what: What) -> Any:
        """`by` did this to the event, which now stands as given."""
        ...

    async def broadcast_moved(self, work: Work, by: Person | None, id: BroadcastId, what: BroadcastMove) -> Any:
        """`by` (None: the bot itself, when it is time) did this to the broadcast."""
        ...

    async def admin_changed(self, work: Work, by: Person, who: Person, what: AdminChange) -> Any:
        """`by` made `who` an admin, or made them none."""
        ...

    async def roster_loaded(self, work: Work, by: Person, matched: int, unmatched: int) -> Any:
        """`by` loaded a roster of so many people found in the chat and so many not found."""
        ...

    async def invited(self, work: Work, person: Person, court: CourtId) -> Any:
        """The person was told that the court can be linked now."""
        ...

    async def linked_by_own_word(self, work: Work, person: Person, court: CourtId, *, done: bool) -> Any:
        """The person said that they have linked by hand, or took it back."""
        ...

    async def need_set(self, work: Work, by: Person, person: Person, court: CourtId, *, needed: bool) -> Any:
        """`by` said whether `person` files at this court."""
        ...

    async def keep(self, head: Any) -> None:
        """What was told is committed now; `head` is what the last call returned. None is no news. Never raises."""
        ...
