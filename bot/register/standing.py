"""How what happened changes where a person stands: pure, and never taking back what a court has shown.

    nothing known ──Invited──▶ invited ──AttemptStarted──▶ in progress ──AttemptEnded──▶ linked | failed | not live
                                                                                         | unknown (outcome not known)
    any but linked ──SelfReported──▶ guided          any but linked, in progress ──NotNeeded──▶ not needed

Two rules stand over the table. *Linked* is what a court's own menu has shown, so nothing but a newer proof replaces it.
What may be true is not given up for what tells nothing: a person's own word (guided) and an outcome that is not known
outlast a later attempt, unless that attempt got as far as a court that showed the accounts not linked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import GOOD, Code
from bot.register.entry import NO_MENUS, Entry, Menus, State, tail_of
from bot.secret import Login


@dataclass(frozen=True, slots=True)
class Invited:
    """The person was told that this court can be linked now, by a reminder or by an admin's broadcast."""


@dataclass(frozen=True, slots=True)
class CourtNotLive:
    """The court was found not to be on NextGen yet."""


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """The person, or an admin for them, said that they do not file at this court."""


@dataclass(frozen=True, slots=True)
class NeededAfterAll:
    """That was taken back."""


@dataclass(frozen=True, slots=True)
class SelfReported:
    """The person said that they have linked by hand (design 3, guided); the bot has not seen it."""


@dataclass(frozen=True, slots=True)
class SelfReportWithdrawn:
    """The person took their word back."""


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """An attempt of the person's own began; make it by `started`, which keeps no more of a login than it may."""

    incident: str
    login_tail: str = ""
    account_tail: str = ""


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """An attempt ended with `code`; `menus` are the evidence."""

    incident: str
    code: Code
    menus: Menus = NO_MENUS


Happening = (
    Invited
    | CourtNotLive
    | NotNeeded
    | NeededAfterAll
    | SelfReported
    | SelfReportWithdrawn
    | AttemptStarted
    | AttemptEnded
)
"""All that moves a person in the register."""

_AFTER_THE_MENU = frozenset({Code.ECF_REFUSED, Code.ECF_LOCKED, Code.PACER_LINKED_ELSEWHERE, Code.ACCOUNTS_MISMATCH})
"""Endings that come after a signed-in menu without a filer's items, so after proof that nothing was linked by then."""


def started(incident: str, *, login: Login, account: Login) -> AttemptStarted:
    """Return the start of an attempt by its CM/ECF login and its PACER user name, of which only the ends are kept."""
    return AttemptStarted(incident, tail_of(login), tail_of(account))


def ended(incident: str, code: Code, before: Sequence[str] = (), after: Sequence[str] = ()) -> AttemptEnded:
    """Return the end of an attempt, with the menus that the court showed before it and after it."""
    return AttemptEnded(incident, code, Menus.of(before, after))


def after(entry: Entry, happening: Happening, at: datetime) -> Entry:
    """Return the entry once `happening` was known at `at` (aware).

    The same happening twice changes nothing the second time, and `since` never runs backwards, whatever the clocks of
    two replicas say.
    """
    moved = _moved(entry, happening)
    same = replace(moved, since=entry.since) == entry or _standing(moved) == _standing(entry)
    return replace(moved, since=entry.since if same else max(entry.since, at))


def _standing(entry: Entry) -> tuple[State, Code | None, str]:
    return entry.state, entry.code, entry.incident


def _moved(entry: Entry, happening: Happening) -> Entry:
    match happening:
        case AttemptStarted():
            return _begun(entry, happening)
        case AttemptEnded():
            return _over(entry, happening)
        case _:
            return _said(entry, happening)


def _said(entry: Entry, happening: Happening) -> Entry:
    """What people and reminders say; a state that is not in the row of the happening stays as it is."""
    match happening, entry.state:
        case Invited(), State.NOT_LIVE:
            return _plain(entry, State.INVITED)
        case Invited(), State.UNKNOWN if entry.code is None:
            return _plain(entry, State.INVITED)
        case CourtNotLive(), State.INVITED:
            return _plain(entry, State.NOT_LIVE)
        case CourtNotLive(), State.UNKNOWN if entry.code is None:
            return _plain(entry, State.NOT_LIVE)
        case NotNeeded(), state if state not in {State.LINKED, State.IN_PROGRESS}:
            return _plain(entry, State.NOT_NEEDED)
        case SelfReported(), state if state is not State.LINKED:
            return _plain(entry, State.GUIDED)
        case (NeededAfterAll(), State.NOT_NEEDED) | (SelfReportWithdrawn(), State.GUIDED):
            return _plain(entry, State.UNKNOWN)
    return entry


def _plain(entry: Entry, state: State) -> Entry:
    """A state that no attempt stands behind."""
    return replace(entry, state=state, code=None, incident="", menus=NO_MENUS)


def _begun(entry: Entry, start: AttemptStarted) -> Entry:
    """A state that says that the accounts may be linked stays while an attempt runs; the names are the newest."""
    if entry.state is State.LINKED:
        return entry
    named = replace(
        entry,
        login_tail=start.login_tail or entry.login_tail,
        account_tail=start.account_tail or entry.account_tail,
    )
    if _may_be_linked(entry):
        return named
    return replace(named, state=State.IN_PROGRESS, code=None, incident=start.incident, menus=NO_MENUS)


def _over(entry: Entry, end: AttemptEnded) -> Entry:
    state = _state_of(end)
    if state is State.LINKED:
        # A second look at what is linked already is no news; a new link, to a new login, is.
        again = entry.state is State.LINKED and (end.code is Code.ALREADY_LINKED or entry.incident == end.incident)
        return entry if again else _ended(entry, state, end)
    if entry.state is State.LINKED or _of_another_attempt(entry, end):
        return entry
    if state is not State.UNKNOWN and _may_be_linked(entry) and end.code not in _AFTER_THE_MENU:
        return entry
    if entry.state is State.GUIDED and state is State.UNKNOWN:
        return entry
    return _ended(entry, state, end)


def _ended(entry: Entry, state: State, end: AttemptEnded) -> Entry:
    code = Code.OUTCOME_UNKNOWN if state is State.UNKNOWN else end.code
    return replace(entry, state=state, code=code, incident=end.incident, menus=end.menus)


def _state_of(end: AttemptEnded) -> State:
    """A success without a single label of a menu is no proof, whatever the attempt said."""
    if end.code in GOOD:
        return State.LINKED if end.menus else State.UNKNOWN
    return {Code.OUTCOME_UNKNOWN: State.UNKNOWN, Code.NOT_LIVE: State.NOT_LIVE}.get(end.code, State.FAILED)


def _of_another_attempt(entry: Entry, end: AttemptEnded) -> bool:
    """A late ending of an older attempt says nothing about the one that runs."""
    return entry.state is State.IN_PROGRESS and entry.incident != end.incident and end.code is not Code.OUTCOME_UNKNOWN


def _may_be_linked(entry: Entry) -> bool:
    return entry.state is State.GUIDED or (entry.state is State.UNKNOWN and entry.code is Code.OUTCOME_UNKNOWN)
