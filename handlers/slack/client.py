"""The Slack Web API clients: one connection pool for all, and retries that cannot post a message twice.

Without a shared session slack_sdk opens a new one, with a new TLS handshake, for every call; its default retry handler
repeats a POST whose body Slack may already have read, which doubles messages (slack.md section 1.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from bot.people import WorkspaceId
from handlers.slack.people import installed_at

STALE = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
"""What becomes of a request on a connection that the other side has closed: no byte of an answer came."""

SLACK_API = "https://slack.com/api/"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class NotInstalled(Exception):
    """The bot has no token for this workspace, or none that can be used: it has to be installed there again."""


class Clients(Protocol):
    """How the messenger reaches a workspace: what it sends does not pass through Bolt, which would find the token."""

    @property
    def bare(self) -> AsyncWebClient:
        """A client without a token, for addresses that carry their own permission (response_url)."""
        ...

    async def of(self, workspace: WorkspaceId) -> AsyncWebClient:
        """Return a client with the token of `workspace`. Raises NotInstalled, and StoreTrouble."""
        ...

    async def is_home(self, workspace: WorkspaceId) -> bool:
        """Tell whether the bot is installed in `workspace` itself. Raises StoreTrouble, and what a call does."""
        ...

    async def refused(self, workspace: WorkspaceId, code: str) -> None:
        """Hear that Slack refused a call of this workspace with `code`; a dead token is then forgotten."""
        ...


class OneWorkspace:
    """The clients of a bot that has one workspace: always the same client."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.bare = client
        self._home: WorkspaceId | None = None

    async def of(self, workspace: WorkspaceId) -> AsyncWebClient:
        """Return the one client there is."""
        return self.bare

    async def is_home(self, workspace: WorkspaceId) -> bool:
        """Tell whether the token is of `workspace`; Slack is asked until it has said so once."""
        if self._home is None:
            self._home = whose(await self.bare.auth_test())
        return self._home == workspace

    async def refused(self, workspace: WorkspaceId, code: str) -> None:
        """Do nothing: an administrator sets SLACK_BOT_TOKEN."""


def whose(own: AsyncSlackResponse) -> WorkspaceId | None:
    """Return the workspace, or the organization, that a token belongs to, as auth.test answered."""
    whole = bool(own.get("is_enterprise_install"))
    return installed_at(own.get("enterprise_id"), own.get("team_id"), whole=whole)


def slack_session(seconds: float = 10.0) -> aiohttp.ClientSession:
    """Return the pool that every call to Slack shares; a call has `seconds` in all. The caller closes it.

    No redirect is followed: Slack's API has none, and a token or a message must not go on to another address.
    """
    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(_not_followed)
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds), trace_configs=[trace])


async def _not_followed(session: object, context: object, params: object) -> None:
    raise aiohttp.ClientError("a redirect in Slack's place was not followed")


def web_client(
    token: str | None, session: aiohttp.ClientSession, api_url: str = SLACK_API, *, waits: bool = True
) -> AsyncWebClient:
    """Return a client for `api_url` that waits out a rate limit (Retry-After) and repeats nothing else.

    With `waits` False it repeats nothing at all: the messenger waits by itself, and then sends what is newest.
    """
    handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=2)] if waits else []
    client = AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=handlers)
    if on_this_machine(api_url):
        client.proxy = None  # the SDK reads a proxy from the environment
    return client


async def open_view(client: AsyncWebClient, trigger: str, view: Mapping[str, Any]) -> AsyncSlackResponse:
    """Open a view; a kept connection that Slack had closed meanwhile costs a second try, and not the form.

    A trigger opens one view, so the second try cannot open another. Raises what a call to Slack raises.
    """
    try:
        return await client.views_open(trigger_id=trigger, view=dict(view))
    except STALE:
        return await client.views_open(trigger_id=trigger, view=dict(view))


def on_this_machine(api_url: str) -> bool:
    """Tell whether this is a pretend Slack, which no proxy leads to."""
    return URL(api_url).host in LOOPBACK


def may_answer_at(response_url: str, api_url: str) -> bool:
    """Tell whether a payload's response_url leads to the Slack that the client speaks to, and nowhere else."""
    api, there = URL(api_url), URL(response_url)
    if api.host in LOOPBACK:
        return there.host in LOOPBACK
    return there.scheme == "https" and there.host == f"hooks.{api.host}"
