"""Block Kit as pure functions of values: cut to Slack's limits, escaped, and never with a null member.

The limits are those of slack.md section 1.6. Words shown to a person come in as text; anything that came from a court's
page or from a person goes in as plain text, so that it cannot be read as a link, a mention or formatting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]

TEXT_LIMIT = 3000
HEADER_LIMIT = 150
BUTTON_LIMIT = 75
VALUE_LIMIT = 2000
OPTION_LIMIT = 75
OPTIONS_LIMIT = 100
TITLE_LIMIT = 24
LABEL_LIMIT = 2000
PLACEHOLDER_LIMIT = 150
MESSAGE_BLOCKS = 50
MODAL_BLOCKS = 100
FALLBACK_LIMIT = 4000
INPUT_LIMIT = 3000


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its blocks, and the text that notifications and screen readers fall back to."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """One button; `value` comes back when it is pressed. `style` is primary, danger or nothing.

    With `url` the press opens that address; Slack tells the bot all the same.
    """

    text: str
    action: str
    value: str
    style: str = ""
    url: str = field(default="", repr=False)


def cut(text: str, limit: int) -> str:
    """Return `text` within `limit` characters, with three dots where something was cut off."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def escape(text: str) -> str:
    """Return `text` so that Slack's mrkdwn shows it and obeys nothing in it (no links, no mentions)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped(text: str, limit: int) -> str:
    """Escape within `limit`, which Slack counts after escaping; an entity is never cut in two."""
    whole = escape(text)
    if len(whole) <= limit:
        return whole
    parts: list[str] = []
    room = limit - 3
    for character in text:
        piece = escape(character)
        if len(piece) > room:
            break
        parts.append(piece)
        room -= len(piece)
    return "".join(parts) + "..."


def plain(text: str, limit: int = TEXT_LIMIT) -> Block:
    """Return a plain text object; Slack refuses an empty one, so a blank becomes a dash."""
    return {"type": "plain_text", "text": cut(text, limit) or "-", "emoji": False}


def mrkdwn(text: str, limit: int = TEXT_LIMIT) -> Block:
    """Return a mrkdwn text object of words of ours: escaped, web addresses still become links."""
    return {"type": "mrkdwn", "text": _escaped(text, limit) or "-"}


def section(text: str) -> Block:
    """Return a paragraph."""
    return {"type": "section", "text": mrkdwn(text)}


def exact(label: str, text: str) -> Block:
    """Return a paragraph that shows `text`, from a court's page or a person, exactly as it is, under our label."""
    return {"type": "section", "text": plain(f"{label}:\n{text}")}


def header(text: str) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def small(*texts: str) -> Block:
    """Return one line of small print for each text, ten at most."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def links(pairs: Iterable[tuple[str, str]]) -> Block:
    """Return a line of links; labels and addresses are ours."""
    text = " | ".join(f"<{escape(url)}|{escape(label)}>" for label, url in pairs)
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def divider() -> Block:
    """Return a line between two parts."""
    return {"type": "divider"}


def buttons(block_id: str, *shown: Button) -> Block:
    """Return a row of buttons, twenty-five at most."""
    return {"type": "actions", "block_id": block_id, "elements": [_button(one) for one in shown[:25]]}


def _button(one: Button) -> Block:
    element: Block = {
        "type": "button",
        "action_id": one.action,
        "text": plain(one.text, BUTTON_LIMIT),
        "value": one.value[:VALUE_LIMIT],
    }
    return element | ({"style": one.style} if one.style else {}) | ({"url": one.url} if one.url else {})


def option(text: str, value: str, description: str = "") -> Block:
    """Return one choice of a list; texts over 75 characters are cut."""
    shown: Block = {"text": plain(text, OPTION_LIMIT), "value": value}
    return shown | ({"description": plain(description, OPTION_LIMIT)} if description else {})


def text_input(block_id: str, action: str, label: str, *, hint: str = "", optional: bool = False) -> Block:
    """Return a one-line field. Slack has no masked one (slack.md section 1.7); nothing is ever filled in beforehand."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_LIMIT),
        "optional": optional,
        "element": {"type": "plain_text_input", "action_id": action, "max_length": INPUT_LIMIT},
    }
    return block | ({"hint": plain(hint, LABEL_LIMIT)} if hint else {})


def box(block_id: str, action: str, label: str, text: str) -> Block:
    """Return an unticked box that has to be ticked; the words beside it are not shortened by Slack's option limit.

    An option's text holds 75 characters, so a longer sentence goes into the label and its last words into the option.
    """
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_LIMIT),
        "optional": False,
        "element": {"type": "checkboxes", "action_id": action, "options": [option(text, "yes")]},
    }


def modal(
    title: str,
    callback: str,
    blocks: Sequence[Block],
    *,
    close: str,
    submit: str = "",
    metadata: str = "",
    closing: bool = False,
) -> Block:
    """Return a modal; `submit` is left out, not null, where nothing can be sent. `closing` asks for a view_closed."""
    view: Block = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, TITLE_LIMIT),
        "close": plain(close, TITLE_LIMIT),
        "blocks": list(blocks[:MODAL_BLOCKS]),
        "private_metadata": metadata,
        "clear_on_close": True,
    }
    if submit:
        view["submit"] = plain(submit, TITLE_LIMIT)
    return view | ({"notify_on_close": True} if closing else {})


def message(text: str, blocks: Sequence[Block]) -> Message:
    """Return a message within Slack's limits: 50 blocks, a fallback of 4000 characters."""
    return Message(_escaped(text, FALLBACK_LIMIT), tuple(blocks[:MESSAGE_BLOCKS]))


def note(title: str, paragraphs: Sequence[str], *shown: Button) -> Message:
    """Return the plain message that most answers are: a heading, paragraphs, a row of buttons."""
    rows = [buttons("next", *shown)] if shown else []
    body = [header(title), *(section(one) for one in paragraphs if one)]
    return message("\n".join((title, *paragraphs)), [*body[: MESSAGE_BLOCKS - len(rows)], *rows])
