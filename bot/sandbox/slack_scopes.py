"""What the app has to be allowed for each method of the pretend Slack (slack-api-ref, `scope` of each method)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.slack_elements import Json

_NEEDED: Mapping[str, str] = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.open": "im:write",
    "users.info": "users:read",
    "users.lookupByEmail": "users:read.email",
}

_KINDS: Mapping[str, str] = {"D": "im", "G": "groups", "C": "channels"}
"""What kind of conversation an id names by its first letter; a private channel's begins with C or G."""

SCOPES = frozenset({"commands", *_NEEDED.values()}).union(
    f"{kind}:{doing}" for kind in _KINDS.values() for doing in ("read", "history")
)
"""Every scope that can be needed here."""


def scope_of(method: str, args: Json) -> str:
    """Return the scope that this call needs, "" for none."""
    kind = _KINDS.get(str(args.get("channel", ""))[:1], "channels")
    if method == "conversations.history":
        return f"{kind}:history"
    if method == "conversations.info":
        return f"{kind}:read"
    return _NEEDED.get(method, "")
