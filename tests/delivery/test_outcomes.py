"""Every answer that a chat may give, and what becomes of the letter and of its notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from bot.reminders.delivery.letter import Limited, NotThere, Refused, Sent, Unsent, Unsure, Why
from bot.reminders.notice import NoticeId
from bot.store import Store
from bot.store.letters_tables import chat_pace, notices
from tests.delivery.stage import LONG_AGO, QUICK, Replica, a_letter, change, due_notices, notice_states, row_of


async def test_sent(store: Store) -> None:
    """The letter and its notice are sent, at the place that the chat named; a second time nothing happens."""
    one, id = Replica(store), await a_letter(store)
    await one.deliver(id, times=2)
    row = await row_of(store, id)
    assert (row.state, row.place, row.stamp, row.attempts, row.unsure) == ("sent", "D1", "1.0", 1, False)
    assert row.first_try is not None
    assert one.chat.asked == [f"send {id}"]
    assert await notice_states(store) == {"n-U1-0": ("sent", "")}


async def test_limited_is_no_try_and_holds_the_workspace(store: Store) -> None:
    """Nothing of the workspace leaves before the chat's time is over; the letter is not looked up for it."""
    one, id = Replica(store, rates=replace(QUICK, unsent_for=3600.0)), await a_letter(store)
    other_id = await a_letter(store, "U2")
    one.chat.sends.append(Limited(120.0))
    await one.deliver(id)
    row = await row_of(store, id)
    assert (row.state, row.attempts, row.unsure) == ("queued", 0, False)
    async with store.work() as work:
        now = await store.now(work)
    assert 115 < (row.not_before - now).total_seconds() <= 120
    await one.deliver(other_id)
    held = await row_of(store, other_id)
    assert (held.state, held.attempts) == ("queued", 0)
    assert 110 < (held.not_before - now).total_seconds() <= 121
    assert one.chat.asked == [f"send {id}"]


@pytest.mark.parametrize("why", [Why.NO_CHANNEL, Why.LEFT, Why.NO_DIRECT_MESSAGES])
async def test_refused(store: Store, why: Why) -> None:
    """It failed for that reason; a person who cannot be written to is remembered as gone."""
    one, id = Replica(store), await a_letter(store)
    one.chat.sends.append(Refused(why))
    await one.deliver(id, times=2)
    row = await row_of(store, id)
    assert (row.state, row.why) == ("failed", why)
    assert await notice_states(store) == {"n-U1-0": ("failed", why)}
    assert list(one.opening.lost.values()) == ([] if why is Why.NO_CHANNEL else [why])
    assert len(one.chat.asked) == 1


async def test_unsent_is_sent_again_without_looking(store: Store) -> None:
    """It certainly did not leave: no look-up, and the next try sends."""
    one, id = Replica(store), await a_letter(store)
    one.chat.sends.extend([Unsent(0.0), "sent"])
    await one.deliver(id, times=2)
    assert one.chat.asked == [f"send {id}"] * 2
    assert (await row_of(store, id)).state == "sent"


async def test_unsent_is_given_up(store: Store) -> None:
    """After its tries, and no sooner than a day after the first, it has failed; it is not tried for ever."""
    one, id = Replica(store), await a_letter(store)
    one.chat.sends.extend([Unsent(0.0)] * 50)
    await one.deliver(id, times=20)
    assert len(one.chat.asked) == QUICK.tries
    assert ((await row_of(store, id)).state, (await row_of(store, id)).why) == ("failed", Why.TOO_LATE)
    patient = Replica(store, rates=replace(QUICK, unsent_for=86400.0))
    id = await a_letter(store, "U2")
    patient.chat.sends.extend([Unsent(0.0)] * 50)
    await patient.deliver(id, times=20)
    assert len(patient.chat.asked) == 20
    assert (await row_of(store, id)).state == "queued"
    await change(store, id, first_try=LONG_AGO)
    await patient.deliver(id, times=5)
    assert len(patient.chat.asked) == 21
    assert (await row_of(store, id)).state == "failed"


@pytest.mark.parametrize("there", [True, False])
async def test_unsure_is_looked_up_before_it_is_sent_again(store: Store, there: bool) -> None:
    """After a lost reply the chat is looked through: what is there is not sent again, what is not is."""
    one, id = Replica(store), await a_letter(store)
    one.chat.sends.append(Unsure())
    if there:
        one.chat.finds.append(Sent("D7", "9.9"))
    await one.deliver(id)
    row = await row_of(store, id)
    assert (row.state, row.unsure) == ("queued", True)
    await one.deliver(id, times=2)
    row = await row_of(store, id)
    assert row.state == "sent"
    assert (row.place, row.stamp) == (("D7", "9.9") if there else ("D1", "1.0"))
    assert one.chat.asked == [f"send {id}", f"find {id}"] + ([] if there else [f"send {id}"])
    assert len(one.chat.arrived) == (0 if there else 1)


async def test_a_chat_that_raises_leaves_a_letter_unsure(store: Store) -> None:
    """An error of ours in a chat's part loses nothing and doubles nothing; it is told by its type alone."""
    one, id = Replica(store), await a_letter(store)
    one.chat.sends.append("raises")
    await one.deliver(id)
    assert (await row_of(store, id)).unsure
    await one.deliver(id)
    assert (await row_of(store, id)).state == "sent"


async def test_look_ups_that_fail_end_in_perhaps(store: Store) -> None:
    """After its look-ups, and no sooner than an hour, it is "perhaps"; nothing was sent a second time."""
    one, id = Replica(store, rates=replace(QUICK, unsure_for=3600.0)), await a_letter(store)
    one.chat.sends.append(Unsure())
    one.chat.finds.extend([Unsure()] * 50)
    await one.deliver(id, times=12)
    assert (await row_of(store, id)).state == "queued"
    await change(store, id, first_try=LONG_AGO)
    await one.deliver(id, times=3)
    row = await row_of(store, id)
    assert (row.state, row.why) == ("perhaps", Why.UNKNOWN_OUTCOME)
    assert one.chat.asked.count(f"send {id}") == 1
    assert one.chat.asked.count(f"find {id}") == 12
    assert await notice_states(store) == {"n-U1-0": ("perhaps", Why.UNKNOWN_OUTCOME)}


async def test_sends_that_are_always_in_doubt_end_too(store: Store) -> None:
    """A letter that is never there and never surely sent is not sent for ever."""
    one, id = Replica(store), await a_letter(store)
    one.chat.sends.extend([Unsure()] * 50)
    await one.deliver(id, times=30)
    assert (await row_of(store, id)).state == "perhaps"
    assert one.chat.asked.count(f"send {id}") == QUICK.tries + 1


async def test_a_chat_without_look_up_repeats_nothing(store: Store) -> None:
    """Where it can never be known, the letter is "perhaps" at once."""
    one, id = Replica(store), await a_letter(store)
    one.chat.sends.append(Unsure())
    one.chat.finds.append(Refused(Why.REFUSED))
    await one.deliver(id, times=3)
    row = await row_of(store, id)
    assert (row.state, row.why) == ("perhaps", Why.UNKNOWN_OUTCOME)
    assert one.chat.asked == [f"send {id}", f"find {id}"]


async def test_a_limited_look_up_waits_and_does_not_count(store: Store) -> None:
    """The slow lane is held as long as the chat says; sending is not. A day of it is enough."""
    one, id = Replica(store, rates=replace(QUICK, unsent_for=86400.0)), await a_letter(store)
    one.chat.sends.append(Unsure())
    one.chat.finds.append(Limited(100.0))
    await one.deliver(id, times=2)
    row = await row_of(store, id)
    assert (row.state, row.unsure, row.attempts) == ("queued", True, 1)
    await change(store, id, not_before=LONG_AGO)
    await one.deliver(id)
    assert one.chat.asked.count(f"find {id}") == 1, "the slow lane is held"
    other_id = await a_letter(store, "U2")
    await one.deliver(other_id)
    assert (await row_of(store, other_id)).state == "sent"
    async with store.work() as work:
        await work.execute(delete(chat_pace))
    await change(store, id, not_before=LONG_AGO, first_try=LONG_AGO)
    one.chat.finds.append(Limited(100.0))
    await one.deliver(id)
    assert (await row_of(store, id)).state == "perhaps"


async def test_the_slow_lane_is_slow(store: Store) -> None:
    """One look-up a minute for a workspace, whoever asks; what has to wait is not held meanwhile."""
    one = Replica(store, rates=replace(QUICK, lookups_per_minute=1.0))
    ids = [await a_letter(store, f"U{n}", unsure=True, first_try=LONG_AGO) for n in range(3)]
    for id in ids:
        await one.deliver(id)
    assert [asked for asked in one.chat.asked if asked.startswith("find")] == [f"find {ids[0]}"]
    for id in ids[1:]:
        row = await row_of(store, id)
        assert (row.state, row.unsure, row.attempts) == ("queued", True, 0)
        assert 50 < (row.not_before - datetime.now(UTC)).total_seconds() <= 61


async def test_what_is_not_wanted_is_dropped(store: Store) -> None:
    """A notice that was overtaken is taken out; a letter with nothing left is skipped, and why stands with it."""
    one, id = Replica(store), await a_letter(store)
    one.opening.wrong[NoticeId("n-U1-0")] = Why.LINKED
    await one.deliver(id)
    row = await row_of(store, id)
    assert (row.state, row.why) == ("skipped", Why.LINKED)
    assert one.chat.asked == []
    assert await notice_states(store) == {"n-U1-0": ("cancelled", Why.LINKED)}


async def test_what_may_have_arrived_is_looked_up_although_it_is_not_wanted(store: Store) -> None:
    """Whoever was told the old date is to be corrected: first it is found out whether they were."""
    one = Replica(store)
    ids = [await a_letter(store, f"U{n}", unsure=True, first_try=LONG_AGO) for n in range(2)]
    for n in range(2):
        one.opening.wrong[NoticeId(f"n-U{n}-0")] = Why.SUPERSEDED
    one.chat.finds.extend([Sent("D1", "1.0"), NotThere()])
    for id in ids:
        await one.deliver(id)
    assert [(await row_of(store, id)).state for id in ids] == ["sent", "skipped"]
    assert await notice_states(store) == {"n-U0-0": ("sent", ""), "n-U1-0": ("cancelled", Why.SUPERSEDED)}


async def test_a_chat_that_is_not_served_here_waits(store: Store) -> None:
    """Without a way into the chat a letter is neither lost nor looked up."""
    one, id = Replica(store), await a_letter(store)
    await change(store, id, platform="teams")
    await one.deliver(id)
    row = await row_of(store, id)
    assert (row.state, row.unsure, one.chat.asked) == ("queued", False, [])
    assert (row.not_before - datetime.now(UTC)).total_seconds() > 200


async def test_a_letter_without_notices_is_skipped(store: Store) -> None:
    """When every notice was cancelled while it waited, nothing is sent."""
    one, id = Replica(store), await a_letter(store)
    await due_notices(store, "U9")
    async with store.work() as work:
        await work.execute(update(notices).where(notices.c.letter == id).values(state="cancelled"))
    await one.deliver(id)
    assert ((await row_of(store, id)).state, one.chat.asked) == ("skipped", [])
