"""The listener itself: an aiohttp application behind the doors."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.listening.doors import Doors
from bot.listening.handler import Handler, Plain, plain
from bot.listening.limits import DEFAULT, Limits


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
    late: Callable[[], web.Response] | None = None,
    broken: Plain = plain,
) -> AsyncIterator[int]:
    """Answer these routes for as long as this is entered, over TLS with `tls`; yields the port. Raises OSError.

    `dress` may add to the site, before it answers, what every answer of it is to wear; `late` makes
    the answer to a request that took longer than it may, `broken` that to what is no request.
    """
    runner: web.AppRunner

    def serve() -> web.RequestHandler:
        if runner.server is None:
            raise RuntimeError("the runner was set up and has no server")
        handler = Handler(runner.server, loop=asyncio.get_running_loop(), **bounds)
        handler.broken = broken
        return handler

    doors = Doors(limits, serve, tls)
    if late is not None:
        doors.late = late
    site = web.Application(client_max_size=limits.body_bytes, middlewares=[doors.middleware, *middlewares])
    site.add_routes(routes)
    if dress is not None:
        dress(site)
    site.on_response_prepare.append(_unnamed)
    bounds = _bounds(limits)
    runner = web.AppRunner(site, handle_signals=False, shutdown_timeout=5.0, **bounds)
    await runner.setup()
    opened: asyncio.Server | None = None
    try:
        opened = await asyncio.get_running_loop().create_server(doors.protocol, host, port, backlog=128)
        yield int(opened.sockets[0].getsockname()[1])
    finally:
        if opened is not None:
            opened.close()
        doors.close()
        await runner.cleanup()


def _bounds(limits: Limits) -> Mapping[str, Any]:
    return {
        "access_log": None,  # its lines hold addresses, and a load balancer has one already
        "keepalive_timeout": limits.idle_seconds,
        "lingering_time": limits.lingering_seconds,
        "max_line_size": limits.header_bytes,
        "max_field_size": limits.header_bytes,
        "max_headers": limits.headers,
    }


async def _unnamed(request: web.Request, response: web.StreamResponse) -> None:
    """Leave out which server in which version answers: nobody needs it but who looks for its flaws."""
    with suppress(KeyError):
        del response.headers["Server"]
