"""Who the admins of each workspace are: the first by the firm's setting, every other one by an admin.

A chat's own administrators are none by that alone: who runs a firm's Slack is not who keeps its courts' dates
(slack.md section 1.9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.notes import AdminChange, Notes
from bot.reminders.people.admin_outcome import AdminOutcome
from bot.reminders.people.first_admins import FirstAdmins
from bot.reminders.people.profiles import Profiles
from bot.reminders.rows import person_name
from bot.store import AdminRow, Removal, Store, Work
from bot.store import Admins as AdminRows


class Admins:
    """The admins, over their rows; `first` are the entries of LINK_ECF_ADMINS, people of Slack.

    `profiles` of each chat tell whether somebody who is to be added is there; without them, or where they cannot say,
    the chat's own list of people, from which an admin chose, is believed. They tell too which workspace is the bot's.
    """

    def __init__(
        self,
        store: Store,
        notes: Notes,
        first: Sequence[str] = (),
        profiles: Mapping[Platform, Profiles] = MappingProxyType({}),
    ) -> None:
        self._store = store
        self._notes = notes
        self._first = FirstAdmins.read(first)
        self._profiles = profiles
        self._rows = AdminRows()

    async def is_admin(self, person: Person) -> bool:
        """Tell whether `person` is an admin; one of the first, in a workspace without any, becomes one by asking.

        The others of the first are entered with them. Of two workspaces that ask at once, one gets the ids that name
        none. Raises StoreTrouble.
        """
        async with self._store.work() as work:
            if await self._rows.is_admin(work, person):
                return True
            firsts = await self._may_become(work, person.platform, person.workspace)
        allowed = await self._at_home(person.platform, person.workspace, firsts)
        if person.id not in allowed:
            # Between the two looks another replica may have entered them: then the second look found no place free.
            async with self._store.work() as work:
                return await self._rows.is_admin(work, person)
        async with self._store.work() as work:
            await self._rows.alone(work)
            now = await self._may_become(work, person.platform, person.workspace)
            if person.id not in now:
                # Somebody was quicker, of this workspace or of another.
                return await self._rows.is_admin(work, person)
            head = await self._enter(work, person, [one for one in allowed if one in now])
        await self._notes.keep(head)
        return True

    async def named(self, platform: Platform, workspace: WorkspaceId) -> tuple[PersonId, ...]:
        """Return whom to ask: the admins, or, where none has ever acted, those who may become the first here."""
        async with self._store.work() as work:
            rows = await self._rows.list(work, platform.value, workspace)
            firsts = await self._may_become(work, platform, workspace)
        return tuple(row.who.id for row in rows) or await self._at_home(platform, workspace, firsts)

    async def list(self, platform: Platform, workspace: WorkspaceId) -> tuple[AdminRow, ...]:
        """Return the admins of a workspace, those longest in office first. Raises StoreTrouble."""
        async with self._store.work() as work:
            return await self._rows.list(work, platform.value, workspace)

    async def add(self, by: Person, who: Person) -> AdminOutcome:
        """Make `who` an admin of their workspace. Raises StoreTrouble."""
        profiles = self._profiles.get(who.platform)
        if profiles is not None and await profiles.exists(who.workspace, who.id) is False:
            return AdminOutcome.NOBODY
        async with self._store.work() as work:
            if not await self._put(work, by, who):
                return AdminOutcome.ALREADY
            head = await self._notes.admin_changed(work, by, who, AdminChange.ADDED)
        await self._notes.keep(head)
        return AdminOutcome.ADDED

    async def remove(self, by: Person, who: Person) -> AdminOutcome:
        """Make `who` no admin any more, unless nobody would be left. Raises StoreTrouble."""
        async with self._store.work() as work:
            removal = await self._rows.remove(work, who)
            if removal is not Removal.DONE:
                return AdminOutcome.LAST if removal is Removal.LAST else AdminOutcome.NO_ADMIN
            head = await self._notes.admin_changed(work, by, who, AdminChange.REMOVED)
        await self._notes.keep(head)
        return AdminOutcome.REMOVED

    async def _may_become(self, work: Work, platform: Platform, workspace: WorkspaceId) -> tuple[PersonId, ...]:
        # The setting holds member ids of Slack, and an id means nothing on another platform.
        if platform is not Platform.SLACK:
            return ()
        return self._first.of(workspace, await self._rows.places(work, platform.value))

    async def _at_home(
        self, platform: Platform, workspace: WorkspaceId, firsts: tuple[PersonId, ...]
    ) -> tuple[PersonId, ...]:
        """Leave out who is named without a workspace, where the bot has one workspace and this is another, or may be.

        Somebody of another workspace can press a button in a conversation that two workspaces share.
        """
        named = self._first.named_in(workspace)
        profiles = self._profiles.get(platform)
        if profiles is None or named.issuperset(firsts) or await profiles.is_home(workspace):
            return firsts
        return tuple(one for one in firsts if one in named)

    async def _enter(self, work: Work, person: Person, firsts: Sequence[PersonId]) -> object:
        head: object = None
        for one in firsts:
            who = Person(person.platform, person.workspace, one)
            if await self._put(work, person, who):
                head = await self._notes.admin_changed(work, person, who, AdminChange.ENTERED)
        return head

    async def _put(self, work: Work, by: Person, who: Person) -> bool:
        at = await self._store.now(work)
        return await self._rows.add(work, AdminRow(who.platform.value, who.workspace, who.id, person_name(by), at))
