"""What people ask of reminders, over both databases: kept whole, kept once, theirs alone, and followed by the plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.courts.court import CourtId
from bot.errors import StoreBusy
from bot.people import Person
from bot.register.dates_scribe import DatesScribe
from bot.reminders.event import EventId
from bot.reminders.people.wish_form import Later
from bot.reminders.people.wish_sheet import Linked, ZoneFrom
from bot.store import People, Store, Work
from tests.reminders.wish_stage import ADMIN, ANNA, BEN, Desk, desk_of, form


class RefusingScribe(DatesScribe):
    """Refuses the one thing that a form says to the register."""

    async def need_set(self, work: Work, by: Person, person: Person, court: CourtId, *, needed: bool) -> None:  # type: ignore[override]
        raise StoreBusy


@pytest.fixture
def desk(store: Store) -> Desk:
    """The service over a fresh store."""
    return desk_of(store)


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
    await desk.service.watch(ANNA, "gasb", on=True)
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


async def test_nobody_is_promised_to_be_told_again_who_hears_nothing(desk: Desk) -> None:
    event = await desk.date(40)

    async def silent() -> bool:
        asked = await desk.service.snooze(ANNA, event.id, Later.TOMORROW)
        assert asked is not None
        return asked.silent and asked.at is None

    assert await silent(), "not watched"
    await desk.service.watch(ANNA, "gasb", on=True)
    assert not await silent()
    await desk.service.mute(ANNA, "gasb", on=True)
    assert await silent(), "muted"
    await desk.service.mute(ANNA, "gasb", on=False)
    await desk.service.linked_already(ANNA, "gasb", done=True)
    assert await silent(), "linked"


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
    await desk.service.watch(ANNA, "gasb", on=True)
    for ask in (
        lambda: desk.service.watch(ANNA, "gasb", on=True),
        lambda: desk.service.save(ANNA, form()),
        lambda: desk.service.snooze(ANNA, event.id, Later.TOMORROW),
        lambda: desk.service.mute(ANNA, "gasb", on=True),
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
