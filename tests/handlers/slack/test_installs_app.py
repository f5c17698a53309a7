"""The whole application with the app's client id and secret: installed once, it answers after a restart too."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.app import Application
from bot.sandbox.slack import PretendSlack
from bot.sandbox.slack_teams import CLIENT_ID, CLIENT_SECRET
from bot.settings import Settings, read_settings
from tests.handlers.slack.firm import CARL, FIRST, SECOND, TOLD_AGAIN, Browser, settle_down
from tests.handlers.slack.stage import ANNA

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
"""slack_sdk sends client id and secret of oauth.v2.access by aiohttp's BasicAuth, which aiohttp is about to drop."""


def settings_in(folder: Path, slack: PretendSlack, **more: str) -> Settings:
    """Return settings over a database and a file of keys in `folder`."""
    return read_settings(
        {
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": CLIENT_SECRET,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "LINK_ECF_STATE_DIR": str(folder),
            "PORT": "0",
            **more,
        }
    )


def holding(text: str, folder: Path) -> list[Path]:
    """Return the files beneath `folder` that hold `text`."""
    return [file for file in folder.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]


async def said(slack: PretendSlack, user: str) -> str:
    """Type the command; return what is said at once, "" where the form opens."""
    return str((await slack.command(user, "/link-ecf", "gasb")).body.get("text", ""))


async def test_an_installation_outlives_the_process(tmp_path: Path) -> None:
    async with PretendSlack() as slack, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        settle_down(slack)
        async with Application(settings_in(tmp_path, slack), drain_seconds=0.0) as app:
            base = f"http://127.0.0.1:{app.port}"
            slack.events_url, slack.teams.redirect_url = f"{base}/slack/events", f"{base}/slack/oauth_redirect"
            assert TOLD_AGAIN in await said(slack, ANNA)
            assert "link-ecf is installed" in await Browser(session, base).install(ANNA, FIRST)
            assert await said(slack, ANNA) == ""
            assert holding(FIRST, tmp_path), "the search below looks in the right files"
        async with Application(settings_in(tmp_path, slack), drain_seconds=0.0) as app:
            slack.events_url = f"http://127.0.0.1:{app.port}/slack/events"
            assert await said(slack, ANNA) == ""
            assert TOLD_AGAIN in await said(slack, CARL)
            await slack.teams.uninstall(FIRST)
            assert TOLD_AGAIN in await said(slack, ANNA)
        assert not holding(next(iter(slack.teams.revoked)), tmp_path)


async def test_without_the_two_settings_there_is_no_install_page(tmp_path: Path) -> None:
    async with PretendSlack() as slack, aiohttp.ClientSession() as session:
        one = settings_in(tmp_path, slack, SLACK_CLIENT_ID="", SLACK_CLIENT_SECRET="", SLACK_BOT_TOKEN=slack.bot_token)
        async with Application(one, drain_seconds=0.0) as app:
            for path in ("install", "oauth_redirect"):
                async with session.get(f"http://127.0.0.1:{app.port}/slack/{path}") as answer:
                    assert answer.status == 404


async def test_the_bot_token_is_not_used_beside_them(tmp_path: Path) -> None:
    async with PretendSlack() as slack:
        both = settings_in(tmp_path, slack, SLACK_BOT_TOKEN=slack.bot_token)
        slack.teams.add(SECOND, "Second LLP")
        async with Application(both, drain_seconds=0.0) as app:
            slack.events_url = f"http://127.0.0.1:{app.port}/slack/events"
            assert TOLD_AGAIN in await said(slack, ANNA)
        assert slack.calls == []
