"""What the fields of the clickable page hold, between the browser's values and the states that Slack sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.slack_elements import PARTS, Json, chosen, held, many, placed, suggests
from bot.sandbox.slack_state import PretendView

MINUTES = "%Y-%m-%dT%H:%M"
"""How a browser's field for day and time writes a moment: wall clock, without a zone."""

Key = tuple[str, str, str]


class Offered:
    """The choices that the bot has suggested in each list, by which a choice that comes back is known again."""

    def __init__(self) -> None:
        self._known: dict[Key, dict[str, Json]] = {}

    def keep(self, view: PretendView, block: Json, element: Json, options: Sequence[Json]) -> None:
        """Remember what was suggested in this list."""
        known = self._known.setdefault((view.id, block["block_id"], element["action_id"]), {})
        known.update({str(option["value"]): option for option in options})

    def of(self, view: PretendView, block: Json, element: Json) -> list[Json]:
        """Return all that a person can have chosen in this list: the choices suggested, and those it holds now."""
        now = held(view.value(block, element)) or []
        standing = now if isinstance(now, list) else [now]
        return [*standing, *self._known.get((view.id, block["block_id"], element["action_id"]), {}).values()]


def state_of(element: Json, value: Any, options: Sequence[Json], zone: ZoneInfo) -> Json:
    """Return the state after the browser's `value` was set; moments are read by the clock of `zone`.

    `options` are those suggested. Raises NotOffered, and ValueError for a moment in no shape.
    """
    if element["type"] == "datetimepicker" and value:
        moment = datetime.strptime(str(value)[:16], MINUTES).replace(tzinfo=zone)
        return chosen(element, int(moment.timestamp()))
    if isinstance(value, list) and not many(element):
        value = value[0] if value else ""
    return chosen(element, value, options)


def value_of(element: Json, state: Json, zone: ZoneInfo) -> Any:
    """Return what the browser shows for a state: a text, a list of them, or options with their words."""
    now = held(state)
    if element["type"] == "datetimepicker":
        return datetime.fromtimestamp(int(now), zone).strftime(MINUTES) if now else ""
    if suggests(element):
        return [_shown(one) for one in (now if isinstance(now, list) else [now]) if one]
    if PARTS[element["type"]].startswith("selected_option"):
        values = [str(one["value"]) for one in (now if isinstance(now, list) else [now]) if one]
        return values if isinstance(now, list) else (values or [""])[0]
    return now or ([] if isinstance(now, list) else "")


def _shown(option: Json) -> Mapping[str, str]:
    return {"value": str(option["value"]), "text": str(option["text"]["text"])}


def values_of(view: PretendView, zone: ZoneInfo) -> Json:
    """Return what every field of a view holds, by block_id and action_id."""
    values: Json = {}
    for block, element in placed(view.view["blocks"]):
        if element["type"] in PARTS:
            shown = value_of(element, view.value(block, element), zone)
            values.setdefault(block["block_id"], {})[element["action_id"]] = shown
    return values


def find(blocks: Sequence[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    """Return the element with these ids and its block. Raises KeyError when it is not shown (any more)."""
    for block, element in placed(blocks):
        if block.get("block_id", "") == block_id and element.get("action_id") == action_id:
            return block, element
    raise KeyError(action_id)
