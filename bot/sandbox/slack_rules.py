"""What Slack refuses in a view or a message: the limits that its documentation and its own type packages give.

Used by the pretend Slack, so that a view that the real one would refuse fails in a demo and in a test too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]

VIEW_BYTES = 250_000
MODAL_BLOCKS = 100
MESSAGE_BLOCKS = 50
OPTIONS = 100
ELEMENTS = {
    "button",
    "checkboxes",
    "external_select",
    "static_select",
    "plain_text_input",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "multi_external_select",
    "multi_static_select",
    "users_select",
    "overflow",
}
LIMITS = {"title": 24, "submit": 24, "close": 24, "label": 2000, "hint": 2000, "placeholder": 150}


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
            yield from _text(view[name], name, LIMITS[name])
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
            case "header":
                yield from _text(block.get("text"), where, 150, kinds=("plain_text",))
            case "divider":
                pass
            case "context":
                if not 1 <= len(block.get("elements", ())) <= 10:
                    yield f"{where}: a context holds 1 to 10 elements"
                for element in block.get("elements", ()):
                    yield from _text(element, where, 3000)
            case "actions":
                if not 1 <= len(block.get("elements", ())) <= 25:
                    yield f"{where}: a row holds 1 to 25 elements"
                for element in block.get("elements", ()):
                    yield from _element(element, where)
            case "input" if not message:
                yield from _input(block, where)
            case other:
                yield f"{where}: {other} is not allowed here"


def _section(block: Block, where: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{where}: a section needs text or fields"
    if "text" in block:
        yield from _text(block["text"], where, 3000)
    for one in block.get("fields", ()):
        yield from _text(one, where, 2000)
    if len(block.get("fields", ())) > 10:
        yield f"{where}: a section holds 10 fields"


def _input(block: Block, where: str) -> Iterator[str]:
    yield from _text(block.get("label"), f"{where}.label", LIMITS["label"], kinds=("plain_text",))
    if "hint" in block:
        yield from _text(block["hint"], f"{where}.hint", LIMITS["hint"], kinds=("plain_text",))
    yield from _element(block.get("element", {}), where)


def _element(element: Block, where: str) -> Iterator[str]:
    kind = element.get("type")
    if kind not in ELEMENTS:
        yield f"{where}: there is no element {kind}"
    if len(str(element.get("action_id", ""))) > 255:
        yield f"{where}: action_id is too long"
    if kind == "button":
        yield from _text(element.get("text"), where, 75, kinds=("plain_text",))
        if len(str(element.get("value", ""))) > 2000:
            yield f"{where}: the value of a button is too long"
        if element.get("style", "primary") not in {"primary", "danger"}:
            yield f"{where}: there is no style {element.get('style')}"
    yield from (f"{where}: {fault}" for fault in _picked(element))
    if kind == "checkboxes" and not 1 <= len(element.get("options", ())) <= 10:
        yield f"{where}: 1 to 10 boxes"
    if kind == "plain_text_input" and not 1 <= int(element.get("max_length", 3000)) <= 3000:
        yield f"{where}: max_length is out of range"
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{where}.placeholder", LIMITS["placeholder"], kinds=("plain_text",))
    chosen = [
        *element.get("initial_options", ()),
        *([element["initial_option"]] if "initial_option" in element else []),
    ]
    for option in (*element.get("options", ()), *chosen):
        yield from option_faults(option, where)
    yield from _choices(element, chosen, where)
    for unknown in {"mask", "password", "style"} & set(element) - ({"style"} if kind == "button" else set()):
        yield f"{where}: there is no property {unknown}"


def _choices(element: Block, chosen: Sequence[Block], where: str) -> Iterator[str]:
    offered = element.get("options", ())
    if len(offered) > OPTIONS or len(chosen) > OPTIONS:
        yield f"{where}: a list holds {OPTIONS} options"
    if element.get("type") in {"static_select", "multi_static_select"} and not offered:
        yield f"{where}: a list without options"
    if offered and any(one not in offered for one in chosen):
        yield f"{where}: what is chosen beforehand is not offered"
    if element.get("initial_options") == []:
        yield f"{where}: initial_options is empty"
    for name, shape in (("initial_date", r"\d{4}-\d\d-\d\d"), ("initial_time", r"[0-2]\d:[0-5]\d")):
        if name in element and not re.fullmatch(shape, str(element[name])):
            yield f"{where}: {name} has another shape"


def _picked(element: Block) -> Iterator[str]:
    """What is chosen beforehand: a day, a time of day, one of the choices that are there."""
    for name, shape in (("initial_date", r"\d{4}-\d{2}-\d{2}"), ("initial_time", r"\d{2}:\d{2}")):
        if name in element and not re.fullmatch(shape, str(element[name])):
            yield f"{name} is wrong"
    if element.get("type") == "static_select":
        if not 1 <= len(element.get("options", ())) <= 100:
            yield "1 to 100 choices"
        if "initial_option" in element and element["initial_option"] not in element.get("options", ()):
            yield "what is chosen beforehand is none of the choices"


def option_faults(option: Block, where: str = "option") -> Iterator[str]:
    """Yield what Slack would refuse in one choice of a list."""
    yield from _text(option.get("text"), where, 75)
    if "description" in option:
        yield from _text(option["description"], where, 75)
    if not 1 <= len(str(option.get("value", ""))) <= 150:
        yield f"{where}: the value of an option has 1 to 150 characters"


def _text(value: object, where: str, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(value, Mapping) or value.get("type") not in kinds:
        yield f"{where}: not a text of {' or '.join(kinds)}"
        return
    if not 1 <= len(str(value.get("text", ""))) <= limit:
        yield f"{where}: a text here has 1 to {limit} characters"
