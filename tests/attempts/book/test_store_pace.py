"""The pace of several replicas: one count of slots, one line, one distance between requests, for a court."""

from __future__ import annotations

import asyncio

from bot.attempts.pace import Seat
from bot.attempts.store_pace import StorePace
from bot.clock import SystemClock
from bot.store import Slots, Store
from tests.attempts.book.replicas import until
from tests.attempts.stage import court

GASB = court()


class Line:
    """What one attempt hears of its place."""

    def __init__(self) -> None:
        self.places: list[int] = []

    async def __call__(self, place: int) -> None:
        self.places.append(place)


async def test_the_slots_of_a_court_are_counted_over_all_replicas(store: Store, other: Store) -> None:
    """Two slots: the third attempt waits, hears its place, and goes when somebody rises, wherever that was."""
    one, two = (
        StorePace(where, SystemClock(), me=name, slots=2, gap=0.0) for where, name in ((store, "one"), (other, "two"))
    )
    lines = [Line() for _ in range(3)]
    seats = [
        pace.seat(GASB.id, line, attempt=f"a{number}")
        for number, (pace, line) in enumerate(zip((one, two, one), lines, strict=True))
    ]
    await seats[0](GASB.host)
    await seats[1](GASB.host)
    waiting = asyncio.create_task(_go(seats[2]))
    await until(lambda: lines[2].places == [1])
    assert not waiting.done()
    seats[1].rise()
    await waiting
    assert lines[2].places == [1, 0]
    assert lines[0].places == []
    seats[0].rise()
    seats[2].rise()


async def test_a_request_to_the_sign_on_needs_no_slot(store: Store) -> None:
    """PACER's host is nobody's slot."""
    pace = StorePace(store, SystemClock(), me="one", slots=0)
    await pace.seat(GASB.id, Line(), attempt="a")("pacer.login.uscourts.gov")


async def test_requests_of_two_replicas_keep_their_distance(store: Store, other: Store) -> None:
    """Each request books the court's next moment, whichever replica makes it."""
    async with store.work() as work:
        first = await Slots().book(work, GASB.id, 30.0)
    async with other.work() as work:
        second = await Slots().book(work, GASB.id, 30.0)
    assert first == 0.0
    assert 25.0 < second <= 30.0


async def _go(seat: Seat) -> None:
    await seat(GASB.host)
