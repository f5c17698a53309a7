"""Installing, from the first page to the first command: whose token answers, and what must not work."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from bot.clock import SystemClock
from bot.errors import StoreDown
from bot.sandbox.slack import Fault, PretendSlack
from bot.sandbox.slack_state import Json
from bot.sandbox.slack_teams import CLIENT_SECRET
from bot.words.installing import NotDone, installed_words, not_done_words
from handlers.slack.oauth import COOKIE, MINUTES, States
from handlers.slack.scopes import SCOPES
from tests.handlers.slack.firm import (
    CARL,
    DORA,
    FIRST,
    INSIDE,
    ORG,
    SECOND,
    TOLD_AGAIN,
    Firm,
    firm_in_slack,
    kept_in,
    query_of,
    settle_down,
)
from tests.handlers.slack.stage import ANNA, CANARIES, Everything
from tests.handlers.slack_contract import Contract

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
"""slack_sdk sends client id and secret of oauth.v2.access by aiohttp's BasicAuth, which aiohttp is about to drop."""


class ShiftedClock(SystemClock):
    """The machine's clock, but for what a test adds."""

    ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> ShiftedClock:
    """The clock of the install pages."""
    return ShiftedClock()


@pytest.fixture
async def firm(slack: PretendSlack, tmp_path: Path, clock: ShiftedClock) -> AsyncIterator[Firm]:
    """A bot that nobody has installed yet."""
    settle_down(slack)
    async with kept_in(tmp_path) as kept, firm_in_slack(slack, kept, clock) as firm:
        yield firm


async def test_each_workspace_and_an_organization_is_answered_with_its_own_token(firm: Firm) -> None:
    await firm.install_all()
    assert await firm.kept.keys() == [ORG, FIRST, SECOND]
    for user, where in ((ANNA, FIRST), (CARL, SECOND), (DORA, ORG)):
        before = len(firm.slack.calls)
        await firm.stage.started(user)
        mine = firm.slack.calls[before:]
        assert {one.where for one in mine} == {where}
        assert {"views.open", "conversations.open", "chat.postMessage"} <= {one.method for one in mine}
    assert [str(view.person.workspace) for view in firm.service.views.values()] == [FIRST, SECOND, ORG]


async def test_a_request_costs_no_auth_test_and_no_read(firm: Firm) -> None:
    await firm.install_all()
    asked = firm.called("auth.test")
    assert asked == 3, "once for each installation"
    await firm.stage.form(user=ANNA)
    reads: list[Any] = []
    stop = _statements(firm, reads)
    for _ in range(10):
        await firm.stage.form(user=ANNA)
        await firm.stage.started(CARL) if not firm.service.views else None
    stop()
    assert firm.called("auth.test") == asked
    assert len(reads) <= 1, "Carl's workspace was looked up once, Anna's not again"


def _statements(firm: Firm, reads: list[Any]) -> Any:
    """Count the look-ups of records from now on; returns what ends it."""
    inner = firm.workspaces.installs.records

    class Heard:
        async def find(self, *key: str) -> bytes | None:
            reads.append(key)
            return await inner.find(*key)

        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

    firm.workspaces.installs.records = Heard()

    def stop() -> None:
        firm.workspaces.installs.records = inner

    return stop


async def test_the_organizations_forms_and_buttons_name_no_team_and_work(firm: Firm) -> None:
    await firm.install_all()
    attempt = await firm.stage.started(DORA)
    [message] = firm.slack.direct(DORA)
    await firm.slack.press(message, "Cancel this attempt")
    assert firm.service.views[attempt.id].ended
    await firm.slack.wait_for(lambda: "Cancel this attempt" not in message.buttons)


async def test_the_pages_say_what_was_asked_for_and_what_became_of_it(firm: Firm) -> None:
    authorize = await firm.browser.begin()
    assert firm.browser.status == 200
    assert authorize.startswith(f"{firm.slack.api_url.removesuffix('api/')}oauth/v2/authorize?")
    asked = query_of(authorize)
    assert asked["scope"].split(",") == list(SCOPES)
    assert asked["redirect_uri"] == f"{firm.browser.base}/slack/oauth_redirect"
    assert asked["state"] == firm.browser.cookies[COOKIE]
    words = await firm.browser.get(await firm.browser.decide(authorize, CARL, SECOND))
    assert "link-ecf is installed" in words
    assert "the workspace Second <LLP>." in words
    assert "Second &lt;LLP&gt;" in firm.browser.page
    assert COOKIE not in firm.browser.cookies
    whole = await firm.browser.install(DORA, INSIDE, whole=True)
    assert "the organization Pretend Org." in whole


async def test_the_cookie_and_the_pages_are_closed_to_others(firm: Firm) -> None:
    await firm.browser.begin()
    [cookie] = firm.browser.set_cookies
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"path=/", "max-age=600", "secure", "httponly", "samesite=lax"}
    assert cookie.startswith("__Host-")
    for url in ("/slack/install", "/slack/oauth_redirect?error=access_denied"):
        await firm.browser.get(url)
        headers = firm.browser.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "<script" not in firm.browser.page


@pytest.mark.parametrize(
    ("query", "team"),
    [("?team=T0SECOND", "T0SECOND"), ("?team=T1%26redirect_uri%3Dhttps%3A%2F%2Fevil.example", ""), ("?team=", "")],
)
async def test_only_an_id_of_slacks_reaches_slack(firm: Firm, query: str, team: str) -> None:
    authorize = await firm.browser.begin(query)
    assert query_of(authorize).get("team", "") == team
    assert "evil" not in authorize


async def test_the_scopes_are_those_of_the_manifest(root: Path) -> None:
    manifest = yaml.safe_load((root / "deploy/slack-manifest.yaml").read_text("utf-8"))
    assert list(SCOPES) == manifest["oauth_config"]["scopes"]["bot"]


async def test_installing_twice_replaces_the_record(firm: Firm) -> None:
    await firm.browser.install(ANNA, FIRST)
    [before] = await firm.kept.rows()
    await firm.browser.install(ANNA, FIRST)
    [after] = await firm.kept.rows()
    assert before.sealed != after.sealed
    assert await firm.told(ANNA) == ""


# What must not work. Each page says why in words, keeps nothing, and asks Slack for nothing.


async def refused(firm: Firm, url: str, why: NotDone) -> None:
    """Come back to `url`, and see the page of `why` and nothing else happen."""
    exchanged = firm.called("oauth.v2.access")
    words = await firm.browser.get(url)
    assert not_done_words(why).title in words
    assert "Start again" in words
    assert firm.browser.status == (200 if why is NotDone.DENIED else 400)
    assert firm.called("oauth.v2.access") == exchanged
    assert await firm.kept.rows() == []
    assert COOKIE not in firm.browser.cookies


async def test_a_person_who_says_no(firm: Firm) -> None:
    back = await firm.browser.decide(await firm.browser.begin(), ANNA, FIRST, allow=False)
    await refused(firm, back, NotDone.DENIED)


async def test_a_browser_that_did_not_begin(firm: Firm) -> None:
    back = await firm.browser.decide(await firm.browser.begin(), ANNA, FIRST)
    firm.browser.cookies.clear()
    await refused(firm, back, NotDone.OTHER_BROWSER)


async def test_a_link_that_an_attacker_began(firm: Firm) -> None:
    """The victim's browser has a state of its own; the attacker's code comes with the attacker's."""
    theirs = await firm.browser.decide(await firm.browser.begin(), CARL, SECOND)
    await firm.browser.begin()
    await refused(firm, theirs, NotDone.OTHER_BROWSER)


@pytest.mark.parametrize("state", ["", "x", "1" * 4000, "{mine}x", "é"])
async def test_a_state_that_is_another(firm: Firm, state: str) -> None:
    back = query_of(await firm.browser.decide(await firm.browser.begin(), ANNA, FIRST))
    forged = state.replace("{mine}", back["state"])
    await refused(firm, f"/slack/oauth_redirect?{urlencode({**back, 'state': forged})}", NotDone.OTHER_BROWSER)


def signed(said: str, secret: str) -> str:
    """Return a state with this beginning, signed as ours are."""
    digest = hmac.new(secret.encode(), b"link-ecf install state:" + said.encode(), hashlib.sha256).hexdigest()
    return f"{said}.{digest}"


@pytest.mark.parametrize(
    "make",
    [
        lambda soon, nonce: signed(f"{soon}.{nonce}", "another-secret"),
        lambda soon, nonce: signed(f"{soon}.{nonce}", CLIENT_SECRET)[:-1] + "g",
        lambda soon, nonce: signed(f"{soon - 1200}.{nonce}", CLIENT_SECRET),
        lambda soon, nonce: f"{soon}.{nonce}",
        lambda soon, nonce: signed(f"999999999999999.{nonce}", CLIENT_SECRET),
        lambda soon, nonce: "deleted",
    ],
)
async def test_a_state_that_we_did_not_sign_though_the_cookie_fits(firm: Firm, make: Any) -> None:
    soon, nonce = int(datetime.now(UTC).timestamp()) + 300, secrets.token_urlsafe(32)
    back = query_of(await firm.browser.decide(await firm.browser.begin(), ANNA, FIRST))
    forged = make(soon, nonce)
    firm.browser.cookies[COOKIE] = forged
    await refused(firm, f"/slack/oauth_redirect?{urlencode({**back, 'state': forged})}", NotDone.USED_OR_OLD)


async def test_a_state_is_good_for_ten_minutes(firm: Firm, clock: ShiftedClock) -> None:
    back = await firm.browser.decide(await firm.browser.begin(), ANNA, FIRST)
    clock.ahead = timedelta(minutes=MINUTES, seconds=1)
    await refused(firm, back, NotDone.USED_OR_OLD)
    clock.ahead = timedelta()
    back = await firm.browser.decide(await firm.browser.begin(), ANNA, FIRST)
    clock.ahead = timedelta(minutes=MINUTES, seconds=-5)
    assert "link-ecf is installed" in await firm.browser.get(back)


async def test_a_state_is_good_once(firm: Firm) -> None:
    back = await firm.browser.decide(await firm.browser.begin(), ANNA, FIRST)
    kept = dict(firm.browser.cookies)
    await firm.browser.get(back)
    await firm.slack.teams.uninstall(FIRST)
    firm.browser.cookies = kept
    await refused(firm, back, NotDone.USED_OR_OLD)


async def test_a_state_is_good_once_on_all_replicas(firm: Firm) -> None:
    here, there = (States(CLIENT_SECRET, firm.kept.records.first_use, SystemClock()) for _ in range(2))
    state = await here.async_issue()
    assert await there.async_consume(state)
    assert not await here.async_consume(state)
    assert not await there.async_consume(state)


async def test_a_redirect_without_a_code(firm: Firm) -> None:
    authorize = await firm.browser.begin()
    state = urlencode({"state": query_of(authorize)["state"]})
    await refused(firm, f"/slack/oauth_redirect?{state}", NotDone.INCOMPLETE)


async def test_a_forged_redirect_with_somebody_elses_code(firm: Firm) -> None:
    """A good browser and a good state, but a code that Slack did not give to it."""
    state = query_of(await firm.browser.begin())["state"]
    words = await firm.browser.get(f"/slack/oauth_redirect?{urlencode({'code': 'forged-canary', 'state': state})}")
    assert not_done_words(NotDone.SLACK_REFUSED).title in words
    assert firm.browser.status == 502
    assert await firm.kept.rows() == []


@pytest.mark.parametrize("reason", ["server_error", "<script>alert(1)</script>", "storage_error", ""])
async def test_what_the_address_says_is_never_shown(firm: Firm, reason: str) -> None:
    await firm.browser.begin()
    await firm.browser.get(f"/slack/oauth_redirect?{urlencode({'error': reason})}")
    assert "script" not in firm.browser.page
    assert "server_error" not in firm.browser.page
    assert firm.browser.status in {400, 502}
    assert await firm.kept.rows() == []


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("oauth.v2.access", Fault(error="bad_client_secret")),
        ("oauth.v2.access", Fault(status=500)),
        ("oauth.v2.access", Fault(lost=True)),
        ("auth.test", Fault(error="account_inactive")),
        ("auth.test", Fault(lost=True)),
    ],
)
async def test_slack_that_fails_is_a_page_in_words(firm: Firm, log: Everything, method: str, fault: Fault) -> None:
    firm.slack.fault(method, fault)
    words = await firm.browser.install(ANNA, FIRST)
    assert not_done_words(NotDone.SLACK_REFUSED).title in words
    assert firm.browser.status == 502
    assert await firm.kept.rows() == []
    assert log.said("Slack did not complete an installation")
    assert "link-ecf is installed" in await firm.browser.install(ANNA, FIRST)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"refresh_token": "xoxe-1-canary", "expires_in": 43200}, NotDone.ROTATING),
        ({"access_token": None}, NotDone.NO_BOT),
    ],
)
async def test_what_the_bot_cannot_live_with_is_said(firm: Firm, more: Json, why: NotDone) -> None:
    firm.slack.teams.more = more
    words = await firm.browser.install(ANNA, FIRST)
    assert not_done_words(why).title in words
    assert firm.browser.status == 400
    assert await firm.kept.rows() == []
    assert TOLD_AGAIN in await firm.told(ANNA)


async def test_a_database_that_is_away_is_said_and_nothing_is_half_done(slack: PretendSlack, tmp_path: Path) -> None:
    class Away:
        async def save(self, *record: object) -> None:
            raise StoreDown

        def __getattr__(self, name: str) -> Any:
            return getattr(kept.records, name)

    settle_down(slack)
    async with kept_in(tmp_path) as kept, firm_in_slack(slack, kept, records=Away()) as firm:
        words = await firm.browser.install(ANNA, FIRST)
        assert not_done_words(NotDone.NOT_KEPT).title in words
        assert firm.browser.status == 503
        assert await kept.rows() == []


# Secrets and the contract.


async def test_no_token_code_state_or_secret_is_in_a_log_the_database_or_a_form(firm: Firm, log: Everything) -> None:
    await firm.install_all()
    found = [firm.browser.page, *firm.browser.set_cookies]
    await firm.stage.started(ANNA)
    await firm.stage.started(CARL)
    firm.slack.fault("oauth.v2.access", Fault(error="invalid_code"))
    await firm.browser.install(ANNA, FIRST)
    back = await firm.browser.decide(await firm.browser.begin(), CARL, SECOND)
    await firm.browser.get(back)
    await firm.slack.teams.uninstall(SECOND)
    calls = [json.dumps(one.args) for one in firm.slack.calls if one.method != "oauth.v2.access"]
    states = re.findall(r"[0-9]{10}\.[A-Za-z0-9_-]{43}", "\n".join(log.lines))
    canaries = [*firm.slack.teams.tokens, *firm.slack.teams.revoked, CLIENT_SECRET, query_of(back)["code"]]
    assert len(canaries) >= 5
    for canary in canaries:
        assert log.said(canary) == []
        assert canary.encode() not in firm.kept.on_disk()
        assert not [one for one in [*calls, *found, *await firm.kept.audited()] if canary in one]
    assert states == []
    assert log.said(*CANARIES) == []


async def test_the_calls_and_answers_are_those_that_are_published(firm: Firm, contract: Contract) -> None:
    await firm.install_all()
    await firm.stage.started(DORA)
    faults = [fault for call in firm.slack.calls if call.method != "auth.test" for fault in contract.call_faults(call)]
    # The two credentials travel in the header, as the documentation prefers.
    assert faults == []
    published = contract.method("oauth.v2.access")["output"]["properties"]
    for call in firm.slack.calls:
        if call.method == "oauth.v2.access":
            assert set(call.answer) - {"ok"} <= set(published)


def test_the_words_of_every_ending_name_what_was_kept_or_who_helps() -> None:
    for why in NotDone:
        shown = not_done_words(why)
        assert shown.title
        assert any(word in shown.text for word in ("Nothing was kept", "it still is", "does no harm"))
    assert "your organization" in installed_words("", organization=True).text
