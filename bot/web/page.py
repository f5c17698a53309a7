"""The private page: a one-time address at which one person fills in one form or answers one question, masked.

    GET  /p/<token>        the form or the question, or why there is none; changes nothing, so it may be fetched ahead
    POST /p/<token>        in this order: size and shape, same origin, cookie and field, the link, its code, the form;
                           of the question with both accounts twice: the code to be shown them, then the answer
    GET  /p/<token>/done   where a taken POST leads

Nothing of a request is logged but that it failed, and an incident id; the site has no access log, because its lines
would hold tokens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from re import compile as pattern

import structlog
from aiohttp import web

from bot.errors import StoreTrouble
from bot.linker.values import ConfirmQuestion, new_incident_id
from bot.service import Answered, Field, Flaw, Problem, Started
from bot.service.pages import FormPage, Gone, GoneReason, Page, Pages, QuestionPage, WrongCode
from bot.web import headers, same_site
from bot.web.arriving import BODY_SECONDS, Refused, fields_of
from bot.web.drawing import SHOWN_AGAIN, Drawing, Sheet, Wrong
from bot.web.files import STATIC, StaticFiles, static_files
from bot.web.headers import Proxies
from bot.web.reading import read_answer, read_code, read_form, wrong_code, wrong_fields
from bot.words import answered_words
from bot.words import page as words
from bot.words.form import ANSWER_TITLE
from bot.words.said import Words

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.Response]]

_TOKEN = pattern(r"[A-Za-z0-9_-]{43}")
"""32 random bytes in base64url; what is not shaped like it is asked of nobody."""

ANSWER_SECONDS = 45.0
"""What an answer may take; less than the listener's own minute, whose end has no words."""

_NO_PAGE = {GoneReason.UNKNOWN: 404, GoneReason.UNREACHABLE: 503}
_NOT_TAKEN = {Answered.UNREACHABLE: 503, Answered.ALREADY_ANSWERED: 409}
_READ, _READ_AND_SENT = ("GET", "HEAD"), ("GET", "HEAD", "POST")


def page_routes(
    pages: Pages,
    public_url: str,
    proxies: Proxies | None = None,
    *,
    body_seconds: float = BODY_SECONDS,
    answer_seconds: float = ANSWER_SECONDS,
) -> list[web.RouteDef]:
    """Return the routes under /p/. `public_url` is the bot's address as browsers know it: posts come from nowhere else.

    Without HTTPS, spoken here or by one of `proxies`, nothing but a refusal is served. `body_seconds` bounds the time
    that the body of a POST may take, `answer_seconds` all that is done for one request.
    """
    files = static_files()
    site = _Site(
        pages,
        same_site.origin_of(public_url),
        proxies or Proxies(),
        body_seconds,
        answer_seconds,
        Drawing(files),
        files,
    )
    return [
        web.route("*", STATIC + "{name}", site.door(site.file, _READ)),
        web.route("*", "/p/{token}", site.door(site.link, _READ_AND_SENT)),
        web.route("*", "/p/{token}/done", site.door(site.done, _READ)),
        web.route("*", "/p{rest:(/.*)?}", site.door(site.nowhere, _READ)),
    ]


@dataclass(frozen=True, slots=True)
class _Site:
    """Everything under /p/."""

    pages: Pages
    origin: str
    proxies: Proxies
    body_seconds: float
    answer_seconds: float
    drawing: Drawing
    files: StaticFiles

    def door(self, handler: Handler, methods: Sequence[str]) -> Handler:
        """Return the handler behind what holds for every request: HTTPS, methods, headers, words for any failure."""

        async def opened(request: web.Request) -> web.Response:
            https = self.proxies.https(request)
            try:
                if not https:
                    response = self._said(words.IN_CLEAR, 403)
                elif request.method not in methods:
                    response = self._refused(405)
                    response.headers["Allow"] = ", ".join(methods)
                else:
                    async with asyncio.timeout(self.answer_seconds):
                        response = await handler(request)
            except Refused as refused:
                response = self._refused(refused.status)
                response.force_close()  # the rest of a body that was not read is not waited for
            except Exception as error:
                response = self._trouble(error, sent=request.method == "POST")
            if https:
                response.headers["Strict-Transport-Security"] = headers.HSTS
            return response

        return opened

    async def file(self, request: web.Request) -> web.Response:
        """Answer with one of the page's own files."""
        found = self.files.by_address.get(request.path)
        if found is None:
            return await self.nowhere(request)
        return web.Response(
            body=found.body, content_type=found.content_type, charset="utf-8", headers=headers.file_headers()
        )

    async def nowhere(self, request: web.Request) -> web.Response:
        """Answer for an address under /p/ that is none."""
        return self._gone(Gone(GoneReason.UNKNOWN))

    async def link(self, request: web.Request) -> web.Response:
        """Show what the link leads to, or take what was sent to it."""
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            return await self.nowhere(request)
        return await (self._sent(request, token) if request.method == "POST" else self._opened(request, token))

    async def done(self, request: web.Request) -> web.Response:
        """Say that the page was taken; a link that can still be sent is shown instead."""
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            return await self.nowhere(request)
        found = await self.pages.look(token)
        if not isinstance(found, Gone):
            return self._to(f"/p/{token}")
        if found.reason not in (GoneReason.USED, GoneReason.OVER):
            return self._gone(found)
        return self._over(token, words.DONE, 200)

    def _over(self, token: str, said: Words, status: int) -> web.Response:
        """Say what came of a page that is done with, and have the browser forget what it kept of it."""
        response = self._said(said, status)
        # Not "cookies": that would sign the person out of every other service under the firm's domain.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        same_site.take_cookie(response, token)
        return response

    async def _opened(self, request: web.Request, token: str) -> web.Response:
        found = await self.pages.look(token)
        return self._gone(found) if isinstance(found, Gone) else self._shown(request, token, found, 200)

    async def _sent(self, request: web.Request, token: str) -> web.Response:
        fields = await fields_of(request, self.body_seconds)
        if not same_site.same_origin(request, self.origin):
            raise Refused(403)
        ours = same_site.belongs(fields.get("csrf", ""), token, same_site.cookie_of(request, token))
        page = await self.pages.look(token)
        if isinstance(page, Gone):
            return self._gone(page)
        if not ours:  # what came from a page that is not ours is not shown again either
            return self._shown(request, token, page, 403, (Wrong("", words.OPENED_TWICE),))
        code = read_code(fields)
        if code is None:
            return self._shown(request, token, page, 422, wrong_code(code), fields)
        if isinstance(page, FormPage):
            return await self._form_sent(request, token, page, code, fields)
        return await self._answer_sent(request, token, page, code, fields)

    async def _form_sent(
        self, request: web.Request, token: str, page: FormPage, code: str, fields: Mapping[str, str]
    ) -> web.Response:
        match await self.pages.send_form(token, code, read_form(fields)):
            case Started(joined=True):
                return self._over(token, words.JOINED, 409)
            case Started():
                return self._to(f"/p/{token}/done")
            case WrongCode(left):
                return self._shown(request, token, page, 422, (Wrong("code", words.wrong_code_words(left)),), fields)
            case Gone() as gone:
                return self._gone(gone)
            case problems:
                return self._shown(request, token, page, 422, wrong_fields(problems), fields)

    async def _answer_sent(
        self, request: web.Request, token: str, page: QuestionPage, code: str, fields: Mapping[str, str]
    ) -> web.Response:
        answer = read_answer(fields, page)
        if answer is None or (isinstance(answer, Wrong) and isinstance(page.question, ConfirmQuestion)):
            return await self._unlocked(request, token, page, code, answer)
        if isinstance(answer, Wrong):
            return self._shown(request, token, page, 422, (answer,))
        match await self.pages.send_answer(token, code, answer):
            case Answered.TAKEN:
                return self._to(f"/p/{token}/done")
            case Answered.PASSCODE_SHAPE:
                wrong = wrong_fields((Problem(Field.PASSCODE, Flaw.PASSCODE_SHAPE),))
                return self._shown(request, token, page, 422, wrong)
            case WrongCode(left):
                return self._shown(request, token, page, 422, (Wrong("code", words.wrong_code_words(left)),))
            case Gone() as gone:
                return self._gone(gone)
            case outcome:
                said = Words(ANSWER_TITLE, (answered_words(outcome),))
                return self._said(said, _NOT_TAKEN.get(outcome, 410))

    async def _unlocked(
        self, request: web.Request, token: str, page: QuestionPage, code: str, wrong: Wrong | None
    ) -> web.Response:
        """Show both accounts, to somebody who knows the code."""
        match await self.pages.unlock(token, code):
            case WrongCode(left):
                return self._shown(request, token, page, 422, (Wrong("code", words.wrong_code_words(left)),))
            case Gone() as gone:
                return self._gone(gone)
            case unlocked:
                errors = (wrong,) if wrong else ()
                return self._shown(request, token, unlocked, 422 if errors else 200, errors, code=code)

    def _shown(
        self,
        request: web.Request,
        token: str,
        page: Page,
        status: int,
        errors: Sequence[Wrong] = (),
        typed: Mapping[str, str] | None = None,
        code: str = "",
    ) -> web.Response:
        cookie = same_site.cookie_of(request, token) or same_site.new_cookie()
        sheet = Sheet(same_site.field_for(token, cookie), errors, code=code)
        if typed is not None:
            sheet = replace(sheet, typed={name: typed.get(name, "") for name in SHOWN_AGAIN})
        nonce = headers.new_nonce()
        response = self._html(self.drawing.page(page, sheet, nonce), status, nonce)
        same_site.give_cookie(response, token, cookie)
        return response

    def _gone(self, gone: Gone) -> web.Response:
        return self._said(words.GONE[gone.reason.value], _NO_PAGE.get(gone.reason, 410))

    def _refused(self, status: int) -> web.Response:
        return self._said(words.REFUSED[status], status)

    def _trouble(self, error: Exception, *, sent: bool) -> web.Response:
        incident = new_incident_id()
        log.error("page_failed", incident=incident, place="page", exc_info=error)
        status = 503 if isinstance(error, (StoreTrouble, TimeoutError)) else 500
        return self._said(words.page_trouble_words(incident, sent=sent), status)

    def _said(self, shown: Words, status: int) -> web.Response:
        nonce = headers.new_nonce()
        return self._html(self.drawing.said(shown, nonce), status, nonce)

    def _html(self, html: str, status: int, nonce: str) -> web.Response:
        found = headers.page_headers(nonce)
        return web.Response(text=html, status=status, content_type="text/html", charset="utf-8", headers=found)

    def _to(self, address: str) -> web.Response:
        response = self._html("", 303, headers.new_nonce())
        response.headers["Location"] = address
        return response
