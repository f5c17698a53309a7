"""How fast letters leave, how long one is held, and when it is given up: none is tried for ever (design 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rates:
    """What a chat allows, and our own patience; all times in seconds (slack.md 1.10, reliability.md 2.3 and 2.4).

    `patience` is what one send or look-up may take: a chat may have a conversation to open first. It stays inside
    `lease`, and a letter whose lease has less left is not sent. `farthest` is how long a turn is waited for in place.
    """

    per_second: float = 5.0
    """Letters a second for a workspace."""
    per_channel: float = 1.0
    """Letters a second for one person or channel."""
    lookups_per_minute: float = 1.0
    """Look-ups for a workspace: the slow lane."""
    lease: float = 60.0
    tries: int = 5
    patience: float = 45.0
    farthest: float = 15.0
    settling: float = 30.0
    """After a lost reply, before it is looked up: the chat may still be at it."""
    unsure_for: float = 3600.0
    """A letter is looked up for at least as long before it is `perhaps`."""
    unsent_for: float = 86400.0
    """A letter that does not leave is tried for at least as long: the firm's own line may be down."""

    barred_for: float = 7 * 86400.0
    """A letter waits as long for a workspace that lets the app write again: tokens run out over long weekends."""

    @property
    def gap(self) -> float:
        """Between two letters of a workspace."""
        return 1.0 / self.per_second

    @property
    def channel_gap(self) -> float:
        """Between two letters to one place: a quarter more than asked, for one may have left late."""
        return 1.25 / self.per_channel

    @property
    def lookup_gap(self) -> float:
        """Between two look-ups of a workspace."""
        return 60.0 / self.lookups_per_minute

    def still_unsure(self, attempts: int, first_try: datetime | None, now: datetime) -> bool:
        """True when a letter of which nobody knows is to be looked up again; False: it is `perhaps` (both aware)."""
        return attempts <= self.tries or not _older(first_try, now, self.unsure_for)

    def still_unsent(self, attempts: int, first_try: datetime | None, now: datetime) -> bool:
        """True when a letter that certainly did not leave is to be tried again; False: it has failed (both aware)."""
        return attempts < self.tries or not _older(first_try, now, self.unsent_for)

    def still_limited(self, first_try: datetime | None, now: datetime) -> bool:
        """True when a letter that the chat asks to wait with is to be tried again, however often (both aware)."""
        return not _older(first_try, now, self.unsent_for)

    def still_barred(self, first_try: datetime | None, now: datetime) -> bool:
        """True when a letter that the workspace keeps the app from sending is to be tried again (both aware)."""
        return not _older(first_try, now, self.barred_for)

    def pause(self, seconds: float, attempts: int) -> float:
        """How long to wait after the try of that number: twice as long each time, a quarter of an hour at most."""
        return max(seconds, min(900.0, seconds * 2.0 ** min(attempts - 1, 10)))


def _older(first_try: datetime | None, now: datetime, seconds: float) -> bool:
    return first_try is not None and now - first_try >= timedelta(seconds=seconds)
