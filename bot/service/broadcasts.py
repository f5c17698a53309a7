"""What an admin may ask for of broadcasts: write, look, send, schedule, stop, send again; each asks first who asks.

A form that an admin opened, a button in an old message and a command are three doors, and the right to pass may have
been taken away between them: every method checks it anew (design, promise 8; issue 4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.clock import Clock
from bot.courts.court import CourtId
from bot.people import Person, Platform, WorkspaceId
from bot.reminders.broadcasts.broadcast import Broadcast, BroadcastId, Delivery, Progress
from bot.reminders.broadcasts.broadcaster import Broadcaster
from bot.reminders.broadcasts.form import BroadcastForm, BroadcastProblem, Draft, NotMoved, Wanted, read_broadcast
from bot.reminders.broadcasts.letters import Where
from bot.reminders.broadcasts.rounds import BroadcastRounds, BroadcastTeller, NotShown, Shown
from bot.reminders.delivery.letter import Why
from bot.service.admins import IsAdmin, require_admin

__all__ = [
    "BroadcastService",
    "BroadcastTeller",
    "Broadcasting",
    "ChannelCheck",
    "NotShown",
    "Shown",
]

CHECKING_SECONDS = 1.0
"""How long a preview waits to hear whether the channel can be written to; Slack gives up after three (slack.md 1.2)."""

OFFICES = 25
"""Offices that a list offers at once."""


class ChannelCheck(Protocol):
    """Whether the bot can write to a channel (bot/reminders/people/profiles.py)."""

    async def may_post(self, workspace: WorkspaceId, channel: str) -> Why | None:
        """Return why not, None when it can; UNKNOWN_OUTCOME where the chat cannot say at the moment."""
        ...


class Broadcasting(Protocol):
    """What an admin may ask for; `BroadcastService` does it. Every method raises NotAdmin for anybody else."""

    async def allow(self, by: Person) -> None:
        """Let an admin pass, and do nothing more."""
        ...

    async def offices(self, by: Person, typed: str) -> Sequence[str]:
        """Return the offices that people here are of and whose name has `typed` in it, in any case."""
        ...

    async def draft(self, by: Person, form: BroadcastForm) -> Draft | tuple[BroadcastProblem, ...]:
        """Keep what was written and return what sending it would do, or say what is wrong with it."""
        ...

    async def unsent(self, by: Person) -> Broadcast | None:
        """Return what this admin wrote last and never sent."""
        ...

    async def send(self, by: Person, id: BroadcastId) -> Broadcast | NotMoved:
        """Send a draft now, once, whoever presses how often."""
        ...

    async def schedule(self, by: Person, id: BroadcastId) -> Broadcast | NotMoved:
        """Let a draft go at its time, once."""
        ...

    async def stop(self, by: Person, id: BroadcastId) -> Broadcast | NotMoved:
        """Send nothing more of it."""
        ...

    async def again(self, by: Person, id: BroadcastId, round: int) -> Broadcast | NotMoved:
        """Send it once more to those for whom it failed, if `round` is still the last."""
        ...

    async def progress(self, by: Person, id: BroadcastId) -> Progress | None:
        """Return how far it got; None where the workspace has no such broadcast."""
        ...

    async def recent(self, by: Person) -> Sequence[Progress]:
        """Return the workspace's newest broadcasts."""
        ...

    async def report(self, by: Person, id: BroadcastId) -> Sequence[Delivery]:
        """Return what became of every recipient's message."""
        ...

    async def show(self, by: Person, id: BroadcastId) -> None:
        """Show its progress where it is shown, without waiting for the next round."""
        ...


class BroadcastService:
    """The broadcasts of all workspaces of a deployment; `channels` asks each platform what it can tell of channels."""

    def __init__(
        self,
        broadcaster: Broadcaster,
        rounds: BroadcastRounds,
        admins: IsAdmin,
        clock: Clock,
        court_of: Callable[[str], CourtId | None],
        channels: Mapping[Platform, ChannelCheck],
    ) -> None:
        self._broadcaster = broadcaster
        self._rounds = rounds
        self._admins = admins
        self._clock = clock
        self._court_of = court_of
        self._channels = channels

    async def allow(self, by: Person) -> None:
        """Let an admin pass, and do nothing more."""
        await require_admin(self._admins, by)

    async def offices(self, by: Person, typed: str) -> Sequence[str]:
        """Return the offices that people here are of and whose name has `typed` in it, in any case."""
        await self.allow(by)
        wanted = typed.strip().casefold()
        found = await self._broadcaster.offices(Where.of(by))
        return [office for office in found if wanted in office.casefold()][:OFFICES]

    async def draft(self, by: Person, form: BroadcastForm) -> Draft | tuple[BroadcastProblem, ...]:
        """Keep what was written and return what sending it would do, or say what is wrong with it."""
        await self.allow(by)
        read = read_broadcast(form, self._clock.now(), self._court_of)
        if not isinstance(read, Wanted):
            return read
        draft = await self._broadcaster.draft(Where.of(by), by, read)
        hindrance = await self._hindrance(by, read.audience.channel)
        return Draft(draft.broadcast, draft.included, draft.skipped, hindrance)

    async def unsent(self, by: Person) -> Broadcast | None:
        """Return what this admin wrote last and never sent."""
        await self.allow(by)
        return await self._broadcaster.unsent(by)

    async def send(self, by: Person, id: BroadcastId) -> Broadcast | NotMoved:
        """Send a draft now, once, whoever presses how often."""
        await self.allow(by)
        return await self._broadcaster.send(Where.of(by), by, id)

    async def schedule(self, by: Person, id: BroadcastId) -> Broadcast | NotMoved:
        """Let a draft go at its time, once."""
        await self.allow(by)
        return await self._broadcaster.schedule(Where.of(by), by, id)

    async def stop(self, by: Person, id: BroadcastId) -> Broadcast | NotMoved:
        """Send nothing more of it."""
        await self.allow(by)
        return await self._broadcaster.stop(Where.of(by), by, id)

    async def again(self, by: Person, id: BroadcastId, round: int) -> Broadcast | NotMoved:
        """Send it once more to those for whom it failed, if `round` is still the last."""
        await self.allow(by)
        return await self._broadcaster.again(Where.of(by), by, id, round)

    async def progress(self, by: Person, id: BroadcastId) -> Progress | None:
        """Return how far it got; None where the workspace has no such broadcast."""
        await self.allow(by)
        return await self._broadcaster.progress(Where.of(by), id)

    async def recent(self, by: Person) -> Sequence[Progress]:
        """Return the workspace's newest broadcasts."""
        await self.allow(by)
        return await self._broadcaster.recent(Where.of(by))

    async def report(self, by: Person, id: BroadcastId) -> Sequence[Delivery]:
        """Return what became of every recipient's message."""
        await self.allow(by)
        return await self._broadcaster.deliveries(Where.of(by), id)

    async def show(self, by: Person, id: BroadcastId) -> None:
        """Show its progress where it is shown, without waiting for the next round."""
        await self.allow(by)
        await self._rounds.show(id, by.platform)

    async def _hindrance(self, by: Person, channel: str) -> Why | None:
        """Why the channel cannot be written to now; a chat that does not answer in time says nothing."""
        check = self._channels.get(by.platform)
        if not channel or check is None:
            return None
        try:
            async with asyncio.timeout(CHECKING_SECONDS) as limit:
                return await check.may_post(by.workspace, channel)
        except TimeoutError:
            if not limit.expired():
                raise
            return Why.UNKNOWN_OUTCOME
