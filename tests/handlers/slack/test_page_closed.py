"""A page that wrong codes have closed, told in Slack: to its person, once, with a way to a new one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.linker.values import PasscodeQuestion
from bot.people import Platform
from bot.register.recorder import Recorder
from bot.sandbox.slack import BOT_TOKEN, Fault, PretendMessage, PretendSlack
from bot.service.page_closing import PageClosing
from bot.service.pages import Gone, Intake, PageLink
from bot.service.paging import PageService
from bot.store import Store
from handlers.slack import OneWorkspace, SlackPageTeller, slack_session, web_client
from tests.handlers.slack.page_stage import PUBLIC, Paged, Way, paged, way_in
from tests.handlers.slack.post_stage import StillClock
from tests.handlers.slack.stage import ANNA, BEN, person
from tests.handlers.slack_contract import Contract

CONTACT = "Firm LLP; it@firm.example"


@dataclass
class Closing:
    """The bot in Slack, and the door whose wrong codes are told there."""

    paged: Paged
    pages: PageService
    teller: SlackPageTeller

    async def five(self, token: str) -> None:
        """Type five wrong codes, and wait until what was to be said of them is said."""
        for _ in range(5):
            last = await self.pages.unlock(token, "none")
        assert isinstance(last, Gone)
        await self.teller.aclose()

    def told(self, user: str = ANNA) -> list[PretendMessage]:
        """Return what this person was told of it."""
        return [one for one in self.paged.slack.direct(user) if "Your page was closed" in one.shown]


@pytest.fixture
async def closing(slack: PretendSlack, store: Store) -> AsyncIterator[Closing]:
    async with paged(slack, store, Intake.BOTH) as made, slack_session() as session:
        clients = OneWorkspace(web_client(BOT_TOKEN, session, slack.api_url, waits=False))
        teller = SlackPageTeller(clients, StillClock(), CONTACT)
        recorder = Recorder(SystemClock(), None)
        pages = PageService(store, made.service, PUBLIC, PageClosing(made.service, recorder, {Platform.SLACK: teller}))
        yield Closing(made, pages, teller)


async def linked(closing: Closing) -> Way:
    """Return a link of Anna's to the form."""
    made = await closing.pages.open_form(person(ANNA), "gasb")
    assert isinstance(made, PageLink)
    return Way(made.url, made.code)


async def test_its_person_is_told_once_and_gets_a_new_one(closing: Closing, contract: Contract) -> None:
    slack, way = closing.paged.slack, await linked(closing)
    await closing.five(way.token)
    [said] = closing.told()
    assert "Five wrong codes were typed for the page that you asked for" in said.shown
    assert "Southern District of Georgia" in said.shown
    assert "Nothing was sent to PACER or to the court." in said.shown
    assert "If it was not you, somebody else has the address of your page" in said.shown
    assert f"Tell your firm's IT ({CONTACT})." in said.shown
    assert way.code not in said.shown
    assert way.token not in said.shown
    assert closing.told(BEN) == []
    assert [fault for call in slack.calls for fault in contract.call_faults(call)] == []
    await slack.act(ANNA, said.button("Open the form"), said)
    view = await slack.wait_for(lambda: slack.open_view(ANNA))
    assert "Southern District of Georgia" in str(view.view)


async def test_of_a_question_the_button_makes_a_new_page(closing: Closing) -> None:
    slack = closing.paged.slack
    asked = await closing.paged.asked(PasscodeQuestion(), "Answer on the firm's page")
    await slack.act(ANNA, asked.button("Answer on the firm's page"), asked)
    shown = await closing.paged.beside()
    way = way_in(shown.blocks, shown.shown)
    await closing.five(way.token)
    [said] = closing.told()
    assert "No answer was taken, and while the question is open the attempt waits for yours." in said.shown
    await slack.act(ANNA, said.button("Answer on the firm's page"), said)
    await slack.wait_for(lambda: [one for one in slack.messages(ANNA) if one.ephemeral and one is not shown])


@pytest.mark.parametrize(
    ("method", "fault", "times"),
    [
        ("conversations.open", {"error": "internal_error"}, 1),
        ("chat.postMessage", {"error": "ratelimited", "status": 429}, 1),
        ("chat.postMessage", {"lost": True}, 1),
        ("chat.postMessage", {"error": "channel_not_found"}, 0),
    ],
)
async def test_what_slack_refused_is_said_again_and_what_may_have_arrived_is_not(
    closing: Closing, method: str, fault: dict[str, Any], times: int
) -> None:
    way = await linked(closing)
    closing.paged.slack.fault(method, Fault(**fault))
    await closing.five(way.token)
    assert len(closing.told()) == times
