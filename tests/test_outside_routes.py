"""What is answered outside the routes, to a request that took too long and to what is none: our words, our headers."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession, web

from bot.front import broken, too_late
from bot.listening import Limits, listening
from bot.web import guard
from bot.words.edge import TOO_LATE, TROUBLE, UNREADABLE


async def test_the_answer_to_what_took_too_long_has_words_and_the_headers_of_the_page() -> None:
    async def never(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    routes, limits = [web.get("/p/x", never)], Limits(request_seconds=0.1)
    async with (
        listening("127.0.0.1", 0, routes, limits=limits, dress=guard, late=too_late) as port,
        ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/p/x") as answer,
    ):
        assert (answer.status, (await answer.text()).strip()) == (408, TOO_LATE)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "line",
    [
        b"GET /healthz HTTP/9.9",
        b"\x16\x03\x01\x02\x00",
        b"GET /p/canary-7c1f\x00 HTTP/1.1",
        b"POST / HTTP/1.1\r\nContent-Length: canary-7c1f",
    ],
)
async def test_what_is_no_request_is_answered_without_our_libraries_names_or_its_own_words(line: bytes) -> None:
    async with listening("127.0.0.1", 0, [], dress=guard, broken=broken) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(line + b"\r\nHost: x\r\n\r\n")
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()
    assert head.startswith(b"HTTP/1.1 400 ") or head.startswith(b"HTTP/1.0 400 ")
    assert body.decode().strip() == UNREADABLE
    for named in (b"aiohttp", b"Python", b"canary"):
        assert named not in head + body
    for ours in (b"no-store", b"nosniff", b"default-src 'none'"):
        assert ours in head


async def test_a_fault_that_nobody_foresaw_is_answered_with_our_words_too() -> None:
    async def breaks(request: web.Request) -> web.Response:
        raise RuntimeError("canary-7c1f")

    async with (
        listening("127.0.0.1", 0, [web.get("/x", breaks)], dress=guard, broken=broken) as port,
        ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/x") as answer,
    ):
        assert (answer.status, (await answer.text()).strip()) == (500, TROUBLE)
        assert "aiohttp" not in str(answer.headers)
        assert answer.headers["Cache-Control"] == "no-store"
