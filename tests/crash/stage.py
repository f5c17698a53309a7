"""An owner that is killed at one point, a second replica that stands by, and a court that counts."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.attempts.attempt import AttemptView
from bot.clock import SystemClock
from bot.parts import Parts, kept_parts
from bot.people import Platform
from bot.sandbox import Asked, CourtChoice, Fault, Kind, Sandbox
from bot.settings import read_settings
from bot.vault import Key, KeyRing
from tests.attempts.cell.stage import gone
from tests.crash.people import COURT, attorney
from tests.crash.places import Place, Places
from tests.crash.trace import lines
from tests.story.attempts import manners, pacer_manners, pretend

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 3
"""Owners that walk at the same time; those that are dead and wait to be taken over do not count."""

PATIENCE = 90.0
"""Seconds for what a busy machine may be slow at; what the design promises is measured, and far less."""

Act = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def pretend_court() -> AsyncIterator[tuple[Sandbox, Gates]]:
    """One court for all, on the long road: PACER's page, its passcode, the redaction notice, the drop-down."""

    def prepare(sandbox: Sandbox) -> None:
        pacer_manners(faults=frozenset({Fault.API_UNAVAILABLE}))(sandbox)
        manners(COURT, court_choice=CourtChoice.LISTED)(sandbox)

    async with pretend(prepare=prepare) as sandbox:
        gates = Gates()
        sandbox.gate = gates.passed
        yield sandbox, gates


class Gates:
    """Stops one owner's world at one of its requests; owners are told apart by the contact in their User-Agent."""

    def __init__(self) -> None:
        self._counted: dict[str, int] = {}
        self._numbers: dict[int, int] = {}
        self._acts: dict[str, tuple[int, bool, Act]] = {}

    def set(self, contact: str, number: int, answered: bool, act: Act) -> None:
        """At the owner's request `number` (from 1), on arrival or once it is answered, do `act`; it says: go on?"""
        self._acts[contact] = (number, answered, act)

    async def passed(self, asked: Asked, answered: bool) -> bool:
        """Count, and act where it was asked for."""
        contact = asked.user_agent.partition("(+")[2].rstrip(")")
        if not answered:
            self._counted[contact] = self._numbers[id(asked)] = self._counted.get(contact, 0) + 1
        number = self._numbers.pop(id(asked)) if answered else self._numbers[id(asked)]
        at, when, act = self._acts.get(contact, (0, False, _go_on))
        return await act() if (number, answered) == (at, when) else True


async def _go_on() -> bool:
    return True


class Shown:
    """The second replica's chat: what it was shown, and when."""

    def __init__(self) -> None:
        self.endings: list[tuple[float, AttemptView]] = []
        self.came = asyncio.Event()

    async def show(self, view: AttemptView) -> None:
        """Keep it."""
        if view.ended:
            self.endings.append((time.monotonic(), view))
            self.came.set()

    async def arrived(self, view: AttemptView) -> bool:
        """It always arrives."""
        return True


@dataclass
class Owner:
    """One owner: its process, what its attorney typed, and the trace it leaves."""

    process: Process
    typed: dict[str, str]
    trace: Path
    contact: str
    died: float = 0.0

    @property
    def pids(self) -> set[int]:
        """Its fork server and the children it had, as far as it said."""
        return {pid for line in lines(self.trace) for pid in line.get("pids", ()) if pid}

    async def reached(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait for a line of the trace."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for line in lines(self.trace):
                    if holds(line):
                        return line
                assert self.process.returncode is None, f"the owner ended: {self.process.returncode}"
                await asyncio.sleep(0.02)

    async def over(self) -> None:
        """Wait until it is gone with all its children, and note when."""
        async with asyncio.timeout(PATIENCE):
            await self.process.wait()
        self.died = time.monotonic()
        async with asyncio.timeout(5):  # a second on a quiet machine
            await asyncio.gather(*(gone(pid) for pid in self.pids))

    async def kill(self) -> None:
        """SIGKILL from outside; returns once the process and its children are gone."""
        os.kill(self.process.pid, signal.SIGKILL)
        await self.over()

    def begin(self) -> None:
        """Let an owner that waits begin."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")


@dataclass
class Stage:
    """What all attempts of a run share."""

    sandbox: Sandbox
    gates: Gates
    places: Places
    ring: KeyRing = field(default_factory=lambda: KeyRing((Key.fresh(SystemClock().now()),)))
    walking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    opening: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def environment(self, place: Place, folder: str, contact: str) -> dict[str, str]:
        """The settings of a replica with this state folder."""
        (place.folder / folder).mkdir(exist_ok=True)
        return {
            "DATABASE_URL": place.address,
            "LINK_ECF_STATE_DIR": str(place.folder / folder),
            "LINK_ECF_KEYS": self.ring.revealed(),
            "LINK_ECF_CONTACT": contact,
            "LINK_ECF_LOG_LEVEL": "debug",
            "LINK_ECF_CONNECT_TO": self.sandbox.connect_to,
            "LINK_ECF_CA_FILE": str(self.sandbox.ca_file),
        }

    @asynccontextmanager
    async def second(self, place: Place) -> AsyncIterator[tuple[Parts, Shown]]:
        """A replica in this process, with the real lease and the real rounds."""
        settings = read_settings(self.environment(place, "second", "second@firm.example"))
        async with AsyncExitStack() as stack:
            async with self.opening:
                parts = await stack.enter_async_context(kept_parts(settings, SystemClock()))
            shown = Shown()
            parts.messengers.add(Platform.SLACK, shown)
            yield parts, shown

    @asynccontextmanager
    async def owner(self, place: Place, typed: dict[str, str] | None = None, **plan: Any) -> AsyncIterator[Owner]:
        """An owner about to begin; whatever happens, nothing of it is left behind."""
        typed = typed or attorney(self.sandbox)
        number = len(list(place.folder.glob("owner-*")))
        name, contact = f"owner-{number}", f"{typed['name']}-{number}@firm.example"
        environment = self.environment(place, name, contact)
        folder = place.folder / name
        given = {"at": "", "blow": 0, "answers": "here", "waits": False, "drain": 60.0, "silent": 60.0}
        given |= {"child": False, "quiet": False, "then": [], **plan}
        with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.crash.owner"), cwd=ROOT, stdin=PIPE, stdout=out, stderr=err
            )
        owner = Owner(process, typed, folder / "trace", contact)
        assert process.stdin is not None
        given |= {"environment": environment, "trace": str(owner.trace), **typed}
        process.stdin.write(json.dumps(given).encode() + b"\n")
        try:
            yield owner
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            process.stdin.close()

    def submits(self, owner: Owner) -> list[Asked]:
        """The final Submits that reached the court from this owner for this attorney's filer."""
        sent = self.sandbox.ledger.of(Kind.FINAL_SUBMIT)
        return [one for one in sent if owner.contact in one.user_agent and one.filer in ("", owner.typed["login"])]

    def linked(self, owner: Owner) -> bool:
        """Whether the court holds the two accounts to be linked."""
        return self.sandbox.court(COURT).linked.get(owner.typed["login"]) == owner.typed["account"]


async def until(holds: Callable[[], Awaitable[object]], seconds: float = PATIENCE) -> None:
    """Wait for the thing itself."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
