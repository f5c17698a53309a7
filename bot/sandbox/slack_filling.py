"""How a person fills in one field of a pretend view: typed, picked, chosen from a list, ticked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.sandbox.slack_state import PICKED, Json, PretendView

Suggest = Callable[[PretendView, str, str], Awaitable[list[Json]]]
"""Types into a list that asks the bot for its choices, and returns what it offers."""


async def fill_in(view: PretendView, name: str, value: str | Sequence[str], suggest: Suggest) -> None:
    """Fill in one field; lists and boxes take the values to choose. Raises LookupError for one not there."""
    block = view.input(name)
    element = block["element"]
    kind: str = element["type"]
    filled: Json = {"type": kind}
    if kind in PICKED:
        filled[PICKED[kind]] = value or None
    elif kind == "multi_external_select":
        filled["selected_options"] = [_option(await suggest(view, one, name), one) for one in value]
    elif kind in {"multi_static_select", "checkboxes"}:
        filled["selected_options"] = [_option(element["options"], one) for one in value]
    elif kind in {"static_select", "radio_buttons"}:
        filled["selected_option"] = _option(element["options"], str(value))
    else:
        filled["value"] = value or None
    view.state[block["block_id"], element["action_id"]] = filled


def tick(view: PretendView, name: str) -> None:
    """Tick every box of one field."""
    block = view.input(name)
    boxes = {"type": "checkboxes", "selected_options": block["element"]["options"]}
    view.state[block["block_id"], block["element"]["action_id"]] = boxes


def _option(options: Sequence[Json], value: str) -> Json:
    found = next((one for one in options if one["value"] == value), None)
    if found is None:
        raise LookupError(f"the list offers no {value}")
    return found
