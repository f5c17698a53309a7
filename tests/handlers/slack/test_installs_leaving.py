"""A workspace removes the bot, or its token dies: nothing is kept, what runs is stopped, people are told what to do."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Code, StoreDown
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.sandbox.slack import PretendSlack
from bot.service.pages import FormPage, Gone, GoneReason, PageLink
from bot.service.paging import PageService
from bot.store import Installs, upgrade
from handlers.slack.client import NotInstalled
from handlers.slack.installs import InstallRecords
from tests.handlers.slack.firm import (
    CARL,
    DORA,
    FIRST,
    ORG,
    SECOND,
    TOLD_AGAIN,
    Firm,
    firm_in_slack,
    kept_in,
    settle_down,
)
from tests.handlers.slack.stage import ANNA, BEN
from tests.postgres import Server

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
"""slack_sdk sends client id and secret of oauth.v2.access by aiohttp's BasicAuth, which aiohttp is about to drop."""


@pytest.fixture
async def firm(slack: PretendSlack, tmp_path: Path) -> AsyncIterator[Firm]:
    """A bot that all three have installed."""
    settle_down(slack)
    async with kept_in(tmp_path) as kept, firm_in_slack(slack, kept) as firm:
        await firm.install_all()
        yield firm


async def test_an_uninstall_leaves_nothing_of_that_workspace_and_all_of_the_others(firm: Firm) -> None:
    sealed = {row.team_id or row.enterprise_id: row.sealed for row in await firm.kept.rows()}
    assert all(one in firm.kept.on_disk() for one in sealed.values())
    replies = await firm.slack.teams.uninstall(FIRST)
    assert [reply.status for reply in replies] == [200, 200]
    assert await firm.kept.keys() == [ORG, SECOND]
    assert sealed[FIRST] not in firm.kept.on_disk()
    assert sealed[SECOND] in firm.kept.on_disk()
    assert TOLD_AGAIN in await firm.told(ANNA)
    assert await firm.told(CARL) == ""
    assert await firm.told(DORA) == ""
    assert sum('"event":"uninstalled"' in line for line in await firm.kept.audited()) == 1


async def test_an_organization_leaves_as_a_whole(firm: Firm) -> None:
    await firm.slack.teams.uninstall(ORG)
    assert await firm.kept.keys() == [FIRST, SECOND]
    assert TOLD_AGAIN in await firm.told(DORA)


async def paged(firm: Firm, workspace: str, user: str) -> str:
    """Return the token of a link to the private page that this person asked for."""
    pages = PageService(firm.kept.store, firm.service, "https://bot.firm.example")
    link = await pages.open_form(Person(Platform.SLACK, WorkspaceId(workspace), PersonId(user)), "gasb")
    assert isinstance(link, PageLink)
    return link.url.rpartition("/")[2]


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}]
)
async def test_links_to_the_page_of_a_workspace_that_left_lead_nowhere(firm: Firm, event: dict[str, Any]) -> None:
    mine, theirs, orgs = [await paged(firm, *of) for of in ((FIRST, ANNA), (SECOND, CARL), (ORG, DORA))]
    pages = PageService(firm.kept.store, firm.service, "https://bot.firm.example")
    late = await firm.slack.teams.event(FIRST, event, at=time.time() - 3600)
    assert late.status == 200
    assert isinstance(await pages.look(mine), FormPage), "an installation that is newer than the event keeps its links"
    assert (await firm.slack.teams.event(FIRST, event)).status == 200
    assert await pages.look(mine) == Gone(GoneReason.UNKNOWN)
    assert isinstance(await pages.look(theirs), FormPage)
    await firm.slack.teams.uninstall(ORG)
    assert await pages.look(orgs) == Gone(GoneReason.UNKNOWN)
    assert isinstance(await pages.look(theirs), FormPage)


async def test_what_runs_for_a_workspace_is_stopped_when_it_leaves(firm: Firm) -> None:
    mine = await firm.stage.started(ANNA)
    theirs = await firm.stage.started(CARL)
    await firm.slack.teams.uninstall(FIRST)
    ended = firm.service.views[mine.id]
    assert ended.result is not None
    assert ended.result.code is Code.INTERRUPTED
    assert not firm.service.views[theirs.id].ended
    # The token is dead, but the answer to Anna's own command still reaches her.
    await firm.stage.shows("The attempt was interrupted", ANNA)


async def test_a_revoked_bot_token_is_an_uninstall_and_a_persons_is_not(firm: Firm) -> None:
    await firm.kept.records.save("", FIRST, ANNA, b"{}", ANNA)
    only_hers = {"type": "tokens_revoked", "tokens": {"oauth": [ANNA], "bot": []}}
    assert (await firm.slack.teams.event(FIRST, only_hers)).status == 200
    assert [row.user_id for row in await firm.kept.rows()] == ["", "", ""]
    assert firm.service.left == []
    bots = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}
    assert (await firm.slack.teams.event(FIRST, bots)).status == 200
    assert await firm.kept.keys() == [ORG, SECOND]
    assert FIRST in firm.service.left


@pytest.mark.parametrize("tokens", [None, {}, {"bot": None, "oauth": None}])
async def test_an_event_that_names_no_token_changes_nothing(firm: Firm, tokens: Any) -> None:
    reply = await firm.slack.teams.event(FIRST, {"type": "tokens_revoked", "tokens": tokens})
    assert reply.status == 200
    assert await firm.kept.keys() == [ORG, FIRST, SECOND]


async def test_late_word_of_an_older_uninstall_changes_nothing(firm: Firm) -> None:
    reply = await firm.slack.teams.event(FIRST, {"type": "app_uninstalled"}, at=time.time() - 3600)
    assert reply.status == 200
    assert await firm.told(ANNA) == ""
    assert firm.service.left == []


async def test_installing_again_works_at_once(firm: Firm) -> None:
    await firm.slack.teams.uninstall(FIRST)
    assert TOLD_AGAIN in await firm.told(ANNA)
    await firm.browser.install(ANNA, FIRST)
    view = await firm.stage.form(user=ANNA)
    assert view.title == "Link CM/ECF to PACER"


async def test_a_token_that_died_in_silence_is_not_hammered_and_the_next_one_is_found(firm: Firm) -> None:
    attempt = await firm.stage.started(ANNA)
    firm.slack.teams.revoke(firm.slack.teams.token(FIRST))
    tries = firm.called("chat.update")
    await firm.service.end(attempt.id, Code.LINKED)
    await firm.stage.shows("Your accounts are linked", ANNA)
    assert firm.called("chat.update") == tries + 1
    assert [one.response_url for one in firm.slack.messages(ANNA)][-1], "by the address of her command"
    # The same installation anew, with another token, behind the back of the tokens in memory.
    found = await firm.kept.installs.find(WorkspaceId(FIRST))
    assert found is not None
    found.bot_token = "xoxb-anew"
    firm.slack.teams.tokens["xoxb-anew"] = FIRST
    await firm.kept.installs.async_save(found)
    assert (await firm.workspaces.clients.of(WorkspaceId(FIRST))).token == "xoxb-anew"


async def test_a_record_that_cannot_be_opened_is_told_and_healed_by_installing_again(firm: Firm) -> None:
    rows = {row.team_id: row for row in await firm.kept.rows()}
    async with firm.kept.store.work() as work:
        swapped = rows[SECOND].sealed
        row = rows[FIRST]
        assert await Installs().replace_sealed(work, row.key, swapped, row.key_id, row.sealed)
    firm.workspaces.tokens.forget("")
    assert TOLD_AGAIN in await firm.told(ANNA)
    await firm.browser.install(BEN, FIRST)
    assert await firm.told(ANNA) == ""


class Faltering:
    """Records whose database is away for as long as a test says."""

    def __init__(self, inner: InstallRecords) -> None:
        self.inner = inner
        self.away = False

    async def remove_workspace(self, enterprise: str, team: str, before: datetime | None = None) -> bool:
        if self.away:
            raise StoreDown
        return await self.inner.remove_workspace(enterprise, team, before)

    async def find(self, enterprise: str, team: str, user: str) -> bytes | None:
        if self.away:
            raise StoreDown
        return await self.inner.find(enterprise, team, user)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


async def test_while_the_database_is_away_slack_is_asked_to_say_it_again(slack: PretendSlack, tmp_path: Path) -> None:
    settle_down(slack)
    async with kept_in(tmp_path) as kept:
        records = Faltering(kept.records)
        async with firm_in_slack(slack, kept, records=records) as firm:
            await firm.install_all()
            records.away = True
            assert [reply.status for reply in await slack.teams.uninstall(FIRST)] == [503, 503]
            reply = await slack.command(ANNA, "/link-ecf", "gasb")
            assert (reply.status, "Something went wrong in the bot" in reply.text) == (200, True)
            records.away = False
            assert (await slack.teams.event(FIRST, {"type": "app_uninstalled"})).status == 200
            assert await kept.keys() == [ORG, SECOND]


async def test_every_kind_of_request_from_an_unknown_workspace_is_answered_in_words(firm: Firm) -> None:
    """No 500, nothing started, and nothing said that only the installed may hear."""
    attempt = await firm.stage.started(ANNA)
    view = await firm.stage.form(user=ANNA)
    [message] = firm.slack.direct(ANNA)
    button = message.button("Cancel this attempt")
    firm.slack.teams.revoke(firm.slack.teams.token(FIRST))
    await firm.kept.installs.remove(WorkspaceId(FIRST))
    forms = len(firm.service.forms)
    assert TOLD_AGAIN in await firm.told(ANNA)
    assert await firm.slack.suggest(view, "gasb") == []
    reply = await firm.slack.submit(view, force=True)
    assert reply.body["response_action"] == "update"
    assert TOLD_AGAIN in json.dumps(reply.body)
    assert f"{firm.browser.base}/slack/install" in json.dumps(reply.body)
    before = len(firm.slack.messages(ANNA))
    assert (await firm.slack.act(ANNA, button, message)).status == 200
    assert TOLD_AGAIN in firm.slack.messages(ANNA)[before].shown
    assert (await firm.slack.teams.event(FIRST, {"type": "app_home_opened", "user": ANNA})).status == 200
    nowhere = await firm.slack.wire.post(
        b'{"type": "event_callback", "event": {"type": "app_home_opened"}}', content_type="application/json"
    )
    assert nowhere.status == 200
    assert len(firm.service.forms) == forms
    assert attempt.id in firm.service.views


@pytest.fixture(scope="module")
def address() -> Any:
    """A real PostgreSQL with every table, for two replicas."""
    with Server() as server:
        name = server.database()
        upgrade(server.address(name))
        yield server.address(name)


async def test_another_replica_forgets_the_token_and_stops_what_it_runs(address: str, tmp_path: Path) -> None:
    first = WorkspaceId(FIRST)
    async with (
        PretendSlack() as slack,
        kept_in(tmp_path, address=address) as mine,
        kept_in(tmp_path, address=address, ring=mine.ring) as other,
    ):
        settle_down(slack)
        async with firm_in_slack(slack, other) as there, firm_in_slack(slack, mine) as here:
            await here.install_all()
            assert (await there.workspaces.tokens.of(first)).bot_token == slack.teams.token(FIRST)
            await slack.teams.uninstall(FIRST)
            await slack.wait_for(lambda: first in there.service.left)
            with pytest.raises(NotInstalled):
                await there.workspaces.tokens.of(first)
            assert (await there.workspaces.tokens.of(WorkspaceId(SECOND))).bot_token == slack.teams.token(SECOND)
            assert there.service.left == [first]
