"""The windows of an event's steps: which steps a kind has, when each opens and closes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.reminders.event import CourtEvent, Kind, Status
from bot.reminders.ladder import STEPS, ends_at, ladder
from bot.reminders.notice import Step
from tests.reminders.stage import CHICAGO, GUAM, at, go_live


def windows(event: CourtEvent) -> dict[Step, tuple[str, str]]:
    """Return the windows as the court's wall clock."""
    return {
        rung.step: (
            f"{rung.opens.astimezone(event.zone):%m-%d %H:%M}",
            f"{rung.closes.astimezone(event.zone):%m-%d %H:%M}",
        )
        for rung in ladder(event)
    }


def test_a_go_live_has_the_whole_ladder_and_every_step_gives_way_to_the_next() -> None:
    assert windows(go_live("2021-03-08", blackout=("2021-03-05T18:00", "2021-03-08T06:00"))) == {
        Step.T_60: ("01-07 00:00", "02-06 00:00"),
        Step.T_30: ("02-06 00:00", "02-15 00:00"),
        Step.ACCOUNTS: ("02-15 00:00", "02-22 00:00"),
        Step.T_14: ("02-22 00:00", "03-01 00:00"),
        Step.T_7: ("03-01 00:00", "03-04 00:00"),
        Step.LAST_DAYS: ("03-04 00:00", "03-05 18:00"),
        Step.OPENING: ("03-08 09:00", "03-09 00:00"),
        Step.T_PLUS_1: ("03-09 00:00", "03-15 00:00"),
        Step.T_PLUS_7: ("03-15 00:00", "03-22 00:00"),
    }


LAST_DAYS = [
    # no black-out known: three days before, moved back off a weekend, up to the opening
    (go_live("2021-03-08"), ("03-05 00:00", "03-08 09:00")),
    (go_live("2021-03-09"), ("03-05 00:00", "03-09 09:00")),  # a Tuesday: T-3 is a Saturday
    (go_live("2019-09-07", GUAM), ("09-04 00:00", "09-07 09:00")),
    # the weekday before the black-out's day, up to the black-out
    (go_live("2021-03-08", blackout=("2021-03-08T00:01", "2021-03-08T06:00")), ("03-05 00:00", "03-08 00:01")),
    (go_live("2021-03-08", blackout=("2021-03-03T23:59", "2021-03-08T09:00")), ("03-02 00:00", "03-03 23:59")),
    # one that begins when it opens is known; one that begins afterwards is of no use
    (
        go_live("2021-03-06", hour="06:00", blackout=("2021-03-06T06:00", "2021-03-06T14:00")),
        ("03-05 00:00", "03-06 06:00"),
    ),
    (go_live("2021-03-08", blackout=("2021-03-12T18:00", "2021-03-15T06:00")), ("03-05 00:00", "03-08 09:00")),
]


@pytest.mark.parametrize(("event", "window"), LAST_DAYS)
def test_the_last_days(event: CourtEvent, window: tuple[str, str]) -> None:
    assert windows(event)[Step.LAST_DAYS] == window


def test_a_long_black_out_takes_the_place_of_the_steps_within_it() -> None:
    found = windows(go_live("2021-03-08", blackout=("2021-02-26T18:00", "2021-03-08T06:00")))
    assert Step.T_7 not in found
    assert found[Step.T_14] == ("02-22 00:00", "02-25 00:00")
    assert found[Step.LAST_DAYS] == ("02-25 00:00", "02-26 18:00")


def test_a_court_live_ahead_of_its_date_counts_on_from_its_opening() -> None:
    found = windows(go_live("2021-03-08", status=Status.LIVE, live_since=at("2021-02-24 15:00")))
    assert found[Step.T_14] == ("02-22 00:00", "02-24 15:00")
    assert found[Step.OPENING] == ("02-24 15:00", "02-25 00:00")
    assert found[Step.T_PLUS_7] == ("03-03 00:00", "03-10 00:00")
    assert not {Step.T_7, Step.LAST_DAYS} & set(found)


def test_a_court_marked_live_after_its_date_opened_on_its_date() -> None:
    late = go_live("2021-03-08", status=Status.LIVE, live_since=at("2021-03-10 15:00"))
    assert windows(late) == windows(go_live("2021-03-08"))


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_has_its_steps(kind: Kind) -> None:
    assert tuple(rung.step for rung in ladder(go_live(kind=kind))) == STEPS[kind]


def test_what_is_no_go_live_ends_when_it_happens() -> None:
    assert windows(go_live(kind=Kind.MFA_DEADLINE))[Step.T_30] == ("02-06 00:00", "02-22 00:00")
    assert windows(go_live(kind=Kind.MFA_DEADLINE))[Step.LAST_DAYS] == ("03-05 00:00", "03-08 09:00")
    assert windows(go_live(kind=Kind.SUCCESSOR_GO_LIVE))[Step.OPENING] == ("03-08 09:00", "03-15 00:00")
    outage = go_live("2021-03-08", kind=Kind.RELEASE_OUTAGE, blackout=("2021-03-06T06:00", "2021-03-06T14:00"))
    assert windows(outage) == {Step.T_7: ("03-01 00:00", "03-05 00:00"), Step.LAST_DAYS: ("03-05 00:00", "03-06 06:00")}


@pytest.mark.parametrize("event", [go_live(None, coarse="May 2021"), go_live(status=Status.WITHDRAWN)])
def test_a_coarse_date_and_a_withdrawn_one_remind_nobody(event: CourtEvent) -> None:
    assert ladder(event) == ()


def test_windows_count_the_courts_days_over_a_change_of_clocks() -> None:
    event = go_live("2021-11-08")  # the clocks went back on 7 November
    week = next(rung for rung in ladder(event) if rung.step is Step.T_7)
    assert week.opens == at("2021-11-01 00:00", CHICAGO)
    assert at("2021-11-08 00:00", CHICAGO) - week.opens == timedelta(days=7, hours=1)


def test_an_event_is_over_a_week_after_its_last_step() -> None:
    assert ends_at(go_live("2021-03-08")) == at("2021-03-22 00:00")
    assert ends_at(go_live(None, coarse="May 2021")) is None
