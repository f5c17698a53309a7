"""The pretend sign-on page: password, passcode, prompts and redaction notice as posts of one Faces session.

It is as strict as the real one is known to be (protocol section 1.4): JSESSIONID and view state must be carried, a
post must name its form and its button, and what is not the next step starts over.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from bot.courts.court import Court
from bot.sandbox import sign_on_html as html
from bot.sandbox.accounts import AccountTrouble, PretendAccount
from bot.sandbox.faults import FOREIGN_HOST, Fault
from bot.sandbox.front import SIGN_ON, district_words
from bot.sandbox.ledger import Kind
from bot.sandbox.pretend_court import PretendCourt
from bot.sandbox.profiles import CourtChoice, Finish, SignedOut
from bot.sandbox.trouble import STRANGE_PAGE, answer_in_trouble, struck
from bot.sandbox.wire import Form, Reply, Visit, found, page

if TYPE_CHECKING:
    from bot.sandbox.pretend_pacer import PretendPacer

LOGIN_PATH = "/csologin/login.jsf"
CHOICE_PATH = "/csologin/welcome.jsf"
"""Made up: the address of "Where would you like to go?" is not public."""

REFUSED = "Invalid username or password"
_PAGE_WORDS = {
    "refused": REFUSED,
    "locked": "Your account is locked.",
    "disabled": "Your PACER account has been disabled",
    "suspended": "Access has been suspended because of excessive authentication calls.",
    "unknown": "Condition 99.",
}
_UPDATES = {
    AccountTrouble.MFA_ENROLMENT: ("User Update: multifactor authentication (MFA) enrollment is required.", True),
    AccountTrouble.PASSWORD_EXPIRED: ("User Update: your password has expired and must be renewed.", True),
    AccountTrouble.UPDATE_REQUIRED: ("User Update Required: enroll in multifactor authentication (MFA).", False),
}


class Stage(StrEnum):
    """What the page waits for."""

    LOGIN = "login"
    PASSCODE = "passcode"
    PROMPT = "prompt"
    REDACTION = "redaction"
    DONE = "done"


@dataclass
class FacesSession:
    """One JSESSIONID: who signs on, what has been passed, and the view state that the next post must carry."""

    id: str = field(default_factory=lambda: secrets.token_hex(16).upper())
    state: str = ""
    stage: Stage = Stage.LOGIN
    account: PretendAccount | None = None
    ticked: bool = False
    back: str = ""
    court_id: str = ""

    def renew(self) -> str:
        """Return a new view state, the only one that the next post may carry."""
        self.state = f"{secrets.randbelow(10**18)}:{secrets.randbelow(10**18)}"
        return self.state


class JsfSignOn:
    """All that is under /csologin/."""

    def __init__(self, pacer: PretendPacer, courts: Mapping[str, PretendCourt]) -> None:
        self._pacer = pacer
        self._courts = courts
        self._sessions: dict[str, FacesSession] = {}

    def answer(self, visit: Visit) -> Reply:
        """Answer one request to the page."""
        form = visit.form() if visit.asked.method == "POST" else Form()
        session = self._sessions.get(visit.cookies.get("JSESSIONID", ""))
        visit.asked.kind = _kind(visit, form, self._pacer.profile.faces)
        if session and session.account:
            visit.asked.account = session.account.user_name
        faults = self._faults(session, form)
        fault = struck(faults, self._pacer.profile.at, visit)
        if fault:
            return answer_in_trouble(
                fault, visit, lambda text: page(f"<html><body><p>{escape(text)}</p></body></html>")
            )
        if visit.asked.path == CHOICE_PATH:
            return self._choice(visit, form, session)
        if visit.asked.method != "POST":
            return STRANGE_PAGE if Fault.UNKNOWN_SIGN_ON_PAGE in faults else self._open(visit)
        if session is None or Fault.SIGN_ON_SESSION_LOST in faults:
            visit.asked.flaw = "" if session else "JSESSIONID did not come back"
            visit.asked.taken = False
            return self._open(visit)
        name = f"{self._pacer.profile.faces}.faces.ViewState"
        if form.all(name) != [session.state] or Fault.STALE_VIEW_STATE in faults:
            visit.asked.flaw = "" if Fault.STALE_VIEW_STATE in faults else "the view state did not come back"
            visit.asked.taken = False
            return _xml(html.partial_error(self._pacer.profile.faces))
        return self._step(visit, form, session, faults)

    def _faults(self, session: FacesSession | None, form: Form) -> Set[Fault]:
        account = session.account if session else None
        account = account or self._pacer.accounts.get(form.get("loginForm:loginName").lower())
        return self._pacer.profile.faults | (account.faults if account else frozenset())

    def _open(self, visit: Visit) -> Reply:
        query = parse_qs(visit.asked.query)
        session = FacesSession(court_id=query.get("pscCourtId", [""])[0], back=query.get("appurl", [""])[0])
        self._sessions[session.id] = session
        text = html.login_page(self._pacer.profile.faces, session.renew(), visit.address)
        return page(text).plus(("Set-Cookie", f"JSESSIONID={session.id}; Path=/csologin; Secure; HttpOnly"))

    def _step(self, visit: Visit, form: Form, session: FacesSession, faults: Set[Fault]) -> Reply:
        kind, stage = visit.asked.kind, session.stage
        if kind is Kind.JSF_SIGN_ON and stage is not Stage.DONE:
            return self._password(visit, form, session, faults)
        if kind is Kind.PASSCODE and stage is Stage.PASSCODE and session.account:
            if self._pacer.passcode_right(visit, session.account, form.get("mfaForm:mfaInput")):
                return self._after_passcode(visit, form, session, faults)
            return self._show(visit, form, session, message="Invalid one-time passcode.")
        if kind in (Kind.SKIP, Kind.ACKNOWLEDGE) and stage is Stage.PROMPT:
            return self._after_prompt(visit, form, session, faults)
        if stage is Stage.REDACTION and kind is Kind.REDACTION_TICK:
            session.ticked = form.get("regmsg:chkRedact_input") == "on"
            updates = [("regmsg:bpmConfirm", html.continue_button(session.ticked))]
            updates.append(("loginForm:pclLoginMessages", html.messages_box("")))
            return _xml(html.partial(self._pacer.profile.faces, session.renew(), updates))
        if stage is Stage.REDACTION and kind is Kind.REDACTION:
            visit.asked.flaw = self._redaction_flaw(form, session)
            return self._show(visit, form, session) if visit.asked.flaw else self._finish(visit, form, session, faults)
        visit.asked.flaw = "not what the page was waiting for"
        return self._show(visit, form, session)

    def _password(self, visit: Visit, form: Form, session: FacesSession, faults: Set[Fault]) -> Reply:
        name, password = form.get("loginForm:loginName"), form.get("loginForm:password")
        if form.get("loginForm") != "loginForm":
            visit.asked.flaw = "the post does not name its form"
            return self._show(visit, form, session)
        if len(name) < 6 or len(password) < 8:
            visit.asked.account, visit.asked.taken = name, False
            short = (
                "Username must be at least 6 characters" if len(name) < 6 else "Password must be at least 8 characters"
            )
            return self._show(visit, form, session, message=short)
        verdict, account = self._pacer.judge(visit, name, password)
        if verdict != "ok" or account is None:
            return self._show(visit, form, session, message=_PAGE_WORDS[verdict])
        session.account, session.ticked = account, False
        if account.passcode is not None:
            session.stage = Stage.PASSCODE
            return self._show(visit, form, session)
        return self._after_passcode(visit, form, session, faults)

    def _after_passcode(self, visit: Visit, form: Form, session: FacesSession, faults: Set[Fault]) -> Reply:
        trouble = session.account.trouble if session.account else AccountTrouble.NONE
        prompted = trouble in _UPDATES or trouble is AccountTrouble.ACKNOWLEDGEMENT or Fault.UNKNOWN_PROMPT in faults
        if not prompted:
            return self._after_prompt(visit, form, session, faults)
        session.stage = Stage.PROMPT
        return self._show(visit, form, session)

    def _after_prompt(self, visit: Visit, form: Form, session: FacesSession, faults: Set[Fault]) -> Reply:
        if session.account and session.account.files_elsewhere:
            session.stage = Stage.REDACTION
            return self._show(visit, form, session)
        return self._finish(visit, form, session, faults)

    def _redaction_flaw(self, form: Form, session: FacesSession) -> str:
        if form.get("regmsg") != "regmsg" or form.get("regmsg:chkRedact_input") != "on":
            return "Continue without the ticked box"
        if not self._ajax(form):
            return ""
        if form.get("dialogName") != "redactionDlg":
            return "dialogName did not come back"
        return "" if session.ticked else "Continue while the button was still off"

    def _ajax(self, form: Form) -> bool:
        return form.get(f"{self._pacer.profile.faces}.faces.partial.ajax") == "true"

    def _show(self, visit: Visit, form: Form, session: FacesSession, message: str = "") -> Reply:
        """Show what the session waits for, as a partial reply or as the whole page."""
        faces, state, action = self._pacer.profile.faces, session.renew(), visit.address
        place, dialog = self._dialog(session, action, state, message)
        on_page = message if session.stage is Stage.LOGIN else ""
        if not self._ajax(form):
            return page(html.login_page(faces, state, action, on_page, dialog))
        updates = [("loginForm:pclLoginMessages", html.messages_box(on_page))]
        return _xml(html.partial(faces, state, updates + ([(place, dialog)] if dialog else [])))

    def _dialog(self, session: FacesSession, action: str, state: str, message: str) -> tuple[str, str]:
        faces, stage = self._pacer.profile.faces, session.stage
        trouble = session.account.trouble if session.account else AccountTrouble.NONE
        if stage is Stage.PASSCODE:
            return "popupMsgId", html.passcode_dialog(action, faces, state, message)
        if stage is Stage.REDACTION:
            return "redactionConfirmation", html.redaction_dialog(action, faces, state)
        if stage is not Stage.PROMPT:
            return "", ""
        if trouble in _UPDATES:
            return "userUpdateDlg", html.update_dialog(action, faces, state, *_UPDATES[trouble])
        if trouble is AccountTrouble.ACKNOWLEDGEMENT:
            words = "Notice: PACER will be unavailable on Sunday."
            return "popupMsgId", html.one_button_dialog(action, faces, state, "ackForm", "btnAckOkay", words)
        words = "One more question before you go on."
        return "popupMsgId", html.one_button_dialog(action, faces, state, "frmOther", "frmOther:btnNext", words)

    def _finish(self, visit: Visit, form: Form, session: FacesSession, faults: Set[Fault]) -> Reply:
        if session.account is None:  # every road here begins with a password that was right
            raise AssertionError(session.stage)
        session.stage = Stage.DONE
        token = self._pacer.open_session(session.account)
        if Fault.SIGN_ON_FOREIGN_REDIRECT in faults:
            url = f"https://{FOREIGN_HOST}/cgi-bin/login.pl"
        else:
            url = self._way_on(session)
        cookies = [
            ("Set-Cookie", f"{name}={token}; Path=/; Domain=.uscourts.gov; Secure")
            for name in ("NextGenCSO", "PacerSession")
        ]
        return self._go(form, url).plus(*cookies)

    def _go(self, form: Form, url: str) -> Reply:
        if self._ajax(form) and self._pacer.profile.finish is Finish.PARTIAL_REDIRECT:
            return _xml(html.partial_redirect(url))
        return found(url)

    def _way_on(self, session: FacesSession) -> str:
        court = self._court(session)
        back = re.match(r"https://([^/]+)/", session.back)
        if court and court.profile.court_choice is CourtChoice.NOT_ASKED and back and back[1] == court.court.host:
            return session.back
        return f"https://{SIGN_ON}{CHOICE_PATH}"

    def _court(self, session: FacesSession) -> PretendCourt | None:
        return next((one for one in self._courts.values() if one.court.pacer_id == session.court_id), None)

    def _choice(self, visit: Visit, form: Form, session: FacesSession | None) -> Reply:
        """Ask "Where would you like to go?", or go there."""
        visit.asked.kind = Kind.COURT_CHOICE
        holder = self._pacer.holder(visit.cookies.get("NextGenCSO", ""))
        if session is None or session.stage is not Stage.DONE or holder is None:
            return found(f"https://{SIGN_ON}{LOGIN_PATH}")
        courts = self._listed(session)
        if visit.asked.method == "POST":
            chosen = courts.get(form.get("logoutForm:courtId_input"))
            visit.asked.flaw = self._choice_flaw(form, session, chosen)
            if chosen and not visit.asked.flaw:
                same = session.back.startswith(f"https://{chosen.host}/")
                return self._go(form, session.back if same else f"https://{chosen.host}/cgi-bin/login.pl")
        entries = sorted((_court_label(court, value), value) for value, court in courts.items())
        options = "".join(f'<option value="{value}">{escape(label)}</option>' for label, value in entries)
        return page(html.court_choice_page(self._pacer.profile.faces, session.renew(), CHOICE_PATH, options))

    def _choice_flaw(self, form: Form, session: FacesSession, chosen: Court | None) -> str:
        if form.all(f"{self._pacer.profile.faces}.faces.ViewState") != [session.state]:
            return "the view state did not come back"
        if form.get("logoutForm") != "logoutForm" or "logoutForm:btnChangeClientCode" not in form:
            return "the post does not name its form and button"
        return "" if chosen else "a court that is not listed"

    def _listed(self, session: FacesSession) -> dict[str, Court]:
        own = self._court(session)
        hidden = own.court.id if own and own.profile.court_choice is CourtChoice.NOT_LISTED else ""
        return {
            f"{'E' if one.profile.signed_out is SignedOut.CURRENTGEN else 'N'}_{one.court.pacer_id}": one.court
            for one in self._courts.values()
            if one.court.id != hidden
        }


def _court_label(court: Court, value: str) -> str:
    """Return "Georgia Southern - NextGen" (protocol section 2.8); a bankruptcy and a district court may share it."""
    words = re.match(r"(?:(\w+) )?District of (.+)", district_words(court))
    name = " ".join(part for part in (words[2], words[1]) if part) if words else district_words(court)
    return f"{name} - {'NextGen' if value.startswith('N_') else 'ECF'}"


def _kind(visit: Visit, form: Form, prefix: str) -> Kind:
    if visit.asked.method != "POST":
        return Kind.COURT_CHOICE if visit.asked.path == CHOICE_PATH else Kind.JSF_PAGE
    source = form.get(f"{prefix}.faces.source")
    pressed = {
        "loginForm:fbtnLogin": Kind.JSF_SIGN_ON,
        "mfaForm:btnOk": Kind.PASSCODE,
        "regmsg:bpmConfirm": Kind.REDACTION,
        "frmUserUpdate:bpmSkip": Kind.SKIP,
        "btnAckOkay": Kind.ACKNOWLEDGE,
        "logoutForm:btnChangeClientCode": Kind.COURT_CHOICE,
    }
    if source == "regmsg:chkRedact":
        return Kind.REDACTION_TICK
    return next((kind for name, kind in pressed.items() if source == name or (not source and name in form)), Kind.OTHER)


def _xml(text: str) -> Reply:
    return Reply(text.encode(), content_type="text/xml;charset=UTF-8")
