"""Letters in this process: found, delivered a few at once, and left in good order at the end."""

from __future__ import annotations

import asyncio

from bot.errors import StoreDown
from bot.reminders.delivery.dispatch import LocalDispatcher
from bot.reminders.delivery.letter import LetterId
from bot.store import Store
from tests.delivery.stage import Replica, a_letter, due_notices, expire, notice_states, row_of
from tests.delivery.test_replicas import killed_while_sending


async def test_a_round_delivers_all_that_is_due(store: Store) -> None:
    """Gathered and sent, each once, also when rounds come faster than letters leave."""
    one = Replica(store)
    await due_notices(store, *(f"U{n}" for n in range(70)))
    async with LocalDispatcher(store, one.delivery.deliver) as dispatcher:
        assert await dispatcher.round() == 70
        assert await dispatcher.round() == 0
        await dispatcher.idle()
    assert len(one.chat.arrived) == 70
    assert {state for state, _ in (await notice_states(store)).values()} == {"sent"}


async def test_no_more_than_a_few_at_once(store: Store) -> None:
    """The others wait, and their turn comes."""
    await due_notices(store, *(f"U{n}" for n in range(9)))
    under_way: set[str] = set()
    most = 0
    gate = asyncio.Event()

    async def deliver(id: LetterId) -> None:
        nonlocal most
        under_way.add(id)
        most = max(most, len(under_way))
        if most == 3:
            gate.set()
        await gate.wait()
        under_way.discard(id)
        await Replica(store).deliver(id)

    async with LocalDispatcher(store, deliver, at_once=3) as dispatcher:
        await dispatcher.round()
        await dispatcher.idle()
    assert most == 3


async def test_what_a_dead_replica_left_is_found(store: Store, other: Store) -> None:
    """A lease that ran out is enough: the next round looks the letter up and sends it."""
    one, two = Replica(store), Replica(other, me="two")
    id = await a_letter(store)
    await killed_while_sending(one, id)
    async with LocalDispatcher(other, two.delivery.deliver) as dispatcher:
        await dispatcher.round()
        await dispatcher.idle()
        assert two.chat.asked == []
        await expire(store, id)
        assert await dispatcher.rescue() == 0
        await dispatcher.round()
        await dispatcher.idle()
    assert two.chat.asked == [f"find {id}", f"send {id}"]
    assert (await row_of(store, id)).state == "sent"


async def test_one_that_fails_waits_for_the_next_round(store: Store) -> None:
    """A letter that raises is not tried again and again in one round, and keeps nobody from going out."""
    one = Replica(store)
    ids = [await a_letter(store, f"U{n}") for n in range(3)]
    tried: list[str] = []

    async def deliver(id: LetterId) -> None:
        tried.append(id)
        if id == ids[0] and tried.count(id) == 1:
            raise StoreDown
        await one.deliver(id)

    async with LocalDispatcher(store, deliver) as dispatcher:
        await dispatcher.round()
        await dispatcher.idle()
        assert (sorted(tried), len(one.chat.arrived)) == (sorted(ids), 2)
        await dispatcher.round()
        await dispatcher.idle()
    assert len(one.chat.arrived) == 3


async def test_the_end_lets_what_is_on_its_way_arrive(store: Store) -> None:
    """A letter that is being sent arrives; none is begun after that."""
    one = Replica(store)
    one.chat.gate = asyncio.Event()
    id = await a_letter(store)
    async with LocalDispatcher(store, one.delivery.deliver) as dispatcher:
        await dispatcher.round()
        await one.chat.at_gate.wait()
        asyncio.get_running_loop().call_soon(one.chat.gate.set)
    assert (await row_of(store, id)).state == "sent"
    second = await a_letter(store, "U2")
    await dispatcher.round()
    await dispatcher.idle()
    assert (await row_of(store, second)).state == "queued"
