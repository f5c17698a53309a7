"""`/ecf-golive broadcast`: write, preview, send or schedule, stop, send again, list. Translate, never decide.

Every listener acknowledges first, or with its answer, and every answer is asked of the service, which asks anew whether
the person is an admin (design, promise 8). What an admin typed is never lost: the form stays, or opens again with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.courts.court import Court
from bot.errors import StoreTrouble
from bot.people import Person
from bot.reminders.broadcasts.broadcast import Broadcast, BroadcastId
from bot.reminders.broadcasts.form import BroadcastField, BroadcastForm, Draft, NotMoved
from bot.service.admins import NotAdmin
from bot.service.broadcasts import Broadcasting
from bot.words import broadcast_form as form_words
from bot.words import broadcasts as words
from bot.words.said import Words
from handlers.slack import broadcast_forms as forms
from handlers.slack.admin_door import Door, Reply, said_view
from handlers.slack.blocks import Message, note
from handlers.slack.broadcast_report import AGAIN, COPY, STOP, CourtOf, list_message, marked, when_words
from handlers.slack.people import person_of
from handlers.slack.pickers import block_of
from handlers.slack.tasks import Tasks

LIST = "list"
OFFICES_SECONDS = 1.5
"""What a list of offices may take; it is then empty, and typing asks again."""

Body = dict[str, Any]
Shows = Callable[[Broadcast], Message]
"""Returns a broadcast's message as its recipients will see it (notices.LetterWriter.broadcast)."""


@dataclass(frozen=True, slots=True)
class Broadcasts:
    """The listeners of broadcasts, over one service; `shows` is how its message looks."""

    service: Broadcasting
    door: Door
    court_of: CourtOf
    shows: Shows
    clock: Clock
    tasks: Tasks

    def register(self, app: AsyncApp) -> None:
        """Add the listeners; the command itself is handed on by whoever listens to /ecf-golive."""
        app.options(forms.OFFICE_ACTION)(self.offices)
        app.view(forms.FORM)(self.written)
        app.view(forms.PREVIEW_NOW)(self.sent)
        app.view(forms.PREVIEW_LATER)(self.scheduled)
        app.action(forms.EDIT)(self.edited)
        app.action(STOP)(self.stopped)
        app.action(AGAIN)(self.again)
        app.action(COPY)(self.copied)

    async def command(self, ack: AsyncAck, body: Body, client: AsyncWebClient, text: str) -> None:
        """Answer `/ecf-golive broadcast [list]`; any other `text` stands in the form that opens."""
        await ack()
        person = person_of(body)
        if text.strip().casefold() == LIST:
            self.door.answer(body, client, self._list(person), "list broadcasts")
        else:
            self.door.open(body, client, self._form(person, BroadcastForm(text.strip())), "open the broadcast form")

    async def offices(self, ack: AsyncAck, body: Body, payload: Body) -> None:
        """Answer the type-ahead of the office field; nobody but an admin sees an office."""
        found: Sequence[str] = ()
        try:
            async with asyncio.timeout(OFFICES_SECONDS):
                found = await self.service.offices(person_of(body), str(payload.get("value", "")))
        except (NotAdmin, StoreTrouble, TimeoutError):
            found = ()
        await ack(options=forms.office_choices(found))

    async def written(self, ack: AsyncAck, body: Body, view: Body, client: AsyncWebClient) -> None:
        """Show the preview in place of the form, or say beside the fields what is wrong."""
        await self.door.submitted(ack, body, client, self._preview(person_of(body), view))

    async def sent(self, ack: AsyncAck, body: Body, view: Body, client: AsyncWebClient) -> None:
        """Send the draft that the preview showed."""
        person, id = person_of(body), forms.named(view.get("private_metadata"))
        await self.door.submitted(ack, body, client, self._go(person, id, self.service.send))

    async def scheduled(self, ack: AsyncAck, body: Body, view: Body, client: AsyncWebClient) -> None:
        """Let the draft that the preview showed wait for its time."""
        person, id = person_of(body), forms.named(view.get("private_metadata"))
        await self.door.submitted(ack, body, client, self._go(person, id, self.service.schedule))

    async def edited(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Put the form in place of the preview, with all that was written."""
        await ack()
        self.door.redraw(body, client, self._form_again(person_of(body), _id(body)), "go back to the broadcast form")

    async def copied(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the form with what an earlier broadcast, or an unsent one, says."""
        await ack()
        self.door.open(body, client, self._form_again(person_of(body), _id(body)), "open the broadcast form")

    async def stopped(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Stop what goes out, or waits to."""
        await ack()
        person, id = person_of(body), _id(body)
        said = self._pressed(person, self.service.stop(person, id), words.STOPPED_WORDS)
        self.door.answer(body, client, said, "stop a broadcast")

    async def again(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Send it again to those for whom it failed, if the report that was pressed in is the last."""
        await ack()
        person = person_of(body)
        id, _, round = _value(body).rpartition(":")
        number = int(round) if round.isascii() and round.isdigit() and len(round) < 9 else 0
        said = self._pressed(person, self.service.again(person, forms.named(id), number), words.SENT_AGAIN)
        self.door.answer(body, client, said, "send a broadcast again")

    async def _list(self, person: Person) -> Message:
        return list_message(await self.service.recent(person), await self.service.unsent(person), self.court_of)

    async def _form(self, person: Person, form: BroadcastForm, notes: Sequence[str] = ()) -> forms.View:
        await self.service.allow(person)
        return forms.form_view(form, self._court(form.court), notes)

    async def _form_again(self, person: Person, id: BroadcastId) -> forms.View:
        found = await self.service.progress(person, id)
        if found is None:
            return await self._form(person, BroadcastForm(""), (words.GONE_DRAFT,))
        return await self._form(person, forms.form_of(found.broadcast, self.clock.now()))

    async def _preview(self, person: Person, view: Body) -> Reply:
        form = forms.read_form(view)
        try:
            draft = await self.service.draft(person, form)
        except StoreTrouble:
            said = form_words.NOT_KEPT
            kept = forms.form_view(form, self._court(form.court), (said,))
            return Reply(kept, {block_of(view, BroadcastField.TEXT.value): said})
        if isinstance(draft, Draft):
            court = self._court(draft.broadcast.audience.court or "")
            return Reply(forms.preview_view(draft, court, self.shows(draft.broadcast).blocks))
        wrong = [form_words.flaw_words(one) for one in draft]
        return Reply(forms.form_view(form, self._court(form.court), wrong), forms.field_errors(view, draft))

    async def _go(
        self, person: Person, id: BroadcastId, go: Callable[[Person, BroadcastId], Awaitable[Broadcast | NotMoved]]
    ) -> Reply:
        """Send or schedule, and say what came of it; the progress is shown at once."""
        try:
            came = await go(person, id)
        except StoreTrouble as trouble:
            return Reply(said_view(words.TROUBLE_TITLE, (str(trouble), words.TROUBLE)))
        if isinstance(came, NotMoved):
            refused = words.not_moved_words(came)
            return Reply(said_view(refused.title, refused.paragraphs))
        self.tasks.start(self.service.show(person, id), "show a broadcast")
        return Reply(self._gone_well(came))

    def _gone_well(self, broadcast: Broadcast) -> forms.View:
        at = broadcast.send_at
        court = self._court(broadcast.audience.court or "")
        said = words.STARTED if at is None else words.scheduled_words(when_words(at, court))
        view = said_view(said.title, ())
        return {**view, "blocks": [*view["blocks"], *(marked(one) for one in said.paragraphs)]}

    async def _pressed(self, person: Person, doing: Awaitable[Broadcast | NotMoved], done: Words) -> Message:
        try:
            came = await doing
        except StoreTrouble as trouble:
            return note(words.TROUBLE_TITLE, (str(trouble), words.TROUBLE))
        if isinstance(came, NotMoved):
            done = words.not_moved_words(came)
            return note(done.title, done.paragraphs)
        self.tasks.start(self.service.show(person, came.id), "show a broadcast")
        return note(done.title, done.paragraphs)

    def _court(self, court: str) -> Court | None:
        return self.court_of(court) if court else None


def _id(body: Body) -> BroadcastId:
    return forms.named(_value(body))


def _value(body: Body) -> str:
    return str(body["actions"][0].get("value", ""))
