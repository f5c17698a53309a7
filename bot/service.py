"""The few things a person may ask for: the only door that the chats, the page and the terminal use.

(Contract first: signatures and types are settled; the bodies are being written.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.attempts.attempt import AttemptId, AttemptView, QuestionNumber
from bot.courts.court import Court, CourtId
from bot.courts.policy import Caution
from bot.errors import Code
from bot.linker.values import Answer
from bot.people import Person
from bot.secret import Login, Secret


class Field(StrEnum):
    """The fields of the link form, by the names that the answers file of `link-ecf link` uses too."""

    COURT = "court"
    PACER_USERNAME = "pacer_username"
    PACER_PASSWORD = "pacer_password"
    CLIENT_CODE = "client_code"
    CMECF_LOGIN = "cmecf_login"
    CMECF_PASSWORD = "cmecf_password"
    PASSCODE = "passcode"
    INDIVIDUAL_ACCOUNT = "individual_account"
    REDACTION = "redaction_acknowledged"
    CAUTION = "caution_acknowledged"


@dataclass(frozen=True, slots=True)
class LinkForm:
    """The form as the person sent it, before any check; `court` is None when none was chosen."""

    court: CourtId | None
    pacer_username: Login
    pacer_password: Secret
    client_code: Login
    cmecf_login: Login
    cmecf_password: Secret
    passcode: Secret | None
    individual_account: bool
    redaction_acknowledged: bool
    caution_acknowledged: bool = False


class Flaw(StrEnum):
    """What is wrong with one field, found without any network; words.py has a sentence for each."""

    MISSING = "missing"
    NOT_TICKED = "not_ticked"
    UNKNOWN_COURT = "unknown_court"
    COURT_UNSUPPORTED = "court_unsupported"
    NOT_LIVE = "not_live"
    LINKING_OFF = "linking_off"
    LEGACY_USERNAME = "legacy_username"
    SHORT_USERNAME = "short_username"
    PASSCODE_SHAPE = "passcode_shape"
    LOGIN_UNLINKABLE = "login_unlinkable"


@dataclass(frozen=True, slots=True)
class Problem:
    """One field that has to be put right before anything is sent; `code` is the result it stands for, if it is one."""

    field: Field
    flaw: Flaw
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The attempt that now runs; `joined` is True when the person already had one at this court and joined it."""

    view: AttemptView
    joined: bool


class Answered(StrEnum):
    """What became of an answer."""

    TAKEN = "taken"
    ALREADY_ANSWERED = "already_answered"
    TOO_LATE = "too_late"
    NOT_YOURS = "not_yours"
    PASSCODE_SHAPE = "passcode_shape"


class Messenger(Protocol):
    """How the service shows an attempt to its person; every chat has one."""

    async def show(self, view: AttemptView) -> None:
        """Show the attempt as it now is, in place of what was shown of it before; never raises for the chat's faults."""
        ...


class Service(Protocol):
    """What a person may ask for. The class that does it is `LinkService`."""

    def search(self, text: str, limit: int = 25) -> Sequence[Court]:
        """Return the courts that `text` may mean, best first; the empty text gives the first courts by name."""
        ...

    def court(self, text: str) -> Court | None:
        """Return the one court that `text` plainly names (its id, or words that fit one court best), else None."""
        ...

    def court_by_id(self, court_id: str) -> Court | None:
        """Return the court with this id, else None."""
        ...

    def hindrance(self, court: Court) -> Code | None:
        """Return why nobody can link at `court` now (linking_off, court_unsupported, not_live), or None."""
        ...

    def caution(self, court: Court) -> Caution | None:
        """Return the court's published caution against giving credentials to third-party services, if it has one."""
        ...

    def check(self, form: LinkForm) -> Sequence[Problem]:
        """Return what is wrong with the form, without any network; nothing when it may be sent."""
        ...

    async def start(self, person: Person, form: LinkForm) -> Started | Sequence[Problem]:
        """Start the attempt and return at once, or join the one already running at this court, or say what is wrong."""
        ...

    async def answer(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        """Give an answer to a question of the person's own attempt."""
        ...

    async def cancel(self, person: Person, attempt: AttemptId | None = None) -> Sequence[AttemptView]:
        """Stop one attempt of this person, or all; returns those that were stopped (not past their final Submit)."""
        ...

    def attempts(self, person: Person) -> Sequence[AttemptView]:
        """Return this person's running attempts and those ended in the last hours, newest first."""
        ...

    def attempt(self, person: Person, attempt: AttemptId) -> AttemptView | None:
        """Return the attempt if it is this person's, else None."""
        ...
