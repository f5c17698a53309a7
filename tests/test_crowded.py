"""A listener whose places are all taken: who is quiet makes room, who has a request under way stays."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.listening import Limits, listening
from bot.listening.descriptors import KEPT_BACK, connections_of
from bot.sandbox.authority import Authority
from tests.test_listening import healthy, listener, until_closed

FEW = Limits(connections=3, lingering_seconds=0.2)
ASKED = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
Talk = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def idle(port: int) -> Talk:
    """A connection that was answered, and is kept for the next request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ASKED)
    await reader.readuntil(b"ok")
    return reader, writer


async def test_the_connection_that_was_idle_longest_makes_room() -> None:
    async with listener(FEW) as port:
        held = [await idle(port) for _ in range(3)]
        held[0][1].write(ASKED)  # no longer the one that was idle longest
        await held[0][0].readuntil(b"ok")
        await healthy(port)
        assert await until_closed(held[1][0]) == b""
        for reader, writer in (held[0], held[2]):
            writer.write(ASKED)
            assert await reader.readuntil(b"ok")
            writer.transport.abort()
        held[1][1].transport.abort()


async def test_half_sent_headers_lock_nobody_out() -> None:
    """Twelve hundred of them from one address, among places for sixty: each newcomer is answered all the same."""
    async with listener(Limits(connections=60, lingering_seconds=0.2)) as port:
        held: list[Talk] = []
        for number in range(1_200):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slow")
            held.append((reader, writer))
            if number % 200 == 199:
                await healthy(port)
        await healthy(port)
        for _, writer in held:
            writer.transport.abort()


@asynccontextmanager
async def waiting(limits: Limits) -> AsyncIterator[tuple[int, asyncio.Semaphore, asyncio.Event]]:
    """A listener whose /wait answers once it may; yields its port, who has come, and what lets it answer."""
    came, may = asyncio.Semaphore(0), asyncio.Event()

    async def wait(request: web.Request) -> web.Response:
        came.release()
        await may.wait()
        return web.Response(text="waited")

    async def alive(request: web.Request) -> web.Response:
        return web.Response(text="ok")

    routes = [web.get("/wait", wait), web.get("/healthz", alive)]
    async with listening("127.0.0.1", 0, routes, limits=limits) as port:
        yield port, came, may
        may.set()


async def test_a_request_that_is_under_way_is_never_cut_off() -> None:
    async with waiting(FEW) as (port, came, may):
        busy = []
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
            await came.acquire()
            busy.append((reader, writer))
        refused, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await until_closed(refused) == b""
        writer.transport.abort()
        may.set()
        for reader, _ in busy:
            assert await reader.readuntil(b"waited")
        await healthy(port)
        for _, writer in busy:
            writer.transport.abort()


async def test_silent_connections_make_room_and_so_do_handshakes_that_never_come(tmp_path: Path) -> None:
    """Thirty of them, of which as many are held as there are places: in clear, and before TLS is spoken."""
    for tls in (None, Authority(tmp_path).context("localhost")):
        async with listener(FEW, tls=tls) as port:
            silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(30)]
            for reader, writer in silent[:27]:
                assert await until_closed(reader) == b""
                writer.transport.abort()
            assert not any(reader.at_eof() for reader, _ in silent[27:])
            for _, writer in silent:
                writer.transport.abort()


async def test_over_tls_others_are_answered_among_silent_connections(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    trusted = ssl.create_default_context(cafile=str(authority.ca_file))
    async with listener(FEW, tls=authority.context("localhost")) as port:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(10)]
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusted, server_hostname="localhost")
            writer.write(ASKED)
            assert await reader.readuntil(b"ok")
            writer.transport.abort()
        for _, writer in silent:
            writer.transport.abort()


def limits_after(before: str, call: str) -> list[str]:
    """The limits of a process of its own, after `before` was set and `call` was made."""
    program = (
        "import resource as r; from bot.listening.descriptors import *; hard = r.getrlimit(r.RLIMIT_NOFILE)[1];"
        f"r.setrlimit(r.RLIMIT_NOFILE, {before}); {call}; print(*r.getrlimit(r.RLIMIT_NOFILE), connections_of(1000))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize(
    ("before", "call", "after"),
    [
        ("(300, 2000)", "raise_limit()", ["2000", "2000", "1000"]),
        ("(300, 2000)", "raise_limit(400)", ["400", "2000", "200"]),
        ("(1024, 1024)", "raise_limit()", ["1024", "1024", str(1024 - KEPT_BACK)]),
        ("(1500, 2000)", "raise_limit(400)", ["1500", "2000", "1000"]),
    ],
)
def test_the_limit_of_open_files_is_raised_as_far_as_it_goes_and_some_are_kept_back(
    before: str, call: str, after: list[str]
) -> None:
    assert limits_after(before, call) == after


def test_visitors_never_get_more_places_than_are_meant_for_them() -> None:
    assert connections_of(5) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_the_service_raises_the_limit_when_it_starts() -> None:
    """Before anything else of it: here a missing setting ends the start."""
    program = (
        "import resource as r, click; from bot.commands.run import run_service\n"
        "r.setrlimit(r.RLIMIT_NOFILE, (300, 2000))\n"
        "try: run_service()\n"
        "except click.UsageError as why: print(r.getrlimit(r.RLIMIT_NOFILE)[0], why)"
    )
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "LINK_ECF_TLS_CERT": __file__}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=given)
    assert done.stdout.startswith("2000 LINK_ECF_TLS_KEY is not set")
