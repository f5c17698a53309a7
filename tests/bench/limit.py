"""The limit: a straight script of the same requests over aiohttp, each page's links and forms read by selectolax.

It knows its one pretend court by heart and checks nothing: no fence, no unknown page, no person. What it costs is what
the transport and a fast parser cost.
"""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import aiohttp
from aiohttp.abc import AbstractResolver
from selectolax.lexbor import LexborHTMLParser, LexborNode
from yarl import URL

from bot.linker.form import urlencoded
from tests.bench.walks import Place, Typed

_COOKIE = re.compile(r"document\.cookie\s*=\s*[\"']([^\"'=]+=[^\"';][^\"']*)")
_MOVE = re.compile(r"location(?:\.assign\(|\s*=\s*)[\"']([^\"']+)")
_SIGN_ON = URL("https://pacer.login.uscourts.gov/")


class _Seen:
    """One page: every link by its words, the first form with its fields, the scripts."""

    def __init__(self, url: URL, text: str) -> None:
        tree = LexborHTMLParser(text)
        self.url = url
        self.links = [(" ".join(a.text().split()), a.attributes.get("href") or "") for a in tree.css("a")]
        self.scripts = [s.text() for s in tree.css("script")]
        form = tree.css_first("form")
        self.action = (form.attributes.get("action") or "") if form else ""
        self.multipart = "multipart" in ((form.attributes.get("enctype") or "") if form else "")
        controls = tree.css("form input, form select, form textarea, input[form]") if form else []
        self.fields = [_field(control) for control in controls if "disabled" not in control.attributes]

    def to(self, words: str) -> URL:
        """Return where the first link leads whose words or address have `words`."""
        return self.url.join(
            URL(next(href for text, href in self.links if words in text or words in href), encoded=True)
        )


def _field(node: LexborNode) -> tuple[str, str, str]:
    attributes = node.attributes
    return attributes.get("name") or "", (attributes.get("type") or "text").lower(), attributes.get("value") or ""


class Script:
    """One link from the front page to the log-out, in the order of requests that the linker makes."""

    def __init__(self, session: aiohttp.ClientSession, court: str) -> None:
        self._session = session
        self._front = URL(f"https://{court}/")
        self.requests = 0

    async def link(self, typed: Typed) -> None:
        """Link, and prove it by a fresh menu.

        Raises AssertionError when the court does not show a filer's menu in the end.
        """
        front = await self._page("GET", self._front, "")
        entry = front.to("login.pl")
        door = await self._page("GET", entry, str(front.url))
        assert any(_MOVE.search(script) for script in door.scripts)
        token = await self._sign_on(typed)
        menu = await self._page("GET", entry, "")
        utilities = await self._page("GET", menu.to("Utilities"), str(entry))
        form = await self._page("GET", utilities.to("PACER account"), str(utilities.url))
        verify = await self._send(form, {"text": typed.login, "password": typed.ecf_password})
        said = await self._send(verify, {})
        proof = await self._page("GET", entry, str(said.url))
        assert any("Events" in href for _, href in proof.links), "not linked"
        await self._json("services/cso-logout", {"nextGenCSO": token})

    async def _sign_on(self, typed: Typed) -> str:
        body = {"loginId": typed.username, "password": typed.pacer_password, "redactFlag": "1"}
        token = str((await self._json("services/cso-auth", body))["nextGenCSO"])
        for name in ("NextGenCSO", "PacerSession"):
            self._keep(_SIGN_ON, f"{name}={token}; domain=.uscourts.gov; path=/; secure")
        return token

    async def _json(self, path: str, body: dict[str, str]) -> dict[str, object]:
        self.requests += 1
        async with self._session.post(_SIGN_ON / path, json=body, headers={"Accept": "application/json"}) as reply:
            found: dict[str, object] = await reply.json(content_type=None) or {}
            return found

    async def _send(self, page: _Seen, typed: dict[str, str]) -> _Seen:
        pairs = [
            (name, typed.get(kind, value))
            for name, kind, value in page.fields
            if name and (kind in ("text", "password", "hidden") or (kind, value) == ("submit", "Submit"))
        ]
        body: aiohttp.FormData | bytes = urlencoded(pairs)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if page.multipart:
            body, headers = aiohttp.FormData(pairs, default_to_multipart=True), {}
        target = page.url.join(URL(page.action, encoded=True))
        return await self._page("POST", target, str(page.url), body, headers)

    async def _page(
        self,
        method: str,
        url: URL,
        referer: str,
        body: aiohttp.FormData | bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> _Seen:
        self.requests += 1
        sent = {**(headers or {}), "Referer": referer} if referer else headers
        async with self._session.request(method, url, data=body, headers=sent, allow_redirects=False) as reply:
            seen = _Seen(url, await reply.text())
        for script in seen.scripts:
            for found in _COOKIE.finditer(script):
                self._keep(url, found[1])
        return seen

    def _keep(self, url: URL, cookie: str) -> None:
        self._session.cookie_jar.update_cookies(SimpleCookie(cookie), url)


async def limit_link(place: Place, typed: Typed, resolver: AbstractResolver) -> int:
    """Link once with a session of its own; returns the number of requests."""
    connector = aiohttp.TCPConnector(ssl=place.trust, resolver=resolver)
    jar = aiohttp.CookieJar(quote_cookie=False)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session:
        script = Script(session, place.court.host)
        await script.link(typed)
        return script.requests
