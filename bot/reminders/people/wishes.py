"""The wishes of people as the store keeps them: courts, hours, "again", mute, and a person's own word in the register.

Each method is one unit of work, and doing it twice is doing it once. Whoever asks for something is there again, so what
was noted of them as gone is forgotten with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.courts.court import CourtId
from bot.people import Person
from bot.reminders.event import EventId
from bot.reminders.hearer import Hours
from bot.reminders.notes import Notes
from bot.reminders.people.wish_form import Wishes
from bot.store import AgainRow, People, PersonRow, Register, RegisterRow, Store, WatchRow, Work

_LINKED, _OWN_WORD, _NOT_FILING = "linked", "guided", "not_needed"
"""States of the register, by the names that its rows have."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store has of one person; `about` is None for somebody who never asked for anything."""

    about: PersonRow | None
    watches: tuple[WatchRow, ...] = ()
    register: tuple[RegisterRow, ...] = ()


class WishBook:
    """Reads and writes wishes; `notes` is told of what belongs into register and audit."""

    def __init__(self, store: Store, notes: Notes) -> None:
        self._store = store
        self._notes = notes
        self._people = People()
        self._register = Register()

    async def kept(self, person: Person) -> Kept:
        """Return what is kept of the person. Raises StoreTrouble."""
        async with self._store.work() as work:
            return await self._kept(work, person)

    async def keep_zone(self, person: Person, zone: ZoneInfo, at: datetime) -> Kept:
        """Keep the zone that the chat says, unless the person has chosen one meanwhile. Raises StoreTrouble."""
        async with self._store.work() as work:
            about = await self._people.get(work, person)
            if about is None or not about.zone or about.profile_at is not None:
                await self._people.save(work, person, zone=zone.key, profile_at=at)
            return await self._kept(work, person)

    async def keep(self, person: Person, wishes: Wishes, at: datetime) -> None:
        """Keep a whole form: hours and courts, all of it or nothing. Raises StoreTrouble."""
        head: Any = None
        async with self._store.work() as work:
            await self._keep_hours(work, person, wishes.hours)
            for court in wishes.leave:
                await self._people.watch(work, _row(person, court, at, on=False))
            for court in wishes.watch:
                await self._people.watch(work, _row(person, court, at, on=True))
            for court in wishes.unmute:
                await self._people.mute(work, person, court, False)
            for court in wishes.watch:
                head = await self._files_after_all(work, person, court) or head
        if head is not None:
            await self._notes.keep(head)

    async def seen(self, person: Person) -> None:
        """Enter a sign of life: whatever kept letters from the person before may be over. Raises StoreTrouble."""
        async with self._store.work() as work:
            await self._people.seen(work, person)

    async def watch(self, person: Person, court: CourtId, *, on: bool, at: datetime) -> None:
        """Watch one court, unmuted, or watch it no longer. Raises StoreTrouble."""
        head: Any = None
        async with self._store.work() as work:
            await self._people.save(work, person, gone="")
            before = {one.court: one for one in await self._people.watches(work, person)}.get(court)
            since = before.since if before is not None and before.is_on == on else at
            await self._people.watch(work, _row(person, court, since, on=on))
            if on:
                head = await self._files_after_all(work, person, court)
        if head is not None:
            await self._notes.keep(head)

    async def again(self, person: Person, event: EventId, due_at: datetime, at: datetime) -> None:
        """Tell of the event again at `due_at` (aware), in place of an earlier wish. Raises StoreTrouble."""
        async with self._store.work() as work:
            await self._people.save(work, person, gone="")
            await self._people.tell_again(work, AgainRow(*_key(person), event, due_at, at))

    async def not_again(self, person: Person, event: EventId) -> None:
        """Take that back. Raises StoreTrouble."""
        async with self._store.work() as work:
            await self._people.not_again(work, person, event)

    async def mute(self, person: Person, court: CourtId, *, on: bool) -> bool:
        """Hear nothing of a court, or hear of it again; False where it is not watched. Raises StoreTrouble."""
        async with self._store.work() as work:
            await self._people.save(work, person, gone="")
            return await self._people.mute(work, person, court, on)

    async def own_word(self, person: Person, court: CourtId, *, done: bool) -> RegisterRow | None:
        """Note that the person linked by hand, or take it back; returns their line of the register as it stands now.

        A link that the court has shown stays as it is, and nothing is written where nothing changes. Raises
        StoreTrouble.
        """
        head: Any = None
        async with self._store.work() as work:
            await self._people.save(work, person, gone="")
            row = await self._register.get(work, *_key(person), court)
            state = row.state if row is not None else ""
            if state != _LINKED and (state == _OWN_WORD) != done:
                head = await self._notes.linked_by_own_word(work, person, court, done=done)
                row = await self._register.get(work, *_key(person), court)
        if head is not None:
            await self._notes.keep(head)
        return row

    async def _kept(self, work: Work, person: Person) -> Kept:
        return Kept(
            await self._people.get(work, person),
            await self._people.watches(work, person),
            await self._register.of_person(work, *_key(person)),
        )

    async def _keep_hours(self, work: Work, person: Person, hours: Hours) -> None:
        first, last = hours.vacation or (None, None)
        before = await self._people.get(work, person)
        # The zone of the chat's profile goes on being followed for as long as the person leaves it as it is.
        follows = before is not None and before.zone == hours.zone.key
        await self._people.save(
            work,
            person,
            zone=hours.zone.key,
            begins=hours.begins.isoformat("minutes"),
            ends=hours.ends.isoformat("minutes"),
            days="".join("1" if day in hours.days else "0" for day in range(7)),
            vacation_from=first.isoformat() if first else None,
            vacation_until=last.isoformat() if last else None,
            gone="",
            profile_at=before.profile_at if before is not None and follows else None,
        )

    async def _files_after_all(self, work: Work, person: Person, court: CourtId) -> Any:
        """Somebody who was said not to file at a court, and watches it, does file there."""
        row = await self._register.get(work, *_key(person), court)
        if row is None or row.state != _NOT_FILING:
            return None
        return await self._notes.need_set(work, person, person, court, needed=True)


def _key(person: Person) -> tuple[str, str, str]:
    return person.platform.value, person.workspace, person.id


def _row(person: Person, court: CourtId, since: datetime, *, on: bool) -> WatchRow:
    return WatchRow(*_key(person), court, since, is_on=on)
