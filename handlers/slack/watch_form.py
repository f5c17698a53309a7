"""The form "Your courts" as a view, and read back from what Slack sends.

`private_metadata` holds which courts were chosen when the form was opened, and nothing else: what was added elsewhere
meanwhile, or has no room in a list of 100, is then left alone (slack.md section 1.6).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.courts.court import Court
from bot.reminders.people.wish_form import MOST_COURTS, WatchField, WatchForm, WatchProblem
from bot.reminders.people.wish_sheet import WatchSheet
from bot.words import watch_form as words
from bot.words.zones import zone_name
from handlers.slack.blocks import Block, divider, header, modal, option, section
from handlers.slack.form import court_choice, new_form_id
from handlers.slack.pickers import block_of, clock, day, field

WATCH_FORM = "watch_form"
WATCH_NOTE = "watch_note"
COURTS_ACTION = "watched_courts"
ZONE_ACTION = "watched_zone"

View = Block
State = Mapping[str, Any]

_SOME, _ONE = "selected_options", "selected_option"
_INITIAL = {
    _SOME: "initial_options",
    _ONE: "initial_option",
    "selected_time": "initial_time",
    "selected_date": "initial_date",
}


def watch_view(sheet: WatchSheet) -> View:
    """Return the form with what is kept of the person chosen beforehand."""
    form_id = new_form_id()
    shown, muted = [one.court for one in sheet.courts[:MOST_COURTS]], sheet.muted[:MOST_COURTS]
    blocks = [section(words.FORM_INTRO)]
    if len(sheet.courts) > MOST_COURTS:
        blocks.append(section(words.beyond_words(len(sheet.courts))))
    blocks.append(_field(form_id, WatchField.COURTS, _courts(shown), optional=True))
    if muted:
        blocks.append(_field(form_id, WatchField.MUTED, _muted(muted), optional=True))
    blocks += [divider(), *_hours(form_id, sheet), divider(), *_vacation(form_id, sheet)]
    return _modal(blocks, json.dumps([[one.id for one in shown], [one.id for one in muted]]))


def note_view(title: str, paragraphs: Sequence[str]) -> View:
    """Return a view in the form's place that only says something."""
    blocks = [header(title), *(section(one) for one in paragraphs)]
    return modal(words.FORM_TITLE, WATCH_NOTE, blocks, close=words.NOTE_CLOSE)


def loading_view(paragraph: str) -> View:
    """Return a view that holds the form's place while something is looked up or saved."""
    return modal(words.FORM_TITLE, WATCH_NOTE, [section(paragraph)], close=words.NOTE_CLOSE)


def sent_again(view: State, paragraph: str) -> View:
    """Return the form as it was sent, with everything that was chosen, under a paragraph that says why it is back."""
    state = view["state"]["values"]
    blocks = [section(paragraph)]
    for block in view["blocks"]:
        if block.get("type") == "input":
            blocks.append({**block, "element": _as_sent(block, state)})
        elif block.get("type") == "divider":
            blocks.append(divider())
    return _modal(blocks, str(view["private_metadata"]))


def read_watch_form(view: State) -> WatchForm | None:
    """Return the submitted form; what is not in it is empty. None where its metadata is not as the bot makes it.

    Without knowing which courts were shown nobody can tell those that were taken out from those that were never in it.
    """
    known = _known(view.get("private_metadata"))
    if known is None:
        return None
    shown, muted = known
    state = _state(view)
    return WatchForm(
        courts=_values(state, WatchField.COURTS),
        shown=shown,
        begins=_one(state, WatchField.BEGINS, "selected_time"),
        ends=_one(state, WatchField.ENDS, "selected_time"),
        days=_values(state, WatchField.DAYS),
        zone=str((state.get(WatchField.ZONE.value, {}).get(_ONE) or {}).get("value", "")),
        vacation_from=_one(state, WatchField.VACATION_FROM, "selected_date"),
        vacation_until=_one(state, WatchField.VACATION_UNTIL, "selected_date"),
        muted=_values(state, WatchField.MUTED),
        shown_muted=muted,
    )


def _known(metadata: object) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the courts that were watched, and those that were muted, when the form was opened."""
    try:
        found = json.loads(str(metadata))
    except (ValueError, RecursionError):
        return None
    match found:
        case [list(shown), list(muted)] if all(isinstance(court, str) for court in (*shown, *muted)):
            return tuple(shown), tuple(muted)
        case _:
            return None


def field_errors(view: State, problems: Sequence[WatchProblem]) -> dict[str, str]:
    """Return Slack's errors: the sentence for each problem beside its field, the first one where there are two."""
    errors: dict[str, str] = {}
    for one in problems:
        if where := block_of(view, one.field.value):
            errors.setdefault(where, words.flaw_words(one.flaw))
    return errors


def zone_choice(zone: ZoneInfo) -> Block:
    """Return a zone as one choice of the list of zones."""
    return option(f"{zone_name(zone)} ({zone.key})", zone.key)


def _modal(blocks: Sequence[Block], metadata: str) -> View:
    return modal(
        words.FORM_TITLE, WATCH_FORM, blocks, close=words.FORM_CLOSE, submit=words.FORM_SUBMIT, metadata=metadata
    )


def _field(form_id: str, which: WatchField, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    shown = words.FIELDS[which]
    return field(
        f"{which.value}:{form_id}",
        element,
        shown.label,
        hint=hint or shown.hint,
        placeholder=shown.placeholder,
        optional=optional,
    )


def _courts(chosen: Sequence[Court]) -> Block:
    element: Block = {
        "type": "multi_external_select",
        "action_id": COURTS_ACTION,
        "min_query_length": 1,
        "max_selected_items": MOST_COURTS,
    }
    return element | ({"initial_options": [court_choice(one) for one in chosen]} if chosen else {})


def _muted(muted: Sequence[Court]) -> Block:
    options = [court_choice(one) for one in muted]
    kind = {"type": "multi_static_select", "action_id": WatchField.MUTED.value}
    return {**kind, "options": options, "initial_options": options}


def _hours(form_id: str, sheet: WatchSheet) -> list[Block]:
    hours = sheet.hours
    boxes = [option(name, str(number)) for number, name in enumerate(words.DAY_NAMES)]
    ticked = [boxes[number] for number in sorted(hours.days)]
    days: Block = {"type": "checkboxes", "action_id": WatchField.DAYS.value, "options": boxes}
    zone: Block = {
        "type": "external_select",
        "action_id": ZONE_ACTION,
        "min_query_length": 0,
        "initial_option": zone_choice(hours.zone),
    }
    return [
        _field(form_id, WatchField.BEGINS, clock(WatchField.BEGINS.value, hours.begins.isoformat("minutes"))),
        _field(form_id, WatchField.ENDS, clock(WatchField.ENDS.value, hours.ends.isoformat("minutes"))),
        _field(form_id, WatchField.DAYS, days | ({"initial_options": ticked} if ticked else {})),
        _field(form_id, WatchField.ZONE, zone, hint=words.ZONE_HINTS[sheet.zone_from]),
    ]


def _vacation(form_id: str, sheet: WatchSheet) -> list[Block]:
    first, last = sheet.hours.vacation or (None, None)
    pair: tuple[tuple[WatchField, date | None], ...] = (
        (WatchField.VACATION_FROM, first),
        (WatchField.VACATION_UNTIL, last),
    )
    return [
        _field(form_id, which, day(which.value, chosen.isoformat() if chosen else ""), optional=True)
        for which, chosen in pair
    ]


def _as_sent(block: Mapping[str, Any], state: Mapping[str, Any]) -> Block:
    """The element with what was chosen in it as its first choice, whatever that was before."""
    element = {name: value for name, value in block["element"].items() if not name.startswith("initial_")}
    chosen = state.get(block["block_id"], {}).get(element["action_id"], {})
    for part, initial in _INITIAL.items():
        if chosen.get(part):
            element[initial] = chosen[part]
    return element


def _state(view: State) -> dict[str, Mapping[str, Any]]:
    return {
        str(block_id).partition(":")[0]: element
        for block_id, elements in view["state"]["values"].items()
        for element in elements.values()
    }


def _values(state: Mapping[str, Mapping[str, Any]], which: WatchField) -> tuple[str, ...]:
    return tuple(str(one.get("value", "")) for one in state.get(which.value, {}).get(_SOME) or ())


def _one(state: Mapping[str, Mapping[str, Any]], which: WatchField, part: str) -> str:
    return str(state.get(which.value, {}).get(part) or "")
