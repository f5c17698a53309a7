"""The form of a court's date: what it says, and everything that is wrong with it at once."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.courts.directory import Directory
from bot.reminders.dates.event_form import DateField, DateFlaw, EventForm, EventParts, form_of
from bot.reminders.dates.event_reading import read_form
from bot.reminders.event import BlackOut, CourtEvent, EventId, Kind, Status
from bot.words.date_flaws import date_flaw_words

INND = Directory.shipped().by_id("innd")
FULL = EventForm(
    court="innd",
    status="confirmed",
    day="2021-11-08",
    time="09:00",
    blackout_start="2021-11-05 12:00",
    blackout_end="2021-11-08T09:00",
    source="https://www.innd.uscourts.gov/nextgen",
    note="Two lines\r\nof it.",
    order_number=" GO 2021-26 ",
    emergency_channel="e-mail to the clerk",
    emergency_until="Sunday, 11:59 p.m.",
)


def flaws(form: EventForm) -> list[tuple[str, str]]:
    found = read_form(form, Directory.shipped().by_id(form.court))
    return [(problem.field.value, problem.flaw.value) for problem in found] if isinstance(found, tuple) else []


def test_a_whole_form_is_read_and_made_again() -> None:
    parts = read_form(FULL, INND)
    assert isinstance(parts, EventParts)
    assert (parts.kind, parts.status) == (Kind.NEXTGEN_GO_LIVE, Status.CONFIRMED)
    assert (parts.day, parts.time) == (date(2021, 11, 8), time(9))
    start, end = map(datetime.fromisoformat, ("2021-11-05T12:00", "2021-11-08T09:00"))
    assert parts.blackout == BlackOut(start, end)
    assert (parts.note, parts.order_number) == ("Two lines\nof it.", "GO 2021-26")
    assert INND is not None
    said = {field.name: getattr(parts, field.name) for field in fields(EventParts)}
    event = CourtEvent(EventId("e"), INND.id, INND.zone, **said)
    assert read_form(form_of(event), INND) == parts


def test_a_coarse_date_is_enough() -> None:
    parts = read_form(EventForm("mieb", "nextgen_go_live", "target", coarse="March 2021"), INND)
    assert isinstance(parts, EventParts)
    assert (parts.day, parts.coarse) == (None, "March 2021")


WRONG = [
    ({"court": ""}, ("court", "missing")),
    ({"court": "zzz"}, ("court", "unknown")),
    ({"kind": "party"}, ("kind", "unknown")),
    ({"status": ""}, ("status", "missing")),
    ({"status": "rumour"}, ("status", "unknown")),
    ({"day": "13/8/2021"}, ("day", "shape")),
    ({"day": "20211108"}, ("day", "shape")),
    ({"day": "2021-02-30"}, ("day", "shape")),
    ({"day": "1021-11-08", "blackout_start": "", "blackout_end": ""}, ("day", "far")),
    ({"time": "9"}, ("time", "shape")),
    ({"time": "09:00 HST"}, ("time", "zone")),
    ({"time": "24:00"}, ("time", "shape")),
    ({"time": "09:00:30"}, ("time", "shape")),
    ({"coarse": "November 2021"}, ("coarse", "both")),
    ({"blackout_start": ""}, ("blackout_start", "missing")),
    ({"blackout_end": ""}, ("blackout_end", "missing")),
    ({"blackout_start": "Friday noon"}, ("blackout_start", "shape")),
    ({"blackout_end": "2021-11-05T12:00"}, ("blackout_end", "not_after")),
    ({"blackout_end": "2022-11-08T09:00"}, ("blackout_end", "far")),
    ({"blackout_start": "2021-11-08T09:30", "blackout_end": "2021-11-08T10:00"}, ("blackout_start", "after_event")),
    ({"blackout_start": "2021-09-05T12:00", "blackout_end": "2021-09-08T09:00"}, ("blackout_start", "far")),
    ({"source": "javascript:alert(1)"}, ("source", "address")),
    ({"source": "https://user:secret@court.example/"}, ("source", "address")),
    ({"note": "n" * 1001}, ("note", "too_long")),
    ({"order_number": "GO\n1"}, ("order_number", "characters")),
    ({"emergency_channel": "fax \x07"}, ("emergency_channel", "characters")),
]


@pytest.mark.parametrize(("changed", "flaw"), WRONG)
def test_what_is_wrong_is_named(changed: dict[str, str], flaw: tuple[str, str]) -> None:
    assert flaws(replace(FULL, **changed)) == [flaw]


def test_without_a_day_nothing_may_speak_of_one() -> None:
    assert flaws(replace(FULL, day="")) == [
        ("status", "needs_day"),
        ("day", "missing"),
        ("time", "needs_day"),
        ("blackout_start", "needs_day"),
    ]


def test_everything_that_is_wrong_comes_at_once_in_the_order_of_the_fields() -> None:
    wrong = replace(FULL, court="zzz", day="soon", note="\x00", emergency_until="x" * 200)
    assert flaws(wrong) == [
        ("court", "unknown"),
        ("day", "shape"),
        ("note", "characters"),
        ("emergency_until", "too_long"),
    ]


@given(st.builds(EventForm, **{field.name: st.text(max_size=30) for field in fields(EventForm)}))
def test_any_text_is_read_or_refused(form: EventForm) -> None:
    found = read_form(form, INND)
    assert isinstance(found, EventParts) or found


@pytest.mark.parametrize("field", DateField)
@pytest.mark.parametrize("flaw", DateFlaw)
def test_every_problem_has_one_clear_sentence(field: DateField, flaw: DateFlaw) -> None:
    from bot.reminders.dates.event_form import DateProblem

    words = date_flaw_words(DateProblem(field, flaw))
    assert words[0].isupper()
    assert words.endswith(".")
    assert "{" not in words
