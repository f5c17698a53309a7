"""The ticks of every replica: a few fixed rounds, in memory only, watched by the monotonic clock (design 7).

The scheduler is nothing but a timer here: it stores nothing, knows nobody, and may die (how: reliability.md section
2.1). A watchdog that does not depend on it notices ticks that do not come and a wall clock that jumps.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from types import TracebackType
from typing import Protocol, Self

import structlog
from apscheduler.jobstores.memory import MemoryJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

from bot.clock import Clock

log = structlog.get_logger(__name__)

Round = Callable[[], Awaitable[object]]
"""What a tick does; what it raises is logged, and it is done again at the next tick."""

Tick = tuple[float, Round]
"""Seconds between two rounds, and the round."""

MISSED = 3
"""Intervals without a tick after which the timer counts as dead."""

JUMP = 5.0
"""Seconds by which the wall clock may drift from the monotonic one between two looks before it counts as moved."""

LOOK = 5.0
"""Seconds between two looks of the watchdog."""

HANGS = 600.0
"""Seconds after which a round that is still running is told of; it is never cut off, it may be a long plan."""

FINISHING = 6.0
"""Seconds that running rounds have to finish once the ticks end: a unit of work's own limit, and a little."""


class Timer(Protocol):
    """What calls at fixed distances."""

    def start(self, calls: Mapping[str, tuple[float, Callable[[], None]]]) -> None:
        """Call each from now on, every so many seconds, on the running loop."""
        ...

    def stop(self) -> None:
        """Call nobody any more."""
        ...


class Scheduler:
    """The timer of the service: APScheduler with its memory store."""

    def __init__(self) -> None:
        # It tells of every call that it makes; its failures are noticed by the watchdog.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self, calls: Mapping[str, tuple[float, Callable[[], None]]]) -> None:
        """Call each from now on, every so many seconds, on the running loop."""
        for name, (seconds, call) in calls.items():
            self._scheduler.add_job(_coroutine(call), IntervalTrigger(seconds=seconds, timezone=UTC), id=name)
        self._scheduler.start()

    def stop(self) -> None:
        """Call nobody any more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def _coroutine(call: Callable[[], None]) -> Callable[[], Awaitable[None]]:
    async def calling() -> None:
        # A plain function would be called in a thread.
        call()

    return calling


@dataclass(slots=True)
class _Seen:
    """When a tick last came, and since when its round runs (monotonic seconds, None while it does not)."""

    came: float
    running_since: float | None = None


class Ticks:
    """The ticks, for as long as the context is entered; every round is made once at the start.

    `ticks` names them, with their distance in seconds. A round that still runs when its tick comes is not begun again.
    """

    def __init__(
        self,
        clock: Clock,
        ticks: Mapping[str, Tick],
        *,
        timer: Callable[[], Timer] = Scheduler,
        look: float = LOOK,
    ) -> None:
        self._clock = clock
        self._ticks = dict(ticks)
        self._new_timer = timer
        self._timer: Timer | None = None
        self._look = look
        self._seen: dict[str, _Seen] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._watchdog: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._build()
        self._watchdog = asyncio.create_task(self._watch(), name="watchdog of the ticks")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._watchdog is not None:
            self._watchdog.cancel()
            await asyncio.wait([self._watchdog])
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=FINISHING)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    def why_not_well(self) -> str:
        """Return "" while every tick comes and no round hangs, else what is wrong, in words for an administrator."""
        now = self._clock.monotonic()
        for name, seen in self._seen.items():
            since = seen.running_since
            if since is not None and now - since > max(HANGS, MISSED * self._ticks[name][0]):
                return f"The round {name} has been running for {now - since:.0f} seconds."
            if since is None and self._overdue(name, now):
                return f"The round {name} has not begun for {now - seen.came:.0f} seconds."
        return ""

    def _overdue(self, name: str, now: float) -> bool:
        # One look more than the intervals: the watchdog may mend it before anybody is told.
        return now - self._seen[name].came > MISSED * self._ticks[name][0] + self._look

    def _build(self) -> None:
        """Begin with a new timer, and with every round at once."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._new_timer()
        self._timer.start({name: (seconds, self._call(name)) for name, (seconds, _) in self._ticks.items()})
        for name in self._ticks:
            self._tick(name)

    def _call(self, name: str) -> Callable[[], None]:
        return lambda: self._tick(name)

    def _tick(self, name: str) -> None:
        now = self._clock.monotonic()
        seen = self._seen.setdefault(name, _Seen(now))
        seen.came = now
        if seen.running_since is not None:
            return
        seen.running_since = now
        task = asyncio.create_task(self._run(name), name=f"tick {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, name: str) -> None:
        try:
            await self._ticks[name][1]()
        except Exception as error:
            log.warning("round failed", step=name, error=type(error).__name__)
        finally:
            self._seen[name].running_since = None

    async def _watch(self) -> None:
        wall, steady = self._clock.now(), self._clock.monotonic()
        while True:
            await self._clock.sleep(self._look)
            now, passed = self._clock.now(), self._clock.monotonic() - steady
            jumped = abs((now - wall).total_seconds() - passed) > JUMP
            wall, steady = now, steady + passed
            # The timer goes by the wall clock: set back, it would be silent for as long as it was set back.
            dead = any(steady - self._seen[name].came > MISSED * self._ticks[name][0] for name in self._ticks)
            if jumped or dead:
                log.warning("ticks begun anew", code="clock_jumped" if jumped else "timer_dead")
                self._build()
