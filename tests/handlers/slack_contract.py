"""What third parties publish about Slack, as checks: the methods' arguments, verbs and tiers, and the shapes of views.

The data is not in this repository; where it is not beside the project, the tests that need it are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.sandbox.slack_rules import message_faults, view_faults
from bot.sandbox.slack_state import Call

ALWAYS = {"token", "team_id"}
"""Bolt adds team_id to every call of a request's client."""


class Contract:
    """The published contract in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cache  # noqa: B019 - one contract lives as long as the tests
    def method(self, name: str) -> dict[str, Any]:
        """Return what is published about one method."""
        path = self.folder / "slack-api-ref/docs.slack.dev/methods" / f"{name}.json"
        return dict(json.loads(path.read_text("utf-8")))

    def payload(self, name: str) -> dict[str, Any]:
        """Return one of the payloads with which Bolt's own tests play Slack; a form's fields as an object."""
        read = json.loads((self.folder / "bolt-python-payloads" / f"{name}.json").read_text("utf-8"))
        return dict(parse_qsl(read["__form__"]) if "__form__" in read else read)

    @cache  # noqa: B019
    def schema(self, name: str) -> jsonschema.Draft7Validator:
        """Return a validator for one of the generated schemas."""
        return jsonschema.Draft7Validator(
            json.loads((self.folder / f"node-types-schema/{name}.json").read_text("utf-8"))
        )

    def call_faults(self, call: Call) -> Iterator[str]:
        """Yield where a call of the Web API breaks what is published."""
        known = self.method(call.method)
        args: Mapping[str, Any] = known["args"]["properties"]
        if call.verb != known["http_method"]:
            yield f"{call.method}: {call.verb}"
        if call.content_type == "application/json" and not known.get("json_input_supported"):
            yield f"{call.method}: does not take JSON"
        for name in set(known["args"].get("required", ())) - ALWAYS - set(call.args):
            yield f"{call.method}: {name} is missing"
        for name in set(call.args) - set(args) - ALWAYS:
            yield f"{call.method}: {name} is unknown"
        if "view" in call.args:
            yield from self.view_faults(call.args["view"])
        if "blocks" in call.args:
            yield from self.message_faults(call.args["text"], call.args["blocks"])

    def view_faults(self, view: Mapping[str, Any]) -> Iterator[str]:
        """Yield where a modal breaks Slack's types, Slack's limits, or our own rules."""
        yield from (error.message[:300] for error in self.schema("X_ModalView").iter_errors(view))
        yield from view_faults(view)
        View(**view).to_dict()  # raises for what is too long

    def message_faults(self, text: object, blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Yield where a message breaks Slack's types, Slack's limits, or our own rules."""
        yield from (error.message[:300] for error in self.schema("X_Blocks").iter_errors(list(blocks)))
        yield from message_faults(text, list(blocks))
        for block in Block.parse_all([dict(one) for one in blocks]):
            block.to_dict()

    def ack_faults(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield where the answer to a command, a submission or a type-ahead is none that Slack knows."""
        action = body.get("response_action")
        if action is not None and action not in {"errors", "update", "push", "clear"}:
            yield f"there is no response_action {action}"
        if "view" in body:
            yield from self.view_faults(body["view"])
        if "blocks" in body:
            yield from self.message_faults(body.get("text"), body["blocks"])
        if unknown := set(body) - {"response_action", "errors", "view", "text", "blocks", "response_type", "options"}:
            yield f"{unknown} in an answer"
