"""Every outcome, step, question and answer has words, and the words keep the promises made about them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from bot.courts.court import Court, CourtKind, GoLive, HelpDesk
from bot.errors import GOOD, Code, YourPassword
from bot.linker.values import (
    Comparison,
    ConfirmQuestion,
    IncidentId,
    PasscodeQuestion,
    Question,
    Result,
    Step,
    Told,
)
from bot.service import Answered
from bot.words import (
    Words,
    answered_words,
    by_hand,
    cancelled_words,
    hindrance_words,
    odd_login_words,
    progress_words,
    question_words,
    result_words,
    step_words,
)
from tests.attempts.stage import court

INCIDENT = IncidentId("abcde23456")
GASB = court(name="gasb")
GASB = replace(GASB, help_desks=(HelpDesk("706-823-6000", "Augusta"), HelpDesk("912-650-4100")))
CA4 = court("ca4", kind=CourtKind.APPELLATE)
CAVC = court("cavc", kind=CourtKind.NATIONAL, pacer_id="")

JARGON = re.compile(r"\b(TOTP|OTP|JSF|JSON|API|HTTP|URL|MFA code|timeout|credentials? error|null|exception)\b", re.I)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")


def said(code: Code, where: Court = GASB, detail: str = "") -> Words:
    """Return the words of an ending."""
    return result_words(Result(code, INCIDENT, detail), where)


@pytest.mark.parametrize("code", Code)
class TestEveryCode:
    """One test walks the closed set."""

    def test_says_who_can_help(self, code: Code) -> None:
        text = said(code).text
        assert "Who can help:" in text
        assert "706-823-6000 (Augusta), 912-650-4100" in text or "800-676-6856, pacer@psc.uscourts.gov" in text

    def test_says_what_was_not_changed_at_the_court(self, code: Code) -> None:
        text = said(code).text
        assert re.search(r"Nothing( else)? was changed|did not send the final Submit a second time", text)

    def test_has_its_incident_id(self, code: Code) -> None:
        assert said(code).paragraphs[-1] == f"Incident id, for your administrator: {INCIDENT}"

    def test_says_which_password_is_meant(self, code: Code) -> None:
        """Never "your password": there are two."""
        for found in re.finditer(r"(\S+ \S+) passwords?\b", said(code).text):
            assert re.search(r"PACER|CM/ECF|wrong|login and|two|your$|no$", found[1]), found[0]
            assert not re.search(r"\byour password\b", found[0])

    def test_is_plain_short_and_whole(self, code: Code) -> None:
        words = said(code)
        assert len(words.text) < 3000
        assert len(words.paragraphs) <= 8
        assert len(words.next_label) <= 75
        assert not JARGON.search(words.text)
        assert not EMOJI.search(words.text)
        assert not re.search(r"[{}<>]", words.text)
        assert all(one.strip() == one and one for one in (words.title, *words.paragraphs))

    def test_blames_a_password_only_where_one_was_refused(self, code: Code) -> None:
        """A page that could not be read, or a court that is down, is never a wrong password (promise 5)."""
        if code not in YourPassword.codes:
            assert not re.search(r"(wrong|refused|incorrect) (PACER |CM/ECF )?password(?!s)", said(code).text, re.I)


def test_titles_are_all_different() -> None:
    """Two endings that look alike would be told apart by nobody."""
    assert len({said(code).title for code in Code}) == len(Code)


def test_success_says_the_guides_last_words() -> None:
    """Step 8 of guide GASB, and the e-mail that courts send."""
    text = said(Code.LINKED).text
    for words in ("only your PACER account", "press F5", "e-mail"):
        assert words in text
    assert {Code.LINKED, Code.ALREADY_LINKED} == GOOD


def test_a_refused_sign_on_names_all_three() -> None:
    """PACER does not say which factor failed."""
    text = said(Code.PACER_REFUSED).text
    for words in ("PACER user name", "PACER password", "passcode", "does not say which"):
        assert words in text


def test_a_refused_passcode_speaks_of_the_phones_clock() -> None:
    """Clock skew is the usual cause."""
    assert "phone's clock" in said(Code.PASSCODE_REFUSED).text


def test_a_refused_cmecf_login_clears_the_pacer_password() -> None:
    """And warns of special characters."""
    text = said(Code.ECF_REFUSED).text
    assert "Your PACER password is not the problem" in text
    assert "special characters" in text


@pytest.mark.parametrize(
    ("detail", "words"),
    [("filer", "It is the CM/ECF account that"), ("account", "It is the PACER account that"), ("", "one of the two")],
)
def test_linked_elsewhere_says_which_where_the_page_does(detail: str, words: str) -> None:
    """The linker's two words become sentences, and no third one is shown."""
    assert words in said(Code.PACER_LINKED_ELSEWHERE, detail=detail).text
    assert "canary" not in said(Code.PACER_LINKED_ELSEWHERE, detail="canary").text


def test_a_fixed_phrase_of_the_linker_is_passed_on() -> None:
    """For the administrator who reads over a shoulder."""
    assert "What the bot noticed: page too large." in said(Code.UNKNOWN_PAGE, detail="page too large").text


@pytest.mark.parametrize("step", Step)
def test_every_step_has_a_line(step: Step) -> None:
    """Plain, short, without a place-holder left."""
    line = step_words(Told(step, 3), GASB)
    assert 10 < len(line) < 200
    assert not re.search(r"[{}]", line)
    assert not JARGON.search(line)


def test_steps_quote_the_courts_labels() -> None:
    """So that a person finds the same words on the court's pages."""
    lines = " ".join(step_words(Told(step, 3), GASB) for step in Step)
    for label in (
        "Document Filing System",
        "Continue",
        "Where would you like to go?",
        "Utilities",
        "Link a CM/ECF account to my PACER account",
        "NextGen Release 1.1 Menu Items",
        "CM/ECF login",
        "CM/ECF password",
    ):
        assert f'"{label}"' in lines or f'"{label}.' in lines
    assert "place 3" in step_words(Told(Step.QUEUED, 3), GASB)


QUESTIONS: list[Question] = [PasscodeQuestion(), *(ConfirmQuestion("a", "b", how) for how in Comparison)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_says_what_silence_does(question: Question) -> None:
    """And none of its words repeats an account name, which the chat shows by itself, safely."""
    words = question_words(question, GASB)
    assert "Without an answer" in words.text
    assert words.next_label
    assert {type(one) for one in QUESTIONS} == set(get_args(Question))


def test_a_differing_name_makes_stop_the_way_on() -> None:
    """Promise 3."""
    words = question_words(ConfirmQuestion("a", "b", Comparison.DIFFER), GASB)
    assert words.next_label == "Stop"
    assert "not the PACER user name you typed" in words.text


def test_every_answer_has_words() -> None:
    """No two alike."""
    assert len({answered_words(one) for one in Answered}) == len(Answered)


@pytest.mark.parametrize("code", [Code.LINKING_OFF, Code.COURT_UNSUPPORTED, Code.NOT_LIVE])
def test_hindrances_have_words(code: Code) -> None:
    """Before an attempt there is no incident to quote."""
    words = hindrance_words(code, GASB)
    assert "Incident" not in words.text
    assert "Who can help:" in words.text


def test_a_coming_court_says_when() -> None:
    """The date as people write it, with its status."""
    coming = replace(GASB, go_live=GoLive(date(2021, 3, 8), None, "target", ""))
    assert "Monday, March 8, 2021 (target)" in hindrance_words(Code.NOT_LIVE, coming).text


def test_by_hand_fits_the_court() -> None:
    """The guides' list; the appellate label; why there is nothing to link at cavc."""
    assert "https://ecf.gasb.uscourts.gov" in by_hand(GASB).text
    assert "Link my filer account to my PACER account" in by_hand(CA4).text
    assert "outside PACER" in by_hand(CAVC).text
    assert "Link my filer account" in said(Code.COURT_UNSUPPORTED, CA4).text
    assert "outside PACER" in hindrance_words(Code.COURT_UNSUPPORTED, CAVC).text


def test_a_court_without_telephone_still_has_help() -> None:
    """Its address, or its web site."""
    assert "see https://www.ca4.uscourts.gov" in by_hand(CA4).text
    assert "help@x.uscourts.gov" in by_hand(replace(CA4, help_address="help@x.uscourts.gov")).text


def test_the_rest() -> None:
    """Stopping, the running title, the warning."""
    assert "Nothing was stopped" in cancelled_words(0)
    assert "1 attempt." in cancelled_words(1)
    assert "2 attempts." in cancelled_words(2)
    assert GASB.short_name in progress_words(GASB).title
    assert "special characters" in odd_login_words(GASB)
