"""The recorder: register and audit move together or not at all, and the head is kept only of what was committed."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.clock import SystemClock
from bot.errors import Code
from bot.linker.values import IncidentId, Result, Step, Told
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register import (
    AuditEvent,
    Change,
    Entry,
    Event,
    Head,
    HeadFile,
    Line,
    Menus,
    State,
    Verdict,
    attempt_ended,
    attempt_started,
    attempt_taken_over,
    invited,
    self_reported,
    step,
    verify,
)
from bot.register.recorder import Recorder
from bot.register.rows import entry_of, line_of, row_of
from bot.secret import Login
from bot.store import Audit, Register, Store
from tests.register.strategies import ANNA, BEN, FILERS, GASB, MENU, NOON, codes, incidents, menus

INCIDENT = IncidentId("abcde23456")
LINKED = Result(Code.LINKED, INCIDENT, "", MENU, FILERS, 14)


LINES = 1000


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(SystemClock(), HeadFile(tmp_path / "heads"))


async def lines(store: Store) -> list[Line]:
    """Return the whole audit."""
    async with store.work() as work:
        return [line_of(row) for row in await Audit().since(work, 0, LINES)]


async def entries(store: Store) -> list[Entry]:
    """Return the whole register."""
    async with store.work() as work:
        return [entry_of(row) for row in await Register().list(work)]


START = attempt_started(ANNA, GASB, INCIDENT, login=Login("filer77"), account=Login("pacer.name88"), office="Savannah")


async def test_an_attempt_from_start_to_linked(store: Store, recorder: Recorder) -> None:
    async with store.work() as work:
        began = await recorder.record(work, START)
    assert began.entry.state is State.IN_PROGRESS
    async with store.work() as work:
        await recorder.note(work, step(ANNA, GASB, INCIDENT, Told(Step.FRONT_PAGE)))
        over = await recorder.record(work, attempt_ended(ANNA, GASB, LINKED))
    (entry,) = await entries(store)
    assert entry == over.entry
    assert (entry.state, entry.incident, entry.menus) == (State.LINKED, INCIDENT, Menus(MENU, FILERS))
    assert (entry.login_tail, entry.account_tail, entry.office) == ("77", "88", "Savannah")
    audit = await lines(store)
    assert [json.loads(line.entry)["event"] for line in audit] == ["attempt_started", "step", "ended"]
    assert verify(audit, over.head) == Verdict(3, over.head, over.head)


async def test_what_is_undone_leaves_no_line_and_no_entry(store: Store, recorder: Recorder) -> None:
    async def fails() -> None:
        async with store.work() as work:
            await recorder.record(work, START)
            raise OSError("the attempt's own row")

    with pytest.raises(OSError, match="the attempt's own row"):
        await fails()
    assert not await entries(store)
    assert not await lines(store)


async def test_a_take_over_ends_what_was_in_progress(store: Store, recorder: Recorder) -> None:
    async with store.work() as work:
        await recorder.record(work, START)
        gone = await recorder.record(work, attempt_taken_over(ANNA, GASB, INCIDENT, Code.INTERRUPTED, "b"))
    assert (gone.entry.state, gone.entry.code) == (State.FAILED, Code.INTERRUPTED)
    assert await entries(store) == [gone.entry]


async def test_what_changes_nothing_is_in_the_audit_all_the_same(store: Store, recorder: Recorder) -> None:
    async with store.work() as work:
        first = await recorder.record(work, invited(ANNA, GASB))
        again = await recorder.record(work, invited(ANNA, GASB))
    assert again.entry == first.entry
    assert len(await lines(store)) == 2


async def test_two_replicas_lose_nothing(store: Store, other: Store, recorder: Recorder, tmp_path: Path) -> None:
    """A link and a person's own word at the same moment, over and over: the link always stands, no number is missed."""
    theirs = Recorder(SystemClock(), HeadFile(tmp_path / "theirs"))

    async def happen(where: Store, by: Recorder, change: Change) -> None:
        async with where.work() as work:
            kept = await by.record(work, change)
        await by.keep(kept.head)

    people = [Person(Platform.SLACK, WorkspaceId("T01"), PersonId(f"U{number:02}")) for number in range(12)]
    await asyncio.gather(
        *(happen(store, recorder, attempt_ended(one, GASB, LINKED)) for one in people),
        *(happen(other, theirs, self_reported(one, GASB)) for one in people),
        *(happen(other, theirs, self_reported(one, GASB, done=False)) for one in people),
    )
    assert {entry.state for entry in await entries(store)} == {State.LINKED}
    audit = await lines(store)
    assert len(audit) == 36
    for folder in ("heads", "theirs"):
        assert verify(audit, HeadFile(tmp_path / folder).read()).whole


async def test_the_newest_head_is_kept_whatever_the_order(store: Store, recorder: Recorder, tmp_path: Path) -> None:
    heads: list[Head] = []
    for _ in range(30):
        async with store.work() as work:
            heads.append(await recorder.note(work, AuditEvent(Event.LINKING_SWITCHED, BEN, facts={"on": True})))
    await asyncio.gather(*(recorder.keep(head) for head in [*heads[20:], *heads[:20]]))
    assert HeadFile(tmp_path / "heads").read() == heads[-1]


async def test_a_head_that_cannot_be_kept_is_logged_and_ends_nothing(tmp_path: Path) -> None:
    recorder = Recorder(SystemClock(), HeadFile(tmp_path))
    (tmp_path / "audit-head.json").write_text("tampered with")
    with capture_logs() as logged:
        await recorder.keep(Head(1, "a" * 64))
    assert logged == [{"event": "audit_head_not_kept", "error": "BrokenHead", "log_level": "error"}]


async def test_without_a_folder_no_head_is_kept(store: Store) -> None:
    recorder = Recorder(SystemClock(), None)
    async with store.work() as work:
        kept = await recorder.record(work, START)
    await recorder.keep(kept.head)
    assert verify(await lines(store), kept.head).whole


@given(
    st.builds(
        Entry,
        st.sampled_from((ANNA, BEN)),
        st.just(GASB),
        st.sampled_from(State),
        st.datetimes(timezones=st.just(UTC)),
        st.none() | codes,
        incidents | st.just(""),
        st.builds(Menus.of, menus, menus),
        st.sampled_from(("", "77")),
        st.sampled_from(("", "88")),
        st.text(max_size=9),
    )
)
def test_an_entry_comes_back_from_its_row(entry: Entry) -> None:
    assert entry_of(row_of(entry, NOON)) == entry
