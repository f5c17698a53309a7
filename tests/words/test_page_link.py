"""What a chat says of the private page: every case has words, and they say what was not done and what to do."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.courts.directory import Directory
from bot.service.pages import NoLink
from bot.words import page_link

GASB = Directory.shipped().by_id("gasb")
UNTIL = datetime(2026, 11, 22, 18, 10, tzinfo=UTC)
JARGON = re.compile(r"\b(token|CSRF|cookie|HTTP|URL|nonce|POST|GET|session|modal)\b", re.IGNORECASE)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")


@pytest.mark.parametrize("why", NoLink)
def test_every_reason_for_no_link_says_what_was_not_done_and_what_to_do(why: NoLink) -> None:
    said = page_link.no_link_words(why)
    assert re.search(r"Nothing was (sent|changed)", said)
    assert re.search(r"Choose|Use|See|Try|ask", said)


def test_a_link_says_the_court_until_when_and_to_keep_it() -> None:
    assert GASB is not None
    for said in (page_link.link_words(GASB, UNTIL), page_link.answer_link_words(GASB, UNTIL)):
        whole = " ".join(said)
        assert GASB.name in whole
        assert "until Sunday, November 22, 2026, 1:10 p.m. Eastern Time" in whole
        assert "Do not forward it" in whole
        assert "sent once" in whole


def test_nothing_is_jargon_or_names_one_chat() -> None:
    fixed = [value for name, value in vars(page_link).items() if name.isupper() and isinstance(value, str)]
    said = [*fixed, *(page_link.no_link_words(why) for why in NoLink)]
    assert GASB is not None
    said += [*page_link.link_words(GASB, UNTIL), *page_link.answer_link_words(GASB, UNTIL)]
    assert len(said) > 15
    for text in said:
        assert not JARGON.search(text), text
        assert not EMOJI.search(text), text
        assert "Slack" not in text
