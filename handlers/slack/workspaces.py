"""A bot that many workspaces install: everything that stands in the place of one SLACK_BOT_TOKEN, put together."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.clock import Clock
from bot.secret import Secret
from bot.service import Service
from handlers.slack.client import web_client
from handlers.slack.installs import InstallRecords, SlackInstalls
from handlers.slack.leaving import Leaving
from handlers.slack.oauth import INSTALL, InstallRoutes
from handlers.slack.tasks import Tasks
from handlers.slack.tokens import ManyWorkspaces, TokenOfRequest, Tokens


class Workspaces:
    """The workspaces that installed the bot, over the records of the database.

    `clients` is for the messenger, `access` for build_app, `install_url` for both ends of "install it again".
    """

    def __init__(
        self, records: InstallRecords, session: aiohttp.ClientSession, clock: Clock, api_url: str, public_url: str = ""
    ) -> None:
        self._session = session
        self._clock = clock
        self._api_url = api_url
        self._public_url = public_url
        self.installs = SlackInstalls(records)
        self.tokens = Tokens(self.installs, clock)
        self.clients = ManyWorkspaces(self.tokens, session, api_url)
        self.access = TokenOfRequest(self.tokens)

    @property
    def install_url(self) -> str:
        """Where a workspace installs the bot, as people see it; "" without PUBLIC_URL."""
        return f"{self._public_url}{INSTALL}" if self._public_url else ""

    def watch(self, app: AsyncApp, service: Service, tasks: Tasks) -> Callable[[], None]:
        """Hear, from now on, of workspaces that leave; returns what ends it."""
        leaving = Leaving(self.installs, self.tokens, service, tasks)
        leaving.register(app)
        return leaving.listen()

    def routes(self, client_id: str, client_secret: Secret | None) -> list[web.RouteDef]:
        """Return the addresses at which the bot is installed. Raises ValueError without the app's id and secret."""
        if not client_id or not client_secret:
            raise ValueError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together")
        client = web_client(None, self._session, self._api_url, waits=False)
        return InstallRoutes(
            self.installs,
            client,
            self._clock,
            client_id=client_id,
            client_secret=client_secret.reveal(),
            public_url=self._public_url,
        ).routes()
