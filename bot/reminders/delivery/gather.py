"""Gathers due notices into letters: all that a person is due at one moment is one message (design 7)."""

from __future__ import annotations

import secrets

from bot.store import Store
from bot.store.gathering import Gathering
from bot.store.letters import Letters

PEOPLE_AT_ONCE = 500
"""People whose notices one unit of work gathers: a few hundred milliseconds of the database's time."""

ROUNDS = 40
"""Units of work of one round: 20,000 people; what is left waits for the next one."""


class Gatherer:
    """Gathers for this replica; where several share a PostgreSQL, one of them does it at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._gathering = Gathering(Letters())

    async def round(self) -> int:
        """Gather all that is due; returns how many letters were written. Raises StoreTrouble."""
        written = 0
        for _ in range(ROUNDS):
            async with self._store.work() as work:
                new = await self._gathering.gather(work, new_letter_id, PEOPLE_AT_ONCE)
            written += new
            if new < PEOPLE_AT_ONCE:
                break
        return written


def new_letter_id() -> str:
    """A new letter's id: it goes out with the message, and says nothing."""
    return secrets.token_hex(16)
