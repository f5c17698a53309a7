"""What admins read: every kind, status, step, flaw and outcome has words, and the words say what is not done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.courts.directory import Directory
from bot.linker.values import IncidentId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.dates.change import Change, What
from bot.reminders.dates.event_form import DateField
from bot.reminders.event import BlackOut, CourtEvent, EventId, Kind, Status
from bot.reminders.people.admin_outcome import AdminOutcome
from bot.reminders.people.roster_lines import BadLine, LineFlaw, Unmatched
from bot.words import admins, date_form, dates, final_day

FOUND = Directory.shipped().by_id("gub")
assert FOUND is not None
GUB = FOUND
AWAY = BlackOut(*map(datetime.fromisoformat, ("2027-03-26T17:00", "2027-03-29T00:00")))
EVENT = CourtEvent(EventId("e"), GUB.id, GUB.zone, Kind.NEXTGEN_GO_LIVE, Status.ANNOUNCED, date(2027, 3, 29))
BY = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U1"))
AT = datetime(2027, 1, 2, 3, 4, tzinfo=UTC)
JARGON = re.compile(r"\b(JSON|API|HTTP|URL|timeout|null|exception|regex|payload|None|True|False)\b")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")


def everything() -> Iterator[str]:
    """Yield every sentence, made of every case."""
    for module in (dates, admins, date_form, final_day):
        yield from (value for name, value in vars(module).items() if name.isupper() and isinstance(value, str))
    yield from (f"{command} {what}" for command, what in dates.HELP)
    for kind in Kind:
        for status in Status:
            event = replace(EVENT, kind=kind, status=status, blackout=AWAY, order_number="GO 1", live_since=AT)
            yield dates.event_words(event, GUB).text
            yield dates.stale_words(event, "Somebody")
            yield dates.exists_words(event)
            yield from (dates.history_words(Change(event, what, BY, AT), "Somebody") for what in What)
    for told in (0, 1, 1234):
        for said in (dates.confirm_words, dates.live_words, dates.withdraw_words):
            yield from said(told)
        yield f"{dates.told_words(told)} {dates.correction_words(told)}"
        yield from (dates.done_words(EVENT, GUB, what, told).text for what in What)
        yield admins.checked_words(told, told, told, told)
        yield admins.loaded_words(told, told, told, told)
    yield from (admins.outcome_words(outcome, "Somebody") for outcome in AdminOutcome)
    yield from (admins.bad_line_words(BadLine(3, flaw, "shown")) for flaw in LineFlaw)
    yield from (admins.why_words(why) for why in Unmatched)
    yield from (text for any_hour in (True, False) for text in final_day.final_day_words(any_hour))
    yield from dates.trouble_words(IncidentId("abcde23456"))[1]


def test_no_sentence_has_jargon_an_emoji_or_an_unfilled_place() -> None:
    said = list(everything())
    assert len(said) > 150
    for text in said:
        assert text
        assert not JARGON.search(text), text
        assert not EMOJI.search(text), text
        assert "{" not in text, text
        assert "  " not in text, text
        assert ".." not in text.replace("...", ""), text


def test_a_date_is_said_with_its_weekday_in_the_courts_own_zone() -> None:
    assert dates.when_words(EVENT).startswith("Monday, March 29, 2027, 9:00 a.m. Chamorro Time, Guam")
    assert "2027, noon Chamorro Time, Guam" in dates.when_words(replace(EVENT, time=time(12)))
    assert "the usual hour" not in dates.when_words(replace(EVENT, time=time(12)))
    assert dates.when_words(replace(EVENT, day=None, coarse="spring 2027")) == '"spring 2027" (no day yet)'
    assert (
        "Friday, March 26, 2027, 5:00 p.m. to Monday, March 29, 2027, midnight"
        in dates.event_words(replace(EVENT, blackout=AWAY), GUB).text
    )


def test_a_court_that_left_the_list_is_named_by_its_id() -> None:
    assert dates.title_words(EVENT, None) == "gub (gub): go-live on NextGen CM/ECF"


@pytest.mark.parametrize("told", [0, 1, 12])
def test_what_a_withdrawal_will_do_names_exactly_who_is_written_to(told: int) -> None:
    said = " ".join(dates.withdraw_words(told))
    assert ("Nobody is written to." in said) is (told == 0)
    assert (f"{told} p" in said) is (told > 0)


def test_every_field_of_the_form_but_the_event_itself_has_a_label() -> None:
    assert set(date_form.FIELDS) == set(DateField) - {DateField.EVENT}
    assert all(words.label for words in date_form.FIELDS.values())
    assert set(date_form.KIND_CHOICES) == set(dates.KINDS) == set(Kind)
    assert set(date_form.STATUS_CHOICES) == set(Status) - {Status.LIVE, Status.WITHDRAWN}


def test_a_no_names_the_admins_or_says_how_one_is_made() -> None:
    assert "<one>, <two>" in admins.no_words(["<one>", "<two>"])[1]
    assert "LINK_ECF_ADMINS" in admins.no_words([])[1]
    assert all("Nothing was changed" in admins.no_words(who)[0] for who in ([], ["x"]))


def test_long_lists_end_with_how_many_more_there_are() -> None:
    bad = [BadLine(n, LineFlaw.COURT, "x") for n in range(5)]
    assert admins.bad_lines_words(bad, 3)[0].endswith("... and 2 more.")
    assert admins.unmatched_words([("a@x.example", "waiting")] * 5, 5)[0].count("\n") == 5
    assert admins.bad_lines_words([], 3) == admins.unmatched_words([], 3) == ()
