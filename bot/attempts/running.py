"""One running attempt: what the linker is given to ask, to tell and to wait for leave, and how it is ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

import structlog

from bot.attempts.attempt import Answered, AttemptView, OpenQuestion, QuestionNumber
from bot.attempts.book import BookTrouble
from bot.attempts.pace import Pacing
from bot.attempts.precheck import passcode_fits
from bot.clock import Clock
from bot.errors import Code
from bot.linker.values import (
    SENT_ONCE,
    Answer,
    Ask,
    ConfirmAnswer,
    ConfirmQuestion,
    IncidentId,
    Leave,
    LinkRequest,
    NoPasscode,
    PasscodeAnswer,
    PasscodeQuestion,
    Question,
    Result,
    Step,
    Tell,
    Told,
)
from bot.secret import Secret

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The time of an attempt, in seconds.

    `overall` is the whole of it, the person's and the queue's time included; `walking`, where there is one, is what
    the walk itself may take, the person's time left out; `ending` is what the linker has to log out once it was
    stopped; `proving` is what it has for its proof when the time runs out after what may link;
    `tick` is how often an attempt looks at its time.
    """

    overall: float = 600.0
    walking: float | None = None
    ending: float = 20.0
    proving: float = 60.0
    tick: float = 1.0


class Linker(Protocol):
    """One attempt at one court: `bot.linker.link` with the outside, the clock and the limits already given."""

    def __call__(
        self, request: LinkRequest, ask: Ask, tell: Tell, *, leave: Leave, incident: IncidentId
    ) -> Coroutine[Any, Any, Result]:
        """Walk the court's pages and return how it ended; never raises for anything that a court does."""
        ...


Permit = Callable[[AttemptView, Step], Awaitable[Code | None]]
"""Commits what a step is about to do, or has shown (Book.permit); None lets it go on, a code ends the attempt."""


class Running:
    """An attempt from its start to its result; `view` is what the rest of the bot may see of it."""

    def __init__(
        self,
        view: AttemptView,
        request: LinkRequest,
        *,
        clock: Clock,
        bounds: Bounds,
        pace: Pacing,
        permit: Permit,
    ) -> None:
        self.view = view
        self.lost = False
        self.ended_at: float | None = None
        self._permit = permit
        self._requests = [request]  # taken out once: an attempt runs once
        self._secrets = secrets_of(request)
        self._clock = clock
        self._bounds = bounds
        self._seat = pace.seat(view.court.id, self._queued, attempt=view.id)
        self._began = clock.monotonic()
        self._persons_time = 0.0
        self._asked_at: float | None = None
        self._walk: asyncio.Task[Result] | None = None
        self._stopped_for: Code | None = None
        self._lapsed = False
        self._asked = 0
        self._answer: asyncio.Future[Answer] | None = None
        self._answered: set[QuestionNumber] = set()
        self._unanswered: Question | None = None
        self._changed = asyncio.Event()

    async def run(self, linker: Linker) -> Result:
        """Run the linker to its end and return the result, whatever happens; slot and secrets are given up by then."""
        walk = self._set_out(linker)
        watch = asyncio.create_task(self._watch(walk), name="attempt watch")
        try:
            await asyncio.wait({walk, watch}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            walk.cancel()
        finally:
            watch.cancel()
            self._seat.rise()
            for secret in self._secrets:
                secret.spend()
        result = self._result_of(walk)
        self._change(replace(self.view, open_question=None, result=result))
        self.ended_at = self._clock.monotonic()
        return result

    def _set_out(self, linker: Linker) -> asyncio.Task[Result]:
        request = self._requests.pop()
        work = linker(request, self._ask, self._tell, leave=self._seat, incident=self.view.incident)
        self._walk = asyncio.create_task(work, name="attempt walk")
        if self._stopped_for is not None:
            self._walk.cancel()
        return self._walk

    async def _ask(self, question: Question) -> Answer:
        """Open a question, give the slot back, and wait for the person; None when nobody answers in time."""
        if self._stopped_for is not None:
            raise asyncio.CancelledError
        self._seat.rise()
        self._asked += 1
        self._unanswered = question
        if self._lapsed:
            return None
        self._answer = asyncio.get_running_loop().create_future()
        self._asked_at = self._clock.monotonic()
        until = self._clock.now() + timedelta(seconds=max(0.0, self._overall_left()))
        self._change(replace(self.view, open_question=OpenQuestion(QuestionNumber(self._asked), question, until)))
        try:
            answer = await self._answer
        finally:
            self._persons_time += self._clock.monotonic() - self._asked_at
            self._asked_at = self._answer = None
            self._change(replace(self.view, open_question=None))
        if answer is not None:
            self._unanswered = None
        return answer

    async def _tell(self, told: Told) -> None:
        """Note a step. This is also the last gate before what may link: a stopped attempt never passes it."""
        if told.step in SENT_ONCE:
            refused = self._stopped_for or await self._leave_for(told.step)
            if refused is not None or self._stopped_for is not None:
                self._stopped_for = self._stopped_for or refused
                raise asyncio.CancelledError
        elif told.step is Step.VERIFY:
            await self._leave_for(told.step)  # if it cannot be committed now, it is with the final Submit
        self._change(replace(self.view, told=(*_unqueued(self.view.told), told)))

    async def _leave_for(self, step: Step) -> Code | None:
        try:
            return await self._permit(self.view, step)
        except BookTrouble:
            return Code.INTERRUPTED

    async def _queued(self, place: int) -> None:
        told = _unqueued(self.view.told)
        self._change(replace(self.view, told=(*told, Told(Step.QUEUED, place)) if place else told))

    def answer(self, number: QuestionNumber, answer: Answer) -> Answered:
        """Give the answer to question `number`; the first one counts, and one of the wrong shape does not."""
        verdict = self._verdict(number, answer)
        if isinstance(answer, PasscodeAnswer):
            if verdict is Answered.TAKEN:
                self._secrets.append(answer.passcode)
            else:
                answer.passcode.spend()
        if verdict is Answered.TAKEN and self._answer is not None:
            self._answered.add(number)
            self._answer.set_result(answer)
        return verdict

    def _verdict(self, number: QuestionNumber, answer: Answer) -> Answered:
        if number in self._answered:
            return Answered.ALREADY_ANSWERED
        opened = self.view.open_question
        if opened is None or opened.number != number or self._answer is None or self._answer.done():
            return Answered.TOO_LATE
        match opened.question, answer:
            case (_, None) | (PasscodeQuestion(), NoPasscode()) | (ConfirmQuestion(), ConfirmAnswer()):
                return Answered.TAKEN
            case PasscodeQuestion(), PasscodeAnswer(passcode):
                return Answered.TAKEN if passcode and passcode_fits(passcode) else Answered.PASSCODE_SHAPE
            case _:
                # The press belongs to a question of another kind, so to one that is no longer open.
                return Answered.TOO_LATE

    def stop(self, code: Code) -> bool:
        """End the attempt with `code`; False when what may link is out, or it is being ended, or over."""
        if self.view.submitted or self.view.ended or self._stopped_for is not None:
            return False
        self._halt(code)
        return True

    def lose(self) -> None:
        """Note that another replica has ended the attempt and tells the person: nothing of ours is shown any more.

        Past its final Submit the walk goes on, in silence: what it may still find is proof, which outranks a doubt.
        """
        self.lost = True
        if not self.view.submitted:
            self.interrupt()

    def interrupt(self) -> None:
        """End the attempt because the service stops; past the final Submit its outcome is then not known."""
        if not self.view.ended and self._stopped_for is None:
            self._halt(Code.INTERRUPTED)

    async def changed_from(self, view: AttemptView | None) -> None:
        """Return once the view is another than `view`."""
        while self.view is view:
            await self._changed.wait()

    async def ended(self) -> AttemptView:
        """Return the view once it has a result."""
        while not self.view.ended:
            await self.changed_from(self.view)
        return self.view

    def _overall_left(self) -> float:
        return self._bounds.overall - (self._clock.monotonic() - self._began)

    def _left(self) -> float:
        """Seconds until the attempt has used up its time; an open question stops the clock of the walk."""
        if self._bounds.walking is None or self._asked_at is not None:
            return self._overall_left()
        walked = self._clock.monotonic() - self._began - self._persons_time
        return min(self._overall_left(), self._bounds.walking - walked)

    async def _watch(self, walk: asyncio.Task[Result]) -> None:
        """Stand over the walk; returns only when it was told to end and would not."""
        while self._stopped_for is None and (left := self._left()) > 0:
            await self._clock.sleep(min(left, self._bounds.tick))
        if self._stopped_for is None:
            await self._lapse()
        if self._stopped_for is None:
            self._halt(Code.PASSCODE_NEEDED if isinstance(self._unanswered, PasscodeQuestion) else Code.TIMED_OUT)
        await self._clock.sleep(self._bounds.ending)
        walk.cancel()
        await self._clock.sleep(self._bounds.tick)
        log.error("walk_abandoned", incident=self.view.incident)

    async def _lapse(self) -> None:
        """Let an attempt whose time is over end by itself where it can: unanswered, or with its proof."""
        self._lapsed = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)
            await self._clock.sleep(self._bounds.ending)
        elif self.view.submitted:
            await self._clock.sleep(self._bounds.proving)

    def _halt(self, code: Code) -> None:
        self._stopped_for = code
        if self._walk is not None:
            self._walk.cancel()

    def _result_of(self, walk: asyncio.Task[Result]) -> Result:
        """Return the walk's own result where it has one, else the honest code for how it was ended."""
        code = self._stopped_for or Code.INTERRUPTED
        if walk.done() and not walk.cancelled():
            error = walk.exception()
            if error is None:
                return walk.result()
            log.error("walk_failed", incident=self.view.incident, error=type(error).__name__)
            code = Code.INTERRUPTED
        return Result(Code.OUTCOME_UNKNOWN if self.view.submitted else code, self.view.incident)

    def _change(self, view: AttemptView) -> None:
        self.view = view
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


def secrets_of(request: LinkRequest) -> list[Secret]:
    """Return every secret of a request, so that all of them can be spent."""
    found = [request.account.password, request.filer.password]
    return [*found, request.passcode] if request.passcode is not None else found


def _unqueued(told: tuple[Told, ...]) -> tuple[Told, ...]:
    """Drop a place in the queue that is out of date."""
    return told[:-1] if told and told[-1].step is Step.QUEUED else told
