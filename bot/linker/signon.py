"""Two ways through PACER's sign-on: the JSON API, and the page itself where the API could not be reached.

One sign-on per attempt. A refused password or passcode is spent on the spot; nothing is sent again, but for the one
case of PACER's "13" to a request without a passcode (design, promise 2). One of the two places that reveal secrets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from yarl import URL

from bot.errors import Code, LinkEnded, ended
from bot.linker.browser import Browser, Reply, Unreached
from bot.linker.document import Document, TooLarge, partial_response
from bot.linker.fence import Fence
from bot.linker.form import urlencoded
from bot.linker.pages import Bounce, CourtChoice, Page, Strange, Unknown
from bot.linker.reading import read, read_redirect
from bot.linker.refusals import pacer_refusal
from bot.linker.signon_pages import (
    Faces,
    FlowLost,
    Interstitial,
    PasscodeForm,
    RedactionNotice,
    SignOnForm,
    SignOnRefused,
    read_partial,
)
from bot.linker.values import Ask, LinkRequest, PasscodeAnswer, PasscodeQuestion, Step, Tell, Told
from bot.secret import Secret

_TOKEN = re.compile(r"^[A-Za-z0-9+/=_.~-]{8,1024}$")
_MAX_SCREENS = 8


@dataclass(frozen=True, slots=True)
class SignedOn:
    """PACER let the person in; `onward` is where the sign-on page sends the browser, None after the API.

    `page` is a screen that the sign-on left open in front (the court drop-down), None otherwise.
    """

    onward: URL | None = None
    page: Page | None = None


class ApiUnreachable(Exception):
    """The API cannot have seen the password: the page may be tried (design 5, settled points)."""


@dataclass(slots=True)
class SignOn:
    """One sign-on of one attempt."""

    request: LinkRequest
    browser: Browser
    fence: Fence
    ask: Ask
    tell: Tell

    async def through(self, door: URL) -> SignedOn:
        """Sign on by the API, by the page at `door` only where the API could not be reached.

        Raises LinkEnded for every refusal.
        """
        await self.tell(Told(Step.SIGN_ON))
        try:
            return await ByApi(self).through()
        except ApiUnreachable:
            return await ByPage(self).through(door)

    async def passcode(self) -> Secret:
        """Return the passcode that the person gave with the form, or ask for one.

        Raises LinkEnded(passcode_needed) when nobody answers.
        """
        given = self.request.passcode
        if given is not None and given and not given.spent:
            return given
        answer = await self.ask(PasscodeQuestion())
        if not isinstance(answer, PasscodeAnswer) or not answer.passcode:
            raise ended(Code.PASSCODE_NEEDED)
        return answer.passcode

    def spend(self, passcode: Secret | None) -> None:
        """Make sure that what was refused is never sent again."""
        self.request.account.password.spend()
        for secret in (passcode, self.request.passcode):
            if secret is not None:
                secret.spend()


@dataclass(slots=True)
class ByApi:
    """The AO's documented way: one POST to /services/cso-auth (protocol 1.5)."""

    sign_on: SignOn

    async def through(self) -> SignedOn:
        """Send user name and password once; once more with a passcode where PACER answers "13" and none was sent."""
        given = self.sign_on.request.passcode
        passcode = given if given else None
        reply = await self._send(passcode)
        if reply.get("loginResult") == "13" and passcode is None:
            passcode = await self.sign_on.passcode()
            await self.sign_on.tell(Told(Step.PASSCODE))
            reply = await self._send(passcode)
        return self._accept(reply, passcode)

    async def _send(self, passcode: Secret | None) -> Mapping[str, str]:
        account = self.sign_on.request.account
        body = {"loginId": account.username.text, "password": account.password.reveal()}
        if account.client_code:
            body["clientCode"] = account.client_code.text
        if passcode is not None:
            body["otpCode"] = passcode.reveal()
        if self.sign_on.request.redaction_acknowledged:
            body["redactFlag"] = "1"
        url = URL.build(scheme="https", host=self.sign_on.fence.sign_on, path="/services/cso-auth")
        try:
            reply = await self.sign_on.browser.post(
                url, json.dumps(body).encode(), "application/json", headers={"Accept": "application/json"}
            )
        except Unreached as lost:
            if lost.sent:
                self.sign_on.spend(passcode)
                raise ended(Code.PACER_DOWN, "the reply to the sign-on was lost") from None
            raise ApiUnreachable from None
        if reply.status == 503:
            raise ApiUnreachable
        return self._body(reply, passcode)

    def _body(self, reply: Reply, passcode: Secret | None) -> Mapping[str, str]:
        try:
            found = json.loads(reply.body) if reply.status == 200 else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or found.get("loginResult") is None:
            self.sign_on.spend(passcode)
            raise ended(Code.PACER_DOWN, "PACER's answer to the sign-on could not be read")
        return {key: str(found.get(key) or "") for key in ("nextGenCSO", "errorDescription")} | {
            "loginResult": str(found["loginResult"]).strip()
        }

    def _accept(self, reply: Mapping[str, str], passcode: Secret | None) -> SignedOn:
        token = reply["nextGenCSO"]
        if reply["loginResult"] == "0" and _TOKEN.match(token):
            browser, account = self.sign_on.browser, self.sign_on.request.account
            browser.set_everywhere("NextGenCSO", token)
            browser.set_everywhere("PacerSession", token)
            if account.client_code:
                browser.set_everywhere("PacerClientCode", account.client_code.text)
            return SignedOn()
        self.sign_on.spend(passcode)
        if reply["loginResult"] == "0":
            raise ended(Code.PACER_DOWN, "PACER accepted the sign-on but sent no session")
        if reply["loginResult"] == "13":
            raise ended(Code.PACER_REFUSED)
        if reply["loginResult"] == "1" and not reply["errorDescription"].strip():
            raise ended(Code.REDACTION_REQUIRED)
        known = pacer_refusal([reply["errorDescription"]])
        raise ended(known or Code.UNKNOWN_PAGE, "" if known else "PACER's answer to the sign-on is not known")


@dataclass(slots=True)
class ByPage:
    """The page that the guides show: up to four partial posts in one JSF flow (protocol 1.4)."""

    sign_on: SignOn
    session: str = ""
    latest: Faces | None = None

    async def through(self, door: URL) -> SignedOn:
        """Walk login form, passcode and redaction notice, in whatever order PACER shows them.

        Raises LinkEnded; an unknown screen, or one seen twice, stops the walk.
        """
        page = await self._open(door)
        passcode: Secret | None = None
        seen: set[type[Page]] = set()
        for _ in range(_MAX_SCREENS):
            if type(page) in seen and not isinstance(page, Bounce):
                self._refuse(page, passcode)
            seen.add(type(page))
            match page:
                case SignOnForm():
                    page = await self._log_in(page)
                case PasscodeForm():
                    passcode = await self.sign_on.passcode()
                    await self.sign_on.tell(Told(Step.PASSCODE))
                    page = await self._enter(page, passcode)
                case RedactionNotice():
                    await self.sign_on.tell(Told(Step.REDACTION))
                    page = await self._acknowledge(page)
                case Bounce(to=to) if self.sign_on.fence.is_court(to):
                    return SignedOn(onward=to)
                case Bounce(to=to):
                    page = await self._open(to)
                case CourtChoice():
                    return SignedOn(page=page)
                case _:
                    if self._let_in(page):
                        return SignedOn()
                    self._refuse(page, passcode)
        raise ended(Code.UNKNOWN_PAGE, Strange.LOOP)

    def _let_in(self, page: Page) -> bool:
        """True when PACER has set its session although the screen says nothing the bot knows."""
        token = self.sign_on.browser.cookie(page.url, "NextGenCSO")
        return not isinstance(page, (SignOnRefused, Interstitial, FlowLost)) and bool(_TOKEN.match(token))

    async def _open(self, url: URL) -> Page:
        try:
            reply = await self.sign_on.browser.get(url)
        except Unreached:
            raise ended(Code.PACER_DOWN) from None
        self._same_session(reply.url, first=True)
        return self._read(reply, None)

    async def _log_in(self, page: SignOnForm) -> Page:
        account = self.sign_on.request.account
        if page.form is None or page.faces is None:
            raise ended(Code.UNKNOWN_PAGE, Strange.WORDS)
        typed = {page.username: account.username.text, page.password: account.password.reveal()}
        if page.client_code and account.client_code:
            typed[page.client_code] = account.client_code.text
        form_id = page.form.id or page.form.name
        fields = [(k, v) for k, v in page.form.pairs(typed) if not k.endswith("faces.ViewState")]
        wanted = "pscLoginPanel loginForm redactionConfirmation popupMsgId"
        target = page.form.target() or page.url
        return await self._partial(
            target, page.faces, page.button, [*_once((form_id, form_id), fields), (page.button, page.button)], wanted
        )

    async def _enter(self, page: PasscodeForm, passcode: Secret) -> Page:
        if page.faces is None or not page.field:
            raise ended(Code.UNKNOWN_PAGE, Strange.WORDS)
        button = page.button or f"{page.form_id}:btnOk"
        fields = [(page.form_id, page.form_id), (page.field, passcode.reveal()), (button, "")]
        try:
            return await self._partial(page.url, page.faces, button, fields, "@all")
        finally:
            passcode.spend()

    async def _acknowledge(self, page: RedactionNotice) -> Page:
        """Tick the box, then press "Continue": the person has ticked it in the form, for this attempt."""
        if page.faces is None:
            raise ended(Code.UNKNOWN_PAGE, Strange.WORDS)
        own = (page.form_id, page.form_id)
        ticked = [own, (page.box, "on")]
        events = [("partial.event", "change"), ("behavior.event", "valueChange")]
        answer = await self._partial(
            page.url, page.faces, page.widget, ticked, page.button, execute=page.widget, events=events
        )
        faces = self.latest or page.faces
        if isinstance(answer, (SignOnRefused, Interstitial, FlowLost)):
            return answer
        pressed = [own, (page.box, "on"), (page.button, page.button), ("dialogName", "redactionDlg")]
        return await self._partial(page.url, faces, page.button, pressed, "")

    async def _partial(
        self,
        url: URL,
        faces: Faces,
        source: str,
        fields: list[tuple[str, str]],
        render: str,
        *,
        execute: str = "@all",
        events: list[tuple[str, str]] | None = None,
    ) -> Page:
        """Send one PrimeFaces partial post and read its answer. Raises LinkEnded(pacer_down) when that is lost."""
        stem = f"{faces.prefix}.faces"
        body = [
            (f"{stem}.partial.ajax", "true"),
            (f"{stem}.source", source),
            (f"{stem}.partial.execute", execute),
            *([(f"{stem}.partial.render", render)] if render else []),
            *[(f"{stem}.{name}", value) for name, value in events or []],
            *fields,
            (f"{stem}.ViewState", faces.view_state),
        ]
        headers = {
            "Faces-Request": "partial/ajax",
            "X-Requested-With": "XMLHttpRequest",
            "Accept": "application/xml, text/xml, */*; q=0.01",
        }
        form = "application/x-www-form-urlencoded; charset=UTF-8"
        try:
            reply = await self.sign_on.browser.post(url, urlencoded(body), form, referer=str(url), headers=headers)
        except Unreached:
            self.sign_on.spend(None)
            raise ended(Code.PACER_DOWN, "the reply to the sign-on was lost") from None
        page = self._read(reply, faces)
        if not isinstance(page, Bounce) and not self._let_in(page):
            self._same_session(reply.url)
        return page

    def _read(self, reply: Reply, faces: Faces | None) -> Page:
        if reply.location is not None:
            if reply.posted and reply.status in (307, 308):
                return Unknown(reply.url, why=Strange.RESENT)
            return read_redirect(reply.url, reply.location, self.sign_on.fence)
        if reply.status >= 500:
            raise ended(Code.PACER_DOWN)
        if reply.status != 200:
            return Unknown(reply.url, why=Strange.STATUS)
        try:
            partial = partial_response(reply.body) if faces is not None else None
            if partial is not None and faces is not None:
                updates, redirect, scripts = partial
                page = read_partial(reply.url, updates, redirect, scripts, self.sign_on.fence, faces)
                state = next((t.strip() for n, t in updates.items() if "ViewState" in n and t.strip()), "")
                self.latest = Faces(faces.prefix, state or faces.view_state)
                return page
            return read(Document.read(reply.url, reply.body, reply.content_type), self.sign_on.fence)
        except TooLarge:
            return Unknown(reply.url, why=Strange.TOO_LARGE)

    def _same_session(self, url: URL, *, first: bool = False) -> None:
        """A new JSESSIONID in the middle means that PACER has forgotten the visit (protocol 1.4)."""
        now = self.sign_on.browser.cookie(url, "JSESSIONID")
        if self.session and now and now != self.session and not first:
            self.sign_on.spend(None)
            raise ended(Code.INTERRUPTED, "PACER lost the sign-on in the middle")
        self.session = now or self.session

    def _refuse(self, page: Page, passcode: Secret | None) -> None:
        """Raise what the screen means; the secrets that were sent are spent first."""
        had_passcode = passcode is not None
        self.sign_on.spend(passcode)
        raise _meaning(page, had_passcode)


def _meaning(page: Page, had_passcode: bool) -> LinkEnded:
    match page:
        case SignOnRefused(lines=lines):
            known = pacer_refusal(lines, passcode_sent_alone=had_passcode)
            return ended(known or Code.UNKNOWN_PAGE, "" if known else "PACER's message is not known")
        case Interstitial(code=code):
            return ended(code)
        case FlowLost():
            return ended(Code.INTERRUPTED, "PACER lost the sign-on in the middle")
        case PasscodeForm():
            return ended(Code.PASSCODE_REFUSED)
        case SignOnForm():
            return ended(Code.UNKNOWN_PAGE, "PACER showed its sign-on again without a reason")
        case Unknown(why=why):
            return ended(Code.UNKNOWN_PAGE, why)
        case _:
            return ended(Code.UNKNOWN_PAGE, type(page).__name__)


def _once(own: tuple[str, str], fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The form's own name as JSF sends it, not doubled where the page already has it as a hidden field."""
    return fields if any(name == own[0] for name, _ in fields) else [own, *fields]
