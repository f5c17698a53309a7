"""What a person asked to be told again, later: what it takes the place of, and what answers it."""

from __future__ import annotations

from bot.reminders.event import Kind, Status
from bot.reminders.notice import Step
from bot.reminders.plan import plan
from tests.reminders.stage import at, attorney, dues, go_live, heard, office, planned

DATE = "2021-03-08T09:00"
COURT = go_live("2021-03-08", blackout=("2021-03-05T18:00", "2021-03-08T06:00"))
T_14 = heard(Step.T_14, DATE, at("2021-02-22 09:00"))
NOW = at("2021-02-22 10:00")


def test_it_takes_the_place_of_what_falls_due_before_it() -> None:
    found = dues(COURT, attorney(heard=[T_14], again=at("2021-03-02 10:00")), NOW)
    assert found[Step.AGAIN] == "Tue 2021-03-02 10:00"
    assert Step.T_7 not in found
    assert {Step.LAST_DAYS, Step.OPENING, Step.T_PLUS_1, Step.T_PLUS_7} < set(found)


def test_it_waits_for_the_persons_hours_and_names_its_moment() -> None:
    hearer = attorney(office(vacation=("2021-02-25", "2021-02-26")), heard=[T_14], again=at("2021-02-24 22:00"))
    found = planned(COURT, hearer, NOW)
    assert found[Step.AGAIN].due_at == at("2021-03-01 09:00")
    assert found[Step.AGAIN].occasion == "2021-03-08T09:00|2021-02-25T04:00+00:00"
    assert found[Step.AGAIN].told == DATE
    assert Step.T_7 not in found  # due at the same moment


def test_a_waiting_one_is_not_pushed_forward() -> None:
    hearer = attorney(heard=[T_14], again=at("2021-02-24 10:00"))
    for now in ("2021-02-24 10:00", "2021-02-24 10:01", "2021-02-24 17:00"):
        assert planned(COURT, hearer, at(now))[Step.AGAIN].due_at == at("2021-02-24 10:00")
    assert planned(COURT, hearer, at("2021-02-24 18:00"))[Step.AGAIN].due_at == at("2021-02-25 09:00")


def test_once_told_it_is_not_told_again_and_stands_for_what_was_open() -> None:
    asked = at("2021-03-02 10:00")
    told = heard(Step.AGAIN, f"{DATE}|2021-03-02T16:00+00:00", at("2021-03-02 10:00"))
    found = planned(COURT, attorney(heard=[T_14, told], again=asked), at("2021-03-02 10:01"))
    assert list(found) == [Step.LAST_DAYS, Step.OPENING, Step.T_PLUS_1, Step.T_PLUS_7]


def test_what_does_not_wait_answers_it_when_it_comes_at_or_after_the_moment_asked_for() -> None:
    before = attorney(heard=[T_14], again=at("2021-03-04 09:30"))
    assert {Step.AGAIN, Step.LAST_DAYS} < set(planned(COURT, before, NOW))
    together = attorney(heard=[T_14], again=at("2021-03-03 20:00"))
    assert Step.AGAIN not in planned(COURT, together, NOW)
    over_the_weekend = attorney(heard=[T_14], again=at("2021-03-06 10:00"))
    found = dues(COURT, over_the_weekend, NOW)
    assert (Step.AGAIN in found, found[Step.OPENING]) == (False, "Mon 2021-03-08 09:00")
    answered = attorney(heard=[T_14, heard(Step.LAST_DAYS, DATE, at("2021-03-04 09:00"))], again=at("2021-03-03 20:00"))
    assert Step.AGAIN not in planned(COURT, answered, at("2021-03-04 09:01"))


def test_a_correction_answers_it_as_well() -> None:
    moved = go_live("2021-03-29", version=2)
    asked_for_now = attorney(heard=[T_14], again=at("2021-02-22 09:30"))
    assert Step.AGAIN not in planned(moved, asked_for_now, NOW)
    asked_for_later = attorney(heard=[T_14], again=at("2021-02-24 09:30"))
    assert {Step.CORRECTION, Step.AGAIN} < set(planned(moved, asked_for_later, NOW))


def test_it_is_not_told_of_what_no_longer_stands_or_is_over() -> None:
    hearer = attorney(heard=[heard(Step.T_PLUS_7, DATE, at("2021-03-15 09:00"))], again=at("2021-03-22 09:00"))
    assert plan(COURT, [hearer], at("2021-03-15 10:00")) == ()
    gone = planned(
        go_live(status=Status.WITHDRAWN, version=2), attorney(heard=[T_14], again=at("2021-02-24 09:00")), NOW
    )
    assert list(gone) == [Step.CORRECTION]
    outage = go_live("2021-03-08", kind=Kind.RELEASE_OUTAGE)
    assert plan(outage, [attorney(again=at("2021-03-08 10:00"))], at("2021-03-08 09:30")) == ()


def test_it_is_told_to_somebody_who_heard_nothing_else() -> None:
    found = dues(COURT, attorney(again=at("2021-02-24 10:00")), NOW)
    assert next(iter(found)) is Step.AGAIN
    assert Step.T_14 not in found
