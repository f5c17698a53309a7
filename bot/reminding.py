"""Dates, reminders and broadcasts put together over their store, without any chat, and the ticks that run them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.courts.court import CourtId
from bot.courts.directory import Directory
from bot.people import Platform
from bot.register.dates_scribe import DatesScribe
from bot.register.recorder import Recorder
from bot.reminders.broadcasts.broadcaster import Broadcaster
from bot.reminders.broadcasts.rounds import BroadcastRounds, BroadcastTeller
from bot.reminders.clock import Ticks
from bot.reminders.dates.believing import Believers
from bot.reminders.dates.calendar import Calendar
from bot.reminders.delivery.contents import Contents
from bot.reminders.delivery.deliver import Delivery
from bot.reminders.delivery.dispatch import Dispatcher, LocalDispatcher, QueueDispatcher
from bot.reminders.delivery.letter import LetterId, Post
from bot.reminders.delivery.rates import Rates
from bot.reminders.final_day import FinalDay
from bot.reminders.people.admins import Admins
from bot.reminders.people.profiles import Profiles
from bot.reminders.people.roster import Roster
from bot.reminders.people.wishes import WishBook
from bot.reminders.planner import Planner
from bot.service.broadcasts import BroadcastService
from bot.service.court_list import CourtList
from bot.service.dates import DateService
from bot.service.watching import WatchService
from bot.settings import Settings
from bot.store import Store
from bot.store.letters import Letters

MATCHING_SECONDS = 20.0
"""How long one tick may look up people of a roster: a minute's tick is not to be missed for it."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds between the ticks (design 7); a demonstration and tests are in more of a hurry."""

    plan: float = 60.0
    dispatch: float = 5.0
    rescue: float = 30.0
    watchdog: float = 5.0


@dataclass(frozen=True, slots=True)
class Chats:
    """What each chat does for reminders; filled by app.py, because a chat needs the services before it is reached."""

    posts: dict[Platform, Post] = field(default_factory=dict)
    profiles: dict[Platform, Profiles] = field(default_factory=dict)
    tellers: dict[Platform, BroadcastTeller] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reminding:
    """The services of dates, and what has to be run for them."""

    watching: WatchService
    dates: DateService
    broadcasts: BroadcastService
    chats: Chats
    planner: Planner
    ticks: Ticks
    dispatcher: Dispatcher

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Plan, deliver and broadcast for as long as this is entered; enter it once the chats are filled in."""
        async with AsyncExitStack() as stack:
            # The ticks end first: nothing new is gathered while what is on its way arrives.
            await stack.enter_async_context(self.dispatcher)
            await stack.enter_async_context(self.ticks)
            yield


def reminding(
    settings: Settings,
    store: Store,
    recorder: Recorder,
    clock: Clock,
    listed: CourtList,
    *,
    me: str,
    tempo: Tempo | None = None,
    rates: Rates | None = None,
) -> Reminding:
    """Build the services of dates over `store`; `me` names this process, and no other that runs at the same time."""

    courts = listed.directory
    notes, letters, chats = DatesScribe(recorder), Letters(), Chats()
    planner = Planner(store, courts.by_id)
    calendar = Calendar(store, notes, courts.by_id, planner)
    admins = Admins(store, notes, settings.admins, chats.profiles)
    roster = Roster(store, notes, courts.plainly, chats.profiles, clock)
    rounds = BroadcastRounds(store, letters, notes, chats.tellers)
    delivery = Delivery(store, chats.posts, notes, clock, Contents(courts.by_id), me=me, rates=rates)
    dispatcher = _dispatcher(settings, store, clock, delivery)
    return Reminding(
        WatchService(
            book=WishBook(store, notes), dates=calendar, find=courts.by_id, profiles=chats.profiles, clock=clock
        ),
        DateService(calendar, Believers(store, courts.by_id), admins, roster, FinalDay(store, notes)),
        BroadcastService(
            Broadcaster(store, letters, notes), rounds, admins, clock, _id_of(courts), channels=chats.profiles
        ),
        chats,
        planner,
        _ticks(clock, tempo or Tempo(), planner, rounds, roster, listed, dispatcher),
        dispatcher,
    )


def _id_of(courts: Directory) -> Callable[[str], CourtId | None]:
    def id_of(text: str) -> CourtId | None:
        court = courts.plainly(text)
        return court.id if court is not None else None

    return id_of


def _dispatcher(settings: Settings, store: Store, clock: Clock, delivery: Delivery) -> Dispatcher:
    """On PostgreSQL the queue, which any replica works at; on a file this process alone."""
    if settings.database.startswith("sqlite"):
        return LocalDispatcher(store, delivery.deliver)
    from bot.store.queue import Queue

    async def deliver(letter: str) -> None:
        await delivery.deliver(LetterId(letter))

    return QueueDispatcher(store, Queue(settings.database, deliver, clock))


def _ticks(
    clock: Clock,
    tempo: Tempo,
    planner: Planner,
    rounds: BroadcastRounds,
    roster: Roster,
    listed: CourtList,
    dispatcher: Dispatcher,
) -> Ticks:
    async def match() -> int:
        return await roster.match_round(min(MATCHING_SECONDS, tempo.plan / 2))

    return Ticks(
        clock,
        {
            "plan": (tempo.plan, planner.round),
            "match": (tempo.plan, match),
            "courts": (tempo.plan, listed.round),
            "dispatch": (tempo.dispatch, dispatcher.round),
            "broadcasts": (tempo.dispatch, rounds.round),
            "rescue": (tempo.rescue, dispatcher.rescue),
        },
        look=tempo.watchdog,
    )
