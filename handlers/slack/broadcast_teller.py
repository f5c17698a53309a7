"""Shows a broadcast's progress in the direct messages of the admin who sent it: one message, edited in place.

When to show what is decided elsewhere, for all replicas together (bot/reminders/broadcasts/rounds.py). A message whose
reply was lost may be posted twice; progress says nothing that it would hurt to read twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreTrouble
from bot.people import Person
from bot.reminders.broadcasts.broadcast import Progress
from bot.service.broadcasts import NotShown, Shown
from handlers.slack.blocks import Message
from handlers.slack.broadcast_report import CourtOf, progress_message
from handlers.slack.client import Clients, NotInstalled
from handlers.slack.outcomes import LIMITED, retry_after
from handlers.slack.trouble import UNREADABLE, describe, log, slack_code

SECONDS = 10.0
"""What one call may take; the turn to show is held for longer than three of them."""

SOON = 15.0
LATER = 3600.0
"""Seconds to the next try: after a fault that may pass, and after a plain refusal."""

_MESSAGE_GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_inactive"}
)
_PASSING = frozenset({"", "unreadable", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class SlackBroadcastTeller:
    """The BroadcastTeller of Slack; its clients must not repeat calls by themselves."""

    def __init__(self, clients: Clients, court_of: CourtOf) -> None:
        self._clients = clients
        self._court_of = court_of

    async def show(self, progress: Progress, place: Mapping[str, str]) -> Shown | NotShown:
        """Show it in place of what is shown at `place` (empty: nothing yet); raises nothing for Slack's faults."""
        admin = progress.broadcast.by
        said = progress_message(progress, self._court_of)
        try:
            client = await self._clients.of(admin.workspace)
            return Shown(await self._put(client, admin, said, place))
        except NotInstalled:
            return NotShown(LATER)
        except StoreTrouble:
            return NotShown(SOON)
        except UNREADABLE as error:
            log.warning("the progress of a broadcast was not shown: %s", describe(error))
            await self._clients.refused(admin.workspace, slack_code(error))
            return NotShown(_wait_after(error))

    async def _put(
        self, client: AsyncWebClient, admin: Person, said: Message, place: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Edit the message, or post it where there is none any more; returns where it stands."""
        text, blocks = said.text, list(said.blocks)
        if place.get("ts"):
            try:
                async with asyncio.timeout(SECONDS):
                    await client.chat_update(channel=place["channel"], ts=place["ts"], text=text, blocks=blocks)
            except SlackApiError as error:
                if slack_code(error) not in _MESSAGE_GONE:
                    raise
            else:
                return place
        async with asyncio.timeout(SECONDS):
            opened = await client.conversations_open(users=str(admin.id))
        channel = str(opened["channel"]["id"])
        async with asyncio.timeout(SECONDS):
            posted = await client.chat_postMessage(
                channel=channel, text=text, blocks=blocks, unfurl_links=False, unfurl_media=False
            )
        return {"channel": channel, "ts": str(posted["ts"])}


def _wait_after(error: BaseException) -> float:
    if not isinstance(error, SlackApiError):
        return SOON
    if slack_code(error) in LIMITED:
        return retry_after(error)
    return SOON if slack_code(error) in _PASSING else LATER
