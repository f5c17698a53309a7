"""A visit to one court: the page in front, and the two verbs that change it.

Turns what the browser brings back into pages, and what it could not bring back into the code of the host that failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from yarl import URL

from bot.errors import Code, LinkEnded, ended
from bot.linker.browser import Browser, OutsideFence, Reply, TooMuch, Unreached
from bot.linker.document import TooLarge
from bot.linker.fence import Fence
from bot.linker.form import Control, Form
from bot.linker.leaving import read_redirect
from bot.linker.pages import NOWHERE, REFUSED, Page, Strange, Unknown
from bot.linker.reader import Reader
from bot.linker.script import cookies

_SAME_PATHS = 3
_DOORSTEP = frozenset({"", "/", "/cgi-bin/login.pl", "/cgi-bin/ShowIndex.pl"})
"""Pages that a court has as long as it has anything: HTTP 404 there is an outage (protocol section 8)."""


@dataclass(slots=True)
class Visit:
    """One browser at one court; `page` is the page in front, whose address is the next request's Referer."""

    browser: Browser
    fence: Fence
    reader: Reader
    page: Page = field(default_factory=lambda: Page(NOWHERE))
    _ways: set[tuple[str, str]] = field(default_factory=set)
    _paths: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    async def get(self, url: URL, *, referer: str | None = None, fresh: bool = False) -> Page:
        """Fetch a page, with the page in front as Referer unless another is named, and read it.

        Raises LinkEnded(court_down, pacer_down, unknown_page).
        """
        came_from = self._referer() if referer is None else referer
        try:
            return await self._read(await self.browser.get(url, referer=came_from, fresh=fresh))
        except (Unreached, TooMuch, OutsideFence) as wrong:
            raise self._ending(wrong) from None

    async def led(self, to: URL) -> Page:
        """Go where the page in front leads by itself; the second time from the same place to the same place, stop.

        An address that is new each time does not make it another place: three times the same paths are a circle too.
        Raises LinkEnded(court_down, pacer_down, unknown_page).
        """
        here = self.page.url
        way, path = (str(here), str(to)), (here.raw_path, to.host or "", to.raw_path)
        if way in self._ways or self._paths[path] >= _SAME_PATHS:
            raise ended(Code.UNKNOWN_PAGE, Strange.TO_ITSELF)
        self._ways.add(way)
        self._paths[path] += 1
        return await self.get(to)

    def forget_ways(self) -> None:
        """After a sign-on the same pages may lead on once more."""
        self._ways.clear()
        self._paths.clear()

    async def send(self, form: Form, typed: Mapping[str, str], button: Control | None) -> Page:
        """Send a form as a browser would, once, and read the answer; a redirect that would re-send it is not followed.

        Raises LinkEnded(court_down, pacer_down, unknown_page).
        """
        ready = form.submit(typed, button)
        if ready is None or not self.fence.admits(ready.url) or ready.method != "POST":
            raise ended(Code.UNKNOWN_PAGE, Strange.FOREIGN_FORM)
        try:
            reply = await self.browser.post(ready.url, ready.body, ready.content_type, referer=self._referer())
            return await self._read(reply)
        except (Unreached, TooMuch, OutsideFence) as wrong:
            raise self._ending(wrong) from None

    def at_court(self, path: str) -> URL:
        """Return the address of a path at the court."""
        return URL(f"https://{self.fence.court}{path}", encoded=True)

    def down(self, url: URL, why: str = "") -> LinkEnded:
        """Return the ending for a host that does not work: the court's, or PACER's."""
        return ended(Code.PACER_DOWN if self.fence.is_sign_on(url) else Code.COURT_DOWN, why)

    async def _read(self, reply: Reply) -> Page:
        if reply.location is not None:
            if reply.posted and reply.status in (307, 308):
                return Unknown(reply.url, why=Strange.RESENT)
            return read_redirect(reply.url, reply.location, self.fence)
        if reply.status >= 500 or reply.status in (408, 429):
            raise self.down(reply.url)
        if reply.status == 403:
            raise self.down(reply.url, REFUSED)
        if reply.status == 404 and self.fence.is_court(reply.url) and reply.url.path in _DOORSTEP:
            raise self.down(reply.url)
        if reply.status != 200:
            return Unknown(reply.url, why=Strange.STATUS)
        try:
            document, page = await self.reader.read(reply, self.fence)
        except TooLarge:
            return Unknown(reply.url, why=Strange.TOO_LARGE)
        self.browser.keep(reply.url, list(cookies(document.scripts)))
        return page

    def _referer(self) -> str:
        return str(self.page.url) if self.fence.is_court(self.page.url) else ""

    def _ending(self, wrong: Unreached | TooMuch | OutsideFence) -> LinkEnded:
        if isinstance(wrong, Unreached):
            return ended(Code.PACER_DOWN if wrong.host == self.fence.sign_on else Code.COURT_DOWN)
        if isinstance(wrong, OutsideFence):
            return ended(Code.UNKNOWN_PAGE, Strange.FOREIGN_REDIRECT)
        return ended(Code.UNKNOWN_PAGE, Strange.LOOP if "requests" in wrong.args else Strange.TOO_LARGE)
