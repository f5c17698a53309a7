"""The edge of Slack's requests over HTTP: nothing unsigned, old, repeated or unreadable comes further than this.

Bolt answers 500 with a traceback to a malformed timestamp or signature, prints the body of a wrongly signed request,
and takes the same request twice (slack.md sections 1.2 and 1.5). So the signature is checked here, strictly, before
Bolt sees anything, and the body is parsed once, here: Bolt's own reading loses a command whose text has the word
"payload" in it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.clock import Clock
from bot.linker.values import new_incident_id
from handlers.slack.repeats import PATIENCE, WINDOW, Repeats, Seen, Shared, not_taken
from handlers.slack.trouble import describe
from handlers.slack.unsigned import Refused, Unsigned

log = logging.getLogger(__name__)

PATH = "/slack/events"
READ_SECONDS = 10.0
FIELDS = 200

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Inbound:
    """The aiohttp handler for POST /slack/events; `shared` knows what other replicas took, for at most `patience` s.

    Raises ValueError at once for an empty signing secret.
    """

    def __init__(
        self,
        app: AsyncApp,
        signing_secret: str,
        clock: Clock,
        shared: Shared | None = None,
        patience: float = PATIENCE,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        if not signing_secret.strip():
            raise ValueError("SLACK_SIGNING_SECRET must not be empty")
        self._app = app
        self._secret = signing_secret.encode()
        self._clock = clock
        self._repeats = Repeats(clock, shared, patience)
        self._read_seconds = read_seconds
        self._unsigned = Unsigned()

    def routes(self) -> list[web.RouteDef]:
        """Return what an aiohttp application has to add; the size of a body is bounded here."""
        return [web.post(PATH, self.handle)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request of Slack's; what is refused is answered with a bare status, and none of it is logged."""
        try:
            return await self._handle(request)
        except Refused as refused:
            later = {"Retry-After": "1"} if refused.status == 503 else None
            return web.Response(status=refused.status, headers=later)
        except Exception as error:  # the last line: a fault of ours must not become a report that quotes the request
            incident = new_incident_id()
            log.error("incident %s: a Slack request failed at the edge: %s", incident, describe(error))
            return web.Response(status=500)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        timestamp, signature = _one(request, "X-Slack-Request-Timestamp"), _one(request, "X-Slack-Signature")
        if not timestamp and not signature and await self._is_ssl_check(request):
            return web.Response()
        self._check_headers(timestamp, signature)
        kind = _content_type(request)
        raw = await self._unsigned.read(request, self._read_seconds)
        self._check_signature(timestamp, signature, raw)
        body = as_typed(parse(raw, kind))
        seen = await self._repeats.seen(signature, body)
        if seen is Seen.REPEATED:
            log.info("a repeated Slack request was acknowledged and not acted upon")
            return web.Response()
        if seen is Seen.UNKNOWN and body.get("type") == "view_submission":
            log.warning("a form was not taken: it cannot be told whether it came before")
            return _not_taken(body)
        return await to_aiohttp_response(await self._dispatch(body))

    async def _is_ssl_check(self, request: web.Request) -> bool:
        """Slack's certificate check comes unsigned and asks for nothing; it is the one thing answered so."""
        if request.content_type != "application/x-www-form-urlencoded" or not 0 < (request.content_length or 0) <= 1024:
            return False
        fields: Mapping[str, Any]
        try:
            fields = parse(await self._unsigned.read(request, self._read_seconds), request.content_type)
        except Refused:
            return False
        return fields.get("ssl_check") == "1" and "command" not in fields

    def _check_headers(self, timestamp: str, signature: str) -> None:
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise Refused(401)
        if abs(self._clock.now().timestamp() - int(timestamp)) > WINDOW:
            raise Refused(401)

    def _check_signature(self, timestamp: str, signature: str, raw: bytes) -> None:
        signed = hmac.new(self._secret, b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(b"v0=" + signed.encode(), signature.encode()):
            raise Refused(401)

    async def _dispatch(self, body: dict[str, Any]) -> BoltResponse:
        """Hand the parsed body to the listeners.

        Bolt calls a request whose body is already an object "socket_mode", as there too somebody else has checked it;
        that is all that the mode does. Faults of listeners end inside, in trouble.py; what comes out of Bolt itself is
        its own stumbling over a body that is signed, but in no shape of Slack's.
        """
        try:
            return await self._app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        except (TypeError, AttributeError, LookupError) as error:
            log.warning("a signed request has no shape of Slack's: %s", describe(error))
            raise Refused(401) from error


def parse(raw: bytes, kind: str) -> dict[str, Any]:
    """Return the payload of a request body as an object.

    Raises Refused(401) for anything that is not one: not UTF-8, no form, no JSON, JSON that is a list or a number.
    """
    try:
        text = raw.decode("utf-8")
        if kind == "application/json":
            return _object(json.loads(text))
        fields = dict(
            parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=FIELDS, errors="strict")
        )
        return _object(json.loads(fields["payload"])) if "payload" in fields else fields
    except (ValueError, RecursionError) as error:
        raise Refused(401) from error


def as_typed(body: dict[str, Any]) -> dict[str, Any]:
    """Return a payload with the text of a command as the person typed it: some of Slack's clients send it escaped.

    What is typed into a form is never escaped, and stays as it is (slack.md).
    """
    text = body.get("text")
    if "command" not in body or not isinstance(text, str):
        return body
    return {**body, "text": text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")}


def _not_taken(body: Mapping[str, Any]) -> web.Response:
    answer = not_taken(body)
    return web.Response(status=503) if answer is None else web.json_response(answer)


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(401)
    return value


def _one(request: web.Request, name: str) -> str:
    """The header, if it was sent exactly once."""
    values = request.headers.getall(name, [])
    return values[0] if len(values) == 1 else "" if not values else "twice"


def _content_type(request: web.Request) -> str:
    kind = request.content_type
    if kind not in {"application/json", "application/x-www-form-urlencoded"}:
        raise Refused(415)
    return kind
