"""`read`: from a document to the page it is. The order of the questions matters and is explained at each."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.linker.accounts import mentions_both, shown_accounts
from bot.linker.document import Document, TooLarge
from bot.linker.fence import Fence
from bot.linker.form import Control, Form, Link
from bot.linker.leaving import doors, front, leaving, weaker_leaving
from bot.linker.pages import (
    REFUSED,
    Bar,
    CourtChoice,
    CourtRedaction,
    CurrentGenLogin,
    Down,
    LinkedNotice,
    LinkForm,
    LinkRefused,
    Menu,
    NoPrivileges,
    NotLoggedIn,
    Page,
    RefererWarning,
    Strange,
    Unknown,
    Utilities,
    Verify,
    aimed,
    menu_bar,
)
from bot.linker.refusals import court_refusal, says_linked_elsewhere
from bot.linker.script import alerts
from bot.linker.signon_pages import read_sign_on

_SUBMIT = re.compile(r"\bsubmit\b", re.IGNORECASE)
_CONTINUE = re.compile(r"\bcontinue\b|\bsubmit\b|\bproceed\b", re.IGNORECASE)
_LINK_LABELS = (
    re.compile(
        r"^\W*link\s+(?:a|my|your)\s+cm\s*/?\s*ecf\s+account\s+to\s+(?:my|your|a)\s+pacer\s+account\b", re.IGNORECASE
    ),
    re.compile(r"^\W*link\b.{0,40}\b(?:cm\s*/?\s*ecf|filer|filing)\b.{0,40}\bpacer\b", re.IGNORECASE),
)
_NEXTGEN_LABEL = re.compile(r"\bnext\s*gen\s+release\b", re.IGNORECASE)
_ECF = re.compile(r"\bcm\s*/?\s*ecf\b", re.IGNORECASE)
_SUCCESS = re.compile(
    r"\bsuccessful(?:ly)?\b[^.]*\blink|\blink(?:ed|ing|age)?\b[^.]*\bsuccess"
    r"|\b(?:accounts?|logins?)\b[^.]*\b(?:has|have|is|are)\s+(?:now\s+|been\s+)*(?:linked|associated)\b(?!\s+(?:to|with)\s+(?:an)?other)"
    r"|\blink(?:ing|age)?\b[^.]*\b(?:complete|completed|established)\b",
    re.IGNORECASE,
)
_WHERE_TO = re.compile(r"where\s+would\s+you\s+like\s+to\s+go", re.IGNORECASE)
_REJECTED = re.compile(r"\brequest\s+rejected\b|\baccess\s+(?:is\s+)?denied\b|^403\b|\bforbidden\b", re.IGNORECASE)
_MAINTENANCE = re.compile(
    r"request\s+time-?\s?out|service\s+(?:is\s+)?(?:temporarily\s+)?unavailable|bad\s+gateway|gateway\s+time-?out"
    r"|(?:is|are)\s+(?:currently\s+|temporarily\s+)?(?:unavailable|down)\b|(?:down|closed|unavailable|offline)\s+for\s+(?:\w+\s+)?(?:maintenance|upgrade)"
    r"|\b(?:is|are|be)\s+(?:currently\s+|temporarily\s+)?(?:not\s+(?:currently\s+)?available|unavailable|offline|off-?line|inaccessible)\b"
    r"|\b(?:undergoing|scheduled|planned|routine|emergency)\s+(?:\w+\s+)?(?:maintenance|outage|upgrade)\b"
    r"|\bunable\s+to\s+connect\b|\b(?:service|system|network)\s+(?:disruption|outage|interruption)\b"
    r"|\b(?:being|to\s+be)\s+upgraded\b|\b404\s+not\s+found\b|\bnot\s+found\b.{0,40}\brequested\s+url\b"
    r"|\brequested\s+url\b.{0,120}\bnot\s+found\b|\b(?:internal\s+server|proxy)\s+error\b",
    re.IGNORECASE,
)


def read(document: Document, fence: Fence) -> Page:
    """Tell which screen `document` is; `Unknown` with a reason where none fits, never an error."""
    try:
        if fence.is_sign_on(document.url):
            return read_sign_on(document, fence)
        return _read_court(document, fence)
    except TooLarge:
        return Unknown(document.url, why=Strange.TOO_LARGE)


def _read_court(document: Document, fence: Fence) -> Page:
    bar = menu_bar(document, fence)
    questions: tuple[Callable[[Document, Fence, Bar | None], Page | None], ...] = (
        _signs,
        leaving,
        _password_pages,
        _redaction,
        _choice,
        _offer,
        _verify,
        _outcome,
        _bare_menu,
        weaker_leaving,
        front,
    )
    for question in questions:
        page = question(document, fence, bar)
        if page is not None:
            return page
    return Unknown(document.url, bar, title=document.title)


def _signs(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    """Short pages with fixed sentences of the software itself; first, because they stand in place of any other page."""
    text = document.main_text[:2_000]
    if "no access privileges defined" in text.lower():
        return NoPrivileges(document.url, bar)
    if (
        document.may_say("originated")
        and "may not have originated from within cm/ecf" in " ".join(document.lines)[:4_000].lower()
    ):
        return RefererWarning(document.url, bar)
    if re.search(r"\bnot logged in\b", text, re.IGNORECASE) and len(text) < 200:
        return NotLoggedIn(document.url, bar)
    if bar is None and len(text) < 1_500 and not document.passwords and not doors(document, fence):
        whole = f"{document.title} {text}".strip()
        if _REJECTED.search(whole):
            return Down(document.url, why=REFUSED)
        if _MAINTENANCE.search(whole):
            return Down(document.url)
    return None


def _password_pages(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    """A form with one password: the link form, or the old login of a court that is not live; else it is nobody's."""
    if document.passwords == 0:
        return None
    for form in document.forms:
        if len(form.passwords()) != 1:
            continue
        if _is_current_gen(form):
            return CurrentGenLogin(document.url, bar)
        page = _link_form(form, document, fence, bar)
        if page is not None:
            return page
    return Unknown(document.url, bar, title=document.title)


def _is_current_gen(form: Form) -> bool:
    names = {c.name for c in form.controls}
    return form.name.lower() == "getpass" or {"login", "key"} <= names


def _link_form(form: Form, document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    """The field of the name is the one before the password; both must be the court's to ask for, never PACER's."""
    password = form.passwords()[0]
    before = [c for c in form.controls[: form.controls.index(password)] if c.types and c.name]
    if not before or not password.name:
        return None
    login = before[-1]
    asked = f"{login.label} {password.label}"
    if re.search(r"\bpacer\b", asked, re.IGNORECASE) and not _ECF.search(asked):
        return None
    if not _ECF.search(f"{asked} {document.main_text[:5_000]}"):
        return None
    button = form.button(_SUBMIT) or _only_button(form)
    if form.strange_button(_SUBMIT) or (button is None and any(c.does_more for c in form.controls)):
        return Unknown(document.url, bar, why=Strange.BUTTON)
    if button is None:
        return None
    if not aimed(form, button, fence):
        return Unknown(document.url, bar, why=Strange.FOREIGN_FORM)
    lines = (*document.main_lines, *alerts(document.scripts))
    return LinkForm(document.url, bar, form=form, login=login.name, password=password.name, button=button, lines=lines)


def _only_button(form: Form) -> Control | None:
    pressing = [c for c in form.controls if c.presses]
    return pressing[0] if len(pressing) == 1 else None


def _redaction(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    if not document.has_forms or not re.search(r"\bredact", document.main_text[:20_000], re.IGNORECASE):
        return None
    for form in document.forms:
        boxes = [c for c in form.controls if c.kind == "checkbox" and not c.disabled and c.name]
        button = form.button(_CONTINUE)
        if len(boxes) == 1 and button is not None:
            if not aimed(form, button, fence):
                return Unknown(document.url, bar, why=Strange.FOREIGN_FORM)
            return CourtRedaction(document.url, bar, form=form, box=boxes[0].name, button=button)
    return None


def _choice(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    if (
        not document.has_forms
        or not document.may_say("would")
        or not _WHERE_TO.search(" ".join(document.lines)[:20_000])
    ):
        return None
    for form in document.forms:
        select = next((c for c in form.controls if c.kind == "select" and not c.disabled and c.name), None)
        button = form.button(_CONTINUE) or _only_button(form)
        if select is not None and button is not None:
            target = form.target(button)
            if target is None or not fence.admits(target):
                return Unknown(document.url, bar, why=Strange.FOREIGN_FORM)
            return CourtChoice(document.url, bar, form=form, select=select, button=button)
    return None


def _offer(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    """The guides' own link, or the menu that hides it; labels matched by words, never by place."""
    link = next((i.to for label in _LINK_LABELS for i in document.links if _offers(i, label, fence)), None)
    nextgen = next((i.to for i in document.links if _offers(i, _NEXTGEN_LABEL, fence)), None)
    if (link is not None or nextgen is not None) and (bar is not None or not doors(document, fence)):
        return Utilities(document.url, bar, link=link, nextgen=nextgen)
    return None


def _offers(link: Link, label: re.Pattern[str], fence: Fence) -> bool:
    return bool(label.search(link.text)) and fence.is_court(link.to)


def _verify(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    """No password, one Submit, both accounts; a page with a field to fill or a box to tick is another one."""
    if not document.has_forms or not mentions_both(document) or says_linked_elsewhere(document.main_lines):
        return None
    for form in document.forms:
        button = form.button(_SUBMIT)
        if any(_open(c) for c in form.controls):
            continue
        if form.strange_button(_SUBMIT):
            return Unknown(document.url, bar, why=Strange.BUTTON)
        if button is None:
            continue
        if not aimed(form, button, fence):
            return Unknown(document.url, bar, why=Strange.FOREIGN_FORM)
        shown = shown_accounts(document)
        return Verify(
            document.url,
            bar,
            form=form,
            button=button,
            filer_shown=shown.filer,
            account_shown=shown.account,
            certain=shown.certain,
        )
    return None


def _open(control: Control) -> bool:
    if control.disabled:
        return False
    ticks = control.kind in ("checkbox", "radio") and not control.checked
    return ticks or (control.types and not control.readonly and not control.value)


def _outcome(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    """One line of the court's on a page of its own: what it refused, or that it has linked."""
    lines = (*document.main_lines, *alerts(document.scripts))
    text = " ".join(lines)
    if len(text) > 2_000 or doors(document, fence):
        return None
    if court_refusal(lines) and (bar is not None or _ECF.search(text)):
        return LinkRefused(document.url, bar, lines=lines)
    if _SUCCESS.search(text):
        return LinkedNotice(document.url, bar)
    return None


def _bare_menu(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    if bar is None or bar.log_out is None:
        return None
    return Menu(document.url, bar, lines=document.main_lines[:20])
