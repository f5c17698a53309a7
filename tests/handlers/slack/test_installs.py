"""The sealed installation store and the tokens in memory: what is kept, under which ids, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from structlog.testing import capture_logs

from bot.clock import Clock
from bot.people import WorkspaceId
from bot.store import InstallRow, Installs, SeenRequests
from bot.vault import Key, KeyRing, RingKeys, Vault, install_place
from handlers.slack.client import NotInstalled
from handlers.slack.installs import InstallRecords, SlackInstalls, WillNotDo
from handlers.slack.people import workspace_of
from handlers.slack.tokens import REMEMBERED, Tokens
from tests.attempts.stage import HandClock
from tests.handlers.slack.firm import NOW, Kept, kept_in
from tests.handlers.slack_contract import Contract

BOT_CANARY, USER_CANARY = "xoxb-canary-of-the-bot", "xoxp-canary-of-a-person"
ONE, TWO, ORG = WorkspaceId("T1"), WorkspaceId("T2"), WorkspaceId("E1")


def installation(team: str | None = "T1", enterprise: str | None = None, **changes: Any) -> Installation:
    """Return an installation, for the whole organization where there is no team."""
    fields: dict[str, Any] = {
        "app_id": "A1",
        "team_id": team,
        "enterprise_id": enterprise,
        "team_name": "Firm LLP",
        "bot_token": f"{BOT_CANARY}-{team or enterprise}",
        "bot_id": "B1",
        "bot_user_id": "UBOT",
        "bot_scopes": "commands,chat:write",
        "user_id": "UADMIN",
        "is_enterprise_install": team is None,
    }
    return Installation(**{**fields, **changes})


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    """Records in a fresh database."""
    async with kept_in(tmp_path) as kept:
        yield kept


async def test_what_was_saved_is_found_whole(kept: Kept) -> None:
    made = installation(enterprise="E9", custom_values={"office": "Savannah"})
    await kept.installs.async_save(made)
    found = await kept.installs.async_find_installation(enterprise_id="E9", team_id="T1")
    assert found is not None
    assert found.to_dict() == made.to_dict()
    bot = await kept.installs.async_find_bot(enterprise_id=None, team_id="T1")
    assert bot is not None
    assert bot.to_dict() == made.to_bot().to_dict()


async def test_only_ids_stand_in_clear(kept: Kept) -> None:
    await kept.installs.async_save(installation(user_token=USER_CANARY))
    await kept.installs.async_save(installation(None, "E1"))
    assert [row.key for row in await kept.rows()] == [("", "T1", ""), ("", "T1", "UADMIN"), ("E1", "", "")]
    assert b"UADMIN" in kept.on_disk()  # an id: the search below looks in the right files
    for canary in (b"canary", b"Firm LLP", b"chat:write", b"xox"):
        assert canary not in kept.on_disk()


async def test_a_persons_token_is_kept_apart_from_the_bots(kept: Kept) -> None:
    await kept.installs.async_save(installation(user_token=USER_CANARY, user_scopes="identify"))
    bots = await kept.installs.find(ONE)
    theirs = await kept.installs.async_find_installation(enterprise_id=None, team_id="T1", user_id="UADMIN")
    assert bots is not None
    assert theirs is not None
    assert (bots.bot_token, bots.user_token) == (f"{BOT_CANARY}-T1", None)
    assert (theirs.bot_token, theirs.user_token) == (None, USER_CANARY)
    assert await kept.installs.async_find_installation(enterprise_id=None, team_id="T1", user_id="UOTHER") is None
    await kept.installs.async_delete_installation(enterprise_id=None, team_id="T1", user_id="UADMIN")
    assert [row.user_id for row in await kept.rows()] == [""]


async def test_workspaces_and_organizations_do_not_meet(kept: Kept) -> None:
    for made in (installation("T1", "E1"), installation("T2"), installation(None, "E1")):
        await kept.installs.async_save(made)

    async def token(**ids: Any) -> str | None:
        found = await kept.installs.async_find_bot(**ids)
        return found.bot_token if found else None

    assert await token(enterprise_id="E1", team_id="T1") == f"{BOT_CANARY}-T1"
    assert await token(enterprise_id=None, team_id="T2") == f"{BOT_CANARY}-T2"
    assert await token(enterprise_id="E1", team_id=None) == f"{BOT_CANARY}-E1"
    assert await token(enterprise_id="E1", team_id="T1", is_enterprise_install=True) == f"{BOT_CANARY}-E1"
    assert await token(enterprise_id=None, team_id=None) is None
    await kept.installs.async_delete_all(enterprise_id="E1", team_id=None)
    assert [row.key[:2] for row in await kept.rows()] == [("", "T1"), ("", "T2")]
    await kept.installs.async_delete_bot(enterprise_id="E1", team_id="T1")
    await kept.installs.async_delete_all(enterprise_id=None, team_id=None)
    assert [row.key[:2] for row in await kept.rows()] == [("", "T2")]


async def test_a_bot_alone_can_be_saved_over_what_is_known_and_over_nothing(kept: Kept) -> None:
    await kept.installs.async_save(installation())
    newer = Bot(bot_token="xoxb-newer", bot_id="B1", bot_user_id="UBOT", team_id="T1", installed_at=NOW.timestamp())
    await kept.installs.async_save_bot(newer)
    await kept.installs.async_save_bot(
        Bot(bot_token="xoxb-fresh", bot_id="B2", bot_user_id="UBOT", team_id="T2", installed_at=NOW.timestamp())
    )
    first, second = await kept.installs.find(ONE), await kept.installs.find(TWO)
    assert first is not None
    assert second is not None
    assert (first.bot_token, first.user_id) == ("xoxb-newer", "UADMIN")
    assert second.bot_token == "xoxb-fresh"


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_token": None},
        {"bot_refresh_token": "xoxe-1-canary"},
        {"bot_token_expires_in": 43200},
        {"team": None},
    ],
)
async def test_what_the_bot_cannot_live_with_is_not_kept(kept: Kept, changes: dict[str, Any]) -> None:
    with pytest.raises(WillNotDo):
        await kept.installs.async_save(installation(**changes))
    assert await kept.rows() == []


async def test_a_record_under_another_key_is_none_and_is_said_by_a_fixed_phrase(kept: Kept) -> None:
    await kept.installs.async_save(installation())
    kept.ring[0] = KeyRing((Key.fresh(NOW),))
    with capture_logs() as said:
        assert await kept.installs.find(ONE) is None
    assert said == [{"event": "installation_cannot_be_opened", "log_level": "error"}]
    assert await kept.installs.remove(ONE), "it can still be removed"


async def test_a_record_moved_to_another_workspace_does_not_open(kept: Kept) -> None:
    await kept.installs.async_save(installation())
    [row] = await kept.rows()
    async with kept.store.work() as work:
        await Installs().save(work, InstallRow("", "T2", "", row.sealed, row.key_id, row.installed_at))
    assert await kept.installs.find(TWO) is None


@pytest.mark.parametrize("text", [b"", b"[1]", b"{", b'{"user_id": "U1", "unheard_of": 1}', b"\xff"])
async def test_a_record_that_opens_to_nonsense_is_none(kept: Kept, text: bytes) -> None:
    await kept.records.save("", "T1", "", text, "UADMIN")
    assert await kept.installs.find(ONE) is None


async def test_a_rotated_key_re_seals_and_the_old_one_is_not_needed(kept: Kept) -> None:
    await kept.installs.async_save(installation())
    kept.ring[0] = kept.ring[0].with_current(Key.fresh(NOW))
    vault = Vault(RingKeys(lambda: kept.ring[0]))
    for row in await kept.rows():
        anew = vault.reseal(install_place(*row.key), row.sealed, NOW)
        async with kept.store.work() as work:
            assert await Installs().replace_sealed(work, row.key, anew, kept.ring[0].current.id, row.sealed)
    kept.ring[0] = KeyRing((kept.ring[0].current,))
    found = await kept.installs.find(ONE)
    assert found is not None
    assert found.bot_token == f"{BOT_CANARY}-T1"


async def test_late_word_of_an_uninstall_leaves_a_newer_installation_alone(kept: Kept) -> None:
    await kept.installs.async_save(installation())
    assert not await kept.installs.remove(ONE, datetime.now(UTC) - timedelta(minutes=5))
    assert await kept.installs.find(ONE) is not None
    assert await kept.installs.remove(ONE, datetime.now(UTC) + timedelta(minutes=1))
    assert await kept.installs.find(ONE) is None
    assert not await kept.installs.remove(ONE)


async def test_the_audit_says_who_installed_and_that_it_left_and_nothing_else(kept: Kept) -> None:
    await kept.installs.async_save(installation(user_token=USER_CANARY))
    await kept.installs.remove(ONE)
    await kept.installs.remove(ONE)
    came, went = await kept.audited()
    assert '"event":"installed"' in came
    assert '"id":"UADMIN"' in came
    assert '"workspace":"T1"' in came
    assert '"event":"uninstalled"' in went
    assert "canary" not in came + went


async def test_a_ticket_is_good_once_and_is_forgotten_when_it_is_of_no_use(tmp_path: Path) -> None:
    clock = HandClock()
    async with kept_in(tmp_path, clock) as kept:
        until = clock.now() + timedelta(minutes=10)
        assert await kept.records.first_use("ticket-canary", until)
        assert not await kept.records.first_use("ticket-canary", until)
        assert b"ticket-canary" not in kept.on_disk()
        clock.seconds = 1300
        assert await kept.records.first_use("another", clock.now())
        async with kept.store.work() as work:
            assert await SeenRequests().purge(work, clock.now() + timedelta(hours=1)) == 1


# Tokens in memory.


@dataclass
class Counting:
    """Records that count what is asked of them, and can hold an answer back."""

    inner: InstallRecords
    finds: int = 0
    hold: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def find(self, enterprise: str, team: str, user: str) -> bytes | None:
        self.finds += 1
        found = await self.inner.find(enterprise, team, user)
        self.asked.set()
        if self.hold is not None:
            await self.hold.wait()
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def counted(kept: Kept, clock: Clock) -> tuple[Counting, Tokens]:
    """Return tokens over records that count."""
    counting = Counting(kept.records)
    return counting, Tokens(SlackInstalls(counting), clock)


async def test_a_token_is_looked_up_once_in_five_minutes(kept: Kept) -> None:
    await kept.installs.async_save(installation())
    clock = HandClock()
    counting, tokens = counted(kept, clock)
    for _ in range(20):
        assert (await tokens.of(ONE)).bot_token == f"{BOT_CANARY}-T1"
    assert counting.finds == 1
    clock.seconds = 299
    await tokens.of(ONE)
    assert counting.finds == 1
    clock.seconds = 300
    await tokens.of(ONE)
    assert counting.finds == 2


async def test_a_crowd_asks_the_database_once(kept: Kept) -> None:
    await kept.installs.async_save(installation())
    counting, tokens = counted(kept, HandClock())
    await asyncio.gather(*(tokens.of(ONE) for _ in range(50)))
    assert counting.finds == 1


async def test_a_token_that_is_forgotten_while_it_is_looked_up_is_not_remembered(kept: Kept) -> None:
    await kept.installs.async_save(installation())
    counting, tokens = counted(kept, HandClock())
    counting.hold = asyncio.Event()
    looking = asyncio.create_task(tokens.of(ONE))
    await counting.asked.wait()
    await kept.installs.remove(ONE)
    tokens.forget(ONE)
    counting.hold.set()
    await looking
    assert len(tokens) == 0
    with pytest.raises(NotInstalled):
        await tokens.of(ONE)


async def test_forgetting_one_leaves_the_others_and_forgetting_nobody_drops_all(kept: Kept) -> None:
    for team in ("T1", "T2"):
        await kept.installs.async_save(installation(team))
    counting, tokens = counted(kept, HandClock())
    for workspace in (ONE, TWO):
        await tokens.of(workspace)
    tokens.forget("T1")
    await tokens.of(TWO)
    assert counting.finds == 2
    tokens.forget("")
    await tokens.of(TWO)
    assert counting.finds == 3


async def test_memory_is_bounded_and_keeps_who_speaks(kept: Kept) -> None:
    tokens = Tokens(SlackInstalls(Endless()), HandClock())  # type: ignore[arg-type]
    await tokens.of(ONE)
    for number in range(REMEMBERED + 50):
        await tokens.of(WorkspaceId(f"T9{number}"))
        await tokens.of(ONE)
    assert len(tokens) == REMEMBERED
    before = Endless.finds
    await tokens.of(ONE)
    assert Endless.finds == before


class Endless:
    """Records in which every workspace has an installation."""

    finds = 0

    async def find(self, enterprise: str, team: str, user: str) -> bytes:
        Endless.finds += 1
        return b'{"user_id": "U1", "bot_token": "xoxb-1"}'


# Which workspace a payload speaks of.


@pytest.mark.parametrize(
    ("name", "workspace"),
    [
        ("test_slash_command.slash_command_body.L133", "T111"),
        ("test_events.app_uninstalled_body.L304", "T111"),
        ("test_events.tokens_revoked_body.L320", "T111"),
        ("test_events_token_revocations.event_payload.L97", "E111"),
        ("test_events_token_revocations.event_payload.L134", "E111"),
        ("test_events_org_apps.event_payload.L167", "E111"),
        ("test_events_org_apps.event_payload.L218", "E111"),
        ("test_events_shared_channels.app_uninstalled_body.L407", "T_INSTALLED"),
        ("test_view_submission.connect_channel_payload.L143", "T-installed-workspace"),
    ],
)
def test_the_payloads_of_bolts_own_tests_name_the_workspace(contract: Contract, name: str, workspace: str) -> None:
    assert workspace_of(contract.payload(name)) == workspace


@pytest.mark.parametrize(
    ("body", "workspace"),
    [
        ({"team": None, "enterprise": {"id": "E1"}, "is_enterprise_install": True, "user": {"id": "U1"}}, "E1"),
        ({"team": {"id": "T1"}, "enterprise": {"id": "E1"}, "is_enterprise_install": False}, "T1"),
        ({"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true"}, "E1"),
        ({"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "false"}, "T1"),
        ({"type": "event_callback"}, None),
    ],
)
def test_an_organization_is_named_where_it_has_the_app(body: dict[str, Any], workspace: str | None) -> None:
    assert workspace_of(body) == workspace
