"""Broadcasts in a pretend Slack: the real listeners, service, rounds and teller over a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.clock import SystemClock
from bot.courts.court import Court, CourtId
from bot.courts.directory import Directory
from bot.people import Person, Platform, WorkspaceId
from bot.reminders.broadcasts.broadcast import BroadcastId, BroadcastState, Progress
from bot.reminders.broadcasts.rounds import BroadcastRounds
from bot.reminders.delivery.contents import Contents
from bot.reminders.delivery.deliver import Delivery
from bot.reminders.delivery.letter import LetterId, Why
from bot.reminders.delivery.rates import Rates
from bot.sandbox.slack import BOT_TOKEN, SIGNING_SECRET, PretendMessage, PretendSlack, PretendView, Reply
from bot.service.broadcasts import BroadcastService
from bot.store import Store
from bot.store.letters import Letters
from handlers.slack import Inbound, OneWorkspace, SlackMessenger, build_app, register, slack_session, web_client
from handlers.slack.admin import Admin
from handlers.slack.admin_door import Door
from handlers.slack.broadcast_teller import SlackBroadcastTeller
from handlers.slack.broadcasts import Broadcasts
from handlers.slack.notices import LetterWriter
from handlers.slack.post import SlackPost
from tests.handlers.slack.date_stage import FakeDates
from tests.handlers.slack.post_stage import Held
from tests.handlers.slack.stage import ANNA, BEN, FakeService, person
from tests.reminders.broadcast_stage import HERE, Replica, settle
from tests.sqlite import made

FORM = {"text": "gasb goes live on Monday.", "court": "gasb"}
NOT_ADMIN = "Only an admin can do this"


@dataclass
class FakeAdmins:
    """ANNA and BEN are admins until a test says otherwise."""

    people: set[Person] = field(default_factory=lambda: {person(ANNA), person(BEN)})

    async def is_admin(self, person: Person) -> bool:
        return person in self.people


@dataclass
class FakeChannels:
    """A chat that says of every channel what a test wants, or never answers."""

    why: Why | None = None
    silent: bool = False

    async def may_post(self, workspace: WorkspaceId, channel: str) -> Why | None:
        if self.silent:
            await asyncio.Event().wait()
        return self.why


class Interrupted(BroadcastService):
    """The service, whose database goes away where a test says so."""

    breaks: Exception | None = None

    async def allow(self, by: Person) -> None:
        await super().allow(by)
        if self.breaks is not None:
            raise self.breaks


def court_of(id: str) -> Court | None:
    """Return the court of the shipped list."""
    return Directory.shipped().by_id(id)


@dataclass
class BroadcastStage:
    """Everything that a test of broadcasts plays with."""

    slack: PretendSlack
    replica: Replica
    service: Interrupted
    admins: FakeAdmins
    channels: FakeChannels
    dates: FakeDates
    delivery: Delivery

    async def opened(self, text: str = "broadcast", user: str = ANNA) -> PretendView:
        """Type the command and return the form that opens."""
        before = self.slack.open_view(user)
        reply = await self.slack.command(user, "/ecf-golive", text)
        assert (reply.status, reply.text) == (200, "")
        return await self.slack.wait_for(
            lambda: view if (view := self.slack.open_view(user)) is not None and view is not before else None
        )

    async def preview(
        self, values: dict[str, str] | None = None, ticks: Sequence[str] = (), user: str = ANNA
    ) -> PretendView:
        """Write a broadcast and return its preview."""
        view = await self.opened(user=user)
        reply = await self.slack.submit(view, values or FORM, ticks)
        assert reply.body["response_action"] == "update", view.errors
        assert view.title == "Preview"
        return view

    async def send(self, user: str = ANNA, **values: str) -> tuple[BroadcastId, PretendMessage]:
        """Write and send a broadcast; return its id, and the message of its progress once that stands."""
        view = await self.preview({**FORM, **values}, user=user)
        id = BroadcastId(str(view.view["private_metadata"]))
        await self.slack.submit(view)
        return id, await self.message("Your broadcast", user)

    async def message(self, words: str, user: str = ANNA) -> PretendMessage:
        """Wait for a lasting message of this person's that says `words`, and return it."""
        found = await self.slack.wait_for(lambda: [one for one in self.slack.direct(user) if words in one.shown])
        return found[-1]

    async def said(self, words: str, user: str = ANNA) -> PretendMessage:
        """Wait for an answer that only this person sees and that says `words`, and return it."""
        seen = self.slack.messages
        found = await self.slack.wait_for(lambda: [one for one in seen(user) if one.ephemeral and words in one.shown])
        return found[-1]

    async def progress(self, id: BroadcastId) -> Progress:
        """Return how far it got."""
        found = await self.replica.broadcaster.progress(HERE, id)
        assert found is not None
        return found

    async def state(self, id: BroadcastId) -> BroadcastState:
        """Return how it stands."""
        return (await self.progress(id)).broadcast.state

    async def delivered(self) -> None:
        """Let the bot deliver every letter that waits, as it does in the service."""
        async with self.replica.store.work() as work:
            waiting = await Letters().waiting(work, 100)
        for letter in waiting:
            await self.delivery.deliver(LetterId(letter))

    async def later(self) -> None:
        """Let the time between two edits of a message pass, and a round come."""
        async with self.replica.store.work() as work:
            await work.connection.exec_driver_sql("UPDATE chat_pace SET next_at = 0")
        await self.replica.rounds.round()

    async def forged(self, view: PretendView, metadata: str, callback: str = "") -> Reply:
        """Send the open form with other metadata than it was given."""
        view.view = {**view.view, "private_metadata": metadata, **({"callback_id": callback} if callback else {})}
        return await self.slack.submit(view, force=True)


@asynccontextmanager
async def broadcasts_in_slack(slack: PretendSlack, folder: Path) -> AsyncIterator[BroadcastStage]:
    """Run the listeners over a firm in an SQLite file in `folder`, beside `slack`, reached over signed HTTP."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        store = await Store.open(made(folder / "broadcasts.db"), clock)
        stack.push_async_callback(store.close)
        await settle(store)
        session = await stack.enter_async_context(slack_session())
        app = build_app(BOT_TOKEN, SIGNING_SECRET, session, slack.api_url)
        clients = OneWorkspace(web_client(BOT_TOKEN, session, slack.api_url, waits=False))
        one = Replica.of(store)
        tellers = {Platform.SLACK: SlackBroadcastTeller(clients, court_of)}
        one = replace(one, rounds=BroadcastRounds(store, Letters(), one.told, tellers))
        admins, channels, dates = FakeAdmins(), FakeChannels(), FakeDates()
        service = Interrupted(one.broadcaster, one.rounds, admins, clock, _court_id, {Platform.SLACK: channels})
        courts, messenger = FakeService(), SlackMessenger(clients, clock)
        stack.push_async_callback(messenger.aclose, 1.0)
        tasks = register(app, courts, messenger)
        stack.push_async_callback(tasks.aclose, 1.0)
        some_dates: Any = dates
        writer = LetterWriter(court_of, clock)
        listeners = Broadcasts(service, Door(some_dates, tasks), court_of, writer.broadcast, clock, tasks)
        listeners.register(app)
        Admin(some_dates, courts, tasks, {"broadcast": listeners}).register(app)
        site = web.Application()
        site.add_routes(Inbound(app, SIGNING_SECRET, clock).routes())
        runner = web.AppRunner(site, shutdown_timeout=1.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        posts = {Platform.SLACK: SlackPost(clients, clock, Held(), writer)}
        quick = Rates(per_second=1000.0, per_channel=1000.0)
        delivery = Delivery(store, posts, one.told, clock, Contents(court_of), me="me", rates=quick)
        yield BroadcastStage(slack, one, service, admins, channels, dates, delivery)


def _court_id(text: str) -> CourtId | None:
    court = Directory.shipped().plainly(text)
    return court.id if court is not None else None
