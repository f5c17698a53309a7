"""Looking people up by their e-mail address as fast as a chat allows, and no faster (slack.md 1.10: 50 a minute)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from bot.clock import Clock
from bot.people import Platform, WorkspaceId
from bot.reminders.letter import Limited
from bot.reminders.profiles import CannotTell, Looked, NotFound, Profile, Profiles

PER_MINUTE = 45.0
AT_ONCE = 20
"""Look-ups that may follow each other at once, after a quiet minute."""
LATER = 60.0
"""Seconds until a chat that could not be asked is asked again."""
REMEMBERED = 5000
"""People who were found lately: a roster that was checked is loaded a moment later."""

Place = tuple[Platform, WorkspaceId]


class Lookups:
    """The look-ups of this process, over the profiles of each chat; a chat without profiles is not asked."""

    def __init__(self, profiles: Mapping[Platform, Profiles], clock: Clock) -> None:
        self._profiles = profiles
        self._clock = clock
        self._tokens: dict[Place, tuple[float, float]] = {}
        self._held: dict[Place, float] = {}
        self._found: OrderedDict[tuple[Place, str], Profile] = OrderedDict()

    async def find(self, place: Place, emails: Iterable[str], seconds: float) -> dict[str, Looked]:
        """Return what came of each address for which there was time; `seconds` 0 never waits for the chat's leave.

        What is left out is to be looked up later. CannotTell is in it only where a permission is missing.
        """
        until = self._clock.monotonic() + seconds
        found: dict[str, Looked] = {}
        for email in emails:
            looked = self._found.get((place, email)) or await self._look(place, email, until)
            if looked is None:
                break
            found[email] = looked
        return found

    async def _look(self, place: Place, email: str, until: float) -> Looked | None:
        """Look one up, None when there is no time for it now."""
        profiles = self._profiles.get(place[0])
        while profiles is not None:
            wait = self._wait(place)
            if self._clock.monotonic() + wait > until and wait > 0:
                return None
            if wait > 0:
                await self._clock.sleep(wait)
                continue
            looked = await profiles.by_email(place[1], email)
            match looked:
                case Limited(seconds):
                    self._held[place] = self._clock.monotonic() + max(seconds, 1.0)
                case CannotTell(missing=""):
                    self._held[place] = self._clock.monotonic() + LATER
                    return None
                case Profile():
                    self._remember(place, email, looked)
                    return looked
                case NotFound() | CannotTell():
                    return looked
        return None

    def _wait(self, place: Place) -> float:
        """Return the seconds until one more may be looked up; at 0 it is taken to be looked up now."""
        now = self._clock.monotonic()
        if (held := self._held.get(place, now)) > now:
            return held - now
        left, at = self._tokens.get(place, (float(AT_ONCE), now))
        left = min(float(AT_ONCE), left + (now - at) * PER_MINUTE / 60)
        if left < 1:
            self._tokens[place] = (left, now)
            return (1 - left) * 60 / PER_MINUTE
        self._tokens[place] = (left - 1, now)
        return 0.0

    def _remember(self, place: Place, email: str, profile: Profile) -> None:
        self._found[place, email] = profile
        if len(self._found) > REMEMBERED:
            self._found.popitem(last=False)
