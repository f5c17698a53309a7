"""What a load balancer or an administrator asks over HTTP: is the process alive, and may requests be sent to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

WhyNot = Callable[[], Awaitable[str]]
"""Returns why the service is not ready, "" when it is; fixed words, for they are shown to anybody who asks."""


def health_routes(why_not: WhyNot) -> list[web.RouteDef]:
    """Return /healthz (200 while the process answers at all) and /readyz (200, or 503 with the reason)."""

    async def alive(request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(request: web.Request) -> web.Response:
        reason = await why_not()
        return web.Response(text=f"{reason or 'ready'}\n", status=503 if reason else 200)

    return [web.get("/healthz", alive), web.get("/readyz", ready)]
