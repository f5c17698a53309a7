"""The ladder as one person hears it: when each step falls due, and which are not told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.reminders.event import Kind, Status
from bot.reminders.hearer import Hearer
from bot.reminders.notice import Step
from bot.reminders.plan import Planning, plan
from tests.reminders.stage import (
    EVENT,
    GUAM,
    HONOLULU,
    LONDON,
    NEW_YORK,
    at,
    attorney,
    dues,
    go_live,
    heard,
    office,
    planned,
)

EARLY = at("2020-12-01 12:00")
DATE = "2021-03-08T09:00"
COURT = go_live("2021-03-08", blackout=("2021-03-05T18:00", "2021-03-08T06:00"))


def test_the_whole_ladder_at_the_beginning_of_working_days() -> None:
    assert dues(COURT, attorney(), EARLY) == {
        Step.T_60: "Thu 2021-01-07 09:00",
        Step.T_30: "Mon 2021-02-08 09:00",  # T-30 is a Saturday
        Step.ACCOUNTS: "Mon 2021-02-15 09:00",
        Step.T_14: "Mon 2021-02-22 09:00",
        Step.T_7: "Mon 2021-03-01 09:00",
        Step.LAST_DAYS: "Thu 2021-03-04 09:00",
        Step.OPENING: "Mon 2021-03-08 09:00",
        Step.T_PLUS_1: "Tue 2021-03-09 09:00",
        Step.T_PLUS_7: "Mon 2021-03-15 09:00",
    }


def test_a_notice_names_the_date_that_it_tells() -> None:
    notice = planned(COURT, attorney(), EARLY)[Step.T_14]
    assert (notice.event, notice.version, notice.occasion, notice.told, notice.heard) == (EVENT, 1, DATE, DATE, None)
    assert notice.due_at.utcoffset() == timedelta()


def test_it_is_told_in_the_persons_zone_wherever_the_court_is() -> None:
    court = go_live("2021-03-08", GUAM)
    assert (
        dues(court, attorney(office(NEW_YORK)), EARLY)[Step.OPENING] == "Mon 2021-03-08 09:00"
    )  # 9 a.m. there is Sunday
    assert dues(court, attorney(office(GUAM)), EARLY)[Step.OPENING] == "Mon 2021-03-08 09:00"
    west = dues(go_live("2021-03-08", NEW_YORK), attorney(office(HONOLULU)), EARLY)
    assert (west[Step.T_7], west[Step.OPENING]) == ("Mon 2021-03-01 09:00", "Mon 2021-03-08 09:00")
    assert (
        dues(go_live("2021-03-08", NEW_YORK), attorney(office(LONDON)), EARLY)[Step.OPENING] == "Mon 2021-03-08 14:00"
    )


def test_a_waiting_notice_is_not_pushed_forward() -> None:
    for now in (at("2021-03-01 09:00"), at("2021-03-01 09:01"), at("2021-03-02 16:00"), at("2021-03-03 10:00")):
        assert dues(COURT, attorney(), now)[Step.T_7] == "Mon 2021-03-01 09:00"


def test_out_of_hours_it_waits_for_the_next_morning_within_its_window() -> None:
    assert dues(COURT, attorney(), at("2021-03-01 20:00"))[Step.T_7] == "Tue 2021-03-02 09:00"
    assert Step.T_7 not in dues(COURT, attorney(), at("2021-03-03 20:00"))


def test_somebody_who_comes_late_hears_the_step_that_is_open_at_once() -> None:
    now = at("2021-02-24 15:00")
    found = planned(COURT, attorney(), now)
    assert found[Step.T_14].due_at <= now
    assert not {Step.T_60, Step.T_30, Step.ACCOUNTS} & set(found)


@pytest.mark.parametrize("hearer", [attorney(done=True), attorney(muted=True)])
@pytest.mark.parametrize("status", [Status.ANNOUNCED, Status.WITHDRAWN])
def test_who_is_done_or_wants_to_hear_nothing_hears_nothing(hearer: Hearer, status: Status) -> None:
    told = Hearer(hearer.person, hearer.hours, hearer.done, hearer.muted, again={EVENT: at("2021-02-09 09:00")})
    assert plan(go_live(status=status), [hearer, told], EARLY) == ()


def test_no_step_again_and_none_before_one_that_was_told() -> None:
    hearer = attorney(heard=[heard(Step.T_14, DATE, at("2021-02-22 09:00"))])
    assert list(dues(COURT, hearer, at("2021-02-23 09:00"))) == [
        Step.T_7,
        Step.LAST_DAYS,
        Step.OPENING,
        Step.T_PLUS_1,
        Step.T_PLUS_7,
    ]


def test_who_was_told_the_last_days_early_and_stays_after_all_hears_no_step_before_them() -> None:
    stays = attorney(heard=[heard(Step.LAST_DAYS, DATE, at("2021-02-26 09:00"))])
    assert list(dues(COURT, stays, at("2021-02-26 12:00"))) == [Step.OPENING, Step.T_PLUS_1, Step.T_PLUS_7]


def test_the_opening_is_told_at_the_opening() -> None:
    noon = go_live("2021-03-08", hour="12:00")
    assert dues(noon, attorney(), EARLY)[Step.OPENING] == "Mon 2021-03-08 12:00"
    night = go_live("2021-03-08", hour="00:01")
    assert dues(night, attorney(), EARLY)[Step.OPENING] == "Mon 2021-03-08 09:00"
    assert dues(night, attorney(any_hour=True), EARLY)[Step.OPENING] == "Mon 2021-03-08 00:01"


def test_an_opening_on_a_saturday_is_told_on_monday_and_stands_for_the_day_after() -> None:
    court = go_live("2021-03-06")
    found = dues(court, attorney(), EARLY)
    assert found[Step.OPENING] == "Mon 2021-03-08 09:00"
    assert Step.T_PLUS_1 not in found
    assert found[Step.T_PLUS_7] == "Mon 2021-03-15 09:00"
    monday = attorney(heard=[heard(Step.OPENING, "2021-03-06T09:00", at("2021-03-08 09:00"))])
    assert list(dues(court, monday, at("2021-03-08 09:01"))) == [Step.T_PLUS_7]


def test_at_any_hour_an_opening_on_a_saturday_is_told_there_and_then() -> None:
    court = go_live("2021-03-06")
    found = dues(court, attorney(any_hour=True), EARLY)
    assert (found[Step.OPENING], found[Step.T_PLUS_1]) == ("Sat 2021-03-06 09:00", "Mon 2021-03-08 09:00")
    told = [heard(Step.OPENING, "2021-03-06T09:00", at("2021-03-06 09:00"))]
    for any_hour in (True, False):  # the admin may change their mind in between
        after = dues(court, attorney(heard=told, any_hour=any_hour), at("2021-03-06 09:01"))
        assert list(after) == [Step.T_PLUS_1, Step.T_PLUS_7]


def test_at_any_hour_an_opening_is_told_on_its_day_only() -> None:
    hearer = attorney(any_hour=True)
    assert planned(COURT, hearer, at("2021-03-08 23:59"))[Step.OPENING].due_at == COURT.opens_at
    assert list(dues(COURT, hearer, at("2021-03-09 00:00"))) == [Step.T_PLUS_1, Step.T_PLUS_7]


def test_a_window_without_a_morning_is_told_in_the_middle_of_the_day() -> None:
    # A day in Guam begins at 9 a.m. of the day before in New York.
    court = go_live("2021-03-08", GUAM, blackout=("2021-03-04T02:00", "2021-03-08T06:00"))
    assert dues(court, attorney(office(NEW_YORK, "07:00")), EARLY)[Step.LAST_DAYS] == "Tue 2021-03-02 09:00"
    # T-7 opens on Sunday and gives way to the last days on Tuesday, before this person's next morning.
    part_time = attorney(office(NEW_YORK, "08:00", days=(2, 6)))
    assert dues(court, part_time, EARLY)[Step.T_7] == "Sun 2021-02-28 09:00"


def test_somebody_on_vacation_hears_of_the_opening_when_they_return() -> None:
    hours = office(vacation=("2021-03-04", "2021-03-17"))
    found = dues(COURT, attorney(hours), EARLY)
    assert found[Step.OPENING] == "Thu 2021-03-18 09:00"
    assert not {Step.T_PLUS_1, Step.T_PLUS_7} & set(found)
    whole = office(vacation=("2021-03-04", "2021-03-22"))
    assert Step.OPENING not in dues(COURT, attorney(whole), EARLY)


def test_the_last_days_are_told_before_a_vacation() -> None:
    found = dues(COURT, attorney(office(vacation=("2021-03-03", "2021-03-12"))), EARLY)
    assert (found[Step.T_7], found[Step.LAST_DAYS]) == ("Mon 2021-03-01 09:00", "Tue 2021-03-02 09:00")
    # Away since before T-7: the last days take its place, on the last working day.
    found = dues(COURT, attorney(office(vacation=("2021-02-27", "2021-03-12"))), EARLY)
    assert found[Step.LAST_DAYS] == "Fri 2021-02-26 09:00"
    assert (found[Step.T_14], Step.T_7 in found) == ("Mon 2021-02-22 09:00", False)
    # No earlier than T-14.
    assert Step.LAST_DAYS not in dues(COURT, attorney(office(vacation=("2021-02-22", "2021-03-12"))), EARLY)


def test_the_last_days_of_somebody_who_leaves_today_take_the_place_of_what_waits() -> None:
    hours = office(vacation=("2021-03-03", "2021-03-12"))
    now = at("2021-03-02 10:00")
    found = planned(COURT, attorney(hours), now)
    assert found[Step.LAST_DAYS].due_at <= now
    assert Step.T_7 not in found
    assert Step.LAST_DAYS not in planned(COURT, attorney(hours), at("2021-03-02 20:00"))


def test_the_last_days_leave_the_hours_where_that_is_allowed_and_nothing_else_is_left() -> None:
    away = office(vacation=("2021-02-20", "2021-03-12"))
    assert dues(COURT, attorney(away, any_hour=True), EARLY)[Step.LAST_DAYS] == "Thu 2021-03-04 18:00"
    at_work = attorney(any_hour=True)
    assert dues(COURT, at_work, EARLY)[Step.LAST_DAYS] == "Thu 2021-03-04 09:00"
    early_riser = attorney(office(begins="06:00", ends="07:00"), any_hour=True)
    now = at("2021-03-05 08:00")
    assert planned(COURT, early_riser, now)[Step.LAST_DAYS].due_at <= now
    assert Step.LAST_DAYS not in planned(COURT, early_riser, at("2021-03-05 18:00"))


def test_one_missed_opening_is_made_up_for_by_the_day_after() -> None:
    found = dues(COURT, attorney(), at("2021-03-08 20:00"))
    assert list(found) == [Step.T_PLUS_1, Step.T_PLUS_7]
    successor = go_live("2021-03-08", kind=Kind.SUCCESSOR_GO_LIVE)
    assert dues(successor, attorney(), at("2021-03-08 20:00")) == {Step.OPENING: "Tue 2021-03-09 09:00"}


@pytest.mark.parametrize("now", [at("2021-03-22 00:00"), at("2022-01-10 10:00")])
def test_an_event_that_is_over_tells_nobody_anything(now: datetime) -> None:
    believes_otherwise = attorney(heard=[heard(Step.T_30, "2021-03-01T09:00", at("2021-02-01 09:00"))])
    asked = attorney(again=at("2021-03-21 09:00"))
    for status in (Status.CONFIRMED, Status.LIVE, Status.WITHDRAWN):
        assert plan(go_live(status=status), [attorney(), believes_otherwise, asked], now) == ()


def test_a_coarse_date_reminds_nobody() -> None:
    assert plan(go_live(None, coarse="May 2021"), [attorney(), attorney(again=at("2021-01-05 09:00"))], EARLY) == ()


def test_what_is_due_later_than_asked_for_is_left_out() -> None:
    now = at("2021-02-26 12:00")
    ahead = timedelta(days=3)
    people = [attorney(), attorney(heard=[heard(Step.T_30, DATE, at("2021-02-08 09:00"))], name="U0BEN")]
    soon = [(each.person.id, each.step) for each in plan(COURT, people, now, ahead)]
    assert soon == [("U0ANNA", Step.T_14), ("U0ANNA", Step.T_7), ("U0BEN", Step.T_14), ("U0BEN", Step.T_7)]
    whole = [each for each in plan(COURT, people, now) if each.due_at <= now + ahead]
    assert tuple(whole) == plan(COURT, people, now, ahead)


def test_planning_in_slices_says_the_same() -> None:
    people = [attorney(office(zone), name=f"U{number}") for number, zone in enumerate((NEW_YORK, GUAM, LONDON) * 5)]
    planning = Planning(COURT, EARLY)
    slices = [notice for first in range(0, len(people), 4) for notice in planning.notices(people[first : first + 4])]
    assert tuple(slices) == plan(COURT, people, EARLY)
