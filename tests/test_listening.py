"""Where the bot listens: who sends slowly, much, for ever or nonsense is cut off, and others are answered meanwhile.

Raw sockets, because no client would send such requests. The limits are shortened; nothing here measures time: what is
waited for is that the other side closes, and the test's own time limit is the only other end.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.clock import SystemClock
from bot.listening import DEFAULT, Limits, listening
from bot.sandbox.authority import Authority
from handlers.slack.inbound import Inbound
from handlers.slack.quiet import hush, unhush
from tests.handlers.slack.stage import Everything

SHORT = Limits(handshake_seconds=0.8, header_seconds=0.8, request_seconds=1.5, lingering_seconds=0.2, idle_seconds=5.0)
CANARY = "canary-7c1f"
NAMES = (CANARY, CANARY.upper(), CANARY.title())


@pytest.fixture
def log() -> object:
    """Everything that is logged, at DEBUG, as the service hears it."""
    heard, root = Everything(), logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    hush()
    yield heard
    unhush()
    root.removeHandler(heard)
    root.setLevel(level)


@asynccontextmanager
async def listener(limits: Limits = SHORT, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Answer /healthz and the edge of Slack's requests; yields the port."""

    async def alive(request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def reads(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    app = AsyncApp(signing_secret="secret", token="xoxb-x")
    inbound = Inbound(app, "secret", SystemClock(), read_seconds=0.3)
    routes = [web.get("/healthz", alive), web.post("/reads", reads), *inbound.routes()]
    async with listening("127.0.0.1", 0, routes, tls=tls, limits=limits) as port:
        yield port


async def healthy(port: int) -> None:
    """See that others are answered."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok")
        assert "Server" not in answer.headers


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    """Return what was answered before the connection was closed."""
    answered = b""
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            answered += piece
    return answered


async def drip(port: int, start: bytes, piece: bytes) -> bytes:
    """Send `start`, then `piece` again and again until the other side closes; return what it answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def drop_by_drop() -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drop_by_drop())
    answered = await until_closed(reader)
    dripping.cancel()
    await asyncio.gather(dripping, return_exceptions=True)
    writer.transport.abort()
    return answered


HEAD = "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SIGNED = "X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0=" + "0" * 64 + "\r\n"


def signed_head() -> str:
    """Headers that only the body's signature can refute, so that the body is read."""
    return HEAD + SIGNED.format(now=int(SystemClock().now().timestamp()))


SLOW: list[tuple[str, Callable[[], bytes], bytes, bytes]] = [
    ("nothing at all", lambda: b"", b"", b""),
    ("a request line", lambda: b"GET /healthz", b"x", b""),
    ("headers", HEAD.encode, b"X-A: b\r\n", b""),
    ("one header", lambda: HEAD.encode() + b"X-A: ", b"b", b""),
    ("a body", lambda: signed_head().encode() + b"Content-Length: 900000\r\n\r\n", b"a", b" 408 "),
    (
        "chunks without end",
        lambda: signed_head().encode() + b"Transfer-Encoding: chunked\r\n\r\n",
        b"1\r\na\r\n",
        b" 408 ",
    ),
    ("a body that nobody asked for", lambda: HEAD.encode() + b"Content-Length: 900000\r\n\r\n", b"a", b" 401 "),
    (
        "another route's body",
        lambda: b"POST /reads HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n",
        b"a",
        b" 408 ",
    ),
]


@pytest.mark.parametrize(("what", "start", "piece", "answer"), SLOW, ids=[one[0] for one in SLOW])
async def test_who_drips_is_cut_off_while_others_are_answered(
    log: Everything, what: str, start: Callable[[], bytes], piece: bytes, answer: bytes
) -> None:
    async with listener() as port:
        drops = [asyncio.create_task(drip(port, start(), piece)) for _ in range(20)]
        await healthy(port)
        answered = await asyncio.gather(*drops)
        await healthy(port)
    assert all(answer in one for one in answered), answered[0]


async def test_the_second_request_of_a_connection_has_the_same_clock() -> None:
    async with listener() as port:
        answered = await drip(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /heal", b"x")
        assert answered.count(b"HTTP/1.1 200") == 1


async def test_who_waits_between_two_requests_is_not_cut_off() -> None:
    """A load balancer keeps its connections; only a request that began has to arrive."""
    async with listener() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200" in await reader.readuntil(b"ok")
            await asyncio.sleep(1.2)
        writer.close()
        await writer.wait_closed()


async def test_fast_chunks_without_end_stop_at_the_limit() -> None:
    start = signed_head().encode() + b"Transfer-Encoding: chunked\r\n\r\n"
    async with listener() as port:
        answered = await drip(port, start, b"40000\r\n" + b"a" * 0x40000 + b"\r\n")
        assert b" 413 " in answered
        await healthy(port)


async def test_there_are_only_so_many_connections() -> None:
    async with listener(replace(SHORT, connections=5, header_seconds=5.0)) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
        for _, writer in held:
            writer.write(b"GET /heal")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await until_closed(reader) == b""
        writer.transport.abort()
        for _, one in held:
            one.transport.abort()
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            while True:
                try:
                    await healthy(port)
                except aiohttp.ClientError:
                    continue
                break


async def test_a_handshake_that_never_comes_is_cut_off(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = authority.context("localhost")
    async with listener(tls=context) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x16\x03")
        assert await until_closed(reader) == b""
        writer.transport.abort()


WRONG = [
    ("path", f"GET /{CANARY} HTTP/1.1\r\nHost: x\r\n\r\n", b" 404 "),
    ("query", f"GET /healthz/{CANARY}?token={CANARY} HTTP/1.1\r\nHost: x\r\n\r\n", b" 404 "),
    ("wrong method", f"DELETE /slack/events?{CANARY} HTTP/1.1\r\nHost: x\r\n\r\n", b" 405 "),
    ("get", f"GET /slack/events?{CANARY} HTTP/1.1\r\nHost: x\r\n\r\n", b" 405 "),
    ("own method", f"{CANARY.upper()} /slack/events HTTP/1.1\r\nHost: x\r\n\r\n", b" 40"),
    ("trace", f"TRACE /slack/events HTTP/1.1\r\nHost: x\r\nX-A: {CANARY}\r\n\r\n", b" 405 "),
    ("connect", f"CONNECT {CANARY}:443 HTTP/1.1\r\nHost: x\r\n\r\n", b" 40"),
    ("header", HEAD + f"X-Slack-Signature: {CANARY}\r\nContent-Length: 0\r\n\r\n", b" 401 "),
    ("body", HEAD + f"Content-Length: {len(CANARY)}\r\n\r\n{CANARY}", b" 401 "),
    ("broken line", f"GET {CANARY}\r\n\r\n", b" 400 "),
    ("no protocol", f"{CANARY}\x00\x01\r\n\r\n", b" 400 "),
    ("broken header", f"GET /healthz HTTP/1.1\r\nHost: x\r\n{CANARY}\r\n\r\n", b" 400 "),
    ("nul", f"GET /healthz HTTP/1.1\r\nHost: x\r\nX: {CANARY}\x00\r\n\r\n", b" 400 "),
    ("two lengths", HEAD + f"Content-Length: 1\r\nContent-Length: 2\r\nX: {CANARY}\r\n\r\n", b" 400 "),
    ("length and chunks", HEAD + f"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n{CANARY}", b" 400 "),
    ("broken chunk", HEAD + f"Transfer-Encoding: chunked\r\n\r\n{CANARY}\r\n", b" 400 "),
    ("long line", f"GET /{CANARY * 1000} HTTP/1.1\r\nHost: x\r\n\r\n", b" 400 "),
    ("long header", f"GET /healthz HTTP/1.1\r\nHost: x\r\nX: {CANARY * 1000}\r\n\r\n", b" 400 "),
    ("many headers", "GET /healthz HTTP/1.1\r\nHost: x\r\n" + f"X: {CANARY}\r\n" * 100 + "\r\n", b" 400 "),
    ("too large", HEAD + f"Content-Length: 99999999\r\n\r\n{CANARY}", b" 401 "),
    ("endless length", HEAD + f"Content-Length: {'9' * 400}\r\n\r\n{CANARY}", b" 40"),
]


@pytest.mark.parametrize(("what", "sent", "answer"), WRONG, ids=[one[0] for one in WRONG])
async def test_what_is_wrong_is_refused_and_nothing_of_it_is_kept_anywhere(
    log: Everything, capfd: pytest.CaptureFixture[str], what: str, sent: str, answer: bytes
) -> None:
    """Neither in the log at DEBUG nor on the two streams, nor said back to whoever sent it."""
    async with listener() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent.encode("latin-1"))
        answered = await reader.read(65_536)
        writer.transport.abort()
        await healthy(port)
    assert answer in answered, answered
    # What cannot be parsed is answered by aiohttp itself, which names the fault; a request that could is not said back.
    assert answer == b" 400 " or CANARY.encode() not in answered
    assert log.said(*NAMES) == []
    assert CANARY not in "".join(capfd.readouterr())


def test_the_limits_of_the_service_leave_slack_and_balancers_room() -> None:
    assert DEFAULT.header_seconds >= 5
    assert DEFAULT.request_seconds > DEFAULT.header_seconds
    assert DEFAULT.idle_seconds > 60, "a load balancer's own"
    assert DEFAULT.headers >= 40
