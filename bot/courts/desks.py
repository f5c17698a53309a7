"""Texts of PACER's list made plain: without HTML, cut into lines; and the telephones that are found in them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bot.courts.court import HelpDesk

_MOST = 2_000
_BREAK = re.compile(r"<\s?/?\s?br\s?/?\s?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")
_PHONE = re.compile(r"(?<!\d)(?:\+?1[-./ ]{0,2})?\(?(\d{3})\)?[-./ ]{0,3}(\d{3})[-./ ]{0,3}(\d{4})(?!\d)")
_MORE = re.compile(r"[,;: (]*(?:(?:ext|extension|x)[.: ]*|(option|opt|press)[.: ]*)#?(\d{1,6})\)?", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){1,6}")
_HIDDEN = re.compile(r"\[email[\s\xa0]+(?:address|protected)\]", re.IGNORECASE)
_JOINTS = frozenset({"", "or", "and", "tel", "phone", "telephone"})
LONGEST_DIVISION = 60


def lines_of(value: object) -> tuple[str, ...]:
    """Return the lines of a text: `<BR>` parts them, entities are resolved, tags and unprintable characters go.

    A number is its own text, anything else has no lines.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ()
    text = str(value)[:_MOST]
    for _ in range(2):  # the list has `&lt;BR&gt;` as well as `<BR>`
        text = html.unescape(_TAG.sub(" ", _BREAK.sub("\n", text)))
    parts = _TAG.sub(" ", _BREAK.sub("\n", text)).splitlines()
    plain = ("".join(one if one.isprintable() and one not in "<>" else " " for one in part) for part in parts)
    return tuple(line for part in plain if (line := " ".join(part.split())))


def line_of(value: object) -> str:
    """Return all lines of a text as one."""
    return " ".join(lines_of(value))


def hidden(text: str) -> bool:
    """Tell whether the text has only the place holder that a web page shows in place of an e-mail address."""
    return _HIDDEN.search(text) is not None


def email_in(text: str) -> str:
    """Return the first e-mail address of the text, "" when there is none."""
    found = _EMAIL.search(text)
    return found[0] if found else ""


def desks_in(text: str, extension: str, division: str) -> Iterator[HelpDesk]:
    """Yield every telephone of one line; `extension` and `division` are what the list gives beside it.

    Without a division the words ahead of a number, or behind the last one, say what it is for.
    """
    found = list(_PHONE.finditer(text))
    for place, match in enumerate(found):
        until = found[place + 1].start() if place + 1 < len(found) else len(text)
        more = _MORE.match(text[match.end() : until])
        behind = text[match.end() + (more.end() if more else 0) : until]
        ahead = text[: match.start()] if place == 0 else ""
        label = division or _label(ahead) or (_label(behind) if len(found) == 1 else "")
        number = "-".join(match.groups())
        yield HelpDesk(number + (_said(more) if more else _extension(extension)), label[:LONGEST_DIVISION])


def _extension(text: str) -> str:
    found = _MORE.fullmatch(text)
    if found:
        return _said(found)
    return f" ext. {text}" if re.fullmatch(r"\d{1,6}", text) else ""


def _said(more: re.Match[str]) -> str:
    return f", Option {more[2]}" if more[1] else f" ext. {more[2]}"


def _label(text: str) -> str:
    label = text.strip(" -,:;()/")
    return "" if label.casefold().rstrip(".") in _JOINTS else label
