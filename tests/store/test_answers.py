"""Answers on their way: the first counts, one taker gets it, and nothing of it stays behind."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from bot.store import AnswerRow, Answers, Store
from tests.store.conftest import Times
from tests.store.stage import answer, entered

ANSWERS = Answers()
CANARY = b"canary-4d1f9a-sealed-passcode"


async def test_an_answer_is_taken_once_and_the_question_stays_settled(store: Store) -> None:
    row = await entered(store)
    given = answer(row, 2, kind="passcode", link=None, sealed=CANARY)
    async with store.work() as work:
        assert await ANSWERS.settled(work, row.id, 2) is None
        assert await ANSWERS.put(work, given)
        assert await ANSWERS.take(work, row.id, 1) is None
    async with store.work() as work:
        assert await ANSWERS.take(work, row.id, 2) == given
        assert await ANSWERS.take(work, row.id, 2) is None
        assert not await ANSWERS.put(work, answer(row, 2, by="U0ROWAN"))
        settled = await ANSWERS.settled(work, row.id, 2)
    assert settled is not None
    assert (settled.by, settled.at) == ("U0HARPER", given.at)
    assert "canary" not in repr(given)


async def test_of_many_at_once_the_first_answer_counts(store: Store, other: Store) -> None:
    row = await entered(store)

    async def try_it(where: Store, n: int) -> bool:
        async with where.work() as work:
            return await ANSWERS.put(work, answer(row, 1, link=n % 2 == 0, by=f"window {n}"))

    won = await asyncio.gather(*(try_it((store, other)[n % 2], n) for n in range(20)))
    assert sum(won) == 1
    async with store.work() as work:
        kept = await ANSWERS.take(work, row.id, 1)
    assert kept is not None
    assert kept.by == f"window {won.index(True)}"


async def test_of_many_takers_one_gets_it(store: Store, other: Store) -> None:
    row = await entered(store)
    async with store.work() as work:
        assert await ANSWERS.put(work, answer(row))

    async def try_it(where: Store) -> AnswerRow | None:
        async with where.work() as work:
            return await ANSWERS.take(work, row.id, 1)

    taken = await asyncio.gather(*(try_it(where) for where in [store, other] * 6))
    assert sum(one is not None for one in taken) == 1


async def test_an_owner_takes_all_that_came_for_its_attempts(store: Store) -> None:
    mine, also, theirs = [await entered(store, court=court) for court in ("gasb", "almb", "njb")]
    async with store.work() as work:
        for row in (answer(mine, 0, kind="stop", link=None), answer(mine, 1), answer(also, 3), answer(theirs, 1)):
            assert await ANSWERS.put(work, row)
        taken = await ANSWERS.take_all(work, [mine.id, also.id])
        assert await ANSWERS.take_all(work, [mine.id, also.id]) == []
        assert await ANSWERS.take(work, theirs.id, 1) is not None
    assert {(row.attempt, row.number) for row in taken} == {(mine.id, 0), (mine.id, 1), (also.id, 3)}


async def test_an_answer_past_its_time_is_not_given_out_and_is_purged(store: Store, times: Times) -> None:
    row = await entered(store)
    async with store.work() as work:
        for number in (1, 2):
            assert await ANSWERS.put(work, answer(row, number, expires_at=times.ago(1)))
        assert await ANSWERS.put(work, answer(row, 3))
        assert await ANSWERS.take(work, row.id, 1) is None
        assert await ANSWERS.purge(work) == 1
        assert await ANSWERS.take(work, row.id, 3) is not None


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_nothing_of_a_sealed_passcode_stays_in_sqlites_files(store: Store, address: str, times: Times) -> None:
    def found() -> bool:
        return any(CANARY in file.read_bytes() for file in Path(address.removeprefix("sqlite:///")).parent.iterdir())

    row = await entered(store)

    async def put(number: int, expires: datetime) -> None:
        given = answer(row, number, kind="passcode", link=None, sealed=CANARY * 400, expires_at=expires)
        async with store.work() as work:
            assert await ANSWERS.put(work, given)
        assert found()

    await put(1, times.later())
    async with store.work() as work:
        assert await ANSWERS.take(work, row.id, 1) is not None
    assert await store.tidy()
    assert not found()
    await put(2, times.ago())
    async with store.work() as work:
        assert await ANSWERS.purge(work) == 1
    assert await store.tidy()
    assert not found()
