"""The rows of broadcasts: one mover, one turn, and numbers that are true; on both databases and over two replicas."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store import Store
from bot.store.broadcasts import BroadcastKey, Broadcasts
from bot.store.date_rows import BroadcastRow
from bot.store.letters import Letters
from tests.reminders.broadcast_stage import TEAM, letter
from tests.store.conftest import Times

ROWS = Broadcasts()
KEY = BroadcastKey("slack", TEAM, "b1")
RACERS = 12


@pytest.fixture
async def draft(store: Store, times: Times) -> BroadcastRow:
    """A draft of Anna's, to be sent in a minute if it is scheduled."""
    row = BroadcastRow("b1", "slack", TEAM, "U0ANNA", "Hello.", {"court": "gasb"}, "draft", times.now, times.now)
    row = replace(row, send_at=times.later())
    async with store.work() as work:
        await ROWS.enter(work, row)
    return row


async def test_of_all_who_begin_a_draft_one_does(store: Store, other: Store, draft: BroadcastRow) -> None:
    async def begin(where: Store) -> bool:
        async with where.work() as work:
            return await ROWS.begin(work, KEY) is not None

    begun = await asyncio.gather(*(begin((store, other)[n % 2]) for n in range(RACERS)))
    assert begun.count(True) == 1


async def test_each_move_is_made_from_its_own_states_only(store: Store, draft: BroadcastRow) -> None:
    async with store.work() as work:
        assert await ROWS.stop(work, KEY) is None, "a draft has nothing to stop"
        assert await ROWS.again(work, KEY, 1) is None
        assert await ROWS.begin_due(work, KEY) is None
        scheduled = await ROWS.schedule(work, KEY)
        assert scheduled is not None
        assert scheduled.state == "scheduled"
        assert await ROWS.begin(work, KEY) is None, "what is scheduled is not sent early by an old preview"
        assert await ROWS.begin_due(work, KEY) is None, "nor before its time"
        assert await ROWS.due(work, 10) == []
        stopped = await ROWS.stop(work, KEY)
        assert stopped is not None
        assert stopped.state == "stopped"
        assert await ROWS.again(work, KEY, 2) is None, "a round that nobody saw"
        again = await ROWS.again(work, KEY, 1)
        assert again is not None
        assert (again.state, again.round) == ("sending", 2)
        assert await ROWS.again(work, KEY, 2) is None, "it goes out already"


async def test_another_workspaces_broadcast_is_not_there(store: Store, draft: BroadcastRow) -> None:
    async with store.work() as work:
        for stranger in (replace(KEY, workspace="T0OTHER"), replace(KEY, platform="teams"), replace(KEY, id="b2")):
            assert await ROWS.get(work, stranger) is None
            assert await ROWS.begin(work, stranger) is None
            assert await ROWS.schedule(work, stranger) is None
        assert await ROWS.get(work, KEY) == draft


async def test_a_time_that_is_past_cannot_be_scheduled_and_one_that_came_is_due(
    store: Store, draft: BroadcastRow, times: Times
) -> None:
    async with store.work() as work:
        await ROWS.enter(work, replace(draft, id="late", send_at=times.ago()))
        await ROWS.enter(work, replace(draft, id="due", state="scheduled", send_at=times.ago()))
        assert await ROWS.schedule(work, replace(KEY, id="late")) is None
        due = await ROWS.due(work, 10)
        assert [one.id for one in due] == ["due"]
        begun = await ROWS.begin_due(work, due[0])
        assert begun is not None
        assert begun.state == "sending"
        assert await ROWS.begin_due(work, due[0]) is None


async def test_it_is_over_once_no_letter_waits_and_one_replica_ends_it(
    store: Store, other: Store, draft: BroadcastRow
) -> None:
    async with store.work() as work:
        await ROWS.begin(work, KEY)
        await Letters().write(work, [letter("l1", "U1", "b1", "sent"), letter("l2", "U2", "b1", "sending")])
    async with other.work() as work:
        assert await ROWS.finish(work) == []
        await work.connection.exec_driver_sql("UPDATE letters SET state = 'perhaps' WHERE id = 'l2'")

    async def finish(where: Store) -> int:
        async with where.work() as work:
            return len(await ROWS.finish(work))

    assert sum(await asyncio.gather(*(finish((store, other)[n % 2]) for n in range(RACERS)))) == 1


async def test_the_numbers_and_the_first_of_each_reason(store: Store, draft: BroadcastRow) -> None:
    letters = [letter(f"l{n}", f"U{n}", "b1", "failed", "left") for n in range(5)]
    letters += [letter("l8", "U8", "b1", "skipped", "muted"), letter("l9", "U9", "b1", "sent")]
    async with store.work() as work:
        await Letters().write(work, letters)
        assert await ROWS.counts(work, ["b1", "none"]) == {"b1": {"failed": 5, "skipped": 1, "sent": 1}, "none": {}}
        missed = await ROWS.missed(work, "b1", 2)
        assert [(one.state, one.why, one.count, one.some) for one in missed] == [
            ("failed", "left", 5, ("U0", "U1")),
            ("skipped", "muted", 1, ("U8",)),
        ]
        everyone = [one.recipient for one in await ROWS.deliveries(work, "b1")]
        assert everyone == ["U0", "U1", "U2", "U3", "U4", "U9", "U8"], "by state, then recipient"


async def test_one_replica_has_the_turn_to_show_it(store: Store, other: Store, draft: BroadcastRow) -> None:
    async def turn(where: Store) -> bool:
        async with where.work() as work:
            return await ROWS.turn(work, "b1", 60)

    taken = await asyncio.gather(*(turn((store, other)[n % 2]) for n in range(RACERS)))
    assert taken.count(True) == 1
    async with store.work() as work:
        await ROWS.shown(work, "b1", {"ts": "1"}, 0)
        found = await ROWS.get(work, KEY)
        assert found is not None
        assert found.place == {"ts": "1"}
    assert await turn(other), "it was given back"
    async with store.work() as work:
        await work.connection.exec_driver_sql("UPDATE chat_pace SET next_at = next_at + 864000")
    assert await turn(store), "a turn of a clock that was set back binds nobody"


async def test_lists_show_what_was_sent_and_the_writer_what_was_not(
    store: Store, draft: BroadcastRow, times: Times
) -> None:
    async with store.work() as work:
        newest = await ROWS.newest_draft(work, "slack", TEAM, "U0ANNA")
        assert newest == draft
        assert await ROWS.newest_draft(work, "slack", TEAM, "U0BEN") is None
        assert await ROWS.recent(work, "slack", TEAM, 10) == []
        await ROWS.enter(work, replace(draft, id="b2", created_at=times.later(1)))
        await ROWS.begin(work, replace(KEY, id="b2"))
        assert [one.id for one in await ROWS.recent(work, "slack", TEAM, 10)] == ["b2"]
        assert await ROWS.newest_draft(work, "slack", TEAM, "U0ANNA") is None, "what came after it was sent"
        assert [one.id for one in await ROWS.lively(work, times.ago())] == ["b2"]
        assert await ROWS.purge(work, draft.created_at + timedelta(seconds=0.5)) == 1
        assert await ROWS.get(work, KEY) is None
        assert len(await ROWS.recent(work, "slack", TEAM, 10)) == 1, "what was sent is kept"
