"""Attempts: one per person and court, one owner, one way into the final Submit, and nothing left behind."""

from __future__ import annotations

import asyncio

from bot.store import Answers, Asked, AttemptRow, Attempts, LeaseSeen, Slots, Store
from tests.store.conftest import Times
from tests.store.stage import answer, attempt, entered, standing

ATTEMPTS = Attempts()


async def test_an_attempt_comes_back_as_it_went_in(store: Store, times: Times) -> None:
    row = attempt(told=({"step": "court"},), question={"name": "passcode"}, question_number=1, chat={"ts": "1.2"})
    async with store.work() as work:
        opened, joined = await ATTEMPTS.open(work, row)
    assert (opened, joined) == (row, False)
    assert await standing(store, row.id) == row
    assert row.lease_until.utcoffset() == times.now.utcoffset()


async def test_a_second_attempt_joins_the_first_and_another_court_does_not(store: Store) -> None:
    first = await entered(store)
    async with store.work() as work:
        assert await ATTEMPTS.open(work, attempt("two")) == (first, True)
        for other in (attempt(court="almb"), attempt(person="U0ROWAN"), attempt(platform="teams")):
            assert await ATTEMPTS.open(work, other) == (other, False)


async def test_of_many_at_once_in_two_replicas_one_opens_and_all_others_join(store: Store, other: Store) -> None:
    async def try_it(where: Store, n: int) -> tuple[AttemptRow, bool]:
        async with where.work() as work:
            return await ATTEMPTS.open(work, attempt(f"owner {n}"))

    found = await asyncio.gather(*(try_it((store, other)[n % 2], n) for n in range(20)))
    assert sorted(joined for _, joined in found) == [False] + [True] * 19
    assert len({row.id for row, _ in found}) == 1


async def test_after_the_ending_the_place_is_free(store: Store) -> None:
    first = await entered(store)
    async with store.work() as work:
        assert await ATTEMPTS.end(work, first.id, "one", "linked", evidence={"menu_after": ["Bankruptcy"]})
    again = await entered(store)
    assert again.id != first.id
    ended = await standing(store, first.id)
    assert (ended.state, ended.code, ended.ending_told) == ("ended", "linked", False)
    assert ended.evidence == {"menu_after": ["Bankruptcy"]}


async def test_each_change_counts_and_only_the_holder_makes_one(store: Store, times: Times) -> None:
    row = await entered(store)
    asked = Asked(1, {"name": "passcode"}, times.later())
    async with store.work() as work:
        assert await ATTEMPTS.save(work, row.id, "one", told=[{"step": "pacer"}], question=asked)
        assert not await ATTEMPTS.save(work, row.id, "two", told=[])
        assert not await ATTEMPTS.save(work, "nobody's", "one", told=[])
    kept = await standing(store, row.id)
    assert (kept.version, kept.told, kept.question_number) == (2, ({"step": "pacer"},), 1)
    assert (kept.question, kept.question_until) == ({"name": "passcode"}, times.later())
    assert kept.changed_at > row.changed_at
    async with store.work() as work:
        assert await ATTEMPTS.save(work, row.id, "one", question=None)
    closed = await standing(store, row.id)
    assert (closed.question, closed.question_until, closed.question_number, closed.told) == (None, None, 1, kept.told)


async def lapsed(store: Store) -> list[LeaseSeen]:
    """Every lease there is, as a replica sees it that has watched them all for long enough."""
    async with store.work() as work:
        return await ATTEMPTS.leases(work, ())


async def test_no_clock_takes_an_attempt_from_its_owner(store: Store, times: Times) -> None:
    row = await entered(store, lease_until=times.ago(9000))
    async with store.work() as work:
        assert await ATTEMPTS.save(work, row.id, "one", told=[{"step": "menu"}])
        assert await ATTEMPTS.begin_submit(work, row.id, "one", times.ago(8000))
        assert await ATTEMPTS.renew(work, "one", [row.id], times.later()) == {row.id}


async def test_a_lease_that_was_renewed_since_it_was_seen_is_not_taken_over(store: Store, times: Times) -> None:
    renewed = await entered(store)
    changed = await entered(store, court="almb")
    seen = await lapsed(store)
    async with store.work() as work:
        await ATTEMPTS.renew(work, "one", [renewed.id], times.later(61))
        await ATTEMPTS.save(work, changed.id, "one", told=[{"step": "menu"}])
        assert await ATTEMPTS.take_over(work, "two", times.later(), seen) == []
        assert {one.attempt for one in await ATTEMPTS.leases(work, [changed.id])} == {renewed.id}


async def test_an_owner_may_say_how_it_ended_until_somebody_else_has(store: Store, times: Times) -> None:
    mine = await entered(store, lease_until=times.ago(1))
    async with store.work() as work:
        assert await ATTEMPTS.end(work, mine.id, "one", "linked", until=times.later())
        assert await ATTEMPTS.told_ending(work, mine.id)
    assert (await standing(store, mine.id)).lease_until == times.later()
    lost = await entered(store, court="almb")
    seen = await lapsed(store)
    async with store.work() as work:
        assert [row.id for row in await ATTEMPTS.take_over(work, "two", times.later(), seen)] == [lost.id]
        assert not await ATTEMPTS.end(work, lost.id, "one", "ecf_refused")
        assert not await ATTEMPTS.end(work, lost.id, "two", "ecf_refused")
    assert (await standing(store, lost.id)).code == "interrupted"


async def test_an_ending_is_replaced_only_where_it_is_named(store: Store, times: Times) -> None:
    row = await entered(store, state="submitting")
    seen = await lapsed(store)
    async with store.work() as work:
        assert len(await ATTEMPTS.take_over(work, "two", times.later(), seen)) == 1
        assert await ATTEMPTS.told_ending(work, row.id)
        assert not await ATTEMPTS.end(work, row.id, "one", "linked", instead_of=["interrupted"])
        assert await ATTEMPTS.end(work, row.id, "one", "linked", instead_of=["outcome_unknown"])
        assert not await ATTEMPTS.end(work, row.id, "two", "linked", instead_of=["outcome_unknown"])
    stands = await standing(store, row.id)
    assert (stands.code, stands.owner, stands.ending_told) == ("linked", "one", False)


async def test_renewing_keeps_what_is_held_and_says_what_is_not(store: Store, times: Times) -> None:
    mine = await entered(store)
    theirs = await entered(store, "two", court="almb")
    late = await entered(store, court="njb", lease_until=times.ago(1))
    async with store.work() as work:
        ids = [mine.id, theirs.id, late.id]
        assert await ATTEMPTS.renew(work, "one", ids, times.later(500)) == {mine.id, late.id}
        assert await ATTEMPTS.renew(work, "one", [], times.later(500)) == set()
    assert (await standing(store, mine.id)).lease_until == times.later(500)


async def test_the_final_submit_begins_once(store: Store, other: Store, times: Times) -> None:
    row = await entered(store)

    async def try_it(where: Store) -> bool:
        async with where.work() as work:
            return await ATTEMPTS.begin_submit(work, row.id, "one", times.later(90))

    assert sorted(await asyncio.gather(*(try_it(where) for where in [store, other] * 10))) == [False] * 19 + [True]
    began = await standing(store, row.id)
    assert (began.state, began.version, began.lease_until) == ("submitting", 2, times.later(90))


async def test_the_final_submit_is_the_owners_alone(store: Store) -> None:
    row = await entered(store)
    async with store.work() as work:
        assert not await ATTEMPTS.begin_submit(work, row.id, "two")
        assert await ATTEMPTS.end(work, row.id, "one", "stopped_by_person")
        assert not await ATTEMPTS.begin_submit(work, row.id, "one")


async def test_what_an_owner_left_is_ended_by_one_replica_and_its_slot_is_free(
    store: Store, other: Store, times: Times
) -> None:
    before = await entered(store, lease_until=times.ago(1))
    after = await entered(store, court="almb", state="submitting", lease_until=times.ago(1))
    alive = await entered(store, "two", court="njb")
    async with store.work() as work:
        for row in (before, after):
            assert await Slots().take(work, row.court, row.id, "one", times.later(), 1) == 0
            assert await Answers().put(work, answer(row))
        seen = await ATTEMPTS.leases(work, [alive.id])

    async def try_it(where: Store, me: str) -> list[AttemptRow]:
        async with where.work() as work:
            return await ATTEMPTS.take_over(work, me, times.later(), seen)

    found = await asyncio.gather(*(try_it((store, other)[n % 2], f"me {n}") for n in range(8)))
    taken = {row.id: row for rows in found for row in rows}
    assert sum(len(rows) for rows in found) == 2
    assert taken[before.id].code == "interrupted"
    assert taken[after.id].code == "outcome_unknown"
    assert {row.state for row in taken.values()} == {"ended"}
    assert {row.owner for row in taken.values()} <= {f"me {n}" for n in range(8)}
    assert await standing(store, alive.id) == alive
    async with store.work() as work:
        assert await Slots().take(work, "gasb", "another", "two", times.later(), 1) == 0
        assert await Answers().take(work, before.id, 1) is None


async def test_an_owner_thawed_after_the_take_over_can_do_nothing(store: Store, times: Times) -> None:
    row = await entered(store)
    seen = await lapsed(store)
    async with store.work() as work:
        assert len(await ATTEMPTS.take_over(work, "two", times.later(), seen)) == 1
        assert not await ATTEMPTS.save(work, row.id, "one", told=[{"step": "submit"}])
        assert await ATTEMPTS.renew(work, "one", [row.id], times.later()) == set()
        assert not await ATTEMPTS.begin_submit(work, row.id, "one")
        assert not await ATTEMPTS.end(work, row.id, "one", "linked")
    assert (await standing(store, row.id)).code == "interrupted"


async def test_an_ending_is_told_by_one_replica_and_again_only_when_that_one_is_gone(
    store: Store, other: Store, times: Times
) -> None:
    row = await entered(store)
    async with store.work() as work:
        assert await ATTEMPTS.end(work, row.id, "one", "linked")
        before = await ATTEMPTS.leases(work, ())
        assert await ATTEMPTS.renew(work, "one", [row.id], times.later(90)) == {row.id}
        assert await ATTEMPTS.untold(work, "two", times.later(), before) == []
        seen = await ATTEMPTS.leases(work, ())

    async def try_it(where: Store, me: str) -> list[AttemptRow]:
        async with where.work() as work:
            return await ATTEMPTS.untold(work, me, times.later(), seen)

    found = await asyncio.gather(*(try_it((store, other)[n % 2], f"me {n}") for n in range(8)))
    (teller,) = (told for rows in found for told in rows)
    async with store.work() as work:
        assert await ATTEMPTS.told_ending(work, row.id)
        assert not await ATTEMPTS.told_ending(work, row.id)
        assert teller.id == row.id
        assert await ATTEMPTS.leases(work, ()) == []
    assert (await standing(store, row.id)).ending_told


async def test_where_it_is_shown_and_whose_it_is(store: Store, times: Times) -> None:
    old = await entered(store, started_at=times.ago(9000))
    async with store.work() as work:
        assert await ATTEMPTS.end(work, old.id, "one", "linked")
        assert await ATTEMPTS.place_shown(work, old.id, {"channel": "D1", "ts": "1.2"})
        assert not await ATTEMPTS.place_shown(work, "nobody's", {})
    running = await entered(store, started_at=times.ago(9000))
    late = await entered(store, court="almb")
    await entered(store, person="U0ROWAN")
    async with store.work() as work:
        found = await ATTEMPTS.of_person(work, "slack", "T0FIRM", "U0HARPER", times.ago(60))
        everything = await ATTEMPTS.of_person(work, "slack", "T0FIRM", "U0HARPER", times.ago(99999))
    assert [row.id for row in found] == [late.id, running.id]
    assert {row.id for row in everything} == {late.id, running.id, old.id}
    assert (await standing(store, old.id)).chat == {"channel": "D1", "ts": "1.2"}


async def test_purge_takes_only_what_is_told_and_old(store: Store, times: Times) -> None:
    told, untold, running = [await entered(store, court=court) for court in ("gasb", "almb", "njb")]
    async with store.work() as work:
        assert await Answers().put(work, answer(told))
        for row in (told, untold):
            assert await ATTEMPTS.end(work, row.id, "one", "linked")
        assert await ATTEMPTS.told_ending(work, told.id)
        assert await ATTEMPTS.purge(work, times.ago(60)) == 0
        assert await ATTEMPTS.purge(work, times.later(60)) == 1
        assert await ATTEMPTS.get(work, told.id) is None
        assert await Answers().settled(work, told.id, 1) is None
        assert await ATTEMPTS.get(work, untold.id) is not None
        assert await ATTEMPTS.get(work, running.id) is not None
