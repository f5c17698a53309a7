"""The pace: four at once, 250 ms apart, first come first served, and nothing lost when somebody gives up waiting."""

from __future__ import annotations

import asyncio

from bot.attempts.pace import NoPace, Pace, Seat
from bot.courts.court import SIGN_ON_HOST, CourtId, Realm
from tests.attempts.stage import HandClock, settle

GASB = CourtId("gasb")
HOST = "ecf.gasb.uscourts.gov"


class Line:
    """Attempts at one court, with what each was told of its place."""

    def __init__(self, slots: int = 4, gap: float = 0.0) -> None:
        self.clock = HandClock()
        self.pace = Pace(self.clock, slots=slots, gap=gap)
        self.places: dict[str, list[int]] = {}
        self.went: list[str] = []

    def join(self, name: str) -> tuple[Seat, asyncio.Task[None]]:
        """Let `name` ask for leave; the task is done when it may go."""
        self.places[name] = []

        async def queued(place: int) -> None:
            self.places[name].append(place)

        seat = self.pace.seat(GASB, queued)

        async def go() -> None:
            await seat(HOST)
            self.went.append(name)

        return seat, asyncio.create_task(go())


async def test_the_fifth_waits_and_is_told_its_place() -> None:
    """Four hold a slot; the others hear their place, and hear it again when it changes."""
    line = Line()
    seats = [line.join(name)[0] for name in "abcd"]
    line.join("e")
    line.join("f")
    await settle()
    assert line.went == ["a", "b", "c", "d"]
    assert (line.places["e"], line.places["f"]) == ([1], [2])
    seats[1].rise()
    await settle()
    assert line.went[-1] == "e"
    assert (line.places["e"], line.places["f"]) == ([1, 0], [2, 1])
    seats[0].rise()
    await settle()
    assert line.went == ["a", "b", "c", "d", "e", "f"]
    assert line.pace.held(GASB) == 4


async def test_nobody_overtakes() -> None:
    """A slot goes to the first in line, though another asks at that very moment."""
    line = Line(slots=1)
    first, _ = line.join("a")
    await settle()
    line.join("b")
    await settle()
    first.rise()
    line.join("c")
    await settle()
    assert line.went == ["a", "b"]


async def test_one_that_gave_its_slot_back_queues_again() -> None:
    """Who waited for its person gets no slot for that."""
    line = Line(slots=1)
    first, _ = line.join("a")
    await settle()
    line.join("b")
    first.rise()
    again = asyncio.create_task(first(HOST))
    await settle()
    assert line.went == ["a", "b"]
    assert not again.done()
    again.cancel()


async def test_a_cancelled_wait_leaves_the_line() -> None:
    """The one behind moves up, and the slot is not lost."""
    line = Line(slots=1)
    first, _ = line.join("a")
    await settle()
    _, second = line.join("b")
    line.join("c")
    await settle()
    second.cancel()
    await settle()
    assert line.places["c"] == [2, 1]
    first.rise()
    await settle()
    assert line.went == ["a", "c"]
    assert line.pace.waiting(GASB) == 0


async def test_a_slot_given_to_one_that_was_just_cancelled_is_passed_on() -> None:
    """Slot and cancellation meet: the next in line gets it."""
    line = Line(slots=1)
    first, _ = line.join("a")
    await settle()
    _, second = line.join("b")
    line.join("c")
    await settle()
    first.rise()
    second.cancel()
    await settle()
    assert line.went == ["a", "c"]
    assert line.pace.held(GASB) == 1


async def test_requests_to_one_court_are_apart() -> None:
    """Whoever asks, a quarter of a second lies between two requests."""
    line = Line(gap=0.25)
    for name in "abc":
        line.join(name)
    await settle()
    assert line.went == ["a"]
    await line.clock.pass_by(0.24)
    assert line.went == ["a"]
    await line.clock.pass_by(0.01)
    assert line.went == ["a", "b"]
    await line.clock.pass_by(0.25)
    assert line.went == ["a", "b", "c"]


async def test_another_court_has_its_own_pace() -> None:
    """A full court does not slow its neighbour."""
    line = Line(slots=1, gap=0.25)
    line.join("a")
    line.join("b")

    async def queued(place: int) -> None:
        raise AssertionError

    await line.pace.seat(CourtId("almb"), queued)("ecf.almb.uscourts.gov")
    await settle()
    assert line.went == ["a"]


async def test_the_sign_on_host_needs_no_slot() -> None:
    """PACER's host is not the court's."""
    line = Line(slots=1)
    line.join("a")
    await settle()

    async def queued(place: int) -> None:
        raise AssertionError

    seat = line.pace.seat(GASB, queued)
    for realm in Realm:
        await seat(SIGN_ON_HOST[realm])
    assert line.pace.held(GASB) == 1


async def test_rising_twice_gives_one_slot_back() -> None:
    """An ending after a question frees nothing that belongs to another."""
    line = Line(slots=1)
    first, _ = line.join("a")
    await settle()
    line.join("b")
    first.rise()
    first.rise()
    await settle()
    assert line.pace.held(GASB) == 1


async def test_no_pace_never_waits() -> None:
    """For benchmarks."""

    async def queued(place: int) -> None:
        raise AssertionError

    for _ in range(50):
        await NoPace().seat(GASB, queued)(HOST)
