"""The link form as values: what a person fills in, and what can be wrong with it before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.courts.court import Court, CourtId
from bot.errors import Code
from bot.linker.values import Account, Filer, LinkRequest
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

    def request(self, court: Court) -> LinkRequest:
        """Return the attempt that this form asks for at `court`; an empty passcode field is no passcode."""
        return LinkRequest(
            court=court,
            account=Account(self.pacer_username, self.pacer_password, self.client_code),
            filer=Filer(self.cmecf_login, self.cmecf_password),
            passcode=self.passcode or None,
            redaction_acknowledged=self.redaction_acknowledged,
            individual_account=self.individual_account,
        )


class Flaw(StrEnum):
    """What is wrong with one field, found without any network; words.py has a sentence for each."""

    MISSING = "missing"
    NOT_TICKED = "not_ticked"
    UNKNOWN_COURT = "unknown_court"
    COURT_UNSUPPORTED = "court_unsupported"
    NOT_LIVE = "not_live"
    LINKING_OFF = "linking_off"
    CLOSING = "closing"
    NO_RECORDS = "no_records"
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
