"""The fields, lists and pickers of views and messages: what each holds when it is empty, set and sent.

The names of the parts are those of Slack's own payloads (docs.slack.dev, Block Kit elements: "selected_option" ...).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]

TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
"""Fields into which a person types."""

_ONE_OPTION = ("static_select", "external_select", "radio_buttons")
_SOME_OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")

PARTS: Mapping[str, str] = {
    **dict.fromkeys(TYPED, "value"),
    **dict.fromkeys(_ONE_OPTION, "selected_option"),
    **dict.fromkeys(_SOME_OPTIONS, "selected_options"),
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "users_select": "selected_user",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "multi_users_select": "selected_users",
}
"""Where the state of an element of each type stands."""


class NotOffered(LookupError):
    """The list offers no such choice."""


def suggests(element: Json) -> bool:
    """Tell whether the choices of this list are asked of the bot."""
    return str(element["type"]) in {"external_select", "multi_external_select"}


def many(element: Json) -> bool:
    """Tell whether more than one can be chosen."""
    return PARTS[element["type"]].endswith("s")


def blank(element: Json) -> Json:
    """Return the state of an element that nobody touched: what it was given beforehand, or nothing."""
    part = PARTS[element["type"]]
    given = element.get(part.replace("selected_", "initial_") if part != "value" else "initial_value")
    return {"type": element["type"], part: given if given is not None or not many(element) else []}


def held(state: Json) -> Any:
    """Return what a state holds; something false when it is empty."""
    return state.get(PARTS[state["type"]])


def chosen(element: Json, value: str | int | Sequence[str], options: Sequence[Json] = ()) -> Json:
    """Return the state after a person has set `value`: a text, an option's text or value, a day, an id, several.

    `options` are those that the bot suggested. Raises NotOffered.
    """
    kind, part = element["type"], PARTS[element["type"]]
    if kind in TYPED:
        return {"type": kind, part: str(value) or None}
    if part.startswith("selected_option"):
        offered = list(options) or list(offers(element))
        if many(element):
            wanted = [value] if isinstance(value, str | int) else list(value)
            wanted = [one for one in wanted if one]
            return {"type": kind, part: [_offered(offered, str(one)) for one in wanted]}
        return {"type": kind, part: _offered(offered, str(value)) if value else None}
    if many(element):
        return {"type": kind, part: [value] if isinstance(value, str) else list(value)}  # type: ignore[arg-type]
    if kind == "datetimepicker":
        return {"type": kind, part: int(value) if value else None}  # type: ignore[arg-type]
    return {"type": kind, part: value or None}


def offers(element: Json) -> Iterator[Json]:
    """Yield the choices of a list, those of its groups too."""
    yield from element.get("options", ())
    for group in element.get("option_groups", ()):
        yield from group["options"]


def _offered(options: Sequence[Json], wanted: str) -> Json:
    for option in options:
        if wanted in {option["value"], option["text"]["text"]}:
            return option
    raise NotOffered(wanted)


def placed(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every element with the block that it stands in, top to bottom."""
    for block in blocks:
        if block["type"] == "input":
            yield block, block["element"]
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        if "accessory" in block:
            yield block, block["accessory"]


def names(block: Json, element: Json) -> set[str]:
    """Return what a person or a test may call an element: its label, its own words, its action or block id."""
    said = {str(element.get("action_id", "")), str(block.get("block_id", "")).partition(":")[0]}
    for text in (block.get("label"), element.get("text"), element.get("placeholder")):
        if isinstance(text, Mapping):
            said.add(str(text["text"]))
    return said - {""}


def action(block: Json, element: Json, state: Json, ts: str) -> Json:
    """Return what the bot is told when an element that is not only sent with the form is set or pressed."""
    told = {"action_id": element["action_id"], "block_id": block["block_id"], "action_ts": ts}
    if element["type"] == "button":
        return {**element, **told}
    return {**state, **told}
