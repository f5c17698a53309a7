"""Sends letters by Slack, each with its key in the message's metadata, and finds a key there again.

A letter is sent once for each call of `send`, and nothing here repeats it by itself: what is not certain is reported as
not certain, and the delivery looks the key up before it sends again (design 7, reliability.md 2.4). The clients must
not repeat calls either: slack_sdk's default retry handler posts twice (client.py).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import StoreTrouble
from bot.people import Person, WorkspaceId
from bot.reminders.delivery.letter import (
    Barred,
    Finding,
    Letter,
    Limited,
    NotThere,
    Outcome,
    Refused,
    Sent,
    Unsent,
    Unsure,
    Why,
)
from handlers.slack.blocks import Message
from handlers.slack.client import Clients, NotInstalled
from handlers.slack.outcomes import GONE, after_sending, before_sending
from handlers.slack.pace import Bucket
from handlers.slack.presence import Presence
from handlers.slack.seeking import found_of, look, metadata_of, unread
from handlers.slack.tokens import DEAD
from handlers.slack.trouble import UNREADABLE, describe, slack_code

log = logging.getLogger(__name__)

SECONDS = 10.0
"""What one call to Slack may take in all; the delivery's lease is longer."""
PATIENCE = 15.0
"""How long a letter waits by itself for leave to open a conversation, in seconds, before it is put off."""
BEGIN_WITHIN = 30.0
"""Seconds after which no letter is posted any more: the delivery has then lost patience, and another may hold it."""


class DirectChannels(Protocol):
    """Where the id of a person's direct messages is kept; both raise StoreTrouble."""

    async def recall(self, person: Person) -> str:
        """Return the conversation's id, "" when none is known."""
        ...

    async def remember(self, person: Person, channel: str) -> None:
        """Keep the conversation's id; "" forgets it."""
        ...


@dataclass(frozen=True, slots=True)
class _Here:
    """Where a letter is to go; `known` when the id was remembered and not just given by Slack."""

    channel: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class _Tried:
    """What became of it, and Slack's code where a call was refused."""

    outcome: Outcome
    code: str = ""


class SlackPost:
    """The Post of Slack (reminders.letter.Post); `write` makes a letter into a message."""

    def __init__(
        self,
        clients: Clients,
        clock: Clock,
        direct: DirectChannels,
        write: Callable[[Letter], Message],
        *,
        opens_per_minute: float = 50.0,
        looks_per_minute: float = 90.0,
    ) -> None:
        self._clients = clients
        self._clock = clock
        self._direct = direct
        self._write = write
        self._opens_per_minute = opens_per_minute
        self._opening: dict[WorkspaceId, Bucket] = {}
        self._presence = Presence(clock, looks_per_minute)

    async def send(self, letter: Letter) -> Outcome:
        """Send it once, and never again by itself; raises nothing for Slack's faults, or the store's."""
        message, until = self._write(letter), self._clock.monotonic() + BEGIN_WITHIN
        try:
            client = await self._clients.of(letter.workspace)
            tried = await self._try(client, letter, message, until)
            if tried.code in DEAD:
                # Refused, so nothing was sent. A workspace that was installed anew has another token by now.
                try:
                    newer = await self._clients.of(letter.workspace)
                except NotInstalled:
                    return tried.outcome
                if newer.token != client.token:
                    tried = await self._try(newer, letter, message, until)
        except NotInstalled:
            return Barred("not_installed")
        except StoreTrouble:
            return Unsent()  # whatever is asked of the store is asked before the message is posted
        return tried.outcome

    async def _try(self, client: AsyncWebClient, letter: Letter, message: Message, until: float) -> _Tried:
        here = await self._place(client, letter)
        if isinstance(here, _Tried):
            return here
        tried = await self._post(client, letter, here, message, until)
        if here.known and tried.code in GONE and letter.person is not None:
            # Refused, so nothing was sent: the id that was remembered leads nowhere any more.
            await self._direct.remember(letter.person, "")
            here = await self._open(client, letter, letter.person)
            tried = here if isinstance(here, _Tried) else await self._post(client, letter, here, message, until)
        return tried

    async def _post(
        self, client: AsyncWebClient, letter: Letter, here: _Here, message: Message, until: float
    ) -> _Tried:
        if self._clock.monotonic() > until:
            return _Tried(Unsent())
        try:
            async with asyncio.timeout(SECONDS):
                posted = await client.chat_postMessage(
                    channel=here.channel,
                    text=message.text,
                    blocks=list(message.blocks),
                    metadata=metadata_of(str(letter.id)),
                    unfurl_links=False,
                    unfurl_media=False,
                )
        except UNREADABLE as error:
            await self._heard(letter, error)
            return _Tried(after_sending(error, person=letter.person is not None), slack_code(error))
        stamp = posted.get("ts")
        return _Tried(Sent(here.channel, stamp) if isinstance(stamp, str) and stamp else Unsure())

    async def _place(self, client: AsyncWebClient, letter: Letter) -> _Here | _Tried:
        """Return where the letter goes, or why it does not."""
        person = letter.person
        if person is None:
            return _Here(letter.channel)
        known = await self._direct.recall(person)
        if not known:
            return await self._open(client, letter, person)
        if await self._presence.left(client, person):
            # Slack takes messages to people who left and shows them to nobody (python-slack-sdk, issue 1156).
            await self._direct.remember(person, "")
            return _Tried(Refused(Why.LEFT))
        return _Here(known, known=True)

    async def _open(self, client: AsyncWebClient, letter: Letter, person: Person) -> _Here | _Tried:
        if (wait := await self._leave_to_open(letter.workspace)) > 0:
            return _Tried(Limited(wait))
        try:
            async with asyncio.timeout(SECONDS):
                opened = await client.conversations_open(users=str(person.id))
            channel = str(opened["channel"]["id"])
        except UNREADABLE as error:
            await self._heard(letter, error)
            return _Tried(before_sending(error, person=True), slack_code(error))
        except (KeyError, TypeError):
            return _Tried(Unsent())
        await self._direct.remember(person, channel)
        return _Here(channel)

    async def _leave_to_open(self, workspace: WorkspaceId) -> float:
        """Wait for leave to open one conversation more; return the seconds still to wait where that takes too long."""
        bucket = self._opening.setdefault(workspace, Bucket(self._clock, self._opens_per_minute))
        until = self._clock.monotonic() + PATIENCE
        while (wait := bucket.take(urgent=True)) > 0:
            if self._clock.monotonic() + wait > until:
                return wait
            await self._clock.sleep(wait)
        return 0.0

    async def find(self, letter: Letter) -> Finding:
        """Look for it in its conversation by its key, from a minute before `first_try` on; raises nothing of Slack's.

        Refused where Slack will never say (no permission to read there, the conversation is gone), or where too much
        was posted since to be looked through.
        """
        if letter.first_try is None:
            return NotThere()
        try:
            client = await self._clients.of(letter.workspace)
            channel = letter.channel if letter.person is None else await self._direct.recall(letter.person)
            if not channel and letter.person is not None:
                here = await self._open(client, letter, letter.person)
                if isinstance(here, _Tried):
                    return unread(here.outcome)
                channel = here.channel
            return await look(client, channel, str(letter.id), letter.first_try)
        except NotInstalled:
            return Refused(Why.UNKNOWN_OUTCOME)
        except StoreTrouble:
            return Unsure()
        except UNREADABLE as error:
            await self._heard(letter, error)
            return found_of(error)

    async def _heard(self, letter: Letter, error: BaseException) -> None:
        """Log a fault without any text of Slack's; a token that died is forgotten."""
        log.warning("letter %s: %s", letter.id, describe(error))
        await self._clients.refused(letter.workspace, slack_code(error))
