"""What Slack refuses in one field, list, picker or button, and in a text: the limits of its documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.slack_elements import PARTS, TYPED, offers

Block = Mapping[str, Any]

ELEMENTS = {"button", "overflow", *PARTS}
OPTIONS = 100
FEW = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}
"""The kinds that hold fewer choices than a list."""
LIMITS = {"title": 24, "submit": 24, "close": 24, "label": 2000, "hint": 2000, "placeholder": 150}
_SHAPES = {"initial_date": r"\d{4}-\d\d-\d\d", "initial_time": r"[0-2]\d:[0-5]\d", "initial_date_time": r"\d{10}"}


def element_faults(element: Block, where: str, *, message: bool = False) -> Iterator[str]:
    """Yield what Slack would refuse in one element; in a `message` nothing can be typed."""
    kind = element.get("type")
    if kind not in ELEMENTS or (message and kind in TYPED):
        yield f"{where}: there is no element {kind} here"
    if not 1 <= len(str(element.get("action_id", "-"))) <= 255:
        yield f"{where}: action_id is too long"
    if kind == "button":
        yield from text_faults(element.get("text"), where, 75, kinds=("plain_text",))
        if len(str(element.get("value", ""))) > 2000:
            yield f"{where}: the value of a button is too long"
        if element.get("style", "primary") not in {"primary", "danger"}:
            yield f"{where}: there is no style {element.get('style')}"
    if kind == "plain_text_input":
        yield from _typed(element, where)
    if "placeholder" in element:
        yield from text_faults(element["placeholder"], f"{where}.placeholder", 150, kinds=("plain_text",))
    yield from _choices(element, where)
    for name, shape in _SHAPES.items():
        if name in element and not re.fullmatch(shape, str(element[name])):
            yield f"{where}: {name} has another shape"
    for unknown in {"mask", "password", "style"} & set(element) - ({"style"} if kind == "button" else set()):
        yield f"{where}: there is no property {unknown}"


def _typed(element: Block, where: str) -> Iterator[str]:
    longest = int(element.get("max_length", 3000))
    if not 1 <= longest <= 3000:
        yield f"{where}: max_length is out of range"
    if len(str(element.get("initial_value", ""))) > longest:
        yield f"{where}: initial_value is too long"


def _choices(element: Block, where: str) -> Iterator[str]:
    kind = element.get("type")
    offered = list(offers(dict(element)))
    chosen: list[Block] = [*element.get("initial_options", ())]
    if "initial_option" in element:
        chosen.append(element["initial_option"])
    for option in (*offered, *chosen):
        yield from option_faults(option, where)
    for group in element.get("option_groups", ()):
        yield from text_faults(group.get("label"), f"{where}.label", 75, kinds=("plain_text",))
    if len(element.get("options", ())) > (most := FEW.get(str(kind), OPTIONS)) or len(chosen) > OPTIONS:
        yield f"{where}: {kind} holds at most {most} options"
    if kind in {"static_select", "multi_static_select", *FEW} and not offered:
        yield f"{where}: a list without options"
    if offered and any(one not in offered for one in chosen):
        yield f"{where}: what is chosen beforehand is not offered"
    if element.get("initial_options") == []:
        yield f"{where}: initial_options is empty"


def option_faults(option: Block, where: str = "option") -> Iterator[str]:
    """Yield what Slack would refuse in one choice of a list."""
    yield from text_faults(option.get("text"), where, 75)
    if "description" in option:
        yield from text_faults(option["description"], where, 75)
    if not 1 <= len(str(option.get("value", ""))) <= 150:
        yield f"{where}: the value of an option has 1 to 150 characters"


def text_faults(
    value: object, where: str, limit: int, kinds: Sequence[str] = ("plain_text", "mrkdwn")
) -> Iterator[str]:
    """Yield what Slack would refuse in a text object of these kinds."""
    if not isinstance(value, Mapping) or value.get("type") not in kinds:
        yield f"{where}: not a text of {' or '.join(kinds)}"
        return
    if not 1 <= len(str(value.get("text", ""))) <= limit:
        yield f"{where}: a text here has 1 to {limit} characters"
