"""The bot in a pretend Slack, and a log that hears everything."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.sandbox.slack import PretendSlack
from handlers.slack.quiet import hush, unhush
from tests.handlers.slack.stage import Everything, FakeService, Stage, bot_in_slack
from tests.handlers.slack_contract import Contract
from tests.store.conftest import address, empty, engine, store

__all__ = ["address", "empty", "engine", "store"]


@pytest.fixture
def log() -> Iterator[Everything]:
    """Everything logged while the test runs, at DEBUG, libraries included, under the bot's own rules of silence."""
    heard = Everything()
    root = logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    hush()
    yield heard
    unhush()
    root.removeHandler(heard)
    root.setLevel(level)


@pytest.fixture
async def slack(log: Everything) -> AsyncIterator[PretendSlack]:
    """A workspace with two people."""
    async with PretendSlack() as slack:
        yield slack


@pytest.fixture
async def stage(slack: PretendSlack) -> AsyncIterator[Stage]:
    """The bot in that workspace, over HTTP."""
    async with bot_in_slack(slack, FakeService()) as stage:
        yield stage


@pytest.fixture
def contract(shared: Path) -> Contract:
    """What third parties publish about Slack."""
    return Contract(shared / "slack-contract")
