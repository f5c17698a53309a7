"""The form "Your courts" read: whatever is sent, it is wishes that can be kept or a reason beside a field."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.courts.directory import Directory
from bot.reminders.hearer import Hours
from bot.reminders.hours import is_working
from bot.reminders.people.wish_form import (
    Later,
    WatchField,
    WatchFlaw,
    WatchForm,
    WatchProblem,
    read_wishes,
    zone_named,
)
from bot.service.watched import told_again_at

NOW = datetime(2021, 3, 5, 15, tzinfo=UTC)
COURTS = Directory.shipped()
CHICAGO = ZoneInfo("America/Chicago")

DAYS = some.sampled_from(["", "2021-04-01", "2021-04-09", "2020-01-01", "2021-02-30", "x", "20210401", "9999-12-31"])
TIMES = some.sampled_from(["", "09:00", "17:30", "00:00", "23:59", "24:00", "9", "09:00:30", "09:00+02:00", "x"])
ZONES = some.sampled_from(
    ["", "America/Chicago", "UTC", "America", "../x", "/etc/passwd", "tzdata.zi", "Nowhere/At_All"]
)
IDS = some.lists(some.sampled_from(["gasb", "almb", "GASB", "nowhere", ""]), max_size=4).map(tuple)
FORMS = some.builds(
    WatchForm,
    courts=IDS,
    shown=IDS,
    begins=TIMES,
    ends=TIMES,
    days=some.lists(some.sampled_from(["0", "3", "6", "7", "-1", "x", ""]), max_size=3).map(tuple),
    zone=ZONES,
    vacation_from=DAYS,
    vacation_until=DAYS,
    muted=IDS,
    shown_muted=IDS,
)


def form(**values: object) -> WatchForm:
    """Return a form without a flaw, but for these values."""
    usual: dict[str, object] = {"begins": "09:00", "ends": "17:30", "days": ("0",), "zone": "America/Chicago"}
    return WatchForm(**{**usual, **values})  # type: ignore[arg-type]


@given(FORMS)
def test_whatever_is_sent_is_read_or_refused(sent: WatchForm) -> None:
    read = read_wishes(sent, NOW, COURTS.by_id)
    if isinstance(read, tuple):
        assert read
        assert all(isinstance(one, WatchProblem) for one in read)
        return
    hours = read.hours
    assert hours.begins < hours.ends
    assert hours.days
    assert hours.days <= set(range(7))
    assert hours.vacation is None or hours.vacation[0] <= hours.vacation[1]
    assert set(read.watch) <= {"gasb", "almb"}
    assert not set(read.watch) & set(sent.shown)
    assert not set(read.leave) & set(sent.courts)
    assert not set(read.unmute) & set(read.leave)


@pytest.mark.parametrize(
    ("values", "field", "flaw"),
    [
        ({"courts": ("gasb", "nowhere")}, WatchField.COURTS, WatchFlaw.UNKNOWN_COURT),
        ({"begins": ""}, WatchField.BEGINS, WatchFlaw.MISSING),
        ({"ends": "25:00"}, WatchField.ENDS, WatchFlaw.SHAPE),
        ({"ends": "09:00"}, WatchField.ENDS, WatchFlaw.ENDS_FIRST),
        ({"days": ()}, WatchField.DAYS, WatchFlaw.NO_DAY),
        ({"zone": "America/Atlantis"}, WatchField.ZONE, WatchFlaw.UNKNOWN_ZONE),
        ({"zone": ""}, WatchField.ZONE, WatchFlaw.MISSING),
        ({"vacation_from": "2021-04-01"}, WatchField.VACATION_UNTIL, WatchFlaw.HALF),
        ({"vacation_until": "2021-04-01"}, WatchField.VACATION_FROM, WatchFlaw.HALF),
        ({"vacation_from": "2021-02-30", "vacation_until": "2021-04-01"}, WatchField.VACATION_FROM, WatchFlaw.SHAPE),
        (
            {"vacation_from": "2021-04-09", "vacation_until": "2021-04-01"},
            WatchField.VACATION_UNTIL,
            WatchFlaw.BACKWARDS,
        ),
        ({"vacation_from": "2021-03-01", "vacation_until": "2021-03-04"}, WatchField.VACATION_UNTIL, WatchFlaw.OVER),
    ],
)
def test_each_flaw_is_beside_its_field_alone(values: dict[str, object], field: WatchField, flaw: WatchFlaw) -> None:
    assert read_wishes(form(**values), NOW, COURTS.by_id) == (WatchProblem(field, flaw),)


def test_every_flaw_of_a_form_is_told_at_once() -> None:
    wrong = read_wishes(WatchForm(courts=("nowhere",), vacation_from="2021-04-01"), NOW, COURTS.by_id)
    assert isinstance(wrong, tuple)
    assert {one.field for one in wrong} == set(WatchField) - {WatchField.MUTED, WatchField.VACATION_FROM}


def test_a_vacation_that_ends_today_where_the_person_is_counts_still() -> None:
    """It is the fifth in Chicago and the sixth in Guam."""
    late = datetime(2021, 3, 5, 23, tzinfo=UTC)
    away = {"vacation_from": "2021-03-01", "vacation_until": "2021-03-05"}
    assert not isinstance(read_wishes(form(**away), late, COURTS.by_id), tuple)
    assert isinstance(read_wishes(form(**away, zone="Pacific/Guam"), late, COURTS.by_id), tuple)


@pytest.mark.parametrize(
    "text", ["", ".", "America", "../../etc/passwd", "/etc/passwd", "tzdata.zi", "x" * 200, "a\0b"]
)
def test_no_zone_is_read_from_anywhere_else(text: str) -> None:
    assert zone_named(text) is None


@given(
    some.integers(1_577_836_800, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    some.sampled_from(Later),
    some.sampled_from(["America/Chicago", "Pacific/Guam", "America/Phoenix", "Australia/Lord_Howe", "UTC"]),
    some.sets(some.integers(0, 6), min_size=1),
)
def test_told_again_is_later_in_the_persons_hours_and_the_same_all_day(
    now: datetime, later: Later, zone: str, days: set[int]
) -> None:
    hours = Hours(ZoneInfo(zone), time(9), time(17), frozenset(days), (date(2024, 12, 24), date(2025, 1, 6)))
    at = told_again_at(hours, now, later)
    assert at > now
    assert is_working(hours, at)
    local = now.astimezone(hours.zone)
    assert (at.astimezone(hours.zone).date() - local.date()).days >= later.days
    midnight = local.replace(hour=23, minute=59, fold=1)
    assert told_again_at(hours, midnight, later) == at, "pressing twice on one day asks for the same"
