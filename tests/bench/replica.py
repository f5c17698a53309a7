"""The bot itself in a process of its own, as `link-ecf run` puts it together, with people who link.

Told its settings, then words: `fly` lets so many people link at once, each one after another at their court, `look`
says what runs and what it weighs, `land` ends it. The people press their button after half a second; everything else
is the bot's own: store, processes, pace, chat.
"""

from __future__ import annotations

from tests.bench import as_installed  # noqa: F401 - before everything else

# isort: split
import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count

from bot import logs
from bot.app import Application
from bot.attempts.attempt import AttemptView
from bot.attempts.form import LinkForm
from bot.courts.court import Court
from bot.errors import Code
from bot.linker.values import ConfirmAnswer, Result
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.secret import Login, Secret
from bot.service import Started
from bot.settings import read_settings
from tests.bench.apart import answer
from tests.bench.firm import ECF_PASSWORD, PACER_PASSWORD, account_name, courts, login_name, member
from tests.bench.memory import together

PRESSES_AFTER = 0.5


class Crowd:
    """People of a workspace who link at these courts, numbered from `first` on, and how it went for them."""

    def __init__(self, app: Application, team: str, served: tuple[Court, ...], first: int) -> None:
        self._app = app
        self._team = WorkspaceId(team)
        self._courts = served
        self._numbers: Iterator[int] = count(first)
        self._tasks: list[asyncio.Task[None]] = []
        self.ended: list[Code] = []
        self.sent_back = 0

    async def fly(self, many: int) -> float:
        """Start `many` attempts at once; returns the seconds until each of them is on its way to the court."""
        began = time.perf_counter()
        first = await asyncio.gather(*(self._start() for _ in range(many)))
        while not all(self._now(view).told for view in first):  # noqa: ASYNC110 - the thing itself is waited for
            await asyncio.sleep(0.002)
        taken = time.perf_counter() - began
        self._tasks = [asyncio.create_task(self._one_after_another(view)) for view in first]
        return taken

    async def land(self) -> None:
        """Let nobody start another one; what runs is left to the application's end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _start(self) -> AttemptView:
        while True:
            number = next(self._numbers)
            person = Person(Platform.SLACK, self._team, PersonId(member(number)))
            started = await self._app.parts.service.start(person, self._form(number))
            if isinstance(started, Started):
                return started.view
            self.sent_back += 1
            await asyncio.sleep(PRESSES_AFTER)

    async def _one_after_another(self, view: AttemptView) -> None:
        while True:
            result = await self._through(view)
            self.ended.append(result.code)
            view = await self._start()

    async def _through(self, view: AttemptView) -> Result:
        while (seen := self._now(view)).result is None:
            if seen.open_question is not None:
                press = ConfirmAnswer(True)
                await self._app.parts.service.answer(view.person, view.id, seen.open_question.number, press)
            await asyncio.sleep(PRESSES_AFTER)
        return seen.result

    def _now(self, view: AttemptView) -> AttemptView:
        """The attempt as it is now, from this process's memory."""
        return next(one for one in self._app.parts.desk.here(view.person) if one.id == view.id)

    def _form(self, number: int) -> LinkForm:
        return LinkForm(
            court=self._courts[number % len(self._courts)].id,
            pacer_username=Login(account_name(number)),
            pacer_password=Secret(PACER_PASSWORD),
            client_code=Login(""),
            cmecf_login=Login(login_name(number)),
            cmecf_password=Secret(ECF_PASSWORD),
            passcode=None,
            individual_account=True,
            redaction_acknowledged=True,
            caution_acknowledged=True,
        )


def _pids(app: Application) -> tuple[int, ...]:
    cells = app.parts.cells
    return (os.getpid(), *((cells.server_pid, *cells.pids) if cells is not None else ()))


async def _run(settings: dict[str, str], team: str, served: int, first: int) -> None:
    logs.set_up("error")
    async with Application(read_settings(settings), drain_seconds=0.0) as app:
        crowd = Crowd(app, team, courts(served), first)
        answer(port=app.port, memory=together(_pids(app)))
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            word = json.loads(line)
            if word["do"] == "fly":
                answer(seconds=await crowd.fly(word["many"]))
            elif word["do"] == "look":
                memory = together(_pids(app))
                ended = {code.value: number for code, number in Counter(crowd.ended).items()}
                answer(running=app.parts.desk.running, memory=memory, ended=ended, sent_back=crowd.sent_back)
            else:
                await crowd.land()
                answer(running=app.parts.desk.running)


if __name__ == "__main__":
    given = json.loads(sys.stdin.readline())
    asyncio.run(_run(given["settings"], given["team"], given["courts"], given["first"]))
