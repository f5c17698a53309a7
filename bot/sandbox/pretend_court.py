"""One pretend court: sessions, menus and the road to the link form, told apart from the next court by its profile."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Set
from dataclasses import dataclass, field

from bot.courts.court import Court
from bot.sandbox import front, link_pages, menus
from bot.sandbox.accounts import PretendAccount, PretendFiler
from bot.sandbox.faults import Fault
from bot.sandbox.ledger import Kind, Ledger
from bot.sandbox.link_pages import Sheet
from bot.sandbox.linking import STALE_FORM, LinkDesk, Walk, charset_of, flaw_of, jsf_cookie_flaw, new_digits
from bot.sandbox.links import Links
from bot.sandbox.obstacles import Obstacle, Obstacles
from bot.sandbox.profiles import AfterSignOn, Charset, CourtProfile, Landing, usual_profile
from bot.sandbox.trouble import STRANGE_PAGE, answer_in_trouble, struck
from bot.sandbox.wire import Reply, Visit, found, page

LOGIN = "/cgi-bin/login.pl"
NO_PRIVILEGES = "This user has no access privileges defined."
NOT_LOGGED_IN = '<?xml version="1.0"?>\n<response><error>Not logged in.  Please refresh this page.</error></response>\n'
_MENUS = frozenset({Kind.MENU, Kind.UTILITIES, Kind.NEXTGEN_MENU, Kind.COURT_LOGIN})
_LINKING = frozenset({Kind.LINK_FORM, Kind.LINK_FORM_POST, Kind.FINAL_SUBMIT})
_BILLED = frozenset({"/cgi-bin/iquery.pl", "/cgi-bin/DktRpt.pl", "/cgi-bin/BillingRpt.pl"})


@dataclass
class CourtSession:
    """What the court remembers of one browser: its KEY cookie, who it is, and how far its linking is."""

    key: str
    token: str
    account: PretendAccount
    walk: Walk = field(default_factory=Walk)
    redaction: Sheet | None = None
    redacted: bool = False


@dataclass(frozen=True)
class _Call:
    """One request with all that is known of it."""

    visit: Visit
    account: PretendAccount
    session: CourtSession
    faults: Set[Fault]


class PretendCourt:
    """A court; `profile` may be replaced and `filers` and `linked` changed at any time."""

    def __init__(self, court: Court, holder: Callable[[str], PretendAccount | None], ledger: Ledger) -> None:
        self.court = court
        self.profile: CourtProfile = usual_profile(court)
        self._holder = holder
        self._ledger = ledger
        self._links = Links()
        self._desk = LinkDesk(court.host, self._links)
        self._sessions: dict[str, CourtSession] = {}
        self._obstacles = Obstacles(court.host)
        self._down = False

    @property
    def filers(self) -> dict[str, PretendFiler]:
        """The CM/ECF logins of this court, by login in lower case."""
        return self._links.filers

    @property
    def linked(self) -> dict[str, str]:
        """Which CM/ECF login belongs to which PACER user name."""
        return self._links.linked

    def add_filer(self, filer: PretendFiler) -> None:
        """Register a CM/ECF login here, in place of one with the same name."""
        self.filers[filer.login.lower()] = filer

    def end_sessions(self, token: str) -> None:
        """End the sessions that began with this PACER session: its owner logged out."""
        for key in [key for key, session in self._sessions.items() if session.token == token]:
            self._end(key)
        self._obstacles.forget(token)

    def answer(self, visit: Visit) -> Reply:
        """Answer one request, write its kind down, and change what it changes."""
        token = visit.cookies.get("NextGenCSO", "")
        account = self._holder(token)
        session = self._sessions.get(visit.cookies.get("KEY", ""))
        if session is not None and (session.token != token or account is None):
            session = None
        visit.asked.account = account.user_name if account else ""
        faults = self.profile.faults | (account.faults if account else frozenset())
        visit.asked.kind = kind = self._kind(visit, account is not None, session)
        fault = struck(faults, self.profile.at, visit) or (Fault.COURT_DOWN if self._down else None)
        if fault:
            return answer_in_trouble(fault, visit, lambda text: self._page(link_pages.one_line(text), visit, account))
        if kind is Kind.FRONT_PAGE:
            strange = Fault.UNKNOWN_FRONT_PAGE in faults
            return (
                STRANGE_PAGE if strange else self._encoded(front.front_page(self.court, self.profile, visit.asked.path))
            )
        if kind is Kind.COURT_LOGOUT:
            return self._log_out(visit)
        if account is None or kind is Kind.LOGIN_REDIRECT:
            return self._encoded(front.signed_out(self.court, self.profile, visit.address))
        return self._signed_on(visit, account, session, token, faults)

    def _kind(self, visit: Visit, known: bool, session: CourtSession | None) -> Kind:
        path, query = visit.asked.path, visit.asked.query
        root = path in ("/", front.SHOW_INDEX)
        if root and self.profile.landing is not Landing.STRAIGHT_IN:
            return Kind.FRONT_PAGE
        if path == LOGIN and query == "logout":
            return Kind.COURT_LOGOUT
        login = root or path == LOGIN
        if not known or (session is None and not login):
            return Kind.LOGIN_REDIRECT
        get = visit.asked.method == "GET"
        kind = (Kind.COURT_LOGIN if get else Kind.REDACTION) if login else _inner_kind(path, query, get)
        return Kind.PROOF if session and session.walk.submitted and kind in _MENUS else kind

    def _signed_on(
        self, visit: Visit, account: PretendAccount, session: CourtSession | None, token: str, faults: Set[Fault]
    ) -> Reply:
        entry = visit.asked.path in ("/", front.SHOW_INDEX, LOGIN)
        obstacle = self._obstacles.next(visit, token, self.profile, faults, entry)
        if obstacle is not None:
            return self._in_the_way(obstacle, visit)
        if session is None:
            session = CourtSession(secrets.token_hex(24), token, account)
            self._sessions[session.key] = session
            self._ledger.session_begins(self.court.host)
        call = _Call(visit, account, session, faults)
        if Fault.SESSION_LOST in faults and not entry:
            self._end(session.key)
            return Reply(NOT_LOGGED_IN.encode(), content_type="text/xml; charset=utf-8")
        if self.profile.redaction_page and not session.redacted:
            return self._redaction(call)
        reply = self._menu_after_sign_on(call) if entry else self._inside(call)
        if visit.asked.kind is Kind.PROOF:
            self._links.page_shown(account.user_name)
        return reply

    def _in_the_way(self, obstacle: Obstacle, visit: Visit) -> Reply:
        if obstacle is Obstacle.LOGIN_REDIRECT:
            return self._encoded(front.signed_out(self.court, self.profile, visit.address))
        if obstacle is Obstacle.NO_PRIVILEGES:
            return self._page(link_pages.one_line(NO_PRIVILEGES), visit, None)
        return front.interstitial(self.court)

    def _menu_after_sign_on(self, call: _Call) -> Reply:
        if Fault.UNKNOWN_MENU in call.faults:
            return STRANGE_PAGE
        cookies = [
            ("KEY", call.session.key, ""),
            self._prtype(call),
            ("PacerSession", call.session.token, ".uscourts.gov"),
        ]
        headers = menus.cookie_headers(self.profile, cookies)
        if self.profile.after_sign_on is AfterSignOn.SCRIPT_PAGE:
            script = menus.cookie_scripts(self.profile, cookies, "/cgi-bin/DisplayMenu.pl?Main")
            html = f"<html><head><title>{self.court.id.upper()}</title>{script}</head><body></body></html>"
            return page(html).plus(*headers)
        return self._page(menus.cookie_scripts(self.profile, cookies), call.visit, call.account).plus(*headers)

    def _redaction(self, call: _Call) -> Reply:
        """Show the court's own redaction page until its box is ticked."""
        visit, session = call.visit, call.session
        if visit.asked.method == "POST":
            visit.asked.kind = Kind.REDACTION
            visit.asked.flaw = flaw_of(visit, visit.form(charset_of(self.profile)), session.redaction)
            if not visit.asked.flaw:
                session.redacted = True
                return self._menu_after_sign_on(call)
        address = f"{LOGIN}?{new_digits()}-L_1_0-1"
        session.redaction = Sheet(address, False, (("redaction", "on"),), (), ("button1", "Continue"), ())
        cookies = [("KEY", session.key, "")]
        text = front.redaction_page(address) + menus.cookie_scripts(self.profile, cookies)
        return self._page(text, visit, call.account).plus(*menus.cookie_headers(self.profile, cookies))

    def _inside(self, call: _Call) -> Reply:
        visit, profile = call.visit, self.profile
        if visit.asked.kind in _LINKING:
            return self._link(call)
        user_id = self._links.user_id(call.account.user_name, visit.now)
        linked, query = user_id != menus.NOT_LINKED, visit.asked.query
        if query.startswith("Utilities"):
            if Fault.UNKNOWN_UTILITIES in call.faults:
                return STRANGE_PAGE
            if Fault.FOREIGN_LINK in call.faults:
                return self._menu_page(link_pages.foreign_link(), call)
            text = link_pages.utilities(self.court, profile, user_id, linked)
        elif query.startswith(link_pages.NEXTGEN_QUERY):
            text = link_pages.nextgen_menu(self.court, profile, linked)
        elif visit.asked.kind is Kind.BILLABLE:
            text = f"{menus.RECONSTRUCTION}\n<h3>This page may be billed to the PACER account.</h3>"
        else:
            strange = visit.asked.kind is Kind.OTHER
            text = link_pages.one_line("This pretend court does not have the page asked for.") if strange else ""
        return self._menu_page(text, call)

    def _link(self, call: _Call) -> Reply:
        visit, walk, kind = call.visit, call.session.walk, call.visit.asked.kind

        def render(text: str) -> Reply:
            return self._menu_page(text, call)

        linked = self._links.user_id(call.account.user_name, visit.now) != menus.NOT_LINKED
        if linked and kind is not Kind.FINAL_SUBMIT:
            return render(link_pages.one_line("Your PACER account is already linked to a CM/ECF account."))
        if visit.asked.method == "POST" and jsf_cookie_flaw(visit, walk, self.profile):
            visit.asked.flaw = "JSESSIONID did not come back"
            return render(link_pages.one_line(STALE_FORM))
        if kind is Kind.LINK_FORM:
            return self._desk.open(walk, call.account, self.profile, call.faults, render)
        if kind is Kind.LINK_FORM_POST:
            reply = self._desk.receive(visit, walk, call.account, self.profile, call.faults, render)
        else:
            reply = self._desk.submit(visit, walk, call.account, self.profile, call.faults, render)
        self._down = self._down or (Fault.DOWN_AFTER_SUBMIT in call.faults and walk.submitted)
        return reply

    def _log_out(self, visit: Visit) -> Reply:
        self._end(visit.cookies.get("KEY", ""))
        gone = "KEY=; path=/; secure; expires=Thu, 01-Jan-1970 00:00:01 GMT"
        return found("/").plus(("Set-Cookie", gone))

    def _end(self, key: str) -> None:
        if self._sessions.pop(key, None) is not None:
            self._ledger.session_ends(self.court.host)

    def _prtype(self, call: _Call) -> tuple[str, str, str]:
        linked = self._links.user_id(call.account.user_name, call.visit.now) != menus.NOT_LINKED
        return ("PRTYPE", "aty" if linked else "web", "")

    def _menu_page(self, content: str, call: _Call) -> Reply:
        cookies = [self._prtype(call)]
        text = content + menus.cookie_scripts(self.profile, cookies)
        return self._page(text, call.visit, call.account).plus(*menus.cookie_headers(self.profile, cookies))

    def _page(self, content: str, visit: Visit, account: PretendAccount | None) -> Reply:
        user_id = self._links.user_id(account.user_name, visit.now) if account else menus.NOT_LINKED
        before, after = menus.frame(self.court, self.profile, user_id)
        return self._encoded(page(before + content + after))

    def _encoded(self, reply: Reply) -> Reply:
        """Return the reply in this court's charset, declared where this court declares it."""
        charset = self.profile.charset
        if charset is Charset.UTF_8:
            return reply
        body = reply.body.decode().encode("cp1252", "xmlcharrefreplace")
        declared = "text/html; charset=windows-1252" if charset is Charset.CP1252_HEADER else "text/html"
        return Reply(body, reply.status, declared, reply.headers, reply.ending)


def _inner_kind(path: str, query: str, get: bool) -> Kind:
    if path == "/cgi-bin/DisplayMenu.pl":
        wanted = {"Utilities": Kind.UTILITIES, "Reports": Kind.BILLABLE, link_pages.NEXTGEN_QUERY: Kind.NEXTGEN_MENU}
        return wanted.get(query.partition("&")[0], Kind.MENU)
    if path in _BILLED or path.startswith("/doc1/"):
        return Kind.BILLABLE
    if path == link_pages.VERIFY_MODULE or (path.endswith(link_pages.LINK_SCRIPT) and "-L_2_" in query):
        return Kind.FINAL_SUBMIT
    if path in (link_pages.LINK_MODULE, f"/cgi-bin/{link_pages.LINK_SCRIPT}"):
        return Kind.LINK_FORM if get else Kind.LINK_FORM_POST
    return Kind.OTHER
