"""The state machine of broadcasts: each move once, whoever presses; with it the letters of the audience, or nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import StoreTrouble
from bot.people import Person
from bot.reminders.broadcasts.broadcast import Broadcast, BroadcastId, BroadcastState, Reason
from bot.reminders.broadcasts.form import NotMoved, NotMovedWhy
from bot.reminders.notes import BroadcastMove
from bot.store import Store
from bot.store.letters import Letters
from tests.reminders.broadcast_stage import (
    ANNA,
    BEN,
    GASB,
    HERE,
    THERE,
    Replica,
    person,
    settle,
)
from tests.store.conftest import Times

CROWD = """
INSERT INTO people (platform, workspace, person, zone, begins, ends, days, office, email, dm_channel, gone)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
SELECT 'slack', 'T0PRETEND', 'U1' || i, '', '09:00', '17:30', '1111100', 'Crowd', '', '', '' FROM n
"""
"""Ten thousand people of one office."""

REACHED = ["U0CORA", "U0DAN", "U0ELI", "U0LINK", "U0SEEN", "U0WORD"]
PASSED_OVER = [("U0GONE", "skipped", "left"), ("U0MUTE", "skipped", "muted")]


@pytest.fixture
async def one(store: Store) -> Replica:
    """A replica over a firm."""
    await settle(store)
    return Replica.of(store)


@pytest.fixture
def two(other: Store) -> Replica:
    """Another replica over the same firm."""
    return Replica.of(other)


async def test_a_draft_says_how_many_it_would_reach_and_sends_nothing(one: Replica) -> None:
    draft = await one.draft(court=GASB, unlinked_only=True)
    assert draft.included == 4
    assert draft.skipped == (
        Reason("skipped", "left", 1, ("U0GONE",)),
        Reason("skipped", "linked", 2, ("U0LINK", "U0WORD")),
        Reason("skipped", "muted", 1, ("U0MUTE",)),
    )
    assert draft.broadcast.state is BroadcastState.DRAFT
    assert await one.letters(draft.broadcast.id) == []
    assert one.notes.moves == [("U0ANNA", BroadcastMove.DRAFTED)]
    assert one.notes.kept == 1
    await one.rounds.round()
    assert await one.letters(draft.broadcast.id) == [], "no round sends a draft"


async def test_sending_writes_a_letter_for_everybody_and_why_some_get_none(one: Replica) -> None:
    id = await one.sent()
    assert await one.letters(id) == sorted([*((name, "queued", "") for name in REACHED), *PASSED_OVER])
    assert [what for _, what in one.notes.moves] == [BroadcastMove.DRAFTED, BroadcastMove.SENT]


async def test_a_channel_is_one_letter_to_it(one: Replica) -> None:
    draft = await one.draft(channel="C0FIRM")
    assert (draft.included, draft.skipped) == (1, ())
    await one.broadcaster.send(HERE, ANNA, draft.broadcast.id)
    assert await one.letters(draft.broadcast.id) == [("C0FIRM", "queued", "")]


async def test_two_admins_in_two_replicas_who_press_together_send_once(one: Replica, two: Replica) -> None:
    id = (await one.draft()).broadcast.id
    presses = [(one, two)[n % 2].broadcaster.send(HERE, (ANNA, BEN)[n % 2], id) for n in range(10)]
    came = await asyncio.gather(*presses)
    moved = [one for one in came if isinstance(one, Broadcast)]
    assert len(moved) == 1
    refused = [one for one in came if isinstance(one, NotMoved)]
    assert {each.why for each in refused} == {NotMovedWhy.NOT_NOW}
    assert {each.broadcast.state for each in refused if each.broadcast} == {BroadcastState.SENDING}
    assert len(await one.letters(id)) == len(REACHED) + len(PASSED_OVER)
    assert [what for _, what in one.notes.moves + two.notes.moves].count(BroadcastMove.SENT) == 1


async def test_another_workspace_neither_sends_nor_sees_it(one: Replica) -> None:
    id = (await one.draft()).broadcast.id
    stranger = person("U0ANNA", THERE)
    for press in (one.broadcaster.send, one.broadcaster.schedule, one.broadcaster.stop):
        assert await press(THERE, stranger, id) == NotMoved(NotMovedWhy.GONE)
    assert await one.broadcaster.again(THERE, stranger, id, 1) == NotMoved(NotMovedWhy.GONE)
    assert await one.broadcaster.progress(THERE, id) is None
    assert await one.broadcaster.deliveries(THERE, id) == ()
    assert await one.broadcaster.send(HERE, ANNA, BroadcastId("' OR 1=1 --")) == NotMoved(NotMovedWhy.GONE)


async def test_an_audience_of_nobody_is_said_and_the_draft_stays_a_draft(one: Replica) -> None:
    draft = await one.draft(office="Atlanta")
    assert draft.included == 0
    came = await one.broadcaster.send(HERE, ANNA, draft.broadcast.id)
    assert came == NotMoved(NotMovedWhy.NOBODY, draft.broadcast)
    assert await one.letters(draft.broadcast.id) == []
    assert [what for _, what in one.notes.moves] == [BroadcastMove.DRAFTED]


async def test_a_failure_while_its_letters_are_written_leaves_a_draft_and_no_letter(one: Replica) -> None:
    id = (await one.draft()).broadcast.id
    one.notes.fails = True
    with pytest.raises(StoreTrouble):
        await one.broadcaster.send(HERE, ANNA, id)
    one.notes.fails = False
    progress = await one.broadcaster.progress(HERE, id)
    assert progress is not None
    assert progress.broadcast.state is BroadcastState.DRAFT
    assert isinstance(await one.broadcaster.send(HERE, ANNA, id), Broadcast), "and the next press sends"


async def test_stop_passes_over_what_waits_and_leaves_what_is_under_way(one: Replica) -> None:
    id = await one.sent()
    await one.deliver(id, only=("U0CORA",))
    letters = Letters()
    async with one.store.work() as work:
        [first, *_] = await letters.waiting(work, 1)
        held = await letters.claim(work, first, "me", 60)
    assert held is not None
    stopped = await one.broadcaster.stop(HERE, BEN, id)
    assert isinstance(stopped, Broadcast)
    assert stopped.state is BroadcastState.STOPPED
    states = {name: (state, why) for name, state, why in await one.letters(id)}
    assert states["U0CORA"] == ("sent", "")
    assert states[held.recipient] == ("sending", "")
    left = set(REACHED) - {"U0CORA", held.recipient}
    assert {states[name] for name in left} == {("skipped", "stopped")}
    # What was under way comes back unsent after the stop: the next round passes it over as well.
    async with one.store.work() as work:
        await letters.put_back(work, held, 0, unsure=False, counted=True)
    await one.rounds.round()
    assert (held.recipient, "skipped", "stopped") in await one.letters(id)
    assert await one.broadcaster.stop(HERE, ANNA, id) == NotMoved(NotMovedWhy.NOT_NOW, stopped)


@pytest.mark.parametrize("by", [ANNA, BEN])
async def test_again_is_for_the_failed_only_and_for_the_round_that_was_seen(
    one: Replica, two: Replica, by: Person
) -> None:
    id = await one.sent()
    assert isinstance(await one.broadcaster.again(HERE, by, id, 1), NotMoved), "it still goes out"
    await one.deliver(id, "failed", "refused", only=("U0CORA", "U0DAN"))
    await one.deliver(id, "perhaps", "unknown_outcome", only=("U0ELI",))
    await one.deliver(id)
    assert await one.rounds.round() == 1
    came = await asyncio.gather(*((one, two)[n % 2].broadcaster.again(HERE, by, id, 1) for n in range(6)))
    assert len([each for each in came if isinstance(each, Broadcast)]) == 1
    queued = [name for name, state, _ in await one.letters(id) if state == "queued"]
    assert queued == ["U0CORA", "U0DAN"], "who perhaps has it is not told twice"
    await one.deliver(id)
    await two.rounds.round()
    late = await one.broadcaster.again(HERE, by, id, 1)
    assert isinstance(late, NotMoved), "an old report's button does nothing"
    done = await one.broadcaster.again(HERE, by, id, 2)
    assert isinstance(done, NotMoved)
    assert done.why is NotMovedWhy.NONE_FAILED
    assert done.broadcast is not None
    assert (done.broadcast.state, done.broadcast.round) == (BroadcastState.DONE, 2), "nothing was moved"


async def test_a_scheduled_one_fires_once_over_all_replicas(one: Replica, two: Replica, times: Times) -> None:
    draft = await one.draft(court=GASB, send_at=times.later(3600))
    id = draft.broadcast.id
    assert isinstance(await one.broadcaster.schedule(HERE, ANNA, id), Broadcast)
    assert isinstance(await two.broadcaster.schedule(HERE, BEN, id), NotMoved)
    assert await one.rounds.round() == 0
    assert await one.letters(id) == []
    async with one.store.work() as work:
        await work.connection.exec_driver_sql(
            "UPDATE broadcasts SET send_at = created_at",
        )
    begun = await asyncio.gather(*((one, two)[n % 2].rounds.round() for n in range(8)))
    assert sum(begun) == 1
    assert len(await one.letters(id)) == len(REACHED) + len(PASSED_OVER)
    assert ("", BroadcastMove.SENT) in one.notes.moves + two.notes.moves, "by the bot itself, when it was time"


async def test_a_time_that_passed_since_the_preview_is_said(one: Replica, times: Times) -> None:
    draft = await one.draft(court=GASB, send_at=times.ago())
    came = await one.broadcaster.schedule(HERE, ANNA, draft.broadcast.id)
    assert came == NotMoved(NotMovedWhy.LATE, draft.broadcast)


async def test_a_stopped_schedule_never_fires(one: Replica, times: Times) -> None:
    draft = await one.draft(court=GASB, send_at=times.later(3600))
    await one.broadcaster.schedule(HERE, ANNA, draft.broadcast.id)
    await one.broadcaster.stop(HERE, BEN, draft.broadcast.id)
    async with one.store.work() as work:
        await work.connection.exec_driver_sql("UPDATE broadcasts SET send_at = created_at")
    assert await one.rounds.round() == 0
    assert await one.letters(draft.broadcast.id) == []


async def test_ten_thousand_letters_go_with_the_move(one: Replica) -> None:
    async with one.store.work() as work:
        await work.connection.exec_driver_sql(CROWD)
    draft = await one.draft(office="Crowd")
    assert draft.included == 10_000
    assert isinstance(await one.broadcaster.send(HERE, ANNA, draft.broadcast.id), Broadcast)
    progress = await one.broadcaster.progress(HERE, draft.broadcast.id)
    assert progress is not None
    assert progress.counts == {"queued": 10_000}


async def test_old_drafts_are_forgotten(one: Replica) -> None:
    id = (await one.draft()).broadcast.id
    assert (await one.broadcaster.unsent(ANNA)) is not None
    async with one.store.work() as work:
        now = await one.store.now(work)
        await one.rounds._rows.purge(work, now + timedelta(seconds=1))
    assert await one.broadcaster.progress(HERE, id) is None
