"""The pretend sign-on page: password, passcode, prompts and redaction notice as posts of one Faces session.

It is as strict as the real one is known to be (protocol section 1.4): JSESSIONID and view state must be carried, a
post must name its form and its button, and what is not the next step starts over.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from html import escape
from urllib.parse import parse_qs

from bot.sandbox import sign_on_html as html
from bot.sandbox.accounts import AccountTrouble
from bot.sandbox.court_choice import CourtChoicePage
from bot.sandbox.faces import CHOICE_PATH, FacesSession, Stage, carries_state, go, is_ajax, kind_of, xml
from bot.sandbox.faults import FOREIGN_HOST, Fault
from bot.sandbox.ledger import Kind
from bot.sandbox.pacer_state import PacerState, Verdict
from bot.sandbox.pretend_court import PretendCourt
from bot.sandbox.trouble import STRANGE_PAGE, answer_in_trouble, struck
from bot.sandbox.wire import Form, Reply, Visit, page

_PAGE_WORDS = {
    Verdict.REFUSED: "Invalid username or password",
    Verdict.LOCKED: "Your account is locked.",
    Verdict.DISABLED: "Your PACER account has been disabled",
    Verdict.SUSPENDED: "Access has been suspended because of excessive authentication calls.",
    Verdict.UNKNOWN: "Condition 99.",
}
_UPDATES = {
    AccountTrouble.MFA_ENROLMENT: ("User Update: multifactor authentication (MFA) enrollment is required.", True),
    AccountTrouble.PASSWORD_EXPIRED: ("User Update: your password has expired and must be renewed.", True),
    AccountTrouble.UPDATE_REQUIRED: ("User Update Required: enroll in multifactor authentication (MFA).", False),
}


class JsfSignOn:
    """All that is under /csologin/."""

    def __init__(self, pacer: PacerState, courts: Mapping[str, PretendCourt]) -> None:
        self._pacer = pacer
        self._choice = CourtChoicePage(pacer, courts)
        self._sessions: dict[str, FacesSession] = {}

    def answer(self, visit: Visit) -> Reply:
        """Answer one request to the page."""
        form = visit.form() if visit.asked.method == "POST" else Form()
        session = self._sessions.get(visit.cookies.get("JSESSIONID", ""))
        visit.asked.kind = kind_of(visit, form, self._pacer.profile.faces)
        if session and session.account:
            visit.asked.account = session.account.user_name
        faults = self._faults(session, form)
        fault = struck(faults, self._pacer.profile.at, visit)
        if fault:
            return answer_in_trouble(
                fault, visit, lambda text: page(f"<html><body><p>{escape(text)}</p></body></html>")
            )
        if visit.asked.path == CHOICE_PATH:
            return self._choice.answer(visit, form, session)
        if visit.asked.method != "POST":
            return STRANGE_PAGE if Fault.UNKNOWN_SIGN_ON_PAGE in faults else self._open(visit)
        if session is None or Fault.SIGN_ON_SESSION_LOST in faults:
            visit.asked.flaw = "" if session else "JSESSIONID did not come back"
            visit.asked.taken = False
            return self._open(visit)
        if not carries_state(form, self._pacer.profile, session) or Fault.STALE_VIEW_STATE in faults:
            visit.asked.flaw = "" if Fault.STALE_VIEW_STATE in faults else "the view state did not come back"
            visit.asked.taken = False
            return xml(html.partial_error(self._pacer.profile.faces))
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
            return xml(html.partial(self._pacer.profile.faces, session.renew(), updates))
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
        if verdict is not Verdict.OK or account is None:
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
        if not is_ajax(form, self._pacer.profile):
            return ""
        if form.get("dialogName") != "redactionDlg":
            return "dialogName did not come back"
        return "" if session.ticked else "Continue while the button was still off"

    def _show(self, visit: Visit, form: Form, session: FacesSession, message: str = "") -> Reply:
        """Show what the session waits for, as a partial reply or as the whole page."""
        faces, state, action = self._pacer.profile.faces, session.renew(), visit.address
        place, dialog = self._dialog(session, action, state, message)
        on_page = message if session.stage is Stage.LOGIN else ""
        if not is_ajax(form, self._pacer.profile):
            return page(html.login_page(faces, state, action, on_page, dialog))
        updates = [("loginForm:pclLoginMessages", html.messages_box(on_page))]
        return xml(html.partial(faces, state, updates + ([(place, dialog)] if dialog else [])))

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
            url = self._choice.way_on(session)
        cookies = [
            ("Set-Cookie", f"{name}={token}; Path=/; Domain=.uscourts.gov; Secure")
            for name in ("NextGenCSO", "PacerSession")
        ]
        return go(form, self._pacer.profile, url).plus(*cookies)
