"""`/link-ecf`: the command, the form, and what happens when the form is sent. Translate, never decide.

Slack waits 3 seconds for an acknowledgement, and a trigger opens one view within 3 seconds. So each listener
acknowledges without awaiting Slack, and opening the form is the first thing that its task does (slack.md sections 1.2
and 1.6).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.attempts.attempt import AttemptView
from bot.courts.court import Court
from bot.errors import Code
from bot.people import Person
from bot.service import Problem, Service, Started
from bot.service.pages import Intake
from bot.words import by_hand, cancelled_words, hindrance_words, result_words
from bot.words import form as form_words
from bot.words.page_link import NOT_HERE
from bot.words.watching import BUTTON_WATCH
from handlers.slack import form
from handlers.slack.blocks import OPTIONS_LIMIT, Button, Message, note
from handlers.slack.client import may_answer_at, open_view
from handlers.slack.messenger import SlackMessenger
from handlers.slack.notice_actions import WATCH_COURT
from handlers.slack.page_views import intake_view
from handlers.slack.people import person_of
from handlers.slack.progress import OPEN_FORM
from handlers.slack.reminders import Reminders
from handlers.slack.tasks import Tasks
from handlers.slack.trouble import SLACK_FAULTS, describe, log, place_of, say_at, say_to, slack_code

COMMAND = "/link-ecf"
CHOICES = 25
NEAR = 3
AT_ONCE = 0.03
"""Seconds for which an answer may hold the acknowledgement back; what takes longer is said after it."""

Body = dict[str, Any]
Said = Callable[[Message], Any]


@dataclass(frozen=True, slots=True)
class Link:
    """The listeners of linking, over one service."""

    service: Service
    messenger: SlackMessenger
    tasks: Tasks
    reminders: Reminders | None = None
    """Takes `/link-ecf watch` and `/link-ecf remind`, where dates are kept."""
    intake: Intake = Intake.MODAL

    def register(self, app: AsyncApp) -> None:
        """Add the listeners, those that are used most first: Bolt tries them one after the other."""
        app.options(form.COURT_ACTION)(self.choices)
        app.command(COMMAND)(self.command)
        app.view(form.LINK_FORM)(self.submitted)
        app.action(form.COURT_ACTION)(self.court_chosen)
        app.action(OPEN_FORM)(self.asked_for_form)

    async def choices(self, ack: AsyncAck, payload: Body) -> None:
        """Answer the type-ahead of the court field, from memory."""
        courts = self.service.search(str(payload.get("value", "")), CHOICES)
        await ack(options=[form.court_choice(court) for court in courts[:OPTIONS_LIMIT]])

    async def command(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Answer `/link-ecf [court] | status | cancel | watch | remind | help`."""
        person, text = person_of(body), str(body.get("text", "")).strip()
        url = str(body.get("response_url", ""))
        self.messenger.heard(person, url)
        if self.reminders is not None and self.reminders.takes(text):
            await self.reminders.command(ack, body, client)
            return
        match text.casefold():
            case "help":
                said = help_message()
            case "status":
                await self._answer_soon(ack, client, url, self._status(person))
                return
            case "cancel":
                await self._answer_soon(ack, client, url, self._cancel(person))
                return
            case _:
                court = self.service.court(text) if text else None
                refusal = self._hindered(court)
                if refusal is None:
                    notes = self._notes(text) if court is None and text else ()
                    self._open(client, str(body["trigger_id"]), court, notes, lambda late: say_at(client, url, late))
                    await ack()
                    return
                said = refusal
        await ack(text=said.text, blocks=list(said.blocks), response_type="ephemeral")

    async def _status(self, person: Person) -> Message:
        return status_message(await self.service.attempts(person))

    async def _cancel(self, person: Person) -> Message:
        return cancel_message(await self.service.cancel(person))

    async def _answer_soon(self, ack: AsyncAck, client: AsyncWebClient, url: str, work: Awaitable[Message]) -> None:
        """Answer with the acknowledgement where that takes no time; else acknowledge first and answer when it is known.

        Slack waits three seconds for an acknowledgement, and a busy store is no reason to let it wait at all.
        """
        finding = asyncio.ensure_future(work)
        later = may_answer_at(url, client.base_url)
        await asyncio.wait({finding}, timeout=AT_ONCE if later else None)
        if not later or finding.done():
            said = await finding
            await ack(text=said.text, blocks=list(said.blocks), response_type="ephemeral")
            return

        async def answer() -> None:
            await say_at(client, url, await finding)

        await ack()
        self.tasks.start(answer(), "answer a command")

    async def asked_for_form(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open a form, empty but for the court, from the button of a result or a note."""
        await ack()
        court = self.service.court_by_id(str(body["actions"][0].get("value", "")))
        place = place_of(body)

        async def here(said: Message) -> None:
            if place is not None:
                await say_to(client, *place, said)

        refusal = self._hindered(court)
        if refusal is None:
            self._open(client, str(body["trigger_id"]), court, (), here)
        else:
            self.tasks.start(here(refusal), "say why not")

    async def court_chosen(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Show the caution of the court that was just chosen, or why nobody can link there now.

        The view is built anew from its id and the court alone: nothing typed is read here, and Slack keeps it in place.
        """
        await ack()
        view = body["view"]
        court = self.service.court_by_id(form.chosen_court(view))
        self.tasks.start(
            self._update(client, view, self._view(view["private_metadata"], court)), "show the court's caution"
        )

    async def submitted(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """Check the form; say beside the fields what is wrong, or start the attempt and close."""
        if self.intake is Intake.PAGE:  # a form from before the firm wanted it so, or one that we never showed
            await ack(response_action="update", view=self._view(form.new_form_id(), None, (NOT_HERE,)))
            return
        sent = form.read_link_form(view)
        problems: Sequence[Problem] = self.service.check(sent)
        if not problems:
            started = await self.service.start(person_of(body), sent)
            if not isinstance(started, Sequence):
                await self._begun(ack, started)
                return
            problems = started
        errors = form.field_errors(view, problems)
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        # The box that is missing belongs to a court whose caution this form does not show yet: show it now.
        court = self.service.court_by_id(form.chosen_court(view))
        notes = [form_words.flaw_words(one.field, one.flaw) for one in problems] + [form_words.NOTHING_SENT]
        await ack(response_action="update", view=self._view(view["private_metadata"], court, notes))

    async def _begun(self, ack: AsyncAck, started: Started) -> None:
        """Close the form; the service shows the attempt. Say so where one was running already."""
        if not started.joined:
            await ack(response_action="clear")
            return
        said = form_words.started_words(started.view.court, joined=True)
        await ack(response_action="update", view=form.note_view(form_words.STATUS_TITLE, (said,)))

    def _view(self, form_id: str, court: Court | None, notes: Sequence[str] = ()) -> form.View:
        """The form for `court`; a court where nobody can link now is said above it, and stays to be changed."""
        if court is None:
            return intake_view(self.intake, form_id, notes=notes)
        code = self.service.hindrance(court)
        if code is not None:
            shown = hindrance_words(code, court)
            notes = (*notes, shown.title, *shown.paragraphs)
        return intake_view(self.intake, form_id, court, self.service.caution(court), notes)

    def _hindered(self, court: Court | None) -> Message | None:
        """What to say in place of a form that cannot work, with a button for another court."""
        code = self.service.hindrance(court) if court is not None else None
        if court is None or code is None:
            return None
        shown = hindrance_words(code, court)
        road = by_hand(court).paragraphs if code is Code.LINKING_OFF else ()
        other = Button(form_words.BUTTON_OTHER_COURT, OPEN_FORM, "any")
        waits = code is Code.NOT_LIVE and self.reminders is not None
        watch = (Button(BUTTON_WATCH, WATCH_COURT, court.id),) if waits else ()
        return note(shown.title, (*shown.paragraphs, *road), *watch, other)

    def _notes(self, text: str) -> tuple[str, ...]:
        return (form_words.unclear_court_words(text[:80], tuple(self.service.search(text, NEAR))),)

    def _open(self, client: AsyncWebClient, trigger: str, court: Court | None, notes: Sequence[str], say: Said) -> None:
        view = self._view(form.new_form_id(), court, notes)
        self.tasks.start(_open_view(client, trigger, view, court, say), "open the form")

    async def _update(self, client: AsyncWebClient, old: Body, view: form.View) -> None:
        """Change the open form; a form that was changed or closed meanwhile is left as it is."""
        try:
            await client.views_update(view_id=old["id"], hash=old["hash"], view=view)
        except SLACK_FAULTS as error:
            log.info("a form was not updated: %s", describe(error))


async def _open_view(client: AsyncWebClient, trigger: str, view: form.View, court: Court | None, say: Said) -> None:
    """Open a form; where it is too late, say so with a button that carries a fresh trigger."""
    try:
        await open_view(client, trigger, view)
    except SLACK_FAULTS as error:
        log.warning("a form was not opened: %s", describe(error))
        again = Button(form_words.BUTTON_FORM, OPEN_FORM, str(court.id) if court else "any", "primary")
        why = form_words.not_opened_words(slack_code(error), form_words.FORM_LATE)
        await say(note(form_words.FORM_LATE_TITLE, (why,), again))


def help_message() -> Message:
    """Return what `/link-ecf help` shows."""
    commands = "\n".join(f"{command} - {what}" for command, what in form_words.HELP)
    opening = Button(form_words.BUTTON_FORM, OPEN_FORM, "any", "primary")
    return note(form_words.HELP_TITLE, (*form_words.HELP_PARAGRAPHS, commands), opening)


def status_message(attempts: Sequence[AttemptView]) -> Message:
    """Return what `/link-ecf status` shows: one line for each attempt, running or ended."""
    lines = [_status_line(one) for one in attempts[:20]] or [form_words.STATUS_NONE]
    return note(form_words.STATUS_TITLE, lines)


def _status_line(view: AttemptView) -> str:
    if view.result is not None:
        state = result_words(view.result, view.court).title
    else:
        state = form_words.STATUS_WAITS if view.open_question else form_words.STATUS_RUNNING
    return f"{view.court.name}: {state}. Incident id: {view.incident}"


def cancel_message(stopped: Sequence[AttemptView]) -> Message:
    """Return what `/link-ecf cancel` shows."""
    names = "; ".join(one.court.name for one in stopped)
    return note(form_words.STATUS_TITLE, (cancelled_words(len(stopped)), names))
