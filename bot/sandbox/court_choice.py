"""The page "Where would you like to go?" after a sign-on (guide GASB step 4, protocol section 2.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from bot.courts.court import Court
from bot.sandbox import sign_on_html as html
from bot.sandbox.faces import CHOICE_PATH, LOGIN_PATH, FacesSession, Stage, carries_state, go
from bot.sandbox.front import SIGN_ON, district_words
from bot.sandbox.ledger import Kind
from bot.sandbox.pacer_state import PacerState
from bot.sandbox.pretend_court import PretendCourt
from bot.sandbox.profiles import CourtChoice, SignedOut
from bot.sandbox.wire import Form, Reply, Visit, found, page


class CourtChoicePage:
    """Asks for the court and sends the browser there; it lists every court of the sandbox."""

    def __init__(self, pacer: PacerState, courts: Mapping[str, PretendCourt]) -> None:
        self._pacer = pacer
        self._courts = courts

    def way_on(self, session: FacesSession) -> str:
        """Return where a finished sign-on leads: back to the court, or to this question."""
        court = self._court(session)
        back = re.match(r"https://([^/]+)/", session.back)
        if court and court.profile.court_choice is CourtChoice.NOT_ASKED and back and back[1] == court.court.host:
            return session.back
        return f"https://{SIGN_ON}{CHOICE_PATH}"

    def _court(self, session: FacesSession) -> PretendCourt | None:
        return next((one for one in self._courts.values() if one.court.pacer_id == session.court_id), None)

    def answer(self, visit: Visit, form: Form, session: FacesSession | None) -> Reply:
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
                return go(
                    form, self._pacer.profile, session.back if same else f"https://{chosen.host}/cgi-bin/login.pl"
                )
        entries = sorted((_court_label(court, value), value) for value, court in courts.items())
        options = "".join(f'<option value="{value}">{escape(label)}</option>' for label, value in entries)
        return page(html.court_choice_page(self._pacer.profile.faces, session.renew(), CHOICE_PATH, options))

    def _choice_flaw(self, form: Form, session: FacesSession, chosen: Court | None) -> str:
        if not carries_state(form, self._pacer.profile, session):
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
