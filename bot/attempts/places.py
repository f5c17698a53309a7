"""Where an attempt is shown, remembered for the replica that may have to end it: the chat's own ids, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.attempts.attempt import AttemptView
from bot.attempts.book import Book, BookTrouble

log = structlog.get_logger(__name__)


class Places:
    """The book, for a chat: it forgets rather than raises, because a message in a second place is no harm."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def remember(self, view: AttemptView, place: Mapping[str, str]) -> None:
        """Keep where the attempt is shown now."""
        try:
            await self._book.shown_at(view, place)
        except BookTrouble:
            log.warning("not_noted", incident=view.incident)

    async def recall(self, view: AttemptView) -> Mapping[str, str]:
        """Return where the attempt was shown, by this replica or another; empty when nobody knows."""
        try:
            return await self._book.where_shown(view)
        except BookTrouble:
            return {}
