"""The application in one process: what it answers, when it is ready, and that leaving it drains."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.app import Application
from bot.attempts.attempt import QuestionNumber
from bot.attempts.pace import NoPace
from bot.clock import SystemClock
from bot.courts.court import Realm
from bot.errors import Code, WrongSetting
from bot.linker.values import Comparison, ConfirmAnswer, ConfirmQuestion, Result, Step
from bot.parts import outside_of, put_together
from bot.sandbox.slack import TEAM, PretendSlack
from bot.service import Started
from bot.settings import Settings, read_settings
from handlers.slack.tokens import TokenRefused
from tests.attempts.stage import ANN, FakeLinker, Walk, form


async def asking(walk: Walk) -> Result:
    """Ask for the press; never submit without it."""
    answer = await walk.question(ConfirmQuestion("a", "b", Comparison.AGREE))
    assert isinstance(answer, ConfirmAnswer)
    await walk.step(Step.SUBMIT)
    return walk.end()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default state folder lies in the working folder: not the project's, in tests."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def slack() -> AsyncIterator[PretendSlack]:
    """A pretend Slack."""
    async with PretendSlack() as running:
        running.join(ANN.id)
        yield running


def settings_for(slack: PretendSlack, **more: str) -> Settings:
    """Settings for HTTP on a free port."""
    way = {"SLACK_SIGNING_SECRET": slack.signing_secret}
    return read_settings(
        {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url, "PORT": "0", **way, **more}
    )


def application(slack: PretendSlack, drain: float = 0.0) -> Application:
    """An application whose linker asks and waits."""
    settings = settings_for(slack)
    parts = put_together(settings, SystemClock(), linker=FakeLinker(asking), pace=NoPace())
    return Application(settings, parts=parts, drain_seconds=drain)


async def status(app: Application, path: str, method: str = "GET") -> int:
    """The status of one request."""
    async with aiohttp.ClientSession() as session, session.request(method, f"http://127.0.0.1:{app.port}{path}") as got:
        return got.status


async def test_health_and_the_way_in(slack: PretendSlack) -> None:
    """Alive, ready, nothing unsigned, nothing else."""
    async with application(slack) as app:
        assert await status(app, "/healthz") == 200
        assert await status(app, "/readyz") == 200
        assert await status(app, "/slack/events", "POST") == 401
        assert await status(app, "/slack/events") == 405
        assert await status(app, "/") == 404


async def test_no_collection_looks_at_what_was_loaded(slack: PretendSlack) -> None:
    """What the libraries hold is set aside while the service runs, and is as before afterwards."""
    before = gc.get_freeze_count()
    async with application(slack):
        assert gc.get_freeze_count() > before + 50_000
        assert len(gc.get_objects()) < 50_000
    assert gc.get_freeze_count() == before


async def test_leaving_drains_and_says_so_meanwhile(slack: PretendSlack) -> None:
    """During the drain /readyz is 503 and an answer still counts; what is linked then is told so."""
    async with application(slack, drain=20) as app:
        started = await app.parts.service.start(ANN, form())
        assert isinstance(started, Started)
        leaving = asyncio.create_task(app.__aexit__(None, None, None))
        await slack.wait_for(lambda: [one for one in slack.direct(ANN.id) if "Are both accounts yours?" in one.shown])
        assert await status(app, "/readyz") == 503
        assert await status(app, "/healthz") == 200
        await app.parts.service.answer(ANN, started.view.id, QuestionNumber(1), ConfirmAnswer(True))
        await leaving
    ended = await app.parts.service.attempt(ANN, started.view.id)
    assert ended is not None
    assert ended.result is not None
    assert ended.result.code is Code.LINKED
    assert "Your accounts are linked" in slack.direct(ANN.id)[-1].shown


async def test_what_outlasts_the_drain_is_interrupted_and_told(slack: PretendSlack) -> None:
    """The last message goes out before the process does."""
    async with application(slack) as app:
        started = await app.parts.service.start(ANN, form())
        assert isinstance(started, Started)
    ended = await app.parts.service.attempt(ANN, started.view.id)
    assert ended is not None
    assert ended.result is not None
    assert ended.result.code is Code.INTERRUPTED
    assert "The attempt was interrupted" in slack.direct(ANN.id)[-1].shown


async def test_a_request_that_was_taken_before_a_restart_is_taken_no_more(slack: PretendSlack) -> None:
    """Its signature stands, hashed, in the database: another process acknowledges it and does nothing."""
    body = urlencode({"command": "/link-ecf", "text": "watch gasb", "team_id": TEAM, "user_id": ANN.id}).encode()
    headers = slack.wire.signed(body)
    said = []
    for _ in range(2):
        async with Application(settings_for(slack), drain_seconds=0.0) as app:
            slack.wire.events_url = f"http://127.0.0.1:{app.port}/slack/events"
            reply = await slack.wire.post(body, headers=headers)
            assert reply.status == 200
            said.append(reply.text)
    assert "Georgia" in said[0]
    assert said[1] == ""


async def test_a_taken_port_leaves_nothing_behind(slack: PretendSlack) -> None:
    """The start fails as one error, and what was opened is closed."""
    async with application(slack) as first:
        second = Application(settings_for(slack, PORT=str(first.port)))
        with pytest.raises(OSError, match="address already in use"):
            await second.__aenter__()
        assert await status(first, "/healthz") == 200


async def test_slack_settings_are_needed_at_once(slack: PretendSlack) -> None:
    """Before anything is opened."""
    with pytest.raises(WrongSetting, match="SLACK_BOT_TOKEN"):
        Application(read_settings({}))


async def test_a_refused_app_token_ends_the_start(slack: PretendSlack) -> None:
    """Socket Mode with a token that Slack does not know."""
    settings = read_settings(
        {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": "xapp-another",
            "SLACK_API_URL": slack.api_url,
            "PORT": "0",
        }
    )
    with pytest.raises(TokenRefused):
        await Application(settings).__aenter__()


def test_the_outside_is_what_the_settings_say() -> None:
    """Nothing but realm, contact, and the loopback address with its authority."""
    plain = outside_of(read_settings({}))
    assert (plain.realm, plain.connect_to, plain.ca_file) == (Realm.PRODUCTION, None, None)
    led = outside_of(read_settings({"LINK_ECF_CONNECT_TO": "127.0.0.1:8443", "LINK_ECF_REALM": "qa"}))
    assert (led.realm, led.connect_to) == (Realm.QA, ("127.0.0.1", 8443))
