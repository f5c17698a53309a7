"""`link-ecf doctor`: what it finds, each with its fix, and that it changes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.sandbox.slack import TEAM, PretendSlack
from bot.store import upgrade
from bot.vault import Key, KeyRing
from tests.postgres import Server
from tests.test_cli import Ran, cli
from tests.vault.places import NOW


def finding(ran: Ran, check: str) -> dict[str, object]:
    """The one finding of this name."""
    (found,) = [one for one in ran.lines if one["check"] == check]
    return found


async def test_what_is_wrong_is_named_with_its_fix(tmp_path: Path) -> None:
    """Exit code 1 with a fix for each; 0 when all is well; no secret in sight, nothing made."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    state = tmp_path / "state"
    wrong = await cli("doctor", "--json", LINK_ECF_CA_FILE=str(empty), LINK_ECF_STATE_DIR=str(state))
    assert wrong.code == 1
    failing = {one["check"] for one in wrong.lines if not one["ok"]}
    # Without certificates that can be read there is nothing to start attempts from either.
    assert failing == {"contact", "certificates", "processes", "slack"}
    assert all(one["fix"] for one in wrong.lines if not one["ok"])
    async with PretendSlack() as slack:
        slack.api.teams.tokens["xoxb-canary"] = TEAM
        well = await cli(
            "doctor",
            SLACK_BOT_TOKEN="xoxb-canary",
            SLACK_SIGNING_SECRET="canary",
            SLACK_API_URL=slack.api_url,
            LINK_ECF_CONTACT="Firm, it@firm.example",
            LINK_ECF_STATE_DIR=str(state),
        )
    assert well.code == 0
    assert "WRONG" not in well.out
    assert "canary" not in well.out
    assert (wrong.err, well.err) == ("", "")
    assert not state.exists()


async def test_a_setting_that_cannot_be_read_leaves_the_rest() -> None:
    """And still checks what needs no settings."""
    ran = await cli("doctor", "--json", PORT="no port")
    assert ran.code == 1
    assert str(finding(ran, "settings")["found"]).startswith("PORT is wrong")
    assert finding(ran, "courts")["ok"]


async def test_older_and_newer_tables_are_told_apart(tmp_path: Path) -> None:
    """Each with its own way out, as `run` would say it."""
    file = tmp_path / "link-ecf.db"
    upgrade(f"sqlite:///{file}")
    good = finding(await cli("doctor", "--json", LINK_ECF_STATE_DIR=str(tmp_path)), "database")
    assert good["ok"]
    assert "free" in str(good["found"])
    for version, fix in (("0000", "run `link-ecf db upgrade`"), ("9999", "install that version, or a newer one")):
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.close()
        found = finding(await cli("doctor", "--json", LINK_ECF_STATE_DIR=str(tmp_path)), "database")
        assert (found["ok"], found["fix"]) == (False, fix)


async def test_postgresql_needs_keys_of_its_own(tmp_path: Path) -> None:
    """Down, without tables, with tables; keys that each replica would make for itself are wrong."""
    key = KeyRing((Key.fresh(NOW),)).revealed()
    settings = {"LINK_ECF_STATE_DIR": str(tmp_path / "state")}
    with Server() as server:
        where = {"DATABASE_URL": server.address(server.database())}
        bare = await cli("doctor", "--json", **settings, **where)
        assert finding(bare, "database")["fix"] == "run `link-ecf db upgrade`"
        assert not finding(bare, "keys")["ok"]
        assert "link-ecf keys new" in str(finding(bare, "keys")["fix"])
        upgrade(where["DATABASE_URL"])
        whole = await cli("doctor", "--json", **settings, **where, LINK_ECF_KEYS=key)
        assert finding(whole, "database")["ok"]
        assert finding(whole, "keys")["ok"]
        assert key.partition(":")[2] not in whole.out
    down = await cli("doctor", "--json", **settings, **where)
    assert finding(down, "database")["fix"] == "start it, or correct DATABASE_URL"


@pytest.mark.parametrize("mode", [0o644, 0o600])
async def test_a_file_of_keys_that_others_can_read_or_nobody_can(tmp_path: Path, mode: int) -> None:
    """Wrong either way: open to others, or no keys in it."""
    file = tmp_path / "keys"
    file.write_text("no key\n")
    file.chmod(mode)
    found = finding(await cli("doctor", "--json", LINK_ECF_STATE_DIR=str(tmp_path)), "keys")
    assert not found["ok"]
    assert found["fix"]
    assert ("chmod 600" in str(found["fix"])) is (mode == 0o644)


async def test_several_workspaces_need_an_address_to_install_at(tmp_path: Path) -> None:
    """And both of the app's credentials, which are not shown."""
    given = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "canary", "SLACK_SIGNING_SECRET": "canary"}
    given["LINK_ECF_STATE_DIR"] = str(tmp_path)
    without = finding(await cli("doctor", "--json", **given), "slack")
    assert not without["ok"]
    assert "PUBLIC_URL" in str(without["found"])
    whole = await cli("doctor", "--json", **given, PUBLIC_URL="https://link.firm.example")
    assert "https://link.firm.example/slack/install" in str(finding(whole, "slack")["found"])
    assert "canary" not in whole.out
    half = finding(await cli("doctor", "--json", **{**given, "SLACK_CLIENT_SECRET": ""}), "slack")
    assert str(half["found"]).startswith("SLACK_CLIENT_SECRET is not set")


async def test_the_private_page_and_what_keeps_browsers_from_it(tmp_path: Path) -> None:
    """Off, on behind a proxy, on without anybody who speaks HTTPS, and settings that do not fit together."""
    state = {"LINK_ECF_STATE_DIR": str(tmp_path)}
    public = {**state, "PUBLIC_URL": "https://link.firm.example"}

    async def page(**given: str) -> dict[str, object]:
        return finding(await cli("doctor", "--json", **given), "page")

    assert "no private page" in str((await page(**state))["found"])
    behind = await page(**public, LINK_ECF_TRUSTED_PROXIES="10.0.0.5")
    assert (behind["ok"], "https://link.firm.example/p/, offered (both)" in str(behind["found"])) == (True, True)
    alone = await page(**public)
    assert (alone["ok"], "refuses every browser" in str(alone["found"])) == (False, True)
    assert "addresses or networks" in str(alone["fix"])
    half = await page(**state, LINK_ECF_TLS_CERT=__file__)
    assert (half["ok"], str(half["found"]).startswith("LINK_ECF_TLS_KEY is not set")) == (False, True)
    unreadable = await page(**state, LINK_ECF_TLS_CERT=__file__, LINK_ECF_TLS_KEY=__file__)
    assert str(unreadable["found"]).startswith("LINK_ECF_TLS_CERT is wrong")
