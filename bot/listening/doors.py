"""A doorkeeper for each connection: counts it from its first moment, and sees that it comes to the point.

aiohttp bounds the size of headers, and when a connection may be reused; it does not bound how long headers may take to
arrive (it closes an idle connection only after an hour, which a load balancer before it relies on). So from the first
byte of a request until its headers are read, a clock runs. The TLS handshake is begun here, because asyncio tells
nobody of a connection before its handshake is over, and those would be as many as anybody likes.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.listening.descriptors import connections_of
from bot.listening.limits import Limits

log = structlog.get_logger(__name__)


class Doors:
    """The open connections of one listener, those in their handshake included; `make` makes what serves one."""

    def __init__(self, limits: Limits, make: Callable[[], web.RequestHandler], tls: ssl.SSLContext | None) -> None:
        self.late: Callable[[], web.Response] = lambda: web.Response(status=408)
        self.limits = limits
        self.make = make
        self.tls = tls
        self.serving: dict[asyncio.BaseTransport, Doorkeeper] = {}
        # In the order in which they fell quiet: no request has begun on any of them.
        self.quiet: dict[Doorkeeper, None] = {}
        # In the order in which they began: headers that are not whole yet.
        self.unfinished: dict[Doorkeeper, None] = {}
        self._inside: set[Doorkeeper] = set()
        self._most = connections_of(limits.connections)

    def protocol(self) -> asyncio.Protocol:
        """Return the doorkeeper of a new connection."""
        return Doorkeeper(self)

    def enter(self, keeper: Doorkeeper) -> bool:
        """Count a connection in; where all places are taken, the one that has been quiet longest loses its own.

        After those, the one whose headers have been unfinished longest: half-sent ones cannot lock anybody out. False
        when a whole request is under way on each of them.
        """
        if len(self._inside) >= self._most:
            oldest = next(iter(self.quiet), None) or next(iter(self.unfinished), None)
            if oldest is None:
                log.warning("too_many_connections")
                return False
            self.leave(oldest)
            oldest.send_off()
        self._inside.add(keeper)
        self.quiet[keeper] = None
        return True

    def leave(self, keeper: Doorkeeper) -> None:
        """Count a connection out; more than once does no harm."""
        self._inside.discard(keeper)
        self.quiet.pop(keeper, None)
        self.unfinished.pop(keeper, None)

    def fall_quiet(self, keeper: Doorkeeper) -> None:
        """Note that nothing is under way on a connection, from now on."""
        if keeper in self._inside:
            self.quiet[keeper] = None

    def close(self) -> None:
        """End the handshakes that are under way: who serves the others ends those."""
        for keeper in list(self._inside):
            keeper.end_handshake()

    @property
    def middleware(self) -> Middleware:
        """What tells a doorkeeper that the headers were read, and bounds what comes after them."""

        @web.middleware
        async def within(request: web.Request, handler: Handler) -> web.StreamResponse:
            keeper = self.serving.get(request.transport) if request.transport is not None else None
            if keeper is not None:
                keeper.busy(1)
            try:
                async with asyncio.timeout(self.limits.request_seconds) as limit:
                    return await handler(request)
            except TimeoutError:
                if not limit.expired():
                    raise
                return self.late()
            finally:
                if keeper is not None:
                    keeper.busy(-1)

        return within


class Doorkeeper(asyncio.Protocol):
    """One connection: hands everything on, and closes where the headers of a request take too long."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._tcp: asyncio.Transport | None = None
        self._handshake: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._inner: web.RequestHandler | None = None
        self._early = b""
        self._lost = False
        self._handling = 0
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, unless there are too many; over TLS, let it show first that it can speak that."""
        if not isinstance(transport, asyncio.Transport):
            return
        if not self._doors.enter(self):
            transport.abort()
            return
        self._tcp = transport
        if self._doors.tls is None:
            self._serve(transport)
            return
        transport.pause_reading()
        self._handshake = asyncio.get_running_loop().create_task(self._shake_hands(transport, self._doors.tls))

    async def _shake_hands(self, transport: asyncio.Transport, tls: ssl.SSLContext) -> None:
        seconds = self._doors.limits.handshake_seconds
        try:
            sealed = await asyncio.get_running_loop().start_tls(
                transport, self, tls, server_side=True, ssl_handshake_timeout=seconds
            )
        except (OSError, asyncio.CancelledError):  # nothing that speaks our TLS, too slow, gone, or sent off
            sealed = None
        self._handshake = None
        if sealed is None or self._lost:
            transport.abort()
            self._doors.leave(self)
            return
        self._serve(sealed)
        if self._early:
            early, self._early = self._early, b""
            self.data_received(early)

    def _serve(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._inner = self._doors.make()
        self._doors.serving[transport] = self
        self._inner.connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Hand the bytes on; the first of a new request start its clock."""
        if self._inner is None:
            # With the end of the handshake, before the task that began it was told.
            self._early += data
            return
        self._doors.quiet.pop(self, None)
        if not self._handling:
            self._doors.unfinished.setdefault(self, None)
            self._expect()
        self._inner.data_received(data)

    def busy(self, change: int) -> None:
        """Note that a request's headers were read (1), or that it was answered (-1)."""
        self._handling += change
        self._doors.unfinished.pop(self, None)
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if not self._handling:
            self._doors.fall_quiet(self)

    def send_off(self) -> None:
        """Close, for somebody who has something to say; an answer that is on its way is still written."""
        if self._handshake is not None:
            self.end_handshake()
        elif self._inner is not None and self._transport is not None:
            self._inner.close()
            asyncio.get_running_loop().call_later(self._doors.limits.lingering_seconds, self._transport.abort)

    def end_handshake(self) -> None:
        """Close, if nothing but a handshake has begun."""
        if self._handshake is not None:
            self._handshake.cancel()

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
        if self._inner is not None:
            self._inner.eof_received()
        return None

    def pause_writing(self) -> None:
        """Hand it on."""
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Hand it on."""
        if self._inner is not None:
            self._inner.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        """Hand it on, and forget the connection."""
        self._lost = True
        if self._late is not None:
            self._late.cancel()
            self._late = None
        self._doors.leave(self)
        if self._transport is not None and self._inner is not None:
            self._doors.serving.pop(self._transport, None)
            self._transport = None
            self._inner.connection_lost(error)
