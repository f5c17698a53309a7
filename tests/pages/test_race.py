"""A thousand requests at once: one attempt, one winner, and five codes at most."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.linker.values import Comparison, ConfirmAnswer, ConfirmQuestion, PasscodeQuestion
from bot.service import Answered, Started
from bot.service.pages import Gone, GoneReason, PageLink, WrongCode
from bot.store import Store
from tests.attempts.stage import ANN
from tests.pages.stage import Desk, opened, token_of, typed, wrong

MANY = 1000


@pytest.mark.timeout(120)
async def test_of_a_thousand_posts_at_two_replicas_one_wins(desk: Desk, other: Store) -> None:
    desk.questions.append(PasscodeQuestion())  # so that the attempt runs on, and a second start would be seen
    doors, link = (desk.pages, opened(other).pages), await desk.link()
    sent = await asyncio.gather(
        *(doors[n % 2].send_form(token_of(link), link.code, typed()) for n in range(MANY)),
    )
    won = [one for one in sent if isinstance(one, Started)]
    assert len(won) == 1
    assert [one for one in sent if one not in won] == [Gone(GoneReason.USED)] * (MANY - 1)
    assert len(await desk.service.attempts(ANN)) <= 1


@pytest.mark.timeout(120)
async def test_of_a_thousand_guesses_five_are_judged(desk: Desk) -> None:
    link = await desk.link()
    guesses = [f"{n:06d}" for n in range(MANY + 1) if f"{n:06d}" != link.code][:MANY]
    sent = await asyncio.gather(*(desk.pages.send_form(token_of(link), one, typed()) for one in guesses))
    said = Counter(sent)
    assert said.pop(Gone(GoneReason.TOO_MANY_CODES)) == MANY - 4
    assert said == {WrongCode(left): 1 for left in (4, 3, 2, 1)}
    assert await desk.pages.send_form(token_of(link), link.code, typed()) == Gone(GoneReason.TOO_MANY_CODES)
    assert desk.scene.linker.walks == []


async def test_links_made_at_once_are_five_at_most(desk: Desk, other: Store) -> None:
    doors = (desk.pages, opened(other).pages)
    made = await asyncio.gather(*(doors[n % 2].open_form(ANN, f"c{n}b") for n in range(8)))
    assert sum(isinstance(one, PageLink) for one in made) == 5
    links = [one for one in made if isinstance(one, PageLink)]
    assert len({one.url for one in links}) == 5


async def test_one_answer_of_many_is_taken(desk: Desk) -> None:
    view, number = await desk.asked(ConfirmQuestion("Ann (attorney)", "Ann", Comparison.AGREE))
    link = await desk.pages.open_question(ANN, view.id, number)
    assert isinstance(link, PageLink)
    answers = [ConfirmAnswer(n % 2 == 0) for n in range(40)]
    sent = await asyncio.gather(*(desk.pages.send_answer(token_of(link), link.code, one) for one in answers))
    assert sent.count(Answered.TAKEN) == 1
    assert all(one in (Answered.TAKEN, Gone(GoneReason.USED), Gone(GoneReason.OVER)) for one in sent)
    assert await desk.pages.send_answer(token_of(link), wrong(link), ConfirmAnswer(True)) == Gone(GoneReason.USED)
