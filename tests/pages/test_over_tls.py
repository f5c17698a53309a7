"""The page and its door together: a browser over TLS, links in a real store, attempts behind them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.linker.values import Comparison, ConfirmQuestion
from bot.service.pages import Gone, GoneReason, PageLink, QuestionPage, WrongCode
from bot.words import page as words
from tests.attempts.stage import ANN
from tests.pages.stage import Desk, token_of, wrong
from tests.web.browser import FILLED, Browser, plain, serving, surfing
from tests.web.pages import PagesInMemory

BOTH = ConfirmQuestion("Ann (attorney)", "Ann Attorney", Comparison.AGREE)


@pytest.fixture
async def browser(desk: Desk, tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser at a server whose pages are the real ones."""
    async with serving(desk.pages, tmp_path) as (origin, trusted), surfing(trusted) as session:
        yield Browser(session, origin, PagesInMemory())


async def test_of_a_hundred_sent_at_once_one_starts_an_attempt(desk: Desk, browser: Browser) -> None:
    link = await desk.link()
    token = token_of(link)
    field = (await browser.get(f"/p/{token}")).named("csrf")["value"]
    fields = {**FILLED, "code": link.code, "csrf": field}
    sent = await asyncio.gather(*(browser.send(token, fields) for _ in range(100)))
    assert Counter(one.status for one in sent) == {303: 1, 410: 99}
    (view,) = await desk.service.attempts(ANN)
    assert view.court.id == "gasb"
    done = await browser.get(f"/p/{token}/done")
    assert words.DONE.title in plain(done)


async def test_wrong_codes_close_the_page_and_flaws_do_not(desk: Desk, browser: Browser) -> None:
    link = await desk.link()
    token = token_of(link)
    flawed = await browser.send(token, {**FILLED, "code": link.code, "pacer_password": ""})
    assert (flawed.status, "pacer_password-error" in flawed.text) == (422, True)
    for left in (4, 3, 2, 1):
        shown = await browser.send(token, {**FILLED, "code": wrong(link)})
        assert (shown.status, words.wrong_code_words(left) in plain(shown)) == (422, True)
    closed = await browser.send(token, {**FILLED, "code": wrong(link)})
    assert (closed.status, words.GONE["too_many_codes"].title in closed.text) == (410, True)
    assert not await desk.service.attempts(ANN)


async def test_both_accounts_are_shown_for_the_code_and_linked_by_the_button(desk: Desk, browser: Browser) -> None:
    view, number = await desk.asked(BOTH)
    link = await desk.pages.open_question(ANN, view.id, number)
    assert isinstance(link, PageLink)
    token = token_of(link)
    assert "Ann" not in (await browser.get(f"/p/{token}")).text
    shown = await browser.send(token, {"code": link.code})
    assert "Ann Attorney" in plain(shown)
    carried = {name: shown.named(name)["value"] for name in ("csrf", "code")}
    assert (await browser.send(token, {**carried, "answer": "link"})).status == 303
    assert (await desk.scene.desk.ended(view.id)).ended
    assert (await browser.get(f"/p/{token}")).status == 410


async def test_unlocking_uses_nothing_up_and_a_wrong_code_costs_a_try(desk: Desk) -> None:
    view, number = await desk.asked(BOTH)
    link = await desk.pages.open_question(ANN, view.id, number)
    assert isinstance(link, PageLink)
    token = token_of(link)
    assert await desk.pages.unlock(token, wrong(link)) == WrongCode(4)
    for _ in range(3):
        page = await desk.pages.unlock(token, link.code)
        assert isinstance(page, QuestionPage)
        assert page.question == BOTH
    for left in (3, 2, 1):
        assert await desk.pages.unlock(token, wrong(link)) == WrongCode(left)
    assert await desk.pages.unlock(token, wrong(link)) == Gone(GoneReason.TOO_MANY_CODES)
    assert await desk.pages.unlock(token, link.code) == Gone(GoneReason.TOO_MANY_CODES)
