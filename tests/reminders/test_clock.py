"""The ticks: they come, they outlive what a round raises, and neither a dead timer nor a moved clock stops them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import SystemClock
from bot.reminders.clock import HANGS, Scheduler, Ticks
from tests.attempts.stage import HandClock, settle


@dataclass
class MovedClock(HandClock):
    """A clock whose wall can be set apart from the seconds that go by."""

    moved: timedelta = timedelta()

    def now(self) -> datetime:
        """The wall."""
        return super().now() + self.moved


@dataclass
class HandTimer:
    """A timer that calls when a test says so."""

    calls: dict[str, Callable[[], None]] = field(default_factory=dict)
    stopped: bool = False

    def start(self, calls: Mapping[str, tuple[float, Callable[[], None]]]) -> None:
        """Keep what is to be called."""
        self.calls = {name: call for name, (_, call) in calls.items()}

    def stop(self) -> None:
        """Call nobody any more."""
        self.stopped = True


class Counted:
    """A round that counts how often it was made; it can be held."""

    def __init__(self) -> None:
        self.times = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> int:
        """Make it."""
        self.times += 1
        await self.gate.wait()
        return self.times


class Stage:
    """Ticks with timers that a test moves."""

    def __init__(self) -> None:
        self.clock = MovedClock()
        self.timers: list[HandTimer] = []
        self.plan = Counted()
        self.dispatch = Counted()
        ticks = {"plan": (60.0, self.plan), "dispatch": (5.0, self.dispatch)}
        self.ticks = Ticks(self.clock, ticks, timer=self._timer)

    def _timer(self) -> HandTimer:
        self.timers.append(HandTimer())
        return self.timers[-1]


async def test_the_scheduler_calls_every_round_again_and_again() -> None:
    """The real scheduler makes each round at the start and at its distance, whatever another one raises."""
    thrice = asyncio.Event()
    count = 0

    async def counts() -> None:
        nonlocal count
        count += 1
        if count >= 3:
            thrice.set()

    async def raises() -> None:
        raise RuntimeError("a round of a test")

    async with Ticks(SystemClock(), {"counts": (0.02, counts), "raises": (0.02, raises)}) as ticks:
        await thrice.wait()
        assert ticks.why_not_well() == ""
    ended = count
    await settle()
    assert count == ended


async def test_a_dead_timer_is_replaced() -> None:
    """When no tick came for three intervals a new timer begins, with every round at once."""
    stage = Stage()
    async with stage.ticks:
        await settle()
        assert (stage.plan.times, stage.dispatch.times, len(stage.timers)) == (1, 1, 1)
        await stage.clock.pass_by(10)
        assert len(stage.timers) == 1
        await stage.clock.pass_by(10)
        assert len(stage.timers) == 2
        assert stage.timers[0].stopped
        assert (stage.plan.times, stage.dispatch.times) == (2, 2)
        stage.timers[1].calls["dispatch"]()
        await settle()
        assert stage.dispatch.times == 3
    assert stage.timers[1].stopped


async def test_a_moved_clock_plans_at_once() -> None:
    """A wall clock that jumps, forward or back, begins the ticks anew; one that drifts a little does not."""
    for moved, anew in ((3600.0, True), (-3600.0, True), (2.0, False)):
        stage = Stage()
        async with stage.ticks:
            await settle()
            stage.clock.moved = timedelta(seconds=moved)
            await stage.clock.pass_by(5)
            assert (len(stage.timers), stage.plan.times) == ((2, 2) if anew else (1, 1))
            stage.timers[-1].calls["dispatch"]()
            await stage.clock.pass_by(5)
            assert len(stage.timers) == (2 if anew else 1)


async def test_a_round_that_still_runs_is_not_begun_again() -> None:
    """A tick that comes during its own round is passed over; one that hangs is told of, and not cut off."""
    stage = Stage()
    stage.dispatch.gate.clear()
    async with stage.ticks:
        await settle()
        for _ in range(int(HANGS // 5) + 2):
            for name in ("plan", "dispatch"):
                stage.timers[-1].calls[name]()
            await stage.clock.pass_by(5)
        assert stage.dispatch.times == 1
        assert "dispatch" in stage.ticks.why_not_well()
        stage.dispatch.gate.set()
        await settle()
        assert stage.ticks.why_not_well() == ""
        stage.timers[-1].calls["dispatch"]()
        await settle()
        assert stage.dispatch.times == 2


async def test_readiness_tells_of_ticks_that_do_not_come() -> None:
    """When even the watchdog is gone, readiness says which round has not begun."""
    stage = Stage()
    async with stage.ticks:
        await settle()
        stage.clock.seconds += 100
        assert "dispatch" in stage.ticks.why_not_well()
        await stage.clock.pass_by(0)
        assert stage.ticks.why_not_well() == ""


async def test_the_scheduler_keeps_nothing_on_disk_and_may_be_stopped_twice() -> None:
    """Its store is memory; an ending that comes twice is no trouble."""
    timer = Scheduler()
    timer.start({})
    timer.stop()
    await settle()
    timer.stop()
