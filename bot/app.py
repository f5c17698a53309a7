"""Puts the parts together and runs them: the only file that knows everybody."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot import logs
from bot.attempts.cell import shut_memory
from bot.clock import Clock, SystemClock
from bot.errors import StoreTrouble
from bot.front import front, intake_of, private_page
from bot.installs import SealedInstalls
from bot.parts import Parts, kept_parts, why_no_server
from bot.people import Platform
from bot.reminders.delivery.direct import DirectBook
from bot.reminding import Tempo
from bot.secret import Secret
from bot.service.repeats import StoreRepeats
from bot.settings import Settings
from bot.store.letters import Letters
from bot.web import health_routes
from bot.words.waiting import barred_words
from handlers.slack import (
    Clients,
    Inbound,
    LetterWriter,
    OneWorkspace,
    SlackBroadcastTeller,
    SlackMessenger,
    SlackPageTeller,
    SlackPost,
    SlackProfiles,
    Tasks,
    Workspaces,
    build_app,
    hush,
    register,
    register_admins,
    slack_session,
    web_client,
)

if TYPE_CHECKING:
    from handlers.slack.socket import Socket

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 25.0
"""What running attempts have after SIGTERM; container platforms kill after 30 s by default."""

WAITING_SECONDS = 0.5
"""Between two looks for a database that is not there when the service starts."""


class Application:
    """The running service, for as long as its context is entered; leaving it drains.

    `parts` gives a service of its own, without dates, as tests do; without it the service stands over its store, from
    entering on. `tempo` is that of the ticks.
    Raises WrongSetting for settings that Slack, attempts or the page cannot work with, StoreTrouble for a database that
    cannot be used, OSError when the port is taken, and TokenRefused (handlers) when Slack does not take the app token.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        *,
        parts: Parts | None = None,
        drain_seconds: float = DRAIN_SECONDS,
        tempo: Tempo | None = None,
    ) -> None:
        self._settings = settings.require_slack().require_ways_in()
        self._clock = clock or SystemClock()
        self._parts: Parts | None = parts
        self._drain_seconds = drain_seconds
        self._tempo = tempo or Tempo()
        self._open = AsyncExitStack()
        self._socket: Socket | None = None
        self.port = settings.port

    @property
    def parts(self) -> Parts:
        """The service and what is behind it. Raises RuntimeError before the context is entered."""
        if self._parts is None:
            raise RuntimeError("the application has not begun")
        return self._parts

    @property
    def mode(self) -> str:
        """How Slack reaches the bot: by HTTP, or by Socket Mode where there is an app token and no signing secret."""
        return "http" if self._settings.slack_signing_secret is not None else "socket"

    async def __aenter__(self) -> Self:
        hush()
        async with self._open:
            await self._begin()
            self._open.enter_context(_loaded_once())
            self._open = self._open.pop_all()
        log.info("started", mode=self.mode, host=self._settings.host, port=self.port)
        return self

    async def _begin(self) -> None:
        if self._parts is None:
            self._parts = await self._open.enter_async_context(
                kept_parts(self._settings, self._clock, tempo=self._tempo)
            )
        await self._open.enter_async_context(self.parts.processes())
        app, pages = await self._slack()
        routes = health_routes(self.why_not_ready, self.warning) + pages
        routes += private_page(self._settings, self.parts.pages)
        if self._settings.slack_signing_secret is not None:
            routes += self._inbound(app, self._settings.slack_signing_secret).routes()
        self.port = await self._open.enter_async_context(front(self._settings, routes))
        if self.mode == "socket":
            self._socket = await self._open.enter_async_context(self._socket_mode(app))
        if self.parts.kept is not None:
            await self._open.enter_async_context(self.parts.kept.reminding.running())
        # Left first, while everything above still answers: buttons pressed during the drain count.
        self._open.push_async_callback(self._drain)

    async def _slack(self) -> tuple[AsyncApp, list[web.RouteDef]]:
        """Build the Slack side and its pages; what it leaves behind at the end is closed in the reverse order."""
        given = self._settings
        signing = given.slack_signing_secret.reveal() if given.slack_signing_secret else ""
        token = given.slack_bot_token.reveal() if given.slack_bot_token else ""
        session = await self._open.enter_async_context(slack_session())
        many = self._many_workspaces(session) if given.many_workspaces else None
        one = OneWorkspace(web_client(token, session, given.slack_api_url, waits=False))
        clients = many.clients if many else one
        intake = intake_of(given, self.parts.pages)
        messenger = SlackMessenger(clients, self._clock, places=self.parts.places, intake=intake)
        self.parts.messengers.add(Platform.SLACK, messenger)
        where = many.install_url if many else ""
        app = build_app(many.access if many else token, signing, session, given.slack_api_url, where)
        tasks = self._listeners(app, messenger, clients)
        self._open.push_async_callback(messenger.aclose)
        self._open.push_async_callback(tasks.aclose)
        teller = SlackPageTeller(clients, self._clock, given.contact)
        self.parts.page_tellers[Platform.SLACK] = teller
        self._open.push_async_callback(teller.aclose)
        if many is None:
            return app, []
        self._open.callback(many.watch(app, self.parts.service, tasks))
        return app, many.routes(given.slack_client_id, given.slack_client_secret)

    def _listeners(self, app: AsyncApp, messenger: SlackMessenger, clients: Clients) -> Tasks:
        """Add what Slack's people may ask for; dates only where there is a store to keep them in."""
        service, kept, pages = self.parts.service, self.parts.kept, self.parts.pages
        if kept is None:
            return register(app, service, messenger)
        dated = kept.reminding
        writer = LetterWriter(service.court_by_id, self._clock)
        dated.chats.posts[Platform.SLACK] = SlackPost(clients, self._clock, DirectBook(kept.store), writer)
        dated.chats.profiles[Platform.SLACK] = SlackProfiles(clients, self._clock)
        dated.chats.tellers[Platform.SLACK] = SlackBroadcastTeller(clients, service.court_by_id)
        intake, watching = intake_of(self._settings, pages), dated.watching
        tasks = register(app, service, messenger, watching, pages, intake, seen=watching.seen)
        register_admins(app, service, dated.dates, dated.broadcasts, writer, self._clock, tasks)
        return tasks

    def _many_workspaces(self, session: aiohttp.ClientSession) -> Workspaces:
        """Return the workspaces that install the bot by themselves, over their sealed records."""
        kept, given = self.parts.kept, self._settings
        if kept is None:
            raise RuntimeError("installations need a store")
        if given.slack_bot_token is not None:
            log.warning("setting_not_used", setting="SLACK_BOT_TOKEN")
        records = SealedInstalls(kept.store, kept.vault, self._clock, kept.recorder)
        return Workspaces(records, session, self._clock, given.slack_api_url, given.public_url)

    def _inbound(self, app: AsyncApp, signing_secret: Secret) -> Inbound:
        """Return the edge; what one replica took no other takes again, where there is a store to know it by."""
        return Inbound(app, signing_secret.reveal(), self._clock, self._shared())

    def _shared(self) -> StoreRepeats | None:
        kept = self.parts.kept
        return StoreRepeats(kept.store, self._clock) if kept is not None else None

    def _socket_mode(self, app: AsyncApp) -> Socket:
        from handlers.slack.socket import Socket

        token = self._settings.slack_app_token
        return Socket(app, token.reveal() if token else "", app.client, self._clock, self._shared())

    async def why_not_ready(self) -> str:
        """Return why no request should be sent here, "" when all is well."""
        if self.parts.desk.closing:
            return "stopping"
        if self.parts.kept is not None and (why := await self.parts.kept.book.ready()):
            return why
        if self.parts.kept is not None and (why := self.parts.kept.reminding.ticks.why_not_well()):
            return why
        if self.mode == "socket" and (self._socket is None or not await self._socket.connected()):
            return "not connected to Slack"
        return ""

    async def warning(self) -> str:
        """Return what an administrator has to see to although requests are answered, "" when there is nothing."""
        if self.parts.kept is None:
            return ""
        try:
            async with self.parts.kept.store.work() as work:
                waiting = await Letters().barred(work)
        except StoreTrouble:
            return ""
        counted: Counter[str] = Counter()
        for _, _, code, count in waiting:
            counted[code] += count
        return "\n".join(barred_words(sorted(counted.items())))

    async def _drain(self) -> None:
        log.info("draining", running=self.parts.desk.running, seconds=self._drain_seconds)
        await self.parts.desk.drain(self._drain_seconds)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()


@contextmanager
def _loaded_once() -> Iterator[None]:
    """Leave what is loaded by now out of every later collection of cycles.

    A full one holds the event loop while it looks at every object of every library: 0.1 s, and every request with it.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def database_there(settings: Settings, clock: Clock, stop: asyncio.Event) -> None:
    """Return once the database answers, or `stop` is set; meanwhile /readyz says why the service is not ready.

    A server that starts after the bot, or that is away while the bot is started again, needs nobody's hand.
    """
    why = await why_no_server(settings, clock)
    if not why:
        return

    async def why_not_ready() -> str:
        return why

    async with front(settings, health_routes(why_not_ready)) as port:
        log.warning("waiting_for_database", host=settings.host, port=port, error=why)
        while why and not stop.is_set():
            await clock.sleep(WAITING_SECONDS)
            why = await why_no_server(settings, clock)


async def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Run the service until SIGTERM or SIGINT; `say` gets `ready` once /readyz answers 200.

    A PostgreSQL that is down at the start is waited for. Raises what Application raises.
    """
    clock = SystemClock()
    logs.set_up(settings.log_level)
    shut_memory()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl-C then ends the process at once
            loop.add_signal_handler(name, stop.set)
    await database_there(settings, clock, stop)
    if stop.is_set():
        return
    async with Application(settings, clock) as app:
        while not stop.is_set() and await app.why_not_ready():
            await clock.sleep(0.1)
        if not stop.is_set():
            say("ready")
        await stop.wait()
