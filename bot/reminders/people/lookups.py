"""Looking people up by their e-mail address for as long as there is time, and as the chat allows.

The profiles of a chat keep to its rates by themselves, and say Limited when it is someone else's turn.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from bot.clock import Clock
from bot.people import Platform, WorkspaceId
from bot.reminders.delivery.letter import Limited
from bot.reminders.people.profiles import CannotTell, Looked, NotFound, Profile, Profiles

LATER = 60.0
"""Seconds until a chat that could not be asked is asked again."""
LATELY = 600.0
REMEMBERED = 5000
"""Who was found is not looked up again for so many seconds, of so many: what was checked is loaded a moment later."""

Place = tuple[Platform, WorkspaceId]


class Lookups:
    """The look-ups of this process, over the profiles of each chat; a chat without profiles is not asked."""

    def __init__(self, profiles: Mapping[Platform, Profiles], clock: Clock) -> None:
        self._profiles = profiles
        self._clock = clock
        self._held: dict[Place, float] = {}
        self._found: OrderedDict[tuple[Place, str], tuple[Profile, float]] = OrderedDict()

    async def find(self, place: Place, emails: Iterable[str], seconds: float) -> dict[str, Looked]:
        """Return what came of each address for which there was time; 0 `seconds` wait for no hold of the chat's.

        What is left out is to be looked up later. CannotTell is in it only where a permission is missing.
        """
        until = self._clock.monotonic() + seconds
        found: dict[str, Looked] = {}
        for email in emails:
            looked: Looked | None = self._found_lately(place, email)
            if looked is None and (seconds == 0 or self._clock.monotonic() < until):
                looked = await self._look(place, email, until)
            if looked is None:
                continue
            found[email] = looked
        return found

    async def _look(self, place: Place, email: str, until: float) -> Looked | None:
        """Look one up, None when there is no time for it now."""
        profiles = self._profiles.get(place[0])
        while profiles is not None:
            now = self._clock.monotonic()
            wait = self._held.get(place, now) - now
            if wait > 0:
                if now + wait > until:
                    return None
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

    def _found_lately(self, place: Place, email: str) -> Profile | None:
        profile, until = self._found.get((place, email), (None, 0.0))
        return profile if self._clock.monotonic() < until else None

    def _remember(self, place: Place, email: str, profile: Profile) -> None:
        self._found[place, email] = (profile, self._clock.monotonic() + LATELY)
        if len(self._found) > REMEMBERED:
            self._found.popitem(last=False)
