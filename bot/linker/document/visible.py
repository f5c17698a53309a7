"""What a person would see: the visible text of a part of a page, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

_SILENT = frozenset({"script", "style", "noscript", "template", "select", "head", "title", "iframe", "object"})
_INLINE = frozenset(
    {"a", "b", "i", "u", "em", "strong", "font", "span", "small", "big", "tt", "code", "abbr", "sup", "sub"}
)
_SHOWN_INPUTS = frozenset({"", "text", "email", "search", "tel", "url"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS = re.compile(r"\bui-(?:overlay-hidden|hidden-container|helper-hidden)\b")


def collapse(text: str) -> str:
    """Return the text with every run of blanks, of whatever kind, as one space."""
    return " ".join(text.split())


def _hides(element: etree._Element) -> bool:
    style, classes = element.get("style"), element.get("class")
    return (
        bool(style and _HIDDEN_STYLE.search(style))
        or bool(classes and _HIDDEN_CLASS.search(classes))
        or element.get("hidden") is not None
    )


def is_hidden(element: etree._Element) -> bool:
    """True when the element, or one around it, is hidden by attribute, style or PrimeFaces' own classes."""
    return _hides(element) or any(_hides(a) for a in element.iterancestors())


def pieces(root: etree._Element, without: etree._Element | None = None) -> list[str]:
    """Return the visible text of `root` piece by piece; text fields show their values, hidden parts nothing."""
    found: list[str] = []
    gathered: list[str] = []

    def flush() -> None:
        text = collapse("".join(gathered))
        gathered.clear()
        if text:
            found.append(text)

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if tag not in _INLINE:
                flush()
            if tag in _SILENT or element is without or (element is not root and _hides(element)):
                walk.skip_subtree()
                continue
            if tag == "input" and (element.get("type") or "").lower() in _SHOWN_INPUTS:
                gathered.append(element.get("value") or "")
                flush()
            gathered.append(element.text or "")
        else:
            if tag not in _INLINE:
                flush()
            if element is not root:
                gathered.append(element.tail or "")
    flush()
    return found


def rows(table: etree._Element) -> Iterator[tuple[str, ...]]:
    """Yield the cells' texts of a table's own rows, those of tables inside it left to them."""
    for row in table.iter("tr"):
        owner = next(row.iterancestors("table"), None)
        if owner is table:
            yield tuple(" ".join(pieces(cell)) for cell in row.iterchildren("td", "th"))
