"""What the pretend Slack remembers: people, messages, open views, calls, and the faults that were asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

PICKED = {"datepicker": "selected_date", "timepicker": "selected_time", "users_select": "selected_user"}
"""Where each picker keeps what was picked; what it shows at first is named the same, but `initial`."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API as it came in; `answer` is what it was told, `at` the seconds of the sandbox's clock.

    `where` is the workspace or organization whose token it bore; "" for another token, or none.
    """

    method: str
    verb: str
    content_type: str
    args: Json
    answer: Json
    status: int
    at: float
    where: str = ""


@dataclass(slots=True)
class PretendMessage:
    """One message as its reader sees it now, with what stood there before."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json]
    ephemeral: bool = False
    response_url: bool = False
    before: list[tuple[str, list[Json]]] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """Every word in it, one line for each text."""
        return "\n".join(texts(self.blocks)) or self.text

    @property
    def buttons(self) -> list[str]:
        """The words on its buttons."""
        return [element["text"]["text"] for element in elements(self.blocks) if element["type"] == "button"]

    def change(self, said: Json) -> None:
        """Show something else in its place."""
        self.before.append((self.text, self.blocks))
        self.text, self.blocks = str(said["text"]), said.get("blocks") or []

    def button(self, text: str) -> Json:
        """Return the press of the button that says `text`. Raises KeyError when there is none now."""
        for block in self.blocks:
            for element in (*block.get("elements", ()), block.get("accessory", {})):
                if element.get("type") == "button" and element["text"]["text"] == text:
                    return {**element, "block_id": block.get("block_id", "made-by-slack"), "action_ts": self.ts}
        raise KeyError(text)


@dataclass(slots=True)
class PretendView:
    """One view in front of one person, with what was typed into it."""

    id: str
    user: str
    view: Json
    hash: str
    root: str
    state: dict[tuple[str, str], Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """What stands beside the fields after a refused submission, by the label of the field."""

    @property
    def title(self) -> str:
        """The words at the top."""
        return str(self.view["title"]["text"])

    @property
    def shown(self) -> str:
        """Every word in it."""
        return "\n".join(texts(self.view["blocks"]))

    def input(self, name: str) -> Json:
        """Return the input block with this label, action_id or field name. Raises KeyError when there is none."""
        for block in self.inputs():
            names = {block["label"]["text"], block["element"].get("action_id"), block["block_id"].partition(":")[0]}
            if name in names:
                return block
        raise KeyError(name)

    def inputs(self) -> Iterator[Json]:
        """Yield the input blocks, top to bottom."""
        return (block for block in self.view["blocks"] if block["type"] == "input")

    def empty(self) -> list[str]:
        """Return the labels of the required fields that hold nothing, which the client does not let through."""
        required = [block for block in self.inputs() if not block.get("optional")]
        parts = ("value", "selected_option", "selected_options", *PICKED.values())
        return [one["label"]["text"] for one in required if not any(self.value(one).get(part) for part in parts)]

    def kept(self) -> dict[tuple[str, str], Json]:
        """What was typed, as far as its block_id and action_id are still there: all that an update keeps."""
        here = {(block["block_id"], block["element"]["action_id"]) for block in self.inputs()}
        return {key: value for key, value in self.state.items() if key in here}

    def value(self, block: Mapping[str, Any]) -> Json:
        """Return the state of one input, as it is sent: typed, chosen beforehand, or empty."""
        element = block["element"]
        typed = self.state.get((block["block_id"], element["action_id"]))
        if typed is not None:
            return typed
        match element["type"]:
            case "checkboxes" | "multi_external_select" | "multi_static_select" as kind:
                return {"type": kind, "selected_options": element.get("initial_options", [])}
            case "external_select" | "static_select" | "radio_buttons" as kind:
                return {"type": kind, "selected_option": element.get("initial_option")}
            case "datepicker" | "timepicker" | "users_select" as kind:
                return {"type": kind, PICKED[kind]: element.get(PICKED[kind].replace("selected", "initial"))}
            case kind:
                return {"type": kind, "value": element.get("initial_value")}

    def values(self) -> Json:
        """Return the whole state, as a submission carries it."""
        state: Json = {}
        for block in self.inputs():
            state.setdefault(block["block_id"], {})[block["element"]["action_id"]] = self.value(block)
        return state

    def payload(self, team: str) -> Json:
        """Return the view as Slack sends it with an action or a submission."""
        return {
            **self.view,
            "id": self.id,
            "team_id": team,
            "state": {"values": self.values()},
            "hash": self.hash,
            "previous_view_id": None,
            "root_view_id": self.root,
            "app_id": "A0PRETEND",
            "external_id": "",
            "app_installed_team_id": team,
            "bot_id": "B0PRETEND",
        }


@dataclass(slots=True)
class Fault:
    """A fault that the next calls of one method meet.

    A call that is `held` waits for the event and then acts; one that is `lost` acts and then loses its line; the
    others do not act.
    """

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    lost: bool = False
    held: asyncio.Event | None = None
    times: int = 1


def elements(blocks: list[Json]) -> Iterator[Json]:
    """Yield every interactive element of these blocks."""
    for block in blocks:
        yield from block.get("elements", ()) if block["type"] == "actions" else ()
        if "element" in block:
            yield block["element"]
        if "accessory" in block:
            yield block["accessory"]


def texts(blocks: list[Json]) -> Iterator[str]:
    """Yield every text of these blocks, in the order in which it is read."""
    for block in blocks:
        for name in ("text", "label", "hint"):
            if name in block:
                yield block[name]["text"]
        yield from (one["text"] for one in block.get("fields", ()))
        for element in [*block.get("elements", ()), *([block["element"]] if "element" in block else [])]:
            if isinstance(element.get("text"), str):
                yield element["text"]
            elif "text" in element:
                yield element["text"]["text"]
            yield from (option["text"]["text"] for option in element.get("options", ()))
