"""How the pretend Slack reaches the bot: signed requests over HTTP, or envelopes down the bot's own websocket."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack_socket import SocketMode
from bot.sandbox.slack_state import Json


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answered: an HTTP status (200 for a socket's acknowledgement), the body, and how long it took."""

    status: int
    text: str
    seconds: float

    @property
    def body(self) -> Json:
        """The answer as an object; empty where nothing was said."""
        return dict(json.loads(self.text)) if self.text.startswith("{") else {}


class Wire:
    """The way to one bot; over HTTP once `events_url` is set."""

    def __init__(self, signing_secret: str, socket: SocketMode, unix: Callable[[], float] = time.time) -> None:
        self.signing_secret = signing_secret
        self.unix = unix
        self.events_url = ""
        self.trust: ssl.SSLContext | None = None
        """Whose certificates are believed; without it those that this machine believes."""
        self._socket = socket
        self._session: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def send(self, kind: str, payload: Json) -> Reply:
        """Send one payload of Slack's, in the shape that its way asks for."""
        if not self.events_url:
            started = time.perf_counter()
            answer = await self._socket.send(kind, payload)
            return Reply(200, json.dumps(answer) if answer else "", time.perf_counter() - started)
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        return await self.post(urlencode(fields).encode())

    async def post(
        self,
        body: bytes,
        *,
        content_type: str = "application/x-www-form-urlencoded",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send these very bytes, signed now unless `headers` carry another signature (or, empty, none)."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        signed = self.signed(body) if headers is None else dict(headers)
        started = time.perf_counter()
        async with self._session.post(
            self.events_url, data=body, headers={"Content-Type": content_type, **signed}, ssl=self.trust or True
        ) as answer:
            text = await answer.text()
            return Reply(answer.status, text, time.perf_counter() - started)

    def signed(self, body: bytes, at: float | None = None, secret: str = "") -> dict[str, str]:
        """Return the two headers that Slack signs `body` with, at the Unix time `at` (now)."""
        timestamp = str(int(self.unix() if at is None else at))
        key = (secret or self.signing_secret).encode()
        digest = hmac.new(key, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
