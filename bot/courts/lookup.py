"""Fetching PACER's court look-up: https only, certificates checked, redirects to uscourts.gov alone, capped.

Nothing is sent but the request itself. The environment's proxy is used where it names one (design 4: one of the homes
of aiohttp's client).
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot import __version__
from bot.courts.feed import MOST_BYTES
from bot.courts.way_out import proxy_for

SECONDS = 30.0
"""What a look-up may take, redirects and all."""
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Road:
    """How the outside is reached: the firm's contact for the User-Agent, for tests and demos the loopback address that
    every name leads to, and the certificates that are trusted in place of the system's."""

    contact: str = ""
    connect_to: tuple[str, int] | None = None
    ca_file: Path | None = None


class NotFetched(Exception):
    """The look-up was not fetched; the text is a sentence for the person, without the address's query."""


def web_address(text: str) -> URL | None:
    """Return the https address that `text` is, None when it is not one that can be fetched."""
    try:
        url = URL(text.strip())
        good = url.scheme == "https" and bool(url.host) and url.user is None and url.password is None
    except ValueError:
        return None
    return url if good else None


async def fetch(url: URL, road: Road, *, seconds: float = SECONDS, most: int = MOST_BYTES) -> bytes:
    """Return what stands at `url`, at most `most` bytes, within `seconds`. Raises NotFetched."""
    try:
        async with asyncio.timeout(seconds), _session(road) as session:
            return await _followed(session, url, road, most)
    except TimeoutError:
        raise NotFetched(f"{url.host} did not answer within {seconds:g} seconds.") from None
    except aiohttp.ClientConnectorCertificateError:
        raise NotFetched(f"The certificate of {url.host} cannot be trusted; LINK_ECF_CA_FILE may be wrong.") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NotFetched(f"{url.host} could not be reached ({type(error).__name__}).") from None


async def _followed(session: aiohttp.ClientSession, url: URL, road: Road, most: int) -> bytes:
    for _ in range(_MOST_REDIRECTS + 1):
        proxy = proxy_for(url) if road.connect_to is None else None
        async with session.get(url, proxy=proxy, allow_redirects=False) as answer:
            if answer.status in _REDIRECTS:
                url = _next(url, answer.headers.get("Location", ""))
                continue
            if answer.status != 200:
                raise NotFetched(f"{url.host} answered with status {answer.status}.")
            if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise NotFetched(f"{url.host} sent it compressed although it was asked not to.")
            return await _body(answer, most)
    raise NotFetched(f"{url.host} led on from address to address.")


def _next(url: URL, location: str) -> URL:
    try:
        target = web_address(str(url.join(URL(location))))
    except ValueError:
        target = None
    host = target.host or "" if target is not None else ""
    if target is None or target.port != 443 or not host.endswith(".uscourts.gov"):
        raise NotFetched(f"{url.host} led to another place than an https address under uscourts.gov; not followed.")
    return target


async def _body(answer: aiohttp.ClientResponse, most: int) -> bytes:
    gathered = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        gathered += chunk
        if len(gathered) > most:
            answer.close()
            raise NotFetched(f"It is larger than {most // 1_048_576} MB: PACER's court look-up never was.")
    return bytes(gathered)


def _session(road: Road) -> aiohttp.ClientSession:
    context = ssl.create_default_context(cafile=str(road.ca_file) if road.ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    resolver = _Straight(*road.connect_to) if road.connect_to else None
    contact = f" (+{road.contact})" if road.contact else ""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=context, resolver=resolver),
        headers={
            "User-Agent": f"link-ecf/{__version__}{contact}",
            "Accept": "application/json,*/*;q=0.5",
            "Accept-Encoding": "identity",
        },
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
    )


class _Straight(AbstractResolver):
    """Leads every name to one loopback address (LINK_ECF_CONNECT_TO)."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """Return the one address, whatever was asked."""
        return [ResolveResult(hostname=host, host=self._host, port=self._port, family=family or 2, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to close."""
