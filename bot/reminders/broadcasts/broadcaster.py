"""The state machine of broadcasts: every move is one conditional statement, so that each is made once.

    draft ──send──▶ sending ──no letter is left──▶ done ──again──▶ sending ...
      └─schedule─▶ scheduled ──its time──▶ sending
    scheduled, sending ──stop──▶ stopped ──again──▶ sending

Whoever moves the row writes what follows from the move in the same unit of work: the letters of the whole audience, the
letters that are stopped or queued once more, the line of the audit. So two admins, two replicas or a double press send
once, and a process that dies in between has sent nothing (design 7 and promise 9).
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from bot.people import Person, PersonId
from bot.reminders.broadcasts.broadcast import FROM_TERMINAL, Broadcast, BroadcastId, BroadcastState, Delivery, Progress
from bot.reminders.broadcasts.form import Draft, NotMoved, NotMovedWhy, Wanted
from bot.reminders.broadcasts.letters import (
    Addressing,
    BroadcastLetters,
    Where,
    audience_out,
    broadcast_of,
    progress_of,
)
from bot.reminders.notes import BroadcastMove, Notes
from bot.store import Store, Work
from bot.store.broadcasts import BroadcastKey, Broadcasts
from bot.store.date_rows import BroadcastRow

RECENT = 10
"""How many broadcasts a list shows."""

Follow = Callable[[Work, BroadcastRow], Awaitable[int]]
"""What follows from a move, in its unit of work: returns how many letters it concerns."""


class _Nothing(Exception):
    """The move would concern no letter: it is undone with its unit of work."""


class Broadcaster:
    """What can be done to the broadcasts of a workspace. Nobody's right is checked here; the service does that.

    Every method raises StoreTrouble, and then counts as not done.
    """

    def __init__(self, store: Store, letters: BroadcastLetters, notes: Notes) -> None:
        self._store = store
        self._letters = letters
        self._notes = notes
        self._rows = Broadcasts()
        self._addressing = Addressing(letters)

    async def draft(self, where: Where, by: Person, wanted: Wanted) -> Draft:
        """Keep what `by` wrote, and return it with its head count; nothing is sent."""
        async with self._store.work() as work:
            row = await self._enter(work, where, by, wanted)
            included, skipped = await self._addressing.head_count(work, row)
            head = await self._notes.broadcast_moved(work, by, BroadcastId(row.id), BroadcastMove.DRAFTED)
        await self._notes.keep(head)
        return Draft(broadcast_of(row), included, skipped)

    async def head_count(self, where: Where, wanted: Wanted) -> Draft:
        """Return what a draft would be, and keep nothing."""
        async with self._store.work() as work:
            row = await self._row(work, where, FROM_TERMINAL, wanted)
            return Draft(broadcast_of(row), *(await self._addressing.head_count(work, row)))

    async def send(self, where: Where, by: Person, id: BroadcastId) -> Broadcast | NotMoved:
        """Send a draft now; of all who press, one does."""
        return await self._moved(where, by, id, self._rows.begin, BroadcastMove.SENT, self._write)

    async def schedule(self, where: Where, by: Person, id: BroadcastId) -> Broadcast | NotMoved:
        """Let a draft wait for its `send_at`."""
        moved = await self._moved(where, by, id, self._rows.schedule, BroadcastMove.SCHEDULED)
        if isinstance(moved, NotMoved) and moved.broadcast and moved.broadcast.state is BroadcastState.DRAFT:
            return NotMoved(NotMovedWhy.LATE, moved.broadcast)
        return moved

    async def stop(self, where: Where, by: Person, id: BroadcastId) -> Broadcast | NotMoved:
        """Send nothing more of it; what the chat has by now, or is just being given, cannot be called back."""

        async def pass_over(work: Work, row: BroadcastRow) -> int:
            await self._letters.stop_broadcast(work, row.id)
            return 1

        return await self._moved(where, by, id, self._rows.stop, BroadcastMove.STOPPED, pass_over)

    async def again(self, where: Where, by: Person, id: BroadcastId, round: int) -> Broadcast | NotMoved:
        """Send it once more to those for whom it failed; `round` is the one whose report the admin saw."""

        async def over(work: Work, key: BroadcastKey) -> BroadcastRow | None:
            return await self._rows.again(work, key, round)

        async def queue(work: Work, row: BroadcastRow) -> int:
            return await self._letters.requeue_failed(work, row.id)

        moved = await self._moved(where, by, id, over, BroadcastMove.SENT_AGAIN, queue)
        if isinstance(moved, NotMoved) and moved.why is NotMovedWhy.NOBODY:
            return NotMoved(NotMovedWhy.NONE_FAILED, moved.broadcast)
        return moved

    async def progress(self, where: Where, id: BroadcastId) -> Progress | None:
        """Return how far it got, None where there is no such broadcast in this workspace."""
        async with self._store.work() as work:
            row = await self._rows.get(work, where.key(id))
            return await self._progress(work, row) if row is not None else None

    async def deliveries(self, where: Where, id: BroadcastId) -> tuple[Delivery, ...]:
        """Return what became of every recipient's message."""
        async with self._store.work() as work:
            if await self._rows.get(work, where.key(id)) is None:
                return ()
            found = await self._rows.deliveries(work, id)
        return tuple(Delivery(one.recipient, one.state, one.why, one.changed_at) for one in found)

    async def recent(self, where: Where) -> tuple[Progress, ...]:
        """Return the newest broadcasts of the workspace, drafts aside."""
        async with self._store.work() as work:
            rows = await self._rows.recent(work, where.platform.value, where.workspace, RECENT)
            return tuple([await self._progress(work, row) for row in rows])

    async def unsent(self, by: Person) -> Broadcast | None:
        """Return what this person wrote last, where they never sent it."""
        async with self._store.work() as work:
            row = await self._rows.newest_draft(work, by.platform.value, by.workspace, by.id)
        return broadcast_of(row) if row is not None else None

    async def offices(self, where: Where) -> tuple[str, ...]:
        """Return the offices that people of the workspace are known to be of."""
        async with self._store.work() as work:
            return tuple(await self._addressing.offices(work, where))

    async def _enter(self, work: Work, where: Where, by: Person, wanted: Wanted) -> BroadcastRow:
        row = await self._row(work, where, by.id if Where.of(by) == where else FROM_TERMINAL, wanted)
        await self._rows.enter(work, row)
        return row

    async def _row(self, work: Work, where: Where, by: PersonId, wanted: Wanted) -> BroadcastRow:
        now = await self._store.now(work)
        return BroadcastRow(
            id=secrets.token_hex(8),
            platform=where.platform.value,
            workspace=where.workspace,
            by_person=by,
            text=wanted.text,
            audience=audience_out(wanted.audience),
            state=BroadcastState.DRAFT.value,
            created_at=now,
            changed_at=now,
            send_at=wanted.send_at,
        )

    async def _progress(self, work: Work, row: BroadcastRow) -> Progress:
        counts = await self._rows.counts(work, [row.id])
        return await progress_of(work, self._rows, row, counts[row.id])

    async def _write(self, work: Work, row: BroadcastRow) -> int:
        return await self._addressing.write(work, row)

    async def _moved(
        self,
        where: Where,
        by: Person,
        id: BroadcastId,
        move: Callable[[Work, BroadcastKey], Awaitable[BroadcastRow | None]],
        what: BroadcastMove,
        follow: Follow | None = None,
    ) -> Broadcast | NotMoved:
        """Move the row, do what follows and note it, all or nothing."""
        key = where.key(id)
        try:
            async with self._store.work() as work:
                row = await move(work, key)
                if row is None:
                    found = await self._rows.get(work, key)
                    why = NotMovedWhy.GONE if found is None else NotMovedWhy.NOT_NOW
                    return NotMoved(why, None if found is None else broadcast_of(found))
                if follow is not None and not await follow(work, row):
                    raise _Nothing
                head = await self._notes.broadcast_moved(work, by, id, what)
        except _Nothing:
            standing = await self.progress(where, id)
            return NotMoved(NotMovedWhy.NOBODY, standing.broadcast if standing else None)
        await self._notes.keep(head)
        return broadcast_of(row)
