"""What a person may ask of reminders: their courts, their hours, to be told again, to hear no more, "linked already".

Everybody acts for themselves: each method takes the person whom the chat names, and changes nothing of anybody else's.
Nothing here plans or sends: the plan's next tick, within a minute, makes the notices that are not sent yet agree, and
delivery asks once more whether a notice is still wanted (design 7).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.courts.court import Court, CourtId
from bot.people import Person, Platform
from bot.reminders.event import CourtEvent, EventId
from bot.reminders.hearer import Hours
from bot.reminders.people.profiles import Profiles
from bot.reminders.people.wish_form import Later, WatchForm, WatchProblem, read_wishes
from bot.reminders.people.wish_sheet import Muted, OwnWord, Snoozed, WatchedCourt, WatchSheet, ZoneFrom
from bot.reminders.people.wishes import Kept, WishBook
from bot.reminders.rows import hours_of
from bot.service.watched import by_next_date, hears, is_shown, linked_of, told_again_at
from bot.store import PersonRow, RegisterRow, WatchRow

LAST_RESORT = ZoneInfo("America/New_York")
"""The zone of a person of whom neither the chat nor a court says one."""

PROFILE_LASTS = timedelta(days=1)


class Watching(Protocol):
    """What a person may ask of reminders; `WatchService` does it. All but `check` raise StoreTrouble."""

    def check(self, form: WatchForm) -> tuple[WatchProblem, ...]:
        """Return what is wrong with the form, without asking the store; nothing when it may be saved."""
        ...

    async def sheet(self, person: Person) -> WatchSheet:
        """Return everything that reminders know of the person."""
        ...

    async def save(self, person: Person, form: WatchForm) -> WatchSheet | tuple[WatchProblem, ...]:
        """Keep what the form says, all of it or nothing, and return how things stand now."""
        ...

    async def watch(self, person: Person, court: str, *, on: bool) -> WatchSheet | None:
        """Watch one court, unmuted, or watch it no longer; None where there is no such court."""
        ...

    async def snooze(self, person: Person, event: EventId, later: Later | None) -> Snoozed | None:
        """Tell again later, or take that back (None); None where the date is gone or tells nobody anything.

        Whoever hears nothing of the court is not told again either, which comes back as `silent`.
        """
        ...

    async def mute(self, person: Person, court: str, *, on: bool) -> Muted | None:
        """Hear nothing of a court that is watched, or hear of it again; None where there is no such court."""
        ...

    async def linked_already(self, person: Person, court: str, *, done: bool) -> OwnWord | None:
        """Note that the person linked by hand, or take it back; None where there is no such court."""
        ...


class Dates(Protocol):
    """What this service asks about courts' dates; the calendar has it."""

    async def events(self, *, court: CourtId | None = None, past: bool = False) -> tuple[CourtEvent, ...]:
        """Return the dates of a court, or of all; with `past` those that are over too."""
        ...

    async def event(self, id: EventId) -> CourtEvent | None:
        """Return one date."""
        ...


class WatchService:
    """The wishes of people over the store.

    `find` returns the court with exactly an id, `profiles` is what each chat says of its people: one that is not there
    says nothing, and may be added later.
    """

    def __init__(
        self,
        *,
        book: WishBook,
        dates: Dates,
        find: Callable[[str], Court | None],
        profiles: Mapping[Platform, Profiles],
        clock: Clock,
    ) -> None:
        self._book = book
        self._dates = dates
        self._find = find
        self._profiles = profiles
        self._clock = clock

    def check(self, form: WatchForm) -> tuple[WatchProblem, ...]:
        """Return what is wrong with the form; nothing when it may be saved."""
        read = read_wishes(form, self._clock.now(), self._find)
        return read if isinstance(read, tuple) else ()

    async def seen(self, person: Person) -> None:
        """Note a sign of life of the person: they can be written to after all. Raises StoreTrouble."""
        await self._book.seen(person)

    async def sheet(self, person: Person) -> WatchSheet:
        """Return everything that reminders know of the person. Raises StoreTrouble."""
        kept = await self._with_zone(person)
        return self._sheet(kept, await self._dates.events(past=True))

    async def save(self, person: Person, form: WatchForm) -> WatchSheet | tuple[WatchProblem, ...]:
        """Keep what the form says, all of it or nothing, and return how things stand now. Raises StoreTrouble."""
        read = read_wishes(form, self._clock.now(), self._find)
        if isinstance(read, tuple):
            return read
        await self._book.keep(person, read, self._clock.now())
        return await self.sheet(person)

    async def watch(self, person: Person, court: str, *, on: bool) -> WatchSheet | None:
        """Watch one court, unmuted, or watch it no longer; None where there is no such court. Raises StoreTrouble."""
        found = self._find(court)
        if found is None:
            return None
        await self._book.watch(person, found.id, on=on, at=self._clock.now())
        return await self.sheet(person)

    async def snooze(self, person: Person, event: EventId, later: Later | None) -> Snoozed | None:
        """Tell again later, in the person's hours, or take that back. Raises StoreTrouble."""
        known = await self._dates.event(event)
        court = self._find(known.court) if known is not None else None
        if known is None or court is None:
            return None
        if later is None:
            await self._book.not_again(person, event)
            hours, _ = self._hours(await self._book.kept(person))
            return Snoozed(court, known, hours)
        if not known.reminds:
            return None
        kept = await self._with_zone(person)
        hours, _ = self._hours(kept)
        if not hears(kept, known):
            return Snoozed(court, known, hours, silent=True)
        at = told_again_at(hours, self._clock.now(), later)
        await self._book.again(person, event, at, self._clock.now())
        return Snoozed(court, known, hours, at)

    async def mute(self, person: Person, court: str, *, on: bool) -> Muted | None:
        """Hear nothing of a court that is watched, or hear of it again. Raises StoreTrouble."""
        found = self._find(court)
        if found is None:
            return None
        return Muted(found, on, watched=await self._book.mute(person, found.id, on=on))

    async def linked_already(self, person: Person, court: str, *, done: bool) -> OwnWord | None:
        """Note that the person linked by hand, or take it back; a link that was seen stays. Raises StoreTrouble."""
        found = self._find(court)
        if found is None:
            return None
        row = await self._book.own_word(person, found.id, done=done)
        return OwnWord(found, done, linked_of(row))

    async def _with_zone(self, person: Person) -> Kept:
        """What is kept of the person, once the chat was asked for the zone of somebody who chose none."""
        kept = await self._book.kept(person)
        about, now = kept.about, self._clock.now()
        if about is not None and about.zone and (about.profile_at is None or now - about.profile_at < PROFILE_LASTS):
            return kept
        profiles = self._profiles.get(person.platform)
        zone = await profiles.zone_of(person) if profiles is not None else None
        if zone is None:
            return kept
        return await self._book.keep_zone(person, zone, now)

    def _hours(self, kept: Kept) -> tuple[Hours, ZoneFrom]:
        about = kept.about
        if about is not None and about.zone:
            said = ZoneFrom.CHAT if about.profile_at is not None else ZoneFrom.OWN
            return hours_of(about, LAST_RESORT), said
        courts = (self._find(one.court) for one in kept.watches if one.is_on)
        zone = next((one.zone for one in courts if one is not None), LAST_RESORT)
        return hours_of(about or PersonRow("", "", ""), zone), ZoneFrom.COURT

    def _sheet(self, kept: Kept, events: tuple[CourtEvent, ...]) -> WatchSheet:
        hours, zone_from = self._hours(kept)
        now = self._clock.now()
        if hours.vacation is not None and hours.vacation[1] < now.astimezone(hours.zone).date():
            hours = Hours(hours.zone, hours.begins, hours.ends, hours.days)
        standing = {row.court: row for row in kept.register}
        watched = [
            self._watched(court, row, standing.get(row.court), events, now)
            for row in kept.watches
            if row.is_on and (court := self._find(row.court)) is not None
        ]
        courts = tuple(sorted(watched, key=lambda one: by_next_date(one, now)))
        return WatchSheet(now, hours, zone_from, courts, kept.about.gone if kept.about is not None else "")

    def _watched(
        self, court: Court, row: WatchRow, entry: RegisterRow | None, events: tuple[CourtEvent, ...], now: datetime
    ) -> WatchedCourt:
        linked = linked_of(entry)
        shown = [one for one in events if one.court == court.id and is_shown(one, linked, now)]
        shown.sort(key=lambda one: one.opens_at or datetime.max.replace(tzinfo=UTC))
        return WatchedCourt(court, linked, row.muted, row.by != "self", tuple(shown))
