"""The planner: rounds make the store agree with the plan, slice by slice, whoever else does the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.register import State
from bot.register.changes import self_reported
from bot.register.recorder import Recorder
from bot.reminders import planner
from bot.reminders.event import CourtEvent, Kind
from bot.reminders.hearer import Hearer
from bot.reminders.ladder import DONE
from bot.reminders.notice import PlannedNotice
from bot.reminders.plan import Planning
from bot.store import AgainRow, People, Store, Switches, WatchRow
from tests.reminders.date_stage import ADMIN, DateStage, attorney


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> DateStage:
    return DateStage(store, tmp_path / "head")


def test_the_states_in_which_nothing_need_be_heard_are_the_registers() -> None:
    assert set(DONE) == set(Kind)
    assert {state for states in DONE.values() for state in states} < {state.value for state in State}


async def test_a_round_plans_whoever_came_since_and_forgets_whoever_left(stage: DateStage) -> None:
    made = await stage.put(7)
    assert await stage.planner.round() == 0
    await stage.watched("U1", "U2", "U3")
    assert await stage.planner.round() == 3
    assert await stage.planner.round() == 0
    people = People()
    async with stage.store.work() as work:
        await people.save(work, attorney("U1"), gone="left")
        await people.mute(work, attorney("U2"), "arwb", True)
        recorder = Recorder(SystemClock(), None)
        await recorder.record(work, self_reported(attorney("U3"), CourtId("arwb")))
    assert await stage.planner.round() == 3
    assert await stage.steps(made, "planned") == []
    async with stage.store.work() as work:
        await people.save(work, attorney("U1"), gone="")
        await people.mute(work, attorney("U2"), "arwb", False)
    assert await stage.planner.round() == 2
    assert [person for person, _, _ in await stage.steps(made, "planned")] == ["U1", "U2"]


async def test_who_is_linked_still_hears_of_an_outage(stage: DateStage) -> None:
    await stage.watched("U1")
    async with stage.store.work() as work:
        await Recorder(SystemClock(), None).record(work, self_reported(attorney("U1"), CourtId("arwb")))
    go_live, outage = await stage.put(7), await stage.put(7, kind="release_outage")
    assert await stage.steps(go_live, "planned") == []
    assert await stage.steps(outage, "planned") == [("U1", "t-7", outage.occasion)]


async def test_what_was_heard_is_not_planned_again_and_what_is_asked_again_is(stage: DateStage) -> None:
    await stage.watched("U1", "U2")
    made = await stage.put(7)
    await stage.sent(await stage.notices(made))
    assert await stage.planner.round() == 0
    now = await stage.now()
    async with stage.store.work() as work:
        again = AgainRow("slack", "T1", "U2", made.id, now + timedelta(hours=1), now)
        await People().tell_again(work, again)
    assert await stage.planner.round() == 1
    ((person, step, _),) = await stage.steps(made, "planned")
    assert (person, step) == ("U2", "again")


class Seen:
    """The real plan, with what it was asked."""

    def __init__(self) -> None:
        self.hearers: list[list[Hearer]] = []

    def __call__(self, event: CourtEvent, now: datetime, ahead: timedelta) -> Seen:
        self._plan = Planning(event, now, ahead)
        return self

    def notices(self, people: Iterable[Hearer]) -> Iterable[PlannedNotice]:
        some = list(people)
        self.hearers.append(some)
        return self._plan.notices(some)


async def test_people_are_planned_in_slices_that_make_up_the_whole(stage: DateStage, tmp_path: Path) -> None:
    seen = Seen()
    sliced = DateStage(stage.store, tmp_path / "sliced", seen, people_at_once=4)
    names = [f"U{n:02}" for n in range(12)]
    await stage.watched(*names)
    made = await sliced.put(7)
    assert [person for person, _, _ in await stage.steps(made, "planned")] == names
    assert [len(some) for some in seen.hearers] == [4, 4, 4, 0]
    async with stage.store.work() as work:
        for name in ("U03", "U04", "U11"):
            row = WatchRow("slack", "T1", name, "arwb", made.verified_at or await stage.now(), is_on=False)
            await People().watch(work, row)
    assert await sliced.planner.round() == 3
    left = [name for name in names if name not in {"U03", "U04", "U11"}]
    assert [person for person, _, _ in await stage.steps(made, "planned")] == left


async def test_replicas_that_plan_at_once_plan_each_notice_once(stage: DateStage, other: Store, tmp_path: Path) -> None:
    theirs = DateStage(other, tmp_path / "other")
    made = await stage.put(7)
    await stage.watched(*(f"U{n}" for n in range(9)))
    rounds = [one.planner.round() for one in [stage, theirs] * 4]
    assert sum(await asyncio.gather(*rounds)) == 9
    assert len(await stage.notices(made)) == 9


async def test_the_final_day_breaks_quiet_hours_only_where_the_firm_says_so(stage: DateStage, tmp_path: Path) -> None:
    seen = Seen()
    told = DateStage(stage.store, tmp_path / "told", seen)
    await stage.watched("U1")
    await told.put(1)
    async with stage.store.work() as work:
        await Switches().set(work, planner.ANY_HOUR, True, "UADMIN")
    await told.planner.round()
    assert [[hearer.any_hour for hearer in some] for some in seen.hearers] == [[False], [True]]


async def test_a_date_far_away_is_left_alone_until_somebody_believes_another(stage: DateStage, tmp_path: Path) -> None:
    seen = Seen()
    watching = DateStage(stage.store, tmp_path / "watching", seen)
    await stage.watched("U1")
    made = await stage.put(7)
    await stage.put(200, court="almb")
    await stage.sent(await stage.notices(made))
    moved = await stage.calendar.change(ADMIN, made.id, 1, await stage.form(300))
    assert isinstance(moved, CourtEvent)
    await stage.sent(await stage.notices(made))
    assert await watching.planner.round() == 0
    assert [[hearer.person.id for hearer in some] for some in seen.hearers] == [["U1"]]
