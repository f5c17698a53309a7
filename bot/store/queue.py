"""The queue of letters on PostgreSQL: Procrastinate, asked in the transaction that makes the rows (design 7).

A job says no more than which letter is to be looked at; what is to become of it stands in its row. So a job that is run
twice, or too late, does nothing, and one that is lost is made again by `rescue`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, timedelta
from types import TracebackType
from typing import Any, LiteralString, Self

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy, sql
from procrastinate.exceptions import ProcrastinateException
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker
from psycopg import AsyncConnection
from sqlalchemy import text

from bot.clock import Clock
from bot.store.engine import Store
from bot.store.engines import CONNECT_SECONDS, LIMIT, LOCK_SECONDS, STATEMENT_SECONDS, read_address
from bot.store.jobs import QUEUE, TASK, enqueue, quiet
from bot.store.server import PromptConnection

log = structlog.get_logger(__name__)

POOL = 2
"""Connections of one replica for the queue, beside those of the store: jobs are taken and put away one by one."""

AGAIN_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""Waits before the worker is begun anew; the last one is repeated."""

CLOSING_SECONDS = 5.0
OLD_HOURS = 24
RESCUED_AT_ONCE = 1000

PUT_AWAY = (sql.queries["finish_job"], sql.queries["retry_job"])
"""What a worker says of a job that it has run."""

ORPHANS = text(
    """
    SELECT l.id, l.broadcast IS NULL AS hurry FROM letters l
    WHERE ((l.state = 'queued' AND l.not_before <= clock_timestamp() - make_interval(secs => :overdue))
        OR (l.state = 'sending' AND l.lease_until <= clock_timestamp()))
      AND NOT EXISTS (
        SELECT FROM procrastinate_jobs j
        WHERE j.status::text IN ('todo', 'doing') AND j.task_name = :task AND j.args ->> 'letter' = l.id
      )
    ORDER BY l.not_before LIMIT :most
    """
)
ALONE = text("SELECT pg_try_advisory_xact_lock(:key)")
RESCUING = 5_702_183_646_024
"""The advisory lock under which one replica at a time looks for letters without a job; the number means nothing."""


class _Connector(PsycopgConnector):
    """A connector whose every question ends in time, on a path that swallows it too.

    A finished job that cannot be put away would stay "doing" for as long as its worker lives: the worker is ended, and
    the job is another one's to find done.
    """

    end_worker: Callable[[], None] = staticmethod(lambda: None)

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        try:
            async with asyncio.timeout(LIMIT):
                await super().execute_query_async(query, **arguments)
        except (ProcrastinateException, TimeoutError) as error:
            if query not in PUT_AWAY:
                raise
            log.warning("job not put away", error=type(error).__name__)
            self.end_worker()

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        async with asyncio.timeout(LIMIT):
            found: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return found

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        async with asyncio.timeout(LIMIT):
            found: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
            return found


class Queue:
    """The worker of one replica, for as long as the context is entered; begun anew whenever it ends (reliability 2.3).

    `deliver` gets a letter's id; what it raises is tried again, then left to `rescue`. `places` jobs run at once.
    `heartbeat`, `stalled` and `overdue` (seconds) say how soon the jobs of a dead worker, and letters without a job,
    are noticed; `poll` how soon new ones; `drain` what running ones have to finish at the end.
    """

    def __init__(
        self,
        address: str,
        deliver: Callable[[str], Awaitable[None]],
        clock: Clock,
        *,
        places: int = 10,
        heartbeat: float = 10.0,
        stalled: float = 30.0,
        overdue: float = 30.0,
        poll: float = 1.0,
        drain: float = 20.0,
    ) -> None:
        quiet()
        self._url = read_address(address)
        self._deliver = deliver
        self._clock = clock
        self._places = places
        self._heartbeat = heartbeat
        self._stalled = stalled
        self._overdue = overdue
        self._poll = poll
        self._drain = drain
        self._app: App | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def works(self) -> bool:
        """True while the worker takes jobs; False while it is begun anew, or the database is away."""
        return self._app is not None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._always(), name="worker of the letters")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            # The worker lets what it runs finish, within `drain`.
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def rescue(self, store: Store) -> int:
        """Have stalled jobs run again and letters without a job looked at; returns how many. Raises StoreTrouble."""
        found = await self._retry_stalled()
        async with store.work() as work:
            if not (await work.execute(ALONE.bindparams(key=RESCUING))).scalar_one():
                return found
            given = {"overdue": self._overdue, "task": TASK, "most": RESCUED_AT_ONCE}
            rows = (await work.execute(ORPHANS.bindparams(**given))).all()
            for hurry in (True, False):
                await enqueue(work, [row.id for row in rows if row.hurry is hurry], hurry=hurry)
        return found + len(rows)

    async def _retry_stalled(self) -> int:
        app, found = self._app, 0
        if app is None:
            return 0
        with suppress(ProcrastinateException, TimeoutError):
            jobs = app.job_manager
            for job in await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=self._stalled):
                # Another replica may have been quicker; then it is no trouble of ours.
                with suppress(ProcrastinateException):
                    await jobs.retry_job(job, retry_at=self._clock.now().astimezone(UTC) - timedelta(days=1))
                    found += 1
            await jobs.delete_old_jobs(
                OLD_HOURS, queue=QUEUE, include_failed=True, include_cancelled=True, include_aborted=True
            )
        return found

    async def _always(self) -> None:
        failures = 0
        while True:
            began = self._clock.monotonic()
            try:
                await self._work()
            except Exception as error:
                log.warning("worker of the letters ended", error=type(error).__name__)
            failures = 0 if self._clock.monotonic() - began > AGAIN_SECONDS[-1] else failures + 1
            await self._clock.sleep(AGAIN_SECONDS[min(failures, len(AGAIN_SECONDS)) - 1])

    async def _work(self) -> None:
        """Work until the worker ends, which it does when the database goes away. An app that failed is not reused."""
        connector = _Connector(**self._pool())
        app = App(connector=connector)
        app.task(name=TASK, queue=QUEUE, retry=RetryStrategy(max_attempts=3, wait=5))(self._job)

        async def known(call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
            connector.end_worker = worker.stop
            return await call_next()

        try:
            async with asyncio.timeout(2 * CONNECT_SECONDS):
                await app.open_async()
            self._app = app
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=self._places,
                delete_jobs="successful",
                listen_notify=False,
                install_signal_handlers=False,
                fetch_job_polling_interval=self._poll,
                update_heartbeat_interval=self._heartbeat,
                stalled_worker_timeout=self._stalled,
                shutdown_graceful_timeout=self._drain,
                worker_middleware=[known],
            )
        finally:
            self._app = None
            with suppress(ProcrastinateException, TimeoutError):
                async with asyncio.timeout(CLOSING_SECONDS):
                    await app.close_async()

    async def _job(self, letter: str) -> None:
        await self._deliver(letter)

    def _pool(self) -> dict[str, Any]:
        reached = self._url.translate_connect_args(username="user", database="dbname") | dict(self._url.query)
        return {
            "kwargs": {**reached, "autocommit": True, "connect_timeout": CONNECT_SECONDS},
            "connection_class": PromptConnection,
            "configure": _limits,
            "min_size": 1,
            "max_size": POOL,
            "timeout": LIMIT,
        }


async def _limits(connection: AsyncConnection[Any]) -> None:
    await connection.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")
    await connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
