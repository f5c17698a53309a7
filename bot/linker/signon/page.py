"""Signing on by the page that the guides show, where the API could not be reached (protocol 1.3, 1.4, 1.6, 1.7)."""

from __future__ import annotations

from dataclasses import dataclass

from yarl import URL

from bot.errors import Code, LinkEnded, ended
from bot.linker.browser import OutsideFence, Reply, TooMuch, Unreached
from bot.linker.document import Document, TooLarge, partial_response
from bot.linker.form import urlencoded
from bot.linker.leaving import read_redirect
from bot.linker.pages import Bounce, CourtChoice, Page, SessionPage, Strange, Unknown
from bot.linker.reading import read
from bot.linker.refusals import pacer_refusal
from bot.linker.signon.sign_on import SignedOn, SignOn, is_token
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
from bot.linker.values import Step, Told
from bot.secret import Secret

_MAX_SCREENS = 8


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
                case SessionPage() if self._has_session(page):
                    return SignedOn()
                case _:
                    self._refuse(page, passcode)
        raise ended(Code.UNKNOWN_PAGE, Strange.LOOP)

    def _has_session(self, page: Page) -> bool:
        """True once PACER has set the cookie of its session."""
        return is_token(self.sign_on.browser.cookie(page.url, "NextGenCSO"))

    async def _open(self, url: URL) -> Page:
        try:
            reply = await self.sign_on.browser.get(url)
        except (Unreached, TooMuch, OutsideFence) as wrong:
            raise _ending(wrong) from None
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
        except (Unreached, TooMuch, OutsideFence) as wrong:
            self.sign_on.spend(None)
            raise _ending(wrong) from None
        page = self._read(reply, faces)
        if not isinstance(page, Bounce) and not self._has_session(page):
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


def _ending(wrong: Unreached | TooMuch | OutsideFence) -> LinkEnded:
    match wrong:
        case Unreached(sent=sent):
            return ended(Code.PACER_DOWN, "the reply to the sign-on was lost" if sent else "")
        case TooMuch():
            return ended(Code.UNKNOWN_PAGE, Strange.LOOP if "requests" in wrong.args else Strange.TOO_LARGE)
        case _:
            return ended(Code.UNKNOWN_PAGE, Strange.FOREIGN_FORM)


def _once(own: tuple[str, str], fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The form's own name as JSF sends it, not doubled where the page already has it as a hidden field."""
    return fields if any(name == own[0] for name, _ in fields) else [own, *fields]
