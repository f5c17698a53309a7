"""What Slack says of people and channels: users.info, users.lookupByEmail, conversations.info, never above their rates.

Nothing of a profile is kept but a zone, nothing of it is logged, and an e-mail address only goes out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.errors import StoreTrouble
from bot.people import Person, PersonId, WorkspaceId
from bot.reminders.delivery.letter import Limited, Refused, Why
from bot.reminders.people.profiles import CannotTell, Looked, NotFound, Profile
from handlers.slack.client import Clients, NotInstalled
from handlers.slack.outcomes import before_sending
from handlers.slack.pace import Bucket
from handlers.slack.trouble import UNREADABLE, describe, slack_code

log = logging.getLogger(__name__)

SECONDS = 10.0
PATIENCE = 3.0
"""How long a question waits for its turn by itself, in seconds; beyond it the asker is told to come again."""

NOBODY = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
SCOPES: Mapping[str, str] = {
    "users.info": "users:read",
    "users.lookupByEmail": "users:read.email",
    "conversations.info": "channels:read",
}

Ask = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]


class _Unanswered(Exception):
    """Slack did not answer: `found` says what is known all the same, `why` the same of a channel."""

    def __init__(self, found: NotFound | Limited | CannotTell, why: Why = Why.UNKNOWN_OUTCOME) -> None:
        super().__init__()
        self.found = found
        self.why = why


class SlackProfiles:
    """The Profiles of Slack (reminders.profiles); `infos` and `lookups` are calls a minute (Tier 4 and Tier 3)."""

    def __init__(self, clients: Clients, clock: Clock, *, infos: float = 90.0, lookups: float = 45.0) -> None:
        self._clients = clients
        self._clock = clock
        self._rates = {"users.info": infos, "users.lookupByEmail": lookups, "conversations.info": lookups}
        self._buckets: dict[tuple[WorkspaceId, str], Bucket] = {}

    async def zone_of(self, person: Person) -> ZoneInfo | None:
        """Return the zone that the person has set in Slack; None where it cannot be told."""
        found = await self.by_id(person.workspace, person.id)
        return found.zone if isinstance(found, Profile) else None

    async def by_email(self, workspace: WorkspaceId, email: str) -> Looked:
        """Return who has this address in the workspace; NotFound also for one who left (Slack says no more)."""
        if "@" not in email:
            return NotFound()
        try:
            return _profile(
                await self._ask(workspace, "users.lookupByEmail", lambda slack: slack.users_lookupByEmail(email=email))
            )
        except _Unanswered as no:
            return no.found

    async def by_id(self, workspace: WorkspaceId, person: PersonId) -> Looked:
        """Return the person with this id; NotFound also for one who left, and for a bot."""
        try:
            return _profile(await self._ask(workspace, "users.info", lambda slack: slack.users_info(user=str(person))))
        except _Unanswered as no:
            return no.found

    async def exists(self, workspace: WorkspaceId, person: PersonId) -> bool | None:
        """Tell whether this is a person who is in the workspace now; None where Slack cannot say at the moment."""
        match await self.by_id(workspace, person):
            case Profile():
                return True
            case NotFound():
                return False
            case _:
                return None

    async def is_home(self, workspace: WorkspaceId) -> bool:
        """Tell whether the bot has a token of this workspace; False where Slack cannot say at the moment."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._clients.is_home(workspace)
        except StoreTrouble:
            return False
        except UNREADABLE as error:
            log.warning("auth.test: %s", describe(error))
            return False

    async def may_post(self, workspace: WorkspaceId, channel: str) -> Why | None:
        """Return why the bot cannot write to this channel, None when it can."""
        try:
            shown = await self._ask(
                workspace, "conversations.info", lambda slack: slack.conversations_info(channel=channel)
            )
        except _Unanswered as no:
            return no.why
        room = shown.get("channel")
        if not isinstance(room, Mapping):
            return Why.UNKNOWN_OUTCOME
        if room.get("is_archived") is True:
            return Why.NO_CHANNEL
        return None if room.get("is_member") is True or room.get("is_im") is True else Why.NOT_IN_CHANNEL

    async def _ask(self, workspace: WorkspaceId, method: str, ask: Ask) -> AsyncSlackResponse:
        """Ask within the method's rate. Raises _Unanswered."""
        await self._turn(workspace, method)
        try:
            client = await self._clients.of(workspace)
            async with asyncio.timeout(SECONDS):
                return await ask(client)
        except NotInstalled as error:
            raise _Unanswered(CannotTell(), Why.NOT_INSTALLED) from error
        except StoreTrouble as error:
            raise _Unanswered(CannotTell()) from error
        except UNREADABLE as error:
            code = slack_code(error)
            if code not in NOBODY:
                log.warning("%s: %s", method, describe(error))
            await self._clients.refused(workspace, code)
            raise _meaning(error, code, method) from None  # the cause may quote what was asked

    async def _turn(self, workspace: WorkspaceId, method: str) -> None:
        bucket = self._buckets.setdefault((workspace, method), Bucket(self._clock, self._rates[method]))
        until = self._clock.monotonic() + PATIENCE
        while (wait := bucket.take(urgent=True)) > 0:
            if self._clock.monotonic() + wait > until:
                raise _Unanswered(Limited(wait))
            await self._clock.sleep(wait)


def _meaning(error: BaseException, code: str, method: str) -> _Unanswered:
    if code in NOBODY:
        return _Unanswered(NotFound())
    if code == "missing_scope":
        return _Unanswered(CannotTell(SCOPES[method]))
    match before_sending(error, person=False):
        case Limited() as limited:
            return _Unanswered(limited)
        case Refused(why) if why in {Why.NO_CHANNEL, Why.NOT_IN_CHANNEL, Why.NOT_INSTALLED}:
            return _Unanswered(CannotTell(), why)
        case _:
            return _Unanswered(CannotTell())


def _profile(shown: AsyncSlackResponse) -> Looked:
    user = shown.get("user")
    if not isinstance(user, Mapping) or not user.get("id"):
        return CannotTell()
    if user.get("deleted") is True or user.get("is_bot") is True:
        return NotFound()
    return Profile(PersonId(str(user["id"])), _zone(user.get("tz")))


def _zone(key: Any) -> ZoneInfo | None:
    """The zone of this name; None for one that is not known here, and for what is no name of a zone."""
    if not isinstance(key, str) or not key:
        return None
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        return None
