"""A quick pretend Slack in a process of its own: it keeps what it accepted, loses replies, and enforces its limits.

`python -m tests.delivery.pretend_slack` prints its port. /faults sets how it behaves, /figures tells what came.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

LIMITED_FOR = "1"
KEPT = 50
"""Messages of a conversation that its history shows at once."""


class Bucket:
    """So many a second, and as many at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst, self._left, self._at = rate, burst, burst, time.monotonic()

    def take(self) -> bool:
        """Take one; False when there is none."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class PretendSlack:
    """What was accepted, by conversation and by key."""

    def __init__(self) -> None:
        self.dice = random.Random()
        self.faults: dict[str, float] = {}
        self.limits: dict[str, float] = {}
        self.posted: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.keys: Counter[str] = Counter()
        self.figures: Counter[str] = Counter()
        self.workspace: Bucket | None = None
        self.channels: dict[str, Bucket] = {}

    async def behave(self, request: web.Request) -> web.Response:
        """Set faults (a share of posts for each kind), limits (per second) and the seed."""
        asked = await request.json()
        self.faults, self.limits = asked.get("faults", {}), asked.get("limits", {})
        self.dice = random.Random(asked.get("seed"))
        whole = self.limits.get("workspace")
        self.workspace = Bucket(whole, max(1.0, whole)) if whole else None
        return web.json_response({})

    async def tell(self, request: web.Request) -> web.Response:
        """Every key that was accepted, how often, and what else happened."""
        return web.json_response({"keys": self.keys, "figures": self.figures})

    async def post(self, request: web.Request) -> web.StreamResponse:
        """chat.postMessage."""
        form = await read(request)
        channel = str(form["channel"])
        if not self._allowed(channel):
            self.figures["429 for its limits"] += 1
            return limited()
        fault = self._fault()
        if fault == "429":
            self.figures["429 at random"] += 1
            return limited()
        if fault == "500 before":
            self.figures[fault] += 1
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        message = self._accept(channel, form)
        if fault is not None:
            self.figures[fault] += 1
        match fault:
            case "500 after":
                return web.json_response({"ok": False, "error": "internal_error"}, status=500)
            case "reply lost":
                assert request.transport is not None
                request.transport.abort()
            case "reply late":
                await asyncio.sleep(6.0)
        return web.json_response({"ok": True, "channel": channel, "ts": message["ts"], "message": message})

    async def history(self, request: web.Request) -> web.Response:
        """conversations.history, with the metadata when it is asked for."""
        form = await read(request)
        self.figures["look-ups"] += 1
        if self.dice.random() < self.faults.get("history", 0.0):
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        oldest = float(form.get("oldest") or 0)
        shown = [one for one in self.posted[str(form["channel"])] if float(one["ts"]) > oldest]
        return web.json_response({"ok": True, "messages": shown[::-1][:KEPT], "has_more": False})

    async def opened(self, request: web.Request) -> web.Response:
        """conversations.open."""
        return web.json_response({"ok": True, "channel": {"id": f"D{(await read(request))['users']}"}})

    async def user(self, request: web.Request) -> web.Response:
        """users.info."""
        return web.json_response({"ok": True, "user": {"id": (await read(request))["user"], "deleted": False}})

    def _allowed(self, channel: str) -> bool:
        if rate := self.limits.get("channel"):
            bucket = self.channels.setdefault(channel, Bucket(rate, 1.0))
            if not bucket.take():
                return False
        return self.workspace is None or self.workspace.take()

    def _fault(self) -> str | None:
        dice = self.dice.random()
        for kind in ("reply lost", "reply late", "500 after", "500 before", "429"):
            dice -= self.faults.get(kind, 0.0)
            if dice < 0:
                return kind
        return None

    def _accept(self, channel: str, form: dict[str, Any]) -> dict[str, Any]:
        metadata = form["metadata"]
        metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
        message = {"ts": f"{time.time():.6f}", "text": form.get("text", ""), "metadata": metadata}
        self.posted[channel].append(message)
        self.keys[metadata["event_payload"]["key"]] += 1
        self.figures["accepted"] += 1
        return message


async def read(request: web.Request) -> dict[str, Any]:
    """What was asked, in the address, as a form or as JSON."""
    found: dict[str, Any] = await request.json() if request.content_type == "application/json" else {}
    return {**request.query, **found, **await request.post()}


def limited() -> web.Response:
    """Too much at once."""
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": LIMITED_FOR})


async def serve() -> None:
    """Serve until the input ends."""
    slack, app = PretendSlack(), web.Application()
    answers: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
        "/api/chat.postMessage": slack.post,
        "/api/conversations.history": slack.history,
        "/api/conversations.open": slack.opened,
        "/api/users.info": slack.user,
        "/faults": slack.behave,
        "/figures": slack.tell,
    }
    for path, answer in answers.items():
        app.router.add_route("*", path, answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
