"""The plain values that go into the store and come out of it; none knows a table, and none is of another part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final

JsonObject = Mapping[str, Any]
"""What a caller wants kept as it is: only what JSON can say, never a secret."""


class Unchanged(Enum):
    """Stands where None is a value of its own."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that is open now: its number from 1, what it shows, until when it waits."""

    number: int
    question: JsonObject
    until: datetime


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt as it stands; `owner` is the replica that runs it for as long as its lease holds.

    state: running, submitting (the final Submit may be out), ended. `version` grows by one with every change. After the
    ending, `ending_told` says whether the person has heard it, and the lease belongs to whoever is telling them.
    """

    id: str
    incident: str
    platform: str
    workspace: str
    person: str
    court: str
    owner: str
    lease_until: datetime
    started_at: datetime
    changed_at: datetime
    state: str = "running"
    version: int = 1
    told: Sequence[JsonObject] = ()
    question_number: int = 0
    question: JsonObject | None = None
    question_until: datetime | None = None
    code: str | None = None
    detail: str = ""
    evidence: JsonObject | None = None
    ending_told: bool = False
    chat: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class LeaseSeen:
    """The lease of an attempt as it was at one look: any renewal, and any change of the row, makes it another value."""

    attempt: str
    owner: str
    version: int
    until: datetime


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer on its way to the attempt's owner; `kind` is passcode, confirm, none (no answer) or stop (number 0).

    `sealed` is a passcode as the vault sealed it; it is gone from the database when it is taken or at `expires_at`.
    """

    attempt: str
    number: int
    kind: str
    by: str
    at: datetime
    expires_at: datetime
    link: bool | None = None
    sealed: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SettledRow:
    """That a question was answered, by whom and when; not how."""

    attempt: str
    number: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InstallRow:
    """One installation of the app: org-wide ones have no team, a bot's own has no user ("" stands for none)."""

    enterprise_id: str
    team_id: str
    user_id: str
    sealed: bytes = field(repr=False)
    key_id: str
    installed_at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the row: enterprise, team, user."""
        return (self.enterprise_id, self.team_id, self.user_id)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """How one person stands at one court; of a login there are at most the last two characters."""

    platform: str
    workspace: str
    person: str
    court: str
    state: str
    since: datetime
    updated_at: datetime
    code: str | None = None
    incident: str | None = None
    evidence: JsonObject | None = None
    login_tail: str = ""
    account_tail: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the audit: numbered without a gap, bound to the line before by its hash."""

    seq: int
    at: datetime
    entry: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class PageRow:
    """One link to the private page, to the form for `court` or to the question `number` of `attempt`.

    state: open, used, replaced (by a newer link to the same), dead (too many wrong codes). Of the token and the code
    there are hashes alone: whoever reads the row cannot make the link.
    """

    token_hash: str
    code_hash: str = field(repr=False)
    platform: str
    workspace: str
    person: str
    made_at: datetime
    expires_at: datetime
    court: str | None = None
    attempt: str | None = None
    number: int | None = None
    state: str = "open"
    wrong_codes: int = 0
