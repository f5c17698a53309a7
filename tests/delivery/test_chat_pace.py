"""The pace of a chat: turns are apart, a hold holds everybody, and a far turn is nobody's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.store import Store
from bot.store.chat_pace import LONGEST_HOLD, ChatPace, Turn

PACE = ChatPace()


Ask = Callable[..., Awaitable[Turn]]


async def book(store: Store, place: str = "slack/T1", gap: float = 10.0, within: float = 25.0) -> Turn:
    async with store.work() as work:
        return await PACE.book(work, place, gap, within=within)


async def line_up(store: Store, place: str = "slack/T1", gap: float = 10.0, within: float = 25.0) -> Turn:
    async with store.work() as work:
        return await PACE.line_up(work, place, gap, within=within)


@pytest.mark.parametrize("ask", [book, line_up], ids=["book", "line_up"])
async def test_turns_are_apart_and_far_ones_are_not_booked(store: Store, ask) -> None:  # type: ignore[no-untyped-def]
    """Ten seconds apart; the fourth is too far for who waits 25 s, and asking does not push it farther."""
    turns = [await ask(store) for _ in range(3)]
    assert [turn.booked for turn in turns] == [True] * 3
    assert [turn.seconds for turn in turns] == pytest.approx([0, 10, 20], abs=5)
    for _ in range(3):
        far = await ask(store)
        assert not far.booked
        assert far.seconds == pytest.approx(30, abs=5)
    assert (await ask(store, place="slack/T2")).seconds == 0.0


@pytest.mark.parametrize("ask", [book, line_up], ids=["book", "line_up"])
async def test_a_hold_holds_everybody(store: Store, other: Store, ask) -> None:  # type: ignore[no-untyped-def]
    """What a chat asked of one replica the other keeps to; a shorter hold does not shorten it."""
    async with store.work() as work:
        await PACE.hold(work, "slack/T1", 100.0)
        await PACE.hold(work, "slack/T1", 5.0)
    held = await ask(other)
    assert not held.booked
    assert held.seconds == pytest.approx(100, abs=5)


async def test_a_clock_that_was_set_back_stops_nobody_for_ever(store: Store) -> None:
    """No hold is longer than a quarter of an hour, and a turn beyond that counts as none."""
    async with store.work() as work:
        await PACE.hold(work, "slack/T1", 10 * LONGEST_HOLD)
    assert (await book(store)).seconds <= LONGEST_HOLD


async def test_replicas_that_ask_at_once_get_turns_apart(store: Store, other: Store) -> None:
    """Ten who ask at the same moment, of two replicas: their turns are the gap apart, one after the other."""
    gap = 80.0
    asked = (line_up(one, gap=gap, within=LONGEST_HOLD) for one in (store, other) for _ in range(5))
    turns = sorted(turn.seconds for turn in await asyncio.gather(*asked))
    assert [round(turn / gap) for turn in turns] == list(range(10))
