"""A browser for tests: a server of our own over TLS, and a client that keeps cookies and fills in what it was shown."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from aiohttp import ClientResponse, ClientSession, ClientTimeout, CookieJar, TCPConnector, web

from bot.sandbox.authority import Authority
from bot.service.pages import Pages
from bot.web import guard, health_routes
from bot.web.page import page_routes
from tests.web.pages import CODE, PagesInMemory

FILLED: Mapping[str, str] = {
    "code": CODE,
    "caution_acknowledged": "yes",
    "pacer_username": "annattorney",
    "pacer_password": "  pacer canary  ",
    "client_code": "",
    "cmecf_login": "aattorney",
    "cmecf_password": "ecf canary ",
    "individual_account": "yes",
    "redaction_acknowledged": "yes",
    "passcode": "123456",
}
"""A form without a flaw; its passwords have blanks at their ends."""


@dataclass
class Shown:
    """What came back: status, headers, the text, and the elements of the page with their attributes."""

    status: int
    headers: Mapping[str, str]
    text: str
    response: ClientResponse

    @property
    def elements(self) -> list[tuple[str, dict[str, str]]]:
        """Every start tag in the order of the page."""
        reader = _Elements()
        reader.feed(self.text)
        return reader.found

    def named(self, name: str) -> dict[str, str]:
        """Return the attributes of the one field called `name`."""
        (found,) = [of for tag, of in self.elements if tag in ("input", "button") and of.get("name") == name]
        return found

    def with_id(self, wanted: str) -> dict[str, str]:
        """Return the attributes of the one element with this id."""
        (found,) = [of for _, of in self.elements if of.get("id") == wanted]
        return found


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def plain(shown: Shown) -> str:
    """Return the text of the page without its tags."""
    text = re.sub(r"<[^>]*>", " ", shown.text)
    for mark, sign in (("&#39;", "'"), ("&#34;", '"'), ("&amp;", "&")):
        text = text.replace(mark, sign)
    return " ".join(text.split())


@dataclass
class Browser:
    """One person's browser at one server."""

    session: ClientSession
    origin: str
    pages: PagesInMemory

    async def ask(self, method: str, path: str, **given: object) -> Shown:
        """Send one request and follow nothing."""
        async with self.session.request(method, self.origin + path, allow_redirects=False, **given) as response:  # type: ignore[arg-type]
            return Shown(response.status, response.headers, await response.text(), response)

    async def get(self, path: str) -> Shown:
        """Open an address."""
        return await self.ask("GET", path)

    async def send(
        self, token: str, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Shown:
        """Send the page's form as a browser does; the hidden field is the one of a page opened now, unless given."""
        given = dict(FILLED if fields is None else fields)
        if "csrf" not in given:
            given["csrf"] = (await self.get(f"/p/{token}")).named("csrf")["value"]
        own = {"Sec-Fetch-Site": "same-origin", "Origin": "null"} if headers is None else headers
        return await self.ask("POST", f"/p/{token}", data=given, headers=own)


@asynccontextmanager
async def serving(
    pages: Pages, folder: Path, *, body_seconds: float = 15.0, answer_seconds: float = 45.0
) -> AsyncIterator[tuple[str, ssl.SSLContext]]:
    """Serve the page and the health of a bot over TLS; yields its origin and what a client trusts."""
    authority = Authority(folder)
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"https://localhost:{listening.getsockname()[1]}"

    async def why_not() -> str:
        return ""

    site = web.Application()
    site.add_routes(
        health_routes(why_not) + page_routes(pages, origin, body_seconds=body_seconds, answer_seconds=answer_seconds)
    )
    guard(site)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5, lingering_time=0.1)
    await runner.setup()
    try:
        await web.SockSite(runner, listening, ssl_context=authority.context("localhost")).start()
        yield origin, ssl.create_default_context(cafile=str(authority.ca_file))
    finally:
        await runner.cleanup()


@asynccontextmanager
async def browsing(pages: PagesInMemory, folder: Path) -> AsyncIterator[Browser]:
    """Open a browser at a server of its own."""
    async with serving(pages, folder) as (origin, trusted), surfing(trusted) as session:
        yield Browser(session, origin, pages)


@asynccontextmanager
async def surfing(trusted: ssl.SSLContext) -> AsyncIterator[ClientSession]:
    """Open a session that keeps cookies and trusts the server's certificate."""
    connector, timeout = TCPConnector(ssl=trusted, limit=50), ClientTimeout(total=60)
    async with ClientSession(connector=connector, cookie_jar=CookieJar(), timeout=timeout) as session:
        yield session
