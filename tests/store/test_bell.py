"""Word between those who share a database: after it is kept, to everybody, and again after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.clock import SystemClock
from bot.store import Store, upgrade
from tests.postgres import Server


class Ear:
    """Hears, and can be waited for."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def listen(self, store: Store, channel: str, engine: str) -> Callable[[], None]:
        """Listen, and on PostgreSQL wait until the server knows."""
        stop = store.listen(channel, self.heard.put_nowait)
        if engine == "postgresql":
            assert await self.next() == ""
        return stop

    async def next(self) -> str:
        """The next text."""
        async with asyncio.timeout(20):
            return await self.heard.get()


async def tell(store: Store, channel: str, text: str) -> None:
    async with store.work() as work:
        await store.notify(work, channel, text)


async def test_word_comes_after_the_work_is_kept_and_not_if_it_is_undone(store: Store, engine: str) -> None:
    ear = Ear()
    await ear.listen(store, "answers", engine)
    with pytest.raises(LookupError):
        async with store.work() as work:
            await store.notify(work, "answers", "undone")
            raise LookupError
    async with store.work() as work:
        await store.notify(work, "answers", "first")
        await store.notify(work, "elsewhere", "not for you")
        await store.notify(work, "answers", "second")
        assert ear.heard.empty()
    assert [await ear.next(), await ear.next()] == ["first", "second"]
    assert ear.heard.empty()


async def test_who_stopped_hears_no_more_and_one_bad_ear_spoils_nothing(store: Store, engine: str) -> None:
    def bad(_: str) -> None:
        raise LookupError

    store.listen("answers", bad)
    gone, ear, late = Ear(), Ear(), Ear()
    stop = await gone.listen(store, "answers", engine)
    store.listen("answers", ear.heard.put_nowait)
    stop()
    stop()
    await tell(store, "answers", "one")
    assert await ear.next() == "one"
    assert gone.heard.empty()
    await late.listen(store, "switches", engine)
    await tell(store, "switches", "two")
    assert await late.next() == "two"


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_word_reaches_the_other_replica(store: Store, other: Store, engine: str) -> None:
    ears = [Ear(), Ear()]
    for ear, where in zip(ears, (store, other), strict=True):
        await ear.listen(where, "answers", engine)
    for n in range(50):
        await tell((store, other)[n % 2], "answers", str(n))
    for ear in ears:
        assert [await ear.next() for _ in range(50)] == [str(n) for n in range(50)]


async def test_after_a_crash_it_listens_again_and_says_that_something_may_be_missed() -> None:
    with Server(durable=True) as server:
        await asyncio.to_thread(upgrade, server.address())
        store = await Store.open(server.address(), SystemClock())
        ear = Ear()
        await ear.listen(store, "answers", "postgresql")
        await asyncio.to_thread(server.crash)
        assert await ear.next() == ""
        await tell(store, "answers", "after")
        assert await ear.next() == "after"
        await store.close()
