"""What Slack refuses in a view or a message: the limits that its documentation and its own type packages give.

Used by the pretend Slack, so that a view that the real one would refuse fails in a demo and in a test too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.slack_element_rules import LIMITS, element_faults, option_faults, text_faults

Block = Mapping[str, Any]

VIEW_BYTES = 250_000
MODAL_BLOCKS = 100
MESSAGE_BLOCKS = 50
METADATA_BYTES = 8_000

__all__ = ["message_faults", "metadata_faults", "option_faults", "view_faults"]


def view_faults(view: object) -> list[str]:
    """Return everything in a modal that Slack would refuse; nothing for a good one."""
    if not isinstance(view, Mapping):
        return ["view is no object"]
    return list(_view(view))


def message_faults(text: object, blocks: object, *, edit: bool = False) -> list[str]:
    """Return everything in a message that Slack would refuse; `edit` for chat.update, whose text is shorter."""
    faults: list[str] = []
    if not isinstance(text, str) or not text:
        faults.append("no_text: the fallback text is missing")
    elif len(text) > (4000 if edit else 40_000):
        faults.append("msg_too_long")
    if isinstance(blocks, Sequence) and not isinstance(blocks, str):
        if len(blocks) > MESSAGE_BLOCKS:
            faults.append(f"{len(blocks)} blocks")
        faults += _blocks(blocks, message=True)
    elif blocks is not None:
        faults.append("blocks is no list")
    return faults


def _view(view: Block) -> Iterator[str]:
    if view.get("type") != "modal":
        yield "type is not modal"
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        yield "view_too_large"
    yield from _nulls(view, "view")
    for name in ("title", "submit", "close"):
        if name in view:
            yield from text_faults(view[name], name, LIMITS[name])
        elif name == "title":
            yield "title is missing"
    if len(str(view.get("private_metadata", ""))) > 3000:
        yield "private_metadata is too long"
    if len(str(view.get("callback_id", ""))) > 255:
        yield "callback_id is too long"
    blocks = view.get("blocks")
    if not isinstance(blocks, Sequence) or isinstance(blocks, str):
        yield "blocks is no list"
        return
    if len(blocks) > MODAL_BLOCKS:
        yield f"{len(blocks)} blocks"
    if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
        yield "submit is required with an input block"
    yield from _blocks(blocks, message=False)


def _nulls(value: object, where: str) -> Iterator[str]:
    if value is None:
        yield f"{where} is null"
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _nulls(member, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for number, member in enumerate(value):
            yield from _nulls(member, f"{where}[{number}]")


def _blocks(blocks: Sequence[Block], *, message: bool) -> Iterator[str]:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "block_id is not unique"
    for number, block in enumerate(blocks):
        where = f"blocks[{number}]"
        if len(str(block.get("block_id", ""))) > 255:
            yield f"{where}: block_id is too long"
        match block.get("type"):
            case "section":
                yield from _section(block, where)
                if "accessory" in block:
                    yield from element_faults(block["accessory"], where, message=message)
            case "header":
                yield from text_faults(block.get("text"), where, 150, kinds=("plain_text",))
            case "divider":
                pass
            case "context":
                if not 1 <= len(block.get("elements", ())) <= 10:
                    yield f"{where}: a context holds 1 to 10 elements"
                for element in block.get("elements", ()):
                    yield from text_faults(element, where, 3000)
            case "actions":
                if not 1 <= len(block.get("elements", ())) <= 25:
                    yield f"{where}: a row holds 1 to 25 elements"
                for element in block.get("elements", ()):
                    yield from element_faults(element, where, message=message)
            case "input" if not message:
                yield from _input(block, where)
            case other:
                yield f"{where}: {other} is not allowed here"


def _section(block: Block, where: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{where}: a section needs text or fields"
    if "text" in block:
        yield from text_faults(block["text"], where, 3000)
    for one in block.get("fields", ()):
        yield from text_faults(one, where, 2000)
    if len(block.get("fields", ())) > 10:
        yield f"{where}: a section holds 10 fields"


def _input(block: Block, where: str) -> Iterator[str]:
    yield from text_faults(block.get("label"), f"{where}.label", LIMITS["label"], kinds=("plain_text",))
    if "hint" in block:
        yield from text_faults(block["hint"], f"{where}.hint", LIMITS["hint"], kinds=("plain_text",))
    yield from element_faults(block.get("element", {}), where)


def metadata_faults(metadata: object) -> list[str]:
    """Return what Slack would refuse in a message's metadata: a name and a flat payload, a few thousand bytes."""
    if not metadata:
        return []
    if not isinstance(metadata, Mapping) or set(metadata) != {"event_type", "event_payload"}:
        return ["metadata has event_type and event_payload"]
    payload = metadata["event_payload"]
    if not isinstance(metadata["event_type"], str) or not isinstance(payload, Mapping):
        return ["event_type is a text and event_payload an object"]
    return ["metadata_too_large"] if len(json.dumps(metadata).encode()) > METADATA_BYTES else []
