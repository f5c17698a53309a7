"""Any order of starts, answers, stops and time: the desk keeps its promises in every state it can be driven to."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.attempts.attempt import Answered, AttemptId, AttemptView, QuestionNumber
from bot.attempts.pace import Pace
from bot.errors import Code
from bot.linker.values import (
    Comparison,
    ConfirmAnswer,
    ConfirmQuestion,
    LinkRequest,
    PasscodeAnswer,
    PasscodeQuestion,
    Result,
    Step,
)
from bot.people import Person
from bot.secret import Secret
from tests.attempts.stage import ANN, BOB, HandClock, Walk, court, form, scene, secrets, settle

COURTS = tuple(court(name) for name in ("gasb", "almb"))
PEOPLE = (ANN, BOB)
SLOTS = 1


class DeskStates(RuleBasedStateMachine):
    """Two people at two courts with one slot each; the walk asks both questions and submits once."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = HandClock()
        self.pace = Pace(self.clock, slots=SLOTS)
        self.scene = scene(self._walk, pace=self.pace, clock=self.clock, tick=60.0)
        self.submits: list[AttemptId | str] = []
        self.approved: set[str] = set()
        self.stopped: set[AttemptId] = set()
        self.known: dict[AttemptId, LinkRequest] = {}

    async def _walk(self, walk: Walk) -> Result:
        await walk.step(Step.FRONT_PAGE)
        if await walk.question(PasscodeQuestion()) is None:
            return walk.end(Code.PASSCODE_NEEDED)
        await walk.step(Step.VERIFY)
        answer = await walk.question(ConfirmQuestion("a", "b", Comparison.AGREE))
        if answer is None:
            return walk.end(Code.TIMED_OUT)
        if not isinstance(answer, ConfirmAnswer) or not answer.link:
            return walk.end(Code.STOPPED_BY_PERSON)
        await walk.step(Step.SUBMIT)
        self.submits.append(walk.incident)
        await self.clock.sleep(5)
        return walk.end()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self.loop.run_until_complete(work)

    def _views(self) -> list[AttemptView]:
        return [view for person in PEOPLE for view in self.scene.desk.here(person)]

    @rule(person=st.sampled_from(PEOPLE), where=st.sampled_from(COURTS))
    def start(self, person: Person, where: Any) -> None:
        """Start or join."""

        async def work() -> None:
            running = [v for v in await self.scene.desk.attempts(person) if v.court.id == where.id and not v.ended]
            request = form().request(where)
            opened = await self.scene.desk.start(person, request)
            assert opened.joined == bool(running)
            if opened.joined:
                assert opened.view.id == running[0].id
                assert all(secret.spent for secret in secrets(request))
            else:
                self.known[opened.view.id] = request
            await settle()

        self._do(work())

    @rule(person=st.sampled_from(PEOPLE), pick=st.integers(0, 9), number=st.integers(1, 3), yes=st.booleans())
    def answer(self, person: Person, pick: int, number: int, yes: bool) -> None:
        """Answer some question of some attempt, one's own or not."""
        views = self._views()
        if not views:
            return
        view = views[pick % len(views)]

        async def work() -> None:
            opened = view.open_question
            passcode = opened is not None and isinstance(opened.question, PasscodeQuestion)
            given = PasscodeAnswer(Secret("654321")) if passcode else ConfirmAnswer(yes)
            said = await self.scene.desk.answer(person, view.id, QuestionNumber(number), given)
            if view.person != person:
                assert said is Answered.NOT_YOURS
            elif opened is not None and opened.number == number:
                assert said is Answered.TAKEN
                if given == ConfirmAnswer(True):
                    self.approved.add(view.incident)
            else:
                assert said in {Answered.TOO_LATE, Answered.ALREADY_ANSWERED}
            await settle()

        self._do(work())

    @rule(person=st.sampled_from(PEOPLE), pick=st.integers(0, 9), everything=st.booleans())
    def stop(self, person: Person, pick: int, everything: bool) -> None:
        """Stop one attempt, one's own or not, or all."""
        views = self._views()
        attempt = None if everything or not views else views[pick % len(views)].id

        async def work() -> None:
            for view in await self.scene.desk.cancel(person, attempt):
                assert view.person == person
                assert view.incident not in self.submits
                self.stopped.add(view.id)
            await settle()

        self._do(work())

    @rule(seconds=st.sampled_from([1, 30, 700]))
    def wait(self, seconds: int) -> None:
        """Let time go by."""
        self._do(self.clock.pass_by(seconds))

    @invariant()
    def slots_are_those_of_walking_attempts(self) -> None:
        """No court has more slots held than it has, and none is held when nothing runs."""
        for where in COURTS:
            running = [view for view in self._views() if view.court.id == where.id and not view.ended]
            assert self.pace.held(where.id) <= min(SLOTS, len(running))
            assert self.pace.waiting(where.id) <= len(running)
            assert all(view.open_question is None for view in running) or self.pace.held(where.id) < len(running)

    @invariant()
    def endings_are_honest(self) -> None:
        """Stopped means not submitted, linked means approved, ended means spent."""
        assert len(self.submits) == len(set(self.submits))
        assert set(self.submits) <= self.approved
        for view in self._views():
            if view.result is None:
                continue
            assert view.open_question is None
            assert all(secret.spent for secret in secrets(self.known[view.id]))
            if view.id in self.stopped:
                assert view.result.code is Code.STOPPED_BY_PERSON
                assert view.incident not in self.submits
            if view.result.code is Code.LINKED:
                assert view.incident in self.approved

    def teardown(self) -> None:
        """After ten minutes and the time of an ending, everything has ended and was shown so."""
        try:
            self._do(self.clock.pass_by(700))
            assert self.scene.desk.running == 0
            for view in self._views():
                assert view.ended
                assert view in self.scene.shown
            assert not asyncio.all_tasks(self.loop)
        finally:
            self.loop.close()


TestDeskStates = DeskStates.TestCase
TestDeskStates.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
