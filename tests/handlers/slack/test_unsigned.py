"""Bodies whose signature nobody has checked yet: all of them together stay within one bound, and small ones go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.clock import SystemClock
from handlers.slack.inbound import PATH, Inbound
from handlers.slack.unsigned import Refused, Unsigned

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
Talk = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def listener(unsigned: Unsigned) -> AsyncIterator[int]:
    """A listener that reads each body as the edge of Slack's requests does, and says how long it was."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        assert isinstance(request, web.Request)
        try:
            return web.Response(text=f"{len(await unsigned.read(request, 30.0))} bytes")
        except Refused as refused:
            return web.Response(status=refused.status)

    site = web.Application()
    site.add_routes([web.post("/", handle)])
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def send(port: int, size: int, missing: int = 0) -> Talk:
    """Send a body of which `missing` bytes stay away."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD % size + b"a" * (size - missing))
    await writer.drain()
    return reader, writer


async def status(talk: Talk) -> bytes:
    """The status that is answered."""
    line = await talk[0].readline()
    talk[1].transport.abort()
    return line.split()[1]


async def test_the_largest_are_given_up_and_small_ones_are_read() -> None:
    """Ten that never end, of which three have room; while they are held, small ones come through."""
    async with listener(Unsigned(1_000_000)) as port:
        large = [await send(port, 300_000, missing=1) for _ in range(10)]
        waiting = {asyncio.create_task(status(one)) for one in large}
        given_up: set[asyncio.Task[bytes]] = set()
        while len(given_up) < 7:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            given_up |= done
        assert {one.result() for one in given_up} == {b"503"}
        for _ in range(20):
            assert await status(await send(port, 40_000)) == b"200"
        assert len(waiting) <= 3
        for task in waiting:
            task.cancel()
        for _, writer in large:
            writer.transport.abort()


async def test_what_was_read_or_given_up_is_no_longer_counted() -> None:
    async with listener(Unsigned(500_000)) as port:
        for _ in range(10):
            assert await status(await send(port, 400_000)) == b"200"
            assert await status(await send(port, 600_000)) == b"503"


async def test_one_body_still_has_its_own_bound() -> None:
    async with listener(Unsigned()) as port:
        assert await status(await send(port, 1_000_001)) == b"413"


async def test_the_edge_holds_no_more_than_that_of_bodies_in_slack_s_name() -> None:
    """Twenty of a megabyte less one byte, with a signature that somebody made up: some are told to come later."""
    clock = SystemClock()
    site = web.Application()
    site.add_routes(Inbound(AsyncApp(signing_secret="s", token="xoxb-x"), "s", clock, read_seconds=30.0).routes())
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n"
        f"X-Slack-Request-Timestamp: {int(clock.now().timestamp())}\r\nX-Slack-Signature: v0={'0' * 64}\r\n\r\n"
    ).encode()
    talks = [await asyncio.open_connection("127.0.0.1", runner.addresses[0][1]) for _ in range(20)]
    for _, writer in talks:
        writer.write(head + b"a" * 999_999)
    answers = {asyncio.create_task(reader.readuntil(b"\r\n\r\n")) for reader, _ in talks}
    done, waiting = await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
    told = done.pop().result()
    assert told.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 1\r\n" in told
    for task in waiting:
        task.cancel()
    for _, writer in talks:
        writer.transport.abort()
    await runner.cleanup()
