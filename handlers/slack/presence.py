"""Who left the workspace, asked of Slack before a message goes to direct messages that were opened long ago.

Slack takes such a message without a word (python-slack-sdk, issue 1156), so that nobody would hear that it was read by
nobody. The question costs a call, so it is put once in some hours for each person, and never faster than Slack allows;
where that leaves no room the message is sent unasked.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import StoreTrouble
from bot.people import Person, WorkspaceId
from handlers.slack.pace import Bucket
from handlers.slack.people import NobodySpoke, person_of
from handlers.slack.tasks import Tasks
from handlers.slack.trouble import UNREADABLE, describe, slack_code

log = logging.getLogger(__name__)

GOOD_FOR = 6 * 3600.0
"""Seconds for which a person who was there is taken to be there."""
NOTED_FOR = 3600.0
"""Seconds for which a sign of life is not noted again."""
SECONDS = 5.0
REMEMBERED = 20_000


Seen = Callable[[Person], Coroutine[Any, Any, None]]
"""Notes a sign of life; raises StoreTrouble."""


class SignsOfLife:
    """Bolt's way past every request: whoever types or presses something can be written to again.

    The note is made after the acknowledgement, and for each person once in an hour.
    """

    def __init__(self, seen: Seen, tasks: Tasks) -> None:
        self._seen = seen
        self._tasks = tasks
        self._noted: OrderedDict[Person, float] = OrderedDict()

    async def __call__(self, body: dict[str, Any], next: Callable[[], Awaitable[None]]) -> None:
        """Let the request on, and note who made it."""
        await next()
        try:
            person = person_of(body)
        except NobodySpoke:
            return
        now = asyncio.get_running_loop().time()
        if now < self._noted.get(person, float("-inf")):
            return
        self._noted[person] = now + NOTED_FOR
        self._noted.move_to_end(person)
        while len(self._noted) > REMEMBERED:
            self._noted.popitem(last=False)
        self._tasks.start(self._note(person), "note a sign of life")

    async def _note(self, person: Person) -> None:
        try:
            await self._seen(person)
        except StoreTrouble as trouble:
            self._noted.pop(person, None)
            log.warning("a sign of life was not noted: %s", describe(trouble))


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
