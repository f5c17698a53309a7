"""A request that takes longer than it may: whoever sent it reads why, and nothing keeps the answer."""

from __future__ import annotations

import asyncio

from aiohttp import ClientSession, web

from bot.front import too_late
from bot.listening import Limits, listening
from bot.web import guard
from bot.words.edge import TOO_LATE


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
