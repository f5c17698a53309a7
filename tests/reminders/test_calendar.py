"""The calendar: a change is whole or it is not, and two admins do not undo each other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.reminders.dates.change import What
from bot.reminders.dates.event_form import DateField, DateFlaw, DateProblem, form_of
from bot.reminders.event import CourtEvent, EventId, Status
from bot.reminders.hearer import Hearer
from bot.reminders.notice import PlannedNotice
from bot.store import Audit, Store
from tests.reminders.date_stage import ADMIN, DateStage, attorney


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> DateStage:
    return DateStage(store, tmp_path / "head")


async def facts(store: Store) -> list[dict[str, object]]:
    async with store.work() as work:
        return [json.loads(row.entry)["facts"] for row in await Audit().since(work, 0, 100)]


def problems(changed: object) -> list[tuple[DateField, DateFlaw]]:
    assert isinstance(changed, tuple), changed
    return [(problem.field, problem.flaw) for problem in changed]


async def test_a_new_date_is_kept_verified_and_noted(stage: DateStage) -> None:
    made = await stage.put(30, source="https://www.arwb.uscourts.gov/nextgen", note="A note that no audit may say.")
    assert await stage.calendar.event(made.id) == made
    assert (made.version, made.edition, made.verified_by) == (1, 1, ADMIN)
    assert await stage.calendar.events() == (made,)
    assert [(one.what, one.by, one.event) for one in await stage.calendar.history(made.id)] == [(What.SET, ADMIN, made)]
    expected = {"event": made.id, "what": "set", "kind": "nextgen_go_live", "status": "announced", "edition": 1}
    assert await facts(stage.store) == [{**expected, "day": made.occasion}]
    assert problems(await stage.calendar.put(ADMIN, await stage.form(9))) == [(DateField.EVENT, DateFlaw.EXISTS)]
    assert await stage.calendar.events() == (made,)


async def test_what_the_form_says_wrong_keeps_nothing(stage: DateStage) -> None:
    wrong = await stage.calendar.put(ADMIN, await stage.form(9, status="live", time="9"))
    assert problems(wrong) == [(DateField.TIME, DateFlaw.SHAPE)]
    live = await stage.calendar.put(ADMIN, await stage.form(9, status="live"))
    assert problems(live) == [(DateField.STATUS, DateFlaw.OWN_STEP)]
    assert await stage.calendar.events(past=True) == ()
    assert await facts(stage.store) == []


async def test_the_life_of_a_date_is_in_its_history(stage: DateStage) -> None:
    made = await stage.put(30)
    form = form_of(made)
    calendar = stage.calendar
    noted = await calendar.change(ADMIN, made.id, 1, replace(form, note="Said by the clerk."))
    moved = await calendar.change(ADMIN, made.id, 2, await stage.form(40))
    assert await calendar.change(ADMIN, made.id, 3, await stage.form(40)) == moved
    confirmed = await calendar.confirm(ADMIN, made.id, 3)
    live = await calendar.live(ADMIN, made.id, 4)
    gone = await calendar.withdraw(ADMIN, made.id, 5, "Not before the summer.")
    again = await calendar.change(ADMIN, made.id, 6, await stage.form(40, status="announced"))
    found = await calendar.history(made.id)
    assert [one.event for one in found] == [made, noted, moved, confirmed, live, gone, again]
    assert [one.what.value for one in found] == ["set", "edited", "moved", "confirmed", "live", "withdrawn", "set"]
    assert [one.event.version for one in found] == [1, 1, 2, 3, 4, 5, 6]
    assert isinstance(live, CourtEvent)
    assert isinstance(gone, CourtEvent)
    assert live.opens_at == live.live_since
    assert (gone.note, gone.live_since, gone.reminds) == ("Not before the summer.", None, False)
    assert [fact["edition"] for fact in await facts(stage.store)] == [1, 2, 3, 4, 5, 6, 7]


async def test_what_is_so_already_or_cannot_be_is_said(stage: DateStage) -> None:
    made = await stage.put(30)
    calendar, status = stage.calendar, DateField.STATUS
    coarse = await calendar.put(ADMIN, replace(await stage.form(9, court="mieb"), day="", coarse="March 2027"))
    assert isinstance(coarse, CourtEvent)
    assert problems(await calendar.confirm(ADMIN, coarse.id, 1)) == [(status, DateFlaw.NEEDS_DAY)]
    await calendar.confirm(ADMIN, made.id, 1)
    assert problems(await calendar.confirm(ADMIN, made.id, 2)) == [(status, DateFlaw.SAME_ALREADY)]
    await calendar.withdraw(ADMIN, made.id, 2)
    assert problems(await calendar.withdraw(ADMIN, made.id, 3)) == [(status, DateFlaw.SAME_ALREADY)]
    assert problems(await calendar.live(ADMIN, made.id, 3)) == [(status, DateFlaw.WITHDRAWN)]
    other = await calendar.change(ADMIN, made.id, 3, await stage.form(9, court="areb", kind="mfa_deadline"))
    assert problems(other) == [(DateField.COURT, DateFlaw.FIXED), (DateField.KIND, DateFlaw.FIXED)]
    assert problems(await calendar.live(ADMIN, EventId("none"), 1)) == [(DateField.EVENT, DateFlaw.GONE)]


async def test_of_two_admins_who_saw_the_same_the_second_is_told(
    stage: DateStage, other: Store, tmp_path: Path
) -> None:
    made = await stage.put(30)
    theirs = DateStage(other, tmp_path / "other")
    forms = [await stage.form(days) for days in (40, 50)]
    done = await asyncio.gather(
        stage.calendar.change(ADMIN, made.id, 1, forms[0]),
        theirs.calendar.change(attorney("U2"), made.id, 1, forms[1]),
    )
    stale = [one for one in done if isinstance(one, tuple)]
    assert stale == [(DateProblem(DateField.EVENT, DateFlaw.STALE),)]
    stands = await stage.calendar.event(made.id)
    assert [one for one in done if one == stands] == [stands]
    assert len(await stage.calendar.history(made.id)) == 2


async def test_a_move_takes_back_what_was_planned_and_corrects_who_heard(stage: DateStage) -> None:
    await stage.watched("U1", "U2")
    made = await stage.put(7)
    stands = made.occasion
    assert await stage.steps(made, "planned") == [("U1", "t-7", stands), ("U2", "t-7", stands)]
    await stage.sent(row for row in await stage.notices(made) if row.person == "U1")
    moved = await stage.calendar.change(ADMIN, made.id, 1, await stage.form(90))
    assert isinstance(moved, CourtEvent)
    assert await stage.steps(made, "planned") == [("U1", "correction", "v2")]
    assert await stage.steps(made, "cancelled") == [("U2", "t-7", stands)]
    back = await stage.calendar.change(ADMIN, made.id, 2, form_of(made))
    assert isinstance(back, CourtEvent)
    assert await stage.steps(made, "planned") == [("U2", "t-7", stands)]
    assert await stage.steps(made, "cancelled") == [("U1", "correction", "v2")]


async def test_a_move_reaches_everybody_of_a_crowd(stage: DateStage, tmp_path: Path) -> None:
    crowd = DateStage(stage.store, tmp_path / "crowd", people_at_once=1)
    names = [f"U{n}" for n in range(9)]
    await stage.watched(*names)
    made = await stage.put(7)
    await stage.sent(row for row in await stage.notices(made) if row.person in {"U0", "U8"})
    moved = await crowd.calendar.change(ADMIN, made.id, 1, await stage.form(90))
    assert isinstance(moved, CourtEvent)
    assert await stage.steps(made, "planned") == [("U0", "correction", "v2"), ("U8", "correction", "v2")]
    assert [person for person, _, _ in await stage.steps(made, "cancelled")] == names[1:8]


async def test_a_withdrawal_is_told_to_those_who_heard(stage: DateStage) -> None:
    await stage.watched("U1", "U2")
    made = await stage.put(7)
    await stage.sent((row for row in await stage.notices(made) if row.person == "U1"), "perhaps")
    await stage.calendar.withdraw(ADMIN, made.id, 1)
    assert await stage.steps(made, "planned") == [("U1", "correction", "v2")]


class Crash(Exception):
    """The process dies here."""


class DyingPlan:
    """A plan that dies after it has said something."""

    def __init__(self, event: CourtEvent, now: datetime, ahead: timedelta) -> None:
        self._event, self._now = event, now

    def notices(self, people: Iterable[Hearer]) -> Iterable[PlannedNotice]:
        """Die."""
        raise Crash


async def test_a_crash_in_the_middle_of_a_move_leaves_the_old_date_whole(stage: DateStage, tmp_path: Path) -> None:
    await stage.watched("U1")
    made = await stage.put(7)
    before = await stage.notices(made)
    dying = DateStage(stage.store, tmp_path / "dying", DyingPlan)
    form = await stage.form(90)
    with pytest.raises(Crash):
        await dying.calendar.change(ADMIN, made.id, 1, form)
    assert await stage.calendar.event(made.id) == made
    assert await stage.notices(made) == before
    assert [one.what for one in await stage.calendar.history(made.id)] == [What.SET]
    assert len(await facts(stage.store)) == 1


async def test_dates_long_over_are_shown_when_asked_for(stage: DateStage) -> None:
    over, week = await stage.put(-30), await stage.put(-7, court="areb")
    gone = await stage.put(-40, court="almb")
    assert isinstance(await stage.calendar.withdraw(ADMIN, gone.id, 1), CourtEvent)
    assert await stage.calendar.events() == (week,)
    assert [event.court for event in await stage.calendar.events(past=True)] == ["almb", "arwb", "areb"]
    assert await stage.calendar.events(court=over.court, past=True) == (over,)
    assert week.status is Status.ANNOUNCED
