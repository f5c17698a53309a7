"""A question of one replica on the page of another: the same two accounts, or no way to say yes to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.attempts.attempt import QuestionNumber
from bot.clock import SystemClock
from bot.linker.values import Comparison, ConfirmAnswer, ConfirmQuestion, Result
from bot.service import Answered, LinkService, Started
from bot.service.pages import PageLink, QuestionPage
from bot.service.paging import PageService
from bot.store import Store
from bot.vault import Vault
from tests.attempts.book.replicas import COURTS, Replica, replica, until, vault
from tests.attempts.stage import ANN, Walk, form
from tests.pages.stage import PUBLIC, token_of

BOTH = ConfirmQuestion("Mallory Stranger (attorney)", "Ann Attorney", Comparison.AGREE)
SPREAD = ConfirmQuestion("“Ann \N{LATIN SMALL LETTER O WITH DIAERESIS} (attorney)”", "", Comparison.UNCLEAR)


class Firm:
    """Two replicas over one database, the first of which runs Ann's attempt."""

    def __init__(self, folder: Path, stores: tuple[Store, Store], vaults: tuple[Vault, Vault]) -> None:
        self.answers: list[object] = []
        self.question = BOTH
        self.replicas = [
            replica(store, folder, name, self._walked, sealed)
            for name, store, sealed in zip(("one", "two"), stores, vaults, strict=True)
        ]
        self.services = [LinkService(courts=COURTS, desk=one.desk, clock=SystemClock()) for one in self.replicas]
        self.pages = [PageService(store, service, PUBLIC) for store, service in zip(stores, self.services, strict=True)]

    async def _walked(self, walk: Walk) -> Result:
        self.answers.append(await walk.question(self.question))
        return walk.end()

    @property
    def owner(self) -> Replica:
        """The replica that runs the attempt."""
        return self.replicas[0]

    async def asked(self) -> PageLink:
        """Start the attempt, and return a link to its question once the other replica knows of it."""
        started = await self.services[0].start(ANN, form())
        assert isinstance(started, Started)
        attempt = started.view.id
        while (view := await self.services[1].attempt(ANN, attempt)) is None or view.open_question is None:
            pass
        link = await self.pages[1].open_question(ANN, attempt, QuestionNumber(1))
        assert isinstance(link, PageLink)
        return link

    async def over(self) -> None:
        """End what still runs."""
        await self.owner.desk.drain(0)


@pytest.mark.parametrize("question", [BOTH, SPREAD])
async def test_the_other_replica_shows_what_the_owner_shows(
    store: Store, other: Store, tmp_path: Path, question: ConfirmQuestion
) -> None:
    shared = vault()
    firm = Firm(tmp_path, (store, other), (shared, shared))
    firm.question = question
    link = await firm.asked()
    shown = [await page.unlock(token_of(link), link.code) for page in firm.pages]
    assert [one.question for one in shown if isinstance(one, QuestionPage)] == [question, question]
    assert await firm.pages[1].send_answer(token_of(link), link.code, ConfirmAnswer(True)) is Answered.TAKEN
    await firm.owner.desk.collect()
    await until(lambda: firm.answers)
    assert firm.answers == [ConfirmAnswer(True)]
    await firm.over()


async def test_without_the_names_there_is_no_yes(store: Store, other: Store, tmp_path: Path) -> None:
    """A replica that cannot open what the owner sealed shows no accounts, so it takes no consent to them."""
    firm = Firm(tmp_path, (store, other), (vault(), vault()))
    link = await firm.asked()
    shown = await firm.pages[1].unlock(token_of(link), link.code)
    assert isinstance(shown, QuestionPage)
    assert isinstance(shown.question, ConfirmQuestion)
    assert not shown.question.may_link
    assert (shown.question.filer_shown, shown.question.account_shown) == ("", "")
    assert await firm.pages[1].send_answer(token_of(link), link.code, ConfirmAnswer(False)) is Answered.TAKEN
    await firm.owner.desk.collect()
    await until(lambda: firm.answers)
    assert firm.answers == [ConfirmAnswer(False)]
    await firm.over()


async def test_the_names_are_never_in_the_clear_and_go_with_the_question(
    store: Store, other: Store, tmp_path: Path
) -> None:
    shared = vault()
    firm = Firm(tmp_path, (store, other), (shared, shared))
    link = await firm.asked()
    while_open = await _rows(store)
    assert "sealed" in while_open
    assert not [name for name in ("Mallory", "Ann Attorney") if name in while_open]
    await firm.pages[0].send_answer(token_of(link), link.code, ConfirmAnswer(False))
    await until(lambda: firm.answers)
    await firm.over()
    assert "sealed" not in await _rows(store)


async def _rows(store: Store) -> str:
    async with store.work() as work:
        return repr((await work.execute(text("SELECT * FROM attempts"))).all())
