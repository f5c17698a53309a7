"""Notices: made to agree with what is wanted, whatever stands there, and never changed once they are on their way."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest
from sqlalchemy import update

from bot.store import EventRow, LetterRow, NoticeRow, Notices, Reconciled, Span, Store
from bot.store.letters_tables import letters, notices
from tests.store.conftest import Times
from tests.store.stage import event

NOTICES = Notices()


@pytest.fixture
async def go_live(store: Store) -> EventRow:
    return await event(store)


def notice(go_live: EventRow, times: Times, **values: Any) -> NoticeRow:
    given: dict[str, Any] = {"platform": "slack", "workspace": "T1", "person": "U1", "court": "gasb", "version": 1}
    given |= {"occasion": "2027-03-08T09:00", "step": "t-14", "due_at": times.later()}
    return NoticeRow(id=uuid.uuid4().hex, event=go_live.id, **{**given, **values})


async def reconcile(store: Store, go_live: EventRow, *wanted: NoticeRow, span: Span | None = None) -> Reconciled:
    async with store.work() as work:
        return await NOTICES.reconcile(work, go_live.id, wanted, span or Span())


async def standing(store: Store, go_live: EventRow) -> Mapping[str, NoticeRow]:
    async with store.work() as work:
        return {row.id: row for row in await NOTICES.of_event(work, go_live.id)}


async def put(store: Store, row: NoticeRow, state: str, letter: LetterRow | None = None, **values: Any) -> None:
    """Take a notice on its way, as delivery does."""
    async with store.work() as work:
        if letter is not None:
            await work.execute(letters.insert().values(**asdict(letter)))
            values["letter"] = letter.id
        await work.execute(update(notices).where(notices.c.id == row.id).values(state=state, **values))


def letter(times: Times, **values: Any) -> LetterRow:
    return LetterRow(uuid.uuid4().hex, "slack", "T1", "U1", "person", times.now, times.now, times.now, **values)


async def test_what_is_wanted_is_there_once_however_often_it_is_wanted(
    store: Store, go_live: EventRow, times: Times
) -> None:
    first, second = notice(go_live, times), notice(go_live, times, person="U2")
    assert await reconcile(store, go_live, first, second) == Reconciled(planned=2)
    again = [replace(row, id=uuid.uuid4().hex) for row in (first, second)]
    assert await reconcile(store, go_live, *again) == Reconciled()
    assert await standing(store, go_live) == {row.id: row for row in (first, second)}


async def test_planners_that_race_make_one_row(store: Store, other: Store, go_live: EventRow, times: Times) -> None:
    def rows() -> Iterable[NoticeRow]:
        return [notice(go_live, times, person=f"U{n}") for n in range(20)]

    await asyncio.gather(*(reconcile(where, go_live, *rows()) for where in [store, other] * 4))
    assert len(await standing(store, go_live)) == 20


async def test_what_is_not_wanted_is_cancelled_and_comes_back_to_life(
    store: Store, go_live: EventRow, times: Times
) -> None:
    row = notice(go_live, times)
    await reconcile(store, go_live, row)
    assert await reconcile(store, go_live) == Reconciled(cancelled=1)
    assert await standing(store, go_live) == {row.id: replace(row, state="cancelled")}
    later = replace(row, id=uuid.uuid4().hex, due_at=times.later(90), version=3, told="2027-03-08T09:00")
    assert await reconcile(store, go_live, later) == Reconciled(planned=1)
    assert await standing(store, go_live) == {row.id: replace(later, id=row.id)}
    moved = replace(later, due_at=times.later(120))
    assert await reconcile(store, go_live, moved) == Reconciled(planned=1)
    assert await standing(store, go_live) == {row.id: replace(moved, id=row.id)}


@pytest.mark.parametrize("state", ["sent", "perhaps", "failed", "skipped"])
async def test_what_has_ended_is_never_touched(store: Store, go_live: EventRow, times: Times, state: str) -> None:
    row = notice(go_live, times)
    await reconcile(store, go_live, row)
    await put(store, row, state, sent_at=times.now)
    before = await standing(store, go_live)
    await reconcile(store, go_live, replace(row, id=uuid.uuid4().hex, due_at=times.later(90)))
    await reconcile(store, go_live)
    assert await standing(store, go_live) == before


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize(
    ("on_its_way", "cancelled"),
    [({}, True), ({"state": "sending"}, False), ({"unsure": True}, False), ({"state": "sent"}, False)],
)
async def test_only_a_letter_that_certainly_nobody_sent_loses_a_notice(
    store: Store, go_live: EventRow, times: Times, on_its_way: Mapping[str, Any], cancelled: bool, at_once: bool
) -> None:
    row = notice(go_live, times)
    await reconcile(store, go_live, row)
    await put(store, row, "queued", letter(times, **on_its_way))
    carried = await standing(store, go_live)
    assert await reconcile(store, go_live, replace(row, due_at=times.later(90))) == Reconciled()
    assert await standing(store, go_live) == carried
    if at_once:
        async with store.work() as work:
            assert await NOTICES.cancel_all(work, go_live.id) == cancelled
    else:
        await reconcile(store, go_live)
    expected = replace(row, state="cancelled") if cancelled else carried[row.id]
    assert await standing(store, go_live) == {row.id: expected}


async def test_people_outside_of_the_span_are_left_alone(store: Store, go_live: EventRow, times: Times) -> None:
    rows = [notice(go_live, times, person=person) for person in ("U1", "U2", "U3")]
    await reconcile(store, go_live, *rows)
    span = Span(("slack", "T1", "U1"), ("slack", "T1", "U2"))
    assert await reconcile(store, go_live, span=span) == Reconciled(cancelled=1)
    assert [row.state for row in sorted((await standing(store, go_live)).values(), key=lambda row: row.person)] == [
        "planned",
        "cancelled",
        "planned",
    ]


async def test_everything_unsent_of_a_span_is_cancelled_at_once(store: Store, go_live: EventRow, times: Times) -> None:
    rows = [notice(go_live, times, person=person) for person in ("U1", "U2", "U3", "U4")]
    await reconcile(store, go_live, *rows)
    await put(store, rows[2], "sent", sent_at=times.now)
    async with store.work() as work:
        assert await NOTICES.cancel_all(work, go_live.id, Span(after=("slack", "T1", "U1"))) == 2
    found = await standing(store, go_live)
    assert [found[row.id].state for row in rows] == ["planned", "cancelled", "sent", "cancelled"]


async def test_what_people_heard_is_told_oldest_first(store: Store, go_live: EventRow, times: Times) -> None:
    rows = [notice(go_live, times, step=step) for step in ("t-60", "t-30", "t-14", "t-7")]
    stranger = notice(go_live, times, person="U2")
    await reconcile(store, go_live, *rows, stranger)
    for row, state, ago in zip(rows, ("sent", "perhaps", "sent", "failed"), (30, 10, 20, 5), strict=True):
        await put(store, row, state, sent_at=times.ago(ago))
    async with store.work() as work:
        heard = await NOTICES.heard(work, go_live.id)
        assert await NOTICES.known_of(work) == {go_live.id}
        assert await NOTICES.heard(work, go_live.id, Span(after=("slack", "T1", "U1"))) == {}
    assert {who.id: [row.step for row in told] for who, told in heard.items()} == {"U1": ["t-60", "t-14", "t-30"]}
