"""One person's way through the link form of one pretend court: checks every POST as strictly as a court would."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Set
from dataclasses import dataclass, field

from bot.sandbox import link_pages
from bot.sandbox.accounts import AccountTrouble, FilerTrouble, PretendAccount, PretendFiler
from bot.sandbox.faults import FOREIGN_HOST, Fault
from bot.sandbox.link_pages import Sheet
from bot.sandbox.links import Links
from bot.sandbox.profiles import Charset, CourtProfile, LinkForm, Refusal
from bot.sandbox.trouble import STRANGE_PAGE
from bot.sandbox.wire import CUT, SILENT, Form, Reply, Visit, page

NOT_LINKED_WORDS = "The accounts will not be linked."
STALE_FORM = "Error: The page ID does not exist. Please start over."

FILER_WORDS = {
    FilerTrouble.WRONG_PASSWORD: "Invalid CM/ECF login or password.",
    FilerTrouble.LOCKED: "This CM/ECF login is locked. Contact the court's help desk.",
    FilerTrouble.DISABLED: "This CM/ECF account has been disabled. Contact the court's help desk.",
    FilerTrouble.LINKED_ELSEWHERE: "This CM/ECF account is already linked to another PACER account.",
    FilerTrouble.UNLINKABLE: "A CM/ECF login with special characters cannot be linked.",
}
"""What the court says of a filer's trouble (reconstruction)."""

ACCOUNT_WORDS = {
    AccountTrouble.LEGACY: "Your PACER account must be upgraded before it can be linked.",
    AccountTrouble.SHARED: "This is a shared PACER account. Log on with your individual PACER account.",
}
"""What the link page says instead of showing the form (reconstruction)."""

OTHER_LINK = "Your PACER account is already linked to another CM/ECF account."


@dataclass
class Walk:
    """Where one court session stands between the link form and the final Submit."""

    sheet: Sheet | None = None
    filer: PretendFiler | None = None
    submitted: bool = False
    cookie: str = field(default_factory=lambda: secrets.token_hex(16).upper())


@dataclass
class LinkDesk:
    """The link form of one court (`host`), over its register of links."""

    host: str
    links: Links

    def open(
        self, walk: Walk, account: PretendAccount, profile: CourtProfile, faults: Set[Fault], render: Render
    ) -> Reply:
        """Show the link form, or say why this PACER account gets none."""
        if account.trouble in ACCOUNT_WORDS:
            return render(link_pages.one_line(ACCOUNT_WORDS[account.trouble]))
        return self._form(walk, profile, faults, render)

    def receive(
        self,
        visit: Visit,
        walk: Walk,
        account: PretendAccount,
        profile: CourtProfile,
        faults: Set[Fault],
        render: Render,
    ) -> Reply:
        """Take a filled link form: show the verify page, or refuse."""
        sheet, form = walk.sheet, visit.form(charset_of(profile))
        visit.asked.flaw = flaw_of(visit, form, sheet)
        walk.sheet = None
        if visit.asked.flaw or sheet is None:
            return render(link_pages.one_line(STALE_FORM))
        login, password = (form.get(name) for name in sheet.free)
        visit.asked.filer = login
        if Fault.FORM_AGAIN_SILENT in faults:
            return self._form(walk, profile, faults, render)
        words = self._refusal(visit, login, password, account)
        if words:
            said = f"{words} {NOT_LINKED_WORDS}"
            if profile.refusal is Refusal.ONE_LINE:
                return render(link_pages.one_line(said))
            return self._form(walk, profile, faults, render, said)
        walk.filer = self.links.filers[login.lower()]
        if not profile.verify_page:
            return self._link(visit, walk, account, profile, faults, render)
        return self._verify(walk, account, profile, faults, render)

    def submit(
        self,
        visit: Visit,
        walk: Walk,
        account: PretendAccount,
        profile: CourtProfile,
        faults: Set[Fault],
        render: Render,
    ) -> Reply:
        """Take the final Submit: link, and answer as this court and its faults do."""
        visit.asked.filer = walk.filer.login if walk.filer else ""
        visit.asked.flaw = flaw_of(visit, visit.form(charset_of(profile)), walk.sheet)
        walk.sheet = None
        if visit.asked.flaw or walk.filer is None:
            return render(link_pages.one_line(STALE_FORM))
        return self._link(visit, walk, account, profile, faults, render)

    def _link(
        self,
        visit: Visit,
        walk: Walk,
        account: PretendAccount,
        profile: CourtProfile,
        faults: Set[Fault],
        render: Render,
    ) -> Reply:
        if Fault.CUT_BEFORE_SUBMIT in faults:
            visit.asked.taken = False
            return CUT
        filer = walk.filer
        walk.submitted = True
        if filer is None:
            return render(link_pages.one_line(STALE_FORM))
        if Fault.SAYS_LINKED_BUT_IS_NOT not in faults:
            self.links.apply(filer, account.user_name, profile, visit.now)
        return _after_submit(faults) or render(link_pages.success(profile))

    def _refusal(self, visit: Visit, login: str, password: str, account: PretendAccount) -> str:
        filer = self.links.filers.get(login.lower())
        visit.asked.password_right = bool(filer and filer.password == password)
        if filer is None:
            return FILER_WORDS[FilerTrouble.WRONG_PASSWORD]
        if filer.trouble is FilerTrouble.LOCKED or self.links.wrong.get(filer.login, 0) >= filer.locks_after:
            return FILER_WORDS[FilerTrouble.LOCKED]
        if filer.password != password:
            self.links.wrong[filer.login] = self.links.wrong.get(filer.login, 0) + 1
            return FILER_WORDS[FilerTrouble.WRONG_PASSWORD]
        self.links.wrong.pop(filer.login, None)
        if filer.trouble is not FilerTrouble.NONE:
            return FILER_WORDS[filer.trouble]
        if self.links.linked.get(filer.login, account.user_name) != account.user_name:
            return FILER_WORDS[FilerTrouble.LINKED_ELSEWHERE]
        return OTHER_LINK if account.trouble is AccountTrouble.LINKED_ELSEWHERE else ""

    def _form(self, walk: Walk, profile: CourtProfile, faults: Set[Fault], render: Render, said: str = "") -> Reply:
        if Fault.UNKNOWN_LINK_FORM in faults:
            boxes = "".join(f'<input type="password" name="p{n}">' for n in range(3))
            return render(
                f'<form method="POST" action="/cgi-bin/p.pl">{boxes}<input type="submit" value="Submit"></form>'
            )
        sheet = link_pages.link_sheet(profile, new_digits(), secrets.token_hex(8))
        walk.sheet = sheet
        action = action_of(sheet, profile)
        if Fault.FOREIGN_FORM in faults:
            action = f"https://{FOREIGN_HOST}{sheet.address}"
        elif Fault.PLAIN_HTTP_FORM in faults:
            action = f"http://{self.host}{sheet.address}"
        method = "GET" if Fault.GET_FORM in faults else "POST"
        reply = render(link_pages.link_form(profile, sheet, action, method, said))
        if profile.link_form is LinkForm.JSF:
            return reply.plus(("Set-Cookie", f"JSESSIONID={walk.cookie}; path=/n; secure; HttpOnly"))
        return reply

    def _verify(
        self, walk: Walk, account: PretendAccount, profile: CourtProfile, faults: Set[Fault], render: Render
    ) -> Reply:
        if Fault.UNKNOWN_VERIFY_PAGE in faults or walk.filer is None:
            survey = (
                '<form method="POST" action="/cgi-bin/s.pl"><input name="q"><input type="submit" value="Send"></form>'
            )
            return render(f"<p>Please tell us how you heard of CM/ECF.</p>{survey}")
        shown = link_pages.shown_names(profile.verify_names, walk.filer, account)
        sheet = link_pages.verify_sheet(profile, new_digits(), secrets.token_hex(8), shown)
        walk.sheet = sheet
        action = action_of(sheet, profile)
        if Fault.FOREIGN_VERIFY_FORM in faults:
            action = f"https://{FOREIGN_HOST}{sheet.address}"
        return render(link_pages.verify_page(profile, sheet, action, shown))


Render = Callable[[str], Reply]


def _after_submit(faults: Set[Fault]) -> Reply | None:
    if Fault.CUT_AFTER_SUBMIT in faults:
        return CUT
    if Fault.NO_ANSWER_AFTER_SUBMIT in faults:
        return SILENT
    if Fault.ERROR_AFTER_SUBMIT in faults:
        return page("<html><head><title>500 Internal Server Error</title></head></html>", 500)
    if Fault.DOWN_AFTER_SUBMIT in faults:
        return page("<html><head><title>503 Service Unavailable</title></head></html>", 503)
    return STRANGE_PAGE if Fault.UNKNOWN_AFTER_SUBMIT in faults else None


def new_digits() -> str:
    """Return the digits that a CM/ECF form's action carries, new at every showing."""
    return str(secrets.randbelow(9 * 10**14) + 10**14)


def charset_of(profile: CourtProfile) -> str:
    """Return the codec of this court's pages and of what is posted to them."""
    return "utf-8" if profile.charset is Charset.UTF_8 else "cp1252"


def action_of(sheet: Sheet, profile: CourtProfile) -> str:
    """Return the form's action as the page writes it: CGI scripts as `../cgi-bin/...`, Faces modules from the root."""
    return sheet.address if profile.link_form is LinkForm.JSF else f"..{sheet.address}"


def flaw_of(visit: Visit, form: Form, sheet: Sheet | None) -> str:
    """Return what is wrong with a posted form, or nothing: the rules that a browser follows without thinking."""
    if sheet is None:
        return "no form was shown"
    if visit.asked.method != "POST":
        return f"sent by {visit.asked.method}"
    if visit.address != sheet.address:
        return "sent to another address than the form's action"
    wanted = "multipart/form-data" if sheet.multipart else "application/x-www-form-urlencoded"
    if visit.media_type != wanted:
        return f"sent as {visit.media_type}, not {wanted}"
    for name, value in (*sheet.fixed, sheet.button):
        if form.all(name) != [value]:
            return f"{name} did not come back as it was"
    known = {name for name, _ in sheet.fixed} | set(sheet.free) | {sheet.button[0]}
    strange = [name for name, _ in form.pairs if name not in known]
    if strange:
        return f"{strange[0]} came, which a browser would not send"
    missing = [name for name in sheet.free if len(form.all(name)) != 1]
    return f"{missing[0]} did not come once" if missing else ""


def jsf_cookie_flaw(visit: Visit, walk: Walk, profile: CourtProfile) -> bool:
    """Tell whether a Faces form came without the JSESSIONID that its page set."""
    return profile.link_form is LinkForm.JSF and visit.cookies.get("JSESSIONID") != walk.cookie
