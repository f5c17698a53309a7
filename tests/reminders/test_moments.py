"""Wall clock and zone made one instant: gaps, folds, and the zones that never change their clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reminders.moments import instant

CASES = [
    ("America/New_York", "2027-03-14 02:30", "2027-03-14 07:00"),  # skipped: the first instant after the gap
    ("America/New_York", "2027-03-14 03:00", "2027-03-14 07:00"),
    ("America/New_York", "2027-11-07 01:30", "2027-11-07 05:30"),  # repeated: the first of both
    ("America/Chicago", "2021-11-05 12:00", "2021-11-05 17:00"),
    ("America/Indiana/Indianapolis", "2021-11-08 09:00", "2021-11-08 14:00"),
    ("America/Phoenix", "2021-06-28 08:30", "2021-06-28 15:30"),
    ("Pacific/Guam", "2019-09-07 09:00", "2019-09-06 23:00"),
    ("Pacific/Honolulu", "2021-03-14 02:30", "2021-03-14 12:30"),
    ("Europe/London", "2026-03-29 01:30", "2026-03-29 01:00"),
    ("Europe/London", "2026-10-25 01:30", "2026-10-25 00:30"),
    ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00"),  # midnight itself is skipped
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),  # a change of half an hour
    ("Pacific/Apia", "2011-12-30 09:00", "2011-12-30 10:00"),  # a whole day is skipped
]


@pytest.mark.parametrize(("zone", "wall", "utc"), CASES)
def test_an_instant(zone: str, wall: str, utc: str) -> None:
    moment = datetime.fromisoformat(wall)
    assert instant(moment.date(), moment.time(), ZoneInfo(zone)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


ZONES = st.sampled_from(
    ["America/New_York", "Europe/London", "Pacific/Guam", "Australia/Lord_Howe", "America/Sao_Paulo"]
)
DAYS = st.dates(date(2005, 1, 1), date(2037, 12, 31))


@given(ZONES, DAYS, st.times())
def test_an_instant_shows_the_wall_clock_or_the_end_of_its_gap(name: str, day: date, at: time) -> None:
    zone = ZoneInfo(name)
    moment = instant(day, at, zone)
    shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    wall = datetime.combine(day, at)
    if shown != wall:
        before = (moment - timedelta(microseconds=1)).astimezone(zone).replace(tzinfo=None, fold=0)
        assert before < wall < shown


@given(ZONES, DAYS, st.times())
def test_no_earlier_instant_shows_the_same_wall_clock(name: str, day: date, at: time) -> None:
    zone = ZoneInfo(name)
    moment = instant(day, at, zone)
    shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    for minutes in (30, 60, 120):
        assert (moment - timedelta(minutes=minutes)).astimezone(zone).replace(tzinfo=None, fold=0) != shown
