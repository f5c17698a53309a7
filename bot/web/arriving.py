"""What a browser sends with a form, read within bounds: size, time, number of fields, and nothing said twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl

from aiohttp import ClientError, web  # ClientError is what a broken body of a request raises too

BODY_BYTES = 64 * 1024
BODY_SECONDS = 15.0
FIELDS = 32


class Refused(Exception):
    """What was sent is not taken; `status` says why, and words/page.py has words for each."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


async def fields_of(request: web.BaseRequest, seconds: float = BODY_SECONDS) -> Mapping[str, str]:
    """Return the fields of a posted form exactly as they were typed; `seconds` is for all of the body.

    Raises Refused: 415 for anything but a form in UTF-8, 413 for more than 64 KB, 408 for a body that comes too slowly,
    400 for one that cannot be read or that says a field twice.
    """
    if request.content_type != "application/x-www-form-urlencoded" or (request.charset or "utf-8").lower() != "utf-8":
        raise Refused(415)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415)
    return _parted(await _body(request, seconds))


async def _body(request: web.BaseRequest, seconds: float) -> bytes:
    if (request.content_length or 0) > BODY_BYTES:
        raise Refused(413)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for part in request.content.iter_any():
                body += part
                if len(body) > BODY_BYTES:
                    raise Refused(413)
    except TimeoutError:
        raise Refused(408) from None
    except (ClientError, web.PayloadAccessError, ConnectionError):
        raise Refused(400) from None
    return bytes(body)


def _parted(body: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=FIELDS,
        )
    except ValueError:
        raise Refused(400) from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Refused(400)
    return fields
