"""The form for a court's date, and the small forms of the steps: views built from values, and a form read back.

Days and times are picked apart: Slack's one picker for both is in the zone of whoever looks at it, and these are the
court's wall clock. Every `block_id` ends in the form's own id, so that what was entered stays while the form is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.courts.court import Court
from bot.reminders.dates.event_form import LONGEST, DateField, DateProblem, EventForm
from bot.reminders.event import CourtEvent, EventId, Status
from bot.words import date_form as field_words
from bot.words import dates as words
from bot.words.date_flaws import date_flaw_words
from bot.words.form import FieldWords
from handlers.slack import pickers
from handlers.slack.blocks import Block, divider, header, modal
from handlers.slack.form import court_choice, new_form_id
from handlers.slack.mentions import section

DATE_FORM = "golive_date"
STEP_FORM = "golive_step"
COURT_ACTION = "golive_court"
NO_EVENT = EventId("")

_START_TIME, _END_TIME = "blackout_start_time", "blackout_end_time"
_BLACKOUT = (
    (DateField.BLACKOUT_START, _START_TIME, field_words.BLACKOUT_START_TIME),
    (DateField.BLACKOUT_END, _END_TIME, field_words.BLACKOUT_END_TIME),
)
_TEXTS = (
    DateField.SOURCE,
    DateField.ORDER_NUMBER,
    DateField.EMERGENCY_CHANNEL,
    DateField.EMERGENCY_UNTIL,
    DateField.NOTE,
)


@dataclass(frozen=True, slots=True)
class About:
    """What a form is about, as its metadata says it: nothing in it grants anything, the service decides by the person.

    `event` is "" for a new date; `edition` is what the admin sees; `step` names what a small form is for.
    """

    form_id: str
    event: EventId = NO_EVENT
    edition: int = 0
    step: str = ""

    @property
    def text(self) -> str:
        """It as the view's metadata."""
        return f"{self.form_id}|{self.event}|{self.edition}|{self.step}"

    @classmethod
    def read(cls, text: object) -> About:
        """Return what a metadata says; one that nobody of us wrote is about no event."""
        form_id, event, edition, step = (*str(text).split("|"), "", "", "")[:4]
        number = int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 10 else 0
        return cls(form_id or new_form_id(), EventId(event), number, step)


def date_view(about: About, form: EventForm, court: Court | None, notes: Sequence[str] = ()) -> Block:
    """Return the form with `form` in it, `notes` above it; the court can be chosen only for a new date."""
    new = not about.event
    blocks: list[Block] = [section(one) for one in notes]
    blocks += [_court(about, court), _kind(about, form)] if new else []
    blocks += [section(words.clock_words(court)), _status(about, form), *_moment(about, form)]
    blocks += [divider(), *_blackout(about, form), divider()]
    blocks += [_text(about, one, getattr(form, one.value)) for one in _TEXTS]
    title, submit = (words.SET_TITLE, words.SET_SUBMIT) if new else (words.MOVE_TITLE, words.MOVE_SUBMIT)
    return modal(title, DATE_FORM, blocks, close=words.CANCEL, submit=submit, metadata=about.text)


def step_view(about: About, title: str, submit: str, paragraphs: Sequence[str], *, note: bool = False) -> Block:
    """Return the small form of one step: what will happen, and for a withdrawal a note."""
    blocks = [header(paragraphs[0]), *(section(one) for one in paragraphs[1:])]
    blocks += [_text(about, DateField.NOTE, "")] if note else []
    return modal(title, STEP_FORM, blocks, close=words.CANCEL, submit=submit, metadata=about.text)


def read_date_form(view: Mapping[str, Any], event: CourtEvent | None) -> EventForm:
    """Return what the form holds; court and kind of an event that is there already are its own."""
    said = pickers.values(view)
    kind = event.kind.value if event is not None else said.get(DateField.KIND.value, "")
    return EventForm(
        court=event.court if event is not None else said.get(DateField.COURT.value, ""),
        kind=kind,
        status=said.get(DateField.STATUS.value, ""),
        day=said.get(DateField.DAY.value, ""),
        time=said.get(DateField.TIME.value, ""),
        coarse=said.get(DateField.COARSE.value, ""),
        blackout_start=_joined(said, DateField.BLACKOUT_START, _START_TIME),
        blackout_end=_joined(said, DateField.BLACKOUT_END, _END_TIME),
        source=said.get(DateField.SOURCE.value, ""),
        note=said.get(DateField.NOTE.value, ""),
        order_number=said.get(DateField.ORDER_NUMBER.value, ""),
        emergency_channel=said.get(DateField.EMERGENCY_CHANNEL.value, ""),
        emergency_until=said.get(DateField.EMERGENCY_UNTIL.value, ""),
    )


def chosen_court(view: Mapping[str, Any]) -> str:
    """Return the id of the court that is chosen in a form, "" for none."""
    return pickers.values(view).get(DateField.COURT.value, "")


def half_given(view: Mapping[str, Any]) -> dict[str, str]:
    """Return what to say beside a day of the black-out without its time, or a time without its day."""
    said = pickers.values(view)
    errors: dict[str, str] = {}
    for field, time, _ in _BLACKOUT:
        if bool(said.get(field.value)) != bool(said.get(time)):
            empty = time if said.get(field.value) else field.value
            errors[pickers.block_of(view, empty)] = words.HALF_BLACKOUT
    return {block: text for block, text in errors.items() if block}


def field_errors(view: Mapping[str, Any], problems: Sequence[DateProblem]) -> dict[str, str]:
    """Return the sentence for each problem by the block of its field; what has no field in this view is left out."""
    errors: dict[str, str] = {}
    for one in problems:
        if block := pickers.block_of(view, one.field.value):
            errors.setdefault(block, date_flaw_words(one))
    return errors


def _joined(said: Mapping[str, str], field: DateField, time: str) -> str:
    day, at = said.get(field.value, ""), said.get(time, "")
    return f"{day}T{at}" if day and at else ""


def _id(about: About, name: str) -> str:
    return f"{name}:{about.form_id}"


def _field(about: About, name: str, element: Block, shown: FieldWords, *, optional: bool = True) -> Block:
    return pickers.field(
        _id(about, name), element, shown.label, hint=shown.hint, placeholder=shown.placeholder, optional=optional
    )


def _court(about: About, court: Court | None) -> Block:
    element: Block = {"type": "external_select", "action_id": COURT_ACTION, "min_query_length": 1}
    element |= {"initial_option": court_choice(court)} if court is not None else {}
    shown = field_words.FIELDS[DateField.COURT]
    block = _field(about, DateField.COURT.value, element, shown, optional=False)
    return {**block, "dispatch_action": True}  # so that the court's zone is named the moment it is chosen


def _kind(about: About, form: EventForm) -> Block:
    choices = [(kind.value, text) for kind, text in field_words.KIND_CHOICES.items()]
    element = pickers.choice(DateField.KIND.value, choices, form.kind)
    return _field(about, DateField.KIND.value, element, field_words.FIELDS[DateField.KIND], optional=False)


def _status(about: About, form: EventForm) -> Block:
    choices = [(status.value, text) for status, text in field_words.STATUS_CHOICES.items()]
    if form.status == Status.LIVE:
        # Live is said by a step of its own; an event that is live keeps it. A withdrawn one needs a new status.
        choices.append((Status.LIVE.value, words.STATUSES[Status.LIVE].capitalize()))
    element = pickers.choice(DateField.STATUS.value, choices, form.status)
    return _field(about, DateField.STATUS.value, element, field_words.FIELDS[DateField.STATUS], optional=False)


def _moment(about: About, form: EventForm) -> list[Block]:
    return [
        _field(about, "day", pickers.day("day", form.day), field_words.FIELDS[DateField.DAY]),
        _field(about, "time", pickers.clock("time", form.time), field_words.FIELDS[DateField.TIME]),
        _text(about, DateField.COARSE, form.coarse),
    ]


def _blackout(about: About, form: EventForm) -> list[Block]:
    blocks: list[Block] = []
    for field, time, shown in _BLACKOUT:
        day, _, at = str(getattr(form, field.value)).replace(" ", "T").partition("T")
        blocks.append(_field(about, field.value, pickers.day(field.value, day), field_words.FIELDS[field]))
        blocks.append(_field(about, time, pickers.clock(time, at), shown))
    return blocks


def _text(about: About, field: DateField, typed: str) -> Block:
    element = pickers.text(field.value, typed, most=LONGEST[field], lines=field is DateField.NOTE)
    return _field(about, field.value, element, field_words.FIELDS[field])
