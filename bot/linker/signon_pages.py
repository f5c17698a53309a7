"""The screens of PACER's sign-on host, from whole pages and from the partial answers of PrimeFaces (protocol 1.3-1.7).

Fields are found by the ends of their names, because the front has changed twice since 2019; the Faces prefix
(`javax` or `jakarta`) is read from the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yarl import URL

from bot.errors import Code
from bot.linker.document import Document
from bot.linker.fence import Fence
from bot.linker.form import Control, Form
from bot.linker.pages import Bounce, CourtChoice, Down, Page, SessionPage, Strange, Unknown
from bot.linker.refusals import pacer_refusal
from bot.linker.script import moves

_WHERE_TO = re.compile(r"where\s+would\s+you\s+like\s+to\s+go", re.IGNORECASE)
_GO_ON = re.compile(r"\b(?:submit|continue|go|change)\b|ChangeClientCode", re.IGNORECASE)
_SHOW = re.compile(r"(?:PF\s*\(\s*['\"](?P<pf>\w+)['\"]\s*\)|(?P<var>\w+))\s*\.\s*show\s*\(")
_VISIBLE = re.compile(r"[\"']?visible[\"']?\s*:\s*true", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Faces:
    """What every post of a JSF form carries on: the prefix of its parameters and the view's state."""

    prefix: str
    view_state: str


@dataclass(frozen=True, slots=True)
class SignOnForm(Page):
    """Step 2 of both guides: "Username", "Password", "Client Code", "Login"."""

    form: Form | None = None
    faces: Faces | None = None
    username: str = ""
    password: str = ""
    client_code: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class PasscodeForm(Page):
    """PACER asks for the passcode of the authenticator app (`mfaForm`; protocol 1.6)."""

    form_id: str = ""
    field: str = ""
    button: str = ""
    faces: Faces | None = None


@dataclass(frozen=True, slots=True)
class RedactionNotice(Page):
    """Guide GASB step 3: the box of the redaction notice, and "Continue" (`regmsg`; protocol 1.4)."""

    form_id: str = ""
    box: str = ""
    widget: str = ""
    button: str = ""
    faces: Faces | None = None


@dataclass(frozen=True, slots=True)
class SignOnRefused(Page):
    """PACER said no, in its own words."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interstitial(Page):
    """A prompt that only the person may answer; its "Skip" is never pressed (protocol 1.7)."""

    code: Code = Code.ACCOUNT_UPDATE_REQUIRED


@dataclass(frozen=True, slots=True)
class FlowLost(Page):
    """The sign-on page no longer knows this visit (an expired view)."""


def read_sign_on(document: Document, fence: Fence) -> Page:
    """Tell which screen of the sign-on host a whole page is."""
    for move in moves(document.scripts):
        if move.at_once and not document.has_forms:
            return _bounce(document.url, fence, move.to)
    if document.refresh is not None and not document.has_forms:
        return _bounce(document.url, fence, document.refresh)
    if document.has_forms and _WHERE_TO.search(" ".join(document.lines)[:20_000]) and not document.passwords:
        page = _court_choice(document, fence)
        if page is not None:
            return page
    opened = _opened(document, _shown_names(document.scripts), None)
    if opened is not None and not (document.passwords and isinstance(opened, RedactionNotice)):
        return opened
    return _login_form(document, fence) or _stranger(document)


def read_partial(
    url: URL, updates: Mapping[str, str], redirect: str | None, scripts: Sequence[str], fence: Fence, before: Faces
) -> Page:
    """Tell what a PrimeFaces partial answer means; `before` is carried on where it brings no new view state."""
    if redirect is not None:
        return _bounce(url, fence, redirect)
    state = next((text.strip() for name, text in updates.items() if "ViewState" in name and text.strip()), "")
    faces = Faces(before.prefix, state or before.view_state)
    if any("ViewExpired" in script or "could not be restored" in script for script in scripts):
        return FlowLost(url)
    markup = "".join(text for name, text in updates.items() if "ViewState" not in name)
    document = Document(url, f"<html><body>{markup}</body></html>")
    for move in moves([*scripts, *document.scripts]):
        if move.at_once:
            return _bounce(url, fence, move.to)
    opened = _opened(document, _shown_names([*scripts, *document.scripts]), faces)
    if opened is None and not document.has_forms and not document.lines:
        return SessionPage(url)
    return opened or _stranger(document)


def faces_of(form: Form) -> Faces | None:
    """Return the Faces prefix and view state of a form's hidden field, or None where it has none."""
    state = form.find("faces.ViewState")
    return Faces(state.name.partition(".")[0], state.value) if state is not None else None


def _opened(document: Document, shown: str, faces: Faces | None) -> Page | None:
    """The dialog or message in front: PACER's words first; a hidden dialog counts once a script opens it."""
    if document.errors:
        return SignOnRefused(document.url, lines=document.errors)
    if _in_front(document, ("bpmSkip", "frmUserUpdate"), "update", shown):
        return Interstitial(document.url, code=_update_code(document))
    if _in_front(document, ("btnAckOkay",), "ack", shown):
        return Interstitial(document.url, code=Code.ACCOUNT_UPDATE_REQUIRED)
    state = faces or next((f for f in map(faces_of, document.forms) if f), None)
    if _in_front(document, ("mfaInput",), "mfa", shown):
        return _passcode_form(document, state)
    if _in_front(document, ("chkRedact_input", "chkRedact"), "redact", shown):
        return _redaction_notice(document, state)
    return None


def _in_front(document: Document, names: Sequence[str], widget: str, shown: str) -> bool:
    return any(document.shows(n) for n in names) or (widget in shown and any(document.has(n) for n in names))


def _shown_names(scripts: Sequence[str]) -> str:
    """The lower-case names of the dialogs that scripts open, in one text."""
    names = [m["pf"] or m["var"] or "" for s in scripts for m in _SHOW.finditer(s[:100_000])]
    names += [s[:2_000] for s in scripts if _VISIBLE.search(s[:2_000])]
    return " ".join(names).lower()


def _update_code(document: Document) -> Code:
    known = pacer_refusal(document.lines[:60])
    return known if known in (Code.MFA_ENROLMENT_REQUIRED, Code.PASSWORD_EXPIRED) else Code.ACCOUNT_UPDATE_REQUIRED


def _passcode_form(document: Document, faces: Faces | None) -> Page:
    form = next((f for f in document.forms if f.find("mfaInput")), None)
    if form is None or faces is None:
        return _stranger(document)
    field, button = form.find("mfaInput"), form.find("btnOk")
    return PasscodeForm(
        document.url,
        form_id=form.id or form.name,
        field=field.name if field else "",
        button=button.name if button else "",
        faces=faces,
    )


def _redaction_notice(document: Document, faces: Faces | None) -> Page:
    form = next((f for f in document.forms if f.find("chkRedact_input", "chkRedact")), None)
    if form is None or faces is None:
        return _stranger(document)
    box, button = form.find("chkRedact_input", "chkRedact"), form.find("bpmConfirm")
    if box is None or button is None:
        return _stranger(document)
    return RedactionNotice(
        document.url,
        form_id=form.id or form.name,
        box=box.name,
        widget=box.name.removesuffix("_input"),
        button=button.name,
        faces=faces,
    )


def _login_form(document: Document, fence: Fence) -> Page | None:
    for form in document.forms:
        username, password = form.find("loginName", "userName"), form.find("password")
        button = form.find("fbtnLogin") or form.button(re.compile(r"^\s*log\s*-?in\s*$", re.IGNORECASE))
        if username is None or password is None or password.kind != "password":
            continue
        faces = faces_of(form)
        if button is None or faces is None:
            return _stranger(document)
        target = form.target(button)
        if target is None or not fence.is_sign_on(target) or not form.posts(button):
            return Unknown(document.url, why=Strange.FOREIGN_FORM)
        code = form.find("clientCode")
        return SignOnForm(
            document.url,
            form=form,
            faces=faces,
            username=username.name,
            password=password.name,
            client_code=code.name if code else "",
            button=button.name,
        )
    return None


def _court_choice(document: Document, fence: Fence) -> Page | None:
    for form in document.forms:
        select = next((c for c in form.controls if c.kind == "select" and c.name and not c.disabled), None)
        button = _go_on(form)
        if select is None or button is None:
            continue
        target = form.target(button)
        if target is None or not fence.admits(target) or not form.posts(button):
            return Unknown(document.url, why=Strange.FOREIGN_FORM)
        return CourtChoice(document.url, form=form, select=select, button=button)
    return None


def _go_on(form: Form) -> Control | None:
    pressing = [c for c in form.controls if c.presses]
    return (
        form.button(re.compile(r"\bsubmit\b", re.IGNORECASE))
        or form.button(_GO_ON)
        or (pressing[0] if len(pressing) == 1 else None)
    )


def _bounce(url: URL, fence: Fence, reference: str) -> Page:
    to = fence.admit(url, reference)
    return Bounce(url, to=to) if to is not None else Unknown(url, why=Strange.FOREIGN_REDIRECT)


def _stranger(document: Document) -> Page:
    if re.search(r"\b(?:unavailable|maintenance|time-?out)\b", document.title, re.IGNORECASE):
        return Down(document.url)
    return Unknown(document.url, title=document.title)
