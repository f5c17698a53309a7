"""Links to the private page: one wins, no more than five codes are judged, and what is kept opens nothing."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.store import PageLinks, PageRow, Store, Taken, Took
from tests.store.conftest import Times

LINKS = PageLinks()


def link(**values: Any) -> PageRow:
    """An open link of Harper's to the form for gasb, good for a minute."""
    now = datetime.now(UTC)
    given: dict[str, Any] = {
        "token_hash": uuid.uuid4().hex,
        "code_hash": "right",
        "platform": "slack",
        "workspace": "T0FIRM",
        "person": "U0HARPER",
        "court": "gasb",
        "made_at": now,
        "expires_at": now + timedelta(seconds=60),
    }
    return PageRow(**{**given, **values})


async def kept(store: Store, row: PageRow, at_most: int = 5) -> bool:
    """Add `row` in a unit of work of its own."""
    async with store.work() as work:
        return await LINKS.add(work, row, at_most=at_most)


async def try_it(store: Store, row: PageRow, code: str = "right", *, whole: bool = True) -> Taken:
    """One try, in a unit of work of its own."""
    async with store.work() as work:
        return await LINKS.take(work, row.token_hash, code, tries=5, whole=whole)


async def found(store: Store, row: PageRow) -> tuple[PageRow, bool] | None:
    """Look the link up."""
    async with store.work() as work:
        return await LINKS.find(work, row.token_hash)


async def test_of_many_at_two_replicas_one_takes_it(store: Store, other: Store) -> None:
    row = link()
    assert await kept(store, row)
    took = await asyncio.gather(*(try_it((store, other)[n % 2], row) for n in range(60)))
    assert sorted(one.took for one in took) == [Took.NOT_OPEN] * 59 + [Took.WON]
    after = await found(store, row)
    assert after is not None
    assert after[0].state == "used"


async def test_five_wrong_codes_are_judged_however_many_come_at_once(store: Store, other: Store) -> None:
    row = link()
    assert await kept(store, row)
    took = await asyncio.gather(*(try_it((store, other)[n % 2], row, f"guess {n}") for n in range(40)))
    assert sorted(one.wrong_codes for one in took if one.took is Took.WRONG_CODE) == [1, 2, 3, 4, 5]
    assert (await try_it(store, row)).took is Took.NOT_OPEN
    after = await found(store, row)
    assert after is not None
    assert after[0].state == "dead"


async def test_a_right_code_without_the_rest_leaves_the_link(store: Store) -> None:
    row = link()
    assert await kept(store, row)
    assert await try_it(store, row, "wrong") == Taken(Took.WRONG_CODE, 1)
    assert await try_it(store, row, whole=False) == Taken(Took.LEFT, 1)
    assert (await try_it(store, row)).took is Took.WON
    async with store.work() as work:
        await LINKS.give_back(work, row.token_hash)
    assert (await try_it(store, row)).took is Took.WON


async def test_an_expired_link_is_found_but_not_taken_and_goes_with_the_purge(store: Store, times: Times) -> None:
    row, fresh = link(expires_at=times.ago()), link(court="almb")
    assert await kept(store, row)
    assert await kept(store, fresh)
    assert await found(store, row) == (row, False)
    assert (await try_it(store, row)).took is Took.NOT_OPEN
    async with store.work() as work:
        assert await LINKS.purge(work, times.ago(61)) == 0
        assert await LINKS.purge(work, times.ago(59)) == 1
    assert await found(store, row) is None
    assert await found(store, fresh) == (fresh, True)


async def test_every_link_of_a_workspace_that_left_is_forgotten(store: Store, other: Store) -> None:
    first, spent, theirs = link(), link(court="almb"), link(workspace="T0OTHER")
    for row in (first, spent, theirs):
        assert await kept(store, row)
    assert (await try_it(store, spent)).took is Took.WON
    async with other.work() as work:
        assert await LINKS.forget(work, "teams", first.workspace) == 0
        assert await LINKS.forget(work, first.platform, first.workspace) == 2
    assert [await found(store, row) for row in (first, spent)] == [None, None]
    assert await found(store, theirs) == (theirs, True)


@pytest.mark.parametrize("what", [{"court": "gasb"}, {"court": None, "attempt": "one", "number": 2}])
async def test_a_new_link_replaces_the_one_to_the_same(store: Store, what: dict[str, Any]) -> None:
    old, new, another = link(**what), link(**what), link(court="almb")
    hers = link(**what, person="U0ROWAN")
    for row in (old, another, hers, new):
        assert await kept(store, row)
    states = [(await found(store, row) or pytest.fail("lost"))[0].state for row in (old, new, another, hers)]
    assert states == ["replaced", "open", "open", "open"]
    assert (await try_it(store, old)).took is Took.NOT_OPEN


async def test_a_person_has_no_more_than_so_many_and_used_or_expired_ones_do_not_count(
    store: Store, other: Store, times: Times
) -> None:
    used = link(court="flsb")
    assert await kept(store, used)
    assert (await try_it(store, used)).took is Took.WON
    assert await kept(store, link(court="nysb", expires_at=times.ago()))
    made = await asyncio.gather(*(kept((store, other)[n % 2], link(court=f"court{n}")) for n in range(12)))
    assert sum(made) == 5
    assert await kept(store, link(person="U0ROWAN"))
    assert await kept(store, link(workspace="T0OTHER"))
