"""The desk: every running attempt, its questions, its deadline and its end.

An attempt is one task of its own that is started here, joined by a second command, answered, stopped, timed out or
drained, and that always ends with a result, with its slot given back and with its secrets spent. Results are kept for
some hours, in memory, without any secret.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.attempts.attempt import Answered, AttemptId, AttemptView, QuestionNumber
from bot.attempts.pace import Pacing
from bot.attempts.running import Bounds, Linker, Running, secrets_of
from bot.clock import Clock
from bot.courts.court import CourtId
from bot.errors import Code
from bot.linker.values import Answer, LinkRequest, new_incident_id
from bot.people import Person

log = structlog.get_logger(__name__)

Show = Callable[[AttemptView], Awaitable[None]]
"""Shows an attempt to its person; called with the newest state only, one call at a time for an attempt."""


class Closing(Exception):
    """The service is stopping: no attempt is started any more."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The attempt that runs now; `joined` is True when it ran before."""

    view: AttemptView
    joined: bool


class Desk:
    """All attempts of this process. `keep` is how long, in seconds, an ended one can still be looked up."""

    def __init__(
        self,
        linker: Linker,
        *,
        clock: Clock,
        pace: Pacing,
        show: Show,
        bounds: Bounds = Bounds(),  # noqa: B008 - a frozen value
        keep: float = 6 * 3600.0,
        kept_at_most: int = 5000,
    ) -> None:
        self._linker = linker
        self._clock = clock
        self._pace = pace
        self._show = show
        self._bounds = bounds
        self._keep = keep
        self._kept_at_most = kept_at_most
        self._running: dict[tuple[Person, CourtId], Running] = {}
        self._all: dict[AttemptId, Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def closing(self) -> bool:
        """True once drain() was called."""
        return self._closing

    @property
    def running(self) -> int:
        """How many attempts run now."""
        return len(self._running)

    def start(self, person: Person, request: LinkRequest) -> Opened:
        """Start an attempt, or join the one that this person already has at this court.

        The secrets of a request that joins are spent: the running attempt has its own. Raises Closing after drain().
        """
        key = (person, request.court.id)
        if (existing := self._running.get(key)) is not None:
            for secret in secrets_of(request):
                secret.spend()
            return Opened(existing.view, joined=True)
        if self._closing:
            raise Closing
        self._forget_old()
        view = AttemptView(
            id=AttemptId(secrets.token_urlsafe(16)),
            incident=new_incident_id(),
            person=person,
            court=request.court,
            started_at=self._clock.now(),
        )
        running = Running(view, request, clock=self._clock, bounds=self._bounds, pace=self._pace)
        self._running[key] = self._all[view.id] = running
        self._track(self._run(key, running), name="attempt")
        self._track(self._keep_shown(running), name="attempt shown")
        return Opened(view, joined=False)

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

    async def _keep_shown(self, running: Running) -> None:
        """Show each change; while one is being shown, later ones melt into the newest, and the last is always shown."""
        shown: AttemptView | None = None
        while shown is None or not shown.ended:
            await running.changed_from(shown)
            shown = running.view
            try:
                await self._show(shown)
            except Exception as error:  # a chat that fails must not end an attempt
                log.warning("show_failed", incident=shown.incident, error=type(error).__name__)

    def answer(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        """Give `answer` to the question `number` of the person's own attempt; nobody else's press counts."""
        running = self._all.get(attempt)
        if running is None:
            return Answered.TOO_LATE
        if running.view.person != person:
            return Answered.NOT_YOURS
        return running.answer(number, answer)

    def cancel(self, person: Person, attempt: AttemptId | None = None) -> Sequence[AttemptView]:
        """Stop this person's attempt, or all of them; those past their final Submit run on and are not returned."""
        mine = [one for one in self._running.values() if one.view.person == person]
        return [one.view for one in mine if attempt in (None, one.view.id) and one.stop(Code.STOPPED_BY_PERSON)]

    def attempts(self, person: Person) -> Sequence[AttemptView]:
        """Return this person's attempts, running or kept, newest first."""
        self._forget_old()
        mine = [one.view for one in self._all.values() if one.view.person == person]
        return list(reversed(mine))

    def attempt(self, person: Person, attempt: AttemptId) -> AttemptView | None:
        """Return the attempt if it is this person's, else None."""
        running = self._all.get(attempt)
        return running.view if running is not None and running.view.person == person else None

    async def ended(self, attempt: AttemptId) -> AttemptView:
        """Wait until the attempt has a result and return it as it then is. Raises KeyError for an unknown one."""
        return await self._all[attempt].ended()

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
