"""What an admin may ask for of dates, admins and rosters. Every method asks anew whether the person is an admin.

A button pressed, a form sent, a command typed: each comes here by itself, and a person who was an admin when a form
was opened may be none when it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.courts.court import CourtId
from bot.people import Person, PersonId
from bot.reminders.dates.believing import Believers
from bot.reminders.dates.change import Change
from bot.reminders.dates.event_form import DateProblem, EventForm
from bot.reminders.event import CourtEvent, EventId
from bot.reminders.final_day import FinalDay
from bot.reminders.people.admin_outcome import AdminOutcome
from bot.reminders.people.admins import Admins
from bot.reminders.people.roster import Roster
from bot.reminders.people.roster_lines import RosterReport
from bot.service.admins import NotAdmin, require_admin

__all__ = ["DateService", "Dates", "Kept", "NotAdmin"]

Kept = CourtEvent | tuple[DateProblem, ...]
"""The event as it now stands, or everything that was wrong: then nothing was changed."""


class Dates(Protocol):
    """The door to dates. Every method raises NotAdmin for anybody else but where it says so, and StoreTrouble.

    The class that does it is `DateService`.
    """

    async def admins_of(self, person: Person) -> tuple[PersonId, ...]:
        """Return who the admins of the person's workspace are; anybody may ask, to know whom to ask."""
        ...

    async def check(self, by: Person) -> None:
        """Do nothing for an admin."""
        ...

    async def events(self, by: Person, court: CourtId | None = None) -> tuple[CourtEvent, ...]:
        """Return the dates that are still to come, soonest first; of one court, those that are past too."""
        ...

    async def event(self, by: Person, event: EventId) -> CourtEvent | None:
        """Return one date as it stands, None where there is none of this id."""
        ...

    async def history(self, by: Person, court: CourtId) -> tuple[Change, ...]:
        """Return every change of this court's dates, newest first."""
        ...

    async def last_change(self, by: Person, event: EventId) -> Change | None:
        """Return who changed a date last, and how."""
        ...

    async def told(self, by: Person, event: EventId) -> int:
        """Return how many people believe the date that now stands: another one means a correction for each."""
        ...

    async def put(self, by: Person, form: EventForm) -> Kept:
        """Keep a new date."""
        ...

    async def change(self, by: Person, event: EventId, edition: int, form: EventForm) -> Kept:
        """Move or edit a date; `edition` is what the person saw."""
        ...

    async def confirm(self, by: Person, event: EventId, edition: int) -> Kept:
        """Say that the court has confirmed the date."""
        ...

    async def live(self, by: Person, event: EventId, edition: int) -> Kept:
        """Say that it has happened."""
        ...

    async def withdraw(self, by: Person, event: EventId, edition: int, note: str) -> Kept:
        """Say that the date no longer holds, and why."""
        ...

    async def add_admin(self, by: Person, who: PersonId) -> AdminOutcome:
        """Make a person of the same workspace an admin."""
        ...

    async def remove_admin(self, by: Person, who: PersonId) -> AdminOutcome:
        """Make an admin of the same workspace none, unless they are the last."""
        ...

    async def final_day(self, by: Person, any_hour: bool | None = None) -> bool:
        """Return whether the last day's notices may come out of people's hours, after setting it unless it is None."""
        ...

    async def check_roster(self, by: Person, text: str) -> RosterReport:
        """Read a roster and look its people up in the chat, for some seconds at most; nothing is kept."""
        ...

    async def load_roster(self, by: Person, text: str) -> RosterReport:
        """Keep the good lines of a roster; whom there is no time to look up is matched by the service later."""
        ...

    async def roster(self, by: Person) -> RosterReport:
        """Return how the roster of the workspace stands."""
        ...


class Calendar(Protocol):
    """What the service needs of the calendar (bot/reminders/dates/calendar.py); every method raises StoreTrouble."""

    async def events(self, *, court: CourtId | None = None, past: bool = False) -> tuple[CourtEvent, ...]:
        """Return the dates that are still to come, with `past` all of them."""
        ...

    async def event(self, id: EventId) -> CourtEvent | None:
        """Return one date."""
        ...

    async def history(self, id: EventId) -> tuple[Change, ...]:
        """Return every change of a date."""
        ...

    async def put(self, by: Person, form: EventForm) -> Kept:
        """Keep a new date."""
        ...

    async def change(self, by: Person, id: EventId, edition: int, form: EventForm) -> Kept:
        """Move or edit a date."""
        ...

    async def confirm(self, by: Person, id: EventId, edition: int) -> Kept:
        """Confirm a date."""
        ...

    async def live(self, by: Person, id: EventId, edition: int) -> Kept:
        """Say that it has happened."""
        ...

    async def withdraw(self, by: Person, id: EventId, edition: int, note: str) -> Kept:
        """Withdraw a date."""
        ...


class DateService:
    """The dates of this deployment, the admins and the roster of each workspace."""

    def __init__(
        self, calendar: Calendar, believers: Believers, admins: Admins, roster: Roster, final_day: FinalDay
    ) -> None:
        self._calendar = calendar
        self._believers = believers
        self._admins = admins
        self._roster = roster
        self._final_day = final_day

    async def admins_of(self, person: Person) -> tuple[PersonId, ...]:
        """Return who the admins of the person's workspace are; anybody may ask."""
        return await self._admins.named(person.platform, person.workspace)

    async def check(self, by: Person) -> None:
        """Do nothing for an admin. Raises NotAdmin for anybody else."""
        await require_admin(self._admins, by)

    async def events(self, by: Person, court: CourtId | None = None) -> tuple[CourtEvent, ...]:
        """Return the dates that are still to come, soonest first; of one court, those that are past too."""
        await self.check(by)
        return await self._calendar.events(court=court, past=court is not None)

    async def event(self, by: Person, event: EventId) -> CourtEvent | None:
        """Return one date as it stands, None where there is none of this id."""
        await self.check(by)
        return await self._calendar.event(event)

    async def history(self, by: Person, court: CourtId) -> tuple[Change, ...]:
        """Return every change of this court's dates, newest first."""
        found = [change for one in await self.events(by, court) for change in await self._calendar.history(one.id)]
        return tuple(sorted(found, key=lambda change: (change.at, change.event.edition), reverse=True))

    async def last_change(self, by: Person, event: EventId) -> Change | None:
        """Return who changed a date last, and how."""
        await self.check(by)
        changes: Sequence[Change] = await self._calendar.history(event)
        return max(changes, key=lambda change: change.event.edition, default=None)

    async def told(self, by: Person, event: EventId) -> int:
        """Return how many people believe the date that now stands."""
        await self.check(by)
        return await self._believers.count(event)

    async def put(self, by: Person, form: EventForm) -> Kept:
        """Keep a new date."""
        await self.check(by)
        return await self._calendar.put(by, form)

    async def change(self, by: Person, event: EventId, edition: int, form: EventForm) -> Kept:
        """Move or edit a date; `edition` is what the person saw."""
        await self.check(by)
        return await self._calendar.change(by, event, edition, form)

    async def confirm(self, by: Person, event: EventId, edition: int) -> Kept:
        """Say that the court has confirmed the date."""
        await self.check(by)
        return await self._calendar.confirm(by, event, edition)

    async def live(self, by: Person, event: EventId, edition: int) -> Kept:
        """Say that it has happened."""
        await self.check(by)
        return await self._calendar.live(by, event, edition)

    async def withdraw(self, by: Person, event: EventId, edition: int, note: str) -> Kept:
        """Say that the date no longer holds, and why."""
        await self.check(by)
        return await self._calendar.withdraw(by, event, edition, note)

    async def add_admin(self, by: Person, who: PersonId) -> AdminOutcome:
        """Make a person of the same workspace an admin."""
        await self.check(by)
        return await self._admins.add(by, Person(by.platform, by.workspace, who))

    async def remove_admin(self, by: Person, who: PersonId) -> AdminOutcome:
        """Make an admin of the same workspace none, unless they are the last."""
        await self.check(by)
        return await self._admins.remove(by, Person(by.platform, by.workspace, who))

    async def final_day(self, by: Person, any_hour: bool | None = None) -> bool:
        """Return whether the last day's notices may come out of people's hours, after setting it unless it is None."""
        await self.check(by)
        if any_hour is not None:
            await self._final_day.let(by, any_hour)
        return await self._final_day.any_hour()

    async def check_roster(self, by: Person, text: str) -> RosterReport:
        """Read a roster and look its people up in the chat, for some seconds at most; nothing is kept."""
        await self.check(by)
        return await self._roster.check(by.platform, by.workspace, text)

    async def load_roster(self, by: Person, text: str) -> RosterReport:
        """Keep the good lines of a roster; whom there is no time to look up is matched by the service later."""
        await self.check(by)
        return await self._roster.load(by, by.platform, by.workspace, text)

    async def roster(self, by: Person) -> RosterReport:
        """Return how the roster of the workspace stands."""
        await self.check(by)
        return await self._roster.standing(by.platform, by.workspace)
