"""The pretend PACER's host: the JSON API, and the door to the sign-on page (`jsf_sign_on.py`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Set
from html import escape

from bot.sandbox.accounts import AccountTrouble
from bot.sandbox.faults import FOREIGN_HOST, Fault
from bot.sandbox.front import SIGN_ON
from bot.sandbox.jsf_sign_on import JsfSignOn
from bot.sandbox.ledger import Kind
from bot.sandbox.pacer_state import PacerState, Verdict
from bot.sandbox.pretend_court import PretendCourt
from bot.sandbox.trouble import answer_in_trouble, struck
from bot.sandbox.wire import CUT, SILENT, Reply, Visit, found, page

REFUSED = "Invalid username, password, or one-time passcode."
MUST_REDACT = (
    "All filers must redact: Social Security or taxpayer identification numbers; dates of birth; names of minor "
    "children; financial account numbers; and in criminal cases, home addresses."
)
CLIENT_CODE_WARNING = (
    "A required Client Code was not entered. You may continue to log in and perform other activities (e.g., e-file, "
    "request filing privileges), but you will not have PACER search privileges."
)
SEARCH_DISABLED = "PACER search privileges: your current account has been disabled. You may continue to log in."


# Only "0", "1" and "13" are on public record; the other numbers are made up, and nothing may be read from them.
_API_WORDS = {
    Verdict.REFUSED: ("13", REFUSED),
    Verdict.LOCKED: ("91", "Your account is locked."),
    Verdict.DISABLED: ("92", "Your PACER account has been disabled"),
    Verdict.SUSPENDED: ("93", "Access has been suspended because of excessive authentication calls."),
    Verdict.UNKNOWN: ("99", "Condition 99."),
}


class PretendPacer:
    """PACER's host: the JSON API, the log-out and the sign-on page, over one state."""

    def __init__(
        self, state: PacerState, courts: Mapping[str, PretendCourt], on_log_out: Callable[[str], None]
    ) -> None:
        self._state = state
        self._on_log_out = on_log_out
        self._page = JsfSignOn(state, courts)

    def answer(self, visit: Visit) -> Reply:
        """Answer one request to the sign-on host."""
        path = visit.asked.path
        if path == "/services/cso-auth":
            return self._api(visit)
        if path == "/services/cso-logout":
            return self._log_out(visit)
        if path.startswith("/csologin/"):
            return self._page.answer(visit)
        return page("<html><head><title>404 Not Found</title></head></html>", 404)

    def _api(self, visit: Visit) -> Reply:
        visit.asked.kind = Kind.API_SIGN_ON
        body = _json(visit)
        account = self._state.accounts.get(body.get("loginId", "").lower())
        faults = self._state.profile.faults | (account.faults if account else frozenset())
        fault = struck(faults, self._state.profile.at, visit)
        if fault:
            return answer_in_trouble(
                fault, visit, lambda text: page(f"<html><body><p>{escape(text)}</p></body></html>")
            )
        untaken = _api_untaken(faults)
        if untaken:
            visit.asked.taken = False
            return untaken
        if visit.media_type != "application/json" or visit.asked.method != "POST":
            visit.asked.taken = False
            return page("<html><head><title>415 Unsupported Media Type</title></head></html>", 415)
        result, words, token = self._api_result(visit, body)
        return _api_trouble(faults) or _api_reply(visit, result, words, "" if Fault.API_NO_TOKEN in faults else token)

    def _api_result(self, visit: Visit, body: Mapping[str, str]) -> tuple[str, str, str]:
        verdict, account = self._state.judge(visit, body.get("loginId", ""), body.get("password", ""))
        if verdict is not Verdict.OK or account is None:
            return (*_API_WORDS[verdict], "")
        if account.passcode is not None:
            given = body.get("otpCode", "")
            if not given or not self._state.passcode_right(visit, account, given):
                return (*_API_WORDS[Verdict.REFUSED], "")
        if account.trouble is AccountTrouble.UPDATE_REQUIRED:
            return "94", "User Update Required", ""
        if account.files_elsewhere and body.get("redactFlag") != "1":
            return "1", MUST_REDACT, ""
        warning = ""
        if account.client_code_required and not body.get("clientCode"):
            warning = CLIENT_CODE_WARNING
        elif account.trouble is AccountTrouble.SEARCH_DISABLED:
            warning = SEARCH_DISABLED
        return "0", warning, self._state.open_session(account)

    def _log_out(self, visit: Visit) -> Reply:
        visit.asked.kind = Kind.LOGOUT
        fault = struck(self._state.profile.faults, self._state.profile.at, visit)
        if fault:
            return answer_in_trouble(fault, visit, page)
        token = _json(visit).get("nextGenCSO", "")
        name = self._state.close_session(token)
        if not name:
            visit.asked.flaw = "log-out of a session that is not open"
        visit.asked.account = name
        self._on_log_out(token)
        return _json_reply({"loginResult": "0", "errorDescription": ""})


def _json(visit: Visit) -> dict[str, str]:
    try:
        body = json.loads(visit.body)
    except ValueError:
        return {}
    return {str(key): value for key, value in body.items() if isinstance(value, str)} if isinstance(body, dict) else {}


def _json_reply(body: Mapping[str, str]) -> Reply:
    return Reply(json.dumps(body).encode(), content_type="application/json")


def _api_untaken(faults: Set[Fault]) -> Reply | None:
    if Fault.API_UNAVAILABLE in faults:
        return page("<html><head><title>503 Service Unavailable</title></head></html>", 503)
    if Fault.API_CUT_UNREAD in faults:
        return CUT
    if Fault.API_REDIRECT in faults:
        return found(f"https://{SIGN_ON}/csologin/login.jsf")
    if Fault.API_FOREIGN_307 in faults:
        return found(f"https://{FOREIGN_HOST}/services/cso-auth", 307)
    return None


def _api_trouble(faults: Set[Fault]) -> Reply | None:
    if Fault.API_CUT_AFTER in faults:
        return CUT
    if Fault.API_NO_ANSWER in faults:
        return SILENT
    if Fault.API_BAD_GATEWAY in faults:
        return page("<html><head><title>502 Bad Gateway</title></head></html>", 502)
    return page("<html><body>Thank you.</body></html>") if Fault.API_NOT_JSON in faults else None


def _api_reply(visit: Visit, result: str, words: str, token: str) -> Reply:
    if "application/json" in visit.headers.get("Accept", ""):
        return _json_reply({"nextGenCSO": token, "loginResult": result, "errorDescription": words})
    # Without the Accept header the API answers in XML (protocol section 1.5).
    inside = f"<loginResult>{result}</loginResult><errorDescription>{escape(words)}</errorDescription>"
    xml = f"<authResponse><nextGenCSO>{token}</nextGenCSO>{inside}</authResponse>"
    return Reply(xml.encode(), content_type="application/xml")
