"""Somebody's working hours: weekends, vacations, changes of clocks, and hours that make no sense."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reminders.hearer import Hours
from bot.reminders.hours import is_working, last_working_before, next_morning, next_working
from tests.reminders.stage import LONDON, NEW_YORK, at, by_the_clock, office

NEXT = [
    ("2026-09-10 08:00", "2026-09-10 09:00"),  # before work
    ("2026-09-10 09:00", "2026-09-10 09:00"),
    ("2026-09-10 12:34", "2026-09-10 12:34"),
    ("2026-09-10 17:30", "2026-09-11 09:00"),  # the end is no longer within
    ("2026-09-11 18:00", "2026-09-14 09:00"),  # over the weekend
    ("2026-12-24 17:31", "2027-01-04 09:00"),  # over the vacation, whose last day is a Sunday
]


@pytest.mark.parametrize(("moment", "working"), NEXT)
def test_the_next_working_moment(moment: str, working: str) -> None:
    hours = office(NEW_YORK, vacation=("2026-12-25", "2027-01-03"))
    assert next_working(hours, at(moment, NEW_YORK)) == at(working, NEW_YORK)


def test_a_morning_is_the_next_one_even_in_the_middle_of_the_day() -> None:
    hours = office(NEW_YORK)
    assert next_morning(hours, at("2026-09-11 09:00", NEW_YORK)) == at("2026-09-11 09:00", NEW_YORK)
    assert next_morning(hours, at("2026-09-11 09:01", NEW_YORK)) == at("2026-09-14 09:00", NEW_YORK)


def test_the_last_working_day_before_is_told_by_its_beginning() -> None:
    hours = office(NEW_YORK, vacation=("2026-09-07", "2026-09-09"))
    assert last_working_before(hours, at("2026-09-11 00:00", NEW_YORK)) == at("2026-09-10 09:00", NEW_YORK)
    assert last_working_before(hours, at("2026-09-10 09:00", NEW_YORK)) == at("2026-09-04 09:00", NEW_YORK)


def test_hours_that_a_change_of_clocks_swallows_are_no_hours() -> None:
    hours = office(NEW_YORK, "02:00", "03:00", days=range(7))
    assert next_working(hours, at("2027-03-14 00:00", NEW_YORK)) == at("2027-03-15 02:00", NEW_YORK)


def test_hours_in_a_fold_last_as_long_as_the_clock_takes() -> None:
    hours = office(NEW_YORK, "01:00", "02:00", days=range(7))
    begins = datetime(2027, 11, 7, 5, tzinfo=UTC)
    assert next_working(hours, begins - timedelta(hours=3)) == begins
    assert is_working(hours, begins + timedelta(minutes=119))
    assert not is_working(hours, begins + timedelta(minutes=120))


def test_a_travelling_person_has_the_hours_of_where_they_are() -> None:
    moment = at("2026-09-10 03:30", NEW_YORK)
    assert not is_working(office(NEW_YORK), moment)
    assert next_working(office(LONDON), moment) == at("2026-09-10 09:00", LONDON)


@pytest.mark.parametrize(
    ("hours", "working"),
    [
        (office(NEW_YORK, days=()), "2026-09-14 09:00"),  # no day at all: Monday to Friday
        (office(NEW_YORK, "22:00", "06:00"), "2026-09-14 22:00"),  # no night shift: until midnight
        (office(NEW_YORK, vacation=("2026-09-20", "2026-09-01")), "2026-09-14 09:00"),  # a vacation back to front
        (office(NEW_YORK, vacation=("0001-01-01", "2026-09-15")), "2026-09-16 09:00"),
    ],
)
def test_hours_that_make_no_sense_are_read_as_some_that_do(hours: Hours, working: str) -> None:
    assert next_working(hours, at("2026-09-12 10:00", NEW_YORK)) == at(working, NEW_YORK)


def test_a_vacation_for_ever_ends_nothing() -> None:
    hours = office(NEW_YORK, vacation=("0001-01-01", "9999-12-31"))
    assert next_working(hours, at("2026-09-12 10:00", NEW_YORK)).year == 9000
    assert last_working_before(hours, at("2026-09-12 10:00", NEW_YORK)).year == 1899


ZONES = st.sampled_from(["America/New_York", "America/Phoenix", "Pacific/Guam", "Pacific/Honolulu", "Europe/London"])
VACATIONS = st.none() | st.tuples(
    st.dates(date(2026, 1, 1), date(2027, 6, 1)), st.dates(date(2026, 1, 1), date(2027, 6, 1))
)
HOURS = st.builds(
    Hours, ZONES.map(ZoneInfo), st.times(), st.times(), st.frozensets(st.integers(0, 6)), vacation=VACATIONS
)
START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=700)).map(lambda since: START + since)


@given(HOURS, MOMENTS)
def test_the_next_working_moment_is_the_first_that_the_persons_clock_allows(hours: Hours, moment: datetime) -> None:
    found = next_working(hours, moment)
    assert found >= moment
    assert is_working(hours, found)
    assert by_the_clock(hours, found)
    step = timedelta(minutes=47)
    for number in range(min(400, (found - moment) // step)):
        assert not by_the_clock(hours, moment + number * step) or _within_a_change(hours, moment + number * step)


def _within_a_change(hours: Hours, moment: datetime) -> bool:
    """Whether the clocks change within hours: in the repeated hour a clock shows the end of work twice."""
    around = [(moment + timedelta(hours=hours_off)).astimezone(hours.zone).utcoffset() for hours_off in (-26, 26)]
    return around[0] != around[1]


@given(HOURS, MOMENTS)
def test_mornings_are_where_hours_begin(hours: Hours, moment: datetime) -> None:
    after, before = next_morning(hours, moment), last_working_before(hours, moment)
    assert before < moment <= after
    for morning in (before, after):
        assert is_working(hours, morning)
        assert not is_working(hours, morning - timedelta(microseconds=1)) or hours.begins == time()
    assert next_morning(hours, before + timedelta(microseconds=1)) >= moment
