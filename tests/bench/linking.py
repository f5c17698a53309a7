"""Part 1: what a link costs, in wall time, CPU and stall of the loop, beside its rival and its limit."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from statistics import median

from bot.courts.directory import Directory
from tests.bench.apart import apart
from tests.bench.firm import COURT, ECF_PASSWORD, PACER_PASSWORD, account_name, login_name
from tests.bench.tables import Table, Verdict
from tests.bench.walks import WALKS, Link, Place, Typed

LATENCIES = (0.0, 0.05)
BALLAST = 24_000
"""Bytes that make the signed-in pages about 27 KB; the largest captured one has 28 KB."""
WALL_TARGET, CPU_TARGET = 1.15, 2.5
OURS, SOUP, LIMIT = WALKS


@dataclass(frozen=True)
class Plan:
    """How much is measured: links in flight, each with the links of one turn; rounds at most, seconds at most."""

    in_flight: tuple[tuple[int, int], ...] = ((1, 3), (10, 10), (50, 50))
    rounds: int = 3
    seconds: float = 75.0
    latencies: tuple[float, ...] = LATENCIES

    @property
    def people(self) -> int:
        """How many filers it can use up, warm-up included: a filer is linked once."""
        turns = self.rounds + 1  # one more for the stall
        return len(self.latencies) * len(WALKS) * (1 + turns * sum(links for _, links in self.in_flight))


@dataclass(frozen=True)
class Turn:
    """One variant's turn: seconds of one link (median), CPU seconds of the client per link, requests of one link."""

    wall: float
    cpu: float
    requests: int


@dataclass
class Cell:
    """All turns of one variant at one latency with so many in flight."""

    turns: list[Turn] = field(default_factory=list)
    stall: float = 0.0

    def of(self, what: str) -> float:
        """Return the median of a figure over the turns."""
        return float(median(getattr(turn, what) for turn in self.turns))


Cells = dict[tuple[float, int, str], Cell]


def measure_links(plan: Plan = Plan(), ballast: int = BALLAST) -> Table:
    """Measure every variant in turn, round by round, and return the table."""
    with ExitStack() as stack:
        places = {}
        court = Directory.shipped().by_id(COURT)
        assert court is not None
        for latency in plan.latencies:
            there = stack.enter_context(
                apart("tests.bench.pretend", str(latency), str(ballast), str(plan.people), "1")
            ).hear()
            places[latency] = Place.at(court, there["host"], there["port"], there["ca_file"])
        cells = asyncio.run(_rounds(plan, places))
    return _table(cells, plan)


async def _rounds(plan: Plan, places: dict[float, Place]) -> Cells:
    cells: Cells = {}
    people = _people()
    for link in WALKS.values():
        for place in places.values():
            await turn(link, place, people, 1, 1)
    end = time.monotonic() + plan.seconds
    for number in range(plan.rounds):
        for latency, place in places.items():
            for at_once, links in plan.in_flight:
                if number and time.monotonic() > end:
                    return cells
                for name, link in WALKS.items():
                    gc.collect()  # the rubbish of the variant before is not this one's stall
                    cell = cells.setdefault((latency, at_once, name), Cell())
                    if not number:
                        cell.stall = await stall(turn(link, place, people, at_once, links))
                    cell.turns.append(await turn(link, place, people, at_once, links))
    return cells


def _people() -> Iterator[Typed]:
    for number in count():
        yield Typed(account_name(number), PACER_PASSWORD, login_name(number), ECF_PASSWORD)


async def turn(link: Link, place: Place, people: Iterator[Typed], at_once: int, links: int) -> Turn:
    """Make `links` links, `at_once` at a time, and return what they cost."""
    walls: list[float] = []
    requests: list[int] = []
    waiting = iter([next(people) for _ in range(links)])

    async def one_after_another() -> None:
        for typed in waiting:
            begun = time.perf_counter()
            requests.append(await link(place, typed))
            walls.append(time.perf_counter() - begun)

    began = time.process_time()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return Turn(median(walls), (time.process_time() - began) / links, max(requests))


async def stall(busy: Coroutine[object, object, Turn]) -> float:
    """Return the longest time in seconds that the loop did not run, which is what a chat's ack would have waited.

    In a turn of its own: what watches wakes every millisecond, and that would count as CPU of the link.
    """
    longest = 0.0
    turning = asyncio.create_task(busy)
    last = time.perf_counter()
    while not turning.done():
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        longest = max(longest, now - last - 0.001)
        last = now
    await turning
    return longest


def floor(requests: int, latency: float) -> float:
    """Return the least seconds a link can take: a round trip a request, two more for each host's handshakes."""
    return (requests + 2 * 2) * latency


def _table(cells: Cells, plan: Plan) -> Table:
    rows = []
    for (latency, at_once, name), cell in cells.items():
        limit = cells[latency, at_once, LIMIT]
        least = floor(int(cell.of("requests")), latency)
        rows.append(
            (
                name,
                f"{latency * 1000:.0f} ms",
                str(at_once),
                f"{cell.of('requests'):.0f}",
                f"{cell.of('wall') * 1000:.0f} ms",
                f"{cell.of('wall') / least:.2f}" if least else "-",
                f"{cell.of('cpu') * 1000:.1f} ms",
                f"{cell.of('cpu') / limit.of('cpu'):.2f}",
                f"{cell.stall * 1000:.0f} ms",
                str(len(cell.turns)),
            )
        )
    heads = ("link", "RTT", "in flight", "requests", "wall", "wall/floor", "CPU/link", "CPU/limit", "stall", "turns")
    notes = (
        "  floor = (requests + 2 for each of the 2 hosts) x RTT; CPU is the client's alone; medians over the turns;",
        "  stall = the longest time that the loop did not run, in a turn of its own.",
        "  BeautifulSoup and the limit read pages on the loop; ours reads pages above 24 KB in a thread.",
    )
    return Table("A link", heads, rows, notes, tuple(_verdicts(cells, plan)))


def _verdicts(cells: Cells, plan: Plan) -> Iterator[Verdict]:
    fewest, slowest = plan.in_flight[0][0], max(plan.latencies)
    if slowest:
        alone = cells[slowest, fewest, OURS]
        ratio = alone.of("wall") / floor(int(alone.of("requests")), slowest)
        what = f"wall of a link / floor, {slowest * 1000:.0f} ms, {fewest} in flight"
        yield Verdict(what, f"{ratio:.2f}", f"<= {WALL_TARGET}", ratio <= WALL_TARGET)
    yield from (_cpu_verdict(cells, latency, at_once) for latency in plan.latencies for at_once, _ in plan.in_flight)


def _cpu_verdict(cells: Cells, latency: float, at_once: int) -> Verdict:
    ratio = cells[latency, at_once, OURS].of("cpu") / cells[latency, at_once, LIMIT].of("cpu")
    rival = cells[latency, at_once, SOUP].of("cpu") / cells[latency, at_once, OURS].of("cpu")
    what = f"CPU of a link / limit, {latency * 1000:.0f} ms, {at_once} in flight (BeautifulSoup: {rival:.1f} x ours)"
    return Verdict(what, f"{ratio:.2f}", f"<= {CPU_TARGET}", ratio <= CPU_TARGET)


def measure_thin_pages(plan: Plan = Plan(in_flight=((1, 5),), latencies=(0.0,), seconds=20.0)) -> Table:
    """Measure once more over the sandbox's own pages of 1-3 KB, where the transport weighs most."""
    table = measure_links(plan, ballast=0)
    verdicts: Sequence[Verdict] = [
        Verdict(f"{one.what}, pages of 1-3 KB", one.figure, one.target, one.met) for one in table.verdicts
    ]
    return Table("A link over the sandbox's own pages (1-3 KB)", table.heads, table.rows, (), verdicts)
