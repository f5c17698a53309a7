"""Looks a letter's key up in a conversation: the metadata of what was posted there since it was first taken up.

Without `include_all_metadata` Slack shows no key, and without the scope of the conversation's kind (im:history,
channels:history, groups:history) it shows nothing (reliability.md 2.4).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.reminders.delivery.letter import Barred, Finding, Limited, NotThere, Outcome, Refused, Sent, Unsure, Why
from handlers.slack.outcomes import after_sending
from handlers.slack.trouble import slack_code

EVENT_TYPE = "ecf_letter"
SECONDS = 10.0
SKEW = timedelta(minutes=1)
"""How far Slack's clock may be behind the bot's."""
PAGE = 200
PAGES = 10
"""What is looked through for a key: so many messages a page, so many pages."""


def metadata_of(key: str) -> dict[str, Any]:
    """Return what goes out with a letter, so that it can be found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


async def look(client: AsyncWebClient, channel: str, key: str, since: datetime) -> Finding:
    """Return where the letter with this key stands in `channel`, among what was posted from `since` (aware) on.

    Refused(UNKNOWN_OUTCOME) when there was too much to look through, or a key that Slack does not show. Raises what a
    call to Slack raises (trouble.UNREADABLE); found_of says what that means.
    """
    oldest = f"{(since - SKEW).timestamp():.6f}"
    cursor = ""
    for _ in range(PAGES):
        async with asyncio.timeout(SECONDS):
            page = await client.conversations_history(
                channel=channel, oldest=oldest, limit=PAGE, include_all_metadata=True, cursor=cursor or None
            )
        messages: list[Any] = page.get("messages") or []
        for message in messages:
            match _key_of(message):
                case None:
                    continue
                case "":
                    return Refused(Why.UNKNOWN_OUTCOME)
                case found if found == key:
                    return Sent(channel, str(message.get("ts", "")))
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return NotThere()
    return Refused(Why.UNKNOWN_OUTCOME)


def found_of(error: BaseException) -> Finding:
    """Return what a failed look-up means for the letter."""
    return Unsure() if slack_code(error) == "invalid_cursor" else unread(after_sending(error, person=False))


def unread(outcome: Outcome) -> Finding:
    """Return what it means that the conversation could not be read: Slack will never say, or not this time."""
    match outcome:
        case Limited():
            return outcome
        case Refused() | Barred(code="missing_scope"):
            return Refused(Why.UNKNOWN_OUTCOME)
        case _:
            return Unsure()


def _key_of(message: Any) -> str | None:
    """The key of one of our letters; None for another message, "" where Slack keeps the key to itself."""
    metadata = message.get("metadata") if isinstance(message, dict) else None
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    return str(payload.get("key", "")) if isinstance(payload, dict) else ""
