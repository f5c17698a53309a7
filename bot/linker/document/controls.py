"""The controls of a form, read by BeautifulSoup from the form's own piece of the page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bs4.element import NavigableString, Tag

from bot.linker.document.visible import collapse
from bot.linker.form import Control

NAMES = ("input", "select", "textarea", "button")
"""The elements that are controls."""

LABELLED = frozenset({"text", "password", "email", "tel", "url", "search", ""})
"""The kinds into which a person types: their labels are read, since only the words tell what is asked for."""

TEXTS_BEFORE = 12
"""How many texts before such a field, blank ones included, are looked at for its label."""


def read_controls(soup: Tag) -> tuple[Control, ...]:
    """Return the controls in a piece of BeautifulSoup, in page order."""
    return tuple(read_control(tag) for tag in tags(soup))


def tags(soup: Tag) -> list[Tag]:
    """Return the control elements of a piece, itself included, in page order."""
    own = [soup] if soup.name in NAMES else []
    return own + list(soup.find_all(NAMES))


def read_control(tag: Tag) -> Control:
    """Return one control with the words that name it and the rules that decide whether it is sent."""
    kind = (_attribute(tag, "type") or ("submit" if tag.name == "button" else "text")).strip().lower()
    if tag.name in ("select", "textarea"):
        kind = tag.name
    return Control(
        name=_attribute(tag, "name"),
        kind=kind,
        value=_value(tag, kind),
        values=tuple(_selected(tag)) if tag.name == "select" else (),
        options=tuple(_options(tag)) if tag.name == "select" else (),
        checked=tag.has_attr("checked"),
        disabled=_disabled(tag),
        readonly=tag.has_attr("readonly"),
        caption=_caption(tag, kind),
        label=_label(tag) if kind in LABELLED else "",
        action=_attribute(tag, "formaction"),
        method=_attribute(tag, "formmethod").lower(),
        enctype=_attribute(tag, "formenctype").lower(),
        onclick=_attribute(tag, "onclick"),
    )


def _caption(tag: Tag, kind: str) -> str:
    """The words on a button; an `<input type=submit>` without a value says "Submit" in every browser."""
    if tag.name == "button":
        return collapse(tag.get_text())
    if kind == "submit" and not tag.has_attr("value"):
        return "Submit"
    return _attribute(tag, "value")


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else " ".join(value)


def _value(tag: Tag, kind: str) -> str:
    if tag.name == "textarea":
        return tag.get_text().removeprefix("\n")
    if kind in ("checkbox", "radio") and not tag.has_attr("value"):
        return "on"
    return _attribute(tag, "value")


def _options(select: Tag) -> Iterator[tuple[str, str]]:
    for option in select.find_all("option"):
        yield _option_value(option), collapse(option.get_text())


def _option_value(option: Tag) -> str:
    return _attribute(option, "value") if option.has_attr("value") else collapse(option.get_text())


def _selected(select: Tag) -> Iterator[str]:
    options = [o for o in select.find_all("option") if not _option_disabled(o)]
    chosen = [o for o in options if o.has_attr("selected")]
    if select.has_attr("multiple"):
        yield from map(_option_value, chosen)
    elif chosen or options:
        yield _option_value(chosen[-1] if chosen else options[0])


def _option_disabled(option: Tag) -> bool:
    group = option.find_parent("optgroup")
    return option.has_attr("disabled") or (group is not None and group.has_attr("disabled"))


def _disabled(tag: Tag) -> bool:
    """True when the control or a fieldset around it is disabled; a fieldset's own legend stays enabled (HTML)."""
    if tag.has_attr("disabled"):
        return True
    for around in tag.parents:
        if around.name == "datalist":
            return True
        if around.name == "fieldset" and around.has_attr("disabled"):
            legend = around.find("legend", recursive=False)
            if not (isinstance(legend, Tag) and any(parent is legend for parent in tag.parents)):
                return True
    return False


def _label(tag: Tag) -> str:
    """The words that name a control: its own label element, else the nearest text before it."""
    identity = _attribute(tag, "id")
    root = tag.find_parent("form") or tag
    named = root.find("label", attrs={"for": identity}) if identity else None
    around = tag.find_parent("label")
    for element in (named, around):
        if isinstance(element, Tag) and collapse(element.get_text()):
            return collapse(element.get_text())
    before = (text for text in tag.previous_elements if isinstance(text, NavigableString))
    for text in islice(before, TEXTS_BEFORE):
        if collapse(text) and (
            text.parent is None or text.parent.name not in ("script", "style", "option", "textarea")
        ):
            return collapse(text)
    return ""
