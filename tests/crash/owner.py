"""A replica in a process of its own, to be killed: `python -m tests.crash.owner`, with a plan on its input.

It is the service as `kept_parts` puts it together, with attempts in processes of their own; only the chat is a file,
and an attorney who answers at once stands in front of it. Every point it passes is in the trace.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from bot import logs
from bot.attempts.attempt import AttemptView
from bot.attempts.cell import CellBounds, Cells
from bot.clock import SystemClock
from bot.linker.values import (
    Answer,
    Ask,
    ConfirmAnswer,
    ConfirmQuestion,
    IncidentId,
    Leave,
    Limits,
    LinkRequest,
    PasscodeAnswer,
    Question,
    Result,
    Tell,
    Told,
)
from bot.parts import kept_parts, outside_of
from bot.people import Platform
from bot.secret import Secret
from bot.service import LinkService, Started
from bot.settings import environment_for_children, read_settings
from tests.crash import units
from tests.crash.people import form_of, person_of
from tests.crash.trace import Trace

PATIENT = Limits(request_seconds=30.0, proof_again_after=0.5)
"""A busy machine is no fault of the court's."""


class Quiet:
    """Waits until no unit of work is open, where that was asked for.

    Whoever is to be frozen holds no lock of SQLite's: a file has no server to take it away again.
    """

    def __init__(self, units: units.Units, wanted: bool) -> None:
        self._units = units
        self._wanted = wanted

    async def __call__(self) -> None:
        while self._wanted and self._units.open:  # noqa: ASYNC110
            await asyncio.sleep(0.002)


class Seam:
    """The linker, with a point before and after each thing that it asks of its owner."""

    def __init__(self, cells: Cells, trace: Trace, quiet: Quiet) -> None:
        self._cells = cells
        self._trace = trace
        self._quiet = quiet

    async def link(self, request: LinkRequest, ask: Ask, tell: Tell, *, leave: Leave, incident: IncidentId) -> Result:
        """Make one attempt."""
        point = self._trace.point

        async def asking(question: Question) -> Answer:
            point(f"before ask {question.name}")
            answer = await ask(question)
            point(f"after ask {question.name}")
            return answer

        async def telling(told: Told) -> None:
            # The one that matters: before it nothing of the Submit is known to anybody, after it "submitting" is
            # committed and the "go" is not written yet.
            self._trace.write(pids=[self._cells.server_pid, *self._cells.pids])
            await self._quiet()
            point(f"before step {told.step.value}")
            await tell(told)
            await self._quiet()
            point(f"after step {told.step.value}")

        async def leaving(host: str) -> None:
            await self._quiet()
            point("before leave")
            await leave(host)
            await self._quiet()
            point("after leave")

        try:
            return await self._cells.linker(request, asking, telling, leave=leaving, incident=incident)
        finally:
            point("result")


class Chat:
    """A chat that is a file, and the attorney who reads it; `answers` is what they do: "here", or "nobody" for not."""

    def __init__(self, trace: Trace, quiet: Quiet, answers: str, passcodes: dict[str, str]) -> None:
        self.over = asyncio.Event()
        self._trace = trace
        self._quiet = quiet
        self._answers = answers == "here"
        self._passcodes = passcodes
        self._answered: set[tuple[str, int]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.service: LinkService | None = None

    async def show(self, view: AttemptView) -> None:
        """Write the view down, as a chat does; names that a court showed are not written."""
        what = "ending" if view.ended else "view"
        self._trace.point(f"before {what}")
        opened = view.open_question
        if view.result is not None:
            self._trace.write(attempt=view.id, person=view.person.id, code=view.result.code.value)
        else:
            self._trace.write(attempt=view.id, asked=opened.question.name if opened else "", submitted=view.submitted)
        self._trace.point(f"after {what}")
        if opened is not None and (view.id, opened.number) not in self._answered and self._answers:
            self._answered.add((view.id, opened.number))
            self._do(self._answer(view, opened.question))

    async def arrived(self, view: AttemptView) -> bool:
        """What is in the file has arrived."""
        self._trace.point("arrived")
        self.over.set()
        return True

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, view: AttemptView, question: Question) -> None:
        assert self.service is not None
        assert view.open_question is not None
        confirm = isinstance(question, ConfirmQuestion)
        answer = ConfirmAnswer(True) if confirm else PasscodeAnswer(Secret(self._passcodes[view.person.id]))
        await self._quiet()
        self._trace.point(f"before answer {question.name}")
        await self.service.answer(view.person, view.id, view.open_question.number, answer)
        self._trace.point(f"after answer {question.name}")


async def own(plan: dict[str, Any]) -> None:
    """Make the attempt of the plan, until it is over or SIGTERM ends it with what the plan gives it to drain."""
    settings = read_settings(plan["environment"])
    logs.set_up(settings.log_level)
    clock, stop = SystemClock(), asyncio.Event()
    trace = Trace(
        Path(plan["trace"]), plan["at"], plan["blow"], lambda: cells.pids if plan["child"] else (os.getpid(),)
    )
    passcodes = {person_of(typed["name"]).id: typed["passcode"] for typed in (plan, *plan["then"])}
    quiet = Quiet(units.listen(trace.point), plan["quiet"])
    chat = Chat(trace, quiet, plan["answers"], {str(who): code for who, code in passcodes.items()})
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    bounds = CellBounds(silent=plan["silent"], ending=1.0)
    cells = Cells(outside_of(settings), limits=PATIENT, bounds=bounds, environment=environment_for_children())
    seam = Seam(cells, trace, quiet)
    async with cells, kept_parts(settings, clock, linker=seam.link) as parts:
        parts.messengers.add(Platform.SLACK, chat)
        chat.service = parts.service
        trace.write(pids=[cells.server_pid])
        trace.write(ready=True)
        if plan["waits"]:
            await asyncio.to_thread(sys.stdin.readline)
        for typed in (plan, *plan["then"]):
            chat.over.clear()
            started = await parts.service.start(person_of(typed["name"]), form_of(typed))
            if not isinstance(started, Started):
                trace.write(refused=[problem.flaw.value for problem in started])
                return
            trace.write(started=started.view.id, joined=started.joined)
            if not started.joined:
                await _first(chat.over.wait, stop.wait)
        await parts.desk.drain(plan["drain"])
    trace.write(left=True)


async def _first(*things: Callable[[], Awaitable[object]]) -> None:
    waiting = {asyncio.ensure_future(thing()) for thing in things}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()


if __name__ == "__main__":
    asyncio.run(own(json.loads(sys.stdin.readline())))
