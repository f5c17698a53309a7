"""The two servers behind `/slack/events` that are compared, each in a process of its own.

`python -m tests.bench.ack_server bot` runs the bot's own edge with every listener; `bare` checks the signature and
answers, which is the least that a server can do. For each line on its input it says how much CPU it has used.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from bot.clock import SystemClock
from bot.sandbox.slack import BOT_TOKEN, SIGNING_SECRET
from handlers.slack import Inbound, OneWorkspace, SlackMessenger, build_app, hush, register, slack_session, web_client
from tests.bench.apart import answer
from tests.handlers.slack.stage import FakeService

_NOWHERE = "http://127.0.0.1:1/api/"
"""No request of the load makes the bot call Slack; one that did would fail at once."""


async def bare(request: web.Request) -> web.Response:
    """Check the signature of a request, and acknowledge it."""
    raw = await request.read()
    signed = b"v0:" + request.headers["X-Slack-Request-Timestamp"].encode() + b":" + raw
    found = "v0=" + hmac.new(SIGNING_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return web.Response(status=200 if hmac.compare_digest(found, request.headers["X-Slack-Signature"]) else 401)


@asynccontextmanager
async def serving(kind: str) -> AsyncIterator[int]:
    """Serve `bot` or `bare` on a free port of 127.0.0.1, and yield the port."""
    async with AsyncExitStack() as stack:
        server = web.Application()
        if kind == "bot":
            hush()
            session = await stack.enter_async_context(slack_session())
            app = build_app(BOT_TOKEN, SIGNING_SECRET, session, _NOWHERE)
            messenger = SlackMessenger(
                OneWorkspace(web_client(BOT_TOKEN, session, _NOWHERE, waits=False)), SystemClock()
            )
            stack.push_async_callback(messenger.aclose, 1.0)
            tasks = register(app, FakeService(messenger=messenger), messenger)
            stack.push_async_callback(tasks.aclose, 1.0)
            server.add_routes(Inbound(app, SIGNING_SECRET, SystemClock()).routes())
        else:
            server.add_routes([web.post("/slack/events", bare)])
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield int(runner.addresses[0][1])


async def _run(kind: str) -> None:
    async with serving(kind) as port:
        answer(port=port)
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(None, sys.stdin.readline):
            answer(cpu=time.process_time())


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1]))
