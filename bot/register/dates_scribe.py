"""Writes what is done to dates, notices, broadcasts and admins into audit and register, in the same units of work.

The reminders know this by a Protocol of their own (bot/reminders/notes.py); an event is read by the shape below, so
that neither part imports the other.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from bot.courts.court import CourtId
from bot.people import Person
from bot.register import changes
from bot.register.chain import Head
from bot.register.event import AuditEvent, Event, Fact, digest
from bot.register.recorder import Recorder
from bot.store import Work


class Dated(Protocol):
    """What is read of an event (bot.reminders.event.CourtEvent): no note, no channel, no source."""

    @property
    def id(self) -> str:
        """The event's own id."""
        ...

    @property
    def court(self) -> CourtId:
        """Where it happens."""
        ...

    @property
    def kind(self) -> StrEnum:
        """What happens."""
        ...

    @property
    def status(self) -> StrEnum:
        """How sure it is."""
        ...

    @property
    def occasion(self) -> str | None:
        """Date and time by the court's clock, None for a coarse date."""
        ...

    @property
    def edition(self) -> int:
        """Counts the changes."""
        ...


class DatesScribe:
    """The recorder in the words of the reminders; every method but `keep` raises StoreTrouble."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def date_changed(self, work: Work, by: Person, event: Dated, what: StrEnum) -> Head:
        """`by` did this to the event, which now stands as given."""
        facts: dict[str, Fact] = {
            "event": event.id,
            "what": what.value,
            "kind": event.kind.value,
            "status": event.status.value,
            "edition": event.edition,
            "day": event.occasion or "coarse",
        }
        return await self._recorder.note(work, AuditEvent(Event.DATE_CHANGED, by, event.court, facts=facts))

    async def broadcast_moved(self, work: Work, by: Person | None, id: str, what: StrEnum) -> Head:
        """`by` did this to the broadcast."""
        facts: dict[str, Fact] = {"broadcast": id, "what": what.value}
        return await self._recorder.note(work, AuditEvent(Event.BROADCAST_MOVED, by, facts=facts))

    async def admin_changed(self, work: Work, by: Person, who: Person, what: StrEnum) -> Head:
        """`by` made `who` an admin, or made them none."""
        facts: dict[str, Fact] = {"who": _named(who), "what": what.value}
        return await self._recorder.note(work, AuditEvent(Event.ADMIN_CHANGED, by, facts=facts))

    async def roster_loaded(self, work: Work, by: Person, matched: int, unmatched: int) -> Head:
        """`by` loaded a roster; of its people only the numbers are said."""
        facts: dict[str, Fact] = {"matched": matched, "unmatched": unmatched}
        return await self._recorder.note(work, AuditEvent(Event.ROSTER_LOADED, by, facts=facts))

    async def invited(self, work: Work, person: Person, court: CourtId) -> Head:
        """The person was told that the court can be linked now."""
        return (await self._recorder.record(work, changes.invited(person, court))).head

    async def linked_by_own_word(self, work: Work, person: Person, court: CourtId, *, done: bool) -> Head:
        """The person said that they have linked by hand, or took it back."""
        return (await self._recorder.record(work, changes.self_reported(person, court, done=done))).head

    async def need_set(self, work: Work, by: Person, person: Person, court: CourtId, *, needed: bool) -> Head:
        """`by` said whether `person` files at this court."""
        return (await self._recorder.record(work, changes.need_set(person, court, needed=needed, by=by))).head

    async def final_day_switched(self, work: Work, by: Person, any_hour: bool) -> Head:
        """`by` let what is told on the final day out of people's hours, or kept it inside."""
        event = AuditEvent(Event.FINAL_DAY_SWITCHED, by, facts={"any_hour": any_hour})
        return await self._recorder.note(work, event)

    async def keep(self, head: Any) -> None:
        """Remember the newest line, once it is committed; None is no news."""
        if head is not None:
            await self._recorder.keep(head)


def _named(who: Person) -> str:
    """A person's id as the chat writes it; the hash of one that has other characters than ids have."""
    name = f"{who.platform.value}/{who.workspace}/{who.id}"
    shaped = len(name) <= _LONGEST and all(each in _IN_IDS for each in name)
    return name if shaped else digest(name)


_LONGEST = 200
_IN_IDS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@/-")
