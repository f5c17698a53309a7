"""The words with which PACER or a court refuses, told apart by who must act.

Only words seen in published texts or in their plain variants are known; anything else is not a refusal but an unknown
page (design, promise 5). Sources: protocol sections 1.4, 1.5, 1.7, 2.6 and reference/users section 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from bot.errors import Code


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_REFUSED = (
    r"\b(?:invalid|incorrect|wrong|unrecogni[sz]ed|bad)\b[^.]*\b(?:user\s*-?\s*name|user\s*id|login|log-in|id|password|credentials?|accounts?)\b",
    r"\b(?:user\s*-?\s*name|user\s*id|login|log-in|password|credentials?|account|combination)\b[^.]*"
    r"\b(?:invalid|incorrect|wrong|not\s+(?:valid|recogni[sz]ed|found|correct|match|accepted|verified|exist)|do(?:es)?\s+not\s+(?:match|exist)|failed|denied|rejected)\b",
    r"\b(?:login|authentication|sign-?on)\s+(?:attempt\s+)?(?:has\s+)?failed\b",
    r"\b(?:user|account|login|record)s?\b[^.]*\bnot\s+(?:on\s+file|found|known)\b",
    r"\bno\s+(?:such|match(?:ing)?|record)\b[^.]*\b(?:user|account|login|record|password|found)\b|\bno\s+match\b",
    r"\bunknown\s+(?:user|login|account|password)\b",
    r"\b(?:do(?:es)?|did)\s+not\s+(?:match|agree|correspond)\b",
    r"\b(?:could\s+not|cannot|can\s*not|unable\s+to|failed\s+to)\s+(?:verify|validate|authenticate|log\s*-?in|find)\b",
)
_LOCKED = (
    r"\blocked(?:\s+out)?\b",
    r"\btoo\s+many\s+(?:failed\s+|unsuccessful\s+|invalid\s+)?(?:login\s+|log-in\s+)?attempts\b",
    r"\b(?:account|login|user)\b[^.]*\b(?:disabled|deactivated|suspended|inactive|revoked|cancell?ed|not\s+active|no\s+longer\s+active)\b",
    r"\binactive\b[^.]*\b(?:account|login|user)\b",
)
_LEGACY = (
    r"\blegacy\b",
    r"\b(?:must|needs?\s+to|has\s+to|please|not\s+been|not)\b[^.]*\bupgraded?\b",
    r"\bupgrade\s+your\b",
)
_SHARED = (
    r"\bshared\b[^.]*\baccount\b",
    r"\bindividual\s+(?:pacer\s+)?account\b[^.]*\brequired\b",
    r"\bnot\s+an\s+individual\b",
)
_MFA_ENROL = (
    r"\benrol?l?(?:ed|ment)?\b[^.]*\b(?:multi-?\s*factor|mfa)\b",
    r"\b(?:multi-?\s*factor|mfa)\b[^.]*\b(?:enrol?l|set\s*up|required|register)",
)
_EXPIRED = (
    r"\bpassword\b[^.]*\b(?:expired?|expires|must\s+be\s+(?:changed|updated|reset|renewed)|needs?\s+to\s+be\s+(?:changed|updated)|update\s+required)\b",
    r"\b(?:change|update|renew)\s+(?:your\s+)?password\b",
)
_UPDATE = (r"\buser\s+update\s+required\b", r"\b(?:account|profile)\s+update\s+(?:is\s+)?required\b")
_REDACT = (r"\bmust\s+redact\b", r"\bredaction\b")
_PASSCODE = (
    r"\b(?:one-?\s*time\s+)?(?:pass\s*code|security\s+code|verification\s+code|otp|authenticat\w+\s+code)\b[^.]*\b(?:invalid|incorrect|expired|wrong|not\s+\w+)\b",
    r"\b(?:invalid|incorrect|wrong|expired)\b[^.]*\b(?:pass\s*code|code|otp)\b",
)
_LINKED_ELSEWHERE = (
    r"\balready\s+(?:been\s+)?(?:linked|associated|tied)\b",
    r"\b(?:is|are|was)\s+(?:currently\s+)?(?:linked|associated)\s+(?:to|with)\s+(?:another|a\s+different|some\s+other)\b",
    r"\blinked\s+(?:to|with)\s+(?:another|a\s+different)\b",
)
_NOT_FOR_FILING = (
    r"\bnot\s+an?\s+(?:active\s+)?(?:e-?\s?filing|efiling|electronic\s+filing|filing|filer|attorney)\b",
    r"\b(?:no|without|lacks?|does\s+not\s+have)\s+(?:e-?\s?filing|efiling|electronic\s+filing|filing)\b",
    r"\bnot\s+(?:authori[sz]ed|permitted|allowed|eligible|registered)\s+(?:to|for)\s+(?:e-?\s?fil|efil|electronic|fil)",
)
_UNLINKABLE = (*_NOT_FOR_FILING, r"\bspecial\s+characters?\b", r"\b(?:invalid|illegal|unsupported)\s+characters?\b")
_TROUBLE = (
    r"\btime-?\s?out\s+error\b",
    r"\bsystem\s+error\b",
    r"\btry\s+again\s+later\b",
    r"\bunavailable\b",
    r"\bmaintenance\b",
)

_AT_PACER: tuple[tuple[Code, re.Pattern[str]], ...] = (
    (Code.PACER_DOWN, _words(*_TROUBLE)),
    (Code.REDACTION_REQUIRED, _words(*_REDACT)),
    (Code.MFA_ENROLMENT_REQUIRED, _words(*_MFA_ENROL)),
    (Code.PASSWORD_EXPIRED, _words(*_EXPIRED)),
    (Code.ACCOUNT_UPDATE_REQUIRED, _words(*_UPDATE)),
    (Code.PACER_LEGACY, _words(*_LEGACY)),
    (Code.INDIVIDUAL_ACCOUNT_REQUIRED, _words(*_SHARED)),
    (Code.PACER_LOCKED, _words(*_LOCKED)),
)
_PACER_REFUSED = _words(*_REFUSED, r"\bmust\s+be\s+at\s+least\s+\d+\s+characters\b")
_PACER_PASSCODE = _words(*_PASSCODE)

_AT_COURT: tuple[tuple[Code, re.Pattern[str]], ...] = (
    (Code.PACER_LINKED_ELSEWHERE, _words(*_LINKED_ELSEWHERE)),
    (Code.ECF_LOCKED, _words(*_LOCKED)),
    (Code.ECF_LOGIN_UNLINKABLE, _words(*_UNLINKABLE)),
    (Code.ECF_REFUSED, _words(*_EXPIRED)),
    (Code.INDIVIDUAL_ACCOUNT_REQUIRED, _words(*_SHARED)),
    (Code.PACER_LEGACY, _words(*_LEGACY)),
    (Code.ECF_REFUSED, _words(*_REFUSED)),
)


def pacer_refusal(lines: Iterable[str], *, passcode_sent_alone: bool = False) -> Code | None:
    """Return what PACER's words mean, or None when they are not known.

    `passcode_sent_alone` is True on the sign-on page, where the password was accepted before the passcode was asked:
    only there can a refusal be the passcode's alone.
    """
    text = _text(lines)
    for code, words in _AT_PACER:
        if words.search(text):
            return code
    if passcode_sent_alone and (_PACER_PASSCODE.search(text) or _PACER_REFUSED.search(text)):
        return Code.PASSCODE_REFUSED
    if _PACER_REFUSED.search(text) or _PACER_PASSCODE.search(text):
        return Code.PACER_REFUSED
    return None


def court_refusal(lines: Iterable[str]) -> Code | None:
    """Return what a court's words about the link mean, or None when they are not known."""
    text = _text(lines)
    return next((code for code, words in _AT_COURT if words.search(text)), None)


def says_linked_elsewhere(lines: Iterable[str]) -> bool:
    """True when the words say that one of the accounts is linked to another one already."""
    return bool(_words(*_LINKED_ELSEWHERE).search(_text(lines)))


def linked_side(lines: Iterable[str]) -> str:
    """Return "filer" or "account" for the one that is linked to another already, "" where the words do not say."""
    text = _text(lines)
    found = _words(*_LINKED_ELSEWHERE).search(text)
    if not found:
        return ""
    before = text[: found.start()]
    ecf = [m.start() for m in re.finditer(r"\bcm\s*/?\s*ecf\b|\bfiler\b", before, re.IGNORECASE)]
    pacer = [m.start() for m in re.finditer(r"\bpacer\b", before, re.IGNORECASE)]
    if not ecf and not pacer:
        return ""
    return "filer" if max(ecf, default=-1) > max(pacer, default=-1) else "account"


def _text(lines: Iterable[str]) -> str:
    """The lines as sentences, so that no pattern reaches from one line into the next; bounded against hostile pages."""
    return ". ".join(line.strip()[:400] for line in islice(lines, 60) if line.strip())
