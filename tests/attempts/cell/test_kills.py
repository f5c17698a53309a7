"""SIGKILL and SIGSTOP at every frame, to the child and to its owner: never a Submit that nobody let go, never a lie."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.attempts.cell import CellBounds, Cells, Lost
from bot.errors import Code
from bot.linker.values import Result
from bot.sandbox import CourtChoice, Fault, Kind, PretendAccount, PretendFiler, Sandbox
from tests.attempts.cell.stage import Caller, cells_of, gone, run
from tests.story.attempts import ECF_PASSWORD, PACER_PASSWORD, PASSCODE, Person, manners, pacer_manners, pretend

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).resolve().parents[3]
AT_ONCE = 3


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    """One court for all, on the long road: PACER's sign-on page, its passcode, the redaction notice, the drop-down."""

    def prepare(sandbox: Sandbox) -> None:
        pacer_manners(faults=frozenset({Fault.API_UNAVAILABLE}))(sandbox)
        manners("gasb", court_choice=CourtChoice.LISTED)(sandbox)

    async with pretend(prepare=prepare) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def cells(sandbox: Sandbox) -> AsyncIterator[Cells]:
    """Cells that lead to it."""
    async with cells_of(sandbox) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def road(sandbox: Sandbox, cells: Cells) -> Caller:
    """An attempt that nothing happens to: what every other one is compared with."""
    caller = Caller(attorney(sandbox, 1))
    assert (await run(cells, caller)).code is Code.LINKED
    assert len(caller.seen) > 25
    return caller


def attorney(sandbox: Sandbox, number: int) -> Person:
    """A person whom PACER asks for a passcode and shows the redaction notice."""
    name = f"attorney{number:03d}"
    sandbox.add_account(PretendAccount(name, PACER_PASSWORD, passcode=PASSCODE, files_elsewhere=True))
    sandbox.add_filer("gasb", PretendFiler(f"login{number:03d}", ECF_PASSWORD))
    return Person(username=name, login=f"login{number:03d}", passcode_later=PASSCODE)


def submits(sandbox: Sandbox, person: Person) -> int:
    """How often the final Submit was sent for this attorney's filer."""
    return sum(one.filer == person.login for one in sandbox.ledger.of(Kind.FINAL_SUBMIT))


async def struck(cells: Cells, person: Person, at: int, blow: signal.Signals) -> Result:
    """An attempt whose child gets a signal at the `at`-th frame."""
    pids: list[int] = []

    def strike() -> None:
        pids.extend(cells.pids)
        os.kill(pids[0], blow)

    result = await run(cells, Caller(person, at, strike))
    await asyncio.wait_for(gone(pids[0]), 1.0)
    return result


async def test_a_child_killed_at_any_frame_ends_honestly(cells: Cells, sandbox: Sandbox, road: Caller) -> None:
    """Interrupted before a "go", unknown after it, and submitted never without it."""
    for at in range(1, len(road.seen) + 1):
        person = attorney(sandbox, 100 + at)
        result = await struck(cells, person, at, signal.SIGKILL)
        # Killed while its owner commits, it may or may not be known to be dead when the "go" is written.
        out = at in road.form_out or at >= road.go
        edges = {road.form_out.start, road.form_out.stop, road.go}
        codes = {Code.OUTCOME_UNKNOWN if out else Code.INTERRUPTED}
        codes |= {Code.OUTCOME_UNKNOWN, Code.INTERRUPTED} if at in edges else set()
        assert result.code in codes, road.seen[at - 1]
        assert result.detail == Lost.KILLED
        assert submits(sandbox, person) == (at > road.go)


async def test_a_child_stopped_at_any_frame_is_ended(sandbox: Sandbox, road: Caller) -> None:
    """A stopped process answers nobody: its time runs out, and it is killed as it stands."""
    async with cells_of(sandbox, bounds=CellBounds(silent=0.6, ending=0.3)) as cells:
        for at in (1, road.go // 2, road.go, road.go + 1, len(road.seen)):
            person = attorney(sandbox, 200 + at)
            result = await struck(cells, person, at, signal.SIGSTOP)
            out = at in road.form_out or at >= road.go
            assert result.code is (Code.OUTCOME_UNKNOWN if out else Code.INTERRUPTED), road.seen[at - 1]
            assert result.detail == Lost.SILENT
            assert submits(sandbox, person) == (at > road.go)


async def owner(sandbox: Sandbox, person: Person, at: int | str, blow: signal.Signals, **more: Any) -> Process:
    """A service in a process of its own that is about to get a signal."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.attempts.cell.owner"), cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    plan = {"port": sandbox.port, "ca_file": str(sandbox.ca_file), "username": person.username, "login": person.login}
    assert process.stdin is not None
    process.stdin.write(json.dumps({**plan, "at": at, "signal": blow, **more}).encode())
    process.stdin.close()
    return process


async def heard(process: Process) -> dict[str, Any]:
    """The next line of an owner."""
    assert process.stdout is not None
    line: dict[str, Any] = json.loads(await process.stdout.readline())
    return line


@pytest.mark.timeout(300)  # some thirty services, each started and killed
async def test_an_owner_killed_at_any_frame_takes_its_child_along(sandbox: Sandbox, road: Caller) -> None:
    """Gone within a second, fork server and all; nothing is submitted that had no "go"."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def kill(at: int) -> None:
        person = attorney(sandbox, 300 + at)
        async with turns:
            process = await owner(sandbox, person, at, signal.SIGKILL)
            pids = await heard(process)
            assert await process.wait() == -signal.SIGKILL
            await asyncio.wait_for(asyncio.gather(gone(pids["child"]), gone(pids["server"])), 1.0)
        sent = submits(sandbox, person)
        assert sent == 0 if at <= road.go else sent <= 1, road.seen[at - 1]

    await asyncio.gather(*(kill(at) for at in range(1, len(road.seen) + 1)))


@pytest.mark.parametrize("server_first", [False, True], ids=["alone", "after its fork server"])
async def test_an_owner_killed_while_its_child_cannot_notice(sandbox: Sandbox, server_first: bool) -> None:
    """The child holds its interpreter in one long call into C: the kernel ends it, with a fork server or without."""
    person = Person(username="holds_the_interpreter")
    walk = "tests.attempts.cell.rogues:play"
    process = await owner(sandbox, person, 1, signal.SIGKILL, walk=walk, server_first=server_first)
    pids = await heard(process)
    assert await process.wait() == -signal.SIGKILL
    await asyncio.wait_for(asyncio.gather(gone(pids["child"]), gone(pids["server"])), 1.0)


async def test_an_owner_frozen_before_its_go_submits_nothing(sandbox: Sandbox) -> None:
    """Nor when it is thawed too late: the child, which waited, does not take a "go" that is old."""
    person = attorney(sandbox, 400)
    process = await owner(sandbox, person, "tell submit", signal.SIGSTOP, go=0.2)
    pids = await heard(process)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(gone(pids["child"]), 0.4)  # it waits, for longer than a "go" is good for
    assert submits(sandbox, person) == 0
    process.send_signal(signal.SIGCONT)
    said = await heard(process)
    assert said["code"] == Code.INTERRUPTED
    assert "too late" in said["detail"]
    assert await process.wait() == 0
    assert submits(sandbox, person) == 0
