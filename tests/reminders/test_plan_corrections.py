"""Dates that move, are withdrawn, and come back: who is corrected, when, and what the correction stands for."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.reminders.event import CourtEvent, Status
from bot.reminders.notice import Step
from bot.reminders.plan import plan
from tests.reminders.stage import LONDON, at, attorney, corrected, dues, go_live, heard, office, planned

A, B = "2021-03-08T09:00", "2021-03-29T09:00"
TOLD_A = heard(Step.T_30, A, at("2021-02-08 09:00"))
MOVED = go_live("2021-03-29", version=2)
NOON = at("2021-02-10 12:00")


def test_exactly_those_who_heard_the_old_date_are_corrected() -> None:
    told, untold = attorney(heard=[TOLD_A]), attorney(name="U0BEN")
    notices = [each for each in plan(MOVED, [told, untold], NOON) if each.step is Step.CORRECTION]
    assert [(each.person, each.occasion, each.heard, each.told) for each in notices] == [(told.person, "v2", A, B)]
    assert notices[0].due_at <= NOON


def test_a_correction_stands_for_the_steps_open_by_then() -> None:
    found = planned(MOVED, attorney(heard=[TOLD_A]), NOON)
    assert list(found)[:2] == [Step.CORRECTION, Step.T_30]  # T-30 of the new date is still to come
    late = go_live("2021-03-15", version=2)
    assert list(planned(late, attorney(heard=[TOLD_A]), at("2021-02-15 12:00")))[:2] == [Step.CORRECTION, Step.ACCOUNTS]
    afterwards = attorney(heard=[TOLD_A, corrected("2021-03-15T09:00", at("2021-02-15 12:00"), 2)])
    assert next(iter(planned(late, afterwards, at("2021-02-15 12:05")))) is Step.ACCOUNTS
    assert Step.T_30 not in planned(late, afterwards, at("2021-02-15 12:05"))


def test_a_correction_waits_for_the_persons_hours_and_takes_along_what_falls_due_then() -> None:
    night = at("2021-02-26 20:00")  # T-30 of the new date is the Saturday after
    found = dues(MOVED, attorney(heard=[TOLD_A]), night)
    assert found[Step.CORRECTION] == "Mon 2021-03-01 09:00"
    assert Step.T_30 not in found


@pytest.mark.parametrize(
    ("now", "at_once"),
    [
        ("2021-03-05 20:00", False),  # 61 hours before the date they believe in, and they are at work before it
        ("2021-03-06 10:00", True),
        ("2021-03-07 22:00", True),
        ("2021-03-08 20:00", True),
        ("2021-03-13 10:00", False),
    ],
)
def test_a_withdrawal_close_to_the_date_does_not_wait(now: str, at_once: bool) -> None:
    # At work an hour before the court opens.
    hearer = attorney(office(begins="08:00"), heard=[TOLD_A])
    due = planned(go_live(status=Status.WITHDRAWN, version=2), hearer, at(now))[Step.CORRECTION].due_at
    assert (due <= at(now)) is at_once


def test_somebody_on_vacation_is_corrected_at_once_when_the_date_would_pass_before_they_return() -> None:
    away = office(vacation=("2021-02-09", "2021-03-12"))
    night = at("2021-02-10 23:00")
    assert planned(MOVED, attorney(away, heard=[TOLD_A]), night)[Step.CORRECTION].due_at <= night
    back_before = office(vacation=("2021-02-09", "2021-02-12"))
    assert dues(MOVED, attorney(back_before, heard=[TOLD_A]), night)[Step.CORRECTION] == "Mon 2021-02-15 09:00"


def test_a_date_that_moves_close_does_not_wait() -> None:
    night = at("2021-02-24 20:00")
    near = go_live("2021-02-26", version=2)
    assert planned(near, attorney(heard=[TOLD_A]), night)[Step.CORRECTION].due_at <= night
    black = go_live("2021-03-01", version=2, blackout=("2021-02-25T18:00", "2021-03-01T06:00"))
    assert planned(black, attorney(heard=[TOLD_A]), night)[Step.CORRECTION].due_at <= night


def test_a_date_that_returns_before_anybody_was_told_corrects_nobody_and_repeats_nothing() -> None:
    returned = go_live("2021-03-08", version=3)
    found = planned(returned, attorney(heard=[TOLD_A]), NOON)
    assert next(iter(found)) is Step.ACCOUNTS
    assert all(each.occasion == A for each in found.values())


def test_a_date_that_returns_after_a_correction_is_corrected_again() -> None:
    hearer = attorney(heard=[TOLD_A, corrected(B, at("2021-02-10 12:00"), 2)])
    found = planned(go_live("2021-03-08", version=3), hearer, at("2021-02-16 12:00"))
    assert (found[Step.CORRECTION].occasion, found[Step.CORRECTION].heard, found[Step.CORRECTION].told) == ("v3", B, A)
    assert list(found)[1] is Step.T_14  # T_30 was told, the account checks are in the correction
    both = attorney(heard=[*hearer.heard, corrected(A, at("2021-02-16 12:01"), 3)])
    assert next(iter(planned(go_live("2021-03-08", version=3), both, at("2021-02-16 12:02")))) is Step.T_14


def test_a_new_version_with_the_same_date_corrects_nobody() -> None:
    confirmed = go_live("2021-03-29", status=Status.CONFIRMED, version=5)
    hearer = attorney(heard=[TOLD_A, corrected(B, at("2021-02-10 12:00"), 2)])
    assert Step.CORRECTION not in planned(confirmed, hearer, at("2021-02-11 12:00"))


@pytest.mark.parametrize(
    "gone", [go_live(status=Status.WITHDRAWN, version=2), go_live(None, coarse="spring", version=2)]
)
def test_a_date_that_no_longer_stands_is_taken_back_once(gone: CourtEvent) -> None:
    notices = plan(gone, [attorney(heard=[TOLD_A]), attorney(name="U0BEN")], NOON)
    assert [(each.step, each.heard, each.told) for each in notices] == [(Step.CORRECTION, A, None)]
    knows = attorney(heard=[TOLD_A, corrected(None, NOON, 2)])
    assert plan(gone, [knows], at("2021-02-11 12:00")) == ()
    later = go_live(None, coarse="spring 2021", version=3)  # withdrawn, then a season: still no date
    assert plan(later, [knows], at("2021-02-12 12:00")) == ()


def test_a_withdrawn_date_that_stands_again_is_told_as_a_correction() -> None:
    knows = attorney(heard=[TOLD_A, corrected(None, NOON, 2)])
    again = planned(go_live(version=3), knows, at("2021-02-12 12:00"))[Step.CORRECTION]
    assert (again.occasion, again.heard, again.told) == ("v3", None, A)


def test_the_newest_thing_heard_counts_wherever_it_stands_in_the_list() -> None:
    knows = attorney(heard=[corrected(B, NOON, 2), TOLD_A])
    assert Step.CORRECTION not in planned(MOVED, knows, at("2021-02-11 12:00"))
    # A message that was long on its way arrived last, and is what the person believes.
    overtaken = attorney(heard=[corrected(B, NOON, 3), corrected(A, at("2021-02-10 12:01"), 2)])
    assert Step.CORRECTION in planned(MOVED, overtaken, at("2021-02-11 12:00"))


def test_a_correction_of_the_hour_alone() -> None:
    found = planned(go_live("2021-03-08", hour="08:00", version=2), attorney(heard=[TOLD_A]), NOON)
    assert (found[Step.CORRECTION].heard, found[Step.CORRECTION].told) == (A, "2021-03-08T08:00")


def test_a_court_that_opens_early_corrects_nobody() -> None:
    live = go_live(status=Status.LIVE, version=2, live_since=at("2021-02-10 11:00"))
    found = planned(live, attorney(heard=[TOLD_A]), NOON)
    assert next(iter(found)) is Step.OPENING
    assert found[Step.OPENING].due_at <= NOON


def test_after_a_correction_on_the_day_of_opening_the_opening_is_not_told_twice() -> None:
    opened = go_live("2021-02-10", version=2)  # moved to this morning
    found = planned(opened, attorney(heard=[TOLD_A]), NOON)
    assert list(found) == [Step.CORRECTION, Step.T_PLUS_1, Step.T_PLUS_7]


@pytest.mark.parametrize(
    ("now", "owed"),
    [(at("2021-03-21 12:00", LONDON), True), (at("2021-03-23 12:00"), True), (at("2021-04-12 00:00"), False)],
)
def test_a_correction_is_owed_until_both_dates_are_over(now: datetime, owed: bool) -> None:
    assert (Step.CORRECTION in planned(MOVED, attorney(heard=[TOLD_A]), now)) is owed
    back = go_live("2021-03-08", version=3)
    told_b = attorney(heard=[corrected(B, NOON, 2)])
    assert (Step.CORRECTION in planned(back, told_b, now)) is owed


def test_a_correction_on_the_last_day_before_a_vacation_stands_for_the_last_days_told_early() -> None:
    hours = office(vacation=("2021-03-03", "2021-03-12"))
    now = at("2021-03-02 10:00")
    told_b = heard(Step.T_7, B, at("2021-03-01 09:00"))
    back = go_live("2021-03-08", version=3)
    assert list(planned(back, attorney(hours, heard=[told_b]), now)) == [Step.CORRECTION, Step.OPENING]
    knows = attorney(hours, heard=[told_b, corrected(A, now, 3)])
    assert list(planned(back, knows, at("2021-03-02 10:01"))) == [Step.OPENING]
