"""Keeps what is shown and what is remembered of an attempt in step with what happens in it.

The ending is entered in the book before it is shown: were it the other way round, a crash in between would let another
replica tell the person something else. Where the book does not answer, the person is told all the same.
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

log = structlog.get_logger(__name__)

NOTE_EVERY = 2.0
"""Seconds for which steps are gathered before they are entered together."""

AGAIN_AFTER = 2.0
"""Seconds between two tries to enter an ending while the book does not answer."""

TRIES = 150
"""How often an ending is tried: five minutes; then another replica's take-over ends it, honestly but for less."""

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
            await self._show(shown)
        await asyncio.wait({noting})
        if not running.lost:
            await self._end(shown)

    async def _end(self, view: AttemptView) -> None:
        """Enter the ending, then tell it; a row that is no longer ours was ended, and told, by somebody else."""
        try:
            ours = await self._book.end(view)
        except BookTrouble:
            await self._show(view)
            ours = await self._end_later(view)
            if ours:
                await self._confirm(view)
            return
        if ours:
            await self.tell_ending(view)

    async def _end_later(self, view: AttemptView) -> bool:
        for _ in range(TRIES):
            await self._clock.sleep(AGAIN_AFTER)
            try:
                return await self._book.end(view)
            except BookTrouble:
                continue
        log.error("ending_not_entered", incident=view.incident)
        return False

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
