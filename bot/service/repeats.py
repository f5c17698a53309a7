"""What was taken before, for all replicas and over restarts: a request that comes twice acts once (slack.md 1.5)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.store import SeenRequests, Store

EVERY = timedelta(minutes=1)
"""Between two times that one replica forgets what can come no more."""
SKEW = timedelta(minutes=2)
"""How much longer than needed it is remembered: the replicas' clocks need not agree to the second."""


class StoreRepeats:
    """The keys of requests that acted, kept in the store by their hashes for as long as one can come again."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._seen = SeenRequests()
        self._forgot: datetime | None = None

    async def first_time(self, key: str, valid: float) -> bool:
        """Remember `key` for the `valid` seconds that it can still come in; False when any replica saw it before.

        Raises StoreTrouble.
        """
        now = self._clock.now()
        async with self._store.work() as work:
            if self._forgot is None or now - self._forgot >= EVERY:
                await self._seen.purge(work, now - SKEW)
                self._forgot = now
            hashed = hashlib.sha256(key.encode()).hexdigest()
            return await self._seen.first_time(work, hashed, now + timedelta(seconds=valid))
