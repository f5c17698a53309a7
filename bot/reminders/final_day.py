"""Whether what is told on the last day and at the opening may come out of hours: the firm's switch (design 7)."""

from __future__ import annotations

from typing import Any, Protocol

from bot.people import Person
from bot.reminders.planner import ANY_HOUR
from bot.reminders.rows import person_name
from bot.store import Store, Switches, Work

NAME = 128
"""Characters that a switch keeps of who set it."""


class SwitchNotes(Protocol):
    """What the audit is told of the switch (bot/reminders/notes.py says how)."""

    async def final_day_switched(self, work: Work, by: Person, any_hour: bool) -> Any:
        """`by` set the switch."""
        ...

    async def keep(self, head: Any) -> None:
        """What was told is committed now. Never raises."""
        ...


class FinalDay:
    """The switch, for the whole deployment: dates belong to it, and so does how they are told. Off until it is set.

    The next plan follows it, within a minute; nothing that was sent is changed. Every method raises StoreTrouble.
    """

    def __init__(self, store: Store, notes: SwitchNotes) -> None:
        self._store = store
        self._notes = notes
        self._switches = Switches()

    async def any_hour(self) -> bool:
        """Tell how the switch stands."""
        async with self._store.work() as work:
            return await self._switches.get(work, ANY_HOUR) is True

    async def let(self, by: Person, any_hour: bool) -> None:
        """Set the switch; who did is kept with it."""
        async with self._store.work() as work:
            await self._switches.set(work, ANY_HOUR, any_hour, person_name(by)[:NAME])
            head = await self._notes.final_day_switched(work, by, any_hour)
        await self._notes.keep(head)
