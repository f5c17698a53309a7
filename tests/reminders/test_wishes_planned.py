"""After the plan's next tick, what is not sent yet is what the person asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.store import Store
from tests.reminders.wish_stage import ANNA, BEN, Desk, desk_of, form


@pytest.fixture
def desk(store: Store) -> Desk:
    """The service over a store with a planner."""
    return desk_of(store)


EVERY_DAY = ("0", "1", "2", "3", "4", "5", "6")


async def test_unsent_notices_follow_watch_mute_and_word(desk: Desk) -> None:
    event = await desk.date(20)
    for person in (ANNA, BEN):
        await desk.service.save(person, form(courts=("gasb",), days=EVERY_DAY, begins="00:00", ends="23:59"))
    told = await desk.unsent(event)
    assert told == {"t-21"}
    await desk.service.mute(ANNA, "gasb", on=True)
    assert await desk.unsent(event) == set()
    await desk.service.mute(ANNA, "gasb", on=False)
    assert await desk.unsent(event) == told
    await desk.service.linked_already(ANNA, "gasb", done=True)
    assert await desk.unsent(event) == set()
    await desk.service.linked_already(ANNA, "gasb", done=False)
    assert await desk.unsent(event) == told
    await desk.service.watch(ANNA, "gasb", on=False)
    assert await desk.unsent(event) == set()
    await desk.service.watch(ANNA, "gasb", on=True)
    assert await desk.unsent(event) == told
    assert await desk.unsent(event, BEN) == told, "nobody else's notice moved"


async def test_unsent_notices_follow_a_vacation(desk: Desk) -> None:
    event = await desk.date(20)
    sent = form(courts=("gasb",), days=EVERY_DAY, begins="00:00", ends="23:59", zone="UTC")
    await desk.service.save(ANNA, sent)
    assert await desk.unsent(event) == {"t-21"}
    today = datetime.now(UTC).date()
    away = form(
        shown=("gasb",),
        courts=("gasb",),
        days=EVERY_DAY,
        begins="00:00",
        ends="23:59",
        zone="UTC",
        vacation_from=(today - timedelta(days=1)).isoformat(),
        vacation_until=(today + timedelta(days=4)).isoformat(),
    )
    await desk.service.save(ANNA, away)
    assert await desk.unsent(event) == set(), "it is due after the vacation, so it is no row yet"
    await desk.service.save(ANNA, form(shown=("gasb",), courts=("gasb",), days=EVERY_DAY, zone="UTC"))
    assert await desk.unsent(event) == {"t-21"}
