"""A child that eats, spins, hangs, floods, lies or dies ends its own attempt, with words, and no other."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.attempts.cell import CellBounds, Cells, Lost, Rations
from bot.errors import Code
from bot.linker.values import Result
from tests.attempts.cell.stage import Caller, cells_of, gone, run
from tests.story.attempts import PACER_PASSWORD, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROGUES = "tests.attempts.cell.rogues:play"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def cells() -> AsyncIterator[Cells]:
    """Cells whose children do what their user name says, with little time and little memory."""
    async with cells_of(walk=ROGUES, rations=Rations(more_address_space=200 << 20, cpu_seconds=1)) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hasty() -> AsyncIterator[Cells]:
    """The same with no patience for silence."""
    async with cells_of(walk=ROGUES, bounds=CellBounds(silent=0.5, ending=0.3)) as running:
        yield running


async def attempt(cells: Cells, rogue: str) -> Result:
    """What became of an attempt by this child."""
    return await run(cells, Caller(Person(username=rogue)))


ENDS = {
    "floods": (Code.INTERRUPTED, Lost.FLOOD),
    "too_large": (Code.INTERRUPTED, Lost.NONSENSE),
    "no_json": (Code.INTERRUPTED, Lost.NONSENSE),
    "unknown_kind": (Code.INTERRUPTED, Lost.NONSENSE),
    "submits_unasked": (Code.INTERRUPTED, Lost.NONSENSE),
    "submits_twice": (Code.OUTCOME_UNKNOWN, Lost.NONSENSE),
    "eats": (Code.INTERRUPTED, Lost.MEMORY),
    "spins": (Code.INTERRUPTED, Lost.CPU),
    "crashes": (Code.INTERRUPTED, Lost.KILLED),
    "leaves": (Code.INTERRUPTED, Lost.ENDED),
    "leaves_after_the_go": (Code.OUTCOME_UNKNOWN, Lost.ENDED),
    "fails": (Code.INTERRUPTED, Lost.FAILED),
}


@pytest.mark.parametrize("rogue", ENDS)
async def test_a_bad_child_ends_its_own_attempt(cells: Cells, rogue: str) -> None:
    """While another attempt beside it goes on to its result; afterwards no child is left."""
    bad, good = await asyncio.gather(attempt(cells, rogue), attempt(cells, "decent"))
    assert (bad.code, bad.detail) == ENDS[rogue]
    assert (good.code, good.menu_before) == (Code.LINKED, ("Query",))
    await asyncio.gather(*(gone(pid) for pid in cells.pids))


@pytest.mark.parametrize(("rogue", "code"), [("hangs", Code.INTERRUPTED), ("hangs_after_the_go", Code.OUTCOME_UNKNOWN)])
async def test_a_child_that_hangs_is_ended(hasty: Cells, rogue: str, code: Code) -> None:
    """Silence while nothing keeps it waiting has a bound."""
    result = await attempt(hasty, rogue)
    assert (result.code, result.detail) == (code, Lost.SILENT)


async def test_a_stopped_child_is_ended(hasty: Cells) -> None:
    """SIGSTOP: it can answer nobody, and is killed all the same."""
    pids: list[int] = []

    def stop() -> None:
        pids.extend(hasty.pids)
        os.kill(pids[0], signal.SIGSTOP)

    result = await run(hasty, Caller(Person(username="decent"), 1, stop))
    assert (result.code, result.detail) == (Code.INTERRUPTED, Lost.SILENT)
    await gone(pids[0])


async def test_a_child_that_will_not_stop_is_killed(hasty: Cells) -> None:
    """Cancelling asks it to end, and does not wait for ever."""
    began = asyncio.Event()
    pids: list[int] = []

    def begin() -> None:
        pids.extend(hasty.pids)
        began.set()

    task = asyncio.create_task(run(hasty, Caller(Person(username="will_not_stop"), 1, begin)))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await gone(pids[0])


async def test_what_a_child_says_is_cut_to_size(cells: Cells) -> None:
    """And the incident is its owner's word."""
    result = await attempt(cells, "says_much")
    assert result.code is Code.LINKED
    assert len(result.detail) == 200
    assert len(result.menu_after) == 60
    assert max(map(len, result.menu_after)) == 120


async def test_a_child_has_next_to_nothing(cells: Cells) -> None:
    """No file but its pipe and its leash (and what its event loop opened), no core, no debugger, no token."""
    labels = (await attempt(cells, "looks_around")).menu_before
    seen = dict(label.split(" ", 1) for label in labels)
    names, files = seen.pop("names").split(), seen.pop("files").split()
    assert seen == {
        "core": "(0, 0)",
        "open": "64",
        "cpu": "1",
        "memory": "True",
        "nice": "10",
        "dumpable": "0",
        "privileges": "1",
        "session": "True",
        "terminate": "SIG_IGN",
        "output": "/dev/null /dev/null",
    }
    assert set(names) <= {"PYTHONPATH", "LC_CTYPE"}
    assert len(files) <= 9  # 0-4, epoll, the loop's own pair, and the listing itself


async def test_nothing_of_a_failure_is_logged_but_its_kind(
    cells: Cells, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """An exception's text may hold a password; what a child prints goes nowhere."""
    caplog.set_level(logging.DEBUG)
    await attempt(cells, "fails")
    await attempt(cells, "prints")
    out, err = capfd.readouterr()
    assert PACER_PASSWORD not in caplog.text + out + err
