"""The two questions of an attempt, and its Cancel button: every press is checked to be the person's own.

A button's value names the attempt and the question by opaque ids that grant nothing: the service decides by the person
whom Slack's signed payload names (design, promise 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.attempts.attempt import AttemptId, AttemptView, QuestionNumber
from bot.linker.values import ConfirmAnswer, NoPasscode, PasscodeQuestion
from bot.people import Person
from bot.service import Answered, Field, Flaw, Service
from bot.service.pages import Intake
from bot.words import answered_words
from bot.words import form as form_words
from bot.words.page_link import PASSCODE_NOT_HERE
from handlers.slack import form
from handlers.slack.blocks import note
from handlers.slack.client import open_view
from handlers.slack.people import person_of
from handlers.slack.progress import CANCEL, ENTER_PASSCODE, LINK_IT, NO_PASSCODE, STOP
from handlers.slack.tasks import Tasks
from handlers.slack.trouble import SLACK_FAULTS, describe, log, place_of, say_to, slack_code

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Questions:
    """The listeners of questions, over one service."""

    service: Service
    tasks: Tasks
    intake: Intake = Intake.MODAL

    def register(self, app: AsyncApp) -> None:
        """Add the listeners."""
        app.action(LINK_IT)(self.confirmed)
        app.action(STOP)(self.stopped)
        app.action(ENTER_PASSCODE)(self.passcode_wanted)
        app.view(form.PASSCODE_FORM)(self.passcode_sent)
        app.action(NO_PASSCODE)(self.no_passcode)
        app.action(CANCEL)(self.cancelled)

    async def confirmed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Take the press of "These are mine - link them": the only thing that lets the final Submit be sent."""
        await ack()
        await self._confirm(body, client, link=True)

    async def stopped(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Take the press of "Stop"."""
        await ack()
        await self._confirm(body, client, link=False)

    async def no_passcode(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Take the press of "I have no passcode": the attempt ends, and nothing is sent again."""
        await ack()
        attempt, number = named(body["actions"][0].get("value", ""))
        outcome = await self.service.answer(person_of(body), attempt, number, NoPasscode())
        if outcome is not Answered.TAKEN:
            self._say(body, client, answered_words(outcome))

    async def passcode_wanted(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the small form for the passcode, if the question is still open."""
        await ack()
        attempt, number = named(body["actions"][0].get("value", ""))
        view = await self.service.attempt(person_of(body), attempt)
        if view is None or not _still_asks(view, number):
            self._say(body, client, _gone(view))
            return
        if self.intake is Intake.PAGE:  # a message from before the firm wanted it so
            self._say(body, client, PASSCODE_NOT_HERE)
            return
        self.tasks.start(self._open(body, client, form.passcode_view(attempt, number)), "open the passcode form")

    async def passcode_sent(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """Hand the passcode over; a wrong shape stays in the form, anything else closes it or says why not."""
        if self.intake is Intake.PAGE:  # a form from before the firm wanted it so, or one that we never showed
            await ack(response_action="update", view=form.note_view(form_words.ANSWER_TITLE, (PASSCODE_NOT_HERE,)))
            return
        attempt, number = named(view["private_metadata"])
        answer = form.read_passcode(view)
        outcome = await self.service.answer(person_of(body), attempt, number, answer)
        match outcome:
            case Answered.TAKEN:
                await ack()
            case Answered.PASSCODE_SHAPE:
                words = form_words.flaw_words(Field.PASSCODE, Flaw.PASSCODE_SHAPE)
                await ack(response_action="errors", errors={form.input_block(view, Field.PASSCODE): words})
            case _:
                note_view = form.note_view(form_words.ANSWER_TITLE, (answered_words(outcome),))
                await ack(response_action="update", view=note_view)

    async def cancelled(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Stop one attempt of the person who pressed; the attempt's own message then says how it ended."""
        await ack()
        person = person_of(body)
        attempt = AttemptId(str(body["actions"][0].get("value", "")))
        if not await self.service.cancel(person, attempt):
            known = await self.service.attempt(person, attempt)
            self._say(body, client, form_words.ANSWER_NOT_YOURS if known is None else form_words.CANCEL_TOO_LATE)

    async def _confirm(self, body: Body, client: AsyncWebClient, *, link: bool) -> None:
        person: Person = person_of(body)
        attempt, number = named(body["actions"][0].get("value", ""))
        outcome = await self.service.answer(person, attempt, number, ConfirmAnswer(link))
        if outcome is not Answered.TAKEN:
            self._say(body, client, answered_words(outcome))

    def _say(self, body: Body, client: AsyncWebClient, words: str) -> None:
        place = place_of(body)
        if place is not None:
            said = note(form_words.ANSWER_TITLE, (words,))
            self.tasks.start(say_to(client, *place, said), "answer a button")

    async def _open(self, body: Body, client: AsyncWebClient, view: form.View) -> None:
        try:
            await open_view(client, str(body["trigger_id"]), view)
        except SLACK_FAULTS as error:
            log.warning("a passcode form was not opened: %s", describe(error))
            self._say(body, client, form_words.not_opened_words(slack_code(error), form_words.PASSCODE_LATE))


def named(value: str) -> tuple[AttemptId, QuestionNumber]:
    """Return the attempt and the question that a button or a form names; what is no number names no question."""
    attempt, _, number = value.rpartition(":")
    return AttemptId(attempt), QuestionNumber(int(number) if number.isascii() and number.isdigit() else 0)


def _still_asks(view: AttemptView, number: QuestionNumber) -> bool:
    asked = view.open_question
    return asked is not None and asked.number == number and isinstance(asked.question, PasscodeQuestion)


def _gone(view: AttemptView | None) -> str:
    if view is None:
        return form_words.ANSWER_NOT_YOURS
    return form_words.ANSWER_GONE if view.ended else form_words.QUESTION_GONE
