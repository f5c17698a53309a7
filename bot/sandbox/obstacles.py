"""What a pretend court puts in the way a limited number of times after each sign-on, or for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from enum import StrEnum

from bot.sandbox.faults import Fault
from bot.sandbox.profiles import CourtProfile
from bot.sandbox.wire import Visit


class Obstacle(StrEnum):
    """One thing in the way of a page that was asked for (protocol section 2.7)."""

    LOGIN_REDIRECT = "login_redirect"
    NO_PRIVILEGES = "no_privileges"
    INTERSTITIAL = "interstitial"


class Obstacles:
    """Counts, for each PACER session, what has been put in its way at one court (`host`)."""

    def __init__(self, host: str) -> None:
        self._own = f"https://{host}/"
        self._met: dict[str, Counter[Obstacle]] = {}

    def forget(self, token: str) -> None:
        """Drop the count of a PACER session that ended."""
        self._met.pop(token, None)

    def next(self, visit: Visit, token: str, profile: CourtProfile, faults: Set[Fault], entry: bool) -> Obstacle | None:
        """Return what stands in the way of this request; `entry` pages are open to a foreign Referer."""
        met = self._met.setdefault(token, Counter())
        if visit.asked.method != "GET":
            return None
        obstacle = self._of(visit, met, profile, faults, entry)
        if obstacle:
            met[obstacle] += 1
        return obstacle

    def _of(
        self, visit: Visit, met: Counter[Obstacle], profile: CourtProfile, faults: Set[Fault], entry: bool
    ) -> Obstacle | None:
        if met[Obstacle.LOGIN_REDIRECT] < profile.spurious_redirects:
            return Obstacle.LOGIN_REDIRECT
        if Fault.NO_PRIVILEGES_ALWAYS in faults or met[Obstacle.NO_PRIVILEGES] < profile.no_privileges:
            return Obstacle.NO_PRIVILEGES
        referer = visit.headers.get("Referer", "")
        if entry or referer == "https://external":
            return None
        guarded = profile.referer_guard and not referer.startswith(self._own)
        return Obstacle.INTERSTITIAL if guarded or met[Obstacle.INTERSTITIAL] < profile.interstitials else None
