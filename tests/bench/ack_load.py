"""The load on `/slack/events`, in a process of its own: signed requests made beforehand, sent down kept connections.

Reads one object a line (`port connections count kind rate`) and answers with seconds, percentiles and what was refused.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Iterator
from itertools import count as counted
from statistics import quantiles
from urllib.parse import urlencode

from bot.sandbox.slack import SIGNING_SECRET, TEAM
from tests.bench.apart import answer

_numbers = counted()
_SET_UP = 0.05
"""Seconds for the connections, before the first request of a load that has a rate."""


def command(number: int) -> dict[str, str]:
    """Return `/link-ecf status` as Slack sends it, told apart by its trigger."""
    return {
        "team_id": TEAM,
        "team_domain": "pretend",
        "channel_id": "C0GENERAL",
        "channel_name": "general",
        "user_id": "U0ANNA",
        "user_name": "anna",
        "command": "/link-ecf",
        "text": "status",
        "api_app_id": "A0PRETEND",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:1/response/1",
        "trigger_id": f"{number}.1.bench",
    }


def type_ahead(number: int) -> dict[str, str]:
    """Return a letter typed into the court field, as Slack sends it."""
    payload = {
        "type": "block_suggestion",
        "team": {"id": TEAM, "domain": "pretend"},
        "user": {"id": "U0ANNA", "name": "anna", "team_id": TEAM},
        "api_app_id": "A0PRETEND",
        "container": {"type": "view", "view_id": f"V{number}"},
        "action_id": "court",
        "block_id": "court",
        "value": "southern geor",
        "view": {"id": f"V{number}", "team_id": TEAM, "type": "modal", "callback_id": "link_form"},
    }
    return {"payload": json.dumps(payload)}


KINDS = {"command": command, "type-ahead": type_ahead}


def signed(fields: dict[str, str]) -> bytes:
    """Return a whole HTTP request, signed now."""
    body = urlencode(fields).encode()
    timestamp = str(int(time.time()))
    signature = hmac.new(SIGNING_SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {timestamp}\r\nX-Slack-Signature: v0={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection(asyncio.Protocol):
    """Sends its next request when the last one is answered and its moment has come; keeps each answer's seconds.

    They count from that moment, so a request that had to wait for the one before it is as slow as its sender sees it.
    """

    def __init__(self, requests: Iterator[tuple[float, bytes]], taken: list[float], refused: list[int]) -> None:
        self._requests = requests
        self._taken = taken
        self._refused = refused
        self._heard = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first one."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take an answer, whole or in pieces."""
        self._heard += data
        head, found, body = self._heard.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._taken.append(time.perf_counter() - self._begun)
        if not head.startswith(b"HTTP/1.1 200"):
            self._refused.append(int(head[9:12]))
        self._heard = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        """Count a connection that the server closed too early as a refusal."""
        if not self.done.done():
            self._refused.append(0)
            self.done.set_result(None)

    def _next(self) -> None:
        moment, request = next(self._requests, (0.0, b""))
        if not request:
            self.done.set_result(None)
            self._transport.close()
        elif moment > time.perf_counter():
            asyncio.get_running_loop().call_later(moment - time.perf_counter(), self._send, moment, request)
        else:
            self._send(moment or time.perf_counter(), request)

    def _send(self, moment: float, request: bytes) -> None:
        self._begun = moment
        self._transport.write(request)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def load(port: int, connections: int, count: int, kind: str, rate: float = 0.0) -> dict[str, float]:
    """Send `count` requests over `connections` connections; returns seconds, p50, p99 and the number refused.

    `rate` requests a second, whatever the answers take; 0 sends each when the one before it is answered.
    """
    make = KINDS[kind]
    bodies = [signed(make(next(_numbers))) for _ in range(count)]
    start = time.perf_counter() + _SET_UP
    waiting = iter([(start + place / rate if rate else 0.0, body) for place, body in enumerate(bodies)])
    taken: list[float] = []
    refused: list[int] = []
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    opened = [
        await loop.create_connection(lambda: Connection(waiting, taken, refused), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(connection.done for _, connection in opened))
    seconds = time.perf_counter() - begun
    parts = quantiles(taken, n=100) if len(taken) > 1 else taken * 99
    return {"seconds": seconds, "p50": parts[49], "p99": parts[98], "refused": len(refused)}


def main() -> None:
    """Do as each line asks."""
    for line in sys.stdin:
        answer(**asyncio.run(load(**json.loads(line))))


if __name__ == "__main__":
    main()
