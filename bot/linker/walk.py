"""The guides as one loop: look at the page, do what it asks, until linked or stopped.

Both guides are two paths through it: redaction notice, court drop-down and "NextGen Release 1.1 Menu Items" appear or
do not. This is the second of the two places that reveal secrets.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from yarl import URL

from bot.clock import Clock
from bot.errors import Code, LinkEnded, ended
from bot.linker.accounts import Shown, compare
from bot.linker.court_choice import option_for
from bot.linker.form import Control, Form
from bot.linker.pages import (
    Bar,
    Bounce,
    CourtChoice,
    CourtRedaction,
    CurrentGenLogin,
    Down,
    FrontPage,
    LinkedNotice,
    LinkForm,
    LinkRefused,
    Menu,
    NoPrivileges,
    NotLoggedIn,
    Page,
    RefererWarning,
    SessionPage,
    SignOnDoor,
    Unknown,
    Utilities,
    Verify,
)
from bot.linker.proof import EXTERNAL, Proof
from bot.linker.refusals import court_refusal, linked_side
from bot.linker.signon import SignOn, sign_on
from bot.linker.signon_pages import SignOnForm
from bot.linker.values import (
    Ask,
    Comparison,
    ConfirmAnswer,
    ConfirmQuestion,
    LinkRequest,
    Step,
    Tell,
    Told,
)
from bot.linker.visit import Visit


@dataclass(slots=True)
class Walk:
    """One attempt's way through one court: what it has passed, so that nothing is done twice."""

    request: LinkRequest
    visit: Visit
    ask: Ask
    tell: Tell
    clock: Clock
    proof_again_after: float
    entry: URL | None = None
    signed_on: bool = False
    done: set[str] = field(default_factory=set)
    form_lines: tuple[str, ...] | None = None
    form_out: bool = False
    menu: Bar | None = None
    menu_url: URL | None = None
    menu_after: Bar | None = None

    async def through(self) -> Code:
        """Walk until the court has linked, or turns out to have linked before.

        Raises LinkEnded for every other ending. While the link form is out, which links at a court without a verify
        page, an ending that the court did not give in known words says nothing: a fresh menu is asked.
        """
        try:
            return await self._to_its_end()
        except LinkEnded as end:
            if not self.form_out or end.code is Code.OUTCOME_UNKNOWN:
                raise
            if await self._proven():
                return Code.LINKED
            raise end if end.code is Code.ECF_REFUSED else ended(Code.OUTCOME_UNKNOWN) from None

    async def _to_its_end(self) -> Code:
        await self.tell(Told(Step.FRONT_PAGE))
        self.visit.page = await self.visit.get(self.visit.at_court("/"))
        while True:
            page = self.visit.page
            if self.signed_on and (page.linked or (isinstance(page, LinkedNotice) and self.form_lines is not None)):
                self._remember_menu()
                return await self._filer_already()
            if isinstance(page, Verify) and self.form_lines is not None:
                if self.form_out:
                    self.form_out = False
                    await self.tell(Told(Step.VERIFY))
                return await self._verify(page)
            self.visit.page = await self._next(page)

    async def _next(self, page: Page) -> Page:
        """Return the page after `page`: the guides, as one match."""
        get = self.visit.get
        match page:
            case FrontPage(enter=enter) if "door" not in self.done or not self.signed_on:
                if self.signed_on:
                    self.done.add("door")
                self.entry = enter
                return await self.visit.led(enter)
            case SignOnDoor(to=door) | SignOnForm(url=door) if not self.signed_on:
                return await self._sign_on(door)
            case SignOnDoor() | SignOnForm() | NotLoggedIn():
                return await self._once("login", self._again, Code.INTERRUPTED, "the court did not keep the sign-on")
            case NoPrivileges():
                return await self._once("privileges", self._again, Code.UNKNOWN_PAGE, "no access privileges, twice")
            case RefererWarning(url=url):
                again = lambda: get(url, referer=EXTERNAL)  # noqa: E731
                return await self._once("referer", again, Code.UNKNOWN_PAGE, "referer guard, twice")
            case Bounce(to=to):
                return await self.visit.led(to)
            case CourtChoice(form=Form() as form, select=Control() as select) if self.signed_on:
                return await self._choose_court(page, form, select)
            case CourtRedaction(form=Form() as form, box=box, button=button) if self.signed_on:
                await self.tell(Told(Step.REDACTION))
                tick = lambda: self.visit.send(form, {box: "on"}, button)  # noqa: E731
                return await self._once("redaction", tick, Code.UNKNOWN_PAGE, "the redaction notice came twice")
            case LinkForm(form=Form() as form) if self.signed_on and self.form_lines is None:
                return await self._fill(page, form)
            case Utilities() if self.signed_on and self.form_lines is None:
                return await self._utilities(page)
            case Menu() | SessionPage() | FrontPage() if self.signed_on and self.form_lines is None:
                return await self._menu(page)
            case _:
                raise self._end(page)

    def _end(self, page: Page) -> LinkEnded:
        """Return what a page means that leads no further."""
        match page:
            case CurrentGenLogin():
                return ended(Code.NOT_LIVE)
            case Down(url=url, why=why):
                return self.visit.down(url, why)
            case LinkForm() | Menu() if self.form_lines is not None:
                return self._refusal(page)
            case LinkRefused() if "link" in self.done:
                return self._refusal(page)
            case Unknown(why=why):
                return ended(Code.UNKNOWN_PAGE, why)
            case _:
                return ended(Code.UNKNOWN_PAGE, f"{type(page).__name__} where it does not belong")

    async def _sign_on(self, door: URL) -> Page:
        """Step 2: PACER's sign-on; then back to where the court wanted to go."""
        back = self.visit.fence.admit(door, door.query.get("appurl", ""))
        home = back if back is not None and self.visit.fence.is_court(back) else None
        self.entry = home or self.entry or self.visit.at_court("/cgi-bin/login.pl")
        through = await sign_on(SignOn(self.request, self.visit.browser, self.visit.fence, self.ask, self.tell), door)
        self.signed_on = True
        self.visit.forget_ways()
        await self.tell(Told(Step.MENU))
        return through.page or await self.visit.get(through.onward or self.entry)

    async def _choose_court(self, page: CourtChoice, form: Form, select: Control) -> Page:
        """Guide GASB step 4: "Where would you like to go?"."""
        await self.tell(Told(Step.COURT_CHOICE))
        value = option_for(self.request.court, select.options)
        if value is None:
            raise ended(Code.COURT_NOT_LISTED)
        choose = lambda: self.visit.send(form, {select.name: value}, page.button)  # noqa: E731
        return await self._once("choice", choose, Code.UNKNOWN_PAGE, "the court choice came twice")

    async def _menu(self, page: Page) -> Page:
        """Step 5 (GASB), 3 (ALMB): "Utilities"."""
        self._remember_menu()
        if "link" in self.done and not (isinstance(page, Menu) and not page.lines):
            raise ended(Code.UNKNOWN_PAGE, "after the link came neither its form nor a menu")
        if page.bar is not None and page.bar.linked is None:
            raise ended(Code.UNKNOWN_PAGE, "the menu does not tell a filer from a reader")
        await self.tell(Told(Step.UTILITIES))
        known = page.bar.utilities if page.bar else None
        to = known or self.visit.at_court("/cgi-bin/DisplayMenu.pl?Utilities")
        return await self._once("utilities", lambda: self.visit.get(to), Code.LINK_NOT_OFFERED)

    async def _utilities(self, page: Utilities) -> Page:
        """Step 5 (GASB), 3 (ALMB): the link itself, or the menu that hides it."""
        self._remember_menu()
        self.done.add("utilities")
        if page.link is not None:
            link = page.link
            return await self._once("link", lambda: self.visit.get(link), Code.LINK_NOT_OFFERED)
        await self.tell(Told(Step.NEXTGEN_MENU))
        nextgen = page.nextgen or self.visit.page.url
        return await self._once("nextgen", lambda: self.visit.get(nextgen), Code.LINK_NOT_OFFERED)

    async def _fill(self, page: LinkForm, form: Form) -> Page:
        """Step 6 (GASB), 4 (ALMB): "CM/ECF login", "CM/ECF password", "Submit"; committed before it goes, sent once."""
        filer = self.request.filer
        await self.tell(Told(Step.LINK_FORM))
        self.form_lines, self.form_out = page.lines, True
        typed = {page.login: filer.login.text, page.password: filer.password.reveal()}
        try:
            return await self.visit.send(form, typed, page.button)
        finally:
            filer.password.spend()

    async def _verify(self, page: Verify) -> Code:
        """Step 7 (GASB), 5 (ALMB): the person compares, and only their yes sends the Submit that cannot be undone."""
        shown = Shown(page.filer_shown, page.account_shown, page.certain)
        comparison = compare(shown, self.request.filer.login, self.request.account.username)
        answer = await self.ask(ConfirmQuestion(shown.filer, shown.account, comparison))
        if isinstance(answer, ConfirmAnswer) and not answer.link:
            raise ended(Code.STOPPED_BY_PERSON)
        if comparison is Comparison.DIFFER:
            raise ended(Code.ACCOUNTS_MISMATCH)
        if not isinstance(answer, ConfirmAnswer) or page.form is None:
            raise ended(Code.TIMED_OUT)
        await self.tell(Told(Step.SUBMIT))
        return await self._submit(page.form, page.button)

    async def _submit(self, form: Form, button: Control | None) -> Code:
        """Send the final Submit once, whatever becomes of its answer, and look for proof on fresh pages."""
        said: Page | None = None
        try:
            said = await self.visit.send(form, {}, button)
        except LinkEnded:
            said = None
        if await self._proven():
            return Code.LINKED
        if isinstance(said, LinkRefused | LinkForm):
            new = self._new_lines(said)
            if court_refusal(new) is Code.PACER_LINKED_ELSEWHERE:
                raise ended(Code.PACER_LINKED_ELSEWHERE, linked_side(new))
        raise ended(Code.OUTCOME_UNKNOWN)

    async def _proven(self) -> bool:
        """Step 8 (GASB), 6 (ALMB), "F5"."""
        await self.tell(Told(Step.PROOF))
        utilities = self.menu.utilities if self.menu else None
        places = [place for place in dict.fromkeys((self.menu_url, utilities, self.entry)) if place is not None]
        proof = Proof(self.visit, self.clock, self.proof_again_after)
        found = await proof.found(places)
        self.menu_after = proof.seen
        return found

    async def _filer_already(self) -> Code:
        """A filer's menu: linked before, unless this attempt's own form was sent and the court asked nothing more."""
        if self.form_lines is None:
            return Code.ALREADY_LINKED
        if await self._proven():
            return Code.LINKED
        raise ended(Code.OUTCOME_UNKNOWN)

    def _refusal(self, page: LinkForm | LinkRefused | Menu) -> LinkEnded:
        """What the court's answer to the link form means: only lines that the form did not show before count."""
        new = self._new_lines(page)
        code = court_refusal(new)
        if code is not None:
            self.form_out = False
            return ended(code, linked_side(new) if code is Code.PACER_LINKED_ELSEWHERE else "")
        if isinstance(page, LinkForm):
            return ended(Code.ECF_REFUSED, "the court showed its form again without a reason")
        return ended(Code.UNKNOWN_PAGE, "the court's answer to the link form is not known")

    def _new_lines(self, page: LinkForm | LinkRefused | Menu) -> list[str]:
        return [line for line in page.lines if line not in (self.form_lines or ())]

    async def _once(self, what: str, act: Callable[[], Awaitable[Page]], otherwise: Code, detail: str = "") -> Page:
        """Do something at most once an attempt; the second time, end."""
        if what in self.done:
            raise ended(otherwise, detail)
        self.done.add(what)
        return await act()

    async def _again(self) -> Page:
        """Ask for the same page once more: right after a sign-on courts sometimes have not heard of it yet."""
        if self.form_lines is not None:
            raise ended(Code.INTERRUPTED, "the court lost the session")
        here = self.visit.page.url
        at_court = self.visit.fence.is_court(here)
        return await self.visit.get(here if at_court else self.entry or self.visit.at_court("/cgi-bin/login.pl"))

    def _remember_menu(self) -> None:
        page = self.visit.page
        if page.bar is not None:
            self.menu = page.bar
            self.menu_url = self.menu_url or page.url
