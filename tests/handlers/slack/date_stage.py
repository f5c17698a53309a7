"""`/ecf-golive` in a pretend Slack: the real listeners, over dates kept in memory that decide as the calendar does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.courts.directory import Directory
from bot.people import Person, PersonId
from bot.reminders.dates import deciding
from bot.reminders.dates.change import Change
from bot.reminders.dates.deciding import Decided, Decision
from bot.reminders.dates.event_form import DateField, DateFlaw, DateProblem, EventForm
from bot.reminders.event import CourtEvent, EventId
from bot.reminders.people.admin_outcome import AdminOutcome
from bot.reminders.people.roster_lines import RosterReport, read_roster
from bot.sandbox.slack import BOT_TOKEN, SIGNING_SECRET, PretendMessage, PretendSlack, PretendView
from bot.service.dates import Dates, Kept, NotAdmin
from handlers.slack import Inbound, Tasks, build_app, slack_session
from handlers.slack.admin import Admin, Subcommand
from handlers.slack.admin_door import PATIENCE
from tests.handlers.slack.stage import ANNA, FakeService, person

AT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
COURTS = Directory.shipped()
GASB = EventForm("gasb", day="2027-03-29", source="https://www.gasb.uscourts.gov/nextgen")


@dataclass
class FakeDates:
    """A Dates that keeps everything in memory; `people` are the admins, and ANNA is one."""

    people: list[Person] = field(default_factory=lambda: [person(ANNA)])
    changes: list[Change] = field(default_factory=list)
    told_of: dict[EventId, int] = field(default_factory=dict)
    nobody: set[str] = field(default_factory=set)
    loaded: list[str] = field(default_factory=list)
    report: RosterReport | None = None
    standing: RosterReport = field(default_factory=lambda: RosterReport(0, 0))
    breaks: Exception | None = None
    held: asyncio.Event | None = None
    any_hour: bool = False

    async def admins_of(self, person: Person) -> tuple[PersonId, ...]:
        return tuple(one.id for one in self.people if one.workspace == person.workspace)

    async def check(self, by: Person) -> None:
        if self.held is not None:
            await self.held.wait()
        if self.breaks is not None:
            raise self.breaks
        if by not in self.people:
            raise NotAdmin

    async def events(self, by: Person, court: CourtId | None = None) -> tuple[CourtEvent, ...]:
        await self.check(by)
        latest = {change.event.id: change.event for change in self.changes}
        return tuple(event for event in latest.values() if court in {None, event.court})

    async def event(self, by: Person, event: EventId) -> CourtEvent | None:
        return next((one for one in await self.events(by) if one.id == event), None)

    async def history(self, by: Person, court: CourtId) -> tuple[Change, ...]:
        await self.check(by)
        return tuple(change for change in reversed(self.changes) if change.event.court == court)

    async def last_change(self, by: Person, event: EventId) -> Change | None:
        await self.check(by)
        return next((change for change in reversed(self.changes) if change.event.id == event), None)

    async def told(self, by: Person, event: EventId) -> int:
        await self.check(by)
        return self.told_of.get(event, 0)

    async def put(self, by: Person, form: EventForm) -> Kept:
        for one in await self.events(by):
            if (one.court, one.kind.value) == (form.court, form.kind):
                return (DateProblem(DateField.EVENT, DateFlaw.EXISTS),)
        id = EventId(f"e{len(self.changes) + 1}")
        return self._keep(by, None, deciding.enter(id, form, COURTS.by_id(form.court), by, AT))

    async def change(self, by: Person, event: EventId, edition: int, form: EventForm) -> Kept:
        found = await self._at(by, event, edition)
        if isinstance(found, tuple):
            return found
        return self._keep(by, found, deciding.change(found, form, COURTS.by_id(form.court), by, AT))

    async def confirm(self, by: Person, event: EventId, edition: int) -> Kept:
        found = await self._at(by, event, edition)
        return found if isinstance(found, tuple) else self._keep(by, found, deciding.confirm(found, by, AT))

    async def live(self, by: Person, event: EventId, edition: int) -> Kept:
        found = await self._at(by, event, edition)
        return found if isinstance(found, tuple) else self._keep(by, found, deciding.live(found, by, AT))

    async def withdraw(self, by: Person, event: EventId, edition: int, note: str) -> Kept:
        found = await self._at(by, event, edition)
        if isinstance(found, tuple):
            return found
        return self._keep(by, found, deciding.withdraw(found, note, COURTS.by_id(found.court), by, AT))

    async def add_admin(self, by: Person, who: PersonId) -> AdminOutcome:
        await self.check(by)
        made = Person(by.platform, by.workspace, who)
        if who in self.nobody:
            return AdminOutcome.NOBODY
        if made in self.people:
            return AdminOutcome.ALREADY
        self.people.append(made)
        return AdminOutcome.ADDED

    async def remove_admin(self, by: Person, who: PersonId) -> AdminOutcome:
        await self.check(by)
        gone = Person(by.platform, by.workspace, who)
        if gone not in self.people:
            return AdminOutcome.NO_ADMIN
        if len(await self.admins_of(by)) == 1:
            return AdminOutcome.LAST
        self.people.remove(gone)
        return AdminOutcome.REMOVED

    async def final_day(self, by: Person, any_hour: bool | None = None) -> bool:
        await self.check(by)
        self.any_hour = self.any_hour if any_hour is None else any_hour
        return self.any_hour

    async def check_roster(self, by: Person, text: str) -> RosterReport:
        await self.check(by)
        said = read_roster(text, COURTS.plainly)
        return self.report or RosterReport(len(said.lines), len(said.lines), bad=said.bad)

    async def load_roster(self, by: Person, text: str) -> RosterReport:
        report = await self.check_roster(by, text)
        self.loaded.append(text)
        return report

    async def roster(self, by: Person) -> RosterReport:
        await self.check(by)
        return self.standing

    async def _at(self, by: Person, event: EventId, edition: int) -> CourtEvent | tuple[DateProblem, ...]:
        found = await self.event(by, event)
        if found is None:
            return (DateProblem(DateField.EVENT, DateFlaw.GONE),)
        return found if found.edition == edition else (DateProblem(DateField.EVENT, DateFlaw.STALE),)

    def _keep(self, by: Person, old: CourtEvent | None, decided: Decided) -> Kept:
        if isinstance(decided, Decision):
            self.changes.append(Change(decided.event, decided.what, by, AT))
            return decided.event
        if decided is None:
            assert old is not None
            return old
        return decided


@dataclass
class DateStage:
    """Everything that a test of `/ecf-golive` plays with."""

    slack: PretendSlack
    dates: FakeDates = field(default_factory=FakeDates)
    courts: FakeService = field(default_factory=FakeService)

    async def has(self, form: EventForm = GASB, by: str = ANNA) -> CourtEvent:
        """Let this date be kept."""
        kept = await self.dates.put(person(by), form)
        assert isinstance(kept, CourtEvent), kept
        return kept

    async def said(self, text: str = "", user: str = ANNA) -> PretendMessage:
        """Type the command and return the answer."""
        before = len(self.slack.messages(user))
        reply = await self.slack.command(user, "/ecf-golive", text)
        assert reply.status == 200
        return (await self.slack.wait_for(lambda: self.slack.messages(user)[before:]))[0]

    async def opened(self, text: str, user: str = ANNA) -> PretendView:
        """Type the command and return the form that opens."""
        before = self.slack.open_view(user)
        assert (await self.slack.command(user, "/ecf-golive", text)).status == 200
        return await self._new(before, user)

    async def pressed(self, message: PretendMessage, button: str, by: str = ANNA) -> PretendView:
        """Press a button and return the form that opens for whoever pressed."""
        before = self.slack.open_view(by)
        assert (await self.slack.press(message, button, by)).status == 200
        return await self._new(before, by)

    async def shows(self, words: str, user: str = ANNA) -> None:
        """Wait until something that this person sees outside of forms says `words`."""
        await self.slack.wait_for(lambda: any(words in one.shown for one in self.slack.messages(user)))

    async def view_shows(self, words: str, user: str = ANNA) -> PretendView:
        """Wait until the form in front of this person says `words`, and return it."""
        return await self.slack.wait_for(
            lambda: view if (view := self.slack.open_view(user)) is not None and words in view.shown else None
        )

    async def _new(self, before: PretendView | None, user: str) -> PretendView:
        return await self.slack.wait_for(
            lambda: view if (view := self.slack.open_view(user)) is not None and view is not before else None
        )


@asynccontextmanager
async def golive_in_slack(
    slack: PretendSlack, *, patience: float = PATIENCE, dates: Dates | None = None, **others: Subcommand
) -> AsyncIterator[DateStage]:
    """Run the listeners of `/ecf-golive` beside `slack`, over signed HTTP; `dates` stands for those of memory."""
    stage = DateStage(slack)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(slack_session())
        app = build_app(BOT_TOKEN, SIGNING_SECRET, session, slack.api_url)
        tasks = Tasks()
        stack.push_async_callback(tasks.aclose, 1.0)
        Admin(dates or stage.dates, stage.courts, tasks, others, patience).register(app)
        site = web.Application()
        site.add_routes(Inbound(app, SIGNING_SECRET, SystemClock()).routes())
        runner = web.AppRunner(site, shutdown_timeout=1.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        yield stage
