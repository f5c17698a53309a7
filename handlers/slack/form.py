"""The link form, the passcode form and the note: views built from values, and a form read back from what Slack sends.

Every `block_id` ends in the form's own id, which is new each time a form is opened. Slack keeps what was typed for as
long as block_id and action_id stay the same, so within one form nothing is lost, and a form opened after a refusal is
empty: no refused password can slip through a second time (slack.md section 1.6).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from bot.attempts.attempt import AttemptId, QuestionNumber
from bot.courts.court import Court, CourtId
from bot.courts.policy import Caution
from bot.linker.values import PasscodeAnswer
from bot.secret import Login, Secret, typed_name, typed_passcode
from bot.service import Field, LinkForm, Problem
from bot.words import form as words
from handlers.slack.blocks import (
    Block,
    box,
    divider,
    header,
    links,
    modal,
    option,
    plain,
    section,
    small,
    text_input,
)

LINK_FORM = "link_form"
PASSCODE_FORM = "passcode_form"
NOTE = "note"
COURT_ACTION = "court"

_OPTIONAL = frozenset({Field.CLIENT_CODE, Field.PASSCODE})

View = Block
State = Mapping[str, Any]


def new_form_id() -> str:
    """Return the id of a form that is about to be opened: opaque, and never used twice."""
    return secrets.token_hex(6)


def link_view(
    form_id: str,
    court: Court | None = None,
    caution: Caution | None = None,
    notes: Sequence[str] = (),
    instead: Sequence[Block] = (),
) -> View:
    """Return the link form, with `court` chosen when one was named, its caution, and `notes` above it all.

    `instead` stands beneath the court: another way to give the rest. `private_metadata` holds the form's id and nothing
    else.
    """
    blocks: list[Block] = [section(one) for one in notes]
    blocks += [section(words.VISIBLE_WARNING), court_select(form_id, court), *instead]
    if court is not None and caution is not None:
        blocks += [section(one) for one in words.caution_words(court, caution)]
        blocks.append(_box(form_id, Field.CAUTION))
    blocks += _account_side(form_id)
    blocks += _filer_side(form_id)
    blocks += _agreement(form_id)
    blocks.append(_text(form_id, Field.PASSCODE))  # last, because it is good for 30 seconds only
    return modal(
        words.FORM_TITLE, LINK_FORM, blocks, close=words.FORM_CLOSE, submit=words.FORM_SUBMIT, metadata=form_id
    )


def passcode_view(attempt: AttemptId, number: QuestionNumber) -> View:
    """Return the small form that asks for one passcode; its metadata names attempt and question by opaque ids."""
    label = words.FIELDS[Field.PASSCODE].label
    blocks = [section(words.PASSCODE_HINT), text_input(_id(Field.PASSCODE, new_form_id()), Field.PASSCODE.value, label)]
    return modal(
        words.PASSCODE_TITLE,
        PASSCODE_FORM,
        blocks,
        close=words.FORM_CLOSE,
        submit=words.PASSCODE_SUBMIT,
        metadata=f"{attempt}:{number}",
    )


def note_view(title: str, paragraphs: Sequence[str]) -> View:
    """Return a view that only says something; the title of a view holds 24 characters, so it stands in the body too."""
    return modal(words.FORM_TITLE, NOTE, [header(title), *(section(one) for one in paragraphs)], close=words.NOTE_CLOSE)


def read_link_form(view: State) -> LinkForm:
    """Return the submitted form. Passwords are taken exactly as typed; names only lose the blanks around them."""
    values = _values(view)
    passcode = _typed(values, Field.PASSCODE)
    court = _chosen(values)
    return LinkForm(
        court=CourtId(court) if court else None,
        pacer_username=Login(typed_name(_typed(values, Field.PACER_USERNAME))),
        pacer_password=Secret(_typed(values, Field.PACER_PASSWORD)),
        client_code=Login(typed_name(_typed(values, Field.CLIENT_CODE))),
        cmecf_login=Login(typed_name(_typed(values, Field.CMECF_LOGIN))),
        cmecf_password=Secret(_typed(values, Field.CMECF_PASSWORD)),
        passcode=typed_passcode(passcode) if passcode else None,
        individual_account=_ticked(values, Field.INDIVIDUAL_ACCOUNT),
        redaction_acknowledged=_ticked(values, Field.REDACTION),
        caution_acknowledged=_ticked(values, Field.CAUTION),
    )


def read_passcode(view: State) -> PasscodeAnswer:
    """Return the passcode that was typed into the small form."""
    return PasscodeAnswer(typed_passcode(_typed(_values(view), Field.PASSCODE)))


def chosen_court(view: State) -> str:
    """Return the id of the court chosen in an open or submitted form, or nothing."""
    return _chosen(_values(view))


def field_errors(view: State, problems: Sequence[Problem]) -> dict[str, str]:
    """Return Slack's errors: the sentence for each problem, keyed by the block of its field.

    A field without a block in this view is left out: Slack refuses errors for blocks it does not show.
    """
    here = {_field(block.get("block_id", "")): block["block_id"] for block in _inputs(view)}
    errors: dict[str, str] = {}
    for one in problems:
        if one.field.value in here:
            errors.setdefault(here[one.field.value], words.flaw_words(one.field, one.flaw))
    return errors


def has_field(view: State, field: Field) -> bool:
    """Tell whether the view shows `field`."""
    return any(_field(block.get("block_id", "")) == field.value for block in _inputs(view))


def input_block(view: State, field: Field) -> str:
    """Return the block_id of `field` in this view; raises KeyError when the view does not show it."""
    return next((str(block["block_id"]) for block in _inputs(view) if _field(block["block_id"]) == field.value), "")


def _inputs(view: State) -> list[Mapping[str, Any]]:
    return [block for block in view.get("blocks", ()) if block.get("type") == "input"]


def _values(view: State) -> dict[str, Mapping[str, Any]]:
    """The state by field name; each block holds one element, so the element's own name says nothing more."""
    found: dict[str, Mapping[str, Any]] = {}
    for block_id, elements in view["state"]["values"].items():
        for element in elements.values():
            found[_field(block_id)] = element
    return found


def _typed(values: Mapping[str, Mapping[str, Any]], field: Field) -> str:
    return str(values.get(field.value, {}).get("value") or "")


def _ticked(values: Mapping[str, Mapping[str, Any]], field: Field) -> bool:
    return bool(values.get(field.value, {}).get("selected_options"))


def _chosen(values: Mapping[str, Mapping[str, Any]]) -> str:
    return str((values.get(Field.COURT.value, {}).get("selected_option") or {}).get("value", ""))


def _id(field: Field, form_id: str) -> str:
    return f"{field.value}:{form_id}"


def _field(block_id: str) -> str:
    return block_id.partition(":")[0]


def court_choice(court: Court) -> Block:
    """Return `court` as one choice of the list of courts."""
    text, description = words.court_option_words(court)
    return option(text, court.id, description)


def court_select(form_id: str, court: Court | None) -> Block:
    """Return the field in which the court is chosen; the bot is told of each choice."""
    shown = words.FIELDS[Field.COURT]
    element: Block = {
        "type": "external_select",
        "action_id": COURT_ACTION,
        "placeholder": plain(shown.placeholder, 150),
        "min_query_length": 1,
    }
    if court is not None:
        element["initial_option"] = court_choice(court)
    return {
        "type": "input",
        "block_id": _id(Field.COURT, form_id),
        "label": plain(shown.label),
        "hint": plain(shown.hint, 2000),
        "optional": False,
        "dispatch_action": True,  # so that a court's own caution can be shown the moment the court is chosen
        "element": element,
    }


def _text(form_id: str, field: Field) -> Block:
    shown = words.FIELDS[field]
    return text_input(_id(field, form_id), field.value, shown.label, hint=shown.hint, optional=field in _OPTIONAL)


def _box(form_id: str, field: Field) -> Block:
    return box(_id(field, form_id), field.value, words.FIELDS[field].label, words.BOXES[field])


def _account_side(form_id: str) -> list[Block]:
    fields = (Field.PACER_USERNAME, Field.PACER_PASSWORD, Field.CLIENT_CODE)
    return [
        divider(),
        header(words.PACER_SIDE),
        small(words.MONITORING_NOTICE),
        *(_text(form_id, field) for field in fields),
        links(words.LINK_LABELS),
    ]


def _filer_side(form_id: str) -> list[Block]:
    fields = (Field.CMECF_LOGIN, Field.CMECF_PASSWORD)
    return [divider(), header(words.FILER_SIDE), *(_text(form_id, field) for field in fields)]


def _agreement(form_id: str) -> list[Block]:
    return [
        divider(),
        header(words.BOXES_SIDE),
        section(words.WHAT_HAPPENS),
        section(words.LAST_STEP),
        _box(form_id, Field.INDIVIDUAL_ACCOUNT),
        section(words.REDACTION_NOTICE),
        _box(form_id, Field.REDACTION),
    ]
