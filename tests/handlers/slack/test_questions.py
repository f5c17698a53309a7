"""The passcode, the verify question and Cancel: answered by their own person, told when it is too late."""

from __future__ import annotations

import pytest

from bot.attempts.attempt import Answered, AttemptId
from bot.errors import Code
from bot.linker.values import Comparison, ConfirmAnswer, ConfirmQuestion, PasscodeQuestion, Step, Told
from bot.sandbox.slack import Fault, PretendMessage
from bot.words.progress import NOT_HERE
from tests.handlers.slack.stage import ANNA, BEN, Stage

MINE = "These are mine - link them"


async def asked(stage: Stage, comparison: Comparison = Comparison.AGREE) -> tuple[AttemptId, PretendMessage]:
    """Start an attempt and let it show both accounts."""
    view = await stage.started()
    await stage.service.ask(view.id, ConfirmQuestion("Anna Smith <b>", "asmith & co", comparison))
    [message] = await stage.slack.wait_for(lambda: [m for m in stage.slack.direct(ANNA) if "Stop" in m.buttons])
    return view.id, message


async def test_both_accounts_are_shown_exactly_as_the_court_shows_them(stage: Stage) -> None:
    _, message = await asked(stage)
    assert "CM/ECF account, as the court shows it:\nAnna Smith <b>" in message.shown
    assert "PACER account, as the court shows it:\nasmith & co" in message.shown


@pytest.mark.parametrize(
    ("comparison", "buttons", "primary"),
    [
        (Comparison.AGREE, [MINE, "Stop"], MINE),
        (Comparison.UNCLEAR, ["Stop", MINE], ""),
        (Comparison.DIFFER, ["Stop"], "Stop"),
    ],
)
async def test_which_way_is_open_depends_on_how_the_names_compare(
    stage: Stage, comparison: Comparison, buttons: list[str], primary: str
) -> None:
    _, message = await asked(stage, comparison)
    assert message.buttons == buttons
    row = next(block for block in message.blocks if block["type"] == "actions")
    assert [one["text"]["text"] for one in row["elements"] if one.get("style") == "primary"] == (
        [primary] if primary else []
    )


async def test_accounts_that_cannot_be_shown_here_cannot_be_linked_from_here(stage: Stage) -> None:
    """Drawn by a replica that knows how they compare and not what they are (promise 3)."""
    view = await stage.started()
    await stage.service.ask(view.id, ConfirmQuestion("", "", Comparison.AGREE, here=False))
    [message] = await stage.slack.wait_for(lambda: [m for m in stage.slack.direct(ANNA) if "Stop" in m.buttons])
    assert message.buttons == ["Stop"]
    assert NOT_HERE in message.shown
    assert "as the court shows it" not in message.shown


@pytest.mark.parametrize(("button", "link"), [(MINE, True), ("Stop", False)])
async def test_a_press_is_the_answer(stage: Stage, button: str, link: bool) -> None:
    attempt, message = await asked(stage)
    reply = await stage.slack.press(message, button)
    assert (reply.status, reply.text) == (200, "")
    [(person, named, number, answer)] = stage.service.answers
    assert (person.id, named, number, answer) == (ANNA, attempt, 1, ConfirmAnswer(link))


async def test_another_persons_press_does_nothing_and_is_told(stage: Stage) -> None:
    _, message = await asked(stage)
    await stage.slack.press(message, MINE, by=BEN)
    await stage.slack.wait_for(lambda: stage.slack.messages(BEN))
    assert stage.service.answers == []


@pytest.mark.parametrize("outcome", [Answered.ALREADY_ANSWERED, Answered.TOO_LATE])
async def test_a_late_press_is_answered_in_words(stage: Stage, outcome: Answered) -> None:
    _, message = await asked(stage)
    stage.service.outcome = outcome
    await stage.slack.press(message, MINE)
    said = await stage.slack.wait_for(lambda: [m for m in stage.slack.messages(ANNA) if m.ephemeral])
    assert said[0].text


async def test_a_button_of_an_attempt_that_ended_is_answered_in_words(stage: Stage) -> None:
    attempt, message = await asked(stage)
    old = message.button("Stop")
    await stage.service.end(attempt, Code.TIMED_OUT)
    await stage.slack.wait_for(lambda: "Stop" not in message.buttons)
    stage.service.outcome = Answered.TOO_LATE
    await stage.slack.act(ANNA, old, message)
    await stage.slack.wait_for(lambda: [m for m in stage.slack.messages(ANNA) if m.ephemeral])


async def test_the_passcode_is_asked_by_a_button_that_opens_a_small_form(stage: Stage) -> None:
    view = await stage.started()
    await stage.service.ask(view.id, PasscodeQuestion())
    [message] = await stage.slack.wait_for(
        lambda: [m for m in stage.slack.direct(ANNA) if "Enter the passcode" in m.buttons]
    )
    await stage.slack.press(message, "Enter the passcode")
    small = await stage.slack.wait_for(lambda: stage.slack.open_view(ANNA))
    assert "change every 30 seconds" in small.shown
    assert small.view["private_metadata"] == f"{view.id}:1"
    assert len(list(small.inputs())) == 1
    await stage.slack.submit(small, {"passcode": " 424242"})
    assert stage.service.passcodes() == ["424242"]
    assert stage.slack.open_view(ANNA) is None


async def test_a_passcode_of_the_wrong_shape_stays_in_the_form(stage: Stage) -> None:
    view = await stage.started()
    await stage.service.ask(view.id, PasscodeQuestion())
    [message] = await stage.slack.wait_for(
        lambda: [m for m in stage.slack.direct(ANNA) if "Enter the passcode" in m.buttons]
    )
    await stage.slack.press(message, "Enter the passcode")
    small = await stage.slack.wait_for(lambda: stage.slack.open_view(ANNA))
    stage.service.outcome = Answered.PASSCODE_SHAPE
    await stage.slack.submit(small, {"passcode": "x"})
    assert "Type the 6 digits" in small.errors["PACER passcode"]
    stage.service.outcome = Answered.TOO_LATE
    await stage.slack.submit(small, {"passcode": "424242"})
    assert small.title == "Link CM/ECF to PACER"
    assert not list(small.inputs())


async def test_a_passcode_button_that_is_no_longer_needed_is_answered_in_words(stage: Stage) -> None:
    view = await stage.started()
    await stage.service.ask(view.id, PasscodeQuestion())
    [message] = await stage.slack.wait_for(
        lambda: [m for m in stage.slack.direct(ANNA) if "Enter the passcode" in m.buttons]
    )
    old = message.button("Enter the passcode")
    await stage.service.tell(view.id, Told(Step.MENU))
    await stage.slack.act(ANNA, old, message)
    await stage.shows("This question is no longer open")
    await stage.service.end(view.id, Code.TIMED_OUT)
    await stage.slack.act(ANNA, old, message)
    await stage.shows("This attempt has ended, so the button has nothing to do any more")
    await stage.slack.act(BEN, old, message)
    await stage.shows("does not know as yours", BEN)
    assert stage.slack.open_view(ANNA) is None


async def test_a_passcode_form_that_could_not_be_opened_is_said(stage: Stage) -> None:
    view = await stage.started()
    await stage.service.ask(view.id, PasscodeQuestion())
    [message] = await stage.slack.wait_for(
        lambda: [m for m in stage.slack.direct(ANNA) if "Enter the passcode" in m.buttons]
    )
    stage.slack.fault("views.open", Fault(error="expired_trigger_id"))
    await stage.slack.press(message, "Enter the passcode")
    await stage.shows('Press "Enter the passcode" again')


async def test_cancel_stops_the_attempt_until_the_final_submit_is_sent(stage: Stage) -> None:
    view = await stage.started()
    [message] = stage.slack.direct(ANNA)
    cancel = message.button("Cancel this attempt")
    await stage.service.tell(view.id, Told(Step.SUBMIT))
    await stage.slack.wait_for(lambda: not message.buttons)
    await stage.slack.act(ANNA, cancel, message)
    await stage.shows("This attempt could not be stopped")
    await stage.slack.act(BEN, cancel, message)
    await stage.shows("does not know as yours", BEN)


async def test_cancel_on_a_running_attempt_ends_it(stage: Stage) -> None:
    view = await stage.started()
    [message] = stage.slack.direct(ANNA)
    await stage.slack.press(message, "Cancel this attempt")
    assert stage.service.views[view.id].ended
    await stage.slack.wait_for(lambda: "Cancel this attempt" not in message.buttons)


@pytest.mark.parametrize("value", ["", "attempt1", "attempt1:", "attempt1:x", "attempt1:²", "a:b:c:-1", ":1"])
async def test_a_button_with_a_strange_value_does_nothing(stage: Stage, value: str) -> None:
    _, message = await asked(stage)
    stage.service.outcome = Answered.TOO_LATE
    reply = await stage.slack.act(ANNA, {**message.button("Stop"), "value": value}, message)
    assert reply.status == 200
    assert all(number == 0 or not named for _, named, number, _ in stage.service.answers)
