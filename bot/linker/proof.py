"""Proof that the court has linked: a filer's menu on a page fetched afresh, never a sentence (design, promise 4)."""

from __future__ import annotations

from dataclasses import dataclass

from yarl import URL

from bot.clock import Clock
from bot.errors import LinkEnded
from bot.linker.pages import Bar, Bounce, NoPrivileges, NotLoggedIn, Page, RefererWarning, SignOnDoor
from bot.linker.visit import Visit

EXTERNAL = "https://external"
"""The Referer that the courts' own comment names for those who met the guard (protocol 2.7)."""

_MOST_HOPS = 4


@dataclass(slots=True)
class Proof:
    """Looks at up to two places, at once and once more after `again_after` seconds."""

    visit: Visit
    clock: Clock
    again_after: float
    seen: Bar | None = None

    async def found(self, places: list[URL]) -> bool:
        """True once one of `places` shows a filer's menu; the first place is the one asked first and last."""
        if await self._filer(places[:1]):
            return True
        await self.clock.sleep(self.again_after)
        return await self._filer([*places[1:2], *places[:1]])

    async def _filer(self, places: list[URL]) -> bool:
        for place in places:
            try:
                page = await self._settled(place)
            except LinkEnded:
                continue
            self.seen = page.bar or self.seen
            if page.linked:
                return True
        return False

    async def _settled(self, place: URL) -> Page:
        """Fetch a page past the redirects and the one spurious login that may stand before it."""
        page = await self.visit.get(place, fresh=True)
        for _ in range(_MOST_HOPS):
            match page:
                case Bounce(to=to):
                    page = await self.visit.get(to, fresh=True)
                case SignOnDoor() | NoPrivileges() | NotLoggedIn():
                    page = await self.visit.get(place, fresh=True)
                case RefererWarning():
                    page = await self.visit.get(place, referer=EXTERNAL, fresh=True)
                case _:
                    break
        return page
