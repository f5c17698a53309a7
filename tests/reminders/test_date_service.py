"""The door to dates over a real calendar: nobody but an admin, and how many people a move would correct."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.courts.directory import Directory
from bot.people import Person
from bot.register.entry import State
from bot.reminders.dates.believing import Believers
from bot.reminders.dates.change import What
from bot.reminders.dates.event_form import DateFlaw
from bot.reminders.event import CourtEvent, EventId, Status
from bot.reminders.final_day import FinalDay
from bot.reminders.notice import Step
from bot.reminders.planner import ANY_HOUR
from bot.service.dates import Dates, DateService, NotAdmin
from bot.store import Audit, People, Register, RegisterRow, Store, Switches
from tests.reminders.date_stage import DateStage
from tests.reminders.people_stage import OTHER, PeopleStage, someone

ADMIN, STRANGER = someone("U1"), someone("U9")


@pytest.fixture
def dates(store: Store, tmp_path: Path) -> DateStage:
    return DateStage(store, tmp_path / "head", people_at_once=3)


@pytest.fixture
def service(dates: DateStage, tmp_path: Path) -> DateService:
    people = PeopleStage(dates.store, tmp_path / "head")
    believers = Believers(dates.store, Directory.shipped().by_id, people_at_once=3)
    return DateService(dates.calendar, believers, people.admins, people.roster, FinalDay(dates.store, dates.notes))


Asked = Callable[[Dates, Person, CourtEvent], Awaitable[object]]
EVERYTHING: dict[str, Asked] = {
    "check": lambda door, by, event: door.check(by),
    "events": lambda door, by, event: door.events(by),
    "event": lambda door, by, event: door.event(by, event.id),
    "history": lambda door, by, event: door.history(by, event.court),
    "last_change": lambda door, by, event: door.last_change(by, event.id),
    "told": lambda door, by, event: door.told(by, event.id),
    "confirm": lambda door, by, event: door.confirm(by, event.id, event.edition),
    "live": lambda door, by, event: door.live(by, event.id, event.edition),
    "withdraw": lambda door, by, event: door.withdraw(by, event.id, event.edition, ""),
    "add_admin": lambda door, by, event: door.add_admin(by, by.id),
    "remove_admin": lambda door, by, event: door.remove_admin(by, ADMIN.id),
    "final_day": lambda door, by, event: door.final_day(by, True),
    "check_roster": lambda door, by, event: door.check_roster(by, "anna@firm.example,gasb"),
    "load_roster": lambda door, by, event: door.load_roster(by, "anna@firm.example,gasb"),
    "roster": lambda door, by, event: door.roster(by),
}


async def test_every_method_is_refused_to_everybody_else(dates: DateStage, service: DateService) -> None:
    event = await dates.put(30)
    await service.check(ADMIN)
    form = await dates.form(40, court="gasb")
    for stranger in (STRANGER, someone("U9", OTHER), someone("", OTHER)):
        for name, ask in EVERYTHING.items():
            with pytest.raises(NotAdmin):
                await ask(service, stranger, event)
            assert name
        with pytest.raises(NotAdmin):
            await service.put(stranger, form)
        with pytest.raises(NotAdmin):
            await service.change(stranger, event.id, 1, form)
    assert set(EVERYTHING) | {"put", "change", "admins_of"} == {
        name for name in vars(Dates) if not name.startswith("_")
    }
    assert await service.events(ADMIN) == (event,)
    assert sorted(await service.admins_of(STRANGER)) == ["U1", "U2"]


async def test_a_date_is_set_moved_and_withdrawn_through_the_door(dates: DateStage, service: DateService) -> None:
    made = await service.put(ADMIN, await dates.form(30))
    assert isinstance(made, CourtEvent)
    moved = await service.change(ADMIN, made.id, made.edition, await dates.form(37))
    assert isinstance(moved, CourtEvent)
    stale = await service.confirm(ADMIN, made.id, made.edition)
    assert isinstance(stale, tuple)
    assert [one.flaw for one in stale] == [DateFlaw.STALE]
    assert isinstance(await service.confirm(ADMIN, made.id, moved.edition), CourtEvent)
    gone = await service.withdraw(ADMIN, made.id, moved.edition + 1, "Taken back.")
    assert isinstance(gone, CourtEvent)
    assert (gone.status, gone.note) == (Status.WITHDRAWN, "Taken back.")
    done = [change.what for change in await service.history(ADMIN, made.court)]
    assert done == [What.WITHDRAWN, What.CONFIRMED, What.MOVED, What.SET]
    last = await service.last_change(ADMIN, made.id)
    assert last is not None
    assert (last.what, last.by) == (What.WITHDRAWN, ADMIN)
    assert await service.last_change(ADMIN, EventId("none")) is None


async def test_who_believes_the_date_is_counted_and_just_they_are_corrected(
    dates: DateStage, service: DateService
) -> None:
    await service.check(ADMIN)
    names = [f"UP{n}" for n in range(8)]
    await dates.watched(*names)
    event = await dates.put(6)
    assert await service.told(ADMIN, event.id) == 0
    heard = [row for row in await dates.notices(event) if row.state == "planned" and row.person != "UP7"]
    assert {row.person for row in heard} == set(names[:7])
    await dates.sent(heard)
    assert await service.told(ADMIN, event.id) == 7
    await _linked(dates, "UP0")
    async with dates.store.work() as work:
        await People().mute(work, someone("UP1"), event.court, muted=True)
        await People().save(work, someone("UP2"), gone="left")
    assert await service.told(ADMIN, event.id) == 4
    moved = await service.change(ADMIN, event.id, event.edition, await dates.form(8))
    assert isinstance(moved, CourtEvent)
    corrected = {row.person for row in await dates.notices(event) if row.step == Step.CORRECTION}
    assert corrected == set(names[3:7])
    assert await service.told(ADMIN, event.id) == 0, "nobody was told the new date yet"
    assert await service.told(ADMIN, EventId("none")) == 0


async def test_a_withdrawn_date_is_believed_by_nobody(dates: DateStage, service: DateService) -> None:
    await service.check(ADMIN)
    await dates.watched("UP0")
    event = await dates.put(6)
    await dates.sent(await dates.notices(event), "perhaps")
    assert await service.told(ADMIN, event.id) == 1
    await service.withdraw(ADMIN, event.id, event.edition, "")
    assert await service.told(ADMIN, event.id) == 0


async def test_the_switch_of_the_last_day_is_what_the_plan_reads(dates: DateStage, service: DateService) -> None:
    assert await service.final_day(ADMIN) is False
    assert await service.final_day(ADMIN, True) is True
    async with dates.store.work() as work:
        assert await Switches().get(work, ANY_HOUR) is True
    assert await service.final_day(ADMIN) is True
    assert await service.final_day(ADMIN, False) is False
    async with dates.store.work() as work:
        noted = [json.loads(row.entry)["event"] for row in await Audit().since(work, 0, 100)]
    assert noted.count("final_day_switched") == 2


async def _linked(dates: DateStage, name: str) -> None:
    now = await dates.now()
    row = RegisterRow(
        platform="slack",
        workspace="T1",
        person=name,
        court="arwb",
        state=State.LINKED.value,
        code=None,
        since=now,
        incident=None,
        evidence=None,
        login_tail="",
        account_tail="",
        office="",
        updated_at=now,
    )
    async with dates.store.work() as work:
        await Register().put(work, row)
