"""Where the bot is installed in Slack: each workspace's record, sealed, with only Slack's ids in clear beside it.

A workspace is kept under its team id, an organization that took the bot for all its workspaces under its enterprise id;
user is "" for the bot's own record. What a record says is the chat's business (handlers/slack/installs.py): here it is
bytes that are sealed, kept, told to the other replicas by id, and gone when they are removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.errors import StoreTrouble
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register import AuditEvent, Event
from bot.register.chain import Head
from bot.register.recorder import Recorder
from bot.store import InstallRow, Installs, PageLinks, SeenRequests, Store, Work
from bot.vault import CannotOpen, Vault, install_place, key_id_of

log = structlog.get_logger(__name__)

CHANNEL = "installs"
"""Where replicas tell each other which workspace was installed or left: its id, "" when word may have been missed."""

SEEN_FOR = timedelta(minutes=10)
"""How long a used ticket is remembered beyond its end; no other request is of use that long after it came, either."""


class SealedInstalls:
    """The installations of one database; `recorder` notes each in the audit. Every method may raise StoreTrouble."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, recorder: Recorder | None = None) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._recorder = recorder
        self._rows = Installs()
        self._links = PageLinks()
        self._seen = SeenRequests()

    async def save(self, enterprise: str, team: str, user: str, record: bytes, by: str) -> None:
        """Seal `record` and keep it in place of the former one; `by` is the id of the person who installed."""
        sealed = self._vault.seal(install_place(enterprise, team, user), record)
        row = InstallRow(enterprise, team, user, sealed, key_id_of(sealed), self._clock.now())
        async with self._store.work() as work:
            await self._rows.save(work, row)
            await self._store.notify(work, CHANNEL, team or enterprise)
            head = await self._note(work, Event.INSTALLED, team or enterprise, by) if not user else None
        await self._keep(head)

    async def find(self, enterprise: str, team: str, user: str) -> bytes | None:
        """Return the record, None when there is none, or when it cannot be opened: then a fixed line is logged."""
        async with self._store.work() as work:
            row = await self._rows.find(work, enterprise, team, user)
        if row is None:
            return None
        try:
            return self._vault.open(install_place(*row.key), row.sealed, self._clock.now())
        except CannotOpen:
            log.error("installation_cannot_be_opened")
            return None

    async def remove(self, enterprise: str, team: str, user: str) -> bool:
        """Remove one record, and with the bot's own the links to the page; False when there was none."""
        async with self._store.work() as work:
            gone = await self._rows.delete(work, enterprise, team, user)
            if not user:
                await self._links.forget(work, Platform.SLACK.value, team or enterprise)
            await self._store.notify(work, CHANNEL, team or enterprise)
            noted = gone and not user
            head = await self._note(work, Event.UNINSTALLED, team or enterprise, "") if noted else None
        await self._keep(head)
        await self._tidy()
        return gone

    async def remove_workspace(self, enterprise: str, team: str, before: datetime | None = None) -> bool:
        """Remove every record of a workspace or an organization; False when there was none to remove.

        Its people's links to the private page go with it: nobody there can be told any more what comes of one.
        An installation that is newer than `before` is left alone: word of an uninstall may come late, and again.
        """
        async with self._store.work() as work:
            row = await self._rows.find(work, enterprise, team)
            newer = row is not None and before is not None and row.installed_at > before
            gone = 0 if newer else await self._rows.delete_workspace(work, enterprise, team)
            if not newer:
                await self._links.forget(work, Platform.SLACK.value, team or enterprise)
            head: Head | None = None
            if gone:
                await self._store.notify(work, CHANNEL, team or enterprise)
                head = await self._note(work, Event.UNINSTALLED, team or enterprise, "")
        await self._keep(head)
        await self._tidy()
        return gone > 0

    async def first_use(self, ticket: str, until: datetime) -> bool:
        """Remember, for all replicas, that `ticket` was used; False when it was used before.

        It is remembered by its hash, as of `until`, the moment from which it is of no use anyway.
        """
        key = hashlib.sha256(ticket.encode()).hexdigest()
        async with self._store.work() as work:
            await self._seen.purge(work, self._clock.now() - SEEN_FOR)
            return await self._seen.first_time(work, key, until)

    def listen(self, heard: Callable[[str], None]) -> Callable[[], None]:
        """Call `heard` with the id of each workspace that was installed or left anywhere, "" for: look for yourself.

        Returns what ends it.
        """
        return self._store.listen(CHANNEL, heard)

    async def _note(self, work: Work, event: Event, workspace: str, by: str) -> Head | None:
        if self._recorder is None:
            return None
        who = Person(Platform.SLACK, WorkspaceId(workspace), PersonId(by))
        return await self._recorder.note(work, AuditEvent(event, who))

    async def _keep(self, head: Head | None) -> None:
        if self._recorder is not None and head is not None:
            await self._recorder.keep(head)

    async def _tidy(self) -> None:
        """Leave nothing of a removed record in the database's files; what cannot be tidied now is at the next time."""
        try:
            tidied = await self._store.tidy()
        except (StoreTrouble, TimeoutError):
            tidied = False
        if not tidied:
            log.warning("database_not_tidied")
