"""The way out: the firm's proxy is used and sees nothing, certificates are always checked, no redirect is followed.

A real CONNECT proxy on 127.0.0.1 leads every name to the pretend hosts, as a firm's proxy leads to the real ones:
LINK_ECF_CONNECT_TO is not set here, so that the road is the one that is taken outside.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from yarl import URL

from bot.clock import SystemClock
from bot.courts.lookup import NotFetched, Road, fetch
from bot.errors import Code
from bot.linker import Outside
from bot.linker.attempt import link
from bot.linker.browser import Browser, OutsideFence, Unreached
from bot.linker.fence import Fence
from bot.linker.values import Limits, new_incident_id
from bot.sandbox.authority import Authority, Certificate
from handlers.slack.client import slack_session, web_client
from tests.story.attempts import ECF_PASSWORD, PACER_PASSWORD, QUICK, Person, court, no_wait, pretend

COURT, SIGN_ON = "ecf.gasb.uscourts.gov", "pacer.login.uscourts.gov"
FENCE = Fence(COURT, SIGN_ON)
CANARY = "canary-on-the-wire"
TOKEN = "xoxb-canary-token"


@dataclass
class Proxy:
    """A CONNECT proxy that leads to one port and writes down what it is asked and what passes through."""

    to: int = 0
    port: int = 0
    asked: list[str] = field(default_factory=list)
    passed: bytearray = field(default_factory=bytearray)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.split(b"\r\n")[0].decode())
        self.passed += head
        if not head.startswith(b"CONNECT "):
            writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(self.pipe(reader, back), self.pipe(there, writer))

    async def pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Hand on what comes, until it ends."""
        with suppress(ConnectionError):
            while piece := await source.read(65_536):
                self.passed += piece
                sink.write(piece)
                await sink.drain()
        sink.close()

    @property
    def hosts(self) -> set[str]:
        """Where it was asked to lead."""
        return {line.split()[1] for line in self.asked}


@dataclass
class Hosts:
    """Whoever the proxy leads to: answers by host and path, with the certificate that a test wants."""

    authority: Authority
    port: int = 0
    shows: Certificate = Certificate.GOOD
    seen: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    redirect: tuple[int, str] | None = None

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer."""
        body = await request.read()
        self.headers.append(dict(request.headers))
        self.seen.append(f"{request.method} {request.host}{request.path} {body.decode()}")
        if self.redirect is not None:
            return web.Response(status=self.redirect[0], headers={"Location": self.redirect[1]})
        return web.json_response({"ok": True, "url": "https://x/"})


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Proxy]:
    """The firm's proxy, as the environment names it."""
    running = Proxy()
    server = await asyncio.start_server(running.serve, "127.0.0.1", 0)
    running.port = server.sockets[0].getsockname()[1]
    for name in ("ALL_PROXY", "NO_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{running.port}")
    yield running
    server.close()


@pytest.fixture
async def hosts(tmp_path: Path, proxy: Proxy) -> AsyncIterator[Hosts]:
    """Everybody else, over TLS."""
    running = Hosts(Authority(tmp_path))
    server = web.ServerRunner(web.Server(running.answer, access_log=None), shutdown_timeout=0.1)
    await server.setup()
    context = running.authority.listening_context(lambda host: running.shows)
    await web.TCPSite(server, "127.0.0.1", 0, ssl_context=context).start()
    proxy.to = running.port = server.addresses[0][1]
    yield running
    await server.cleanup()


def browser(hosts: Hosts, *, trusting: bool = True) -> Browser:
    """A browser on the road that is taken outside."""
    outside = Outside(ca_file=hosts.authority.ca_file if trusting else None)
    return Browser(FENCE, outside, limits=Limits(request_seconds=5), leave=no_wait)


async def test_the_proxy_leads_to_the_court_and_reads_nothing(hosts: Hosts, proxy: Proxy) -> None:
    async with browser(hosts) as road:
        reply = await road.post(URL(f"https://{COURT}/x"), CANARY.encode(), "text/plain")
        assert reply.status == 200
    assert hosts.seen == [f"POST {COURT}/x {CANARY}"]
    assert proxy.asked == [f"CONNECT {COURT}:443 HTTP/1.1"]
    assert CANARY.encode() not in proxy.passed


async def test_a_whole_attempt_goes_through_the_proxy_sealed(proxy: Proxy) -> None:
    """Both hosts of the fence and no other; neither password can be read on the way."""
    async with pretend("gasb") as sandbox:
        proxy.to = sandbox.port
        person = Person()
        result = await link(
            person.request(court("gasb")),
            person.ask,
            person.tell,
            outside=Outside(ca_file=sandbox.ca_file),
            leave=no_wait,
            clock=SystemClock(),
            incident=new_incident_id(),
            limits=QUICK,
        )
    assert result.code is Code.LINKED
    assert proxy.hosts == {f"{COURT}:443", f"{SIGN_ON}:443"}
    assert PACER_PASSWORD.encode() not in proxy.passed
    assert ECF_PASSWORD.encode() not in proxy.passed


async def test_a_proxy_that_does_not_lead_is_no_way_round_it(hosts: Hosts, proxy: Proxy) -> None:
    """Where the proxy is down nothing goes past it."""
    proxy.to = 1
    async with browser(hosts) as road:
        with pytest.raises(Unreached) as lost:
            await road.get(URL(f"https://{COURT}/"))
    assert not lost.value.sent
    assert hosts.seen == []


WRONG = [Certificate.EXPIRED, Certificate.WRONG_NAME, Certificate.UNKNOWN_CA]


@pytest.mark.parametrize("kind", WRONG)
async def test_a_wrong_certificate_ends_it_before_anything_is_sent(hosts: Hosts, kind: Certificate) -> None:
    hosts.shows = kind
    async with browser(hosts) as road:
        with pytest.raises(Unreached) as lost:
            await road.post(URL(f"https://{COURT}/"), CANARY.encode(), "text/plain")
    assert not lost.value.sent
    assert hosts.seen == []


async def test_without_a_file_of_its_own_the_system_s_authorities_count(hosts: Hosts) -> None:
    async with browser(hosts, trusting=False) as road:
        with pytest.raises(Unreached):
            await road.get(URL(f"https://{COURT}/"))
    assert hosts.seen == []


@pytest.mark.parametrize("kind", WRONG)
async def test_the_look_up_checks_certificates_too(hosts: Hosts, proxy: Proxy, kind: Certificate) -> None:
    road = Road("Firm", None, hosts.authority.ca_file)
    where = URL("https://pacer.uscourts.gov/list")
    assert json.loads(await fetch(where, road, seconds=5, most=1000))["ok"]
    assert proxy.hosts == {"pacer.uscourts.gov:443"}
    hosts.shows = kind
    with pytest.raises(NotFetched):
        await fetch(where, road, seconds=5, most=1000)
    assert len(hosts.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["https://evil.example/", f"http://{COURT}/", f"https://{COURT}/other"])
async def test_no_redirect_is_followed_by_itself(hosts: Hosts, proxy: Proxy, status: int, location: str) -> None:
    """Not even one within the fence: the walk looks at each, and a body is never sent twice."""
    hosts.redirect = (status, location)
    async with browser(hosts) as road:
        reply = await road.post(URL(f"https://{COURT}/"), CANARY.encode(), "text/plain")
        assert (reply.status, reply.location) == (status, location)
    assert len(hosts.seen) == 1
    assert proxy.hosts == {f"{COURT}:443"}


OUTSIDE = [
    f"http://{COURT}/",
    f"https://{COURT}:8443/",
    f"https://user@{COURT}/",
    f"https://{COURT}.evil.example/",
    "https://ecf.almb.uscourts.gov/",
    "https://127.0.0.1/",
    "https://evil.example/",
]


@pytest.mark.parametrize("address", OUTSIDE)
async def test_nothing_leaves_the_fence(hosts: Hosts, proxy: Proxy, address: str) -> None:
    async with browser(hosts) as road:
        with pytest.raises(OutsideFence):
            await road.get(URL(address))
        with pytest.raises(OutsideFence):
            await road.post(URL(address), CANARY.encode(), "text/plain")
    assert proxy.asked == []


async def test_slack_is_reached_through_the_proxy_over_checked_tls(hosts: Hosts, proxy: Proxy) -> None:
    """Slack's client trusts the system's authorities alone: the pretend host is refused, and no token is sent."""
    async with slack_session() as session:
        client = web_client(TOKEN, session)
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await client.auth_test()
    assert proxy.asked == ["CONNECT slack.com:443 HTTP/1.1"]
    assert TOKEN.encode() not in proxy.passed
    assert hosts.seen == []


@pytest.mark.parametrize("status", [302, 307, 308])
async def test_slack_leads_nobody_elsewhere(status: int) -> None:
    """A redirect in Slack's place is not followed: neither a token nor a message goes on to another address."""
    seen = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    server = web.ServerRunner(web.Server(answer, access_log=None), shutdown_timeout=0.1)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    here = f"http://127.0.0.1:{server.addresses[0][1]}/api/"
    async with slack_session() as session:
        with pytest.raises((aiohttp.ClientError, SlackApiError)):
            await web_client(TOKEN, session, here).chat_postMessage(channel="D1", text=CANARY)
        with pytest.raises(aiohttp.ClientError):
            await session.post(here + "hook", json={"text": CANARY})
    await server.cleanup()
    assert seen == ["/api/chat.postMessage", "/api/hook"]
