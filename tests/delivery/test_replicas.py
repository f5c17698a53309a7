"""Crashes between any two steps, frozen holders, and replicas that reach for the same letter: once, or looked up."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import cast

import pytest

from bot.clock import SystemClock
from bot.errors import StoreDown
from bot.people import Platform
from bot.reminders.delivery.contents import Opened
from bot.reminders.delivery.deliver import Delivery
from bot.reminders.delivery.letter import LetterId, Unsure
from bot.reminders.notes import Notes
from bot.store import LetterRow, Store, Work
from tests.delivery.stage import (
    QUICK,
    PretendChat,
    PretendNotes,
    PretendOpening,
    Replica,
    a_letter,
    bare,
    expire,
    notice_states,
    row_of,
)


async def killed_while_sending(replica: Replica, id: str) -> None:
    """Let the replica claim the letter and ask the chat, then stop it for good."""
    replica.chat.gate = asyncio.Event()
    task = asyncio.create_task(replica.deliver(id))
    await replica.chat.at_gate.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    replica.chat.gate = None


@pytest.mark.parametrize("arrived", [False, True])
async def test_a_replica_that_dies_while_it_sends(store: Store, other: Store, arrived: bool) -> None:
    """While its lease lasts nobody else touches the letter; then it is looked up, and sent only if it is not there."""
    chat = PretendChat()
    one, two = Replica(store, chat), Replica(other, chat, me="two")
    id = await a_letter(store)
    await killed_while_sending(one, id)
    if arrived:
        chat.arrived.append(bare(await row_of(store, id)))
    await two.deliver(id, times=2)
    row = await row_of(store, id)
    assert (row.state, row.claimed_by) == ("sending", "one")
    assert chat.asked == [f"send {id}"]
    await expire(store, id)
    await two.deliver(id)
    assert (await row_of(store, id)).state == "sent"
    assert len(chat.arrived) == 1
    assert chat.asked[1] == f"find {id}"


async def test_a_commit_after_sending_is_tried_while_the_database_is_away(store: Store) -> None:
    """What was sent is entered as soon as the database is back, by the same replica, without a look-up."""
    one, id = Replica(store, rates=replace(QUICK, lease=60.0)), await a_letter(store)
    away = Away(store, failing=3)
    posts = {Platform.SLACK: one.chat}
    notes = cast(Notes, one.notes)
    delivery = Delivery(away, posts, notes, SystemClock(), one.opening, me="one", rates=one.rates)
    away.armed_by = one.chat
    await delivery.deliver(LetterId(id))
    assert away.failed == 3
    assert (await row_of(store, id)).state == "sent"
    assert one.chat.asked == [f"send {id}"]


class Away(Store):
    """A store that is away for a few units of work, once something was sent."""

    def __init__(self, store: Store, failing: int) -> None:
        self._store = store
        self._failing = failing
        self.failed = 0
        self.armed_by: PretendChat | None = None

    def work(self):  # type: ignore[no-untyped-def]
        """A unit of work, or StoreDown."""
        if self.armed_by is not None and self.armed_by.arrived and self.failed < self._failing:
            self.failed += 1
            raise StoreDown
        return self._store.work()


async def test_a_holder_that_woke_up_late_sends_nothing(store: Store, other: Store) -> None:
    """A replica that stood still between its claim and its send leaves the letter alone."""
    chat, slept = PretendChat(), Slept()
    two = Replica(other, chat, me="two")
    posts, notes = {Platform.SLACK: chat}, cast(Notes, PretendNotes())
    id = await a_letter(store)
    late = Delivery(store, posts, notes, slept.clock, slept, me="late", rates=QUICK)
    await late.deliver(LetterId(id))
    assert chat.asked == []
    await expire(store, id)
    await two.deliver(id)
    assert len(chat.arrived) == 1


class Jumping(SystemClock):
    """A clock that can be moved on."""

    gone = 0.0

    def monotonic(self) -> float:
        """The machine's, and what was added."""
        return super().monotonic() + self.gone


class Slept(PretendOpening):
    """An opening during which a minute goes by."""

    clock = Jumping()

    async def open(self, work: Work, row: LetterRow) -> Opened:
        """Open it, a minute later."""
        self.clock.gone += 59.0
        return await super().open(work, row)


async def test_replicas_that_race_send_once(store: Store, other: Store) -> None:
    """Two replicas are asked for the same letters at the same time, twice: each letter goes out once."""
    chat = PretendChat()
    one, two = Replica(store, chat), Replica(other, chat, me="two")
    ids = [await a_letter(store, f"U{n}") for n in range(12)]
    await asyncio.gather(*(replica.deliver(id) for id in ids for replica in (one, two, one, two)))
    assert sorted(letter.id for letter in chat.arrived) == sorted(ids)
    assert not [asked for asked in chat.asked if asked.startswith("find")]
    assert {state for state, _ in (await notice_states(store)).values()} == {"sent"}


async def test_a_late_answer_is_the_truth(store: Store, other: Store) -> None:
    """A holder whose lease ran out while it sent enters that it was sent, though another holds the letter by then."""
    chat = PretendChat()
    one, two = Replica(store, chat), Replica(other, PretendChat(), me="two")
    id = await a_letter(store)
    chat.gate = asyncio.Event()
    sending = asyncio.create_task(one.deliver(id))
    await chat.at_gate.wait()
    await expire(store, id)
    two.chat.finds.append(Unsure())
    await two.deliver(id)
    assert (await row_of(store, id)).unsure
    chat.gate.set()
    await sending
    assert (await row_of(store, id)).state == "sent"
    await two.deliver(id)
    assert two.chat.asked == [f"find {id}"]


async def test_an_old_claim_changes_nothing(store: Store, other: Store) -> None:
    """A holder that lost the letter cannot put it back or fail it."""
    chat = PretendChat()
    one, two = Replica(store, chat), Replica(other, PretendChat(), me="two")
    id = await a_letter(store)
    chat.gate = asyncio.Event()
    chat.sends.append(Unsure())
    sending = asyncio.create_task(one.deliver(id))
    await chat.at_gate.wait()
    await expire(store, id)
    await two.deliver(id)
    assert (await row_of(store, id)).state == "sent"
    chat.gate.set()
    await sending
    assert (await row_of(store, id)).state == "sent"
