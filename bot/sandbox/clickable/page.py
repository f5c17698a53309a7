"""The clickable page of the pretend Slack: people to speak as, what they see, and buttons and forms that work.

It stands on 127.0.0.1 and plays the part of Slack's own client: every click becomes what a person's hand does in
PretendSlack, and so a signed request to the bot. The browser asks again and again what is to be seen, and is told in
one word when nothing has changed. What Slack's client looks like is no part of this.

    async with ClickPage(slack, tips) as page:
        print(page.url)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.clickable.deeds import Deeds, NotShown
from bot.sandbox.clickable.shown import shown_to
from bot.sandbox.slack import NotFilledIn, PretendSlack
from bot.sandbox.slack_calls import SlackError
from bot.sandbox.slack_elements import Json, NotOffered

FILES = Path(__file__).parent / "files"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Tip:
    """What one pretend person may try, and what they have to type for it, as pairs of a label and a text."""

    user: str
    about: str
    typed: Sequence[tuple[str, str]] = ()


class ClickPage:
    """The page of one pretend Slack, from entering the context on, on a port of its own (0 takes a free one)."""

    def __init__(self, slack: PretendSlack, tips: Sequence[Tip] = (), *, port: int = 0) -> None:
        self._slack = slack
        self._deeds = Deeds(slack)
        self._tips = {tip.user: {"about": tip.about, "typed": [list(one) for one in tip.typed]} for tip in tips}
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._guard])
        app.add_routes([web.get("/", self._file), web.get("/files/{name}", self._file), web.get("/seen", self._seen)])
        app.add_routes([web.post("/do/{deed}", self._do)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self._port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address to open in a browser on this machine."""
        return f"http://127.0.0.1:{self._port}/"

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer this machine's own browser only: no name that leads here, no page of another site."""
        here = f"127.0.0.1:{self._port}"
        foreign = request.host != here or request.headers.get("Origin", f"http://{here}") != f"http://{here}"
        if foreign or (request.method == "POST" and request.content_type != "application/json"):
            raise web.HTTPForbidden(text="Only the page itself may ask this.")
        answer = await handler(request)
        answer.headers.update(HEADERS)
        return answer

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "page.html")
        known = {one.name: one for one in FILES.iterdir()}
        if name not in known:
            raise web.HTTPNotFound
        return web.Response(text=known[name].read_text("utf-8"), content_type=KINDS[known[name].suffix])

    async def _seen(self, request: web.Request) -> web.Response:
        """Answer what this person sees, or only that it is still the same."""
        people = self._slack.api.people.known
        user = request.query.get("user", "")
        user = user if user in people else next(iter(people))
        seen = shown_to(self._slack, user) | {"tip": self._tips.get(user)}
        stamp = hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
        if stamp == request.query.get("stamp"):
            return web.json_response({"same": True})
        return web.json_response(seen | {"stamp": stamp})

    async def _do(self, request: web.Request) -> web.Response:
        """Do what was clicked or typed; `said` of the answer is what went wrong, in words."""
        try:
            asked: Json = await request.json()
            deed = self._deeds.all()[request.match_info["deed"]]
            return web.json_response(await deed(asked))
        except NotFilledIn as empty:
            return web.json_response({"empty": list(empty.args)})
        except (NotShown, NotOffered):
            return web.json_response({"said": "That is no longer shown. Nothing was sent."})
        except SlackError as refused:
            told = f"Slack would have refused this ({refused.code}): {'; '.join(refused.messages)}"
            return web.json_response({"said": told})
        except (KeyError, ValueError, TypeError, AttributeError):
            return web.json_response({"said": "The page asked for something that there is not."}, status=400)
