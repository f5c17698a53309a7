"""Rosters: lines kept at once, people found in the chat by and by, and their courts watched for them.

A line is kept before its person is looked up, so nothing is lost when a chat limits the look-ups or a process ends:
the service goes on with `match_round` wherever it stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.courts.court import Court
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.notes import Notes
from bot.reminders.people.lookups import Lookups
from bot.reminders.people.profiles import CannotTell, Looked, NotFound, Profile, Profiles
from bot.reminders.people.roster_lines import RosterLine, RosterReport, RosterText, Unmatched, read_roster
from bot.reminders.rows import person_name
from bot.store import People, PersonFields, RosterRow, RosterRows, Store, Work
from bot.store.letters import Letters

CHECK_SECONDS = 8.0
LOAD_SECONDS = 6.0
PORTION = 50
"""Lines that are settled in one unit of work."""
AGAIN = 86400.0
"""Seconds after which people who were not found are looked for again: somebody may have joined."""
WHY_ROOM = 32

Found = tuple[RosterRow, Looked]


class Roster:
    """The rosters of all workspaces; `find` returns the court that a text plainly names."""

    def __init__(
        self,
        store: Store,
        notes: Notes,
        find: Callable[[str], Court | None],
        profiles: Mapping[Platform, Profiles],
        clock: Clock,
    ) -> None:
        self._store = store
        self._notes = notes
        self._find = find
        self._clock = clock
        self._lookups = Lookups(profiles, clock)
        self._rows = RosterRows()
        self._people = People()
        self._after: dict[tuple[str, str], str] = {}
        self._rest_until: dict[tuple[str, str], float] = {}

    def read(self, text: str) -> RosterText:
        """Return what the text says, without looking anybody up."""
        return read_roster(text, self._find)

    async def check(
        self, platform: Platform, workspace: WorkspaceId, text: str, seconds: float = CHECK_SECONDS
    ) -> RosterReport:
        """Return what loading `text` would do; people are looked up for `seconds` at most, and nothing is kept."""
        said = self.read(text)
        known = await self._known(platform, workspace)
        new = [line.email for line in said.lines if line.email not in known]
        looked = await self._lookups.find((platform, workspace), new, seconds)
        missing = {email: _why(each) for email, each in looked.items() if not isinstance(each, Profile)}
        return _report(said, len(new) - len(looked), missing)

    async def load(
        self, by: Person, platform: Platform, workspace: WorkspaceId, text: str, seconds: float = LOAD_SECONDS
    ) -> RosterReport:
        """Keep the good lines, find people for `seconds`, and return how far that came. Raises StoreTrouble."""
        said = self.read(text)
        rows = await self._keep(by, platform, workspace, said.lines)
        waiting = {row.email: row for row in rows if row.person is None}
        looked = await self._lookups.find((platform, workspace), waiting, seconds)
        await self._settle([(waiting[email], each) for email, each in looked.items()])
        missing = {email: _why(each) for email, each in looked.items() if not isinstance(each, Profile)}
        report = _report(said, len(waiting) - len(looked), missing)
        async with self._store.work() as work:
            head = await self._notes.roster_loaded(work, by, report.found, report.people - report.found)
        await self._notes.keep(head)
        return report

    async def standing(self, platform: Platform, workspace: WorkspaceId) -> RosterReport:
        """Return how the roster that is kept stands. Raises StoreTrouble."""
        rows = await self.listed(platform, workspace)
        async with self._store.work() as work:
            people = await self._people.of_workspace(work, platform.value, workspace)
            waiting_letters = await Letters().barred(work)
        here = (platform.value, workspace)
        barred = tuple((why, count) for *where, why, count in waiting_letters if tuple(where) == here)
        unreached = tuple((one.person, one.gone) for one in people if one.gone)
        missing = tuple((row.email, row.why) for row in rows if row.person is None)
        waiting = sum(why == Unmatched.WAITING for _, why in missing)
        found = len(rows) - len(missing)
        return RosterReport(len(rows), found, missing, waiting, unreached=unreached, barred=barred)

    async def listed(self, platform: Platform, workspace: WorkspaceId) -> tuple[RosterRow, ...]:
        """Return the lines of a workspace by e-mail address. Raises StoreTrouble."""
        async with self._store.work() as work:
            return await self._rows.list(work, platform.value, workspace)

    async def match_round(self, seconds: float = 0.0) -> int:
        """Look up some of those who are not found yet, in every workspace; returns how many lines were settled.

        A tick calls it on every replica: that two look up the same person does no harm, and 0 `seconds` never waits.
        Raises StoreTrouble.
        """
        async with self._store.work() as work:
            places = await self._rows.places(work)
        settled = 0
        for platform, workspace in places:
            rows = {row.email: row for row in await self._next(platform, workspace)}
            looked = await self._lookups.find((Platform(platform), WorkspaceId(workspace)), rows, seconds)
            settled += await self._settle([(rows[email], each) for email, each in looked.items()])
        return settled

    async def _next(self, platform: str, workspace: str) -> Sequence[RosterRow]:
        """Those who wait; else the next of those not found before, and after the last of them nobody until tomorrow."""
        place = (platform, workspace)
        async with self._store.work() as work:
            rows = await self._rows.unmatched(work, platform, workspace, waiting=True)
            if rows or self._clock.monotonic() < self._rest_until.get(place, float("-inf")):
                return rows
            after = self._after.get(place, "")
            rows = await self._rows.unmatched(work, platform, workspace, waiting=False, after=after, limit=20)
        self._after[place] = rows[-1].email if rows else ""
        if not rows:
            self._rest_until[place] = self._clock.monotonic() + AGAIN
        return rows

    async def _known(self, platform: Platform, workspace: WorkspaceId) -> dict[str, str]:
        rows = await self.listed(platform, workspace)
        return {row.email: row.person for row in rows if row.person is not None}

    async def _keep(
        self, by: Person, platform: Platform, workspace: WorkspaceId, lines: Sequence[RosterLine]
    ) -> list[RosterRow]:
        """Keep every line; whoever was found before has their new courts and office at once."""
        known = await self._known(platform, workspace)
        async with self._store.work() as work:
            at = await self._store.now(work)
            rows = [
                RosterRow(
                    platform.value,
                    workspace,
                    line.email,
                    line.office,
                    line.courts,
                    known.get(line.email),
                    "" if line.email in known else Unmatched.WAITING.value,
                    at,
                    person_name(by),
                )
                for line in lines
            ]
            await self._rows.put(work, rows)
        found = [row for row in rows if row.person is not None]
        for start in range(0, len(found), PORTION):
            async with self._store.work() as work:
                await self._enter(work, found[start : start + PORTION], {})
            await asyncio.sleep(0)
        return rows

    async def _settle(self, looked: Sequence[Found]) -> int:
        """Keep what came of look-ups; a line that was loaded anew meanwhile is left to its own look-up."""
        settled = 0
        for start in range(0, len(looked), PORTION):
            async with self._store.work() as work:
                entered: list[RosterRow] = []
                profiles: dict[str, Profile] = {}
                for row, each in looked[start : start + PORTION]:
                    person = each.id if isinstance(each, Profile) else None
                    if not await self._rows.settle(work, row, person, _why(each)):
                        continue
                    settled += 1
                    if isinstance(each, Profile):
                        entered.append(replace(row, person=each.id))
                        profiles[each.id] = each
                await self._enter(work, entered, profiles)
            await asyncio.sleep(0)
        return settled

    async def _enter(self, work: Work, rows: Sequence[RosterRow], profiles: Mapping[str, Profile]) -> None:
        """Write down people who were found, and watch their courts; their own word stands over the roster's."""
        if not rows:
            return
        at = await self._store.now(work)
        people = {row.person for row in rows if row.person is not None}
        lines = await self._rows.of_people(work, rows[0].platform, rows[0].workspace, people)
        for row in rows:
            who = Person(Platform(row.platform), WorkspaceId(row.workspace), PersonId(row.person or ""))
            known = await self._people.get(work, who)
            fields: PersonFields = {"office": row.office, "email": row.email}
            profile = profiles.get(who.id)
            if profile is not None and profile.zone is not None and not (known and known.zone):
                fields |= {"zone": profile.zone.key, "profile_at": at}
            if profile is not None and known is not None and known.gone:
                fields |= {"gone": "", "gone_at": None}
            await self._people.save(work, who, **fields)
            # Somebody with two addresses stands in two lines: their courts are those of both.
            courts = {court for one in lines if one.person == who.id for court in one.courts}
            await self._people.watch_by_roster(work, who, courts, at)


def _why(looked: Looked) -> str:
    """Return why nobody is known, as the row keeps it; "" for a person who was found."""
    match looked:
        case NotFound():
            return Unmatched.NOT_FOUND.value
        case CannotTell(missing=missing):
            return f"{Unmatched.NOT_ALLOWED.value} {missing}"[:WHY_ROOM].strip()
        case _:
            return ""


def _report(said: RosterText, waiting: int, missing: Mapping[str, str]) -> RosterReport:
    people = len(said.lines)
    return RosterReport(people, people - waiting - len(missing), tuple(missing.items()), waiting, said.bad)
