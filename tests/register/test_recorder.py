"""The recorder: register and audit move together or not at all, and the head is kept only of what was committed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import Code
from bot.linker.values import IncidentId, Result, Step, Told
from bot.register import (
    AuditEvent,
    Event,
    Head,
    HeadFile,
    Menus,
    Recorder,
    State,
    attempt_ended,
    attempt_started,
    attempt_taken_over,
    invited,
    step,
    verify,
)
from bot.secret import Login
from tests.register.memory import Memory, MemoryAudit, MemoryRegister, Unit
from tests.register.strategies import ANNA, BEN, FILERS, GASB, MENU, NOON

INCIDENT = IncidentId("abcde23456")
LINKED = Result(Code.LINKED, INCIDENT, "", MENU, FILERS, 14)


@dataclass
class Hand:
    """A clock that is moved by hand."""

    at: datetime = NOON

    def now(self) -> datetime:
        """Return the time that was set, a second later each time."""
        self.at += timedelta(seconds=1)
        return self.at

    def monotonic(self) -> float:
        """Return nothing of use: the recorder measures no time."""
        raise AssertionError

    async def sleep(self, seconds: float) -> None:
        """Never called: the recorder does not wait."""
        raise AssertionError


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder[Unit]:
    return Recorder(MemoryRegister(), MemoryAudit(), clock=Hand(), head=HeadFile(tmp_path))


START = attempt_started(ANNA, GASB, INCIDENT, login=Login("filer77"), account=Login("pacer.name88"), office="Savannah")


async def test_an_attempt_from_start_to_linked(memory: Memory, recorder: Recorder[Unit]) -> None:
    async with memory.work() as work:
        began = await recorder.record(work, START)
    assert began.entry.state is State.IN_PROGRESS
    async with memory.work() as work:
        await recorder.note(work, step(ANNA, GASB, INCIDENT, Told(Step.FRONT_PAGE)))
        over = await recorder.record(work, attempt_ended(ANNA, GASB, LINKED))
    await recorder.keep(over.head)
    entry = memory.entries[ANNA, GASB]
    assert entry == over.entry
    assert (entry.state, entry.incident, entry.menus) == (State.LINKED, INCIDENT, Menus(MENU, FILERS))
    assert (entry.login_tail, entry.account_tail, entry.office) == ("77", "88", "Savannah")
    assert [line.seq for line in memory.lines] == [1, 2, 3]
    assert verify(memory.lines, over.head).whole


async def test_what_is_undone_leaves_no_line_and_no_entry(memory: Memory, recorder: Recorder[Unit]) -> None:
    async def fails() -> None:
        async with memory.work() as work:
            await recorder.record(work, START)
            raise OSError("the attempt's own row")

    with pytest.raises(OSError, match="the attempt's own row"):
        await fails()
    assert not memory.entries
    assert not memory.lines


async def test_a_take_over_ends_what_was_in_progress(memory: Memory, recorder: Recorder[Unit]) -> None:
    async with memory.work() as work:
        await recorder.record(work, START)
        gone = await recorder.record(work, attempt_taken_over(ANNA, GASB, INCIDENT, Code.INTERRUPTED, "b"))
    assert (gone.entry.state, gone.entry.code) == (State.FAILED, Code.INTERRUPTED)


async def test_people_do_not_get_in_each_others_way(memory: Memory, recorder: Recorder[Unit]) -> None:
    async def one(number: int) -> None:
        async with memory.work() as work:
            kept = await recorder.record(work, invited(ANNA if number % 2 else BEN, GASB))
        await recorder.keep(kept.head)

    await asyncio.gather(*(one(number) for number in range(20)))
    assert {entry.state for entry in memory.entries.values()} == {State.INVITED}
    assert len(memory.lines) == 20
    assert verify(memory.lines, memory.lines[-1].head).whole


async def test_the_newest_head_is_kept_whatever_the_order(
    memory: Memory, recorder: Recorder[Unit], tmp_path: Path
) -> None:
    heads: list[Head] = []
    for _ in range(30):
        async with memory.work() as work:
            heads.append(await recorder.note(work, AuditEvent(Event.LINKING_SWITCHED, BEN, facts={"on": True})))
    await asyncio.gather(*(recorder.keep(head) for head in [*heads[20:], *heads[:20]]))
    assert HeadFile(tmp_path).read() == heads[-1]


async def test_a_head_that_cannot_be_kept_is_logged_and_ends_nothing(
    memory: Memory, recorder: Recorder[Unit], tmp_path: Path
) -> None:
    (tmp_path / "audit-head.json").write_text("tampered with")
    async with memory.work() as work:
        kept = await recorder.record(work, START)
    with capture_logs() as logged:
        await recorder.keep(kept.head)
    assert logged == [{"event": "audit_head_not_kept", "error": "BrokenHead", "log_level": "error"}]


async def test_without_a_folder_no_head_is_kept(memory: Memory) -> None:
    recorder: Recorder[Unit] = Recorder(MemoryRegister(), MemoryAudit(), clock=Hand(), head=None)
    async with memory.work() as work:
        kept = await recorder.record(work, START)
    await recorder.keep(kept.head)
    assert kept.head == memory.lines[-1].head
