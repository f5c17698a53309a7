"""What the pretend Slack remembers: people, messages, open views, calls, and the faults that were asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.slack_elements import PARTS, Json, action, blank, chosen, held, names, placed

__all__ = ["Call", "Fault", "Json", "PretendMessage", "PretendView", "elements", "texts"]


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
    metadata: Json = field(default_factory=dict)

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

    def button(self, text: str, value: str = "") -> Json:
        """Return the press of the button that says `text`, and where several do, bears `value`.

        Raises KeyError when there is none now.
        """
        for block, element in placed(self.blocks):
            if element["type"] == "button" and element["text"]["text"] == text and value in {"", element.get("value")}:
                return action(block, element, {}, self.ts)
        raise KeyError(text)

    def choice(self, name: str, option: str) -> Json:
        """Return the choice of `option` from the list or menu called `name`. Raises KeyError, and NotOffered."""
        for block, element in placed(self.blocks):
            if element["type"] != "button" and name in names(block, element):
                return action(block, element, chosen(element, option), self.ts)
        raise KeyError(name)


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
            if name in names(block, block["element"]):
                return block
        raise KeyError(name)

    def element(self, name: str) -> tuple[Json, Json]:
        """Return any element with its block, by label, words, action_id or field name. Raises KeyError."""
        for block, element in placed(self.view["blocks"]):
            if name in names(block, element):
                return block, element
        raise KeyError(name)

    def inputs(self) -> Iterator[Json]:
        """Yield the input blocks, top to bottom."""
        return (block for block in self.view["blocks"] if block["type"] == "input")

    def empty(self) -> list[str]:
        """Return the labels of the required fields that hold nothing, which the client does not let through."""
        required = [block for block in self.inputs() if not block.get("optional")]
        return [one["label"]["text"] for one in required if not held(self.value(one))]

    def kept(self) -> dict[tuple[str, str], Json]:
        """What was typed, as far as its block_id and action_id are still there: all that an update keeps."""
        here = {(block["block_id"], element["action_id"]) for block, element in placed(self.view["blocks"])}
        return {key: value for key, value in self.state.items() if key in here}

    def value(self, block: Json, element: Json | None = None) -> Json:
        """Return the state of one element, an input's own by default: set, given beforehand, or empty."""
        element = element or block["element"]
        return self.state.get((block["block_id"], element["action_id"])) or blank(element)

    def values(self) -> Json:
        """Return the whole state, as a submission carries it."""
        state: Json = {}
        for block, element in placed(self.view["blocks"]):
            if element["type"] in PARTS:
                state.setdefault(block["block_id"], {})[element["action_id"]] = self.value(block, element)
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

    A call that is `held` waits for the event and then acts; one that is `lost` acts and then loses its line; one that
    is `garbled` acts and answers, as that content type, what nobody can read. The others do not act, and one that is
    `unread` loses its line.
    """

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    lost: bool = False
    held: asyncio.Event | None = None
    times: int = 1
    garbled: str = ""
    unread: bool = False


def elements(blocks: list[Json]) -> Iterator[Json]:
    """Yield every interactive element of these blocks."""
    return (element for _, element in placed(blocks))


def texts(blocks: list[Json]) -> Iterator[str]:
    """Yield every text of these blocks, in the order in which it is read."""
    for block in blocks:
        for name in ("text", "label", "hint"):
            if name in block:
                yield block[name]["text"]
        yield from (one["text"] for one in block.get("fields", ()))
        for element in [*block.get("elements", ()), *(block[one] for one in ("element", "accessory") if one in block)]:
            if isinstance(element.get("text"), str):
                yield element["text"]
            elif "text" in element:
                yield element["text"]["text"]
            yield from (option["text"]["text"] for option in element.get("options", ()))
