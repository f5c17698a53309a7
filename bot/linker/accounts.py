"""The two accounts that the verify page shows, and how they compare with those that were typed.

How a court lays the page out is not published (protocol section 2.6), so three ways of writing it are read: a label
with its value beside or behind it, a table with one column per account, and a sentence. What cannot be read is unclear,
and then the person decides (design 5, settled points).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.linker.document import Document
from bot.linker.values import Comparison
from bot.secret import Login

_ECF = r"cm\s*/?\s*ecf|ecf|filer"
_NOUN = r"(?:account|login|log-in|user\s*-?\s*name|user\s*-?\s*id|user|id|name|filer)"
_IS_ECF = re.compile(rf"\b(?:{_ECF})\b", re.IGNORECASE)
_IS_PACER = re.compile(r"\bpacer\b", re.IGNORECASE)
_LABEL_ECF = re.compile(
    rf"^\W*(?:(?:your|the|my|existing|current|court)\s+)*(?:{_ECF})(?:\s+{_NOUN})*\s*(?:\((?P<brackets>[^)]*)\))?\s*[:=\-\u2013]?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_LABEL_PACER = re.compile(
    rf"^\W*(?:(?:your|the|my|upgraded|individual|nextgen)\s+)*pacer(?:\s+{_NOUN})*\s*(?:\((?P<brackets>[^)]*)\))?\s*[:=\-\u2013]?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_NAME = r"[\"'\u201c\u2018(]?(?P<name>[A-Za-z0-9][\w.@+&$*!#%-]*[A-Za-z0-9_&$*!#%-]|[A-Za-z0-9])[\"'\u201d\u2019)]?"
_PERSON = r"(?:\s+[A-Z][\w.'-]*){0,3}"
_PROSE_ECF = re.compile(rf"\bcm\s*/?\s*ecf\s+{_NOUN}\b\s*(?:is\s+|named\s+|:\s*)?{_NAME}(?=[\s.,;:)]|$)", re.IGNORECASE)
_PROSE_PACER = re.compile(rf"\bpacer\s+{_NOUN}\b\s*(?:is\s+|named\s+|:\s*)?{_NAME}(?=[\s.,;:)]|$)", re.IGNORECASE)
_MORE_NAMES = re.compile(_PERSON)
_COMMON = frozenset(
    {
        *("is", "are", "was", "to", "the", "a", "an", "and", "or", "with", "will", "be", "your", "my", "this", "that"),
        *("for", "listed", "shown", "below", "above", "account", "accounts", "login", "user", "name", "information"),
        *("you", "in", "on", "of", "if", "it", "please", "not", "correct"),
    }
)
_USER_NAME = re.compile(r"^[A-Za-z][\w.@+&$*!#%-]{2,}$")
_MARKED_NAME = re.compile(r"^(?=.*\d)(?=.*[A-Za-z])[\w.@+&$*!#%-]{3,}$")
_MAX_LINE = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """The account names as the page shows them; "" for what could not be read.

    `certain` is False for names taken from a sentence, where a word may be taken for a name: such a word alone can show
    that the names agree, never that they differ.
    """

    filer: str
    account: str
    certain: bool = True


def shown_accounts(document: Document) -> Shown:
    """Return the two accounts that the page names."""
    return _from_columns(document.tables) or _from_labels([line[:_MAX_LINE] for line in document.main_lines[:200]])


def mentions_both(document: Document) -> bool:
    """True when the page speaks of a CM/ECF account and of a PACER account."""
    text = document.main_text
    return bool(re.search(r"\bcm\s*/?\s*ecf\b", text, re.IGNORECASE)) and bool(_IS_PACER.search(text))


def compare(shown: Shown, filer: Login, account: Login) -> Comparison:
    """Tell whether the shown accounts are the typed ones.

    A PACER name that is plainly another differs; so does a CM/ECF login. A person's full name, a bare number, or
    nothing at all cannot be compared. Only an equal PACER name agrees.
    """
    pacer = _judge(shown.account, account, shown.certain)
    # A sentence that gave the right PACER name is read right, so its other name counts too.
    ecf = _judge(shown.filer, filer, shown.certain or pacer is Comparison.AGREE)
    if Comparison.DIFFER in (pacer, ecf):
        return Comparison.DIFFER
    return pacer


def _judge(shown: str, typed: Login, certain: bool) -> Comparison:
    if not shown:
        return Comparison.UNCLEAR
    tokens = re.split(r"[\s()\[\],;:\"'\u201c\u201d]+", shown)
    if typed.same(shown) or any(typed.same(token) for token in tokens if token):
        return Comparison.AGREE
    marked = any(_MARKED_NAME.match(token) for token in tokens)
    return Comparison.DIFFER if marked or (certain and _names_a_user(shown.strip())) else Comparison.UNCLEAR


def _names_a_user(shown: str) -> bool:
    """True for what only a user name can be: a word alone, or a word before brackets."""
    first = re.match(r"(\S+)\s*[(\[]", shown)
    return bool(_USER_NAME.match(shown) or (first and _USER_NAME.match(first[1])))


def _from_columns(tables: Sequence[Sequence[Sequence[str]]]) -> Shown | None:
    """A heading row with one account in each column, the names in the row below."""
    for table in tables:
        for heads, cells in pairwise(table):
            ecf = [i for i, head in enumerate(heads) if _IS_ECF.search(head) and not _IS_PACER.search(head)]
            pacer = [i for i, head in enumerate(heads) if _IS_PACER.search(head)]
            if len(ecf) == 1 and len(pacer) == 1 and len(cells) == len(heads) and _bare(heads[ecf[0]], heads[pacer[0]]):
                found = Shown(cells[ecf[0]].strip(), cells[pacer[0]].strip())
                if not _IS_PACER.search(found.filer) and not _IS_ECF.search(found.account):
                    return found
    return None


def _bare(ecf_head: str, pacer_head: str) -> bool:
    """True when both cells are labels only, without a value behind a colon."""
    return not any(re.search(r":\s*\S", head) for head in (ecf_head, pacer_head))


def _from_labels(lines: Sequence[str]) -> Shown:
    filer = account = ""
    for position, line in enumerate(lines):
        following = lines[position + 1] if position + 1 < len(lines) else ""
        is_ecf, is_pacer = bool(re.search(r"\bcm\s*/?\s*ecf\b", line, re.IGNORECASE)), bool(_IS_PACER.search(line))
        if is_ecf and not is_pacer:
            filer = filer or _value(_LABEL_ECF, line, following)
        elif is_pacer and not is_ecf:
            account = account or _value(_LABEL_PACER, line, following)
    if filer and account:
        return Shown(filer, account)
    return Shown(filer or _in_prose(_PROSE_ECF, lines), account or _in_prose(_PROSE_PACER, lines), certain=False)


def _value(label: re.Pattern[str], line: str, following: str) -> str:
    """The text behind a label, or the next piece where the label stands alone."""
    found = label.match(line)
    if found is None:
        return ""
    rest = found["rest"].strip()
    if rest:
        return rest if _like_a_name(rest) else ""
    brackets = (found["brackets"] or "").strip()
    if _MARKED_NAME.match(brackets):
        return brackets
    if _IS_PACER.search(following) or re.search(r"\bcm\s*/?\s*ecf\b", following, re.IGNORECASE):
        return ""
    return following if _like_a_name(following) else ""


def _like_a_name(text: str) -> bool:
    """True for a name, alone or with the person's name beside it; False for a sentence."""
    words = text.split()
    return 0 < len(words) <= 6 and not text.endswith(("?", ".")) and words[0].lower() not in _COMMON


def _in_prose(pattern: re.Pattern[str], lines: Sequence[str]) -> str:
    """The name in a sentence, with the capitalised words behind it: a person's name is shown whole."""
    for line in lines:
        for found in pattern.finditer(line):
            if found["name"].lower() not in _COMMON:
                more = _MORE_NAMES.match(line, found.end("name"))
                return found["name"] + (more[0] if more else "")
    return ""
