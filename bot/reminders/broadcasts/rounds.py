"""What broadcasts do by themselves, in every replica and once in all: fire when it is time, end, show how far they got.

Progress is shown in one message of whoever sent the broadcast, edited in place. Whichever replica takes the turn edits
it, and no edit is made that would change nothing; what was shown last stands in the row, beside where (design 6).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from bot.people import Platform
from bot.reminders.broadcasts.broadcast import FROM_TERMINAL, BroadcastId, BroadcastState, Progress
from bot.reminders.broadcasts.letters import Addressing, BroadcastLetters, progress_of
from bot.reminders.notes import BroadcastMove, Notes
from bot.store import Store
from bot.store.broadcasts import BroadcastKey, Broadcasts
from bot.store.date_rows import BroadcastRow

log = structlog.get_logger(__name__)

AT_ONCE = 20
"""Scheduled broadcasts that one round begins at most."""

BETWEEN = 3.0
"""Seconds between two edits of one broadcast's progress: of the 50 a minute that Slack allows (slack.md 1.10)."""

SHOWING = 40.0
"""Seconds after which a replica that took the turn and did not say what came of it is taken for dead."""

NEWS_FOR = timedelta(days=1)
"""How long the end of a broadcast is still to be shown, where the chat would not take it at once."""

DRAFTS_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shown:
    """The chat shows it now, there: the chat's own names, for the next edit."""

    place: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NotShown:
    """The chat would not take it; not to be tried again for so many seconds."""

    seconds: float


class BroadcastTeller(Protocol):
    """How the progress of a broadcast is shown to whoever sent it; every chat has one."""

    async def show(self, progress: Progress, place: Mapping[str, str]) -> Shown | NotShown:
        """Show it in place of what is shown at `place` (empty: nothing yet); raises nothing for the chat's faults."""
        ...


class BroadcastRounds:
    """The tick of broadcasts; `tellers` may be filled after this was made, because chats are reached later."""

    def __init__(
        self, store: Store, letters: BroadcastLetters, notes: Notes, tellers: Mapping[Platform, BroadcastTeller]
    ) -> None:
        self._store = store
        self._letters = letters
        self._notes = notes
        self._tellers = tellers
        self._rows = Broadcasts()
        self._addressing = Addressing(letters)

    async def round(self) -> int:
        """Begin what is due, end what is over, show what is news; returns how many were begun or ended.

        Every replica runs it, every few seconds. Raises StoreTrouble; what was not done is done by a later round.
        """
        begun = await self._fire()
        ended = await self._finish()
        await self._show_news()
        return begun + ended

    async def show(self, id: BroadcastId, platform: Platform) -> None:
        """Show how far this one got without waiting for the round, unless another is at it. Raises StoreTrouble."""
        for row in await self._news():
            if row.id == id and row.platform == platform.value:
                await self._show(row)

    async def _fire(self) -> int:
        async with self._store.work() as work:
            due = await self._rows.due(work, AT_ONCE)
        return sum([await self._begin(key) for key in due])

    async def _begin(self, key: BroadcastKey) -> bool:
        """Begin one, by one replica. An audience of nobody by now makes a report that says so."""
        async with self._store.work() as work:
            row = await self._rows.begin_due(work, key)
            if row is None:
                return False
            await self._addressing.write(work, row)
            head = await self._notes.broadcast_moved(work, None, BroadcastId(row.id), BroadcastMove.SENT)
        await self._notes.keep(head)
        return True

    async def _finish(self) -> int:
        head = None
        async with self._store.work() as work:
            await self._rows.purge(work, await self._store.now(work) - DRAFTS_KEPT)
            for id in await self._rows.unstopped(work):
                await self._letters.stop_broadcast(work, id)
            over = await self._rows.finish(work)
            for row in over:
                head = await self._notes.broadcast_moved(work, None, BroadcastId(row.id), BroadcastMove.DONE)
        if head is not None:
            await self._notes.keep(head)
        return len(over)

    async def _show_news(self) -> None:
        await asyncio.gather(*[self._show(row) for row in await self._news()])

    async def _news(self) -> list[BroadcastRow]:
        """Those that have somebody to be shown to, and news for them."""
        async with self._store.work() as work:
            since = await self._store.now(work) - NEWS_FOR
            lively = await self._rows.lively(work, since)
            rows = [row for row in lively if row.by_person != FROM_TERMINAL and not _all_said(row)]
            counts = await self._rows.counts(work, [row.id for row in rows])
        return [row for row in rows if _is_news(row, counts[row.id])]

    async def _show(self, row: BroadcastRow) -> None:
        """Show it if it is our turn, and keep where, and what, was shown."""
        teller = self._tellers.get(Platform(row.platform))
        if teller is None:
            return
        taken = await self._take_turn(row)
        if taken is None:
            return
        row, progress = taken
        place = {name: str(value) for name, value in (row.place or {}).items() if name != SAID}
        came = await teller.show(progress, place)
        async with self._store.work() as work:
            if isinstance(came, Shown):
                kept = {**came.place, SAID: _said(row, progress.counts)}
                await self._rows.shown(work, row.id, kept, BETWEEN)
            else:
                log.info("broadcast_not_shown", seconds=came.seconds)
                await self._rows.shown(work, row.id, None, came.seconds)

    async def _take_turn(self, row: BroadcastRow) -> tuple[BroadcastRow, Progress] | None:
        """Return how it stands now, if it is ours to show it, and somebody else has not done so meanwhile."""
        async with self._store.work() as work:
            if not await self._rows.turn(work, row.id, SHOWING):
                return None
            found = await self._rows.get(work, BroadcastKey(row.platform, row.workspace, row.id))
            if found is None:
                return None
            counts = (await self._rows.counts(work, [found.id]))[found.id]
            if not _is_news(found, counts):
                await self._rows.shown(work, found.id, None, BETWEEN)
                return None
            return found, await progress_of(work, self._rows, found, counts)


SAID = "said"
"""Beside the place of the message: what it says."""


def _all_said(row: BroadcastRow) -> bool:
    """That its ending was shown when no letter was left to be settled: its letters need not be counted any more."""
    said = str((row.place or {}).get(SAID, ""))
    over = row.state in {BroadcastState.DONE, BroadcastState.STOPPED}
    return over and said.startswith(f"{row.state} {row.round} ") and "queued=" not in said and "sending=" not in said


def _is_news(row: BroadcastRow, counts: Mapping[str, int]) -> bool:
    return (row.place or {}).get(SAID) != _said(row, counts)


def _said(row: BroadcastRow, counts: Mapping[str, int]) -> str:
    """What the message says, in short: as long as this is the same, there is no news."""
    return f"{row.state} {row.round} " + " ".join(f"{state}={count}" for state, count in sorted(counts.items()))
