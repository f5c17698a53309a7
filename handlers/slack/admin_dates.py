"""Setting, moving, confirming and withdrawing a court's date: the forms, and what becomes of them.

Each request asks the service anew, which asks anew who the person is: what a form or a button carries grants nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.courts.court import Court
from bot.people import Person
from bot.reminders.dates.change import What
from bot.reminders.dates.event_form import DateFlaw, DateProblem, EventForm, form_of
from bot.reminders.event import CourtEvent, EventId
from bot.service import Service
from bot.service.dates import Dates, Kept
from bot.words import dates as words
from bot.words.date_flaws import date_flaw_words
from handlers.slack import date_form, mentions
from handlers.slack.admin_door import Body, Door, Reply, View, said_view
from handlers.slack.blocks import Message
from handlers.slack.date_form import About
from handlers.slack.form import court_choice, new_form_id
from handlers.slack.people import person_of

SET = "golive_set"
MOVE = "golive_move"
CONFIRM = "golive_confirm"
LIVE = "golive_live"
WITHDRAW = "golive_withdraw"

CHOICES = 25

Said = Callable[[int], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """A step with a small form: its words, what it does, and what is done then."""

    title: str
    submit: str
    says: Said
    what: What
    note: bool = False


STEPS: Mapping[str, Step] = {
    CONFIRM: Step(words.CONFIRM_TITLE, words.CONFIRM_SUBMIT, words.confirm_words, What.CONFIRMED),
    LIVE: Step(words.LIVE_TITLE, words.LIVE_SUBMIT, words.live_words, What.LIVE),
    WITHDRAW: Step(words.WITHDRAW_TITLE, words.WITHDRAW_SUBMIT, words.withdraw_words, What.WITHDRAWN, note=True),
}


@dataclass(frozen=True, slots=True)
class DateForms:
    """The listeners of dates; `courts` knows the courts and how people call them."""

    dates: Dates
    courts: Service
    door: Door

    def register(self, app: AsyncApp) -> None:
        """Add the listeners."""
        app.options(date_form.COURT_ACTION)(self.choices)
        app.action(date_form.COURT_ACTION)(self.court_chosen)
        app.action(SET)(self.set_pressed)
        app.action(MOVE)(self.move_pressed)
        for step in STEPS:
            app.action(step)(self.step_pressed)
        app.view(date_form.DATE_FORM)(self.date_sent)
        app.view(date_form.STEP_FORM)(self.step_sent)

    async def choices(self, ack: AsyncAck, payload: Body) -> None:
        """Answer the type-ahead of the court field, from memory: the list of courts is no secret."""
        found = self.courts.search(str(payload.get("value", "")), CHOICES)
        await ack(options=[court_choice(court) for court in found])

    def open_set(self, body: Body, client: AsyncWebClient, text: str) -> None:
        """Open the form for a new date, with the court that `text` names; call it after the acknowledgement."""

        async def view() -> View:
            court = self.courts.court(text) if text else None
            unclear = [words.unclear_words(text[:80])] if text and court is None else []
            return await self._set_view(person_of(body), About(new_form_id()), court, unclear)

        self.door.open(body, client, view(), "open the form of a date")

    async def set_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open an empty form."""
        await ack()
        self.open_set(body, client, "")

    async def move_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the form with everything that is kept of the date, and say who would get a correction."""
        await ack()

        async def view(person: Person, about: About, event: CourtEvent, notes: Sequence[str]) -> View:
            told = await self.dates.told(person, event.id)
            lines = (
                words.title_words(event, self._court(event)),
                *notes,
                f"{words.told_words(told)} {words.correction_words(told)} {words.MOVE_OTHERS}",
            )
            return date_form.date_view(about, form_of(event), self._court(event), lines)

        self._open(body, client, view)

    async def step_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the small form that says what the step will do."""
        await ack()
        self._open(body, client, self._step_view, step=str(body["actions"][0].get("action_id", "")))

    async def court_chosen(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Name the zone of the court that was just chosen, and the date that it may have already."""
        await ack()
        view = body["view"]
        about, person = About.read(view.get("private_metadata")), person_of(body)
        court = self.courts.court_by_id(date_form.chosen_court(view))
        form = date_form.read_date_form(view, None)
        self.door.redraw(body, client, self._set_view(person, about, court, (), form), "show the court's zone")

    async def date_sent(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Keep a new date or a change, or say beside the fields what is wrong."""
        await self.door.submitted(ack, body, client, self._date_sent(person_of(body), body["view"]))

    async def step_sent(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Take the step, or say what stands in its way."""
        await self.door.submitted(ack, body, client, self._step_sent(person_of(body), body["view"]))

    def _open(
        self,
        body: Body,
        client: AsyncWebClient,
        made: Callable[[Person, About, CourtEvent, Sequence[str]], Awaitable[View]],
        step: str = "",
    ) -> None:
        """Open a form for the event that a button names; the button may be older than the event's last change."""
        named = About.read(f"|{body['actions'][0].get('value', '')}")
        person = person_of(body)

        async def view() -> View | Message:
            event = await self.dates.event(person, named.event)
            if event is None:
                return mentions.note(words.TITLE, (words.GONE,))
            seen = About(new_form_id(), event.id, event.edition, step)
            notes = () if event.edition == named.edition else (words.CHANGED_SINCE,)
            return await made(person, seen, event, notes)

        self.door.open(body, client, view(), "open the form of a step")

    async def _set_view(
        self, person: Person, about: About, court: Court | None, notes: Sequence[str], form: EventForm | None = None
    ) -> View:
        """The form for a new date; asking for the court's dates also asks whether the person is an admin."""
        shown = form or EventForm(court="")
        has: tuple[CourtEvent, ...] = ()
        if court is None:
            await self.dates.check(person)
        else:
            has = await self.dates.events(person, court.id)
        same = [words.exists_words(event) for event in has if event.kind.value == shown.kind]
        return date_form.date_view(about, shown, court, (*notes, *same))

    async def _step_view(self, person: Person, about: About, event: CourtEvent, notes: Sequence[str]) -> View:
        step = STEPS[about.step]
        kept = words.event_words(event, self._court(event))
        lines = (kept.title, *notes, *kept.paragraphs, *step.says(await self.dates.told(person, event.id)))
        return date_form.step_view(about, step.title, step.submit, lines, note=step.note)

    async def _date_sent(self, person: Person, view: Mapping[str, Any]) -> Reply:
        about = About.read(view.get("private_metadata"))
        event = await self.dates.event(person, about.event) if about.event else None
        if about.event and event is None:
            return Reply(said_view(words.TITLE, (words.GONE,)))
        form = date_form.read_date_form(view, event)
        if event is None:
            await self.dates.check(person)
        half = date_form.half_given(view)
        if half:
            return Reply(await self._again(person, about, form, event, half.values()), half)
        told = await self.dates.told(person, event.id) if event is not None else 0
        if event is None:
            kept: Kept = await self.dates.put(person, form)
        else:
            kept = await self.dates.change(person, event.id, about.edition, form)
        if isinstance(kept, CourtEvent):
            if event is not None and kept.edition == about.edition:
                return Reply(said_view(words.SAME_TITLE, (words.title_words(kept, self._court(kept)), words.SAME)))
            return self._done(kept, _what(event, kept), told)
        return await self._refused(person, about, view, form, kept)

    async def _refused(
        self, person: Person, about: About, view: Mapping[str, Any], form: EventForm, problems: Sequence[DateProblem]
    ) -> Reply:
        """Say what is wrong: beside the fields where they are shown, above them otherwise; nothing entered is lost."""
        if any(one.flaw is DateFlaw.GONE for one in problems):
            return Reply(said_view(words.TITLE, (words.GONE,)))
        event = await self.dates.event(person, about.event) if about.event else None
        if event is not None and any(one.flaw is DateFlaw.STALE for one in problems):
            now = replace(about, edition=event.edition)
            note = words.stale_words(event, await self._changed_by(person, event.id))
            return Reply(await self._again(person, now, form, event, (note,)))
        errors = date_form.field_errors(view, problems)
        shown = {one.field.value for one in problems} - {name.partition(":")[0] for name in errors}
        above = [date_flaw_words(one) for one in problems if one.field.value in shown]
        # Errors beside fields leave the view as it is: what has no field of its own needs a view with a line above.
        said = (*above, *errors.values())
        return Reply(await self._again(person, about, form, event, said), {} if above else errors)

    async def _again(
        self, person: Person, about: About, form: EventForm, event: CourtEvent | None, notes: Iterable[str]
    ) -> View:
        """The same form with the same fields and what was entered; Slack keeps it too, where the ids are the same."""
        lines = tuple(notes)
        if event is not None:
            lines = (words.title_words(event, self._court(event)), *lines)
            return date_form.date_view(about, form, self._court(event), lines)
        return date_form.date_view(about, form, self.courts.court_by_id(form.court), lines)

    async def _step_sent(self, person: Person, view: Mapping[str, Any]) -> Reply:
        about = About.read(view.get("private_metadata"))
        event = await self.dates.event(person, about.event)
        if event is None or about.step not in STEPS:
            return Reply(said_view(words.TITLE, (words.GONE,)))
        told = await self.dates.told(person, event.id)
        kept = await self._take(person, about, date_form.read_date_form(view, event).note)
        if isinstance(kept, CourtEvent):
            return self._done(kept, STEPS[about.step].what, told)
        if any(one.flaw is DateFlaw.STALE for one in kept):
            event = await self.dates.event(person, about.event) or event
            now = replace(about, edition=event.edition)
            note = words.stale_step_words(event, await self._changed_by(person, event.id))
            return Reply(await self._step_view(person, now, event, (note,)))
        return Reply(said_view(words.TITLE, [date_flaw_words(one) for one in kept]))

    async def _take(self, person: Person, about: About, note: str) -> Kept:
        if about.step == CONFIRM:
            return await self.dates.confirm(person, about.event, about.edition)
        if about.step == LIVE:
            return await self.dates.live(person, about.event, about.edition)
        return await self.dates.withdraw(person, about.event, about.edition, note)

    async def _changed_by(self, person: Person, event: EventId) -> str:
        last = await self.dates.last_change(person, event)
        return mentions.who(last.by, person) if last is not None else words.ELSEWHERE

    def _done(self, event: CourtEvent, what: What, told: int) -> Reply:
        said = words.done_words(event, self._court(event), what, told)
        return Reply(said_view(said.title, said.paragraphs))

    def _court(self, event: CourtEvent) -> Court | None:
        return self.courts.court_by_id(event.court)


def _what(before: CourtEvent | None, now: CourtEvent) -> What:
    """What a form did to an event: only another day or time is a move."""
    if before is None:
        return What.SET
    return What.EDITED if before.occasion == now.occasion else What.MOVED
