"""What a load balancer or an administrator asks over HTTP: is the process alive, and may requests be sent to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

WhyNot = Callable[[], Awaitable[str]]
"""Returns why the service is not ready, "" when it is; fixed words, for they are shown to anybody who asks."""


async def _nothing() -> str:
    return ""


def health_routes(why_not: WhyNot, warning: WhyNot = _nothing) -> list[web.RouteDef]:
    """Return /healthz (200 while the process answers at all) and /readyz (200, or 503 with the reason).

    What `warning` returns stands below "ready": requests are answered, but somebody has to do something.
    """

    async def alive(request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(request: web.Request) -> web.Response:
        reason = await why_not()
        if reason:
            return web.Response(text=f"{reason}\n", status=503)
        warned = await warning()
        return web.Response(text=f"ready\n{warned}\n" if warned else "ready\n")

    return [web.get("/healthz", alive), web.get("/readyz", ready)]
