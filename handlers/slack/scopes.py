"""What the bot asks Slack to be allowed, and what for: deploy/slack-manifest.yaml says the same, in the same order."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "commands": "the commands /link-ecf and /ecf-golive",
        "chat:write": "attempts, reminders and broadcasts",
        "im:write": "direct messages to a person",
        "im:history": "no reminder twice in direct messages after a lost reply",
        "users:read": "the zone in which a person is reminded, and whether they are still there",
        "users:read.email": "the people of a roster, by e-mail address",
        "channels:read": "whether the bot may write in a channel",
        "groups:read": "whether the bot may write in a private channel",
        "channels:history": "no broadcast twice in a channel after a lost reply",
        "groups:history": "no broadcast twice in a private channel after a lost reply",
    }
)
"""Each scope of the bot's own, with what does not work without it."""

SCOPES = tuple(PURPOSES)
"""The scopes that an installation asks for."""


def granted(headers: Mapping[str, str] | None) -> frozenset[str] | None:
    """Return what a token may do, as the headers of a reply of Slack's say; None where they do not say."""
    for name, value in (headers or {}).items():
        if name.lower() == "x-oauth-scopes":
            return frozenset(one.strip() for one in value.split(",") if one.strip())
    return None
