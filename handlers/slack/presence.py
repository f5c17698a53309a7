"""Who left the workspace, asked of Slack before a message goes to direct messages that were opened long ago.

Slack takes such a message without a word (python-slack-sdk, issue 1156), so that nobody would hear that it was read by
nobody. The question costs a call, so it is put once in some hours for each person, and never faster than Slack allows;
where that leaves no room the message is sent unasked.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.people import Person, WorkspaceId
from handlers.slack.pace import Bucket
from handlers.slack.trouble import UNREADABLE, describe, slack_code

log = logging.getLogger(__name__)

GOOD_FOR = 6 * 3600.0
"""Seconds for which a person who was there is taken to be there."""
SECONDS = 5.0
REMEMBERED = 20_000


class Presence:
    """What is known of who is still there."""

    def __init__(self, clock: Clock, per_minute: float) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._buckets: dict[WorkspaceId, Bucket] = {}
        self._seen: OrderedDict[Person, float] = OrderedDict()

    async def left(self, client: AsyncWebClient, person: Person) -> bool:
        """Tell whether this person is known to have left; False also where Slack does not say."""
        now = self._clock.monotonic()
        if now < self._seen.get(person, float("-inf")):
            return False
        bucket = self._buckets.setdefault(person.workspace, Bucket(self._clock, self._per_minute))
        if bucket.take(urgent=True) > 0:
            return False
        try:
            async with asyncio.timeout(SECONDS):
                shown = await client.users_info(user=str(person.id))
        except UNREADABLE as error:
            if slack_code(error) in {"user_not_found", "users_not_found"}:
                return True
            log.warning("whether a person is still there could not be asked: %s", describe(error))
            if slack_code(error) != "missing_scope":
                return False
        else:
            user = shown.get("user") or {}
            if user.get("deleted") is True:
                return True
        self._seen[person] = now + GOOD_FOR
        self._seen.move_to_end(person)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return False
