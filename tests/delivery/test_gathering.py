"""Due notices become letters: one for all that a person is due, never two, and none for who is gone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.delivery.gather import Gatherer, new_letter_id
from bot.store import People, Store
from bot.store.date_rows import LetterRow
from bot.store.gathering import Gathering
from bot.store.letters import Letters
from bot.store.letters_tables import broadcasts, letters, notices
from tests.delivery.stage import LONG_AGO, TEAM, Replica, change, due_notices, notice_states, row_of


async def carried(store: Store) -> dict[str, list[str]]:
    """The notices of each letter's recipient."""
    found: dict[str, list[str]] = {}
    async with store.work() as work:
        joined = select(letters.c.recipient, notices.c.id).join(notices, notices.c.letter == letters.c.id)
        for row in await work.execute(joined.order_by(letters.c.recipient, notices.c.id)):
            found.setdefault(row.recipient, []).append(row.id)
        counted = (await work.execute(select(func.count()).select_from(letters))).scalar_one()
    assert counted == len(found)
    return found


async def test_all_that_a_person_is_due_is_one_letter(store: Store) -> None:
    """Three notices for one, one for another, and what is due tomorrow waits."""
    await due_notices(store, "U1", each=3)
    await due_notices(store, "U2")
    await due_notices(store, "U3", due=datetime.now(UTC) + timedelta(days=1))
    assert await Gatherer(store).round() == 2
    assert await carried(store) == {"U1": ["n-U1-0", "n-U1-1", "n-U1-2"], "U2": ["n-U2-0"]}
    states = await notice_states(store)
    assert states["n-U3-0"] == ("planned", "")
    assert states["n-U1-2"] == ("queued", "")
    assert await Gatherer(store).round() == 0


async def test_who_is_gone_is_passed_over(store: Store) -> None:
    """Nobody writes to a person who left, until they are seen again."""
    await due_notices(store, "U1", "U2")
    who = Person(Platform.SLACK, WorkspaceId(TEAM), PersonId("U1"))
    async with store.work() as work:
        await People().save(work, who, gone="left")
        await People().save(work, Person(who.platform, who.workspace, PersonId("U2")), office="Mobile")
    assert await Gatherer(store).round() == 1
    async with store.work() as work:
        await People().save(work, who, gone="")
    assert await Gatherer(store).round() == 1


async def test_a_bounded_batch_leaves_nobody_half(store: Store) -> None:
    """However few people one unit of work takes, all that one of them is due comes along."""
    await due_notices(store, "U1", "U2", "U3", each=2)
    async with store.work() as work:
        assert await Gathering(Letters()).gather(work, new_letter_id, 2) == 2
    assert [len(one) for one in (await carried(store)).values()] == [2, 2]


async def test_replicas_gather_each_notice_once(store: Store, other: Store) -> None:
    """Two replicas gather at the same moment: one letter a person."""
    await due_notices(store, *(f"U{n}" for n in range(30)), each=2)
    written = await asyncio.gather(*(Gatherer(one).round() for one in (store, other, store, other)))
    left = await Gatherer(store).round()
    assert sum(written) + left == 30
    assert {len(one) for one in (await carried(store)).values()} == {2}


async def test_a_digest_goes_out_whole(store: Store) -> None:
    """One message, and all of its notices are sent."""
    await due_notices(store, "U1", each=3)
    await Gatherer(store).round()
    one = Replica(store)
    async with store.work() as work:
        [id] = await Letters().waiting(work, 10)
    await one.deliver(id)
    assert len(one.chat.arrived) == 1
    assert {state for state, _ in (await notice_states(store)).values()} == {"sent"}


async def broadcast(store: Store, people: list[str], state: str = "sending") -> list[str]:
    """A broadcast with a letter for each of these people; written twice, as by two admins who press at once."""
    fixed = {"platform": "slack", "workspace": TEAM, "by_person": "U0", "text": "Hello", "round": 1}
    times = {"created_at": LONG_AGO, "changed_at": LONG_AGO}
    async with store.work() as work:
        await work.execute(broadcasts.insert().values(id="b1", audience={}, state=state, **fixed, **times))
        now = await store.now(work)

        def letter(id: str, who: str) -> LetterRow:
            return LetterRow(id, "slack", TEAM, who, "person", now, now, now, broadcast="b1")

        rows = [letter(f"l-{who}", who) for who in people]
        assert await Letters().write(work, rows) == len(people)
    async with store.work() as work:
        assert await Letters().write(work, [letter(f"x-{who}", who) for who in people]) == 0
    return [row.id for row in rows]


async def test_a_broadcast_is_stopped_and_its_failed_are_sent_again(store: Store) -> None:
    """What nobody took up is skipped; only what failed is queued anew, as if it had never been tried."""
    ids = await broadcast(store, ["U1", "U2", "U3", "U4"])
    await change(store, ids[0], state="sent")
    await change(store, ids[1], state="failed", why="left", attempts=5, first_try=LONG_AGO)
    await change(store, ids[2], state="perhaps", why="unknown_outcome")
    async with store.work() as work:
        assert await Letters().stop_broadcast(work, "b1") == 1
        assert await Letters().requeue_failed(work, "b1") == 1
    assert [(await row_of(store, id)).state for id in ids] == ["sent", "queued", "perhaps", "skipped"]
    assert (await row_of(store, ids[3])).why == "stopped"
    again = await row_of(store, ids[1])
    assert (again.why, again.attempts, again.first_try, again.unsure) == ("", 0, None, False)


async def test_notices_go_before_broadcasts(store: Store) -> None:
    """What is due at its hour does not wait behind a broadcast that was written before."""
    await broadcast(store, ["U1", "U2"])
    await due_notices(store, "U3")
    await Gatherer(store).round()
    async with store.work() as work:
        first, *rest = await Letters().waiting(work, 10)
    assert (await row_of(store, first)).recipient == "U3"
    assert rest == ["l-U1", "l-U2"]
    async with store.work() as work:
        await work.execute(update(letters).where(letters.c.id == first).values(state="sent"))
        assert await Letters().waiting(work, 10, but=["l-U1"]) == ["l-U2"]
