"""The desk: every running attempt of this process, its questions, its deadline and its end.

An attempt is one task of its own that is started here, joined by a second command, answered, stopped, timed out or
drained, and that always ends with a result, with its slot given back and with its secrets spent. The book remembers it
for the other replicas and for the time after a crash; `rounds` keeps the desk and the book in step.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.attempts.attempt import Answered, AttemptId, AttemptView, QuestionNumber
from bot.attempts.book import Book, BookTrouble, MemoryBook
from bot.attempts.keeping import Keeper, Telling
from bot.attempts.pace import Pacing
from bot.attempts.running import Bounds, Linker, Running, secrets_of
from bot.clock import Clock
from bot.courts.court import CourtId
from bot.errors import Code
from bot.linker.values import Answer, LinkRequest, new_incident_id
from bot.people import Person, Platform, WorkspaceId

log = structlog.get_logger(__name__)


class Closing(Exception):
    """The service is stopping: no attempt is started any more."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The attempt that runs now; `joined` is True when it ran before."""

    view: AttemptView
    joined: bool


class Desk:
    """All attempts of this process. `keep` is how long, in seconds, an ended one can still be looked up here."""

    def __init__(
        self,
        linker: Linker,
        *,
        clock: Clock,
        pace: Pacing,
        telling: Telling,
        book: Book | None = None,
        bounds: Bounds = Bounds(),  # noqa: B008 - a frozen value
        keep: float = 6 * 3600.0,
        kept_at_most: int = 5000,
    ) -> None:
        self._linker = linker
        self._clock = clock
        self._pace = pace
        self._book = book or MemoryBook()
        self._keeper = Keeper(self._book, telling, clock)
        self._bounds = bounds
        self._keep = keep
        self._kept_at_most = kept_at_most
        self._running: dict[tuple[Person, CourtId], Running] = {}
        self._all: dict[AttemptId, Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._linking = True

    @property
    def closing(self) -> bool:
        """True once drain() was called."""
        return self._closing

    @property
    def linking(self) -> bool:
        """The switch of all replicas, as the last round found it (`link-ecf linking off|on`)."""
        return self._linking

    @property
    def running(self) -> int:
        """How many attempts run here now."""
        return len(self._running)

    async def start(self, person: Person, request: LinkRequest) -> Opened:
        """Start an attempt, or join the one that this person already has at this court, here or at another replica.

        The secrets of a request that joins are spent: the running attempt has its own. Raises Closing after drain() and
        BookTrouble when the book does not answer: then nothing was started, and the request keeps its secrets.
        """
        key = (person, request.court.id)
        if (existing := self._running.get(key)) is not None:
            return self._join(existing.view, request)
        if self._closing:
            raise Closing
        view = AttemptView(
            id=AttemptId(secrets.token_urlsafe(16)),
            incident=new_incident_id(),
            person=person,
            court=request.court,
            started_at=self._clock.now(),
        )
        # Held from here on, so that a second command joins while the book is still being written.
        running = Running(
            view, request, clock=self._clock, bounds=self._bounds, pace=self._pace, permit=self._book.permit
        )
        self._running[key] = running
        try:
            entered = await self._book.open(view, request)
        except BaseException:
            self._running.pop(key, None)
            raise
        if entered.id != view.id:
            self._running.pop(key, None)
            return self._join(entered, request)
        self._forget_old()
        self._all[view.id] = running
        self._track(self._run(key, running), name="attempt")
        self._track(self._keeper.keep(running), name="attempt kept")
        return Opened(view, joined=False)

    def _join(self, view: AttemptView, request: LinkRequest) -> Opened:
        for secret in secrets_of(request):
            secret.spend()
        return Opened(view, joined=True)

    def _track(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, key: tuple[Person, CourtId], running: Running) -> None:
        log.info("attempt_started", incident=running.view.incident, court=running.view.court.id)
        try:
            result = await running.run(self._linker)
        finally:
            self._running.pop(key, None)
        log.info(
            "attempt_ended",
            incident=result.incident,
            court=running.view.court.id,
            code=result.code.value,
            requests=result.requests,
        )

    async def answer(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        """Give `answer` to the question `number` of the person's own attempt, wherever it runs; nobody else's counts.

        Raises BookTrouble when the attempt runs elsewhere and the book does not answer.
        """
        running = self._all.get(attempt)
        if running is None:
            return await self._book.relay(person, attempt, number, answer)
        if running.view.person != person:
            return Answered.NOT_YOURS
        return running.answer(number, answer)

    async def cancel(self, person: Person, attempt: AttemptId | None = None) -> Sequence[AttemptView]:
        """Stop this person's attempt, or all of them; those past their final Submit run on and are not returned.

        While the book does not answer, only those that run here are stopped.
        """
        mine = [one for one in self._running.values() if one.view.person == person]
        here = [one.view for one in mine if attempt in (None, one.view.id) and one.stop(Code.STOPPED_BY_PERSON)]
        if attempt is not None and attempt in self._all:
            return here
        try:
            elsewhere = await self._book.relay_stop(person, attempt)
        except BookTrouble:
            return here
        known = {one.view.id for one in mine}
        return here + [view for view in elsewhere if view.id not in known]

    def stop_workspace(self, platform: Platform, workspace: WorkspaceId) -> Sequence[AttemptView]:
        """Interrupt this process's attempts of a workspace that has left; returns those stopped before their Submit."""
        left = [one for one in self._running.values() if one.view.person.workspace == workspace]
        return [one.view for one in left if one.view.person.platform is platform and one.stop(Code.INTERRUPTED)]

    def here(self, person: Person) -> Sequence[AttemptView]:
        """Return this person's attempts of this process, running or kept, newest first."""
        return [one.view for one in reversed(self._all.values()) if one.view.person == person]

    async def attempts(self, person: Person) -> Sequence[AttemptView]:
        """Return this person's attempts, running anywhere or ended lately, newest first."""
        self._forget_old()
        mine = {view.id: view for view in self.here(person)}
        for view in await self._elsewhere(person):
            mine.setdefault(view.id, view)
        return sorted(mine.values(), key=lambda view: view.started_at, reverse=True)

    async def attempt(self, person: Person, attempt: AttemptId) -> AttemptView | None:
        """Return the attempt if it is this person's, else None."""
        running = self._all.get(attempt)
        if running is not None:
            return running.view if running.view.person == person else None
        return next((view for view in await self._elsewhere(person) if view.id == attempt), None)

    async def _elsewhere(self, person: Person) -> Sequence[AttemptView]:
        try:
            return await self._book.of_person(person)
        except BookTrouble:
            return ()

    async def ended(self, attempt: AttemptId) -> AttemptView:
        """Wait until the attempt has a result and return it as it then is. Raises KeyError for an unknown one."""
        return await self._all[attempt].ended()

    # In step with the book.

    async def round(self) -> None:
        """Renew leases, let go of what was lost, take over what others left, read the switch; never raises."""
        try:
            # Those of this moment: one that starts while the book renews is not in its answer, and is not lost.
            mine = self._mine()
            ours = {*(one.view.id for one in mine), *self._keeper.endings_to_tell}
            held = set(await self._book.renew(ours))
            for running in mine:
                if running.view.id not in held and not running.view.ended:
                    running.lose()
            self._linking = await self._book.linking()
            for view in await self._book.orphans(ours):
                self._track(self._keeper.tell_ending(view), name="orphan told")
        except BookTrouble:
            log.warning("book_unreachable", running=len(self._running))

    async def collect(self) -> None:
        """Fetch the answers and stops that other replicas took for attempts of ours; never raises."""
        try:
            for one in await self._book.relayed([running.view.id for running in self._mine()]):
                running = self._all.get(one.attempt)
                if running is not None and one.stop:
                    running.stop(Code.STOPPED_BY_PERSON)
                elif running is not None:
                    running.answer(one.number, one.answer)
        except BookTrouble:
            log.warning("book_unreachable", running=len(self._running))

    def _mine(self) -> list[Running]:
        return [one for one in self._running.values() if one.view.id in self._all]

    async def drain(self, seconds: float) -> None:
        """Start nothing more, give running attempts `seconds`, then end them honestly; returns when all is shown.

        What is left is `interrupted`, or `outcome_unknown` past the final Submit. A chat that hangs cannot hold the
        process: showing has the time of an ending, then it is given up.
        """
        self._closing = True
        alarm = asyncio.create_task(self._close_after(seconds), name="drain")
        try:
            while self._tasks:
                await asyncio.wait(set(self._tasks))
        finally:
            alarm.cancel()

    async def _close_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        for running in list(self._running.values()):
            running.interrupt()
        await self._clock.sleep(2 * self._bounds.ending)
        for task in self._tasks:
            task.cancel()

    def _forget_old(self) -> None:
        now = self._clock.monotonic()
        over = [key for key, one in self._all.items() if one.ended_at is not None and now - one.ended_at > self._keep]
        kept = [key for key, one in self._all.items() if one.ended_at is not None and key not in over]
        for key in over + kept[: max(0, len(kept) - self._kept_at_most)]:
            del self._all[key]
