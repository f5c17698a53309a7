"""Attempts through real child processes: one court, many attorneys, and a caller that counts what it is asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.attempts.attempt import AttemptView
from bot.attempts.cell import CellBounds, Cells, Rations
from bot.attempts.cell.cells import LINK
from bot.linker import Outside
from bot.linker.values import Answer, Limits, LinkRequest, Question, Result, Step, Told, new_incident_id
from bot.sandbox import PretendAccount, PretendFiler, Sandbox
from tests.story.attempts import ECF_PASSWORD, PACER_PASSWORD, Person, court

PATIENT = Limits(request_seconds=30.0, proof_again_after=0.05)
"""A busy machine is no fault of the court's."""


def outside(sandbox: Sandbox) -> Outside:
    """The way to the sandbox."""
    host, port = sandbox.connect_to.split(":")
    return Outside(contact="it@firm.example", connect_to=(host, int(port)), ca_file=sandbox.ca_file)


def listed(pids: Iterable[int]) -> list[int]:
    """Those of the processes that are still in the process table, dead or alive."""
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


class Shown:
    """A chat that keeps what it is shown."""

    def __init__(self) -> None:
        self.views: asyncio.Queue[AttemptView] = asyncio.Queue()

    async def show(self, view: AttemptView) -> None:
        """Keep it."""
        self.views.put_nowait(view)

    async def arrived(self, view: AttemptView) -> bool:
        """It always arrives."""
        return True


@asynccontextmanager
async def cells_of(
    sandbox: Sandbox | None = None,
    *,
    walk: str = LINK,
    limits: Limits = PATIENT,
    bounds: CellBounds = CellBounds(),  # noqa: B008
    rations: Rations = Rations(),  # noqa: B008
) -> AsyncIterator[Cells]:
    """Cells that lead to the sandbox; on leaving, nothing of them may be left in the process table."""
    way = outside(sandbox) if sandbox is not None else Outside()
    async with Cells(way, limits=limits, bounds=bounds, rations=rations, walk=walk) as cells:
        server = cells.server_pid
        yield cells
        seen = {server, cells.server_pid, *cells.pids} - {0}
    assert not listed(seen)


def attorney(sandbox: Sandbox, number: int, court_id: str = "gasb") -> Person:
    """A person with a PACER account and a filer of their own: a filer is linked once."""
    sandbox.add_account(PretendAccount(f"attorney{number:03d}", PACER_PASSWORD))
    sandbox.add_filer(court_id, PretendFiler(f"login{number:03d}", ECF_PASSWORD))
    return Person(username=f"attorney{number:03d}", login=f"login{number:03d}")


@dataclass
class Caller:
    """The desk's part: answers as the person does, and does `act` at the `at`-th thing it hears, or at one by name."""

    person: Person
    at: int | str = 0
    act: Callable[[], object] = lambda: None
    seen: list[str] = field(default_factory=list)

    def _count(self, what: str) -> None:
        self.seen.append(what)
        if self.at in (len(self.seen), what):
            self.act()

    async def ask(self, question: Question) -> Answer:
        """Answer for the person."""
        self._count(f"ask {question.name}")
        return await self.person.ask(question)

    async def tell(self, told: Told) -> None:
        """Hear a step."""
        await self.person.tell(told)
        self._count(f"tell {told.step.value}")

    async def leave(self, host: str) -> None:
        """Let every request go."""
        self._count(f"leave {self.leaves + 1}")

    @property
    def leaves(self) -> int:
        """How many requests it let go."""
        return sum(one.startswith("leave") for one in self.seen)

    @property
    def go(self) -> int:
        """Which of the things asked was the one before the final Submit."""
        return self.seen.index(f"tell {Step.SUBMIT.value}") + 1

    @property
    def form_out(self) -> range:
        """Which of the things asked came while the link form was out: after its own "go", up to the verify page."""
        return range(
            self.seen.index(f"tell {Step.LINK_FORM.value}") + 1, self.seen.index(f"tell {Step.VERIFY.value}") + 1
        )


async def run(cells: Cells, caller: Caller, request: LinkRequest | None = None, court_id: str = "gasb") -> Result:
    """One attempt."""
    return await cells.linker(
        request or caller.person.request(court(court_id)),
        caller.ask,
        caller.tell,
        leave=caller.leave,
        incident=new_incident_id(),
    )


async def gone(pid: int) -> None:
    """Return once the process is dead, reaped or not; the kernel tells, so nothing is polled."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop, dead = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(watched, dead.set)
    try:
        await dead.wait()
    finally:
        loop.remove_reader(watched)
        os.close(watched)
