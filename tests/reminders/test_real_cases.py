"""What courts really did with their dates (courts.md sections 5 and 8), and what people would have been told."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.reminders.event import CourtEvent, Status
from bot.reminders.hearer import Hearer
from bot.reminders.ladder import ladder
from bot.reminders.notice import Heard, Step
from bot.reminders.plan import plan
from tests.reminders.stage import (
    CHICAGO,
    GUAM,
    LONDON,
    NEW_YORK,
    PHOENIX,
    at,
    attorney,
    corrected,
    dues,
    go_live,
    heard,
    office,
    planned,
)

BOISE = ZoneInfo("America/Boise")
INDIANAPOLIS = ZoneInfo("America/Indiana/Indianapolis")


def live_through(event: CourtEvent, hearer: Hearer, first: str, last: str) -> list[Heard]:
    """Return what somebody has been told by the end of some time of a court's calendar, each notice when it is due."""
    told = list(hearer.heard)
    now, until = at(first, event.zone), at(last, event.zone)
    while now < until:
        notices = plan(event, [attorney(hearer.hours, heard=told, any_hour=hearer.any_hour)], now)
        told += [
            Heard(event.id, each.occasion, each.step, each.version, now, each.told)
            for each in notices
            if each.due_at <= now
        ]
        now = min((each.due_at for each in notices if each.due_at > now), default=until)
    return told


# arwb: announced for Mon 1 Feb 2021, taken back on Sat 30 Jan, inside the black-out; then Mon 29 Mar 2021.
FEBRUARY, MARCH = "2021-02-01T09:00", "2021-03-29T09:00"
ARWB = go_live("2021-02-01", blackout=("2021-01-29T18:00", "2021-02-01T06:00"))
ARWB_BACK = go_live("2021-02-01", blackout=("2021-01-29T18:00", "2021-02-01T06:00"), status=Status.WITHDRAWN, version=2)
ARWB_MARCH = go_live("2021-03-29", version=3)
SATURDAY = at("2021-01-30 08:30")


def test_arwb_withdrawn_on_the_saturday_of_its_black_out_is_corrected_on_that_saturday() -> None:
    told = live_through(ARWB, attorney(), "2020-11-18 12:00", "2021-01-30 08:00")
    assert [each.step for each in told] == [Step.T_60, Step.T_30, Step.ACCOUNTS, Step.T_14, Step.T_7, Step.LAST_DAYS]
    correction = planned(ARWB_BACK, attorney(heard=told), SATURDAY)
    assert list(correction) == [Step.CORRECTION]
    notice = correction[Step.CORRECTION]
    assert (notice.due_at, notice.heard, notice.told) == (SATURDAY, FEBRUARY, None)


def test_arwb_moved_on_that_saturday_without_a_withdrawal_is_corrected_as_well() -> None:
    told = attorney(heard=[heard(Step.LAST_DAYS, FEBRUARY, at("2021-01-28 09:00"))])
    notice = planned(go_live("2021-03-29", version=2), told, at("2021-01-30 10:00"))[Step.CORRECTION]
    assert (notice.due_at, notice.told) == (at("2021-01-30 10:00"), MARCH)


def test_arwb_nobody_who_was_not_told_hears_of_the_withdrawal() -> None:
    assert plan(ARWB_BACK, [attorney(), attorney(name="U0BEN", any_hour=True)], SATURDAY) == ()


def test_arwb_the_new_date_is_told_once_and_its_ladder_follows() -> None:
    knows = [heard(Step.LAST_DAYS, FEBRUARY, at("2021-01-28 09:00")), corrected(None, SATURDAY, 2)]
    told = live_through(ARWB_MARCH, attorney(heard=knows), "2021-02-03 12:00", "2021-04-12 12:00")[2:]
    assert [(each.step, each.date_told) for each in told] == [
        (step, MARCH)
        for step in (
            Step.CORRECTION,  # T-60 is in it
            Step.T_30,
            Step.ACCOUNTS,
            Step.T_14,
            Step.T_7,
            Step.LAST_DAYS,
            Step.OPENING,
            Step.T_PLUS_1,
            Step.T_PLUS_7,
        )
    ]


def test_idb_and_idd_one_clerk_two_dates_meet_on_one_morning_and_open_a_week_apart() -> None:
    bankruptcy, district = go_live("2021-03-08", BOISE), go_live("2021-03-15", BOISE)
    early = at("2020-12-01 12:00", BOISE)
    idb, idd = (dues(event, attorney(office(BOISE)), early) for event in (bankruptcy, district))
    assert idb[Step.T_7] == idd[Step.T_14] == "Mon 2021-03-01 09:00"  # one message
    assert (idb[Step.OPENING], idd[Step.OPENING]) == ("Mon 2021-03-08 09:00", "Mon 2021-03-15 09:00")
    assert idd[Step.T_7] == "Mon 2021-03-08 09:00"


def test_gub_on_a_saturday_far_ahead_of_the_people() -> None:
    event = go_live("2019-09-07", GUAM, status=Status.CONFIRMED)
    early = at("2019-07-01 12:00", GUAM)
    assert event.opens_at == at("2019-09-06 19:00", NEW_YORK)  # Friday evening
    assert dues(event, attorney(office(GUAM)), early)[Step.OPENING] == "Mon 2019-09-09 09:00"
    assert dues(event, attorney(office(NEW_YORK)), early)[Step.OPENING] == "Mon 2019-09-09 09:00"
    assert dues(event, attorney(office(NEW_YORK), any_hour=True), early)[Step.OPENING] == "Fri 2019-09-06 19:00"
    assert dues(event, attorney(office(GUAM, days=range(7))), early)[Step.OPENING] == "Sat 2019-09-07 09:00"
    assert dues(event, attorney(office(GUAM)), early)[Step.LAST_DAYS] == "Wed 2019-09-04 09:00"
    # Friday here is Saturday there.
    pacific = dues(event, attorney(office(ZoneInfo("Pacific/Honolulu"))), early)
    assert pacific[Step.OPENING] == "Fri 2019-09-06 13:00"


def test_azb_has_no_summer_time_and_goes_away_on_a_thursday() -> None:
    event = go_live("2021-06-28", PHOENIX, hour="08:30", blackout=("2021-06-24T17:00", "2021-06-28T08:30"))
    early = at("2021-04-01 12:00", PHOENIX)
    local = dues(event, attorney(office(PHOENIX, begins="08:00")), early)
    assert (local[Step.LAST_DAYS], local[Step.OPENING]) == ("Wed 2021-06-23 08:00", "Mon 2021-06-28 08:30")
    assert dues(event, attorney(office(PHOENIX)), early)[Step.OPENING] == "Mon 2021-06-28 09:00"
    assert (
        dues(event, attorney(office(NEW_YORK)), early)[Step.OPENING] == "Mon 2021-06-28 11:30"
    )  # three hours in summer
    winter = go_live("2021-12-06", PHOENIX, hour="08:30")
    assert dues(winter, attorney(office(NEW_YORK)), early)[Step.OPENING] == "Mon 2021-12-06 10:30"  # two in winter
    last = next(rung for rung in ladder(event) if rung.step is Step.LAST_DAYS)
    assert event.opens_at is not None
    assert event.opens_at - last.closes == timedelta(hours=87.5)


def test_innd_changes_its_clocks_inside_the_black_out() -> None:
    event = go_live("2021-11-08", INDIANAPOLIS, hour="09:00", blackout=("2021-11-05T12:00", "2021-11-08T09:00"))
    last = next(rung for rung in ladder(event) if rung.step is Step.LAST_DAYS)
    assert event.opens_at is not None
    assert event.opens_at - last.closes == timedelta(hours=70)
    early = at("2021-09-01 12:00", INDIANAPOLIS)
    found = dues(event, attorney(office(INDIANAPOLIS)), early)
    assert (found[Step.LAST_DAYS], found[Step.OPENING]) == ("Thu 2021-11-04 09:00", "Mon 2021-11-08 09:00")
    # London went back a week before: four hours in the week between, five again on the day.
    abroad = dues(event, attorney(office(LONDON)), early)
    assert (abroad[Step.T_7], abroad[Step.OPENING]) == ("Mon 2021-11-01 09:00", "Mon 2021-11-08 14:00")
    told = live_through(event, attorney(office(INDIANAPOLIS)), "2021-09-01 12:00", "2021-12-01 12:00")
    assert len({each.step for each in told}) == len(told) == 9


def test_txsb_back_on_sunday_ahead_of_its_monday() -> None:
    named = go_live("2021-07-19", blackout=("2021-07-15T18:00", "2021-07-18T00:00"))
    sunday = at("2021-07-18 14:00")
    live = go_live(
        "2021-07-19",
        blackout=("2021-07-15T18:00", "2021-07-18T00:00"),
        status=Status.LIVE,
        live_since=sunday,
        version=2,
    )
    told = live_through(named, attorney(), "2021-05-01 12:00", "2021-07-18 13:00")
    assert (told[-1].step, told[-1].at) == (Step.LAST_DAYS, at("2021-07-14 09:00"))
    at_work = dues(live, attorney(heard=told), at("2021-07-18 14:01"))
    assert at_work == {Step.OPENING: "Mon 2021-07-19 09:00", Step.T_PLUS_7: "Mon 2021-07-26 09:00"}
    waiting = planned(live, attorney(heard=told, any_hour=True), at("2021-07-18 14:01"))
    assert waiting[Step.OPENING].due_at == sunday
    # The date that was told still stands: nobody is corrected for an opening that came a day early.
    assert Step.CORRECTION not in waiting


def test_ca2_at_noon_after_108_hours() -> None:
    event = go_live("2014-10-20", NEW_YORK, hour="12:00", blackout=("2014-10-15T23:59", "2014-10-20T12:00"))
    last = next(rung for rung in ladder(event) if rung.step is Step.LAST_DAYS)
    assert event.opens_at is not None
    assert event.opens_at - last.closes == timedelta(hours=108, minutes=1)
    early = at("2014-08-01 12:00", NEW_YORK)
    found = dues(event, attorney(office(NEW_YORK)), early)
    assert (found[Step.T_7], found[Step.LAST_DAYS]) == ("Mon 2014-10-13 09:00", "Tue 2014-10-14 09:00")
    assert found[Step.OPENING] == "Mon 2014-10-20 12:00"


def test_mieb_named_a_month_and_reminds_nobody() -> None:
    coarse = go_live(None, ZoneInfo("America/Detroit"), coarse="May 2021")
    assert live_through(coarse, attorney(), "2021-01-01 00:00", "2021-06-15 00:00") == []


def test_almb_a_target_reminds_as_any_date_and_its_confirmation_repeats_nothing() -> None:
    target = go_live("2021-03-08", status=Status.TARGET)
    told = live_through(target, attorney(), "2020-12-01 12:00", "2021-02-10 12:00")
    assert [each.step for each in told] == [Step.T_60, Step.T_30]
    confirmed = go_live("2021-03-08", status=Status.CONFIRMED, version=2)
    assert plan(confirmed, [attorney(heard=told)], at("2021-02-10 12:00"))[0].step is Step.ACCOUNTS
    assert list(planned(confirmed, attorney(heard=told), at("2021-02-10 12:00"))) == list(
        planned(target, attorney(heard=told), at("2021-02-10 12:00"))
    )


def test_a_tuesday_after_a_holiday_is_told_on_the_friday_before() -> None:
    found = dues(go_live("2021-09-07", CHICAGO), attorney(), at("2021-07-01 12:00"))
    assert found[Step.LAST_DAYS] == "Fri 2021-09-03 09:00"
