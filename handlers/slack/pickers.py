"""Fields that show what is chosen beforehand (lists, days, times, people, texts), and what a view says of them.

`blocks.text_input` never has anything in it beforehand, because secrets are typed there; these hold no secrets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.slack.blocks import INPUT_LIMIT, LABEL_LIMIT, PLACEHOLDER_LIMIT, Block, option, plain

_PARTS = ("value", "selected_date", "selected_time", "selected_user")


def field(
    block_id: str, element: Block, label: str, *, hint: str = "", placeholder: str = "", optional: bool = False
) -> Block:
    """Return an input block around `element`."""
    if placeholder:
        element = {**element, "placeholder": plain(placeholder, PLACEHOLDER_LIMIT)}
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_LIMIT),
        "optional": optional,
        "element": element,
    }
    return block | ({"hint": plain(hint, LABEL_LIMIT)} if hint else {})


def choice(action: str, choices: Sequence[tuple[str, str]], chosen: str = "") -> Block:
    """Return a list of (value, text); `chosen` names the value that is chosen beforehand, if it is one of them."""
    options = {value: option(text, value) for value, text in choices}
    element: Block = {"type": "static_select", "action_id": action, "options": list(options.values())}
    return element | ({"initial_option": options[chosen]} if chosen in options else {})


def day(action: str, chosen: str = "") -> Block:
    """Return a day picker; `chosen` is YYYY-MM-DD or nothing."""
    return {"type": "datepicker", "action_id": action} | ({"initial_date": chosen} if chosen else {})


def clock(action: str, chosen: str = "") -> Block:
    """Return a time picker, which knows no zone; `chosen` is HH:MM or nothing."""
    return {"type": "timepicker", "action_id": action} | ({"initial_time": chosen} if chosen else {})


def person(action: str) -> Block:
    """Return a list of the people of the workspace."""
    return {"type": "users_select", "action_id": action}


def text(action: str, typed: str = "", *, most: int = INPUT_LIMIT, lines: bool = False) -> Block:
    """Return a field for `most` characters, with `typed` in it; of several lines where `lines` says so."""
    element: Block = {"type": "plain_text_input", "action_id": action, "max_length": min(most, INPUT_LIMIT)}
    element |= {"multiline": True} if lines else {}
    return element | ({"initial_value": typed[:most]} if typed else {})


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """Return what was chosen or typed in a view by field (the block_id up to its colon); "" for nothing."""
    found: dict[str, str] = {}
    for block_id, elements in view["state"]["values"].items():
        for element in elements.values():
            found[str(block_id).partition(":")[0]] = _said(element)
    return found


def block_of(view: Mapping[str, Any], name: str) -> str:
    """Return the block_id of the input `name` in this view, "" when the view does not show it."""
    ids = (str(block.get("block_id", "")) for block in view.get("blocks", ()) if block.get("type") == "input")
    return next((block_id for block_id in ids if block_id.partition(":")[0] == name), "")


def _said(element: Mapping[str, Any]) -> str:
    option_chosen = element.get("selected_option")
    if isinstance(option_chosen, Mapping):
        return str(option_chosen.get("value", ""))
    return next((str(element[part]) for part in _PARTS if element.get(part)), "")
