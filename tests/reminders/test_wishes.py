"""What people ask of reminders, over both databases: kept whole, kept once, theirs alone, and followed by the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.courts.directory import Directory
from bot.errors import StoreBusy
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.dates_scribe import DatesScribe
from bot.register.recorder import Recorder
from bot.reminders.calendar import Calendar
from bot.reminders.event import CourtEvent, EventId
from bot.reminders.event_form import EventForm
from bot.reminders.planner import Planner
from bot.reminders.profiles import CannotTell, Looked
from bot.reminders.wish_form import Later, Linked, WatchForm, ZoneFrom
from bot.reminders.wishes import WishBook
from bot.service.watching import WatchService
from bot.store import Audit, Notices, People, PersonRow, Register, RegisterRow, Store, Work

ANNA = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U0ANNA"))
BEN = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U0BEN"))
ADMIN = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U0ADMIN"))
GASB, ALMB = CourtId("gasb"), CourtId("almb")
COURTS = Directory.shipped()


@dataclass
class FakeProfiles:
    """What the chat says of zones."""

    zones: dict[Person, ZoneInfo] = field(default_factory=dict)
    asked: int = 0

    async def zone_of(self, person: Person) -> ZoneInfo | None:
        self.asked += 1
        return self.zones.get(person)

    async def by_email(self, workspace: WorkspaceId, email: str) -> Looked:
        return CannotTell()

    async def exists(self, workspace: WorkspaceId, person: PersonId) -> bool | None:
        return None

    async def may_post(self, workspace: WorkspaceId, channel: str) -> None:
        return None


class RefusingScribe(DatesScribe):
    """Refuses the one thing that a form says to the register."""

    async def need_set(self, work: Work, by: Person, person: Person, court: CourtId, *, needed: bool) -> None:  # type: ignore[override]
        raise StoreBusy


@dataclass
class Desk:
    """The service over one store, with what is behind it."""

    store: Store
    service: WatchService
    profiles: FakeProfiles
    calendar: Calendar
    planner: Planner

    async def date(self, days: int, court: str = "gasb") -> CourtEvent:
        """Enter a go-live so many days from now."""
        day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
        made = await self.calendar.put(ADMIN, EventForm(court=court, day=day, source="https://www.example.gov/x"))
        assert isinstance(made, CourtEvent), made
        return made

    async def row(self, person: Person = ANNA) -> PersonRow:
        """Return what is kept of a person."""
        async with self.store.work() as work:
            found = await People().get(work, person)
        assert found is not None
        return found

    async def stands(self, state: str, person: Person = ANNA, court: str = "gasb") -> None:
        """Let the register say so of a person."""
        now = datetime.now(UTC)
        async with self.store.work() as work:
            row = RegisterRow(person.platform.value, person.workspace, person.id, court, state, now, now)
            await Register().put(work, row)

    async def unsent(self, event: CourtEvent, person: Person = ANNA) -> set[str]:
        """Let the plan's next tick come; return the steps that are planned for a person."""
        await self.planner.round()
        async with self.store.work() as work:
            rows = await Notices().of_event(work, event.id)
        return {row.step for row in rows if row.who == person and row.state == "planned"}

    async def lines(self) -> int:
        """Count the lines of the audit."""
        async with self.store.work() as work:
            return len(await Audit().since(work, 0, 1000))


def desk_of(store: Store, scribe: type[DatesScribe] = DatesScribe) -> Desk:
    """Put the service together over `store`."""
    clock = SystemClock()
    notes = scribe(Recorder(clock, None))
    planner = Planner(store, COURTS.by_id)
    calendar = Calendar(store, notes, COURTS.by_id, planner)
    profiles = FakeProfiles()
    book = WishBook(store, notes)
    service = WatchService(book=book, dates=calendar, find=COURTS.by_id, profiles=profiles, clock=clock)
    return Desk(store, service, profiles, calendar, planner)


@pytest.fixture
def desk(store: Store) -> Desk:
    """The service over a fresh store."""
    return desk_of(store)


def form(**values: object) -> WatchForm:
    """Return a form that can be saved."""
    usual: dict[str, object] = {"begins": "08:00", "ends": "16:30", "days": ("0", "2"), "zone": "America/Chicago"}
    return WatchForm(**{**usual, **values})  # type: ignore[arg-type]


async def test_watching_a_court_keeps_it_once_with_the_zone_that_the_chat_says(desk: Desk) -> None:
    desk.profiles.zones[ANNA] = ZoneInfo("Pacific/Guam")
    event = await desk.date(20)
    first = await desk.service.watch(ANNA, "gasb", on=True)
    again = await desk.service.watch(ANNA, "GASB", on=True)
    assert first is not None
    assert again is not None
    assert first.courts == again.courts
    assert [one.court.id for one in again.courts] == ["gasb"]
    assert again.courts[0].events == (event,)
    assert (again.hours.zone.key, again.zone_from) == ("Pacific/Guam", ZoneFrom.CHAT)
    assert desk.profiles.asked == 1, "a zone that was asked for today is not asked for again"
    assert await desk.service.watch(ANNA, "nowhere", on=True) is None
    assert (await desk.service.sheet(BEN)).courts == ()


async def test_without_a_profile_the_court_lends_its_zone_and_says_that_it_is_a_guess(desk: Desk) -> None:
    sheet = await desk.service.watch(ANNA, "almb", on=True)
    assert sheet is not None
    assert (sheet.hours.zone.key, sheet.zone_from) == ("America/Chicago", ZoneFrom.COURT)
    assert (await desk.service.sheet(BEN)).hours.zone.key == "America/New_York"
    assert (await desk.row()).zone == "", "a guess is not kept"


async def test_the_profile_is_followed_until_the_person_chooses_a_zone(desk: Desk) -> None:
    desk.profiles.zones[ANNA] = ZoneInfo("America/New_York")
    await desk.service.sheet(ANNA)
    await desk.service.save(ANNA, form(zone="America/New_York"))
    async with desk.store.work() as work:
        await People().save(work, ANNA, profile_at=datetime.now(UTC) - timedelta(days=2))
    desk.profiles.zones[ANNA] = ZoneInfo("Pacific/Honolulu")
    assert (await desk.service.sheet(ANNA)).hours.zone.key == "Pacific/Honolulu"
    await desk.service.save(ANNA, form(zone="America/Denver"))
    asked = desk.profiles.asked
    sheet = await desk.service.sheet(ANNA)
    assert (sheet.hours.zone.key, sheet.zone_from, desk.profiles.asked) == ("America/Denver", ZoneFrom.OWN, asked)


async def test_a_form_is_kept_whole_and_read_back(desk: Desk) -> None:
    await desk.service.watch(ANNA, "gasb", on=True)
    next_year = datetime.now(UTC).year + 1
    sent = form(
        courts=("almb",),
        shown=("gasb",),
        vacation_from=f"{next_year}-03-01",
        vacation_until=f"{next_year}-03-05",
    )
    saved = await desk.service.save(ANNA, sent)
    assert not isinstance(saved, tuple)
    row = await desk.row()
    assert (row.begins, row.ends, row.days, row.zone) == ("08:00", "16:30", "1010000", "America/Chicago")
    assert (row.vacation_from, row.vacation_until) == (f"{next_year}-03-01", f"{next_year}-03-05")
    sheet = await desk.service.sheet(ANNA)
    assert (sheet.courts, sheet.hours) == (saved.courts, saved.hours)
    assert [one.court.id for one in sheet.courts] == ["almb"]
    assert sheet.hours.days == {0, 2}
    wrong = await desk.service.save(ANNA, form(ends="07:00", courts=("nowhere",)))
    assert isinstance(wrong, tuple)
    assert await desk.row() == row, "a form with a flaw changes nothing"


async def test_a_vacation_that_is_over_is_not_shown_again(desk: Desk) -> None:
    async with desk.store.work() as work:
        await People().save(work, ANNA, zone="UTC", vacation_from="2020-01-01", vacation_until="2020-01-05")
    assert (await desk.service.sheet(ANNA)).hours.vacation is None


async def test_what_the_register_refuses_leaves_the_form_unsaved(store: Store) -> None:
    desk = desk_of(store, RefusingScribe)
    await desk.service.save(ANNA, form())
    await desk.stands("not_needed")
    with pytest.raises(StoreBusy):
        await desk.service.save(ANNA, form(courts=("gasb",), begins="05:00"))
    assert (await desk.row()).begins == "08:00"
    assert (await desk.service.sheet(ANNA)).courts == ()


async def test_who_watches_a_court_files_there_after_all(desk: Desk) -> None:
    await desk.stands("not_needed")
    await desk.service.watch(ANNA, "gasb", on=True)
    sheet = await desk.service.save(ANNA, form(courts=("gasb", "almb"), shown=("gasb",)))
    assert not isinstance(sheet, tuple)
    assert {one.linked for one in sheet.courts} == {Linked.NOT_YET}
    assert await desk.lines() == 1


async def test_ones_own_word_is_written_once_and_taken_back_once(desk: Desk) -> None:
    for done, lines, linked in (
        (False, 0, Linked.NOT_YET),
        (True, 1, Linked.OWN_WORD),
        (True, 1, Linked.OWN_WORD),
        (False, 2, Linked.NOT_YET),
        (False, 2, Linked.NOT_YET),
    ):
        own = await desk.service.linked_already(ANNA, "gasb", done=done)
        assert own is not None
        assert (own.linked, await desk.lines()) == (linked, lines)
    assert await desk.service.linked_already(ANNA, "nowhere", done=True) is None


@pytest.mark.parametrize("done", [True, False])
async def test_a_link_that_the_court_has_shown_is_not_changed_by_a_word(desk: Desk, done: bool) -> None:
    await desk.stands("linked")
    own = await desk.service.linked_already(ANNA, "gasb", done=done)
    assert own is not None
    assert (own.linked, await desk.lines()) == (Linked.PROVED, 0)


async def test_later_is_kept_once_and_taken_back(desk: Desk) -> None:
    event = await desk.date(40)
    asked = [await desk.service.snooze(ANNA, event.id, Later.IN_A_WEEK) for _ in range(2)]
    assert asked[0] == asked[1]
    async with desk.store.work() as work:
        [kept] = await People().agains(work, ANNA)
    assert asked[0] is not None
    assert kept.due_at == asked[0].at
    assert kept.due_at > datetime.now(UTC) + timedelta(days=5)
    for _ in range(2):
        back = await desk.service.snooze(ANNA, event.id, None)
        assert back is not None
        assert back.at is None
    async with desk.store.work() as work:
        assert await People().agains(work, ANNA) == ()
    assert await desk.service.snooze(ANNA, EventId("gone"), Later.TOMORROW) is None
    await desk.calendar.withdraw(ADMIN, event.id, event.edition)
    assert await desk.service.snooze(ANNA, event.id, Later.TOMORROW) is None


async def test_a_court_is_muted_only_where_it_is_watched(desk: Desk) -> None:
    muted = await desk.service.mute(ANNA, "gasb", on=True)
    assert muted is not None
    assert not muted.watched
    await desk.service.watch(ANNA, "gasb", on=True)
    for _ in range(2):
        muted = await desk.service.mute(ANNA, "gasb", on=True)
        assert muted is not None
        assert muted.watched
    assert [one.id for one in (await desk.service.sheet(ANNA)).muted] == ["gasb"]
    sheet = await desk.service.watch(ANNA, "gasb", on=True)
    assert sheet is not None
    assert sheet.muted == (), "to watch a court is to hear of it"


async def test_whoever_asks_for_something_is_there_again(desk: Desk) -> None:
    event = await desk.date(20)
    for ask in (
        lambda: desk.service.watch(ANNA, "gasb", on=True),
        lambda: desk.service.save(ANNA, form()),
        lambda: desk.service.mute(ANNA, "gasb", on=True),
        lambda: desk.service.snooze(ANNA, event.id, Later.TOMORROW),
        lambda: desk.service.linked_already(ANNA, "gasb", done=True),
    ):
        async with desk.store.work() as work:
            await People().save(work, ANNA, gone="no_direct_messages")
        await ask()
        assert (await desk.row()).gone == ""


async def test_the_roster_and_the_office_stay_when_hours_change(desk: Desk) -> None:
    async with desk.store.work() as work:
        await People().save(work, ANNA, office="Augusta", email="anna@example.com", dm_channel="D1")
        await People().watch_by_roster(work, ANNA, ["gasb", "almb"], datetime.now(UTC))
    await desk.service.save(ANNA, form(courts=("almb",), shown=("gasb", "almb")))
    async with desk.store.work() as work:
        await People().watch_by_roster(work, ANNA, ["gasb", "almb"], datetime.now(UTC))
    sheet = await desk.service.sheet(ANNA)
    assert [one.court.id for one in sheet.courts] == ["almb"], "what the person left stays left"
    assert sheet.courts[0].by_roster
    row = await desk.row()
    assert (row.office, row.email, row.dm_channel) == ("Augusta", "anna@example.com", "D1")
