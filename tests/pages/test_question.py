"""The link to a question: the passcode, and "are these yours?", for their person alone and as long as they wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.attempts.attempt import AttemptId, QuestionNumber
from bot.linker.values import Answer, Comparison, ConfirmAnswer, ConfirmQuestion, PasscodeAnswer, PasscodeQuestion
from bot.secret import Secret
from bot.service import Answered, Started
from bot.service.pages import Gone, GoneReason, NoLink, PageLink, QuestionPage, WrongCode
from tests.attempts.stage import ANN, BOB
from tests.pages.stage import COURTS, Desk, token_of, typed, wrong

BOTH = ConfirmQuestion("Ann (attorney)", "Ann Attorney", Comparison.AGREE)


async def asked(desk: Desk, question: PasscodeQuestion | ConfirmQuestion) -> tuple[PageLink, AttemptId, QuestionNumber]:
    """A link to an open question."""
    view, number = await desk.asked(question)
    link = await desk.pages.open_question(ANN, view.id, number)
    assert isinstance(link, PageLink)
    return link, view.id, number


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (PasscodeQuestion(), lambda: PasscodeAnswer(Secret("123456"))),
        (BOTH, lambda: ConfirmAnswer(True)),
        (BOTH, lambda: ConfirmAnswer(False)),
    ],
)
async def test_a_question_is_shown_and_its_answer_taken_once(
    desk: Desk, question: PasscodeQuestion | ConfirmQuestion, answer: Callable[[], Answer]
) -> None:
    link, attempt, _ = await asked(desk, question)
    page = await desk.pages.look(token_of(link))
    assert isinstance(page, QuestionPage)
    assert (page.court, page.question) == (COURTS["gasb"], question)
    assert page.until <= link.until
    assert await desk.pages.send_answer(token_of(link), link.code, answer()) is Answered.TAKEN
    assert (await desk.scene.desk.ended(attempt)).ended
    assert await desk.pages.look(token_of(link)) == Gone(GoneReason.USED)


async def test_a_wrong_code_gives_no_answer_and_is_counted(desk: Desk) -> None:
    link, *_ = await asked(desk, PasscodeQuestion())
    for left in (4, 3, 2, 1):
        given = PasscodeAnswer(Secret("123456"))
        assert await desk.pages.send_answer(token_of(link), wrong(link), given) == WrongCode(left)
        assert given.passcode.spent
    last = PasscodeAnswer(Secret("123456"))
    assert await desk.pages.send_answer(token_of(link), wrong(link), last) == Gone(GoneReason.TOO_MANY_CODES)
    assert await desk.pages.send_answer(token_of(link), link.code, None) == Gone(GoneReason.TOO_MANY_CODES)


@pytest.mark.parametrize("passcode", ["", "12", "123 456"])
async def test_a_passcode_of_the_wrong_shape_leaves_the_link(desk: Desk, passcode: str) -> None:
    link, *_ = await asked(desk, PasscodeQuestion())
    given = PasscodeAnswer(Secret(passcode))
    assert await desk.pages.send_answer(token_of(link), link.code, given) is Answered.PASSCODE_SHAPE
    good = PasscodeAnswer(Secret("123456"))
    assert await desk.pages.send_answer(token_of(link), link.code, good) is Answered.TAKEN


async def test_what_was_answered_in_the_chat_is_over_on_the_page(desk: Desk) -> None:
    link, attempt, number = await asked(desk, BOTH)
    assert await desk.service.answer(ANN, attempt, number, ConfirmAnswer(False)) is Answered.TAKEN
    await desk.scene.desk.ended(attempt)
    assert await desk.pages.look(token_of(link)) == Gone(GoneReason.OVER)
    assert await desk.pages.send_answer(token_of(link), link.code, ConfirmAnswer(True)) == Gone(GoneReason.OVER)
    assert await desk.pages.open_question(ANN, attempt, number) is NoLink.OVER


async def test_nobody_else_gets_a_link_to_a_question(desk: Desk) -> None:
    _, attempt, number = await asked(desk, BOTH)
    assert await desk.pages.open_question(BOB, attempt, number) is NoLink.OVER
    assert await desk.pages.open_question(ANN, attempt, QuestionNumber(number + 1)) is NoLink.OVER
    assert await desk.pages.open_question(ANN, AttemptId("another"), number) is NoLink.OVER


async def test_a_question_link_takes_no_form_and_no_answer_of_another_kind(desk: Desk) -> None:
    link, attempt, _ = await asked(desk, PasscodeQuestion())
    assert await desk.pages.send_form(token_of(link), link.code, typed()) == Gone(GoneReason.UNKNOWN)
    assert not isinstance(await desk.pages.look(token_of(link)), Gone | Started)
    assert await desk.pages.send_answer(token_of(link), link.code, ConfirmAnswer(True)) is Answered.TOO_LATE
    view = await desk.service.attempt(ANN, attempt)
    assert view is not None
    assert view.open_question is not None


async def test_an_expired_link_answers_nothing(desk: Desk) -> None:
    link, attempt, number = await asked(desk, BOTH)
    await desk.expire(link)
    assert await desk.pages.send_answer(token_of(link), link.code, ConfirmAnswer(True)) == Gone(GoneReason.EXPIRED)
    assert await desk.service.answer(ANN, attempt, number, ConfirmAnswer(False)) is Answered.TAKEN


async def test_who_knows_the_code_is_shown_the_question_and_the_link_stays(desk: Desk) -> None:
    link, *_ = await asked(desk, BOTH)
    assert await desk.pages.unlock(token_of(link), wrong(link)) == WrongCode(4)
    for _ in range(2):
        page = await desk.pages.unlock(token_of(link), link.code)
        assert isinstance(page, QuestionPage)
        assert page.question == BOTH
    assert await desk.pages.send_answer(token_of(link), link.code, ConfirmAnswer(True)) is Answered.TAKEN
    assert await desk.pages.unlock(token_of(link), link.code) == Gone(GoneReason.USED)


async def test_unlocking_costs_tries_and_says_nothing_of_what_is_behind(desk: Desk) -> None:
    link, *_ = await asked(desk, BOTH)
    said = [await desk.pages.unlock(token_of(link), wrong(link)) for _ in range(5)]
    assert said == [*(WrongCode(left) for left in (4, 3, 2, 1)), Gone(GoneReason.TOO_MANY_CODES)]
    assert await desk.pages.unlock(token_of(link), link.code) == Gone(GoneReason.TOO_MANY_CODES)
    assert await desk.pages.unlock("no token", link.code) == Gone(GoneReason.UNKNOWN)
