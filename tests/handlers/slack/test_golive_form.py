"""The form for a court's date: what is filled in, what is wrong with it, and that nothing entered is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.reminders.dates.change import What
from bot.reminders.dates.event_form import EventForm
from bot.reminders.event import BlackOut, CourtEvent, EventId, Kind, Status
from bot.sandbox.slack import PretendSlack
from handlers.slack.date_form import About
from tests.handlers.slack.date_stage import GASB, DateStage, golive_in_slack
from tests.handlers.slack.stage import ANNA, BEN, person

FILLED = {
    "day": "2027-03-29",
    "time": "08:00",
    "blackout_start": "2027-03-26",
    "blackout_start_time": "17:00",
    "blackout_end": "2027-03-29",
    "blackout_end_time": "07:30",
    "source": "https://www.gasb.uscourts.gov/nextgen",
    "order_number": "GO 2027-3",
    "emergency_channel": "emergency@gasb.uscourts.gov",
    "emergency_until": "Sunday 11:59 p.m.",
    "note": "Rang the clerk.\nConfirmed by telephone.",
}


@pytest.fixture
async def golive(slack: PretendSlack) -> AsyncIterator[DateStage]:
    """`/ecf-golive` in a workspace with one admin, ANNA."""
    async with golive_in_slack(slack) as stage:
        yield stage


def newest(golive: DateStage) -> CourtEvent:
    """Return the event of the last change."""
    return golive.dates.changes[-1].event


async def test_a_date_is_set_with_everything_the_court_said(golive: DateStage) -> None:
    view = await golive.opened("set southern georgia bankruptcy")
    assert view.title == "Set a court's date"
    assert "own clock: Eastern Time (America/New_York)" in view.shown
    await golive.slack.submit(view, {**FILLED, "kind": "nextgen_go_live", "status": "target"})
    event = newest(golive)
    assert (event.court, event.kind, event.status) == ("gasb", Kind.NEXTGEN_GO_LIVE, Status.TARGET)
    assert (event.day, event.time) == (date(2027, 3, 29), time(8))
    assert event.blackout == BlackOut(*map(datetime.fromisoformat, ("2027-03-26T17:00", "2027-03-29T07:30")))
    said = (event.source, event.order_number, event.emergency_channel, event.emergency_until, event.note)
    assert said == tuple(FILLED[name] for name in list(FILLED)[6:])
    assert "The date is kept" in view.shown
    assert "Monday, March 29, 2027, 8:00 a.m. Eastern Time" in view.shown


async def test_a_date_without_an_hour_is_said_to_be_the_usual_one(golive: DateStage) -> None:
    view = await golive.opened("set gasb")
    assert "Leave it empty where the court names no hour: 9:00 a.m. is taken then." in view.shown
    await golive.slack.submit(view, {"day": "2027-03-29"})
    assert newest(golive).time is None
    assert "9:00 a.m. Eastern Time (the usual hour; the court names none)" in view.shown


async def test_the_zone_is_named_once_the_court_is_chosen_and_nothing_entered_is_lost(golive: DateStage) -> None:
    view = await golive.opened("set")
    assert "Its zone is named here once you choose the court." in view.shown
    await golive.slack.fill(view, {"day": "2027-03-29", "note": "typed before"})
    await golive.slack.choose(view, "gub", "court")
    await golive.view_shows("own clock: Chamorro Time, Guam (Pacific/Guam)")
    await golive.slack.submit(view)
    assert (newest(golive).court, newest(golive).note) == ("gub", "typed before")


async def test_words_that_name_no_court_are_said_above_the_form(golive: DateStage) -> None:
    view = await golive.opened("set georgia")
    assert '"georgia" does not name one court.' in view.shown


async def test_a_court_that_has_a_date_already_is_said_before_and_after(golive: DateStage) -> None:
    await golive.has()
    view = await golive.opened("set gasb")
    assert "This court already has a date for its go-live on NextGen CM/ECF: Monday, March 29, 2027" in view.shown
    await golive.slack.submit(view, {"day": "2027-04-05", "note": "mine"})
    assert "The court has a date of this kind already" in view.shown
    assert view.value(view.input("note"))["value"] == "mine"
    assert len(golive.dates.changes) == 1


@pytest.mark.parametrize(
    ("values", "label", "words"),
    [
        ({}, "Day", "Give the day"),
        ({"day": "2027-03-29", "coarse": "spring"}, "Only words so far", "not both"),
        ({"coarse": "spring", "time": "09:00"}, "Time", "A time needs a day."),
        ({"day": "2027-03-29", "source": "ftp://court"}, "Source", "https://"),
        ({"day": "2027-03-29", "blackout_start": "2027-03-26"}, "Black-out begins: time", "together"),
        ({"day": "2027-03-29", "blackout_end_time": "08:00"}, "Black-out ends: day", "together"),
        (
            {
                "day": "2027-03-29",
                "blackout_start": "2027-03-28",
                "blackout_start_time": "09:00",
                "blackout_end": "2027-03-27",
                "blackout_end_time": "09:00",
            },
            "Black-out ends: day",
            "after it starts",
        ),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    golive: DateStage, values: dict[str, str], label: str, words: str
) -> None:
    view = await golive.opened("set gasb")
    await golive.slack.submit(view, values)
    assert words in view.errors[label]
    assert golive.dates.changes == []


async def test_the_form_of_a_move_shows_what_is_kept_and_who_would_be_corrected(golive: DateStage) -> None:
    event = await golive.has(EventForm(court="gasb", **{**_form(FILLED), "status": "announced"}))
    golive.dates.told_of[event.id] = 3
    view = await golive.pressed(await golive.said(), "Move or edit")
    assert "3 people have been told this date. Should the day or the time change, each of them gets" in view.shown
    assert view.value(view.input("day"))["selected_date"] == "2027-03-29"
    assert view.value(view.input("blackout_end_time"))["selected_time"] == "07:30"
    await golive.slack.submit(view, {"day": "2027-04-05", "blackout_start": "2027-04-02", "blackout_end": "2027-04-05"})
    assert golive.dates.changes[-1].what is What.MOVED
    assert newest(golive).note == FILLED["note"]
    assert "3 people had been told the old date and will get a correction" in view.shown


async def test_an_edit_that_moves_nothing_corrects_nobody(golive: DateStage) -> None:
    event = await golive.has()
    golive.dates.told_of[event.id] = 3
    view = await golive.pressed(await golive.said(), "Move or edit")
    await golive.slack.submit(view, {"note": "checked"})
    assert golive.dates.changes[-1].what is What.EDITED
    assert "the date stays" in view.shown
    assert "correction" not in view.shown


async def test_a_form_that_says_what_is_kept_changes_nothing(golive: DateStage) -> None:
    await golive.has()
    view = await golive.pressed(await golive.said(), "Move or edit")
    await golive.slack.submit(view)
    assert "Nothing was changed" in view.shown
    assert len(golive.dates.changes) == 1


async def test_a_stale_form_is_said_and_keeps_what_was_entered(golive: DateStage) -> None:
    event = await golive.has()
    view = await golive.pressed(await golive.said(), "Move or edit")
    golive.dates.people.append(person(BEN))
    await golive.dates.change(person(BEN), event.id, 1, replace(GASB, day="2027-04-05"))
    await golive.slack.submit(view, {"day": "2027-05-03", "note": "mine"})
    assert "<@U0BEN> changed this date while you had it open. It now stands at: Monday, April 5, 2027" in view.shown
    assert newest(golive).day == date(2027, 4, 5)
    assert view.value(view.input("day"))["selected_date"] == "2027-05-03"
    await golive.slack.submit(view)
    assert (newest(golive).day, newest(golive).note) == (date(2027, 5, 3), "mine")


async def test_a_withdrawn_date_needs_a_status_to_stand_again(golive: DateStage) -> None:
    event = await golive.has()
    await golive.dates.withdraw(person(ANNA), event.id, 1, "")
    view = await golive.pressed(await golive.said(), "Move or edit")
    assert "initial_option" not in view.input("status")["element"]
    await golive.slack.submit(view, {"day": "2027-04-05", "status": "announced"})
    assert newest(golive).status is Status.ANNOUNCED


async def test_a_live_date_stays_live_when_its_note_is_edited(golive: DateStage) -> None:
    event = await golive.has()
    await golive.dates.live(person(ANNA), event.id, 1)
    view = await golive.pressed(await golive.said(), "Move or edit")
    await golive.slack.submit(view, {"note": "opened at noon"})
    assert (newest(golive).status, newest(golive).note) == (Status.LIVE, "opened at noon")


async def test_a_store_that_takes_long_is_answered_in_time_and_then_shown(slack: PretendSlack) -> None:
    async with golive_in_slack(slack, patience=0.05) as golive:
        view = await golive.opened("set gasb")
        golive.dates.held = asyncio.Event()
        await golive.slack.submit(view, {"day": "2027-03-29"})
        assert "The database takes longer than usual" in view.shown
        golive.dates.held.set()
        await golive.view_shows("The date is kept")


@pytest.mark.parametrize(
    "text", ["", "|||", "a|b", "a|b|c|d|e", "a|b|-1|", "a|b|1e3|", "a|b|" + "9" * 50, "\x00|\x00|0"]
)
def test_any_metadata_is_read_as_something(text: str) -> None:
    about = About.read(text)
    assert about.form_id
    assert 0 <= about.edition < 10**9


def test_metadata_says_what_it_was_given() -> None:
    about = About("f1", EventId("e1"), 7, "golive_confirm")
    assert About.read(about.text) == about


def _form(values: dict[str, str]) -> dict[str, str]:
    joined = {name: f"{values[name]}T{values[f'{name}_time']}" for name in ("blackout_start", "blackout_end")}
    return {name: text for name, text in values.items() if not name.startswith("blackout")} | joined
