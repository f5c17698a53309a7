"""The Slack app as it is shipped: valid, and asking for no more than is used."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from handlers.slack.oauth import REDIRECT

OTHER_CONVERSATIONS = {"channels:manage", "groups:write", "mpim:write", "mpim:history", "mpim:read", "im:read"}
"""Scopes of methods that the bot calls, for kinds of conversation and deeds for which it does not call them."""

ADDRESS = "https://link.firm.example/slack/events"


@pytest.fixture
def manifest(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((root / "deploy/slack-manifest.yaml").read_text("utf-8"))
    return loaded


def _validator(shared: Path) -> jsonschema.Draft7Validator:
    folder = shared / "slack-contract" / "manifest-schema"
    wrapper = json.loads((folder / "manifest.schema.json").read_text("utf-8"))
    registry: Registry[Any] = Registry()
    for file in (folder / "schemas").glob("*.json"):
        schema = json.loads(file.read_text("utf-8"))
        address = f"https://raw.githubusercontent.com/slackapi/manifest-schema/v0.5.0/schemas/{file.name}"
        registry = registry.with_resource(address, Resource.from_contents(schema, DRAFT7))
    return jsonschema.Draft7Validator(wrapper, registry=registry)


def test_it_is_valid_by_slacks_own_schema(manifest: dict[str, Any], shared: Path) -> None:
    assert [error.message for error in _validator(shared).iter_errors(manifest)] == []


def test_the_schema_refuses_what_it_should(manifest: dict[str, Any], shared: Path) -> None:
    manifest["features"]["slash_commands"][0]["command"] = "link-ecf"
    assert list(_validator(shared).iter_errors(manifest))


def test_it_is_valid_for_socket_mode_as_its_comment_says(manifest: dict[str, Any], shared: Path) -> None:
    manifest["settings"]["socket_mode_enabled"] = True
    for command in manifest["features"]["slash_commands"]:
        del command["url"]
    del manifest["settings"]["interactivity"]["request_url"]
    del manifest["settings"]["interactivity"]["message_menu_options_url"]
    del manifest["settings"]["event_subscriptions"]["request_url"]
    assert [error.message for error in _validator(shared).iter_errors(manifest)] == []


def test_it_asks_for_exactly_the_scopes_that_the_calls_need(manifest: dict[str, Any], root: Path, shared: Path) -> None:
    called = {
        call.replace("_", ".", 1)
        for file in (root / "handlers" / "slack").glob("*.py")
        for call in re.findall(
            r"\b(chat_[a-zA-Z]+|conversations_[a-zA-Z]+|users_[a-zA-Z]+|files_[a-zA-Z]+)\(", file.read_text("utf-8")
        )
    }
    needed = {"commands"}
    for method in called:
        described = json.loads(
            (shared / "slack-contract/slack-api-ref/docs.slack.dev/methods" / f"{method}.json").read_text("utf-8")
        )
        needed |= set(described["scope"]["bot"]) - OTHER_CONVERSATIONS or {method}
    assert {"conversations.history", "users.lookupByEmail"} <= called
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed
    assert "user" not in manifest["oauth_config"]["scopes"]


def test_everything_comes_to_the_one_path(manifest: dict[str, Any]) -> None:
    interactivity = manifest["settings"]["interactivity"]
    commands = manifest["features"]["slash_commands"]
    events = manifest["settings"]["event_subscriptions"]
    paths = {
        *(command["url"] for command in commands),
        interactivity["request_url"],
        interactivity["message_menu_options_url"],
    }
    assert paths | {events["request_url"]} == {ADDRESS}
    assert manifest["oauth_config"]["redirect_urls"] == [ADDRESS.replace("/slack/events", REDIRECT)]
    assert [command["command"] for command in commands] == ["/link-ecf", "/ecf-golive"]
    assert all(command["description"] and "help" in command["usage_hint"] for command in commands)
    assert interactivity["is_enabled"] is True


def test_every_event_is_slacks_is_handled_and_needs_no_scope(
    manifest: dict[str, Any], root: Path, shared: Path
) -> None:
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    handled = re.findall(r'\bapp\.event\("([a-z_]+)"\)', (root / "handlers/slack/leaving.py").read_text("utf-8"))
    assert events == set(handled)
    for event in events:
        described = json.loads((shared / f"slack-contract/slack-api-ref/events/{event}.json").read_text("utf-8"))
        assert described["scopes"] == []


def test_tokens_do_not_expire(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["token_rotation_enabled"] is False
