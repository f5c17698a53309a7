"""Zones by the names that people use, and moments as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.courts.directory import Directory
from bot.words.zones import both_words, day_words, find_zones, moment_words, time_words, zone_name

NEW_YORK, CHICAGO, GUAM = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago"), ZoneInfo("Pacific/Guam")


def test_every_courts_zone_has_a_name_of_its_own_and_is_listed_first() -> None:
    courts = {court.zone.key for court in Directory.shipped().all}
    names = {key: zone_name(ZoneInfo(key)) for key in courts}
    assert len(set(names.values())) == len(courts)
    assert not [name for name in names.values() if "/" in name or "_" in name]
    assert courts <= {zone.key for zone in find_zones("", 16)}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("eastern", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("new york", "America/New_York"),
        ("guam", "Pacific/Guam"),
        ("arizona", "America/Phoenix"),
        ("America/Indiana/Indianapolis", "America/Indiana/Indianapolis"),
        ("par eur", "Europe/Paris"),
        ("london", "Europe/London"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_as_people_type_it(typed: str, first: str) -> None:
    assert find_zones(typed)[0].key == first


@given(some.text(max_size=300))
def test_no_text_breaks_the_search(typed: str) -> None:
    assert len(find_zones(typed, 25)) <= 25


def test_nothing_is_found_for_what_is_no_zone() -> None:
    assert list(find_zones("../../etc")) == []
    assert list(find_zones("xyzzy")) == []


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(0), "midnight"),
        (time(12), "noon"),
        (time(0, 5), "12:05 a.m."),
        (time(12, 30), "12:30 p.m."),
        (time(9), "9:00 a.m."),
        (time(23, 59), "11:59 p.m."),
    ],
)
def test_hours_as_people_write_them(at: time, words: str) -> None:
    assert time_words(at) == words


def test_a_moment_is_said_by_the_courts_clock_and_by_the_persons_where_it_differs() -> None:
    at = datetime(2021, 3, 29, 13, tzinfo=UTC)
    assert day_words(date(2021, 3, 29)) == "Monday, March 29, 2021"
    assert moment_words(at, NEW_YORK) == "Monday, March 29, 2021, 9:00 a.m. Eastern Time"
    assert both_words(at, NEW_YORK, ZoneInfo("America/Detroit")) == moment_words(at, NEW_YORK)
    assert both_words(at, NEW_YORK, CHICAGO).endswith("(for you: Monday, March 29, 2021, 8:00 a.m. Central Time)")
    late = datetime(2021, 3, 29, 14, 30, tzinfo=UTC)
    assert "Tuesday, March 30, 2021, 12:30 a.m. Chamorro Time, Guam" in both_words(late, NEW_YORK, GUAM)
