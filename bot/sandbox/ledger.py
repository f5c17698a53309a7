"""The record of what was asked of the sandbox, in order, so that a test can say "one final Submit, no Skip"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Kind(StrEnum):
    """What a request was for."""

    FRONT_PAGE = "front_page"
    LOGIN_REDIRECT = "login_redirect"
    """A page of the court asked for while signed out."""
    API_SIGN_ON = "api_sign_on"
    JSF_PAGE = "jsf_page"
    JSF_SIGN_ON = "jsf_sign_on"
    PASSCODE = "passcode"
    REDACTION_TICK = "redaction_tick"
    REDACTION = "redaction"
    SKIP = "skip"
    ACKNOWLEDGE = "acknowledge"
    COURT_CHOICE = "court_choice"
    COURT_LOGIN = "court_login"
    """login.pl with PACER's cookie: the court's own session begins, the menu follows."""
    MENU = "menu"
    UTILITIES = "utilities"
    NEXTGEN_MENU = "nextgen_menu"
    LINK_FORM = "link_form"
    LINK_FORM_POST = "link_form_post"
    FINAL_SUBMIT = "final_submit"
    PROOF = "proof"
    """A menu or Utilities page asked for after a final Submit of the same session."""
    LOGOUT = "logout"
    COURT_LOGOUT = "court_logout"
    BILLABLE = "billable"
    FOREIGN = "foreign"
    """A host that is no part of PACER or of a court: nothing may ever be sent there."""
    OTHER = "other"


@dataclass
class Asked:
    """One request as the sandbox saw it; `at` is the event loop's clock in seconds.

    No secret is kept: `password_right` and `passcode_right` say whether what came was right (None: none came), `flaw`
    what was wrong with the form, `taken` whether the machine behind ever saw the request.
    """

    host: str
    method: str
    path: str
    query: str
    at: float
    referer: str = ""
    user_agent: str = ""
    kind: Kind = Kind.OTHER
    account: str = ""
    filer: str = ""
    password_right: bool | None = None
    passcode_right: bool | None = None
    flaw: str = ""
    taken: bool = True


class Ledger:
    """All requests in the order of their arrival, and the counters that tests ask for."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.connections: Counter[str] = Counter()
        self.refused_connections: Counter[str] = Counter()
        self.leaks: list[str] = []
        self._in_flight: Counter[str] = Counter()
        self._most_in_flight: Counter[str] = Counter()
        self._sessions: Counter[str] = Counter()
        self._most_sessions: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Asked]:
        return iter(self.asked)

    def __len__(self) -> int:
        return len(self.asked)

    def clear(self) -> None:
        """Forget everything asked so far; sessions that are open stay counted."""
        self.asked.clear()
        self.leaks.clear()
        for counter in (self.connections, self.refused_connections, self._most_in_flight, self._most_sessions):
            counter.clear()

    def count(self, *kinds: Kind, host: str | None = None) -> int:
        """Return how many requests were of one of `kinds`, at `host` or anywhere."""
        return sum(1 for one in self.asked if one.kind in kinds and host in (None, one.host))

    def of(self, *kinds: Kind) -> list[Asked]:
        """Return the requests of these kinds, in order."""
        return [one for one in self.asked if one.kind in kinds]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The whole road as kinds, in order."""
        return tuple(one.kind for one in self.asked)

    @property
    def sign_ons(self) -> int:
        """How often PACER tried a PACER password, by the API or the page; one that it never saw is not counted."""
        return sum(1 for one in self.of(Kind.API_SIGN_ON, Kind.JSF_SIGN_ON) if one.taken)

    @property
    def passcodes(self) -> int:
        """How many passcodes PACER tried."""
        return sum(1 for one in self.asked if one.passcode_right is not None and one.taken)

    @property
    def link_form_posts(self) -> int:
        """How often a CM/ECF login was sent to a court."""
        return self.count(Kind.LINK_FORM_POST)

    @property
    def final_submits(self) -> int:
        """How often the final Submit was sent, applied or not."""
        return self.count(Kind.FINAL_SUBMIT)

    @property
    def skips(self) -> int:
        """How often somebody pressed Skip."""
        return self.count(Kind.SKIP)

    @property
    def logouts(self) -> int:
        """How often a PACER session was ended at /services/cso-logout."""
        return self.count(Kind.LOGOUT)

    @property
    def billable(self) -> int:
        """How many pages were asked for that PACER may bill: Query and Reports."""
        return self.count(Kind.BILLABLE)

    @property
    def foreign(self) -> int:
        """How many requests reached a host outside PACER and the courts."""
        return self.count(Kind.FOREIGN)

    @property
    def flaws(self) -> tuple[str, ...]:
        """What was wrong with the forms that were sent."""
        return tuple(one.flaw for one in self.asked if one.flaw)

    def gaps(self, host: str) -> list[float]:
        """Return the seconds between one request to `host` and the next."""
        times = [one.at for one in self.asked if one.host == host]
        return [later - earlier for earlier, later in pairwise(times)]

    def most_in_flight(self, host: str) -> int:
        """Return the largest number of requests that `host` was answering at once."""
        return self._most_in_flight[host]

    def most_sessions(self, host: str) -> int:
        """Return the largest number of attempts in `host` at once: court sessions begun and not yet ended."""
        return self._most_sessions[host]

    def arrive(self, asked: Asked) -> None:
        """Write a request down as it arrives; the server sets the kind once it is known."""
        self.asked.append(asked)
        self._in_flight[asked.host] += 1
        self._most_in_flight[asked.host] = max(self._most_in_flight[asked.host], self._in_flight[asked.host])

    def leave(self, asked: Asked) -> None:
        """Note that the request was answered."""
        self._in_flight[asked.host] -= 1

    def session_begins(self, host: str) -> None:
        """Note that a court session began at `host`."""
        self._sessions[host] += 1
        self._most_sessions[host] = max(self._most_sessions[host], self._sessions[host])

    def session_ends(self, host: str) -> None:
        """Note that a court session ended at `host`, by log-out at the court or at PACER."""
        self._sessions[host] -= 1
