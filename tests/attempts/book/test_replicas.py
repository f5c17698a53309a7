"""Two replicas, one store: whoever is asked answers, whoever dies is replaced, and nothing is said or sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text

from bot.attempts.attempt import Answered, AttemptView, QuestionNumber
from bot.attempts.book import BookTrouble
from bot.errors import Code, StoreDown
from bot.linker.values import (
    Comparison,
    ConfirmAnswer,
    ConfirmQuestion,
    PasscodeAnswer,
    PasscodeQuestion,
    Result,
    Step,
    Told,
)
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.entry import State
from bot.register.rows import entry_of, line_of
from bot.secret import Secret
from bot.store import Attempts, Audit, Register, Store, Switches
from tests.attempts.book.replicas import Replica, replica, until, vault
from tests.attempts.stage import ANN, BOB, Walk, court, form

GASB = court()
ONE, TWO = QuestionNumber(1), QuestionNumber(2)
SUBMITS: list[str] = []


async def walked(walk: Walk) -> Result:
    """Passcode, confirm, Submit, linked: as the guides go."""
    await walk.step(Step.SIGN_ON)
    passcode = await walk.question(PasscodeQuestion())
    if not isinstance(passcode, PasscodeAnswer) or passcode.passcode.reveal() != "654321":
        return walk.end(Code.PASSCODE_NEEDED)
    answer = await walk.question(ConfirmQuestion("jroe", "jroe2020", Comparison.AGREE))
    if not isinstance(answer, ConfirmAnswer) or not answer.link:
        return walk.end(Code.STOPPED_BY_PERSON)
    await walk.step(Step.SUBMIT)
    SUBMITS.append(walk.incident)
    return Result(Code.LINKED, walk.incident, menu_before=("Query",), menu_after=("Bankruptcy",), requests=9)


@pytest.fixture
def pair(store: Store, other: Store, tmp_path: Path) -> tuple[Replica, Replica]:
    """Two replicas, each with its own connections."""
    shared = vault()
    return replica(store, tmp_path, "one", walked, shared), replica(other, tmp_path, "two", walked, shared)


async def asked(one: Replica, number: QuestionNumber) -> AttemptView:
    """Ann's attempt, once its question stands in the store."""
    if not one.desk.here(ANN):
        await one.desk.start(ANN, form(passcode=None).request(GASB))
    view = one.desk.here(ANN)[0]
    await until(lambda: (q := one.desk.here(ANN)[0].open_question) is not None and q.number == number)
    while not any(v.open_question and v.open_question.number == number for v in await one.book.of_person(ANN)):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    return view


async def linked_by(one: Replica, helper: Replica) -> AttemptView:
    """Let the attempt of `one` be answered through `helper`, and return its ending."""
    view = await asked(one, ONE)
    assert await helper.desk.answer(ANN, view.id, ONE, PasscodeAnswer(Secret("654321"))) is Answered.TAKEN
    await one.desk.collect()
    await asked(one, TWO)
    assert await helper.desk.answer(ANN, view.id, TWO, ConfirmAnswer(True)) is Answered.TAKEN
    await one.desk.collect()
    await until(lambda: one.ending(view.id))
    await one.desk.drain(10)
    ending = one.ending(view.id)
    assert ending is not None
    return ending


async def test_any_replica_takes_the_answers(pair: tuple[Replica, Replica], store: Store, tmp_path: Path) -> None:
    """Passcode and confirmation pressed at another replica reach the owner; register and audit tell the whole."""
    one, two = pair
    ending = await linked_by(one, two)
    assert ending.result is not None
    assert ending.result.code is Code.LINKED
    async with store.work() as work:
        entry = entry_of((await Register().list(work))[0])
        lines = [line_of(row) for row in await Audit().since(work, 0, 1000)]
    assert (entry.state, entry.menus.after) == (State.LINKED, ("Bankruptcy",))
    assert len(entry.login_tail) <= 2
    told = [line.entry for line in lines]
    for event in ("form_received", "attempt_started", "question_asked", "question_answered", "submitting", "ended"):
        assert any(f'"event":"{event}"' in entry for entry in told), event


async def test_a_passcode_is_never_in_the_clear_and_gone_once_read(pair: tuple[Replica, Replica], store: Store) -> None:
    """Sealed for its attempt and question, deleted when it is taken."""
    one, two = pair
    view = await asked(one, ONE)
    await two.desk.answer(ANN, view.id, ONE, PasscodeAnswer(Secret("654321")))
    async with store.work() as work:
        rows = (await work.execute(text("SELECT sealed FROM answers"))).all()
    assert len(rows) == 1
    assert b"654321" not in bytes(rows[0][0])
    await one.desk.collect()
    async with store.work() as work:
        assert (await work.execute(text("SELECT count(*) FROM answers"))).scalar_one() == 0
    await one.desk.cancel(ANN)
    await one.desk.drain(10)


async def test_each_press_at_another_replica_has_its_outcome(pair: tuple[Replica, Replica]) -> None:
    """Somebody else, a wrong shape, a double click, an old question, an attempt that nobody knows."""
    one, two = pair
    view = await asked(one, ONE)
    stranger = Person(Platform.SLACK, WorkspaceId("T-other"), PersonId(ANN.id))
    passcode = PasscodeAnswer(Secret("654321"))
    assert await two.desk.answer(BOB, view.id, ONE, passcode) is Answered.NOT_YOURS
    assert await two.desk.answer(stranger, view.id, ONE, passcode) is Answered.NOT_YOURS
    assert await two.desk.answer(ANN, view.id, ONE, PasscodeAnswer(Secret("x y"))) is Answered.PASSCODE_SHAPE
    assert await two.desk.answer(ANN, view.id, ONE, ConfirmAnswer(True)) is Answered.TOO_LATE
    assert await two.desk.answer(ANN, view.id, TWO, passcode) is Answered.TOO_LATE
    assert await two.desk.answer(ANN, view.id, ONE, passcode) is Answered.TAKEN
    assert await two.desk.answer(ANN, view.id, ONE, PasscodeAnswer(Secret("999999"))) is Answered.ALREADY_ANSWERED
    await one.desk.cancel(ANN)
    await one.desk.drain(10)
    assert await two.desk.answer(ANN, view.id, ONE, ConfirmAnswer(True)) is not Answered.TAKEN


async def test_a_second_command_joins_at_any_replica(pair: tuple[Replica, Replica]) -> None:
    """One attempt per person and court, wherever they type."""
    one, two = pair
    view = await asked(one, ONE)
    opened = await two.desk.start(ANN, form().request(GASB))
    assert (opened.joined, opened.view.id) == (True, view.id)
    assert not two.linker.walks
    assert [v.id for v in await two.desk.attempts(ANN)] == [view.id]
    assert await two.desk.attempt(BOB, view.id) is None
    assert [v.id for v in await two.desk.cancel(ANN)] == [view.id]
    await one.desk.collect()
    await until(lambda: one.ending(view.id))
    ending = one.ending(view.id)
    assert ending is not None
    assert ending.result is not None
    assert ending.result.code is Code.STOPPED_BY_PERSON
    await one.desk.drain(10)


async def test_what_a_dead_replica_left_is_ended_and_told_once(pair: tuple[Replica, Replica]) -> None:
    """Nobody renews it; the other ends it as interrupted, tells the person, and the thawed owner says the same."""
    one, two = pair
    view = await asked(one, ONE)
    await two.watch_for_a_lease()
    await until(lambda: two.ending(view.id))
    ending = two.ending(view.id)
    assert ending is not None
    assert ending.result is not None
    assert ending.result.code is Code.INTERRUPTED
    assert await one.book.permit(view, Step.SUBMIT) is Code.INTERRUPTED
    await one.desk.round()
    await one.desk.drain(10)
    assert [v.result for v in one.shown.views if v.ended] == [ending.result]
    await two.desk.round()
    await two.desk.drain(10)
    assert sum(v.ended for v in two.shown.views) == 1
    assert view.incident not in SUBMITS


async def test_a_submit_that_nobody_can_vouch_for_is_told_as_such(pair: tuple[Replica, Replica]) -> None:
    """Dead after `submitting` was committed: the outcome is not known, and it is never sent again."""
    one, two = pair
    view = await asked(one, ONE)
    assert await one.book.permit(view, Step.SUBMIT) is None
    assert await one.book.permit(view, Step.SUBMIT) is Code.INTERRUPTED
    await two.watch_for_a_lease()
    await until(lambda: two.ending(view.id))
    ending = two.ending(view.id)
    assert ending is not None
    assert ending.result is not None
    assert ending.result.code is Code.OUTCOME_UNKNOWN
    one.desk.here(ANN)
    await one.desk.round()
    await one.desk.drain(10)
    await two.desk.drain(10)


async def test_an_ending_that_was_entered_and_not_told_is_told_by_another(
    pair: tuple[Replica, Replica], store: Store
) -> None:
    """Dead between the two: the ending is the one that was entered."""
    one, two = pair
    view = await asked(one, ONE)
    async with store.work() as work:
        assert await Attempts().end(work, view.id, "one", "linked")
    await two.watch_for_a_lease()
    await until(lambda: two.ending(view.id))
    ending = two.ending(view.id)
    assert ending is not None
    assert ending.result is not None
    assert ending.result.code is Code.LINKED
    await one.desk.cancel(ANN)
    await one.desk.drain(10)
    await two.desk.drain(10)
    (stands,) = [v.result for v in one.shown.views if v.ended]
    assert stands is not None
    assert stands.code is Code.LINKED


async def test_a_pause_of_everybody_takes_nothing_over(pair: tuple[Replica, Replica]) -> None:
    """The machine, or the database, stood still: both replicas come back, and the owner has its time to renew."""
    one, two = pair
    view = await asked(one, ONE)
    for _ in range(20):
        await two.desk.round()
        two.clock.ahead += 60.0
        one.clock.ahead += 60.0
        await two.desk.round()
        await one.desk.round()
    assert one.desk.here(ANN)[0].open_question is not None
    assert two.ending(view.id) is None
    await one.desk.cancel(ANN)
    await one.desk.drain(10)


async def test_a_replica_never_takes_over_what_it_runs(pair: tuple[Replica, Replica]) -> None:
    """Alone, and without a renewal for as long as it likes."""
    one, _ = pair
    view = await asked(one, ONE)
    await one.watch_for_a_lease()
    await one.watch_for_a_lease()
    assert one.ending(view.id) is None
    assert await one.book.permit(view, Step.SUBMIT) is None
    await one.desk.cancel(ANN)
    await one.desk.drain(10)


async def test_proof_outranks_a_doubt_wherever_it_arrives_later(pair: tuple[Replica, Replica], store: Store) -> None:
    """The owner sleeps past its Submit, another replica doubts, the owner wakes up and has seen the link: linked."""
    one, two = pair
    view = await asked(one, ONE)
    submitting = replace(view, told=(*view.told, Told(Step.SUBMIT)), open_question=None)
    assert await one.book.permit(view, Step.SUBMIT) is None
    await two.watch_for_a_lease()
    await until(lambda: two.ending(view.id))
    proven = replace(submitting, result=Result(Code.LINKED, view.incident, menu_after=("Bankruptcy",)))
    assert await one.book.end(proven)
    doubted = replace(submitting, result=Result(Code.OUTCOME_UNKNOWN, view.incident))
    assert not await two.book.end(doubted)
    assert not await one.book.end(doubted)
    async with store.work() as work:
        entry = entry_of((await Register().list(work))[0])
        row = await Attempts().get(work, view.id)
        lines = [line_of(found).entry for found in await Audit().since(work, 0, 1000)]
    assert row is not None
    assert (row.code, row.owner, row.ending_told) == ("linked", "one", False)
    assert entry.state is State.LINKED
    assert sum('"event":"taken_over"' in line for line in lines) == 1
    assert sum('"event":"ended"' in line for line in lines) == 1
    await one.desk.cancel(ANN)
    await one.desk.drain(10)
    await two.desk.drain(10)


async def test_an_owner_that_slept_shows_nothing_of_its_own(pair: tuple[Replica, Replica]) -> None:
    """It wakes up after another replica has told the ending: no step, no question, no ending but that one."""
    one, two = pair
    view = await asked(one, ONE)
    await two.watch_for_a_lease()
    await until(lambda: two.ending(view.id))
    ending = two.ending(view.id)
    assert ending is not None
    before = len(one.shown.views)
    one.clock.ahead += 60.0
    await one.desk.answer(ANN, view.id, ONE, PasscodeAnswer(Secret("654321")))
    await until(lambda: one.ending(view.id))
    await one.desk.drain(10)
    await two.desk.drain(10)
    assert [(v.ended, v.result) for v in one.shown.views[before:]] == [(True, ending.result)]


async def test_the_switch_stops_what_has_not_been_submitted(pair: tuple[Replica, Replica], store: Store) -> None:
    """`link-ecf linking off` reaches every replica, and a running attempt at its final Submit."""
    one, two = pair
    view = await asked(one, ONE)
    async with store.work() as work:
        await Switches().set(work, "linking", False, "admin")
    await two.desk.round()
    assert not two.desk.linking
    assert await one.book.permit(view, Step.SUBMIT) is Code.LINKING_OFF
    await one.desk.cancel(ANN)
    await one.desk.drain(10)


async def test_where_an_attempt_is_shown_is_known_to_every_replica(pair: tuple[Replica, Replica]) -> None:
    """The ids of the chat's message, for whoever has to end the attempt."""
    one, two = pair
    view = await asked(one, ONE)
    assert await two.book.where_shown(view) == {}
    await one.book.shown_at(view, {"channel": "D1", "ts": "1.2"})
    assert await two.book.where_shown(view) == {"channel": "D1", "ts": "1.2"}
    await one.desk.cancel(ANN)
    await one.desk.drain(10)


class Gone:
    """A store whose database is away."""

    @asynccontextmanager
    async def work(self) -> AsyncIterator[object]:
        raise StoreDown
        yield


async def test_a_store_that_is_gone_is_said_and_starts_nothing(tmp_path: Path) -> None:
    """No row, no attempt; the request keeps its secrets for a second try."""
    one = replica(cast(Store, Gone()), tmp_path, "one", walked, vault())
    request = form().request(GASB)
    with pytest.raises(BookTrouble):
        await one.desk.start(ANN, request)
    assert not request.account.password.spent
    assert one.desk.running == 0
    await one.desk.round()
    await one.desk.collect()
    assert await one.desk.attempts(ANN) == []
