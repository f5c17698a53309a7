"""Part 5: what a process of its own costs an attempt: time to the first request, memory, and starts a second.

The walk is cut short: `leave` is asked just before the first request, and that is the moment measured. For memory the
attempts stand at the question of the verify page, where they have read every page and wait longest.
"""

from __future__ import annotations

import asyncio
import gc
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Any

from bot.attempts.cell import Cells
from bot.attempts.running import Linker
from bot.clock import SystemClock
from bot.courts.directory import Directory
from bot.linker.attempt import link
from bot.linker.values import Answer, ConfirmAnswer, Question, Told, new_incident_id
from tests.bench.apart import apart
from tests.bench.firm import COURT, ECF_PASSWORD, PACER_PASSWORD, account_name, login_name
from tests.bench.linking import BALLAST
from tests.bench.memory import pss
from tests.bench.tables import Table, Verdict
from tests.bench.walks import PATIENT, Place, Typed

FIRST_TARGET, MEMORY_TARGET = 0.030, 25.0


@dataclass(frozen=True)
class Sizes:
    """How much is measured: single starts, starts in a row for the rate, attempts standing at once for the memory."""

    starts: int = 40
    burst: int = 60
    standing: int = 10


@dataclass(frozen=True)
class Found:
    """Seconds to the first request in this process and in one of its own, attempts started a second, MB an attempt.

    The memory is None where the system does not show it to this user.
    """

    here: float
    apart: float
    rate: float
    memory: float | None
    links: float


class _Enough(Exception):
    """The first request is about to go: that is all that was wanted."""


def measure_cells(sizes: Sizes = Sizes()) -> Table:
    """Measure an attempt in this process, then in processes of their own, against one pretend court."""
    court = Directory.shipped().by_id(COURT)
    assert court is not None
    people = 2 * sizes.starts + sizes.burst + 2 * sizes.standing + 4
    with apart("tests.bench.pretend", "0.0", str(BALLAST), str(people), "1") as pretend:
        there = pretend.hear()
        found = asyncio.run(_measure(Place.at(court, there["host"], there["port"], there["ca_file"]), sizes))
    beyond = found.apart - found.here
    rows = [
        ("start to first request, in the service's process", f"{found.here * 1000:.1f} ms"),
        ("start to first request, in a process of its own", f"{found.apart * 1000:.1f} ms"),
        ("attempts started and ended a second, one after another", f"{found.rate:.0f}"),
        (f"links a second, {sizes.standing} in flight, each in a process of its own", f"{found.links:.0f}"),
        (
            f"memory of each of {sizes.standing} attempts at the verify page (PSS)",
            f"{found.memory:.1f} MB" if found.memory is not None else "not shown to this user",
        ),
    ]
    what = "start to first request beyond the in-process figure"
    verdicts = [Verdict(what, f"{beyond * 1000:.1f} ms", "< 30 ms", beyond < FIRST_TARGET)]
    if found.memory is not None:
        verdicts.append(
            Verdict("memory an attempt adds (PSS)", f"{found.memory:.1f} MB", "< 25 MB", found.memory < MEMORY_TARGET)
        )
    return Table("An attempt in a process of its own", ("what", "figure"), rows, (), tuple(verdicts))


async def _measure(place: Place, sizes: Sizes) -> Found:
    people = (Typed(account_name(number), PACER_PASSWORD, login_name(number), ECF_PASSWORD) for number in count())

    def here(*given: Any, **more: Any) -> Any:
        return link(*given, outside=place.outside, clock=SystemClock(), limits=PATIENT, **more)

    async with Cells(place.outside, limits=PATIENT) as cells:
        for linker in (here, cells.linker):
            await _first(linker, place, next(people))
        alone, inside = [], []
        for _ in range(sizes.starts):
            gc.collect()
            inside.append(await _first(here, place, next(people)))
            alone.append(await _first(cells.linker, place, next(people)))
        began = time.perf_counter()
        for _ in range(sizes.burst):
            await _first(cells.linker, place, next(people))
        rate = sizes.burst / (time.perf_counter() - began)
        memory, links = await _stand(cells, place, [next(people) for _ in range(sizes.standing)])
    return Found(median(inside), median(alone), rate, memory, links)


async def _first(linker: Linker, place: Place, typed: Typed) -> float:
    """Return the seconds until the first request is about to go; the attempt ends there."""
    moments: list[float] = []

    async def leave(host: str) -> None:
        moments.append(time.perf_counter())
        raise _Enough

    began = time.perf_counter()
    with suppress(_Enough):
        await linker(typed.request(place.court), _yes, _hear, leave=leave, incident=new_incident_id())
    return moments[0] - began


async def _stand(cells: Cells, place: Place, typed: list[Typed]) -> tuple[float | None, float]:
    """Return the megabytes that each attempt adds while all wait for their person, and the links a second."""
    waiting, on = asyncio.Queue[None](), asyncio.Event()

    async def ask(question: Question) -> Answer:
        waiting.put_nowait(None)
        await on.wait()
        return ConfirmAnswer(True)

    alone = pss(cells.server_pid)
    began = time.perf_counter()
    running = [
        asyncio.create_task(
            cells.linker(one.request(place.court), ask, _hear, leave=_at_once, incident=new_incident_id())
        )
        for one in typed
    ]
    for _ in running:
        await waiting.get()
    looked = time.perf_counter()
    with_all = [pss(pid) for pid in (cells.server_pid, *cells.pids)]
    began += time.perf_counter() - looked
    on.set()
    for one in running:
        result = await one
        assert result.code == "linked", f"{result.code}: {result.detail}"
    links = len(typed) / (time.perf_counter() - began)
    seen = [size for size in with_all if size is not None]
    if alone is None or len(seen) < len(with_all):
        return None, links
    return (sum(seen) - alone) / len(typed), links


async def _yes(question: Question) -> Answer:
    return ConfirmAnswer(True)


async def _hear(told: Told) -> None:
    """Nobody listens."""


async def _at_once(host: str) -> None:
    """No pace."""
