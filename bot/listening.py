"""Where the bot listens: its limits, so that nobody who sends slowly, much or for ever keeps others from an answer.

aiohttp bounds the size of headers, and when a connection may be reused; it does not bound how long headers may take to
arrive (it closes an idle connection only after an hour, which a load balancer before it relies on). So each connection
has a doorkeeper: from the first byte of a request until its headers are read, a clock runs.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection, and all of them, may take; times in seconds, sizes in bytes."""

    header_seconds: float = 10.0
    request_seconds: float = 60.0
    idle_seconds: float = 75.0
    lingering_seconds: float = 2.0
    header_bytes: int = 8190
    headers: int = 64
    body_bytes: int = 1_000_000
    connections: int = 1000


DEFAULT = Limits()
"""Slack waits 3 s for an answer and sends some 20 headers; load balancers keep idle connections for 60 s."""


class Doors:
    """The open connections of one listener."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self.limits = limits
        self.kept: dict[asyncio.BaseTransport, Doorkeeper] = {}

    def protocol(self, make: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        """Return what makes the protocol of a connection: the one that `make` makes, behind a doorkeeper."""
        return lambda: Doorkeeper(self, make())

    @property
    def middleware(self) -> Middleware:
        """What tells a doorkeeper that the headers were read, and bounds what comes after them."""

        @web.middleware
        async def within(request: web.Request, handler: Handler) -> web.StreamResponse:
            keeper = self.kept.get(request.transport) if request.transport is not None else None
            if keeper is not None:
                keeper.busy(1)
            try:
                async with asyncio.timeout(self.limits.request_seconds) as limit:
                    return await handler(request)
            except TimeoutError:
                if not limit.expired():
                    raise
                return web.Response(status=408)
            finally:
                if keeper is not None:
                    keeper.busy(-1)

        return within


class Doorkeeper(asyncio.Protocol):
    """One connection: hands everything on, and closes where the headers of a request take too long."""

    def __init__(self, doors: Doors, inner: asyncio.Protocol) -> None:
        self._doors = doors
        self._inner = inner
        self._transport: asyncio.Transport | None = None
        self._handling = 0
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, unless there are too many."""
        if not isinstance(transport, asyncio.Transport) or len(self._doors.kept) >= self._doors.limits.connections:
            log.warning("too_many_connections")
            if isinstance(transport, asyncio.Transport):
                transport.abort()
            return
        self._transport = transport
        self._doors.kept[transport] = self
        self._inner.connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Hand the bytes on; the first of a new request start its clock."""
        if self._transport is not None:
            if not self._handling:
                self._expect()
            self._inner.data_received(data)

    def busy(self, change: int) -> None:
        """Note that a request's headers were read (1), or that it was answered (-1)."""
        self._handling += change
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _expect(self) -> None:
        if self._late is None:
            seconds = self._doors.limits.header_seconds
            self._late = asyncio.get_running_loop().call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        self._late = None
        if self._transport is not None and not self._handling:
            log.info("connection_too_slow")
            self._transport.abort()

    def eof_received(self) -> bool | None:
        """Hand it on."""
        return self._inner.eof_received() if self._transport is not None else None

    def pause_writing(self) -> None:
        """Hand it on."""
        if self._transport is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Hand it on."""
        if self._transport is not None:
            self._inner.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        """Hand it on, and forget the connection."""
        if self._late is not None:
            self._late.cancel()
        if self._transport is not None:
            del self._doors.kept[self._transport]
            self._transport = None
            self._inner.connection_lost(error)


@asynccontextmanager
async def listening(
    host: str,
    port: int,
    routes: Sequence[web.AbstractRouteDef],
    *,
    tls: ssl.SSLContext | None = None,
    middlewares: Sequence[Middleware] = (),
    limits: Limits = DEFAULT,
    dress: Callable[[web.Application], object] | None = None,
) -> AsyncIterator[int]:
    """Answer these routes for as long as this is entered, over TLS with `tls`; yields the port. Raises OSError.

    `dress` may add to the site, before it answers, what every answer of it is to wear.
    """
    doors = Doors(limits)
    site = web.Application(client_max_size=limits.body_bytes, middlewares=[doors.middleware, *middlewares])
    site.add_routes(routes)
    if dress is not None:
        dress(site)
    site.on_response_prepare.append(_unnamed)
    # No access log: its lines hold addresses, and a load balancer has one already.
    runner = web.AppRunner(
        site,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=5.0,
        keepalive_timeout=limits.idle_seconds,
        lingering_time=limits.lingering_seconds,
        max_line_size=limits.header_bytes,
        max_field_size=limits.header_bytes,
        max_headers=limits.headers,
    )
    await runner.setup()
    opened: asyncio.Server | None = None
    try:
        if runner.server is None:
            raise RuntimeError("the runner was set up and has no server")
        opened = await asyncio.get_running_loop().create_server(
            doors.protocol(runner.server),
            host,
            port,
            backlog=128,
            ssl=tls,
            ssl_handshake_timeout=limits.header_seconds if tls is not None else None,
        )
        yield int(opened.sockets[0].getsockname()[1])
    finally:
        if opened is not None:
            opened.close()
        await runner.cleanup()


async def _unnamed(request: web.Request, response: web.StreamResponse) -> None:
    """Leave out which server in which version answers: nobody needs it but who looks for its flaws."""
    with suppress(KeyError):
        del response.headers["Server"]
