"""What is said of a person's courts and wishes: every case has words, and none promises what is not done."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.courts.directory import Directory
from bot.reminders.event import BlackOut, CourtEvent, EventId, Kind, Status
from bot.reminders.hearer import Hours
from bot.reminders.people.wish_form import Later, WatchField, WatchFlaw
from bot.reminders.people.wish_sheet import Linked, Muted, OwnWord, Snoozed, WatchedCourt, WatchSheet, ZoneFrom
from bot.words import Words
from bot.words.watch_form import DAY_NAMES, FIELDS, ZONE_HINTS, beyond_words, flaw_words
from bot.words.watching import (
    NO_RECORDS,
    court_words,
    dates_words,
    event_words,
    linked_words,
    remind_words,
    saved_words,
    unclear_words,
    unwatched_words,
    watching_words,
)
from bot.words.wishes import GONE, LATER, UNKNOWN_COURT, WHEN, muted_words, own_word_words, snoozed_words

NOW = datetime(2021, 3, 5, 15, tzinfo=UTC)
FOUND = Directory.shipped().by_id("gasb")
assert FOUND is not None
GASB = FOUND
HOURS = Hours(ZoneInfo("America/Chicago"))
GO_LIVE = CourtEvent(
    EventId("e"), GASB.id, GASB.zone, Kind.NEXTGEN_GO_LIVE, Status.ANNOUNCED, date(2021, 3, 29), coarse=""
)
SHEET = WatchSheet(NOW, HOURS, ZoneFrom.OWN)
JARGON = re.compile(r"[{}]|None|\b(UTC|id|null|true|false|datetime|row|snooze|cron|payload|trigger)\b")


def all_words() -> list[str]:
    """Return everything that can be said, for every state, date and zone."""
    events = [
        replace(GO_LIVE, kind=kind, status=status, day=day, coarse="" if day else "spring 2021")
        for kind in Kind
        for status in Status
        for day in (None, date(2021, 3, 29), date(2021, 3, 1))
    ]
    watched = [WatchedCourt(GASB, linked, muted=True, by_roster=True, events=tuple(events)) for linked in Linked]
    sheets = [replace(SHEET, zone_from=each, courts=tuple(watched)) for each in ZoneFrom]
    snoozed = [Snoozed(GASB, GO_LIVE, HOURS, at, silent) for at in (None, NOW) for silent in (False, True)]
    said: list[Words] = [NO_RECORDS, GONE, UNKNOWN_COURT, WHEN, unwatched_words(GASB), unclear_words("x", (GASB,))]
    said += [saved_words(each) for each in (*sheets, SHEET)]
    said += [remind_words(each, 2) for each in (*sheets, SHEET)]
    said += [watching_words(each, SHEET) for each in watched]
    said += [snoozed_words(each) for each in snoozed]
    said += [muted_words(Muted(GASB, on, watched)) for on in (True, False) for watched in (True, False)]
    said += [own_word_words(OwnWord(GASB, done, linked)) for done in (True, False) for linked in Linked]
    lines = [flaw_words(one) for one in WatchFlaw] + [linked_words(one) for one in Linked]
    lines += [*LATER.values(), *ZONE_HINTS.values(), *DAY_NAMES, beyond_words(143)]
    lines += [part for one in FIELDS.values() for part in (one.label, one.hint, one.placeholder) if part]
    lines += [court_words(each, SHEET) for each in watched]
    return [*(one.text for one in said), *lines]


def test_everything_is_plain_words() -> None:
    assert [text for text in all_words() if JARGON.search(text) or not text.strip() or "  " in text] == []


def test_every_flaw_choice_and_field_has_words() -> None:
    assert set(FIELDS) == set(WatchField)
    assert set(LATER) == set(Later)
    assert len({flaw_words(one) for one in WatchFlaw}) == len(WatchFlaw)
    assert len({linked_words(one) for one in Linked}) == len(Linked)


def test_a_date_says_both_clocks_and_how_sure_it_is() -> None:
    assert event_words(GO_LIVE, SHEET) == (
        "Go-live on NextGen CM/ECF: Monday, March 29, 2021, 9:00 a.m. Eastern Time "
        "(for you: Monday, March 29, 2021, 8:00 a.m. Central Time); announced by the court."
    )
    assert "No day is known yet" in event_words(replace(GO_LIVE, day=None, coarse="March 2021"), SHEET)
    later = replace(SHEET, now=NOW + timedelta(days=60))
    assert "announced by the court. That moment has come." in event_words(GO_LIVE, later), "nobody has said that it did"
    assert "live since Monday, March 29, 2021" in event_words(replace(GO_LIVE, status=Status.LIVE), later)


def test_a_black_out_stands_beside_its_date() -> None:
    away = BlackOut(datetime.fromisoformat("2021-03-26T12:00"), datetime.fromisoformat("2021-03-29T09:00"))
    dated = replace(GO_LIVE, blackout=away, emergency_channel="by e-mail to the clerk")
    said = "\n".join(dates_words(WatchedCourt(GASB, events=(dated,)), SHEET))
    assert "closed from Friday, March 26, 2021, noon Eastern Time" in said
    assert "by e-mail to the clerk" in said


@pytest.mark.parametrize("linked", Linked)
def test_ones_own_word_is_never_said_to_be_proof(linked: Linked) -> None:
    said = own_word_words(OwnWord(GASB, True, linked)).text
    if linked is Linked.PROVED:
        assert "The bot has seen" in said
    else:
        assert "it has not seen the link itself" in said
        assert "706-823-6000" in said or "Who can help" in said


def test_later_names_the_moment_in_the_persons_zone_or_promises_nothing() -> None:
    at = datetime(2021, 3, 12, 15, tzinfo=UTC)
    assert "Friday, March 12, 2021, 9:00 a.m. Central Time" in snoozed_words(Snoozed(GASB, GO_LIVE, HOURS, at)).text
    assert "the date itself is earlier" not in snoozed_words(Snoozed(GASB, GO_LIVE, HOURS, at)).text
    late = snoozed_words(Snoozed(GASB, GO_LIVE, HOURS, at + timedelta(days=30))).text
    assert "the date itself is earlier: Monday, March 29, 2021" in late
    assert "You will be told again" not in snoozed_words(Snoozed(GASB, GO_LIVE, HOURS, silent=True)).text


def test_saving_nothing_is_said_plainly() -> None:
    assert "You watch no court now: the bot reminds you of nothing" in saved_words(SHEET).text
    assert "1 court:" in saved_words(replace(SHEET, courts=(WatchedCourt(GASB),))).text
    assert "No date is coming up" in saved_words(replace(SHEET, courts=(WatchedCourt(GASB),))).text
