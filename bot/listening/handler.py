"""One connection's requests, as aiohttp reads them; what it says by itself of those that are none is said plainly.

Its own answers name Python's version and its own, wear no headers of ours, and repeat the line that could not be read.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from aiohttp import web
from aiohttp.hdrs import SERVER

log = structlog.get_logger(__name__)

Plain = Callable[[int], web.Response]
"""Makes the answer with this status to what is not a request, or could not be answered."""


def plain(status: int) -> web.Response:
    """Return an answer without words."""
    return web.Response(status=status)


class Handler(web.RequestHandler):
    """aiohttp's, with answers of our own; `broken` makes them."""

    broken: Plain = staticmethod(plain)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what could not be read, and close. Raises ConnectionError where an answer has begun already.

        Anybody can send what is no request, as often as they like: it makes no line above debug.
        """
        if status >= 500:
            super().handle_error(request, status, exc, message)
        elif request.writer.output_size > 0:
            raise ConnectionError
        else:
            log.debug("request_not_readable")
        answer = self.broken(status)
        answer.headers[SERVER] = ""
        answer.force_close()
        return answer
