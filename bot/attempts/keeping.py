"""Keeps what is shown and what is remembered of an attempt in step with what happens in it.

The ending is entered in the book before it is shown: were it the other way round, a crash in between would let another
replica tell the person something else. Where the book does not answer, the person is told all the same.

An owner that was frozen may wake up after another replica has ended its attempt. So nothing is shown unless the attempt
is surely ours still; and where it is not, the ending that the book has is shown once, in place of whatever of ours was
still on its way.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection
from typing import Protocol

import structlog

from bot.attempts.attempt import AttemptId, AttemptView
from bot.attempts.book import Book, BookTrouble
from bot.clock import Clock
from bot.errors import outranked_by

log = structlog.get_logger(__name__)

NOTE_EVERY = 2.0
"""Seconds for which steps are gathered before they are entered together."""

AGAIN_AFTER = 2.0
"""Seconds between two tries to enter an ending while the book does not answer."""

TELL_AGAIN_AFTER = 60.0
"""Seconds before an ending that the chat would not take is anybody's to tell once more."""


class Telling(Protocol):
    """What the keeper needs of the chats (desk.Telling)."""

    async def show(self, view: AttemptView) -> None:
        """Show the attempt as it now is."""
        ...

    async def arrived(self, view: AttemptView) -> bool:
        """Wait until the ending that was shown has reached the person."""
        ...


class Changing(Protocol):
    """What the keeper needs of a running attempt."""

    view: AttemptView
    lost: bool

    def lose(self) -> None:
        """Note that another replica has ended the attempt."""
        ...

    async def changed_from(self, view: AttemptView | None) -> None:
        """Return once the view is another than `view`."""
        ...


class Keeper:
    """Notes and shows the attempts of one desk."""

    def __init__(self, book: Book, telling: Telling, clock: Clock) -> None:
        self._book = book
        self._telling = telling
        self._clock = clock
        self._ours_until: dict[AttemptId, float] = {}

    @property
    def endings_to_tell(self) -> Collection[AttemptId]:
        """The endings that are ours to tell: on their way, or refused by the chat a moment ago.

        Their leases are renewed with those of what runs; so the ending of a replica that dies before it has told it is
        told by another as soon as what it had running.
        """
        now = self._clock.monotonic()
        self._ours_until = {one: until for one, until in self._ours_until.items() if until > now}
        return self._ours_until.keys()

    async def keep(self, running: Changing) -> None:
        """Note and show each change until the end; while one is dealt with, later ones melt into the newest."""
        noting = asyncio.create_task(self._note_changes(running), name="attempt noted")
        try:
            await self._show_changes(running, noting)
        finally:
            noting.cancel()

    async def _note_changes(self, running: Changing) -> None:
        noted: AttemptView | None = None
        while True:
            await running.changed_from(noted)
            await self._let_steps_gather(running, noted)
            noted = running.view
            if noted.ended:
                return
            try:
                await self._book.note(noted)
            except BookTrouble:
                log.warning("not_noted", incident=noted.incident)

    async def _let_steps_gather(self, running: Changing, noted: AttemptView | None) -> None:
        """Wait a moment for further steps, so that a crowd of attempts does not write one row each; a question, and
        the ending, do not wait: other replicas have to know them at once."""
        asked = noted.open_question if noted is not None else None
        moment = asyncio.ensure_future(self._clock.sleep(NOTE_EVERY))
        try:
            while not moment.done() and not running.view.ended and running.view.open_question == asked:
                changed = asyncio.ensure_future(running.changed_from(running.view))
                await asyncio.wait({moment, changed}, return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()
        finally:
            moment.cancel()

    async def _show_changes(self, running: Changing, noting: asyncio.Task[None]) -> None:
        shown: AttemptView | None = None
        while True:
            await running.changed_from(shown)
            shown = running.view
            if shown.ended:
                break
            if await self._may_show(running, shown):
                await self._show(shown)
        self._ours_until[shown.id] = math.inf  # renewed on, so that nobody takes it over before it is entered
        await asyncio.wait({noting})
        await self._end(running, shown)

    async def _may_show(self, running: Changing, view: AttemptView) -> bool:
        """Tell whether `view` is ours to show; waits for a book that does not answer, and gives up for a newer view."""
        while not running.lost and running.view is view:
            try:
                if await self._book.still_ours(view):
                    return True
                running.lose()
            except BookTrouble:
                await self._clock.sleep(AGAIN_AFTER)
        return False

    async def _end(self, running: Changing, view: AttemptView) -> None:
        """Enter the ending and tell it; of an attempt that somebody else has ended, show that ending once."""
        told = False
        while True:
            try:
                may_enter = not running.lost or _is_proof(view)
                if may_enter and await self._book.end(view):
                    break
                await self._show_what_stands(view)
                return
            except BookTrouble:
                if not told and not running.lost:
                    told = True
                    await self._show(view)
                await self._clock.sleep(AGAIN_AFTER)
        if not told:
            await self._show(view)
        await self._confirm(view)

    async def _show_what_stands(self, view: AttemptView) -> None:
        """Show the ending that another replica has entered, so that it is what the message says last."""
        stands = await self._book.find(view.id)
        self._ours_until.pop(view.id, None)
        if stands is not None and stands.ended:
            await self._show(stands)

    async def tell_ending(self, view: AttemptView) -> None:
        """Tell the person how the attempt ended, and enter that they have heard."""
        self._ours_until[view.id] = math.inf
        await self._show(view)
        await self._confirm(view)

    async def _confirm(self, view: AttemptView) -> None:
        self._ours_until[view.id] = math.inf
        if not await self._telling.arrived(view):
            self._ours_until[view.id] = self._clock.monotonic() + TELL_AGAIN_AFTER
            log.warning("ending_not_told", incident=view.incident)
            return
        try:
            await self._book.told(view)
        except BookTrouble:
            log.warning("not_noted", incident=view.incident)
        self._ours_until.pop(view.id, None)

    async def _show(self, view: AttemptView) -> None:
        try:
            await self._telling.show(view)
        except Exception as error:  # a chat that fails must not end an attempt
            log.warning("show_failed", incident=view.incident, error=type(error).__name__)


def _is_proof(view: AttemptView) -> bool:
    return view.result is not None and bool(outranked_by(view.result.code))
