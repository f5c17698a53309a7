"""Strangers wait among themselves; a request that is cut off loses no link and starts nothing that nobody hears of."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

import pytest

from bot.attempts.attempt import Answered, AttemptId, QuestionNumber
from bot.attempts.form import LinkForm, Problem
from bot.clock import SystemClock
from bot.linker.values import Answer, ConfirmAnswer, ConfirmQuestion, PasscodeQuestion
from bot.people import Person
from bot.service import LinkService, Started
from bot.service.page_turns import Held, Turns
from bot.service.pages import Gone, GoneReason, PageLink, WrongCode
from bot.service.paging import PageService
from tests.attempts.stage import ANN
from tests.pages.stage import PUBLIC, Desk, Shelf, token_of, typed, wrong
from tests.pages.test_question import BOTH

STRANGERS = 400


async def crowd(desk: Desk) -> Sequence[asyncio.Task[object]]:
    """Let a crowd ask for tokens that it has invented, and return once all of them wait."""
    tasks: list[asyncio.Task[object]] = [
        asyncio.create_task(desk.pages.look(secrets.token_urlsafe(32))) for _ in range(STRANGERS)
    ]
    await asyncio.sleep(0)
    return tasks


async def gone_home(tasks: Sequence[asyncio.Task[object]]) -> int:
    """Return how many had their answer by now; wait for the others."""
    served = sum(one.done() for one in tasks)
    assert set(await asyncio.gather(*tasks)) == {Gone(GoneReason.UNKNOWN)}
    return served


async def test_a_crowd_with_invented_tokens_keeps_nobody_from_a_link(desk: Desk) -> None:
    tasks = await crowd(desk)
    await desk.link()
    assert await gone_home(tasks) < STRANGERS // 2


async def test_a_crowd_with_invented_tokens_keeps_nobody_from_a_known_page(desk: Desk) -> None:
    link = await desk.link()
    tasks = await crowd(desk)
    assert not isinstance(await desk.pages.look(token_of(link)), Gone)
    assert isinstance(await desk.pages.send_form(token_of(link), wrong(link), typed()), WrongCode)
    assert isinstance(await desk.pages.send_form(token_of(link), link.code, typed()), Started)
    assert await gone_home(tasks) < STRANGERS // 2


async def test_a_link_of_another_replica_is_known_once_it_was_found(desk: Desk) -> None:
    link = await desk.link()
    desk.pages = PageService(desk.store, desk.service, PUBLIC)
    assert not isinstance(await desk.pages.look(token_of(link)), Gone)
    tasks = await crowd(desk)
    assert not isinstance(await desk.pages.look(token_of(link)), Gone)
    assert await gone_home(tasks) < STRANGERS // 2


async def test_the_memory_of_known_links_is_bounded_and_forgets_the_oldest() -> None:
    turns = Turns(at_once=1, strangers=1, known=2)
    for name in ("first", "second", "first", "third"):
        turns.know(name)
    async with turns.turn("invented"):
        for known in ("first", "third", None):
            async with asyncio.timeout(5), turns.turn(known):
                pass
        waiting = asyncio.create_task(turns.turn("second").__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()


class Gated(LinkService):
    """A service that is slow between the link and what comes of it."""

    def hold(self) -> None:
        """Have the next start or answer wait for `gate`."""
        self.reached, self.gate = asyncio.Event(), asyncio.Event()

    async def start(self, person: Person, form: LinkForm) -> Started | Sequence[Problem]:
        """Start, once the gate is open."""
        self.reached.set()
        await self.gate.wait()
        return await super().start(person, form)

    async def answer(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        """Answer, once the gate is open."""
        self.reached.set()
        await self.gate.wait()
        return await super().answer(person, attempt, number, answer)


def gated(desk: Desk) -> Gated:
    """Put a door over a slow service in the place of the desk's own."""
    service = Gated(courts=Shelf(), desk=desk.scene.desk, clock=SystemClock())
    service.hold()
    desk.pages = PageService(desk.store, service, PUBLIC)
    return service


async def cut_off(service: Gated, sending: asyncio.Task[object]) -> None:
    """Cancel a request that is between its link and what comes of it, then let that go on."""
    async with asyncio.timeout(5):
        await service.reached.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    service.gate.set()


async def test_a_form_that_is_cut_off_starts_its_attempt_all_the_same(desk: Desk) -> None:
    desk.questions.append(PasscodeQuestion())
    service, link = gated(desk), await desk.link()
    await cut_off(service, asyncio.create_task(desk.pages.send_form(token_of(link), link.code, typed())))
    while not (running := await desk.service.attempts(ANN)):  # noqa: ASYNC110 - the thing itself is waited for
        await asyncio.sleep(0)
    assert len(running) == 1
    assert await desk.pages.look(token_of(link)) == Gone(GoneReason.USED)
    assert running[0].id in {view.id for view in desk.scene.shown}, "its person is told in the chat"


async def test_a_form_that_is_cut_off_and_not_started_gives_its_link_back(desk: Desk) -> None:
    service, link = gated(desk), await desk.link()
    sending = asyncio.create_task(desk.pages.send_form(token_of(link), link.code, typed()))
    async with asyncio.timeout(5):
        await service.reached.wait()
    await desk.scene.desk.drain(0.0)  # from now on nothing is started here
    await cut_off(service, sending)
    async with asyncio.timeout(5):
        while isinstance(await desk.pages.look(token_of(link)), Gone):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert await desk.service.attempts(ANN) == []


async def test_an_answer_that_is_cut_off_is_given_all_the_same(desk: Desk) -> None:
    view, number = await desk.asked(ConfirmQuestion(BOTH.filer_shown, BOTH.account_shown, BOTH.comparison))
    service = gated(desk)
    link = await desk.pages.open_question(ANN, view.id, number)
    assert isinstance(link, PageLink)
    sending = desk.pages.send_answer(token_of(link), link.code, ConfirmAnswer(False))
    await cut_off(service, asyncio.create_task(sending))
    assert (await desk.scene.desk.ended(view.id)).ended


async def test_what_fails_after_its_request_was_cut_off_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    held, gate = Held(), asyncio.Event()

    async def fails() -> None:
        await gate.wait()
        raise RuntimeError("CANARY")

    asking = asyncio.create_task(held.to_the_end(fails()))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    gate.set()
    while held._under_way:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "page_failed" in capsys.readouterr().out
