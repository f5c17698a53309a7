"""From a question in Slack to the firm's own page, and why nobody else gets there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.errors import Code
from bot.linker.values import Comparison, ConfirmAnswer, ConfirmQuestion, PasscodeAnswer, PasscodeQuestion
from bot.sandbox.slack import PretendSlack
from bot.secret import Secret
from bot.service import Answered
from bot.service.pages import Gone, GoneReason, Intake, QuestionPage
from bot.store import Store
from tests.handlers.slack.page_stage import ANSWER, VISIT, Paged, Way, paged, way_in
from tests.handlers.slack.stage import ANNA, BEN, Everything, person

MINE, STOP, PASSCODE, CANCEL = "These are mine - link them", "Stop", "Enter the passcode", "Cancel this attempt"
BOTH_SHOWN = ConfirmQuestion("Anna Smith", "asmith", Comparison.AGREE)


@pytest.fixture
async def both(slack: PretendSlack, store: Store) -> AsyncIterator[Paged]:
    """Answers in the chat or on the page."""
    async with paged(slack, store, Intake.BOTH) as made:
        yield made


async def pressed(made: Paged) -> Way:
    """Ask Anna, press the button, and return the link she is shown."""
    message = await made.asked(PasscodeQuestion(), ANSWER)
    await made.slack.press(message, ANSWER)
    said = await made.beside()
    return way_in(said.blocks, said.shown)


@pytest.mark.parametrize(
    ("intake", "comparison", "buttons"),
    [
        (Intake.MODAL, None, [PASSCODE, CANCEL]),
        (Intake.BOTH, None, [PASSCODE, ANSWER, CANCEL]),
        (Intake.PAGE, None, [ANSWER, CANCEL]),
        (Intake.MODAL, Comparison.AGREE, [MINE, STOP]),
        (Intake.BOTH, Comparison.AGREE, [MINE, STOP, ANSWER]),
        (Intake.BOTH, Comparison.UNCLEAR, [STOP, MINE, ANSWER]),
        (Intake.PAGE, Comparison.AGREE, [MINE, STOP, ANSWER]),
        (Intake.BOTH, Comparison.DIFFER, [STOP]),
    ],
)
async def test_which_buttons_a_question_has(
    slack: PretendSlack, store: Store, intake: Intake, comparison: Comparison | None, buttons: list[str]
) -> None:
    async with paged(slack, store, intake) as made:
        question = PasscodeQuestion() if comparison is None else ConfirmQuestion("Anna", "asmith", comparison)
        message = await made.asked(question, buttons[0])
        assert message.buttons == buttons


async def test_the_link_is_shown_to_its_person_alone_and_answers_the_question(both: Paged, log: Everything) -> None:
    way = await pressed(both)
    said = await both.beside()
    assert "is open for ten minutes, until " in said.shown
    assert way.token not in said.text
    assert way.code not in said.text
    assert isinstance(await both.pages.look(way.token), QuestionPage)
    given = PasscodeAnswer(Secret("123456"))
    assert await both.pages.send_answer(way.token, way.code, given) is Answered.TAKEN
    assert both.service.answers == [(person(ANNA), "attempt1", 1, given)]
    await both.slack.press(said, VISIT)
    assert log.said(way.token, way.code) == []
    assert both.slack.messages(BEN) == []


async def test_both_accounts_can_be_judged_on_the_page(both: Paged) -> None:
    message = await both.asked(BOTH_SHOWN, ANSWER)
    await both.slack.press(message, ANSWER)
    said = await both.beside()
    way = way_in(said.blocks, said.shown)
    page = await both.pages.look(way.token)
    assert isinstance(page, QuestionPage)
    assert page.question == BOTH_SHOWN
    assert await both.pages.send_answer(way.token, way.code, ConfirmAnswer(True)) is Answered.TAKEN


async def test_another_persons_press_gets_words_and_no_link(both: Paged) -> None:
    message = await both.asked(PasscodeQuestion(), ANSWER)
    await both.slack.press(message, ANSWER, by=BEN)
    said = await both.beside(BEN)
    assert "it is not yours to answer" in said.shown
    assert VISIT not in said.buttons


@pytest.mark.parametrize("value", ["attempt1:2", "attempt1:", "attempt1", "", "another:1", "attempt1:1:1"])
async def test_a_forged_button_gets_words_and_no_link(both: Paged, value: str) -> None:
    message = await both.asked(PasscodeQuestion(), ANSWER)
    press = {**message.button(ANSWER), "value": value}
    await both.slack.act(ANNA, press, message)
    said = await both.beside()
    assert "This question is not open any more" in said.shown
    assert said.buttons == []


async def test_an_old_button_gets_words_and_an_open_page_is_over(both: Paged) -> None:
    way = await pressed(both)
    message = await both.slack.wait_for(lambda: both.slack.direct(ANNA)[0])
    old = message.button(ANSWER)
    await both.service.end(list(both.service.views)[-1], Code.TIMED_OUT)
    await both.slack.wait_for(lambda: ANSWER not in message.buttons)
    assert await both.pages.look(way.token) == Gone(GoneReason.OVER)
    await both.slack.act(ANNA, old, message)
    await both.slack.wait_for(
        lambda: [one for one in both.slack.messages(ANNA) if "This question is not open any more" in one.shown]
    )


async def test_with_page_an_older_message_opens_no_form_for_the_passcode(slack: PretendSlack, store: Store) -> None:
    async with paged(slack, store, Intake.PAGE) as made:
        message = await made.asked(PasscodeQuestion(), ANSWER)
        old = {**message.button(ANSWER), "action_id": "enter_passcode"}
        await made.slack.act(ANNA, old, message)
        said = await made.beside()
        assert "type the passcode on its own page" in said.shown
        assert made.slack.open_view(ANNA) is None
