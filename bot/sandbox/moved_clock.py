"""A clock that can be set forward by hand: how a demonstration and a test bring a court's date near."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class MovedClock:
    """The machine's clock, ahead by as much as it was moved; waits take their real time."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def move_to(self, moment: datetime) -> None:
        """Let it be `moment` (aware) now; time runs on from there."""
        self._ahead = moment - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the moment that it is taken to be, aware, in UTC."""
        return datetime.now(UTC) + self._ahead

    def unix(self) -> float:
        """Return the same in seconds since 1970: what a pretend Slack signs its requests with."""
        return self.now().timestamp()

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds: no setting of the clock moves them."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` on the running loop."""
        await asyncio.sleep(max(0.0, seconds))
