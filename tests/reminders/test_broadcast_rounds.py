"""What broadcasts do by themselves: progress is shown once over all replicas, where it was, and only when it is news.

Both replicas speak to the same chat here.
"""

from __future__ import annotations

import asyncio

import pytest

from bot.people import Platform
from bot.reminders.broadcasts.broadcast import FROM_TERMINAL, Audience, BroadcastState
from bot.reminders.broadcasts.form import Wanted
from bot.reminders.notes import BroadcastMove
from bot.store import Store
from tests.reminders.broadcast_stage import ANNA, GASB, HERE, Replica, person, settle
from tests.store.conftest import Times


@pytest.fixture
async def one(store: Store) -> Replica:
    """A replica over a firm."""
    await settle(store)
    return Replica.of(store)


@pytest.fixture
def two(other: Store, one: Replica) -> Replica:
    """Another replica over the same firm, in the same chat."""
    return Replica.of(other, one.teller)


async def free(one: Replica) -> None:
    """Let the time between two edits pass."""
    async with one.store.work() as work:
        await work.connection.exec_driver_sql("UPDATE chat_pace SET next_at = 0")


async def test_every_change_is_shown_once_and_in_the_same_place(one: Replica, two: Replica) -> None:
    id = await one.sent()
    await asyncio.gather(*((one, two)[n % 2].rounds.round() for n in range(8)))
    [(progress, place)] = one.teller.shows
    assert place == {}, "many replicas, one message"
    assert progress.counts == {"queued": 6, "skipped": 2}
    await free(one)
    await one.rounds.round()
    assert len(one.teller.shows) == 1, "nothing is news"
    await one.deliver(id)
    for replica in (one, two, one):
        await free(one)
        await asyncio.gather(*(replica.rounds.round() for _ in range(4)))
    assert {place.get("ts") for _, place in one.teller.shows[1:]} == {"ts1"}, "it is edited where it stands"
    ended = [shown for shown, _ in one.teller.shows if shown.broadcast.state is BroadcastState.DONE]
    assert len(ended) == 1, "the ending is shown, and once"
    assert (one.notes.moves + two.notes.moves).count(("", BroadcastMove.DONE)) == 1


async def test_edits_are_apart_and_the_newest_state_is_shown(one: Replica) -> None:
    id = await one.sent()
    await one.rounds.round()
    for name in ("U0CORA", "U0DAN"):
        await one.deliver(id, only=(name,))
        await one.rounds.show(id, Platform.SLACK)
    assert len(one.teller.shows) == 1, "too soon"
    await free(one)
    await one.rounds.show(id, Platform.SLACK)
    assert [shown.counts.get("sent", 0) for shown, _ in one.teller.shows] == [0, 2]


async def test_what_the_chat_refused_is_shown_later_and_the_ending_is_not_lost(one: Replica) -> None:
    id = await one.sent()
    one.teller.refuses = 60.0
    await one.rounds.round()
    await one.deliver(id)
    await one.rounds.round()
    one.teller.refuses = None
    await one.rounds.round()
    assert one.teller.shows == [], "the chat asked for a minute"
    await free(one)
    await one.rounds.round()
    [(shown, place)] = one.teller.shows
    assert shown.broadcast.state is BroadcastState.DONE
    assert place == {}


async def test_a_replica_that_died_while_it_showed_is_replaced(one: Replica, two: Replica) -> None:
    id = await one.sent()
    one.teller.dies = True
    with pytest.raises(SystemError):
        await one.rounds.round()
    one.teller.dies = False
    await two.rounds.round()
    assert one.teller.shows == [], "it may be showing it still"
    await free(two)
    await two.rounds.round()
    assert [shown.broadcast.id for shown, _ in one.teller.shows] == [id]


async def test_what_comes_from_the_command_line_is_sent_and_shown_to_nobody(one: Replica) -> None:
    terminal = person(FROM_TERMINAL)
    draft = await one.broadcaster.draft(HERE, terminal, Wanted("Hello.", Audience(GASB), None))
    await one.broadcaster.send(HERE, terminal, draft.broadcast.id)
    await one.deliver(draft.broadcast.id)
    assert await one.rounds.round() == 1
    assert one.teller.shows == []


async def test_an_audience_that_emptied_before_its_time_is_reported_as_nobody(one: Replica, times: Times) -> None:
    draft = await one.draft(office="Savannah", send_at=times.later(3600))
    await one.broadcaster.schedule(HERE, ANNA, draft.broadcast.id)
    async with one.store.work() as work:
        await work.connection.exec_driver_sql("UPDATE broadcasts SET send_at = created_at")
        await work.connection.exec_driver_sql("UPDATE people SET office = ''")
    assert await one.rounds.round() == 2, "it was begun, and is over"
    [(shown, _)] = one.teller.shows
    assert (shown.broadcast.state, shown.counts) == (BroadcastState.DONE, {})


async def test_a_draft_is_shown_to_nobody(one: Replica) -> None:
    await one.draft()
    await one.rounds.round()
    assert one.teller.shows == []
