"""`link-ecf doctor` and Slack: what the token may do, whose admins are named, and nothing that could not be seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from bot.sandbox.slack import BOT_TOKEN, Fault, PretendSlack
from handlers.slack.scopes import PURPOSES
from tests.test_cli import Ran, cli
from tests.test_doctor import finding


@pytest.fixture
async def slack() -> AsyncIterator[PretendSlack]:
    async with PretendSlack() as running:
        yield running


async def examined(slack: PretendSlack, folder: Path, **settings: str) -> Ran:
    """Run it over `slack`."""
    given = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": "canary",
        "SLACK_API_URL": slack.api_url,
        "LINK_ECF_STATE_DIR": str(folder),
    }
    return await cli("doctor", "--json", **given | settings)


def test_each_scope_of_the_manifest_has_its_purpose(root: Path) -> None:
    manifest = yaml.safe_load((root / "deploy/slack-manifest.yaml").read_text("utf-8"))
    assert list(PURPOSES) == manifest["oauth_config"]["scopes"]["bot"]
    assert all(PURPOSES.values())


async def test_all_scopes_granted(slack: PretendSlack, tmp_path: Path) -> None:
    found = finding(await examined(slack, tmp_path), "scopes")
    assert (found["ok"], found["fix"]) == (True, "")
    assert "all 10" in str(found["found"])
    assert [call.method for call in slack.calls] == ["auth.test"]


async def test_missing_scopes_are_named_with_what_each_is_for(slack: PretendSlack, tmp_path: Path) -> None:
    slack.api.scopes -= {"im:history", "users:read.email"}
    ran = await examined(slack, tmp_path)
    found = finding(ran, "scopes")
    assert ran.code == 1
    assert not found["ok"]
    for scope in ("im:history", "users:read.email"):
        assert f"{scope} ({PURPOSES[scope]})" in str(found["found"])
    assert "chat:write (" not in str(found["found"])
    assert "reinstall" in str(found["fix"])
    assert BOT_TOKEN not in ran.out


async def test_a_scope_that_nothing_uses_is_said_and_is_no_fault(slack: PretendSlack, tmp_path: Path) -> None:
    slack.api.scopes |= {"files:read"}
    found = finding(await examined(slack, tmp_path), "scopes")
    assert found["ok"]
    assert "files:read" in str(found["found"])


async def test_scopes_that_slack_does_not_say_are_not_called_missing(slack: PretendSlack, tmp_path: Path) -> None:
    slack.api.says_scopes = False
    found = finding(await examined(slack, tmp_path), "scopes")
    assert found["ok"]
    assert "could not be seen" in str(found["found"])
    assert "missing" not in str(found["found"])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"error": "token_revoked"}, "Slack does not take SLACK_BOT_TOKEN (token_revoked)"),
        ({"error": "internal_error", "status": 500}, "Slack could not be asked"),
        ({"lost": True}, "Slack could not be asked"),
        ({"garbled": "text/html"}, "Slack could not be asked"),
    ],
)
async def test_a_slack_that_does_not_answer_is_told_apart_from_a_dead_token(
    slack: PretendSlack, tmp_path: Path, fault: dict[str, object], words: str
) -> None:
    slack.fault("auth.test", Fault(**fault, times=9))  # type: ignore[arg-type]
    ran = await examined(slack, tmp_path)
    found = finding(ran, "scopes")
    assert (found["ok"], bool(found["fix"])) == (False, True)
    assert str(found["found"]).startswith(words)
    assert ran.err == ""


async def test_without_a_token_of_one_workspace_nobody_is_asked(slack: PretendSlack, tmp_path: Path) -> None:
    many = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "canary", "PUBLIC_URL": "https://link.firm.example"}
    for given in ({"SLACK_BOT_TOKEN": ""}, many):
        ran = await examined(slack, tmp_path, **given)
        assert not [one for one in ran.lines if one["check"] == "scopes"]
    assert slack.calls == []


async def test_first_admins_without_their_workspace_are_said_where_there_are_several(
    slack: PretendSlack, tmp_path: Path
) -> None:
    many = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "canary", "PUBLIC_URL": "https://link.firm.example"}
    none = finding(await examined(slack, tmp_path), "admins")
    assert (none["ok"], "LINK_ECF_ADMINS is not set" in str(none["found"])) == (True, True)
    one = finding(await examined(slack, tmp_path, LINK_ECF_ADMINS="U012AB3CD,T1AB/U045"), "admins")
    assert (one["ok"], one["fix"]) == (True, "")
    bare = finding(await examined(slack, tmp_path, LINK_ECF_ADMINS="U012AB3CD,T1AB/U045", **many), "admins")
    assert bare["ok"]
    assert "1 of 2 names no workspace" in str(bare["found"])
    assert "T012AB3CD/U012AB3CD" in str(bare["fix"])
    named = finding(await examined(slack, tmp_path, LINK_ECF_ADMINS="T1AB/U045", **many), "admins")
    assert named["fix"] == ""
