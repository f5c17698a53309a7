"""One call of the pretend Web API: its token, its arguments, and how it is refused."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.slack_state import Json


class SlackError(Exception):
    """A refusal, by Slack's own code."""

    def __init__(self, code: str, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []


def token_of(request: web.Request, args: Json) -> str:
    """Return the token that a call bears, in its header or among its arguments; "" for none."""
    return request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.get("token", ""))


def needed(args: Json, name: str) -> str:
    """Return an argument that the method cannot do without. Raises SlackError."""
    value = args.get(name)
    if not isinstance(value, str) or not value:
        raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
    return value


async def arguments_of(request: web.Request) -> Json:
    """Return the arguments of a call, from wherever Slack reads them: the query, a form or JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.can_read_body:
        for name, value in parse_qsl(await request.text(), keep_blank_values=True):
            args[name] = json.loads(value) if name in {"view", "blocks"} else value
    return args
