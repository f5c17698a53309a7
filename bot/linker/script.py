"""What a page's scripts do at once: cookies they set, places they send the browser, pop-ups they show.

No script is run. Only literal strings are read (`document.cookie = "..."`, `location.assign("...")`), and what stands
in the body of a function is told apart from what runs when the page loads (protocol sections 2.2 and 2.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MOVES = re.compile(
    r"(?<![\w$.])(?:(?:window|self|top|parent|document)\s*\.\s*)*location\s*"
    r"(?:(?:\.\s*href\s*)?=(?!=)\s*|\.\s*(?:assign|replace)\s*\(\s*)"
    r"(?P<quote>[\"'])(?P<text>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)(?!\s*\+)"
)
_COOKIES = re.compile(
    r"document\s*\.\s*cookie\s*=\s*(?P<quote>[\"'])(?P<text>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)(?!\s*\+)"
)
_ALERTS = re.compile(
    r"(?<![\w$.])(?:window\s*\.\s*)?alert\s*\(\s*(?P<quote>[\"'])(?P<text>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)"
)
_FUNCTION = re.compile(r"\bfunction\b[^{};]{0,200}\{|=>\s*\{")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_NOISE = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
_COOKIE_NAME = re.compile(r"^[!#$%&'*+.^_`|~\w-]{1,256}$")
_MAX_SCRIPT = 100_000


@dataclass(frozen=True, slots=True)
class Move:
    """A literal address that a script sends the browser to; `at_once` is False inside a function's body."""

    to: str
    at_once: bool


@dataclass(frozen=True, slots=True)
class ScriptCookie:
    """A cookie that a script sets; `domain` is "" for the page's own host. Its repr hides the value."""

    name: str
    value: str
    domain: str
    path: str
    secure: bool
    expired: bool

    def __repr__(self) -> str:
        return f"ScriptCookie({self.name})"


def moves(scripts: Iterable[str]) -> Iterator[Move]:
    """Yield the literal, non-empty addresses that the scripts move to, in page order."""
    for script, found in _literals(_MOVES, "location", scripts):
        text = _unescape(found["text"]).strip()
        if text:
            yield Move(text, not _inside_function(script, found.start()))


def cookies(scripts: Iterable[str]) -> Iterator[ScriptCookie]:
    """Yield the cookies that the scripts set when the page loads, skipping those without a name or a value."""
    for script, found in _literals(_COOKIES, "cookie", scripts):
        cookie = _cookie(_unescape(found["text"]))
        if cookie is not None and not _inside_function(script, found.start()):
            yield cookie


def alerts(scripts: Iterable[str]) -> Iterator[str]:
    """Yield the literal texts of the pop-ups that the scripts show when the page loads."""
    for script, found in _literals(_ALERTS, "alert", scripts):
        if not _inside_function(script, found.start()):
            yield " ".join(_unescape(found["text"]).split())


def _literals(pattern: re.Pattern[str], word: str, scripts: Iterable[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield what `pattern` finds outside comments; it is only tried on scripts that have its `word`, which is quick."""
    for script in scripts:
        text = script[:_MAX_SCRIPT]
        if word not in text:
            continue
        for found in pattern.finditer(text):
            if not _commented(text, found.start()):
                yield text, found


def _commented(script: str, position: int) -> bool:
    line = script[script.rfind("\n", 0, position) + 1 : position]
    return bool(re.search(r"(?<!:)//", line))


def _inside_function(script: str, position: int) -> bool:
    """True when `position` lies in a function's braces; strings and comments before it do not count."""
    before = _NOISE.sub(lambda m: " " * len(m[0]), script[:position])
    opened = {m.end() - 1 for m in _FUNCTION.finditer(before)}
    if not opened:
        return False
    stack: list[bool] = []
    for brace in re.finditer(r"[{}]", before):
        if brace[0] == "{":
            stack.append(brace.start() in opened)
        elif stack:
            stack.pop()
    return any(stack)


def _unescape(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if code:
            return chr(int(code, 16))
        return {"n": "\n", "t": "\t", "r": "\r"}.get(found[3], found[3])

    return _ESCAPE.sub(one, text)


def _cookie(text: str) -> ScriptCookie | None:
    pair, *attributes = text.split(";")
    name, _, value = pair.partition("=")
    name, value = name.strip(), value.strip()
    if not _COOKIE_NAME.match(name) or not value or len(value) > 4096 or re.search(r"[\x00-\x20\x7f,\"\\]", value):
        return None
    given = {k.strip().lower(): v.strip() for k, _, v in (a.partition("=") for a in attributes)}
    return ScriptCookie(
        name=name,
        value=value,
        domain=given.get("domain", ""),
        path=given.get("path") or "/",
        secure="secure" in given,
        expired="1970" in given.get("expires", "") or given.get("max-age", "1") in ("0", "-1"),
    )
