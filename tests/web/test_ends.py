"""What is said at the end of a page that started nothing, and of one whose answer takes too long."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.words import page as words
from tests.web.browser import Browser, plain, serving, surfing
from tests.web.pages import FORM, PagesInMemory


async def test_a_form_beside_a_running_attempt_is_not_said_to_be_used(browser: Browser) -> None:
    browser.pages.joined = True
    token = browser.pages.add(FORM)
    answer = await browser.send(token)
    assert answer.status == 409
    said = plain(answer)
    assert all(one in said for one in words.JOINED.paragraphs)
    assert "The bot has what you typed" not in said
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


async def test_an_answer_that_takes_too_long_has_words_and_the_pages_headers(
    pages: PagesInMemory, tmp_path: Path
) -> None:
    pages.gate, token = asyncio.Event(), pages.add(FORM)
    async with (
        serving(pages, tmp_path, answer_seconds=0.5) as (origin, trusted),
        surfing(trusted) as session,
        asyncio.timeout(20),
    ):
        answer = await Browser(session, origin, pages).send(token)
    assert answer.status == 503
    assert "If the chat shows an attempt that runs" in plain(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" in answer.headers
