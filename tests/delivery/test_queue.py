"""The queue on PostgreSQL: asked in the same transaction, supervised, and nothing of it is needed for the truth."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from bot.clock import SystemClock
from bot.reminders.delivery.dispatch import QueueDispatcher
from bot.reminders.delivery.letter import Unsure
from bot.store import Store, upgrade
from bot.store.jobs import enqueue
from bot.store.letters import Letters
from bot.store.queue import Queue
from tests.delivery.stage import LONG_AGO, Replica, a_letter, change, due_notices, expire, row_of
from tests.postgres import Server


@dataclass(frozen=True)
class Base:
    """One database of a server."""

    server: Server
    name: str

    @property
    def address(self) -> str:
        """Where it is."""
        return self.server.address(self.name)

    def jobs(self) -> list[tuple[object, ...]]:
        """Every job: its state and what it says."""
        return self.server.execute("SELECT status::text, args::text FROM procrastinate_jobs ORDER BY id", self.name)

    def run(self, statement: str) -> None:
        """Run a statement."""
        self.server.execute(statement, self.name)


@pytest.fixture
def base(server: Server, template: str) -> Iterator[Base]:
    """A fresh database with every table."""
    name = server.database(template)
    yield Base(server, name)
    server.drop(name)


@pytest.fixture
async def store(base: Base) -> AsyncIterator[Store]:
    """A store on it."""
    opened = await Store.open(base.address, SystemClock())
    yield opened
    await opened.close()


@dataclass
class Seen:
    """Letters that came to delivery."""

    ids: list[str] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, id: str) -> None:
        """Note it."""
        self.ids.append(id)
        self.more.set()

    async def until(self, count: int) -> None:
        """Wait for so many."""
        while len(self.ids) < count:
            self.more.clear()
            await self.more.wait()


def queue(base: Base, deliver: Seen | None = None, **given: float) -> Queue:
    """A queue in a hurry."""
    return Queue(base.address, deliver or Seen(), SystemClock(), poll=0.05, drain=2.0, **{"overdue": 0.0, **given})  # type: ignore[arg-type]


async def test_a_job_is_kept_with_its_letter_or_not_at_all(store: Store, base: Base) -> None:
    """What is undone leaves no job; what is kept has one, which says an id and nothing else."""
    await due_notices(store, "U1", "U2")
    dispatcher = QueueDispatcher(store, queue(base))
    with suppress(RuntimeError):
        async with store.work() as work:
            await enqueue(work, ["undone"])
            raise RuntimeError("undo it")
    assert base.jobs() == []
    assert await dispatcher.round() == 2
    assert [state for state, _ in base.jobs()] == ["todo", "todo"]
    said = {str(args) for _, args in base.jobs()}
    async with store.work() as work:
        ids = await Letters().waiting(work, 10)
    assert said == {f'{{"letter": "{id}"}}' for id in ids}


async def test_the_worker_delivers_and_leaves_nothing(store: Store, base: Base) -> None:
    """Letters that are written reach delivery; finished jobs are deleted; one that raises is tried again."""
    one = Replica(store)
    await due_notices(store, *(f"U{n}" for n in range(5)))
    one.chat.sends.append(Unsure())
    worker = Queue(base.address, one.deliver, SystemClock(), poll=0.05, drain=2.0)
    async with QueueDispatcher(store, worker) as dispatcher:
        assert await dispatcher.round() == 5
        while len(one.chat.arrived) < 5 or base.jobs():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        assert worker.works
    assert len({letter.id for letter in one.chat.arrived}) == 5
    assert not worker.works


async def test_the_worker_outlives_its_database(template: str) -> None:
    """PostgreSQL crashes and comes back: the worker is begun anew, and what is written then is delivered."""
    with Server(durable=True) as own:
        base = Base(own, own.database())
        await asyncio.to_thread(upgrade, base.address)
        seen = Seen()
        store = await Store.open(base.address, SystemClock())
        async with queue(base, seen):
            first = await a_letter(store)
            await seen.until(1)
            await asyncio.to_thread(own.crash)
            second = await written_somehow(store)
            await seen.until(2)
            assert set(seen.ids) == {first, second}
        await store.close()


async def written_somehow(store: Store) -> str:
    """A letter written as soon as the database takes it."""
    while True:
        with suppress(Exception):
            return await a_letter(store, "U2")
        await asyncio.sleep(0.05)


async def test_rescue_makes_jobs_for_letters_that_have_none(store: Store, base: Base) -> None:
    """Overdue, or left by a dead holder, and without a job: asked for once, however many replicas look."""
    ids = [await a_letter(store, f"U{n}") for n in range(4)]
    base.run(f"DELETE FROM procrastinate_jobs WHERE args ->> 'letter' IN ('{ids[0]}', '{ids[1]}', '{ids[2]}')")
    await change(store, ids[1], state="sending")
    await expire(store, ids[1])
    await change(store, ids[2], state="sent")
    worker = queue(base)
    assert await worker.rescue(store) == 2
    assert await worker.rescue(store) == 0
    assert len(base.jobs()) == 3


async def test_rescue_runs_stalled_jobs_again(store: Store, base: Base) -> None:
    """A job whose worker is dead is run by another."""
    id = await a_letter(store)
    base.run("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    seen = Seen()
    async with queue(base, seen) as worker:
        while not worker.works:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert await worker.rescue(store) >= 1
        await seen.until(1)
    assert seen.ids == [id]


async def test_a_letter_put_back_has_a_job_at_its_time(store: Store, base: Base) -> None:
    """Whoever puts a letter back asks for it again in the same transaction."""
    one, id = Replica(store), await a_letter(store)
    base.run("DELETE FROM procrastinate_jobs")
    one.chat.sends.append(Unsure())
    await one.deliver(id)
    assert [state for state, _ in base.jobs()] == ["todo"]
    scheduled = base.server.execute("SELECT scheduled_at FROM procrastinate_jobs", base.name)[0][0]
    assert scheduled == (await row_of(store, id)).not_before
    await change(store, id, first_try=LONG_AGO)


async def test_the_queue_says_nothing_of_its_own(store: Store, base: Base) -> None:
    """Not even at DEBUG is there a line of the queue's, or of its pool's: they would quote what they were given."""
    heard: list[logging.LogRecord] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record)

    root, ear = logging.getLogger(), Ear()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        async with running(base) as seen:
            await a_letter(store)
            await seen.until(1)
    finally:
        root.removeHandler(ear)
        root.setLevel(level)
    assert not [one for one in heard if one.name.startswith(("procrastinate", "psycopg"))]


@asynccontextmanager
async def running(base: Base) -> AsyncIterator[Seen]:
    """A worker at work."""
    seen = Seen()
    async with queue(base, seen):
        yield seen
