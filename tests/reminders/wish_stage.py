"""The service of wishes over a real store, with the planner that follows it and a chat that says what it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.courts.directory import Directory
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.dates_scribe import DatesScribe
from bot.register.recorder import Recorder
from bot.reminders.dates.calendar import Calendar
from bot.reminders.dates.event_form import EventForm
from bot.reminders.event import CourtEvent
from bot.reminders.people.profiles import CannotTell, Looked
from bot.reminders.people.wish_form import WatchForm
from bot.reminders.people.wishes import WishBook
from bot.reminders.planner import Planner
from bot.service.watching import WatchService
from bot.store import Audit, Notices, People, PersonRow, Register, RegisterRow, Store

ANNA = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U0ANNA"))
BEN = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U0BEN"))
ADMIN = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U0ADMIN"))
GASB, ALMB = CourtId("gasb"), CourtId("almb")
COURTS = Directory.shipped()


@dataclass
class FakeProfiles:
    """What the chat says of zones."""

    zones: dict[Person, ZoneInfo] = field(default_factory=dict)
    asked: int = 0

    async def zone_of(self, person: Person) -> ZoneInfo | None:
        self.asked += 1
        return self.zones.get(person)

    async def by_email(self, workspace: WorkspaceId, email: str) -> Looked:
        return CannotTell()

    async def exists(self, workspace: WorkspaceId, person: PersonId) -> bool | None:
        return None

    async def is_home(self, workspace: WorkspaceId) -> bool:
        return True

    async def may_post(self, workspace: WorkspaceId, channel: str) -> None:
        return None


@dataclass
class Desk:
    """The service over one store, with what is behind it."""

    store: Store
    service: WatchService
    profiles: FakeProfiles
    calendar: Calendar
    planner: Planner

    async def date(self, days: int, court: str = "gasb") -> CourtEvent:
        """Enter a go-live so many days from now, by the court's own calendar: it decides which step is due."""
        found = COURTS.by_id(court)
        assert found is not None
        day = (datetime.now(found.zone).date() + timedelta(days=days)).isoformat()
        made = await self.calendar.put(ADMIN, EventForm(court=court, day=day, source="https://www.example.gov/x"))
        assert isinstance(made, CourtEvent), made
        return made

    async def row(self, person: Person = ANNA) -> PersonRow:
        """Return what is kept of a person."""
        async with self.store.work() as work:
            found = await People().get(work, person)
        assert found is not None
        return found

    async def stands(self, state: str, person: Person = ANNA, court: str = "gasb") -> None:
        """Let the register say so of a person."""
        now = datetime.now(UTC)
        async with self.store.work() as work:
            row = RegisterRow(person.platform.value, person.workspace, person.id, court, state, now, now)
            await Register().put(work, row)

    async def unsent(self, event: CourtEvent, person: Person = ANNA) -> set[str]:
        """Let the plan's next tick come; return the steps that are planned for a person."""
        await self.planner.round()
        async with self.store.work() as work:
            rows = await Notices().of_event(work, event.id)
        return {row.step for row in rows if row.who == person and row.state == "planned"}

    async def lines(self) -> int:
        """Count the lines of the audit."""
        async with self.store.work() as work:
            return len(await Audit().since(work, 0, 1000))


def desk_of(store: Store, scribe: type[DatesScribe] = DatesScribe) -> Desk:
    """Put the service together over `store`."""
    clock = SystemClock()
    notes = scribe(Recorder(clock, None))
    planner = Planner(store, COURTS.by_id)
    calendar = Calendar(store, notes, COURTS.by_id, planner)
    profiles = FakeProfiles()
    book = WishBook(store, notes)
    service = WatchService(
        book=book, dates=calendar, find=COURTS.by_id, profiles={Platform.SLACK: profiles}, clock=clock
    )
    return Desk(store, service, profiles, calendar, planner)


def form(**values: object) -> WatchForm:
    """Return a form that can be saved."""
    usual: dict[str, object] = {"begins": "08:00", "ends": "16:30", "days": ("0", "2"), "zone": "America/Chicago"}
    return WatchForm(**{**usual, **values})  # type: ignore[arg-type]
