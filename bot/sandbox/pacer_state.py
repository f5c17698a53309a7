"""What the pretend PACER knows: its manners, its accounts, how often each was tried, and whose session a token is."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections import Counter
from enum import StrEnum

from bot.sandbox.accounts import AccountTrouble, PretendAccount, passcode_fits
from bot.sandbox.profiles import SignOnProfile
from bot.sandbox.wire import Visit


class Verdict(StrEnum):
    """What PACER makes of a user name and a password."""

    OK = "ok"
    REFUSED = "refused"
    LOCKED = "locked"
    DISABLED = "disabled"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


class PacerState:
    """PACER's accounts by user name in lower case, and its live sessions; `profile` may be replaced at any time."""

    def __init__(self) -> None:
        self.profile = SignOnProfile()
        self.accounts: dict[str, PretendAccount] = {}
        self._tokens: dict[str, str] = {}
        self._wrong: Counter[str] = Counter()
        self._tries: Counter[str] = Counter()
        self._used: dict[str, set[str]] = {}

    def add(self, account: PretendAccount) -> None:
        """Open an account, in place of one with the same user name; its wrong tries are forgotten."""
        name = account.user_name.lower()
        self.accounts[name] = account
        self._used[name] = set()
        for counter in (self._wrong, self._tries):
            counter.pop(name, None)

    def holder(self, token: str) -> PretendAccount | None:
        """Return whose live session `token` is."""
        name = self._tokens.get(token)
        return self.accounts.get(name) if name else None

    def open_session(self, account: PretendAccount) -> str:
        """Begin a session and return its token: 128 characters that a cookie jar must not put in quotes."""
        token = b64encode(secrets.token_bytes(96)).decode()[:126] + "/+"
        self._tokens[token] = account.user_name.lower()
        return token

    def judge(self, visit: Visit, user_name: str, password: str) -> tuple[Verdict, PretendAccount | None]:
        """Try a user name with a password, and count the try."""
        name = user_name.lower()
        visit.asked.account = user_name
        account = self.accounts.get(name)
        visit.asked.password_right = bool(account and account.password == password)
        if account is None:
            return Verdict.REFUSED, None
        self._tries[name] += 1
        if account.trouble is AccountTrouble.LOCKED or self._wrong[name] >= account.locks_after:
            return Verdict.LOCKED, None
        if account.password != password or account.trouble is AccountTrouble.WRONG_PASSWORD:
            self._wrong[name] += 1
            return Verdict.REFUSED, None
        if account.refuses_after is not None and self._tries[name] > account.refuses_after:
            return Verdict.SUSPENDED, None
        if account.trouble is AccountTrouble.DISABLED:
            return Verdict.DISABLED, None
        return (Verdict.UNKNOWN if account.trouble is AccountTrouble.UNKNOWN_RESULT else Verdict.OK), account

    def passcode_right(self, visit: Visit, account: PretendAccount, given: str) -> bool:
        """Try a passcode; a wrong one counts as a wrong try."""
        name = account.user_name.lower()
        right = passcode_fits(account.passcode, given, self._used[name])
        visit.asked.passcode_right = right
        self._wrong[name] = 0 if right else self._wrong[name] + 1
        return right

    def close_session(self, token: str) -> str:
        """End a session and return the user name it belonged to, or nothing if it was not open."""
        return self._tokens.pop(token, "")
