"""Notices say the date by both clocks, never surer than the court is, what to do, and who can help."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.reminders.broadcasts.broadcast import Audience
from bot.reminders.event import CourtEvent, Kind, Status
from bot.reminders.notice import Step
from bot.words.notices import NoticeWords, Press, notice_words
from bot.words.sent import title_words, why_words
from tests.words.cases import NEW_YORK, court, dated, every, moment, told, window

WEEKDAY = r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]+ \d{1,2}, \d{4}"
DATE = re.compile(r"[A-Z][a-z]+ \d{1,2}, \d{4}")
JARGON = re.compile(r"\b(TOTP|OTP|API|HTTP|JSON|null|None|exception|occasion|T-\d+)\b")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
GUAM = ZoneInfo("Pacific/Guam")


def said(
    step: Step,
    event: CourtEvent | None = None,
    *,
    heard: str | None = None,
    zone: ZoneInfo = NEW_YORK,
    status: Status = Status.ANNOUNCED,
) -> NoticeWords:
    """Return the words of a notice at a moment of its step."""
    event = event or dated(status=status)
    return notice_words(told(event, step, heard=heard, zone=zone), court(event.court), moment(event, step))


class TestEveryStepKindAndStatus:
    """One test walks them all: nothing empty, nothing cut, no word that nobody uses."""

    @pytest.mark.parametrize("name", ["almb", "gub", "ca2", "cofc", "cavc"])
    def test_is_said_in_whole_words(self, name: str) -> None:
        seen = 0
        for notice, now in every(name):
            shown = notice_words(notice, court(name), now)
            assert all(one.strip() and len(one) < 3000 for one in (shown.title, *shown.paragraphs, *shown.small))
            assert len(shown.title) <= 150
            assert len(shown.text) < 6000
            assert not JARGON.search(shown.text), shown.text
            assert not EMOJI.search(shown.text)
            assert "{" not in shown.text
            assert ".." not in shown.text
            assert shown.presses
            seen += 1
        assert seen == 2 * len(Kind) * len(Status) * len(Step)

    def test_every_date_has_its_weekday(self) -> None:
        for notice, now in every():
            text = notice_words(notice, court(), now).text
            assert len(re.findall(WEEKDAY, text)) == len(DATE.findall(text)), text

    def test_the_date_is_said_by_both_clocks(self) -> None:
        for notice, now in every():
            if notice.event.status is not Status.WITHDRAWN:
                shown = notice_words(notice, court(), now)
                assert "Central Time (for you: Monday, March 29, 2021" in shown.when
                assert "Eastern Time)" in shown.when
                assert "Monday, March 29, 2021" in shown.line

    def test_who_can_help_is_always_named(self) -> None:
        for notice, now in every():
            assert "334-954-3800" in notice_words(notice, court(), now).text

    def test_a_court_that_is_not_in_the_list_is_still_said(self) -> None:
        for notice, now in every():
            shown = notice_words(notice, None, now)
            assert "almb" in shown.title
            assert "800-676-6856" in shown.text
            assert Press.LINK_NOW not in shown.presses


class TestHowSureItIs:
    """A target is never said as if it were certain."""

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (Status.TARGET, "This is a target of the court, not a fixed date: it may move."),
            (Status.ANNOUNCED, "is announced for"),
            (Status.CONFIRMED, "The date is confirmed."),
            (Status.WITHDRAWN, "is withdrawn. No new date is known."),
        ],
    )
    def test_before_the_date(self, status: Status, words: str) -> None:
        shown = said(Step.T_30, status=status)
        assert words in shown.when
        assert ("target date" in shown.title) == (status is Status.TARGET)

    @pytest.mark.parametrize("status", [Status.TARGET, Status.ANNOUNCED])
    @pytest.mark.parametrize("step", [Step.OPENING, Step.T_PLUS_1, Step.T_PLUS_7])
    def test_a_date_that_came_is_no_proof(self, status: Status, step: Step) -> None:
        shown = said(step, status=status)
        assert "is live since" not in shown.text
        assert "If the court is not live after all" in shown.text
        assert "you cannot file there until" not in shown.title

    def test_a_live_court_is_said_to_be_live(self) -> None:
        shown = said(Step.T_PLUS_1, dated(status=Status.LIVE))
        assert "It is live since Monday, March 29, 2021, 8:30 a.m. Central Time" in shown.when
        assert "you cannot file there until you link" in shown.title

    def test_an_hour_that_nobody_named_is_said_to_be_assumed(self) -> None:
        shown = said(Step.T_14, replace(dated(), time=None))
        assert "9:00 a.m. Central Time" in shown.when
        assert any("names no hour" in one for one in shown.paragraphs)
        assert not any("names no hour" in one for one in said(Step.T_14).paragraphs)

    def test_the_days_are_counted_by_the_courts_calendar(self) -> None:
        guam = replace(dated("gub"), day=date(2021, 3, 29), time=time(8))
        now = datetime(2021, 3, 27, 15, tzinfo=UTC)  # already Sunday the 28th in Guam
        assert "That is tomorrow, by the court's calendar." in notice_words(told(guam), court("gub"), now).when


class TestTwoClocks:
    """Where the person and the court are a day apart, both days are said."""

    def test_guam_opens_on_the_day_before_in_new_york(self) -> None:
        shown = said(Step.T_7, dated("gub"))
        assert "Monday, March 29, 2021, 8:30 a.m. Chamorro Time, Guam" in shown.when
        assert "(for you: Sunday, March 28, 2021, 6:30 p.m. Eastern Time)" in shown.when

    def test_one_clock_is_enough_where_both_show_the_same(self) -> None:
        assert "for you" not in said(Step.T_7, dated("gub"), zone=GUAM).text

    def test_the_closing_is_said_by_both_clocks(self) -> None:
        [closed] = [one for one in said(Step.LAST_DAYS).paragraphs if "is closed from" in one]
        assert "Friday, March 26, 2021, noon Central Time (for you: Friday, March 26, 2021, 1:00 p.m. Eastern" in closed
        assert "to Monday, March 29, 2021, 8:30 a.m. Central Time (for you:" in closed


class TestCorrections:
    """Who was told another date hears first what no longer holds."""

    def test_a_date_that_moved(self) -> None:
        shown = said(Step.CORRECTION, heard="2021-02-01T09:00")
        assert shown.paragraphs[0] == (
            "You were told Monday, February 1, 2021, 9:00 a.m. Central Time (for you: Monday, February 1, 2021, "
            "10:00 a.m. Eastern Time). That no longer holds."
        )
        assert "Monday, March 29, 2021" in shown.paragraphs[1]
        assert "has changed" in shown.title

    def test_a_date_that_was_withdrawn(self) -> None:
        shown = said(Step.CORRECTION, heard="2021-02-01T09:00", status=Status.WITHDRAWN)
        assert "That no longer holds." in shown.paragraphs[0]
        assert "No new date is known." in shown.paragraphs[1]
        assert "go on filing" in shown.paragraphs[2]
        assert shown.presses == (Press.MUTE,)
        assert "March 29" not in shown.text

    def test_a_date_that_came_back(self) -> None:
        shown = said(Step.CORRECTION)
        assert shown.paragraphs[0].startswith("You were told that no date stands. That no longer holds")
        assert "Monday, March 29, 2021" in shown.paragraphs[1]

    def test_a_date_that_became_coarse(self) -> None:
        event = replace(dated(), day=None, time=None, coarse="spring of 2022")
        shown = notice_words(
            told(event, Step.CORRECTION, heard="2021-02-01T09:00"), court(), datetime(2021, 1, 5, tzinfo=UTC)
        )
        assert "no exact day now. The court says only: spring of 2022." in shown.text

    def test_it_tells_what_is_due_by_then(self) -> None:
        event = dated()
        near = notice_words(told(event, Step.CORRECTION, heard="2021-02-01T09:00"), court(), moment(event, Step.T_14))
        assert "reset it while the old system still runs" in near.text
        far = notice_words(told(event, Step.CORRECTION, heard="2021-02-01T09:00"), court(), moment(event, Step.T_60))
        assert "7 to 10 business days" in far.text

    def test_inside_the_black_out_nothing_is_to_be_finished(self) -> None:
        event = dated("azb")
        inside = event.blackout_starts_at
        assert inside is not None
        now = inside + timedelta(hours=20)
        shown = notice_words(told(event, Step.CORRECTION, heard="2021-02-01T09:00"), court("azb"), now)
        assert "The system is closed now." in shown.text
        assert "emergency@example.uscourts.gov" in shown.text
        assert "Finish before" not in shown.text

    def test_asked_for_again(self) -> None:
        shown = said(Step.AGAIN)
        assert shown.paragraphs[0] == "You asked to be told again."
        assert shown.title.startswith("Again, as you asked: ")


ADVICE = [
    (Step.T_60, ["individual account", "6 characters", "7 to 10 business days", "CJA panel attorneys wait"]),
    (Step.T_30, ["individual account", "CM/ECF password for this court"]),
    (Step.ACCOUNTS, ["can take weeks", "7 to 10 business days", "6 characters", "CJA panel", "filing agents"]),
    (Step.T_14, ["reset it while the old system still runs", "PACER cannot look up a CM/ECF login"]),
    (Step.T_7, ["Finish before the system closes", "reset it", "keep filing there"]),
    (Step.LAST_DAYS, ["Finish before the system closes", "last days", "General Order 2021-26"]),
    (Step.OPENING, ["Each attorney links their own", "once for each court", "passcodes", "help desk gets most"]),
    (Step.T_PLUS_1, ["nobody files there before their accounts are linked", "Do not wait"]),
    (Step.T_PLUS_7, ["I have linked already", "mute the court", "last reminder"]),
]


class TestWhatToDo:
    """Each step carries what to do then."""

    @pytest.mark.parametrize(("step", "words"), ADVICE)
    def test_at_each_step_of_a_go_live(self, step: Step, words: list[str]) -> None:
        text = said(step).text
        assert [one for one in words if one not in text] == []

    @pytest.mark.parametrize("step", [Step.T_14, Step.T_7, Step.LAST_DAYS])
    def test_in_an_emergency(self, step: Step) -> None:
        text = said(step).text
        assert "If you must file while it is closed: emergency@example.uscourts.gov." in text
        assert "until Sunday 11:59 p.m." in text
        assert "Read in it what happens to deadlines" in text

    @pytest.mark.parametrize("step", [Step.OPENING, Step.T_PLUS_1, Step.T_PLUS_7])
    def test_the_emergency_is_over_once_it_opened(self, step: Step) -> None:
        assert "emergency@" not in said(step).text
        assert "closed from" not in said(step).text

    def test_the_source_and_when_it_was_checked(self) -> None:
        source = "Source: https://www.example.uscourts.gov/nextgen (as of Friday, January 22, 2021)"
        assert source in said(Step.T_30).small
        assert not any("Source" in one for one in said(Step.T_30, replace(dated(), source="", verified_at=None)).small)

    def test_other_kinds_say_nothing_of_linking_now(self) -> None:
        for kind in set(Kind) - {Kind.NEXTGEN_GO_LIVE}:
            for step in Step:
                shown = said(step, dated(kind=kind), heard="2021-02-01T09:00")
                assert Press.LINK_NOW not in shown.presses
                assert "Link now" not in shown.text

    def test_a_second_factor_is_told_by_its_place_in_the_menus(self) -> None:
        assert '"Manage MFA Settings"' in said(Step.T_14, dated(kind=Kind.MFA_DEADLINE)).text

    def test_an_outage_may_still_run_after_its_day(self) -> None:
        event = replace(dated(kind=Kind.RELEASE_OUTAGE), blackout=window("2021-03-29T08:00", "2021-03-30T08:00"))
        assert "is closed from" in notice_words(told(event), court(), moment(event, Step.OPENING)).text


class TestWhatToPress:
    """A button is there when it makes sense."""

    @pytest.mark.parametrize("step", [Step.T_60, Step.ACCOUNTS, Step.T_7, Step.LAST_DAYS])
    def test_before_the_opening_nobody_can_link(self, step: Step) -> None:
        assert said(step).presses == (Press.LATER, Press.MUTE)

    @pytest.mark.parametrize("step", [Step.OPENING, Step.T_PLUS_1, Step.T_PLUS_7])
    def test_from_the_opening_on(self, step: Step) -> None:
        assert said(step).presses == (Press.LINK_NOW, Press.LATER, Press.LINKED_ALREADY, Press.MUTE)

    def test_a_court_that_opens_before_its_date(self) -> None:
        early = replace(dated("txsb", status=Status.LIVE), live_since=datetime(2021, 3, 28, 20, tzinfo=UTC))
        shown = notice_words(told(early, Step.T_7), court("txsb"), datetime(2021, 3, 28, 21, tzinfo=UTC))
        assert Press.LINK_NOW in shown.presses
        assert "link your accounts now" in shown.title

    def test_a_court_where_the_bot_has_no_road(self) -> None:
        shown = said(Step.OPENING, dated("ca2"))
        assert shown.presses == (Press.LATER, Press.LINKED_ALREADY, Press.MUTE)
        assert "Type /link-ecf ca2" in shown.text


class TestBroadcasts:
    """Those who get one are told whose words these are and why they get it."""

    @pytest.mark.parametrize(
        ("audience", "words"),
        [
            (Audience(), "everybody whom the bot knows"),
            (Audience(channel="C1"), "in this channel"),
            (Audience(court=court().id), "because you file at the United States Bankruptcy Court for the Middle"),
            (Audience(court=court().id, unlinked_only=True), "and are not linked there, as far as the bot knows"),
            (Audience(office="Macon"), "because you belong to the office Macon"),
            (Audience(court=court().id, office="Macon"), "Alabama, and belong to the office Macon."),
        ],
    )
    def test_why_one_gets_it(self, audience: Audience, words: str) -> None:
        assert words in why_words(audience, court() if audience.court else None)

    def test_the_title_names_the_court(self) -> None:
        assert title_words(court()).startswith("Bankr. M.D. Alabama: ")
        assert title_words(None)
