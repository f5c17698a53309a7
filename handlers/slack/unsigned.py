"""Bodies that may be anybody's: read before their signature can be checked, so all of them together have one bound.

Where it is reached, the largest of them is given up and not the newest: what Slack sends has a few kilobytes, and goes
on while somebody fills the rest.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

BODY_LIMIT = 1_000_000
"""Bytes; a view holds 250 KB at most, which form-encoding can triple."""
ALL_BODIES = 16_000_000
"""Bytes of all bodies that are being read."""


class Refused(Exception):
    """A request that goes no further; `status` is all that its sender learns."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(eq=False, slots=True)
class _Body:
    """One body that is being read, and the limit in time by which its reading ends."""

    limit: asyncio.Timeout
    read: bytearray = field(default_factory=bytearray)
    given_up: bool = False


class Unsigned:
    """The bodies that are being read at this moment, at most `most` bytes in all."""

    def __init__(self, most: int = ALL_BODIES) -> None:
        self._most = most
        self._held = 0
        self._reading: set[_Body] = set()

    async def read(self, request: web.Request, seconds: float) -> bytes:
        """Return the body of `request`, read within `seconds`.

        Raises Refused: 413 for more than BODY_LIMIT, 408 for one that comes too slowly, 503 for the largest where all
        of them are too much, 401 for one that cannot be read.
        """
        if (request.content_length or 0) > BODY_LIMIT:
            raise Refused(413)
        body: _Body | None = None
        try:
            async with asyncio.timeout(seconds) as limit:
                body = _Body(limit)
                self._reading.add(body)
                async for chunk in request.content.iter_chunked(64 * 1024):
                    self._add(body, chunk)
                return bytes(body.read)
        except TimeoutError as error:
            raise Refused(503 if body is not None and body.given_up else 408) from error
        except (web.RequestPayloadError, ValueError) as error:
            raise Refused(401) from error
        finally:
            if body is not None:
                self._let_go(body)

    def _add(self, body: _Body, chunk: bytes) -> None:
        if body.given_up:
            raise Refused(503)
        body.read += chunk
        self._held += len(chunk)
        if len(body.read) > BODY_LIMIT:
            raise Refused(413)
        while self._held > self._most:
            self._give_up(max(self._reading, key=lambda one: len(one.read)), body)

    def _give_up(self, largest: _Body, asking: _Body) -> None:
        largest.given_up = True
        self._let_go(largest)
        if largest is asking:
            raise Refused(503)
        largest.limit.reschedule(asyncio.get_running_loop().time())

    def _let_go(self, body: _Body) -> None:
        if body in self._reading:
            self._reading.discard(body)
            self._held -= len(body.read)
            body.read = bytearray()
