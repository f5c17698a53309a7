"""The desk: joining, answers, stopping, time, the end of the service; every ending gives slot and secrets back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.attempts.attempt import Answered, AttemptId, AttemptView, QuestionNumber
from bot.attempts.desk import Closing
from bot.attempts.pace import Pace
from bot.errors import Code
from bot.linker.values import (
    Comparison,
    ConfirmAnswer,
    ConfirmQuestion,
    PasscodeAnswer,
    PasscodeQuestion,
    Result,
    Step,
)
from bot.people import Platform, WorkspaceId
from bot.secret import Secret
from tests.attempts.stage import ANN, BOB, HandClock, Script, Shown, Walk, court, form, scene, secrets, settle

GASB = court()
CONFIRM = ConfirmQuestion("aattorney", "annattorney", Comparison.AGREE)
ONE = QuestionNumber(1)


async def straight(walk: Walk) -> Result:
    """Front page, and linked."""
    await walk.step(Step.FRONT_PAGE)
    return walk.end()


async def confirming(walk: Walk) -> Result:
    """Ask for the press, then submit and prove."""
    await walk.step(Step.VERIFY)
    answer = await walk.question(CONFIRM)
    if answer is None:
        return walk.end(Code.TIMED_OUT)
    if not (isinstance(answer, ConfirmAnswer) and answer.link):
        return walk.end(Code.STOPPED_BY_PERSON)
    await walk.step(Step.SUBMIT)
    await walk.step(Step.PROOF)
    return walk.end()


async def passcoded(walk: Walk) -> Result:
    """Ask for the passcode."""
    answer = await walk.question(PasscodeQuestion())
    return walk.end(Code.LINKED if answer is not None else Code.PASSCODE_NEEDED)


async def endless(walk: Walk) -> Result:
    """Stand at the sign-on for ever."""
    await walk.step(Step.SIGN_ON)
    await asyncio.get_running_loop().create_future()
    raise AssertionError


async def submitted_for_ever(walk: Walk) -> Result:
    """Send the final Submit and never hear of it."""
    await walk.step(Step.SUBMIT)
    await asyncio.get_running_loop().create_future()
    raise AssertionError


async def broken(walk: Walk) -> Result:
    """Fail as no linker should."""
    raise RuntimeError("canary of a page")


async def broken_after_submit(walk: Walk) -> Result:
    """Fail as no linker should, at the worst moment."""
    await walk.step(Step.SUBMIT)
    raise RuntimeError("canary of a page")


async def test_an_attempt_is_shown_and_ends_with_its_result() -> None:
    """The last state is always shown."""
    s = scene(straight)
    opened = await s.desk.start(ANN, form().request(GASB))
    view = await s.desk.ended(opened.view.id)
    await settle()
    assert view.result is not None
    assert view.result.code is Code.LINKED
    assert s.shown[-1] == view
    assert s.desk.running == 0


async def test_a_double_click_joins_the_first() -> None:
    """One attempt per person and court; the second form's passwords are spent, the first one's are not."""
    s = scene(confirming)
    first, second = form().request(GASB), form().request(GASB)
    one, two = await s.desk.start(ANN, first), await s.desk.start(ANN, second)
    await settle()
    assert (one.joined, two.joined) == (False, True)
    assert one.view.id == two.view.id
    assert len(s.linker.walks) == 1
    assert all(secret.spent for secret in secrets(second))
    assert not any(secret.spent for secret in secrets(first))
    await s.desk.cancel(ANN)
    await settle()


async def test_another_court_and_another_person_are_other_attempts() -> None:
    """Joining looks at the person and the court."""
    s = scene(confirming)
    ids = {
        (await s.desk.start(ANN, form().request(GASB))).view.id,
        (await s.desk.start(ANN, form().request(court("almb")))).view.id,
        (await s.desk.start(BOB, form().request(GASB))).view.id,
    }
    await settle()
    assert len(ids) == len(s.linker.walks) == 3
    await s.desk.cancel(ANN)
    await s.desk.cancel(BOB)
    await settle()


async def test_two_windows_press_and_the_first_counts() -> None:
    """A second press hears that the question was answered."""
    s = scene(confirming)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await settle()
    assert await s.desk.answer(ANN, attempt, ONE, ConfirmAnswer(True)) is Answered.TAKEN
    assert await s.desk.answer(ANN, attempt, ONE, ConfirmAnswer(False)) is Answered.ALREADY_ANSWERED
    view = await s.desk.ended(attempt)
    assert view.result is not None
    assert view.result.code is Code.LINKED
    assert await s.desk.answer(ANN, attempt, ONE, ConfirmAnswer(False)) is Answered.ALREADY_ANSWERED


async def test_another_persons_answer_does_not_count() -> None:
    """People act for themselves, though they hold the attempt's id."""
    s = scene(confirming)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await settle()
    assert await s.desk.answer(BOB, attempt, ONE, ConfirmAnswer(True)) is Answered.NOT_YOURS
    assert await s.desk.attempt(BOB, attempt) is None
    assert await s.desk.attempts(BOB) == []
    assert await s.desk.cancel(BOB, attempt) == []
    await settle()
    view = await s.desk.attempt(ANN, attempt)
    assert view is not None
    assert view.open_question is not None
    await s.desk.cancel(ANN)
    await settle()


async def test_answers_out_of_time_and_place() -> None:
    """An unknown attempt, a question not asked yet, another kind of answer and an ended attempt are all too late."""
    s = scene(passcoded)
    attempt = (await s.desk.start(ANN, form(passcode=None).request(GASB))).view.id
    await settle()
    late = PasscodeAnswer(Secret("654321"))
    assert await s.desk.answer(ANN, AttemptId("none"), ONE, ConfirmAnswer(True)) is Answered.TOO_LATE
    assert await s.desk.answer(ANN, attempt, QuestionNumber(2), ConfirmAnswer(True)) is Answered.TOO_LATE
    assert await s.desk.answer(ANN, attempt, ONE, ConfirmAnswer(True)) is Answered.TOO_LATE
    await s.desk.cancel(ANN)
    await s.desk.ended(attempt)
    assert await s.desk.answer(ANN, attempt, ONE, late) is Answered.TOO_LATE
    assert late.passcode.spent


async def test_a_passcode_of_the_wrong_shape_leaves_the_question_open() -> None:
    """The person may type it again; what is taken is spent at the end."""
    s = scene(passcoded)
    attempt = (await s.desk.start(ANN, form(passcode=None).request(GASB))).view.id
    await settle()
    assert await s.desk.answer(ANN, attempt, ONE, PasscodeAnswer(Secret("12 34"))) is Answered.PASSCODE_SHAPE
    assert await s.desk.answer(ANN, attempt, ONE, PasscodeAnswer(Secret(""))) is Answered.PASSCODE_SHAPE
    good = Secret("654321")
    assert await s.desk.answer(ANN, attempt, ONE, PasscodeAnswer(good)) is Answered.TAKEN
    await s.desk.ended(attempt)
    assert good.spent


async def test_the_person_stops_it() -> None:
    """The linker is cancelled, so that it can log out, and the result says who stopped."""
    s = scene(endless)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await settle()
    assert [one.id for one in await s.desk.cancel(ANN, attempt)] == [attempt]
    view = await s.desk.ended(attempt)
    assert view.result is not None
    assert view.result.code is Code.STOPPED_BY_PERSON
    assert s.linker.logged_out == 1


async def test_a_stop_before_the_first_step_counts() -> None:
    """A stop that overtakes the start ends the attempt too."""
    s = scene(endless)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    assert await s.desk.cancel(ANN)
    view = await s.desk.ended(attempt)
    assert view.result is not None
    assert view.result.code is Code.STOPPED_BY_PERSON


async def test_past_the_final_submit_nothing_is_stopped() -> None:
    """The Submit is out: stopping would only lose its answer."""
    release = asyncio.Event()

    async def slow_proof(walk: Walk) -> Result:
        await walk.step(Step.SUBMIT)
        await release.wait()
        return walk.end()

    s = scene(slow_proof)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await settle()
    assert await s.desk.cancel(ANN) == []
    release.set()
    view = await s.desk.ended(attempt)
    assert view.result is not None
    assert view.result.code is Code.LINKED


async def test_a_workspace_that_leaves_takes_its_own_attempts_with_it_and_nobody_elses() -> None:
    """Its people's are interrupted before their Submit; the same ids on another platform or workspace run on."""
    s = scene(endless)
    elsewhere = replace(ANN, workspace=WorkspaceId("T2"))
    teams = replace(ANN, platform=Platform.TEAMS)
    for person in (ANN, BOB, elsewhere, teams):
        await s.desk.start(person, form().request(GASB))
    await settle()
    left = s.desk.stop_workspace(Platform.SLACK, ANN.workspace)
    assert {view.person for view in left} == {ANN, BOB}
    ended = [await s.desk.ended(view.id) for view in left]
    assert [view.result.code for view in ended if view.result] == [Code.INTERRUPTED, Code.INTERRUPTED]
    assert s.desk.running == 2
    assert s.desk.stop_workspace(Platform.SLACK, ANN.workspace) == []
    await s.desk.cancel(elsewhere)
    await s.desk.cancel(teams)


async def test_a_stopped_attempt_never_passes_the_final_submit() -> None:
    """Though a linker swallowed its cancellation, the Submit's step is refused to it."""
    reached = []

    async def deaf(walk: Walk) -> Result:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            await walk.step(Step.SUBMIT)
            reached.append(walk)
        return walk.end()

    s = scene(deaf)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await settle()
    await s.desk.cancel(ANN)
    view = await s.desk.ended(attempt)
    assert reached == []
    assert view.result is not None
    assert view.result.code is Code.STOPPED_BY_PERSON


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (endless, Code.TIMED_OUT),
        (confirming, Code.TIMED_OUT),
        (passcoded, Code.PASSCODE_NEEDED),
        (submitted_for_ever, Code.OUTCOME_UNKNOWN),
        (broken, Code.INTERRUPTED),
        (broken_after_submit, Code.OUTCOME_UNKNOWN),
        (straight, Code.LINKED),
    ],
)
async def test_every_ending_frees_the_slot_and_spends_the_secrets(script: Script, code: Code) -> None:
    """Ten minutes are all there is: then the honest code, no slot held, no secret left, nothing running."""
    clock = HandClock()
    pace = Pace(clock)
    s = scene(script, pace=pace, clock=clock)
    request = form().request(GASB)
    attempt = (await s.desk.start(ANN, request)).view.id
    await clock.pass_by(600)
    await clock.pass_by(100)
    view = await s.desk.attempt(ANN, attempt)
    assert view is not None
    assert view.result is not None
    assert view.result.code is code
    assert view.open_question is None
    assert pace.held(GASB.id) == pace.waiting(GASB.id) == 0
    assert all(secret.spent for secret in secrets(request))
    assert s.desk.running == 0
    assert s.shown[-1] == view


async def test_the_time_of_the_person_is_not_the_time_of_the_walk() -> None:
    """At the terminal a walk has 60 seconds; the person may take longer over a question."""
    s = scene(confirming, walking=60.0)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await s.clock.pass_by(300)
    assert await s.desk.answer(ANN, attempt, ONE, ConfirmAnswer(True)) is Answered.TAKEN
    view = await s.desk.ended(attempt)
    assert view.result is not None
    assert view.result.code is Code.LINKED


async def test_a_walk_that_hangs_times_out_after_its_own_time() -> None:
    """Sixty seconds at the terminal, not ten minutes."""
    s = scene(endless, walking=60.0)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await s.clock.pass_by(59)
    assert s.desk.running == 1
    await s.clock.pass_by(2)
    view = await s.desk.ended(attempt)
    assert view.result is not None
    assert view.result.code is Code.TIMED_OUT


async def test_a_linker_that_will_not_end_is_given_up() -> None:
    """It has its time for the log-out, then the attempt ends without it."""

    async def stubborn(walk: Walk) -> Result:
        while not done.is_set():
            try:
                await done.wait()
            except asyncio.CancelledError:
                continue
        return walk.end()

    done = asyncio.Event()
    s = scene(stubborn)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await settle()
    await s.desk.cancel(ANN)
    await s.clock.pass_by(30)
    view = await s.desk.ended(attempt)
    assert view.result is not None
    assert view.result.code is Code.STOPPED_BY_PERSON
    done.set()
    await settle()


async def test_drain_lets_the_running_ones_end_and_starts_no_other() -> None:
    """Within its time an attempt may still become linked."""
    s = scene(confirming)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await settle()
    drained = asyncio.create_task(s.desk.drain(25))
    await settle()
    with pytest.raises(Closing):
        await s.desk.start(BOB, form().request(GASB))
    assert (await s.desk.start(ANN, form().request(GASB))).joined
    await s.desk.answer(ANN, attempt, ONE, ConfirmAnswer(True))
    await drained
    view = await s.desk.attempt(ANN, attempt)
    assert view is not None
    assert view.result is not None
    assert view.result.code is Code.LINKED
    assert s.shown[-1].ended


@pytest.mark.parametrize(
    ("script", "code"), [(confirming, Code.INTERRUPTED), (submitted_for_ever, Code.OUTCOME_UNKNOWN)]
)
async def test_drain_ends_the_rest_honestly(script: Script, code: Code) -> None:
    """What outlasts the time is interrupted, or of unknown outcome past its Submit; the person is shown it."""
    s = scene(script)
    attempt = (await s.desk.start(ANN, form().request(GASB))).view.id
    await settle()
    drained = asyncio.create_task(s.desk.drain(25))
    await s.clock.pass_by(26)
    await drained
    view = await s.desk.attempt(ANN, attempt)
    assert view is not None
    assert view.result is not None
    assert view.result.code is code
    assert s.shown[-1] == view


async def test_results_are_kept_some_hours() -> None:
    """Newest first, and gone in the end."""
    s = scene(straight)
    first = (await s.desk.start(ANN, form().request(GASB))).view.id
    await s.desk.ended(first)
    second = (await s.desk.start(ANN, form().request(GASB))).view.id
    await s.desk.ended(second)
    assert [one.id for one in await s.desk.attempts(ANN)] == [second, first]
    await s.clock.pass_by(7 * 3600)
    assert await s.desk.attempts(ANN) == []


async def test_a_chat_that_fails_ends_no_attempt() -> None:
    """The walk goes on; the fault is logged by its type alone."""
    s = scene(straight)

    class Broken(Shown):
        async def show(self, view: AttemptView) -> None:
            raise ConnectionError("canary")

    desk = type(s.desk)(s.linker, clock=s.clock, pace=Pace(s.clock), telling=Broken())
    view = await desk.ended((await desk.start(ANN, form().request(GASB))).view.id)
    assert view.result is not None
    assert view.result.code is Code.LINKED
