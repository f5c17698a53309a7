"""A black-out that moves: who was told the old one hears of it, at once where it is near, and nobody else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.dates.deciding import Decision, change
from bot.reminders.dates.event_form import form_of
from bot.reminders.event import CourtEvent
from bot.reminders.notice import Step
from bot.reminders.plan import plan
from bot.reminders.rows import event_of, row_of
from bot.words.dated import heard_words
from tests.reminders.stage import CHICAGO, at, attorney, go_live, heard, planned

DAY = "2021-03-08T09:00"
FRIDAY_FIVE, FRIDAY_NOON = ("2021-03-05T17:00", "2021-03-08T08:00"), ("2021-03-05T12:00", "2021-03-08T08:00")
FIRST = go_live(blackout=FRIDAY_FIVE)
ADMIN = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U0ADMIN"))
MONDAY = at("2021-03-01 10:00")
TOLD = heard(Step.T_7, DAY, at("2021-03-01 09:30"))


class Court:
    """All that deciding reads of a court."""

    id, zone = FIRST.court, FIRST.zone


def moved(event: CourtEvent, blackout: tuple[str, str] | None, now: datetime = MONDAY) -> CourtEvent:
    """The event once an admin has changed its black-out alone."""
    start, end = blackout or ("", "")
    form = replace(form_of(event), blackout_start=start, blackout_end=end)
    decided = change(event, form, Court(), ADMIN, now)  # type: ignore[arg-type]
    assert isinstance(decided, Decision)
    return decided.event


def test_who_heard_the_old_black_out_is_corrected_and_nobody_else() -> None:
    event = moved(FIRST, FRIDAY_NOON)
    later = replace(TOLD, version=event.version, at=at("2021-03-01 10:30"))
    people = [attorney(heard=[TOLD]), attorney(name="U0BEN"), attorney(heard=[later], name="U0CAT")]
    found = [each for each in plan(event, people, MONDAY) if each.step is Step.CORRECTION]
    assert [(each.person, each.version) for each in found] == [(people[0].person, 2)]
    assert found[0].due_at <= MONDAY


@pytest.mark.parametrize("to", [FRIDAY_NOON, None, ("2021-03-05T17:00", "2021-03-08T11:00")])
def test_its_begin_its_end_and_its_going_count(to: tuple[str, str] | None) -> None:
    assert Step.CORRECTION in planned(moved(FIRST, to), attorney(heard=[TOLD]), MONDAY)


def test_one_that_is_added_counts() -> None:
    assert Step.CORRECTION in planned(moved(go_live(), FRIDAY_FIVE), attorney(heard=[TOLD]), MONDAY)


def test_one_that_returns_before_anybody_heard_of_it_is_no_change() -> None:
    again = moved(moved(FIRST, FRIDAY_NOON), FRIDAY_FIVE)
    assert Step.CORRECTION not in planned(again, attorney(heard=[TOLD]), MONDAY)
    corrected = replace(TOLD, step=Step.CORRECTION, told=TOLD.told, version=2, at=at("2021-03-01 10:01"))
    assert Step.CORRECTION in planned(again, attorney(heard=[TOLD, corrected]), MONDAY)


def test_a_correction_repeats_no_step() -> None:
    event = moved(FIRST, FRIDAY_NOON)
    assert Step.T_7 not in planned(event, attorney(heard=[TOLD]), MONDAY)
    assert Step.LAST_DAYS in planned(event, attorney(heard=[TOLD]), MONDAY)


def test_near_the_new_begin_it_does_not_wait_for_hours() -> None:
    night = at("2021-03-04 22:00")
    event = moved(FIRST, FRIDAY_NOON, night)
    assert planned(event, attorney(heard=[TOLD]), night)[Step.CORRECTION].due_at <= night


def test_once_both_are_over_nobody_hears_of_it() -> None:
    after = at("2021-03-08 12:00")
    assert Step.CORRECTION not in planned(moved(FIRST, FRIDAY_NOON, after), attorney(heard=[TOLD]), after)


def test_a_row_keeps_what_was_told() -> None:
    event = moved(moved(FIRST, FRIDAY_NOON), None)
    kept = event_of(row_of(event, MONDAY), event.zone)
    assert kept.closings == event.closings
    assert [kept.closing_at(version) for version in (1, 2, 3)] == [
        FIRST.blackout,
        moved(FIRST, FRIDAY_NOON).blackout,
        None,
    ]


def test_its_words_speak_of_the_closing_and_not_of_the_date() -> None:
    assert "has changed" in heard_words(moved(FIRST, FRIDAY_NOON), FIRST.occasion, CHICAGO)
    assert "no closing" in heard_words(moved(FIRST, None), FIRST.occasion, CHICAGO)
