"""Socket Mode: the same listeners, for a firm without an address that Slack can reach.

Slack has already authenticated what comes down this socket, so there is no signature to check. A repeat of an
envelope is acknowledged and not acted upon, as over HTTP: at another replica and after a restart too.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from handlers.slack.inbound import as_typed
from handlers.slack.repeats import PATIENCE, Repeats, Seen, Shared, not_taken
from handlers.slack.socket_client import LONGEST_PAUSE, PacedSocketModeClient
from handlers.slack.tokens import TokenRefused
from handlers.slack.trouble import SLACK_FAULTS, describe, slack_code

log = logging.getLogger(__name__)

BAD_TOKEN = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "not_allowed_token_type"})


class Socket:
    """One supervised Socket Mode connection; use it as an async context manager.

    `shared` knows what other replicas took, for at most `patience` seconds. `ping_seconds` bounds how long a dead
    connection goes unnoticed (four of them, by the SDK).
    """

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        clock: Clock,
        shared: Shared | None = None,
        *,
        patience: float = PATIENCE,
        ping_seconds: float = 10.0,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._app = app
        self._socket = PacedSocketModeClient(
            app_token, client, clock, app.logger, ping_seconds=ping_seconds, longest=longest_pause
        )
        self._socket.socket_mode_request_listeners.append(self._once)
        self._clock = clock
        self._repeats = Repeats(clock, shared, patience, "envelope")
        self._app_token = app_token
        self._client = client
        self._running: asyncio.Task[None] | None = None

    async def _once(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Acknowledge a repeated envelope; hand a new one to the listeners.

        A form that may have come before is sent back with words. One without a field for them is not acknowledged:
        Slack then says itself that it was not taken.
        """
        body: Mapping[str, Any] = req.payload
        seen = await self._repeats.seen(req.envelope_id, body)
        if seen is Seen.REPEATED:
            log.info("a repeated envelope was acknowledged and not acted upon")
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        if seen is Seen.UNKNOWN and body.get("type") == "view_submission":
            log.warning("a form was not taken: it cannot be told whether it came before")
            if (refusal := not_taken(body)) is not None:
                await client.send_socket_mode_response(SocketModeResponse(req.envelope_id, refusal))
            return
        req.payload = as_typed(dict(body))
        await send_async_response(self._socket, req, await run_async_bolt_app(self._app, req), self._clock.monotonic())

    async def __aenter__(self) -> Self:
        """Connect.

        Raises TokenRefused for a token that Slack does not take: the SDK would try it again for ever. Anything else,
        such as no network, is waited out in the background.
        """
        try:
            opened = await self._client.apps_connections_open(app_token=self._app_token)
            self._socket.wss_uri = str(opened["url"])
        except SLACK_FAULTS as error:
            if slack_code(error) in BAD_TOKEN:
                await self.aclose()
                raise TokenRefused from None
            log.warning("Socket Mode is not connected yet: %s", describe(error))
        self._running = asyncio.create_task(self._socket.connect(), name="socket mode")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def connected(self) -> bool:
        """Tell whether Slack can reach us now, for /readyz."""
        return bool(await self._socket.is_connected())

    async def aclose(self) -> None:
        """Leave: no new connection is made, the tasks of the SDK are awaited."""
        client = self._socket
        if self._running is not None:
            self._running.cancel()
        await client.leave()
        tasks = (self._running, client.message_processor, client.current_session_monitor, client.message_receiver)
        for task in tasks:
            if task is not None:
                with contextlib.suppress(asyncio.CancelledError, *SLACK_FAULTS):
                    await task
