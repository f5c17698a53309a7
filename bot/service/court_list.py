"""The courts of a running replica: the shipped list with what `link-ecf courts refresh` kept laid over it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from bot.courts.court import CourtId
from bot.courts.directory import Directory
from bot.courts.facts import Facts, facts_of, overlaid
from bot.store import FactsRow, Store, Work
from bot.store.facts import CourtFacts

log = structlog.get_logger(__name__)


class CourtList:
    """Keeps one directory in step with the store; everybody is given `directory` once and asks it each time.

    An attempt that runs keeps the court that it was started with.
    """

    def __init__(self, store: Store) -> None:
        # Ready before the first person types: what is made ready at the first letter would hold every other request.
        self.directory = Directory(Directory.shipped().all).prepared()
        self._store = store
        self._rows = CourtFacts()
        self._known: tuple[FactsRow, ...] = ()

    async def round(self) -> bool:
        """Read what is kept and, if it changed, let the directory follow; returns whether it did. Raises StoreTrouble.

        The words to be searched are made ready in a thread, so that no chat waits for them.
        """
        async with self._store.work() as work:
            rows = await self._rows.all(work)
        if rows == self._known:
            return False
        renewed = await asyncio.to_thread(_ready, rows)
        self.directory.turn_into(renewed)
        self._known = rows
        log.info("court_facts_laid_over")
        return True


async def kept_facts(work: Work) -> dict[CourtId, Facts]:
    """Return what is kept of each court. Raises StoreTrouble."""
    return facts_by_court(await CourtFacts().all(work))


def facts_by_court(rows: Iterable[FactsRow]) -> dict[CourtId, Facts]:
    """Return the facts of these rows by court."""
    return {CourtId(row.court): facts_of(row.facts) for row in rows}


def _ready(rows: Iterable[FactsRow]) -> Directory:
    return overlaid(Directory.shipped().all, facts_by_court(rows)).prepared()
