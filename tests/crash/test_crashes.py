"""A crash at any instant is told honestly and nothing is submitted twice: a fixed few; `make soak` makes them all.

Everything begins together, because what takes long is waiting for the dead owners' leases, with their real length.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from bot.errors import Code
from tests.crash import kills, scenes
from tests.crash.checks import Outcome
from tests.crash.places import ENGINES, POSTGRESQL, SQLITE, Places
from tests.crash.stage import Stage, pretend_court
from tests.postgres import Server

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

Made = Callable[[dict[str, Stage]], Awaitable[Outcome]]
TAKEN_OVER_WITHIN = 15.0


def killed(engine: str, point: str) -> tuple[str, Made]:
    """A kill, by its name."""
    return f"{engine}, killed: {point}", lambda stages: kills.kill(stages[engine], point)


def scene(engine: str, name: str, play: scenes.Scene) -> tuple[str, Made]:
    """A scene, by its name."""
    return f"{engine}, {name}", lambda stages: play(stages[engine])


ALL: dict[str, Made] = dict(
    [
        scene(SQLITE, "frozen at the question", partial(scenes.frozen, at="before answer confirm")),
        scene(SQLITE, "frozen with leave", partial(scenes.frozen, at="after leave 15")),
        scene(POSTGRESQL, "frozen before the go", partial(scenes.frozen, at="after step submit")),
        scene(SQLITE, "stopped for 7 s", partial(scenes.paused, at="after leave 15", seconds=7.0)),
        scene(POSTGRESQL, "stopped for 14 s", partial(scenes.paused, at="before step submit", seconds=14.0)),
        scene(SQLITE, "stopped for 14 s", partial(scenes.paused, at="after step submit", seconds=14.0)),
        scene(POSTGRESQL, "stopped for 30 s", partial(scenes.paused, at="after step submit", seconds=30.0)),
        scene(SQLITE, "stopped for 30 s", partial(scenes.paused, at="before answer confirm", seconds=30.0)),
        *(killed(SQLITE, point) for point in kills.SPREAD[::2]),
        *(killed(POSTGRESQL, point) for point in kills.SPREAD[1::2]),
        scene(POSTGRESQL, "two owners", scenes.rivals),
        scene(SQLITE, "child killed", partial(scenes.bad_child, at="after step submit", blow=signal.SIGKILL)),
        scene(POSTGRESQL, "SIGTERM", scenes.asked_to_leave),
    ]
)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, asyncio.Task[Outcome]]]:
    """All of them, begun."""
    folder: Path = tmp_path_factory.mktemp("crash")
    with Server() as server:
        async with pretend_court() as (sandbox, gates):
            walking, stages = asyncio.Semaphore(3), {}
            for engine in ENGINES:
                places = Places(engine, folder, server if engine == POSTGRESQL else None)
                await asyncio.to_thread(places.prepare)
                stages[engine] = Stage(sandbox, gates, places, walking=walking)
            tasks = {name: asyncio.ensure_future(make(stages)) for name, make in ALL.items()}
            yield tasks
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)


@pytest.mark.parametrize("name", ALL)
async def test_a_crash_is_told_honestly(name: str, made: dict[str, asyncio.Task[Outcome]]) -> None:
    """One truthful ending, at most one Submit, nothing left behind; the checks themselves are in checks.py."""
    outcome = await made[name]
    assert outcome.seconds is None or outcome.seconds < TAKEN_OVER_WITHIN
    assert outcome.code is not None or outcome.point == kills.NOT_BEGUN


async def test_the_kills_were_kills(made: dict[str, asyncio.Task[Outcome]]) -> None:
    """Nearly every point was passed (what is shown or noted may melt into the next), before the Submit and after."""
    outcomes = [await task for name, task in made.items() if "killed:" in name]
    struck = [one for one in outcomes if one.struck]
    assert len(struck) >= len(outcomes) - 2
    assert {one.code for one in struck} >= {Code.INTERRUPTED, Code.OUTCOME_UNKNOWN}
    assert sum(one.submits for one in struck) >= 2
