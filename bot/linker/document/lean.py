"""A form cut down to what its reading needs, on lxml's tree: BeautifulSoup costs by the element.

Captured forms are mostly layout: rows and cells, the page's own text, scripts. What decides how a control is read
stays: the controls, their labels, the fieldsets that disable them, the text before each field that a person types into.
"""

from __future__ import annotations

from collections import deque
from copy import deepcopy

from lxml import etree

from bot.linker.document.controls import LABELLED, TEXTS_BEFORE

_ENTIRE = frozenset({"label", "select", "textarea", "button", "legend"})
"""Read with all that they hold: words, options, and where they end."""

_READ = _ENTIRE | frozenset({"form", "input", "fieldset", "datalist", "optgroup", "option", "template", "rt", "rp"})
"""What the reading of controls looks at; to BeautifulSoup a text in the last three is no text."""

_SPARE = 4
"""Texts kept beyond those looked at: a second parsing may drop a blank one."""

Text = tuple[etree._Element, bool]
"""A text of the tree: the one that an element begins with, or (True) the one behind it."""


def lean(form: etree._Element) -> str:
    """Return the HTML of a form whose controls, and all that is read of them, are those of `form`."""
    bare = deepcopy(form)
    bare.tail = None
    etree.strip_elements(bare, "script", "style", with_tail=False)
    kept, texts = _needed(bare)
    _cut(bare, kept, texts)
    _flatten(bare)
    return etree.tostring(bare, encoding="unicode", method="html", with_tail=False)


def _needed(form: etree._Element) -> tuple[set[etree._Element], set[Text]]:
    """The elements that are read or lie around such ones, and the texts that may name a field."""
    kept: set[etree._Element] = {form}
    texts: set[Text] = set()
    before: deque[Text] = deque(maxlen=TEXTS_BEFORE + _SPARE)
    for event, element in etree.iterwalk(form, events=("start", "end")):
        if event == "end":
            if element.tail:
                before.append((element, True))
            continue
        if element.tag in _READ:
            _keep(element, kept)
        if element.tag in ("input", "button") and (element.get("type") or "").strip().lower() in LABELLED:
            for text in before:
                _keep(text[0], kept)
            texts.update(before)
            before.clear()
        if element.text:
            before.append((element, False))
    return kept, texts


def _keep(element: etree._Element | None, kept: set[etree._Element]) -> None:
    while element is not None and element not in kept:
        kept.add(element)
        element = element.getparent()


def _cut(form: etree._Element, kept: set[etree._Element], texts: set[Text]) -> None:
    """Take out every other element and text. The element before a kept text is kept, so no two texts become one."""
    waiting = [form]
    while waiting:
        parent = waiting.pop()
        if (parent, False) not in texts:
            parent.text = None
        for child in list(parent):
            if child not in kept:
                parent.remove(child)  # with the text behind it
                continue
            if (child, True) not in texts:
                child.tail = None
            if child.tag not in _ENTIRE:
                waiting.append(child)


def _flatten(form: etree._Element) -> None:
    """Put inputs in the place of what merely wraps them, innermost first.

    An input closes no element before it when the HTML is parsed again; other elements might.
    """
    for element in reversed(list(form.iter())):
        children, parent = list(element), element.getparent()
        if element.tag in _READ or not children or parent is None:
            continue
        plain = all(child.tag == "input" and not child.tail for child in children)
        if plain and not element.text and not element.tail:
            place = parent.index(element)
            parent[place : place + 1] = children
