"""Everything that can go wrong with a link, drawn as a tree by who must act.

    LinkEnded                 an attempt ended with anything but "linked"
    ├── YourPassword          the person: what was typed was refused, and is spent
    ├── YourAccount           the person, at PACER or at the court: the account itself stands in the way
    ├── YourAnswer            the person: a question was answered with no, or not at all
    ├── TheCourt              the court or PACER: not live yet, down, or without the link
    ├── TheFirm               the firm's own policy: linking is off, or this court cannot be linked by the bot
    └── OurReading            us: a page the bot does not know, an answer that was lost, a process that ended
    WrongSetting              the administrator: the service does not start
    StoreTrouble              the database; nothing of what was asked for is counted as done
    ├── StoreDown             the administrator: it cannot be reached, or did not answer in time
    ├── StoreBusy             nobody: too much at once; the same thing a moment later
    ├── StoreFull             the administrator: there is no room left
    ├── SchemaOld             the administrator: `link-ecf db upgrade`
    └── SchemaNew             the administrator: a newer link-ecf

A page that cannot be read is never reported as a wrong password (design, promise 5).
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """How an attempt can end: a closed set, stable because scripts, logs and words are keyed by it."""

    LINKED = "linked"
    ALREADY_LINKED = "already_linked"

    LINKING_OFF = "linking_off"
    COURT_UNSUPPORTED = "court_unsupported"

    NOT_LIVE = "not_live"
    COURT_DOWN = "court_down"
    PACER_DOWN = "pacer_down"
    COURT_NOT_LISTED = "court_not_listed"
    LINK_NOT_OFFERED = "link_not_offered"

    PACER_REFUSED = "pacer_refused"
    PASSCODE_REFUSED = "passcode_refused"
    ECF_REFUSED = "ecf_refused"

    PACER_LOCKED = "pacer_locked"
    PACER_LEGACY = "pacer_legacy"
    INDIVIDUAL_ACCOUNT_REQUIRED = "individual_account_required"
    MFA_ENROLMENT_REQUIRED = "mfa_enrolment_required"
    ACCOUNT_UPDATE_REQUIRED = "account_update_required"
    PASSWORD_EXPIRED = "password_expired"
    REDACTION_REQUIRED = "redaction_required"
    ECF_LOCKED = "ecf_locked"
    ECF_LOGIN_UNLINKABLE = "ecf_login_unlinkable"
    PACER_LINKED_ELSEWHERE = "pacer_linked_elsewhere"

    PASSCODE_NEEDED = "passcode_needed"
    ACCOUNTS_MISMATCH = "accounts_mismatch"
    STOPPED_BY_PERSON = "stopped_by_person"
    TIMED_OUT = "timed_out"

    UNKNOWN_PAGE = "unknown_page"
    OUTCOME_UNKNOWN = "outcome_unknown"
    INTERRUPTED = "interrupted"


GOOD = frozenset({Code.LINKED, Code.ALREADY_LINKED})
"""The two codes after which the attorney can file."""


DOUBTS = frozenset({Code.OUTCOME_UNKNOWN, Code.INTERRUPTED})
"""The codes by which a replica ends what another one left behind: they say what was not seen, not what happened."""


def outranked_by(code: Code) -> frozenset[Code]:
    """Return the endings that `code` replaces wherever it arrives later: proof of a link outranks every doubt.

    Nothing replaces proof, and a doubt replaces nothing (design, promise 4).
    """
    return DOUBTS if code in GOOD else frozenset()


class LinkEnded(Exception):
    """An attempt ended; `code` says how, `detail` adds one fixed phrase of ours (never text of a page)."""

    codes: frozenset[Code] = frozenset()

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail


class YourPassword(LinkEnded):
    """A password or passcode was refused. It is spent: the bot never sends it again."""

    codes = frozenset({Code.PACER_REFUSED, Code.PASSCODE_REFUSED, Code.ECF_REFUSED})


class YourAccount(LinkEnded):
    """An account has to be changed at PACER or at the court before it can be linked."""

    codes = frozenset(
        {
            Code.PACER_LOCKED,
            Code.PACER_LEGACY,
            Code.INDIVIDUAL_ACCOUNT_REQUIRED,
            Code.MFA_ENROLMENT_REQUIRED,
            Code.ACCOUNT_UPDATE_REQUIRED,
            Code.PASSWORD_EXPIRED,
            Code.REDACTION_REQUIRED,
            Code.ECF_LOCKED,
            Code.ECF_LOGIN_UNLINKABLE,
            Code.PACER_LINKED_ELSEWHERE,
        }
    )


class YourAnswer(LinkEnded):
    """The person stopped the attempt, or a question of it stayed without the answer it needs."""

    codes = frozenset({Code.PASSCODE_NEEDED, Code.ACCOUNTS_MISMATCH, Code.STOPPED_BY_PERSON, Code.TIMED_OUT})


class TheCourt(LinkEnded):
    """The court or PACER cannot do it now."""

    codes = frozenset({Code.NOT_LIVE, Code.COURT_DOWN, Code.PACER_DOWN, Code.COURT_NOT_LISTED, Code.LINK_NOT_OFFERED})


class TheFirm(LinkEnded):
    """The firm's policy, or the bot's own scope, rules the court out."""

    codes = frozenset({Code.LINKING_OFF, Code.COURT_UNSUPPORTED})


class OurReading(LinkEnded):
    """The bot stopped because it could not be sure of what it saw."""

    codes = frozenset({Code.UNKNOWN_PAGE, Code.OUTCOME_UNKNOWN, Code.INTERRUPTED})


BRANCHES: tuple[type[LinkEnded], ...] = (YourPassword, YourAccount, YourAnswer, TheCourt, TheFirm, OurReading)


def ended(code: Code, detail: str = "") -> LinkEnded:
    """Return the exception of the branch that owns `code`, ready to raise.

    Raises ValueError for the two good codes, which are no errors.
    """
    for branch in BRANCHES:
        if code in branch.codes:
            return branch(code, detail)
    raise ValueError(f"{code} is not an error")


class WrongSetting(Exception):
    """A setting stops the start; the message is one line that names the setting and its fix."""


class StoreTrouble(Exception):
    """The database did not do what it was asked; the message is one fixed sentence, never SQL and never a value.

    Whoever catches it counts the whole unit of work as not done. One case cannot be told apart: when the answer to a
    commit was lost, the unit may have been kept after all, so look again before doing anything that cannot be undone.
    """

    phrase = "The database refused what the bot asked of it; its log says why. Nothing was changed."

    def __init__(self, phrase: str = "") -> None:
        super().__init__(phrase or self.phrase)


class StoreDown(StoreTrouble):
    """The database cannot be reached, or did not answer within its time; the store recovers by itself."""

    phrase = "The database cannot be reached: start it, or correct DATABASE_URL."


class StoreBusy(StoreTrouble):
    """Others kept the database busy for too long; the same thing may be asked again."""

    phrase = "The database is busy: try again in a moment."


class StoreFull(StoreTrouble):
    """The database has no room left; nothing is half written."""

    phrase = "The database has no room left: make room on its disk."


class SchemaOld(StoreTrouble):
    """The tables are older than this link-ecf, or not made yet; the service does not start."""

    phrase = "The database's tables are older than this link-ecf: run `link-ecf db upgrade`."


class SchemaNew(StoreTrouble):
    """The tables were made by a newer link-ecf; the service does not start, and nothing is ever downgraded."""

    phrase = "The database's tables were made by a newer link-ecf: install that version, or a newer one."
