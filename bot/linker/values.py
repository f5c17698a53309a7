"""What goes into an attempt and what comes out of it: values only, no I/O."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NewType, Protocol

from bot.courts.court import Court
from bot.errors import Code
from bot.secret import Login, Secret

IncidentId = NewType("IncidentId", str)
"""What a person quotes to a help desk: short, unguessable, the same in chat, log and audit."""


def new_incident_id() -> IncidentId:
    """Return a fresh incident id, ten characters that are hard to misread aloud."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return IncidentId("".join(secrets.choice(alphabet) for _ in range(10)))


@dataclass(frozen=True, slots=True)
class Account:
    """The PACER side: the attorney's individual, upgraded account."""

    username: Login
    password: Secret
    client_code: Login = field(default_factory=lambda: Login(""))


@dataclass(frozen=True, slots=True)
class Filer:
    """The CM/ECF side: the login and password that the one court issued."""

    login: Login
    password: Secret


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """One attempt at one court, as the person asked for it; the two ticks are the person's own acts."""

    court: Court
    account: Account
    filer: Filer
    passcode: Secret | None
    redaction_acknowledged: bool
    individual_account: bool


class Step(StrEnum):
    """Where the walk is, in the order of the guides; every step is told before its request is made."""

    QUEUED = "queued"
    FRONT_PAGE = "front_page"
    SIGN_ON = "sign_on"
    PASSCODE = "passcode"
    REDACTION = "redaction"
    COURT_CHOICE = "court_choice"
    MENU = "menu"
    UTILITIES = "utilities"
    NEXTGEN_MENU = "nextgen_menu"
    LINK_FORM = "link_form"
    VERIFY = "verify"
    SUBMIT = "submit"
    PROOF = "proof"
    LOG_OUT = "log_out"


SENT_ONCE = frozenset({Step.LINK_FORM, Step.SUBMIT})
"""The steps whose request may link the accounts: each is committed before it goes, and goes once (design, promise 4).

Some courts have no page that shows both accounts: there the link form itself links them.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One step as it is told; `place` is the attempt's place in the court's queue (only with Step.QUEUED)."""

    step: Step
    place: int = 0


class Comparison(StrEnum):
    """How the accounts that the verify page shows compare with those that were typed."""

    AGREE = "agree"
    DIFFER = "differ"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class PasscodeQuestion:
    """PACER wants the passcode of the authenticator app, and none was given.

    `certain` is False where PACER's answer may as well mean that user name or password is wrong (its result "13").
    """

    certain: bool = True
    name: ClassVar[str] = "passcode"


@dataclass(frozen=True, slots=True)
class ConfirmQuestion:
    """The verify page: both accounts as the court shows them ("" where it could not be read), and how they compare.

    `here` is False where only the comparison is known, because another replica runs the attempt and what it sealed
    cannot be opened: nobody can be asked for a yes there.
    """

    filer_shown: str
    account_shown: str
    comparison: Comparison
    here: bool = True
    name = "confirm"

    @property
    def may_link(self) -> bool:
        """True where "link them" may be offered: to somebody who sees both accounts, and not against the PACER name."""
        return self.here and self.comparison is not Comparison.DIFFER


Question = PasscodeQuestion | ConfirmQuestion


@dataclass(frozen=True, slots=True)
class PasscodeAnswer:
    """A passcode, exactly as typed."""

    passcode: Secret


@dataclass(frozen=True, slots=True)
class ConfirmAnswer:
    """`link` is True only for the person's own press of "These are mine - link them"."""

    link: bool


@dataclass(frozen=True, slots=True)
class NoPasscode:
    """The person has no passcode: so it was user name or password, and nothing is sent again."""


Answer = PasscodeAnswer | NoPasscode | ConfirmAnswer | None
"""None: nobody answered in time."""


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt ended; `menu_before` and `menu_after` are the evidence: the labels of the court's menu bar."""

    code: Code
    incident: IncidentId
    detail: str = ""
    menu_before: tuple[str, ...] = ()
    menu_after: tuple[str, ...] = ()
    requests: int = 0


Ask = Callable[[Question], Awaitable[Answer]]
Tell = Callable[[Told], Awaitable[None]]


class Leave(Protocol):
    """Permission for one request: called before each, returns when the request may go (pace and slots per court)."""

    async def __call__(self, host: str) -> None:
        """Wait until a request to `host` may go."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one attempt: seconds, bytes, tags, requests (design 5)."""

    request_seconds: float = 15.0
    page_bytes: int = 1_000_000
    page_tags: int = 20_000
    requests: int = 40
    proof_again_after: float = 15.0
