"""`/link-ecf watch` and `/link-ecf remind`: the form "Your courts", and where a person stands. Translate, never decide.

A trigger opens one view within 3 seconds, and the store may take longer. So the form waits for the store a moment only;
then a view opens that holds its place, and the form is put there when it is known (slack.md section 1.6).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.courts.court import Court
from bot.errors import StoreTrouble
from bot.people import Person
from bot.reminders.people.wish_form import MOST_COURTS, WatchField, WatchFlaw, WatchForm, WatchProblem
from bot.reminders.people.wish_sheet import WatchSheet
from bot.service import Service
from bot.service.watching import Watching
from bot.words import watch_form as form_words
from bot.words import watching as words
from bot.words.zones import find_zones
from handlers.slack import watch_form as form
from handlers.slack import watch_messages as messages
from handlers.slack.answers import answer_command, answer_press, faults
from handlers.slack.blocks import Message
from handlers.slack.client import open_view
from handlers.slack.form import court_choice
from handlers.slack.notice_actions import OPEN_WATCHED, WATCH_COURT
from handlers.slack.people import person_of
from handlers.slack.tasks import Tasks
from handlers.slack.trouble import SLACK_FAULTS, describe, log, place_of, say_at, say_to, slack_code

CHOICES = 25
NEAR = 3
OPEN_WITHIN = 0.5
"""Seconds for which the form waits for the store before a view is opened in its place: a trigger lives for three."""
SAVE_WITHIN = 1.5
"""Seconds for which the acknowledgement of a sent form waits for the store."""
AFTER_ACK = 0.5
"""Seconds that an acknowledgement has to reach Slack."""

Body = dict[str, Any]
Say = Callable[[Message], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Reminders:
    """The listeners of a person's own reminders; `courts` is asked for courts alone."""

    courts: Service
    watching: Watching
    tasks: Tasks

    def register(self, app: AsyncApp) -> None:
        """Add the listeners; the command comes by way of Link."""
        app.options(form.COURTS_ACTION)(self.court_choices)
        app.options(form.ZONE_ACTION)(self.zone_choices)
        app.view(form.WATCH_FORM)(self.submitted)
        app.action(OPEN_WATCHED)(self.asked_for_form)
        app.action(WATCH_COURT)(self.watch_pressed)
        app.action(messages.UNWATCH_COURT)(self.unwatch_pressed)

    async def court_choices(self, ack: AsyncAck, payload: Body) -> None:
        """Answer the type-ahead of the courts, from memory."""
        found = self.courts.search(str(payload.get("value", "")), CHOICES)
        await ack(options=[court_choice(court) for court in found[:MOST_COURTS]])

    async def zone_choices(self, ack: AsyncAck, payload: Body) -> None:
        """Answer the type-ahead of the zones, from memory."""
        found = find_zones(str(payload.get("value", "")), CHOICES)
        await ack(options=[form.zone_choice(zone) for zone in found])

    def takes(self, text: str) -> bool:
        """Tell whether `/link-ecf` with this text belongs here."""
        return text.casefold().split(None, 1)[:1] in (["watch"], ["remind"])

    async def command(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Answer `/link-ecf watch [court]` and `/link-ecf remind`."""
        person, url = person_of(body), str(body.get("response_url", ""))
        first, *rest = str(body.get("text", "")).split(None, 1)
        if first.casefold() == "remind":
            await answer_command(ack, client, url, self._remind(person), self.tasks)
        elif rest:
            await answer_command(ack, client, url, self._watch(person, rest[0].strip()), self.tasks)
        else:
            self._open(client, str(body["trigger_id"]), person, lambda late: say_at(client, url, late))
            await ack()

    async def asked_for_form(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the form from a button."""
        await ack()
        place = place_of(body)

        async def here(said: Message) -> None:
            if place is not None:
                await say_to(client, *place, said)

        self._open(client, str(body["trigger_id"]), person_of(body), here)

    async def watch_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Watch the court of the button."""
        await ack()
        court = str(body["actions"][0].get("value", ""))
        self.tasks.start(answer_press(client, body, self._watched(person_of(body), court)), "watch a court")

    async def unwatch_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Watch the court of the button no longer."""
        await ack()
        court = str(body["actions"][0].get("value", ""))
        self.tasks.start(answer_press(client, body, self._unwatched(person_of(body), court)), "watch no longer")

    async def submitted(self, ack: AsyncAck, body: Body, view: Body, client: AsyncWebClient) -> None:
        """Save the form, or say beside the fields what is wrong; what is late is shown in the form's place."""
        person, sent = person_of(body), form.read_watch_form(view)
        if sent is None:
            said = (form_words.NOT_TAKEN, form_words.NOT_OURS)
            await ack(response_action="update", view=form.note_view(form_words.NOT_TAKEN_TITLE, said))
            return
        problems = self.watching.check(sent)
        if problems:
            await _refuse(ack, view, problems)
            return
        saving = asyncio.ensure_future(self._save(person, sent))
        await asyncio.wait({saving}, timeout=SAVE_WITHIN)
        if not saving.done():
            self.tasks.start(self._saved_late(client, view, saving), "say that it was saved")
            await ack(response_action="update", view=form.loading_view(form_words.FORM_SAVING))
            return
        saved = saving.result()
        if isinstance(saved, WatchSheet):
            await ack(response_action="update", view=_saved_view(saved))
        else:
            await _refuse(ack, view, saved)

    async def _save(self, person: Person, sent: WatchForm) -> WatchSheet | tuple[WatchProblem, ...]:
        try:
            return await self.watching.save(person, sent)
        except StoreTrouble as trouble:
            log.warning("a form was not saved: %s", describe(trouble))
            return (WatchProblem(WatchField.COURTS, WatchFlaw.NOT_SAVED),)

    async def _saved_late(
        self, client: AsyncWebClient, view: Body, saving: Awaitable[WatchSheet | tuple[WatchProblem, ...]]
    ) -> None:
        saved = await saving
        # The acknowledgement puts a view there too, and it has to be the earlier one.
        await asyncio.sleep(AFTER_ACK)
        if isinstance(saved, WatchSheet):
            await _update(client, view["id"], _saved_view(saved))
        else:
            await _update(client, view["id"], form.sent_again(view, form_words.flaw_words(saved[0].flaw)))

    def _open(self, client: AsyncWebClient, trigger: str, person: Person, say: Say) -> None:
        self.tasks.start(self._opened(client, trigger, person, say), "open the form of courts")

    async def _opened(self, client: AsyncWebClient, trigger: str, person: Person, say: Say) -> None:
        """Open the form if the store is quick, else a view that the form replaces."""
        finding = asyncio.ensure_future(self._form(person))
        await asyncio.wait({finding}, timeout=OPEN_WITHIN)
        ready = finding.done()
        try:
            shown = finding.result() if ready else form.loading_view(form_words.FORM_LOADING)
            opened = await open_view(client, trigger, shown)
        except SLACK_FAULTS as error:
            finding.cancel()
            log.warning("the form of courts was not opened: %s", describe(error))
            await say(messages.late_message(slack_code(error)))
            return
        if not ready:
            await _update(client, opened["view"]["id"], await finding)

    async def _form(self, person: Person) -> form.View:
        """The person's form, or why there is none."""
        try:
            return form.watch_view(await self.watching.sheet(person))
        except Exception as error:  # whatever it is, it is said where the person waits
            title, paragraphs = faults(error)
            return form.note_view(title, paragraphs)

    async def _remind(self, person: Person) -> Message:
        return messages.remind_message(await self.watching.sheet(person), self._may_link)

    async def _watch(self, person: Person, text: str) -> Message:
        court = self.courts.court(text)
        if court is None:
            return messages.unclear_message(text[:80], self.courts.search(text, NEAR))
        return await self._watched(person, court.id)

    async def _watched(self, person: Person, court: str) -> Message:
        sheet = await self.watching.watch(person, court, on=True)
        found = self.courts.court_by_id(court)
        watched = sheet.watched(found.id) if sheet is not None and found is not None else None
        if sheet is None or watched is None:
            return messages.unclear_message(court[:80], ())
        return messages.watching_message(watched, sheet, self._may_link)

    async def _unwatched(self, person: Person, court: str) -> Message:
        found = self.courts.court_by_id(court)
        if found is None or await self.watching.watch(person, court, on=False) is None:
            return messages.unclear_message(court[:80], ())
        return messages.unwatched_message(found)

    def _may_link(self, court: Court) -> bool:
        return self.courts.hindrance(court) is None


async def _refuse(ack: AsyncAck, view: Body, problems: Sequence[WatchProblem]) -> None:
    """Say beside the fields what is wrong; in the form's place where it has none of these fields."""
    errors = form.field_errors(view, problems)
    if errors:
        await ack(response_action="errors", errors=errors)
        return
    said = (form_words.NOT_TAKEN, *(form_words.flaw_words(one.flaw) for one in problems))
    await ack(response_action="update", view=form.note_view(form_words.NOT_TAKEN_TITLE, said))


async def _update(client: AsyncWebClient, view_id: str, view: form.View) -> None:
    """Put `view` in the place of an open one; one that was closed meanwhile is left closed."""
    try:
        await client.views_update(view_id=view_id, view=view)
    except SLACK_FAULTS as error:
        log.info("the form of courts was not updated: %s", describe(error))


def _saved_view(sheet: WatchSheet) -> form.View:
    shown = words.saved_words(sheet)
    return form.note_view(shown.title, shown.paragraphs)
