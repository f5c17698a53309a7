"""Where one person stands at one court: the states, and the entry that the register keeps of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.courts.court import CourtId
from bot.errors import Code
from bot.people import Person
from bot.secret import Login

TAIL = 2
"""Characters of a login that anybody but its owner may see (design, promise 8)."""
_SHORTEST_TOLD = 5
"""A login shorter than this would be half told by its last two characters; nothing of it is kept."""


class State(StrEnum):
    """Where a person stands at a court: a closed set, stable because scripts filter by it."""

    NOT_NEEDED = "not_needed"
    NOT_LIVE = "not_live"
    INVITED = "invited"
    IN_PROGRESS = "in_progress"
    LINKED = "linked"
    FAILED = "failed"
    GUIDED = "guided"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Menus:
    """The evidence of an attempt: the labels of the court's menu bar before it and after it."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @staticmethod
    def of(before: Sequence[str], after: Sequence[str]) -> Menus:
        """Return the evidence as values of its own."""
        return Menus(tuple(before), tuple(after))

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


NO_MENUS = Menus()
"""An attempt that saw no menu, or no attempt at all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register; `since` (aware, UTC) is when the state began.

    `code` says how the attempt behind the state ended, None where none did. `login_tail` is the end of the CM/ECF
    login, `account_tail` that of the PACER user name. Raises ValueError for a longer tail or a time without its zone:
    an entry that shows more of a login than promised cannot exist.
    """

    person: Person
    court: CourtId
    state: State
    since: datetime
    code: Code | None = None
    incident: str = ""
    menus: Menus = NO_MENUS
    login_tail: str = ""
    account_tail: str = ""
    office: str = ""

    def __post_init__(self) -> None:
        if max(len(self.login_tail), len(self.account_tail)) > TAIL:
            raise ValueError("an entry shows at most the last two characters of a login")
        if self.since.utcoffset() is None:
            raise ValueError("an entry needs a time with its zone")
        object.__setattr__(self, "since", self.since.astimezone(UTC))


def fresh(person: Person, court: CourtId, since: datetime, office: str = "") -> Entry:
    """Return the entry of a person of whom nothing is known at this court."""
    return Entry(person, court, State.UNKNOWN, since, office=office)


def tail_of(login: Login) -> str:
    """Return what the register may keep of a login: its last two characters, nothing at all of a short one."""
    text = login.text.strip()
    return text[-TAIL:] if len(text) >= _SHORTEST_TOLD else ""
