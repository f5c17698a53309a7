"""What the pages under /csologin/ share: one Faces session, and how a post says what it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from bot.sandbox import sign_on_html as html
from bot.sandbox.accounts import PretendAccount
from bot.sandbox.ledger import Kind
from bot.sandbox.profiles import Finish, SignOnProfile
from bot.sandbox.wire import Form, Reply, Visit, found

LOGIN_PATH = "/csologin/login.jsf"
CHOICE_PATH = "/csologin/welcome.jsf"
"""Made up: the address of "Where would you like to go?" is not public."""


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


def kind_of(visit: Visit, form: Form, prefix: str) -> Kind:
    """Tell what a request to the sign-on pages is for, by the button that it names."""
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


def is_ajax(form: Form, profile: SignOnProfile) -> bool:
    """Tell whether a post asks for a partial response, with the prefix of this Faces generation."""
    return form.get(f"{profile.faces}.faces.partial.ajax") == "true"


def carries_state(form: Form, profile: SignOnProfile, session: FacesSession) -> bool:
    """Tell whether a post carries the view state of the last reply, once."""
    return form.all(f"{profile.faces}.faces.ViewState") == [session.state]


def go(form: Form, profile: SignOnProfile, url: str) -> Reply:
    """Send the browser on: inside a partial response where it asked for one, else by HTTP 302."""
    if is_ajax(form, profile) and profile.finish is Finish.PARTIAL_REDIRECT:
        return xml(html.partial_redirect(url))
    return found(url)


def xml(text: str) -> Reply:
    """Return a partial response as PrimeFaces sends it."""
    return Reply(text.encode(), content_type="text/xml;charset=UTF-8")
