"""Slack's Socket Mode client with a ticket of its own for every try, and a pause between any two.

The SDK's client tries a spent ticket for ever, and opens the next connection the moment that Slack closes one: without
end where Slack says that there are too many (measured: 4,468 in five seconds).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

import aiohttp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from handlers.slack.tokens import DEAD
from handlers.slack.trouble import SLACK_FAULTS, describe, slack_code

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
"""Seconds before the second try in a row, and at most before any: each pause is twice the one before, and jittered."""

LASTING = 30.0
"""Seconds after which a connection has held: the next one is opened at once."""

_CONNECTING = 15.0


class PacedSocketModeClient(SocketModeClient):
    """One connection that comes back from anything, however often; `clock` measures its pauses."""

    def __init__(
        self,
        app_token: str,
        web_client: AsyncWebClient,
        clock: Clock,
        logger: logging.Logger,
        *,
        ping_seconds: float,
        longest: float = LONGEST_PAUSE,
    ) -> None:
        # What the SDK logs quotes payloads: it goes to the logger that quiet.py covers.
        super().__init__(app_token, web_client=web_client, ping_interval=ping_seconds, logger=logger)
        self.proxy = web_client.proxy
        self._clock = clock
        self._longest = longest
        self._tries = 0
        self._connected_at: float | None = None

    async def issue_new_wss_url(self) -> str:
        """Return a new ticket, however long that takes; before it the pause that is due."""
        while True:
            await self._pause()
            try:
                opened = await self.web_client.apps_connections_open(app_token=self.app_token)
                return str(opened["url"])
            except SLACK_FAULTS as error:
                log.warning("Socket Mode is not connected: %s", describe(error))
                if slack_code(error) in DEAD:
                    self._tries += 4  # an administrator has to do something: no hurry

    async def connect(self) -> None:
        """Connect, with a new ticket after each try that failed."""
        while not self.closed:
            try:
                await self._connect()
            except Exception as error:
                log.warning("Socket Mode is not connected: %s", describe(error))
                self.wss_uri = None
            else:
                return

    async def leave(self) -> None:
        """Close the connection, and open no other."""
        close: Callable[[], Awaitable[None]] = self.close
        await close()

    async def _connect(self) -> None:
        """As the SDK does it once: the old session goes first, the new one is watched and read by tasks of its own."""
        self.auto_reconnect_enabled = False
        if self.current_session is not None:
            await self.current_session.close()
        if self.aiohttp_client_session.closed:
            self.aiohttp_client_session = aiohttp.ClientSession()
        ticket, self.wss_uri = self.wss_uri or await self.issue_new_wss_url(), None
        async with asyncio.timeout(_CONNECTING):
            session = await self.aiohttp_client_session.ws_connect(
                ticket, autoping=False, heartbeat=self.ping_interval, proxy=self.proxy, ssl=self.web_client.ssl or True
            )
        self.current_session, self._connected_at = session, self._clock.monotonic()
        self.auto_reconnect_enabled = self.default_auto_reconnect_enabled
        self.stale, self.last_ping_pong_time = False, None
        for task in (self.current_session_monitor, self.message_receiver):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        self.current_session_monitor = asyncio.ensure_future(self.monitor_current_session())
        self.message_receiver = asyncio.ensure_future(self.receive_messages())

    async def _pause(self) -> None:
        held = self._connected_at is not None and self._clock.monotonic() - self._connected_at >= LASTING
        self._connected_at = None
        if held:
            self._tries = 0
        if self._tries:
            longest = min(self._longest, FIRST_PAUSE * 2.0 ** min(self._tries - 1, 16))
            await self._clock.sleep(longest * random.uniform(0.5, 1.0))  # noqa: S311 - only spreads replicas
        self._tries += 1
