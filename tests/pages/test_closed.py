"""Five wrong codes close a page: its person hears of it once, the audit says so once, and neither says a secret."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.linker.values import PasscodeAnswer, PasscodeQuestion
from bot.register.recorder import Recorder
from bot.secret import Secret
from bot.service.page_closing import PageClosing
from bot.service.pages import ClosedPage, Gone, GoneReason, PageLink
from bot.service.paging import PageService
from bot.store import Audit, Store
from tests.attempts.stage import ANN
from tests.pages.stage import PUBLIC, Desk, token_of, typed, wrong
from tests.web.browser import FILLED, Browser, serving, surfing
from tests.web.pages import PagesInMemory

CLOSED = Gone(GoneReason.TOO_MANY_CODES)


@dataclass
class Heard:
    """A PageTeller that keeps what it is told."""

    told: list[ClosedPage] = field(default_factory=list)

    async def page_closed(self, closed: ClosedPage) -> None:
        self.told.append(closed)


@dataclass
class Two:
    """Two replicas' doors, what is told by either, and their audit."""

    doors: tuple[PageService, PageService]
    heard: Heard
    store: Store

    async def audited(self) -> list[str]:
        """Return the audit's lines about closed pages."""
        async with self.store.work() as work:
            rows = await Audit().since(work, 0, 1000)
        return [row.entry for row in rows if json.loads(row.entry)["event"] == "page_closed"]


@pytest.fixture
def two(desk: Desk, other: Store) -> Two:
    heard, recorder = Heard(), Recorder(SystemClock(), None)
    closing = PageClosing(desk.service, recorder, {ANN.platform: heard})
    first, second = (PageService(store, desk.service, PUBLIC, closing) for store in (desk.store, other))
    return Two((first, second), heard, desk.store)


async def test_of_many_guesses_at_two_replicas_one_is_told(desk: Desk, two: Two) -> None:
    link = await desk.link()
    guesses = [f"{n:06d}" for n in range(41) if f"{n:06d}" != link.code]
    sent = await asyncio.gather(
        *(two.doors[n % 2].send_form(token_of(link), code, typed()) for n, code in enumerate(guesses))
    )
    assert sent.count(CLOSED) == len(guesses) - 4
    [told] = two.heard.told
    assert (told.person, told.court and told.court.id, told.attempt) == (ANN, "gasb", None)
    [line] = await two.audited()
    said = json.loads(line)
    assert (said["court"], said["facts"]) == ("gasb", {"kind": "form", "wrong_codes": 5})
    assert said["who"]["id"] == ANN.id
    for secret in (link.code, token_of(link), "anna", "pacer"):
        assert secret not in line.replace(ANN.id, "").replace(str(said.get("hash")), "")


async def test_four_wrong_codes_tell_nobody(desk: Desk, two: Two) -> None:
    link = await desk.link()
    for _ in range(4):
        await two.doors[0].unlock(token_of(link), wrong(link))
    assert two.heard.told == []
    assert await two.audited() == []


async def test_a_questions_page_is_told_with_its_attempt(
    desk: Desk, two: Two, capsys: pytest.CaptureFixture[str]
) -> None:
    view, number = await desk.asked(PasscodeQuestion())
    link = await two.doors[0].open_question(ANN, view.id, number)
    assert isinstance(link, PageLink)
    for n in range(5):
        last = await two.doors[n % 2].send_answer(token_of(link), wrong(link), PasscodeAnswer(Secret("123456")))
    assert last == CLOSED
    [told] = two.heard.told
    assert (told.person, told.court, told.attempt, told.number) == (ANN, view.court, view.id, number)
    [line] = await two.audited()
    assert json.loads(line)["facts"]["kind"] == "question"
    [logged] = [one for one in capsys.readouterr().out.splitlines() if "page_link_dead" in one]
    assert f"incident={view.incident}" in logged
    assert f"court={view.court.id}" in logged


async def test_what_a_browser_types_closes_it_and_is_told(desk: Desk, two: Two, tmp_path: Path) -> None:
    link = await desk.link()
    async with serving(two.doors[0], tmp_path) as (origin, trusted), surfing(trusted) as session:
        browser = Browser(session, origin, PagesInMemory())
        shown = [await browser.send(token_of(link), {**FILLED, "code": wrong(link)}) for _ in range(5)]
        after = await browser.get(f"/p/{token_of(link)}")
    assert [one.status for one in (*shown, after)] == [422] * 4 + [410] * 2
    assert len(two.heard.told) == 1
