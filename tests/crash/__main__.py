"""`make soak`: kill an owner at every point of its way, on both databases, then at random ones until the time is up."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import structlog

from tests.crash import kills, scenes
from tests.crash.checks import Outcome
from tests.crash.places import ENGINES, POSTGRESQL, SQLITE, Places
from tests.crash.stage import Stage, pretend_court
from tests.postgres import Server

LEAST_POINTS = 40
"""Distinct points on each database, below which the soak proves nothing."""

IN_FLIGHT = 16
"""Attempts that walk or wait for their lease at once; each has two replicas on a database of its own."""

TAKEN_OVER_WITHIN = 15.0

Play = Callable[[], Awaitable[Outcome]]


class Tally:
    """What came of everything that was played."""

    def __init__(self, until: float) -> None:
        self._until = until
        self.left_out = 0
        self.outcomes: dict[str, list[Outcome]] = {engine: [] for engine in ENGINES}
        self.failed: list[str] = []
        self._turns = asyncio.Semaphore(IN_FLIGHT)

    async def play(self, engine: str, name: str, play: Play) -> None:
        """Play one and note what came of it; what is wrong is said at once."""
        async with self._turns:
            if time.monotonic() > self._until:
                self.left_out += 1
                return
            try:
                outcome = await play()
                if outcome.seconds is not None and outcome.seconds >= TAKEN_OVER_WITHIN:
                    raise AssertionError(f"taken over after {outcome.seconds:.1f} s")
            except Exception as error:
                place = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{Path(place.filename).name}:{place.lineno} {place.line}"
                self.failed.append(f"{engine}, {name}: {type(error).__name__}: {str(error)[:300]} ({where})")
                print("FAILED", self.failed[-1], flush=True)
                return
        self.outcomes[engine].append(outcome)
        if (done := sum(map(len, self.outcomes.values()))) % 50 == 0:
            print(f"{done} played, {len(self.failed)} went wrong", flush=True)


def fixed(stage: Stage) -> list[tuple[str, Play]]:
    """The scenes, as often as there are points for them."""
    plays: list[tuple[str, Play]] = [
        ("two owners", partial(scenes.rivals, stage)),
        ("SIGTERM at a question", partial(scenes.asked_to_leave, stage)),
        ("SIGTERM at the Submit", partial(scenes.asked_to_leave_late, stage, kills.FINAL_SUBMIT)),
    ]
    plays += [(f"frozen {at}", partial(scenes.frozen, stage, at)) for at in scenes.FROZEN_AT]
    plays += [
        (f"stopped for {seconds:.0f} s {at}", partial(scenes.paused, stage, at, seconds))
        for at in scenes.FROZEN_AT
        for seconds in scenes.STOPS
    ]
    for blow in (signal.SIGKILL, signal.SIGSTOP):
        plays += [(f"child {blow.name} {at}", partial(scenes.bad_child, stage, at, blow)) for at in scenes.CHILD_AT]
    return plays


async def crashed_databases(tally: Tally, stage: Stage, server: Server) -> None:
    """One after the other, because all of them share the server that crashes."""
    for number in (3, 12, kills.FINAL_SUBMIT, kills.FINAL_SUBMIT + 1):
        for answered in (False, True):
            play = partial(scenes.database_crashed, stage, server, number, answered)
            await tally.play(POSTGRESQL, f"database crashed {number} {answered}", play)


async def soak(seconds: float, seed: int) -> int:
    """Play everything that fits into the time, print the figures, and return how many went wrong."""
    began, dice, tally = time.monotonic(), random.Random(seed), Tally(time.monotonic() + seconds)
    with tempfile.TemporaryDirectory() as folder, Server() as server, Server(durable=True) as durable:
        async with pretend_court() as (sandbox, gates):
            walking, stages = asyncio.Semaphore(3), {}
            for engine, own in ((SQLITE, None), (POSTGRESQL, server), ("crashing", durable)):
                where = Path(folder) / engine
                where.mkdir()
                places = Places(engine, where, own)
                await asyncio.to_thread(places.prepare)
                stages[engine] = Stage(sandbox, gates, places, walking=walking)
            roads = {engine: await kills.road(stages[engine]) for engine in ENGINES}
            crashing = asyncio.ensure_future(crashed_databases(tally, stages["crashing"], durable))
            everything: list[tuple[str, str, Play]] = []
            for engine in ENGINES:
                found = fixed(stages[engine])
                print(f"{engine}: {len(roads[engine])} points on the way, {len(found)} scenes", flush=True)
                everything += [(engine, name, play) for name, play in found]
                everything += [(engine, at, partial(kills.kill, stages[engine], at)) for at in roads[engine]]
            dice.shuffle(everything)
            await asyncio.gather(crashing, *(tally.play(*one) for one in everything))
            while time.monotonic() - began < seconds:
                some = [(engine, dice.choice(roads[engine])) for engine in ENGINES for _ in range(IN_FLIGHT // 2)]
                await asyncio.gather(
                    *(tally.play(engine, point, partial(kills.kill, stages[engine], point)) for engine, point in some)
                )
    for engine in ENGINES:
        print(kills.summary(engine, tally.outcomes[engine]))
        reached = {one.point for one in tally.outcomes[engine] if one.struck}
        unreached = len(set(roads[engine]) - reached)
        print(
            f"{engine}: {len(reached)} of {len(roads[engine])} points struck, {unreached} not (no time, or melted away)"
        )
        if len(reached) < LEAST_POINTS:
            tally.failed.append(f"{engine}: only {len(reached)} points were reached")
    print(f"{time.monotonic() - began:.0f} s, seed {seed}, {len(tally.failed)} went wrong")
    return len(tally.failed)


def main() -> int:
    """Read how long; 0 when everything held."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=1800.0, help="every point once, then random ones")
    asked.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats the random points of a run")
    given = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return min(1, asyncio.run(soak(given.seconds, given.seed)))


if __name__ == "__main__":
    sys.exit(main())
