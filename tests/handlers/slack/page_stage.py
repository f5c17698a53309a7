"""The bot in a pretend Slack with a private page, over a real store."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.linker.values import Question
from bot.sandbox.slack import PretendMessage, PretendSlack
from bot.sandbox.slack_state import elements
from bot.service.pages import Intake
from bot.service.paging import PageService
from bot.store import Store
from tests.attempts.stage import form
from tests.handlers.slack.stage import ANNA, FakeService, Stage, bot_in_slack, person

PUBLIC = "https://bot.firm.example"
THERE = "Type the passwords on the firm's own page"
ANSWER = "Answer on the firm's page"
VISIT = "Open the page in your browser"


@dataclass(frozen=True)
class Way:
    """What a person is shown of a link."""

    url: str
    code: str

    @property
    def token(self) -> str:
        """The part of the address that names the link."""
        return self.url.removeprefix(f"{PUBLIC}/p/")


@dataclass
class Paged:
    """The stage and its door."""

    stage: Stage
    pages: PageService

    @property
    def slack(self) -> PretendSlack:
        """The pretend Slack."""
        return self.stage.slack

    @property
    def service(self) -> FakeService:
        """The service behind door and chat."""
        return self.stage.service

    async def way(self, user: str = ANNA) -> Way:
        """Wait until the form shows a link, and return it."""
        view = await self.slack.wait_for(
            lambda: one if (one := self.slack.open_view(user)) is not None and "Code to type" in one.shown else None
        )
        return way_in(view.view["blocks"], view.shown)

    async def asked(self, question: Question, words: str) -> PretendMessage:
        """Start an attempt of Anna's that asks; return its message once it has a button that says `words`."""
        started = await self.service.start(person(ANNA), form())
        assert not isinstance(started, list)
        view = list(self.service.views.values())[-1]
        await self.service.ask(view.id, question)
        [message] = await self.slack.wait_for(lambda: [m for m in self.slack.direct(ANNA) if words in m.buttons])
        return message

    async def beside(self, user: str = ANNA) -> PretendMessage:
        """Wait for what is said to this person alone."""
        [said] = await self.slack.wait_for(lambda: [one for one in self.slack.messages(user) if one.ephemeral])
        return said


def way_in(blocks: list[Any], shown: str) -> Way:
    """Read the link off the blocks that show it."""
    [url] = [one["url"] for one in elements(blocks) if one.get("url")]
    code = re.search(r"Code to type on the page:\n([0-9]{6})$", shown, re.MULTILINE)
    assert code is not None, shown
    return Way(str(url), code[1])


@asynccontextmanager
async def paged(slack: PretendSlack, store: Store, intake: Intake) -> AsyncIterator[Paged]:
    """Run the bot with this intake."""
    service = FakeService()
    pages = PageService(store, service, PUBLIC)
    async with bot_in_slack(slack, service, pages=pages, intake=intake) as stage:
        yield Paged(stage, pages)
