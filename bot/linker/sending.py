"""Tells whether a button's script does nothing but send the button's own form: CM/ECF's usual Submit (protocol 8).

No script is run. A handler is read as a list of statements, and so is the body of a function that the page itself
defines; any statement that is not the sending of that very form makes the button one that does more: it is not pressed.
A function that stands in another file is known by its name alone, from `ONLY_SEND`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

ONLY_SEND = frozenset({"processform", "dosubmit", "submit_form", "submitform"})
"""Functions of CM/ECF's own scripts that send the form they are given (names as captured pages have them)."""

_MAX_SCRIPT = 100_000
_MAX_HANDLER = 500
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_NAME = r"[A-Za-z_$][\w$]*"
_QUOTED = r"[\"']([\w:.-]+)[\"']"
_SEND = re.compile(r"^(?P<form>.+)\.\s*submit\s*\(\s*\)$", re.DOTALL)
_CALL = re.compile(rf"^(?P<name>{_NAME})\s*\((?P<given>[^()]*(?:\({_QUOTED}\)[^()]*)?)\)$", re.DOTALL)
_RETURN = re.compile(r"^return(?:\s+(?:true|false))?$|^(?:void\s*\(?\s*0\s*\)?)$")
_BY_PLACE = re.compile(r"^document\s*\.\s*forms\s*\[\s*(\d{1,3})\s*\]$")
_BY_NAME = (
    re.compile(rf"^document\s*\.\s*forms\s*\[\s*{_QUOTED}\s*\]$"),
    re.compile(rf"^document\s*\[\s*{_QUOTED}\s*\]$"),
    re.compile(rf"^document\s*\.\s*getElementById\s*\(\s*{_QUOTED}\s*\)$"),
    re.compile(rf"^document\s*\.\s*(?:forms\s*\.\s*)?({_NAME})$"),
)


class Sends(Enum):
    """What a script does with the form of its button."""

    ONLY = auto()
    MORE = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Itself:
    """The form that a button stands in, by everything that a script may call it."""

    id: str
    name: str
    place: int

    def meant_by(self, words: str) -> bool:
        """True when an expression of a script can only be this form."""
        text = words.strip()
        if text in ("this.form", "form"):
            return True
        if found := _BY_PLACE.match(text):
            return int(found[1]) == self.place
        named = next((found[1] for one in _BY_NAME if (found := one.match(text))), "")
        return bool(named) and named in (self.id, self.name)


def sends(handler: str, scripts: Sequence[str], form: Itself) -> Sends:
    """Read a handler (an `onclick`, or an address that begins with `javascript:`) on a page with these scripts."""
    if len(handler) > _MAX_HANDLER:
        return Sends.MORE
    text = re.sub(r"^\s*javascript\s*:", "", handler, flags=re.IGNORECASE)
    return _together(_statement(one, scripts, form) for one in _statements(text))


def _together(each: Iterable[Sends]) -> Sends:
    """One that does more spoils all; nothing and sending is sending."""
    found = set(each)
    if Sends.MORE in found:
        return Sends.MORE
    return Sends.ONLY if Sends.ONLY in found else Sends.NOTHING


def _statements(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"[;\n]", _COMMENT.sub(" ", text)) if one.strip()]


def _statement(text: str, scripts: Sequence[str], form: Itself) -> Sends:
    if _RETURN.match(text):
        return Sends.NOTHING
    bare = re.sub(r"^return\s+", "", text)
    if sent := _SEND.match(bare):
        return Sends.ONLY if form.meant_by(sent["form"]) else Sends.MORE
    called = _CALL.match(bare)
    if called is None:
        return Sends.MORE
    given = [one.strip() for one in called["given"].split(",")] if called["given"].strip() else []
    defined = [found for script in scripts for found in _definitions(called["name"], script)]
    if not defined:
        known = called["name"].lower() in ONLY_SEND
        return Sends.ONLY if known and not _names_another(given, form) else Sends.MORE
    return _body(*defined[0], given, form) if len(defined) == 1 else Sends.MORE


def _names_another(given: Sequence[str], form: Itself) -> bool:
    """True when an argument is a form of the page, and not this one."""
    return any(one.startswith("document") and not form.meant_by(one) for one in given)


def _definitions(name: str, script: str) -> Iterable[tuple[str, str]]:
    """The parameters and the body of each function of this name."""
    text = script[:_MAX_SCRIPT]
    if name not in text:
        return
    head = re.compile(
        rf"\bfunction\s+{re.escape(name)}\s*\((?P<a>[^()]*)\)\s*\{{"
        rf"|(?<![\w$]){re.escape(name)}\s*=\s*(?:function\s*)?\((?P<b>[^()]*)\)\s*(?:=>\s*)?\{{"
    )
    plain = _COMMENT.sub(" ", text)
    for found in head.finditer(plain):
        yield found["a"] or found["b"] or "", _braced(plain, found.end())


def _braced(text: str, start: int) -> str:
    """The text up to the brace that closes the one before `start`."""
    depth = 1
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return text[start:position]
    return text[start:]


def _body(parameters: str, body: str, given: Sequence[str], form: Itself) -> Sends:
    named = dict(zip((one.strip() for one in parameters.split(",")), given, strict=False))

    def one(text: str) -> Sends:
        if _RETURN.match(text):
            return Sends.NOTHING
        sent = _SEND.match(text)
        if sent is None:
            return Sends.MORE
        meant = sent["form"].strip()
        holder = re.match(rf"^({_NAME})\s*\.\s*form$", meant)
        if holder and named.get(holder[1]) == "this":
            return Sends.ONLY
        outside_the_button = meant in ("this.form", "form") and meant not in named
        return Sends.ONLY if not outside_the_button and form.meant_by(named.get(meant, meant)) else Sends.MORE

    return _together(one(text) for text in _statements(body))
