"""The form of a broadcast and its preview as Slack's views, and the form read back from what Slack sends.

Metadata holds an opaque id and nothing else. What an admin typed never becomes part of a mention, a link or formatting:
it stands in plain text, or escaped (slack.md section 1.6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.courts.court import Court
from bot.reminders.broadcasts.broadcast import Broadcast, BroadcastId
from bot.reminders.broadcasts.form import LONGEST, BroadcastField, BroadcastForm, BroadcastProblem, Draft
from bot.words import broadcast_form as form_words
from bot.words import broadcasts as words
from handlers.slack.blocks import Block, Button, buttons, divider, modal, option, section
from handlers.slack.broadcast_report import channel_mark, marked, named_people, when_words
from handlers.slack.form import COURT_ACTION, court_choice, new_form_id
from handlers.slack.pickers import block_of, field, text

FORM = "broadcast_form"
PREVIEW_NOW = "broadcast_send"
PREVIEW_LATER = "broadcast_schedule"
OFFICE_ACTION = "broadcast_office"
EDIT = "broadcast_edit"

ID_LIMIT = 64
"""Characters of a broadcast's id, as the store keeps it."""

View = Block
F = BroadcastField


def form_view(form: BroadcastForm | None = None, court: Court | None = None, notes: Sequence[str] = ()) -> View:
    """Return the form, filled in with what `form` says, and `notes` above it; every opening has ids of its own."""
    said, form_id = form or BroadcastForm(""), new_form_id()
    blocks = [section(one) for one in (*notes, form_words.FORM_INTRO)]
    blocks += [
        _field(form_id, F.TEXT, text(F.TEXT.value, said.text, most=LONGEST, lines=True), optional=False),
        _field(form_id, F.COURT, _court(court), placeholder=form_words.COURT_PLACEHOLDER),
        _field(form_id, F.UNLINKED, _box(F.UNLINKED, ticked=said.unlinked_only)),
        _field(form_id, F.OFFICE, _office(said.office), placeholder=form_words.OFFICE_PLACEHOLDER),
        _field(form_id, F.EVERYBODY, _box(F.EVERYBODY, ticked=said.everybody)),
        divider(),
        _field(form_id, F.CHANNEL, _channel(said.channel)),
        divider(),
        _field(form_id, F.SEND_AT, _moment(said.send_at)),
    ]
    title, close, submit = form_words.FORM_TITLE, form_words.FORM_CLOSE, form_words.FORM_SUBMIT
    return modal(title, FORM, blocks, close=close, submit=submit, metadata=form_id)


def preview_view(draft: Draft, court: Court | None, shown: Sequence[Block]) -> View:
    """Return what sending `draft` would do, and its message `shown` as it will look; to nobody it cannot be sent."""
    broadcast = draft.broadcast
    channel = channel_mark(broadcast.audience.channel)
    blocks = [marked(words.head_count_words(draft, court, channel))]
    if draft.hindrance is not None:
        blocks.append(section(words.hindrance_words(draft.hindrance)))
    blocks += [marked(words.skipped_words(one.count, one.why, named_people(one))) for one in draft.skipped]
    if broadcast.send_at is not None:
        blocks.append(marked(words.going_words(when_words(broadcast.send_at, court))))
    blocks += [section(words.SHOWN_AS), divider(), *_only_shown(shown), divider(), section(words.KEPT)]
    blocks.append(buttons("preview", Button(words.BUTTON_EDIT, EDIT, broadcast.id)))
    later = broadcast.send_at is not None
    submit = "" if not draft.included else words.SCHEDULE_SUBMIT if later else words.SEND_SUBMIT
    callback = PREVIEW_LATER if later else PREVIEW_NOW
    close = words.PREVIEW_CLOSE
    return modal(words.PREVIEW_TITLE, callback, blocks, close=close, submit=submit, metadata=broadcast.id)


def form_of(broadcast: Broadcast, now: datetime) -> BroadcastForm:
    """Return the form that says what `broadcast` says; a time that is past by `now` (aware) is left out."""
    audience, at = broadcast.audience, broadcast.send_at
    return BroadcastForm(
        text=broadcast.text,
        court=audience.court or "",
        office=audience.office,
        unlinked_only=audience.unlinked_only,
        everybody=not (audience.court or audience.office or audience.channel),
        channel=audience.channel,
        send_at=at if at is not None and at > now else None,
    )


def read_form(view: Mapping[str, Any]) -> BroadcastForm:
    """Return the submitted form."""
    found: dict[str, Mapping[str, Any]] = {}
    for block_id, elements in view["state"]["values"].items():
        for element in elements.values():
            found[block_id.partition(":")[0]] = element
    at = _part(found, F.SEND_AT, "selected_date_time")
    return BroadcastForm(
        text=str(_part(found, F.TEXT, "value") or ""),
        court=str((_part(found, F.COURT, "selected_option") or {}).get("value", "")),
        office=str((_part(found, F.OFFICE, "selected_option") or {}).get("value", "")),
        unlinked_only=bool(_part(found, F.UNLINKED, "selected_options")),
        everybody=bool(_part(found, F.EVERYBODY, "selected_options")),
        channel=str(_part(found, F.CHANNEL, "selected_conversation") or ""),
        send_at=datetime.fromtimestamp(int(at), UTC) if at else None,
    )


def field_errors(view: Mapping[str, Any], problems: Sequence[BroadcastProblem]) -> dict[str, str]:
    """Return Slack's errors: one sentence for each field that has a problem, by the field's block."""
    errors: dict[str, str] = {}
    for one in problems:
        errors.setdefault(block_of(view, one.field.value), form_words.flaw_words(one))
    return {block: said for block, said in errors.items() if block}


def named(text: object) -> BroadcastId:
    """Return the broadcast that a payload names; what it grants is decided by who sent it. "" is none's name."""
    id = str(text)
    return BroadcastId(id if id.isascii() and id.isalnum() and len(id) <= ID_LIMIT else "")


def office_choices(offices: Sequence[str]) -> list[Block]:
    """Return the offices as choices of a list."""
    return [option(office, office) for office in offices]


def _field(
    form_id: str, which: BroadcastField, element: Block, *, placeholder: str = "", optional: bool = True
) -> Block:
    label, hint = form_words.LABELS[which]
    block_id = f"{which.value}:{form_id}"
    return field(block_id, element, label, hint=hint, placeholder=placeholder, optional=optional)


def _court(court: Court | None) -> Block:
    element: Block = {"type": "external_select", "action_id": COURT_ACTION, "min_query_length": 1}
    return element | ({"initial_option": court_choice(court)} if court is not None else {})


def _office(office: str) -> Block:
    element: Block = {"type": "external_select", "action_id": OFFICE_ACTION, "min_query_length": 0}
    return element | ({"initial_option": option(office, office)} if office else {})


def _box(which: BroadcastField, *, ticked: bool) -> Block:
    choice = option(form_words.BOXES[which], "yes")
    element: Block = {"type": "checkboxes", "action_id": which.value, "options": [choice]}
    return element | ({"initial_options": [choice]} if ticked else {})


def _channel(channel: str) -> Block:
    element: Block = {
        "type": "conversations_select",
        "action_id": F.CHANNEL.value,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return element | ({"initial_conversation": channel} if channel else {})


def _moment(at: datetime | None) -> Block:
    element: Block = {"type": "datetimepicker", "action_id": F.SEND_AT.value}
    return element | ({"initial_date_time": int(at.timestamp())} if at is not None else {})


def _part(found: Mapping[str, Mapping[str, Any]], which: BroadcastField, name: str) -> Any:
    return found.get(which.value, {}).get(name)


def _only_shown(shown: Sequence[Block]) -> list[Block]:
    """The blocks of the message as far as a preview may have them: buttons would do something."""
    kept = [{name: value for name, value in block.items() if name != "block_id"} for block in shown]
    return [block for block in kept if block["type"] != "actions"]
