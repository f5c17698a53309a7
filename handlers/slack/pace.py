"""How often a message may be edited: about 50 times a minute in a workspace (slack.md section 1.10)."""

from __future__ import annotations

from bot.clock import Clock

RESERVE = 10.0
"""What intermediate steps leave in the bucket for questions and results, which must not wait behind them."""


class Bucket:
    """A token bucket for one workspace: full at the start, refilled steadily."""

    def __init__(self, clock: Clock, per_minute: float = 50.0) -> None:
        self._clock = clock
        self._size = per_minute
        self._rate = per_minute / 60.0
        self._level = per_minute
        self._at = clock.monotonic()

    def take(self, *, urgent: bool) -> float:
        """Take one edit and return 0, or take nothing and return the seconds until one is free.

        An edit that is not `urgent` leaves RESERVE edits behind for those that are.
        """
        now = self._clock.monotonic()
        self._level = min(self._size, self._level + (now - self._at) * self._rate)
        self._at = now
        floor = 1.0 if urgent else 1.0 + min(RESERVE, self._size / 2)
        if self._level >= floor:
            self._level -= 1.0
            return 0.0
        return max(0.05, (floor - self._level) / self._rate)  # a wait too short to be told from none would spin
