"""Fetching a look-up from a real server with real certificates, on this machine alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

from bot.courts.lookup import NotFetched, Road, fetch, web_address
from bot.sandbox.authority import Authority, Certificate

LIST = "https://pacer.uscourts.gov/file-case/court-cmecf-lookup/data.json"
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Pacer:
    """A server that answers for every name; `answers` is what it does at a path, `seen` what it was asked."""

    road: Road
    untrusting: Road
    answers: dict[str, Answering] = field(default_factory=dict)
    seen: list[web.BaseRequest] = field(default_factory=list)
    shows: dict[str, Certificate] = field(default_factory=dict)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer by host and path."""
        self.seen.append(request)
        assert isinstance(request, web.BaseRequest)
        return await self.answers[f"{request.host}{request.path}"](request)  # type: ignore[arg-type]

    def says(self, address: str, body: bytes = b"{}", status: int = 200, **headers: str) -> None:
        """Have `address` answer with this."""

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()})

        self.answers[address] = answer


@pytest.fixture
async def pacer(tmp_path: Path) -> AsyncIterator[Pacer]:
    """PACER's web site, and whoever else is asked."""
    authority = Authority(tmp_path)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    there = listening.getsockname()
    running = Pacer(Road("Firm", there, authority.ca_file), Road("Firm", there))
    server = web.ServerRunner(web.Server(running.answer, access_log=None), shutdown_timeout=0.1)
    await server.setup()
    context = authority.listening_context(lambda host: running.shows.get(host, Certificate.GOOD))
    await web.SockSite(server, listening, ssl_context=context).start()
    yield running
    await server.cleanup()


async def why(pacer: Pacer, road: Road | None = None, *, seconds: float = 20, most: int = 100_000) -> str:
    """Why the list is not fetched."""
    with pytest.raises(NotFetched) as said:
        await fetch(URL(LIST), road or pacer.road, seconds=seconds, most=most)
    return str(said.value)


async def test_the_body_comes_as_it_is(pacer: Pacer) -> None:
    """Asked for once, uncompressed, by our own name, without a cookie."""
    pacer.says("pacer.uscourts.gov/file-case/court-cmecf-lookup/data.json", b'{"data": []}', Set_Cookie="a=b")
    assert await fetch(URL(LIST), pacer.road) == b'{"data": []}'
    (asked,) = pacer.seen
    assert asked.headers["User-Agent"].startswith("link-ecf/")
    assert asked.headers["User-Agent"].endswith(" (+Firm)")
    assert asked.headers["Accept-Encoding"] == "identity"


async def test_a_redirect_within_uscourts_gov_is_followed(pacer: Pacer) -> None:
    pacer.says("pacer.uscourts.gov/file-case/court-cmecf-lookup/data.json", status=302, Location="/there")
    pacer.says("pacer.uscourts.gov/there", status=301, Location="https://www.uscourts.gov/list")
    pacer.says("www.uscourts.gov/list", b"[1]")
    assert await fetch(URL(LIST), pacer.road) == b"[1]"
    assert len(pacer.seen) == 3


@pytest.mark.parametrize(
    "location",
    [
        "http://pacer.uscourts.gov/list",
        "https://uscourts.gov.evil.example/",
        "https://eviluscourts.gov/",
        "https://user@pacer.uscourts.gov/",
        "https://pacer.uscourts.gov:8443/",
        "file:///etc/passwd",
        "https://[",
    ],
)
async def test_a_redirect_elsewhere_is_not(pacer: Pacer, location: str) -> None:
    pacer.says("pacer.uscourts.gov/file-case/court-cmecf-lookup/data.json", status=302, Location=location)
    assert "not followed" in await why(pacer)
    assert len(pacer.seen) == 1


async def test_a_redirect_round_and_round_ends(pacer: Pacer) -> None:
    pacer.says("pacer.uscourts.gov/file-case/court-cmecf-lookup/data.json", status=302, Location=LIST)
    assert "from address to address" in await why(pacer)
    assert len(pacer.seen) == 6


async def test_an_answer_that_is_none(pacer: Pacer) -> None:
    here = "pacer.uscourts.gov/file-case/court-cmecf-lookup/data.json"
    pacer.says(here, status=503)
    assert await why(pacer) == "pacer.uscourts.gov answered with status 503."
    pacer.says(here, b"\x1f\x8b", Content_Encoding="gzip")
    assert "compressed" in await why(pacer)


async def test_too_much_is_not_read_to_its_end(pacer: Pacer) -> None:
    """Whatever length was promised."""
    ended = asyncio.Event()

    async def endless(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse()
        await stream.prepare(request)
        try:
            while request.transport is not None and not request.transport.is_closing():
                await stream.write(b" " * 65_536)
                await asyncio.sleep(0)
            return stream
        finally:
            ended.set()

    pacer.answers["pacer.uscourts.gov/file-case/court-cmecf-lookup/data.json"] = endless
    assert "larger than" in await why(pacer, most=200_000)
    await asyncio.wait_for(ended.wait(), 20)


async def test_an_answer_that_does_not_come(pacer: Pacer) -> None:
    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    pacer.answers["pacer.uscourts.gov/file-case/court-cmecf-lookup/data.json"] = silent
    assert await why(pacer, seconds=0.2) == "pacer.uscourts.gov did not answer within 0.2 seconds."


@pytest.mark.parametrize("kind", [Certificate.EXPIRED, Certificate.WRONG_NAME, Certificate.UNKNOWN_CA])
async def test_a_certificate_that_is_not_good(pacer: Pacer, kind: Certificate) -> None:
    pacer.shows["pacer.uscourts.gov"] = kind
    assert "cannot be trusted" in await why(pacer)
    assert pacer.seen == []


async def test_the_certificates_of_the_setting_are_the_ones_that_count(pacer: Pacer) -> None:
    assert "cannot be trusted" in await why(pacer, pacer.untrusting)


async def test_nobody_there(pacer: Pacer) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        said = await why(pacer, Road("", nobody.getsockname()))
    assert said.startswith("pacer.uscourts.gov could not be reached")


@pytest.mark.parametrize(
    "text", ["http://pacer.uscourts.gov/", "https://a:b@c.gov/", "https://", "https://[", "ftp://x", "x"]
)
def test_addresses_that_cannot_be_fetched(text: str) -> None:
    assert web_address(text) is None
