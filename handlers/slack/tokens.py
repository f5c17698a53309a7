"""Which token belongs to a workspace: looked up once in five minutes, for Slack's requests and for our own messages.

Bolt by itself reads its store twice and calls auth.test for every request (slack.md section 1.9). What auth.test would
say is in the installation; a token that died is heard of by an event, or by the first call that Slack refuses.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from weakref import WeakValueDictionary

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.people import WorkspaceId
from handlers.slack.client import NotInstalled, web_client
from handlers.slack.installs import SlackInstalls
from handlers.slack.people import installed_at

KEPT_SECONDS = 300.0
REMEMBERED = 1_000
"""Workspaces whose tokens are in memory; beyond it the one that was quiet the longest is looked up again."""


class TokenRefused(Exception):
    """Slack does not take SLACK_APP_TOKEN; trying again would not help."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A token in memory, and the moment (monotonic) from which it is looked up again."""

    found: AuthorizeResult
    until: float


class Tokens:
    """The tokens in memory, in front of the store."""

    def __init__(self, installs: SlackInstalls, clock: Clock) -> None:
        self._installs = installs
        self._clock = clock
        self._kept: OrderedDict[WorkspaceId, _Kept] = OrderedDict()
        self._looking: WeakValueDictionary[WorkspaceId, asyncio.Lock] = WeakValueDictionary()
        self._forgotten = 0

    def __len__(self) -> int:
        return len(self._kept)

    async def of(self, workspace: WorkspaceId) -> AuthorizeResult:
        """Return the bot's token in `workspace`, and who the bot is there. Raises NotInstalled, and StoreTrouble."""
        if (found := self._fresh(workspace)) is not None:
            return found
        lock = self._looking.setdefault(workspace, asyncio.Lock())
        async with lock:
            # Whoever had to wait finds what the first one looked up.
            return self._fresh(workspace) or await self._look_up(workspace)

    def forget(self, workspace: str) -> None:
        """Drop the token of this workspace, also one that is being looked up just now; "" drops all."""
        self._forgotten += 1
        if workspace:
            self._kept.pop(WorkspaceId(workspace), None)
        else:
            self._kept.clear()

    def _fresh(self, workspace: WorkspaceId) -> AuthorizeResult | None:
        kept = self._kept.get(workspace)
        if kept is None or self._clock.monotonic() >= kept.until:
            return None
        self._kept.move_to_end(workspace)
        return kept.found

    async def _look_up(self, workspace: WorkspaceId) -> AuthorizeResult:
        self._kept.pop(workspace, None)
        before = self._forgotten
        installation = await self._installs.find(workspace)
        if installation is None or not installation.bot_token:
            raise NotInstalled
        found = _result(installation)
        if before == self._forgotten:
            self._kept[workspace] = _Kept(found, self._clock.monotonic() + KEPT_SECONDS)
            if len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return found


def _result(installation: Installation) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=installation.enterprise_id,
        team_id=installation.team_id,
        bot_id=installation.bot_id,
        bot_user_id=installation.bot_user_id,
        bot_token=installation.bot_token,
        bot_scopes=installation.bot_scopes,
    )


class OneToken(AsyncAuthorize):
    """Bolt's question for a token, where there is one workspace: always the same answer."""

    def __init__(self, token: str) -> None:
        self._found = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    async def __call__(self, **asked: object) -> AuthorizeResult:
        """Return the one token."""
        return self._found


class TokenOfRequest(AsyncAuthorize):
    """Bolt's question for a token, where there are many workspaces."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        """Return the token of the workspace that a request came to.

        Raises NotInstalled, for trouble.py to say in words: Bolt's own answer to None is an apology in a shape that a
        form cannot show.
        """
        workspace = installed_at(enterprise_id, team_id, whole=bool(context.is_enterprise_install))
        if workspace is None:
            raise NotInstalled
        return await self._tokens.of(workspace)


class ManyWorkspaces:
    """The clients of a bot that many workspaces installed (client.Clients)."""

    def __init__(self, tokens: Tokens, session: aiohttp.ClientSession, api_url: str) -> None:
        self._tokens = tokens
        self._session = session
        self._api_url = api_url
        self.bare = web_client(None, session, api_url, waits=False)

    async def of(self, workspace: WorkspaceId) -> AsyncWebClient:
        """Return a client with the token of `workspace`. Raises NotInstalled, and StoreTrouble."""
        found = await self._tokens.of(workspace)
        return web_client(found.bot_token, self._session, self._api_url, waits=False)

    async def is_home(self, workspace: WorkspaceId) -> bool:
        """Tell whether `workspace` has installed the bot. Raises StoreTrouble."""
        try:
            await self._tokens.of(workspace)
        except NotInstalled:
            return False
        return True

    async def refused(self, workspace: WorkspaceId, code: str) -> None:
        """Forget a token that Slack does not take any more: the next call looks whether there is a newer one."""
        if code in DEAD:
            self._tokens.forget(workspace)


DEAD = frozenset({"token_revoked", "account_inactive", "invalid_auth", "token_expired", "not_authed"})
"""Refusals that mean the token, not the call."""
