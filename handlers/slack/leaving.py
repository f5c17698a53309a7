"""When a workspace removes the bot, or takes its token back: nothing of it is kept, and what runs for it is stopped.

Slack tells one replica, by an event that it repeats until it is answered with 200. That one removes the records and
tells the others through the store; each of them drops the token from memory and stops the attempts that it runs itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.errors import StoreTrouble
from bot.people import Platform, WorkspaceId
from bot.service import Service
from handlers.slack.client import NotInstalled
from handlers.slack.installs import SlackInstalls
from handlers.slack.people import workspace_of
from handlers.slack.tasks import Tasks
from handlers.slack.tokens import Tokens
from handlers.slack.trouble import describe

log = logging.getLogger(__name__)

LATE = timedelta(seconds=60)
"""How far Slack's clock and ours may differ before an event counts as older than an installation."""

Body = dict[str, Any]


class Leaving:
    """The listeners of app_uninstalled and tokens_revoked, and of word from other replicas."""

    def __init__(self, installs: SlackInstalls, tokens: Tokens, service: Service, tasks: Tasks) -> None:
        self._installs = installs
        self._tokens = tokens
        self._service = service
        self._tasks = tasks

    def register(self, app: AsyncApp) -> None:
        """Add the listeners of both events."""
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.revoked)

    def listen(self) -> Callable[[], None]:
        """Hear from now on who came or went anywhere; returns what ends it."""
        return self._installs.records.listen(self._heard)

    async def uninstalled(self, body: Body) -> BoltResponse:
        """Remove everything of a workspace that removed the bot."""
        return await self._left(body)

    async def revoked(self, body: Body) -> BoltResponse:
        """Remove everything of a workspace whose bot token was taken back; a person's own token is that person's."""
        revoked = body["event"].get("tokens") or {}
        if revoked.get("bot"):
            return await self._left(body)
        workspace = workspace_of(body)
        try:
            for user in revoked.get("oauth") or () if workspace else ():
                await self._installs.async_delete_installation(enterprise_id=None, team_id=workspace, user_id=str(user))
        except StoreTrouble as trouble:
            return _again(trouble)
        return BoltResponse(status=200)

    async def _left(self, body: Body) -> BoltResponse:
        """Remove what is kept, then stop what runs. 503 where the database does not answer: Slack then asks again."""
        workspace = workspace_of(body)
        if workspace is None:
            return BoltResponse(status=200)
        self._tokens.forget(workspace)
        try:
            removed = await self._installs.remove(workspace, _before(body))
            if not removed and await self._installs.find(workspace) is not None:
                return BoltResponse(status=200)  # installed again since: the event is an old one that came late
        except StoreTrouble as trouble:
            return _again(trouble)
        if removed:
            log.info("a workspace removed the bot: its installation is deleted")
        await self._service.stop_workspace(Platform.SLACK, workspace)
        return BoltResponse(status=200)

    def _heard(self, workspace: str) -> None:
        self._tokens.forget(workspace)
        if workspace:
            self._tasks.start(self._look(WorkspaceId(workspace)), "see who is installed")

    async def _look(self, workspace: WorkspaceId) -> None:
        """Stop what runs here for a workspace that is gone; while the database does not say so, nothing is stopped."""
        try:
            await self._tokens.of(workspace)
        except NotInstalled:
            await self._service.stop_workspace(Platform.SLACK, workspace)
        except StoreTrouble as trouble:
            log.warning("could not see whether a workspace is installed: %s", describe(trouble))


def _before(body: Body) -> datetime | None:
    at = body.get("event_time")
    return datetime.fromtimestamp(at, UTC) + LATE if isinstance(at, int) and 0 < at < 2**36 else None


def _again(trouble: StoreTrouble) -> BoltResponse:
    log.error("a workspace that left could not be deleted yet: %s", describe(trouble))
    return BoltResponse(status=503)
