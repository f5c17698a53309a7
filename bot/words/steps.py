"""What to do at each step before a court's date: one list of advice for each kind of date (courts.md 7, users.md 1).

Every line is one idea. The court's and PACER's own labels are in quotes. Nothing here depends on a court.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.reminders.event import CourtEvent, Kind, Status
from bot.reminders.moments import instant
from bot.reminders.notice import Step

_OWN_ACCOUNT = (
    "Have a PACER account of your own. Only an individual account can be linked; a shared one cannot. "
    "Register at pacer.uscourts.gov if you have none. Without a credit card the activation code comes by post, in 7 to "
    "10 business days."
)
_UPGRADED = (
    "Look at your PACER user name. If it has 6 characters, it is a legacy account, from before August 2014: sign in at "
    'pacer.uscourts.gov, open "Manage My Account" and choose "Upgrade" beside "Account Type".'
)
_CJA = (
    "CJA panel attorneys wait: do not upgrade your PACER account before the court or its help desk tells you when. "
    "Courts ask panel attorneys to do it shortly before the go-live, or after it."
)
_UNTIL_THEN = (
    "Until that day, keep filing there with the CM/ECF login that the court issued to you. Nobody can link before it."
)
_AGENTS = (
    "Staff who file for you as filing agents need PACER accounts of their own. If you have two CM/ECF logins at this "
    "court, each needs a PACER account of its own: ask the court which way it wants."
)
_KNOW_LOGIN = (
    "Know your CM/ECF login and your CM/ECF password for this court, the ones that the court issued to you. Type them "
    "once yourself: a password that only your browser knows may be lost on the day."
)
_RESET = (
    "If you do not know the CM/ECF password, reset it while the old system still runs. The court's reset e-mail goes "
    "to your primary address in CM/ECF only. PACER cannot look up a CM/ECF login; only the court can."
)
_FINISH = "Finish before the system closes whatever has to be filed, and plan no filing for the time in between."
_IN_HAND = (
    "Have in hand: your PACER user name and PACER password, your authenticator app if PACER asks you for passcodes, "
    "and the CM/ECF login and CM/ECF password that this court issued to you."
)
_EACH = (
    "Each attorney links their own two accounts, themselves, once for each court. Where the court shows both "
    "accounts first, the bot links them only after you say that they are yours."
)
_NOT_FILING = "Once the court is live, you can look at cases there without the link, but you cannot file."
_BUSY = "The court's help desk gets most of its calls in this first week. Do not wait for a deadline of yours."
_APP = (
    'Set up an authenticator app: sign in at pacer.uscourts.gov, "Manage My Account", tab "Settings", "Manage MFA '
    'Settings". No text message or e-mail is sent later; the app shows the passcodes. PACER also gives out backup '
    "codes, for those without a smartphone."
)
_SHARED_CODES = (
    "Staff who sign in for you need the passcodes too: PACER takes several apps for one account, or they file with an "
    "account of their own as filing agents."
)
_NO_LINK = "Nothing has to be linked for it, as far as the bot knows, and no account changes."
_SUCCESSOR = (
    "What the new system asks of filers is in the court's own notice; the bot does not know more than that. It links "
    "accounts for NextGen CM/ECF only."
)
_ACCOUNT_IN_ORDER = (
    "Keep your PACER account in order: a password that you know, and an authenticator app that works. Those are what "
    "the courts' systems ask for first."
)

ADVICE: Mapping[Kind, Mapping[Step, tuple[str, ...]]] = {
    Kind.NEXTGEN_GO_LIVE: {
        Step.T_60: (_OWN_ACCOUNT, _UPGRADED, _CJA, _UNTIL_THEN),
        Step.T_30: (_OWN_ACCOUNT, _UPGRADED, _CJA, _KNOW_LOGIN),
        Step.ACCOUNTS: (
            "These checks can take weeks, so make them today.",
            _OWN_ACCOUNT,
            _UPGRADED,
            _CJA,
            _AGENTS,
        ),
        Step.T_14: (_KNOW_LOGIN, _RESET, "Your own upgraded PACER account should be ready by now. " + _CJA),
        Step.T_7: (_FINISH, _KNOW_LOGIN, _RESET, _UNTIL_THEN),
        Step.LAST_DAYS: (
            _FINISH,
            "These are the last days on which you can reset the CM/ECF password yourself. Note login and password.",
            "When the court opens again, the bot sends you a message with a button for linking.",
        ),
        Step.OPENING: (_IN_HAND, _EACH, _NOT_FILING, _BUSY),
        Step.T_PLUS_1: (
            "Once the court is live, nobody files there before their accounts are linked. It takes a few minutes.",
            _IN_HAND,
            _BUSY,
        ),
        Step.T_PLUS_7: (
            "A week has passed, and the bot knows of no link of yours there. "
            "A court that is live takes no filing without it.",
            'If you have linked on the court\'s own pages, press "I have linked already", and you hear no more of it. '
            "If you do not file there, mute the court.",
            _IN_HAND,
            "This is the last reminder of this date, unless you ask to be told again.",
        ),
    },
    Kind.SUCCESSOR_GO_LIVE: {
        Step.T_60: (_SUCCESSOR, _ACCOUNT_IN_ORDER),
        Step.T_30: (_SUCCESSOR, _ACCOUNT_IN_ORDER),
        Step.ACCOUNTS: (
            "If the notice asks you to prepare an account, begin now: it may take weeks.",
            _SUCCESSOR,
        ),
        Step.T_14: (_SUCCESSOR, _ACCOUNT_IN_ORDER),
        Step.T_7: (_FINISH, _SUCCESSOR),
        Step.LAST_DAYS: (_FINISH, _SUCCESSOR),
        Step.OPENING: ("File there in the new system from now on, as the court's notice says.", _SUCCESSOR),
        Step.T_PLUS_1: (_SUCCESSOR,),
        Step.T_PLUS_7: (_SUCCESSOR,),
    },
    Kind.RELEASE_OUTAGE: {
        Step.T_60: (_NO_LINK,),
        Step.T_30: (_NO_LINK,),
        Step.ACCOUNTS: (_NO_LINK,),
        Step.T_14: (_FINISH, _NO_LINK),
        Step.T_7: (_FINISH, _NO_LINK),
        Step.LAST_DAYS: (_FINISH, _NO_LINK),
        Step.OPENING: ("Whether the system is back, the court says: look at its pages.", _NO_LINK),
        Step.T_PLUS_1: ("Whether the system is back, the court says: look at its pages.",),
        Step.T_PLUS_7: ("Whether the system is back, the court says: look at its pages.",),
    },
    Kind.MFA_DEADLINE: {
        Step.T_60: (_APP, _SHARED_CODES),
        Step.T_30: (_APP, _SHARED_CODES),
        Step.ACCOUNTS: (_APP, _SHARED_CODES),
        Step.T_14: (_APP, _SHARED_CODES),
        Step.T_7: (_APP, _SHARED_CODES),
        Step.LAST_DAYS: (
            _APP,
            "PACER may let nobody in without a passcode after that day. Try the sign-on once before it, with the app.",
        ),
        Step.OPENING: (_APP, "If PACER refuses you now, the PACER Service Center can help: 800-676-6856."),
        Step.T_PLUS_1: (_APP,),
        Step.T_PLUS_7: (_APP,),
    },
}
"""What to do, by kind and step. AGAIN and CORRECTION have no list of their own: open_step says whose they take."""

_CLOSED = (
    "The system is closed now. Nothing can be filed in the usual way before it opens, and no CM/ECF password reset.",
    "When the court opens again, look at its pages before you file.",
)

_BEFORE = ((3, Step.LAST_DAYS), (7, Step.T_7), (14, Step.T_14), (21, Step.ACCOUNTS), (30, Step.T_30))


def days_left(event: CourtEvent, now: datetime) -> int | None:
    """Return the days until it happens, counted by the court's calendar; None for a coarse date."""
    if event.opens_at is None:
        return None
    return (event.opens_at.astimezone(event.zone).date() - now.astimezone(event.zone).date()).days


def open_step(event: CourtEvent, now: datetime) -> Step:
    """Return the step whose advice is the right one at `now` (aware), for a notice that is not on the ladder."""
    left = days_left(event, now)
    if left is not None and (event.status is Status.LIVE or (event.opens_at is not None and now >= event.opens_at)):
        return Step.T_PLUS_7 if left <= -7 else Step.T_PLUS_1 if left < 0 else Step.OPENING
    return next((step for days, step in _BEFORE if left is not None and left <= days), Step.T_60)


def closed(event: CourtEvent, now: datetime) -> bool:
    """Tell whether the court's system is away at `now` (aware), for an event that is still to come or lasts."""
    blackout, starts, opens = event.blackout, event.blackout_starts_at, event.opens_at
    if blackout is None or starts is None or opens is None or event.status is Status.LIVE:
        return False
    ends = instant(blackout.end.date(), blackout.end.time(), event.zone)
    return starts <= now < (ends if event.kind is Kind.RELEASE_OUTAGE else min(ends, opens))


def advice(event: CourtEvent, step: Step, now: datetime) -> tuple[str, ...]:
    """Return what to do at a step of the ladder, as it is at `now` (aware). Raises KeyError for the other two."""
    if closed(event, now) and event.kind is not Kind.MFA_DEADLINE:
        return _CLOSED
    return ADVICE[event.kind][step]
