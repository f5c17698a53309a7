"""A Watching that keeps everything in memory, and the bot in Slack over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.errors import StoreBusy
from bot.people import Person
from bot.reminders.event import CourtEvent, EventId, Kind, Status
from bot.reminders.hearer import Hours
from bot.reminders.people.wish_form import Later, WatchForm, WatchProblem, read_wishes
from bot.reminders.people.wish_sheet import Linked, Muted, OwnWord, Snoozed, WatchedCourt, WatchSheet, ZoneFrom
from bot.sandbox.slack import BOT_TOKEN, PretendSlack
from bot.sandbox.slack_state import Json, PretendMessage, PretendView
from bot.service.watched import told_again_at
from handlers.slack import slack_session, web_client
from handlers.slack.blocks import Message
from tests.handlers.slack.stage import ANNA, FakeService, Stage, bot_in_slack, person

NOW = datetime(2021, 3, 5, 15, 0, tzinfo=UTC)
"""A Friday, 10 in the morning in Georgia."""

EASTERN = ZoneInfo("America/New_York")
COURTS = Directory.shipped()


def event(court: str = "gasb", day: date | None = date(2021, 3, 29), **more: object) -> CourtEvent:
    """Return a go-live date of a court."""
    found = court_of(court)
    made = CourtEvent(EventId(f"ev-{court}"), found.id, found.zone, Kind.NEXTGEN_GO_LIVE, Status.ANNOUNCED, day)
    return replace(made, **more)  # type: ignore[arg-type]


def court_of(name: str) -> Court:
    """Return a shipped court."""
    found = COURTS.by_id(name)
    assert found is not None, name
    return found


@dataclass
class FakeWatching:
    """Keeps what was asked, by person; `down` lets the store fail, `free` holds every answer back until it is set."""

    now: datetime = NOW
    events: dict[str, CourtEvent] = field(default_factory=dict)
    hours: dict[Person, Hours] = field(default_factory=dict)
    courts: dict[Person, dict[str, WatchedCourt]] = field(default_factory=dict)
    agains: dict[tuple[Person, str], datetime] = field(default_factory=dict)
    zone_from: ZoneFrom = ZoneFrom.CHAT
    down: bool = False
    breaks: Exception | None = None
    free: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)

    def keep(self, court: str, user: str = ANNA, **more: object) -> None:
        """Let somebody watch a court."""
        dates = tuple(one for one in self.events.values() if one.court == court)
        watched = replace(WatchedCourt(court_of(court), events=dates), **more)  # type: ignore[arg-type]
        self.courts.setdefault(person(user), {})[court] = watched

    async def _store(self, what: str) -> None:
        self.asked.append(what)
        if self.free is not None:
            await self.free.wait()
        if self.down:
            raise StoreBusy
        if self.breaks is not None:
            raise self.breaks

    def check(self, form: WatchForm) -> tuple[WatchProblem, ...]:
        read = read_wishes(form, self.now, COURTS.by_id)
        return read if isinstance(read, tuple) else ()

    async def sheet(self, person: Person) -> WatchSheet:
        await self._store("sheet")
        return self._sheet(person)

    def _sheet(self, person: Person) -> WatchSheet:
        hours = self.hours.get(person, Hours(EASTERN))
        return WatchSheet(self.now, hours, self.zone_from, tuple(self.courts.get(person, {}).values()))

    async def save(self, person: Person, form: WatchForm) -> WatchSheet | tuple[WatchProblem, ...]:
        await self._store("save")
        read = read_wishes(form, self.now, COURTS.by_id)
        if isinstance(read, tuple):
            return read
        self.hours[person] = read.hours
        for court in read.leave:
            self.courts.get(person, {}).pop(court, None)
        for court in read.watch:
            self.keep(court, person.id)
        for court in read.unmute:
            self.courts[person][court] = replace(self.courts[person][court], muted=False)
        return self._sheet(person)

    async def watch(self, person: Person, court: str, *, on: bool) -> WatchSheet | None:
        await self._store(f"watch {court} {on}")
        if COURTS.by_id(court) is None:
            return None
        if on:
            self.keep(court, person.id)
        else:
            self.courts.get(person, {}).pop(court, None)
        return self._sheet(person)

    async def snooze(self, person: Person, event: EventId, later: Later | None) -> Snoozed | None:
        await self._store(f"snooze {event} {later}")
        known = self.events.get(event)
        if known is None:
            return None
        hours = self.hours.get(person, Hours(EASTERN))
        if later is None:
            self.agains.pop((person, event), None)
            return Snoozed(court_of(known.court), known, hours)
        if known.court not in self.courts.get(person, {}):
            return Snoozed(court_of(known.court), known, hours, silent=True)
        at = told_again_at(hours, self.now, later)
        self.agains[person, event] = at
        return Snoozed(court_of(known.court), known, hours, at)

    async def mute(self, person: Person, court: str, *, on: bool) -> Muted | None:
        await self._store(f"mute {court} {on}")
        if COURTS.by_id(court) is None:
            return None
        watched = self.courts.get(person, {})
        if court in watched:
            watched[court] = replace(watched[court], muted=on)
        return Muted(court_of(court), on, court in watched)

    async def linked_already(self, person: Person, court: str, *, done: bool) -> OwnWord | None:
        await self._store(f"linked {court} {done}")
        if COURTS.by_id(court) is None:
            return None
        self.keep(court, person.id, linked=Linked.OWN_WORD if done else Linked.NOT_YET)
        return OwnWord(court_of(court), done, self.courts[person][court].linked)


@dataclass
class Watched:
    """The bot in Slack with reminders."""

    stage: Stage
    watching: FakeWatching

    @property
    def slack(self) -> PretendSlack:
        """The pretend Slack."""
        return self.stage.slack

    async def form(self, user: str = ANNA) -> PretendView:
        """Type `/link-ecf watch` and return the form once its fields are there."""
        reply = await self.slack.command(user, "/link-ecf", "watch")
        assert (reply.status, reply.text) == (200, "")
        return await self.shown(user, lambda view: any(view.inputs()))

    async def shown(self, user: str, ready: object) -> PretendView:
        """Wait for the view in front of this person to be as asked."""

        def seen() -> PretendView | None:
            view = self.slack.open_view(user)
            return view if view is not None and ready(view) else None  # type: ignore[operator]

        return await self.slack.wait_for(seen)

    async def said(self, words: str, user: str = ANNA) -> PretendMessage:
        """Wait for a message that says `words`, and return the newest."""

        def seen() -> PretendMessage | None:
            found = [one for one in self.slack.messages(user) if words in one.shown]
            return found[-1] if found else None

        return await self.slack.wait_for(seen)

    async def notice(self, *buttons: tuple[str, str, str], user: str = ANNA) -> PretendMessage:
        """Put a notice with these buttons (text, action, value) into somebody's direct messages."""
        elements = [
            {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": text}, "value": value}
            for text, action, value in buttons
        ]
        block: Json = {"type": "actions", "block_id": "notice", "elements": elements}
        return await self.post(Message("A notice", (block,)), user)

    async def post(self, said: Message, user: str = ANNA) -> PretendMessage:
        """Put a message into somebody's direct messages, as delivery does."""
        async with slack_session() as session:
            client = web_client(BOT_TOKEN, session, self.slack.api_url)
            opened = await client.conversations_open(users=user)
            channel = str(opened["channel"]["id"])
            await client.chat_postMessage(channel=channel, text=said.text, blocks=list(said.blocks))
        return self.slack.direct(user)[-1]


@asynccontextmanager
async def watched_in_slack(slack: PretendSlack, watching: FakeWatching, service: FakeService) -> AsyncIterator[Watched]:
    """Run the bot with reminders beside `slack`."""
    async with bot_in_slack(slack, service, watching=watching) as stage:
        yield Watched(stage, watching)
