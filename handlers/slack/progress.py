"""How one attempt looks in its person's direct messages: the steps, the question, or how it ended."""

from __future__ import annotations

from bot.attempts.attempt import AttemptView, OpenQuestion
from bot.errors import GOOD, Code
from bot.linker.values import Comparison, ConfirmQuestion, Question, Result
from bot.service.pages import Intake
from bot.words import form as form_words
from bot.words import progress_words, question_words, result_words, step_words
from bot.words.watching import BUTTON_WATCH
from handlers.slack.blocks import Block, Button, Message, buttons, exact, header, message, section, small
from handlers.slack.notice_actions import WATCH_COURT
from handlers.slack.page_views import answer_there

LINK_IT = "confirm_link"
STOP = "confirm_stop"
ENTER_PASSCODE = "enter_passcode"
NO_PASSCODE = "no_passcode"
CANCEL = "cancel_attempt"
OPEN_FORM = "open_form"

_ANY_COURT = GOOD | {Code.COURT_UNSUPPORTED, Code.LINKING_OFF, Code.NOT_LIVE}
"""Endings after which the same form would not help: the next button opens it without a court."""


def attempt_message(view: AttemptView, intake: Intake = Intake.MODAL) -> Message:
    """Return the one message of an attempt as it now is; `intake` says where its questions may be answered."""
    if view.result is not None:
        return _ended(view, view.result)
    if view.open_question is not None:
        return _asking(view, view.open_question, intake)
    return _running(view)


def _running(view: AttemptView) -> Message:
    shown = progress_words(view.court)
    last = {one.step: step_words(one, view.court) for one in view.told}  # a place in the queue is told again and again
    lines = list(last.values()) or [form_words.started_words(view.court, joined=False)]
    blocks: list[Block] = [header(shown.title), *(small(one) for one in shown.paragraphs)]
    if lines[:-1]:
        blocks.append(section("\n".join(f"Done: {line}" for line in lines[:-1])))
    blocks.append(section(f"Now: {lines[-1]}"))
    if not view.submitted:
        blocks.append(buttons("running", Button(form_words.BUTTON_CANCEL, CANCEL, view.id)))
    return message(f"{shown.title}\nNow: {lines[-1]}", [*blocks, _incident(view)])


def _asking(view: AttemptView, open_question: OpenQuestion, intake: Intake) -> Message:
    shown = question_words(open_question.question, view.court)
    blocks: list[Block] = [header(shown.title), *(section(one) for one in shown.paragraphs)]
    if isinstance(open_question.question, ConfirmQuestion) and open_question.question.here:
        blocks += _both_accounts(open_question.question)
    blocks.append(buttons("question", *_answers(open_question.question, f"{view.id}:{open_question.number}", intake)))
    return message(shown.text, [*blocks, _incident(view)])


def _both_accounts(question: ConfirmQuestion) -> list[Block]:
    """Both accounts in plain text: what a court's page says is shown as it is, and obeyed in nothing."""
    return [
        exact(form_words.FILER_SHOWN, question.filer_shown or form_words.NOT_READABLE),
        exact(form_words.ACCOUNT_SHOWN, question.account_shown or form_words.NOT_READABLE),
    ]


def _answers(question: Question, value: str, intake: Intake) -> tuple[Button, ...]:
    """The buttons of a question. There is no way on without both accounts, or with another PACER name (promise 3)."""
    there: tuple[Button, ...] = () if intake is Intake.MODAL else (answer_there(value),)
    if not isinstance(question, ConfirmQuestion):
        cancel = Button(form_words.BUTTON_CANCEL, CANCEL, value.rpartition(":")[0])
        there += () if question.certain else (Button(form_words.BUTTON_NO_PASSCODE, NO_PASSCODE, value),)
        if intake is Intake.PAGE:
            return (answer_there(value, "primary"), *there[1:], cancel)
        return (Button(form_words.BUTTON_PASSCODE, ENTER_PASSCODE, value, "primary"), *there, cancel)
    if not question.may_link:
        return (Button(form_words.BUTTON_STOP, STOP, value, "primary"),)
    link = Button(form_words.BUTTON_LINK, LINK_IT, value, "primary" if question.comparison is Comparison.AGREE else "")
    stop = Button(form_words.BUTTON_STOP, STOP, value)
    return (*((link, stop) if question.comparison is Comparison.AGREE else (stop, link)), *there)


def _ended(view: AttemptView, result: Result) -> Message:
    shown = result_words(result, view.court)
    blocks: list[Block] = [header(shown.title), *(section(one) for one in shown.paragraphs)]
    court = "any" if result.code in _ANY_COURT else str(view.court.id)
    row = [Button(shown.next_label, OPEN_FORM, court)] if shown.next_label else []
    if result.code is Code.NOT_LIVE:
        row.insert(0, Button(BUTTON_WATCH, WATCH_COURT, str(view.court.id)))
    if row:
        blocks.append(buttons("ended", *row))
    return message(shown.text, blocks)  # its last words are the incident id


def _incident(view: AttemptView) -> Block:
    return small(f"{view.court.name}. Incident id: {view.incident}")
