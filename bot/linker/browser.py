"""One attempt's browser: its own cookies, the fence, limits and pace. The only user of aiohttp's client.

No redirect is followed here: a page or a redirect comes back as it is, and the walk decides. Certificates are always
checked. A request that may have reached the host is told apart from one that cannot have (design 5, "could not be
reached"), because only the latter may be tried in another way.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from functools import lru_cache
from http.cookies import CookieError, Morsel
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot import __version__
from bot.courts.court import Realm
from bot.courts.way_out import proxy_for
from bot.linker.fence import Fence
from bot.linker.script import ScriptCookie
from bot.linker.values import Leave, Limits


@dataclass(frozen=True, slots=True)
class Outside:
    """How the outside is reached: realm, the firm's contact for the User-Agent, and, for tests and demos only, the
    loopback address that every name leads to with the CA that is then trusted."""

    realm: Realm = Realm.PRODUCTION
    contact: str = ""
    connect_to: tuple[str, int] | None = None
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the redirect's address as written, or the body, capped. Its repr hides the body."""

    url: URL
    status: int
    location: str | None
    content_type: str
    body: bytes
    posted: bool

    def __repr__(self) -> str:
        return f"Reply({self.status} {self.url.host}{self.url.raw_path})"


class Unreached(Exception):
    """No usable answer from a host; `sent` is False when the request cannot have got there."""

    def __init__(self, host: str, *, sent: bool) -> None:
        super().__init__(f"no answer from {host}")
        self.host = host
        self.sent = sent


class TooMuch(Exception):
    """The page is larger than a court's page ever was, or the attempt has used up its requests."""


class OutsideFence(Exception):
    """A request would have left the fence; it was not sent."""


class Browser:
    """The cookies, connections and count of one attempt."""

    def __init__(self, fence: Fence, outside: Outside, *, limits: Limits, leave: Leave) -> None:
        self._fence = fence
        self._limits = limits
        self._leave = leave
        self._outside = outside
        self._jar = aiohttp.CookieJar(quote_cookie=False)
        self._session: aiohttp.ClientSession | None = None
        self.requests = 0
        self._most = limits.requests

    async def __aenter__(self) -> Self:
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_mark_sent)
        contact = f" (+{self._outside.contact})" if self._outside.contact else ""
        self._session = aiohttp.ClientSession(
            cookie_jar=self._jar,
            connector=_connector(self._outside),
            headers={
                "User-Agent": f"link-ecf/{__version__}{contact}",
                "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
                "Accept-Language": "en-US,en;q=0.8",
            },
            timeout=aiohttp.ClientTimeout(total=self._limits.request_seconds),
            trace_configs=[trace],
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, url: URL, *, referer: str = "", fresh: bool = False) -> Reply:
        """Fetch a page; `fresh` asks caches on the way not to answer.

        Raises Unreached, TooMuch, OutsideFence.
        """
        headers = {"Cache-Control": "no-cache"} if fresh else {}
        return await self._request("GET", url, referer, headers, b"")

    async def post(
        self, url: URL, body: bytes, content_type: str, *, referer: str = "", headers: dict[str, str] | None = None
    ) -> Reply:
        """Send a body once.

        Raises Unreached, TooMuch, OutsideFence.
        """
        return await self._request("POST", url, referer, {"Content-Type": content_type, **(headers or {})}, body)

    def allow_parting(self) -> None:
        """Let the log-out go even when the requests are used up: once by PACER's API, once at the court."""
        self._most = max(self._most, self.requests + 2)

    def cookie(self, url: URL, name: str) -> str:
        """Return the value of a cookie that would be sent to `url`, "" without one."""
        morsel = self._jar.filter_cookies(url).get(name)
        return morsel.value if morsel is not None else ""

    def keep(self, url: URL, cookies: list[ScriptCookie]) -> None:
        """Take over cookies that a page at `url` set by script; the jar refuses domains that are not the page's."""
        for cookie in cookies:
            morsel: Morsel[str] = Morsel()
            try:
                morsel.set(cookie.name, cookie.value, cookie.value)
            except CookieError:
                continue
            morsel["path"] = cookie.path
            morsel["domain"] = cookie.domain
            morsel["secure"] = cookie.secure or True
            if cookie.expired:
                morsel["max-age"] = "0"
            self._jar.update_cookies({cookie.name: morsel}, url)

    def set_everywhere(self, name: str, value: str) -> None:
        """Set a cookie for all of uscourts.gov, as PACER's JSON API leaves to its caller (protocol 1.5)."""
        sign_on = URL.build(scheme="https", host=self._fence.sign_on)
        self.keep(sign_on, [ScriptCookie(name, value, ".uscourts.gov", "/", secure=True, expired=False)])

    async def _request(self, method: str, url: URL, referer: str, headers: dict[str, str], body: bytes) -> Reply:
        if self._session is None or not self._fence.admits(url):
            raise OutsideFence
        if self.requests >= self._most:
            raise TooMuch("requests")
        await self._leave(url.host or "")
        self.requests += 1
        if referer:
            headers["Referer"] = referer
        progress = SimpleNamespace(sent=False)
        try:
            proxy = proxy_for(url) if self._outside.connect_to is None else None
            async with self._session.request(
                method,
                url,
                data=body or None,
                headers=headers,
                proxy=proxy,
                allow_redirects=False,
                trace_request_ctx=progress,
            ) as response:
                return Reply(
                    url=url,
                    status=response.status,
                    location=response.headers.get("Location") if response.status in _REDIRECTS else None,
                    content_type=response.headers.get("Content-Type", ""),
                    body=await self._body(response),
                    posted=method == "POST",
                )
        except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError, ValueError) as error:
            raise Unreached(url.host or "", sent=progress.sent) from _named(error)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        gathered = bytearray()
        async for chunk in response.content.iter_chunked(65_536):
            gathered += chunk
            if len(gathered) > self._limits.page_bytes:
                response.close()
                raise TooMuch("bytes")
        return bytes(gathered)


_REDIRECTS = frozenset({301, 302, 303, 307, 308})


async def _mark_sent(session: object, context: SimpleNamespace, params: object) -> None:
    context.trace_request_ctx.sent = True


def _named(error: BaseException) -> Exception:
    """The error's kind without its text: texts of the client hold addresses, and addresses may hold sessions."""
    return ConnectionError(type(error).__name__)


def _connector(outside: Outside) -> aiohttp.TCPConnector:
    resolver = _Straight(*outside.connect_to) if outside.connect_to else None
    return aiohttp.TCPConnector(ssl=_trust(outside.ca_file), resolver=resolver, limit_per_host=2, ttl_dns_cache=300)


@lru_cache(maxsize=4)
def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or newer with certificate and host name checks; made once, because reading the CA list takes long."""
    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class _Straight(AbstractResolver):
    """Leads every name to one loopback address: the pretend courts of tests and demo, under their real names."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """Return the one address, whatever was asked."""
        return [ResolveResult(hostname=host, host=self._host, port=self._port, family=family or 2, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to close."""
