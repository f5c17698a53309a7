"""Slack: translate, never decide.

app.py builds it so: `hush()`, `slack_session()`, `build_app(...)`, `SlackMessenger(...)`, `register(...)`, then the
routes of `Inbound`, or a `Socket`, which is loaded from `socket.py` by a firm that has it alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.service import Service
from bot.service.broadcasts import Broadcasting
from bot.service.dates import Dates
from bot.service.pages import Intake, Pages
from bot.service.watching import Watching
from handlers.slack.admin import Admin
from handlers.slack.admin_door import Door
from handlers.slack.broadcast_teller import SlackBroadcastTeller
from handlers.slack.broadcasts import Broadcasts
from handlers.slack.client import SLACK_API, Clients, OneWorkspace, on_this_machine, slack_session, web_client
from handlers.slack.inbound import Inbound
from handlers.slack.link import Link
from handlers.slack.messenger import SlackMessenger
from handlers.slack.notice_buttons import NoticeButtons
from handlers.slack.notices import LetterWriter
from handlers.slack.page_closed import SlackPageTeller
from handlers.slack.page_link import PageLinks
from handlers.slack.post import SlackPost
from handlers.slack.presence import Seen, SignsOfLife
from handlers.slack.profiles import SlackProfiles
from handlers.slack.questions import Questions
from handlers.slack.quiet import hush
from handlers.slack.reminders import Reminders
from handlers.slack.tasks import Tasks
from handlers.slack.tokens import OneToken, TokenOfRequest
from handlers.slack.trouble import guard
from handlers.slack.workspaces import Workspaces

__all__ = [
    "Clients",
    "Inbound",
    "LetterWriter",
    "OneWorkspace",
    "SlackBroadcastTeller",
    "SlackMessenger",
    "SlackPageTeller",
    "SlackPost",
    "SlackProfiles",
    "Tasks",
    "Workspaces",
    "build_app",
    "hush",
    "register",
    "register_admins",
    "slack_session",
    "web_client",
]


def build_app(
    access: str | TokenOfRequest,
    signing_secret: str,
    session: aiohttp.ClientSession,
    api_url: str = SLACK_API,
    install_url: str = "",
) -> AsyncApp:
    """Return the Bolt app, without listeners; `access` is one workspace's bot token, or what finds that of each.

    `process_before_response` answers at once instead of polling every 10 ms, and never loses an acknowledgement to an
    exception; an `authorize` of our own saves an auth.test for each request (slack.md sections 1.2 and 1.9).
    `install_url` is told in a workspace without an installation.
    """
    app = AsyncApp(
        name="slack_bolt.link_ecf",  # beneath slack_bolt, so that quiet.py covers the loggers named after the app
        signing_secret=signing_secret,
        client=web_client(None, session, api_url),
        authorize=OneToken(access) if isinstance(access, str) else access,
        process_before_response=True,
        raise_error_for_unhandled_request=True,  # ends in trouble.py, which tells events from the rest
    )
    if on_this_machine(api_url):
        app.middleware(_without_proxy)
    guard(app, install_url)
    return app


async def _without_proxy(client: AsyncWebClient, next: Callable[[], Awaitable[None]]) -> None:
    """Bolt makes a client for each request, and each reads a proxy from the environment again."""
    client.proxy = None
    await next()


def register(
    app: AsyncApp,
    service: Service,
    messenger: SlackMessenger,
    watching: Watching | None = None,
    pages: Pages | None = None,
    intake: Intake = Intake.MODAL,
    seen: Seen | None = None,
) -> Tasks:
    """Add an attorney's listeners to `app`, those that are used most first; returns the tasks, to be closed at the end.

    Without `watching` there are no reminders, and so neither their commands nor their buttons. `pages` is the door of
    the private page where `intake` is not the modal; the messenger is told the same `intake`. `seen` hears of every
    person who types or presses something.
    """
    tasks = Tasks()
    reminders = Reminders(service, watching, tasks) if watching is not None else None
    Link(service, messenger, tasks, reminders, intake).register(app)
    Questions(service, tasks, intake).register(app)
    if seen is not None:
        app.middleware(SignsOfLife(seen, tasks).__call__)
    if pages is not None:
        PageLinks(service, pages, intake, tasks).register(app)
    if watching is not None and reminders is not None:
        reminders.register(app)
        NoticeButtons(watching, tasks).register(app)
    return tasks


def register_admins(
    app: AsyncApp,
    service: Service,
    dates: Dates,
    broadcasts: Broadcasting,
    writer: LetterWriter,
    clock: Clock,
    tasks: Tasks,
) -> None:
    """Add the listeners of `/ecf-golive` to `app`; `writer` shows a broadcast as its recipients will see it."""
    listeners = Broadcasts(broadcasts, Door(dates, tasks), service.court_by_id, writer.broadcast, clock, tasks)
    listeners.register(app)
    Admin(dates, service, tasks, {"broadcast": listeners}).register(app)
