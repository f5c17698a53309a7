"""The pretend people of the sandbox: accounts on the PACER side, filers on the CM/ECF side of one court."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum

from bot.sandbox.faults import Fault

Passcodes = str | Collection[str] | Callable[[str], bool] | None
"""None: no MFA. A string: that one code. A collection: any of them, each once. A callable: it decides."""


class AccountTrouble(StrEnum):
    """What stands in the way of a PACER account; where no public text exists the words are a reconstruction."""

    NONE = "none"
    WRONG_PASSWORD = "wrong_password"
    """PACER refuses even the right password: `13`, or "Invalid username or password" on the page."""
    LOCKED = "locked"
    """Sign-on refused, with the word that the account is locked (reconstruction)."""
    DISABLED = "disabled"
    """Sign-on refused with "Your PACER account has been disabled" (protocol section 1.4)."""
    SEARCH_DISABLED = "search_disabled"
    """Sign-on accepted, with the warning that the account has been disabled for searches (protocol section 1.5)."""
    LEGACY = "legacy"
    """Sign-on accepted; the court's link page says that the account must be upgraded first (reconstruction)."""
    SHARED = "shared"
    """Sign-on accepted; the court's link page says that a shared account cannot be linked (reconstruction)."""
    LINKED_ELSEWHERE = "linked_elsewhere"
    """The court refuses the link form: this PACER account belongs to another CM/ECF account (reconstruction)."""
    MFA_ENROLMENT = "mfa_enrolment"
    """The page asks to enrol in MFA, with a Skip button that only the person may press; the API knows no prompts."""
    PASSWORD_EXPIRED = "password_expired"
    """The page asks to renew the password, with a Skip button; the API knows no prompts."""
    UPDATE_REQUIRED = "update_required"
    """The sign-on page asks for a user update, without a Skip button; the API answers an unknown number."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """The sign-on page shows a notice with one button, `btnAckOkay`."""
    UNKNOWN_RESULT = "unknown_result"
    """The API answers a loginResult that no public text explains; the page shows a message that nobody knows."""


class FilerTrouble(StrEnum):
    """What stands in the way of a CM/ECF login; all words are a reconstruction (protocol section 2.6)."""

    NONE = "none"
    WRONG_PASSWORD = "wrong_password"
    """The court refuses even the right password."""
    LOCKED = "locked"
    """The court says that the login is locked."""
    DISABLED = "disabled"
    """The court says that the login is not active."""
    LINKED_ELSEWHERE = "linked_elsewhere"
    """The court says that this CM/ECF login is linked to another PACER account."""
    UNLINKABLE = "unlinkable"
    """The court says that a login with special characters cannot be linked (PAWD)."""


@dataclass(frozen=True)
class PretendAccount:
    """One PACER account; `locks_after` wrong tries lock it, after `refuses_after` sign-ons PACER suspends it."""

    user_name: str
    password: str = field(repr=False)
    passcode: Passcodes = field(default=None, repr=False)
    person: str = "Dana Example"
    files_elsewhere: bool = False
    client_code_required: bool = False
    trouble: AccountTrouble = AccountTrouble.NONE
    locks_after: int = 5
    refuses_after: int | None = None
    faults: frozenset[Fault] = frozenset()


@dataclass(frozen=True)
class PretendFiler:
    """One CM/ECF login of one court; `user_id` is the number that the court's menus carry once it is linked."""

    login: str
    password: str = field(repr=False)
    person: str = "Dana Example"
    user_id: int = 173001
    trouble: FilerTrouble = FilerTrouble.NONE
    locks_after: int = 5


def passcode_fits(valid: Passcodes, given: str, used: set[str]) -> bool:
    """Tell whether `given` is a valid passcode; codes of a collection are good once and are remembered in `used`."""
    if valid is None:
        return True
    if callable(valid):
        return valid(given)
    if isinstance(valid, str):
        return given == valid
    if given not in valid or given in used:
        return False
    used.add(given)
    return True
