"""Tells which leases have stood still for as long as a lease lasts, by this replica's own monotonic time.

No wall clock takes part, neither this machine's nor the database's: a clock that is stepped, in either direction and by
however much, lapses no lease and prolongs none. And only time in which this replica looked counts: after a pause of the
whole machine, or of the database, everybody has had the same pause, so the owners get their time to renew first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.clock import Clock
from bot.store import LeaseSeen

LONGEST_GAP = 3.0
"""Seconds between two looks that count at most: a look is due every one and a half (rounds.ROUND)."""


class LeaseWatch:
    """Remembers since when each lease has been the same; `lease` is how long one lasts without a renewal."""

    def __init__(self, clock: Clock, lease: timedelta) -> None:
        self._clock = clock
        self._lease = lease.total_seconds()
        self._watched: dict[LeaseSeen, float] = {}
        self._looked_at: float | None = None

    def lapsed(self, seen: Sequence[LeaseSeen]) -> list[LeaseSeen]:
        """Take one look at all leases of others and return those that nobody renews any more."""
        now = self._clock.monotonic()
        gap = 0.0 if self._looked_at is None else min(now - self._looked_at, LONGEST_GAP)
        self._looked_at = now
        self._watched = {one: self._watched[one] + gap if one in self._watched else 0.0 for one in seen}
        return [one for one, seconds in self._watched.items() if seconds >= self._lease]
