"""A calendar over a real store, with the real plan and the real audit; only the time is the test's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.courts.directory import Directory
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.dates_scribe import DatesScribe
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.reminders.dates.calendar import Calendar
from bot.reminders.dates.event_form import EventForm
from bot.reminders.event import CourtEvent
from bot.reminders.plan import Planning
from bot.reminders.planner import SLICE, MakePlan, Planner
from bot.store import NoticeRow, Notices, People, Store, WatchRow
from bot.store.letters_tables import notices

ADMIN = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("UADMIN"))
"""Who keeps the dates of these tests."""


def attorney(name: str) -> Person:
    """An attorney of the same firm."""
    return Person(Platform.SLACK, WorkspaceId("T1"), PersonId(name))


@dataclass
class DateStage:
    """One replica's calendar and planner over `store`, with its head of the audit in `folder`."""

    store: Store
    folder: Path
    make_plan: MakePlan = Planning
    people_at_once: int = SLICE
    notes: DatesScribe = field(init=False)
    planner: Planner = field(init=False)
    calendar: Calendar = field(init=False)

    def __post_init__(self) -> None:
        find = Directory.shipped().by_id
        self.notes = DatesScribe(Recorder(SystemClock(), HeadFile(self.folder)))
        self.planner = Planner(self.store, find, self.make_plan, self.people_at_once)
        self.calendar = Calendar(self.store, self.notes, find, self.planner)

    async def now(self) -> datetime:
        """The store's present moment."""
        async with self.store.work() as work:
            return await self.store.now(work)

    async def watched(self, *names: str, court: str = "arwb") -> None:
        """Let these people file at a court, at any hour of any day, so that what is due is due now."""
        people, now = People(), await self.now()
        async with self.store.work() as work:
            for name in names:
                await people.watch(work, WatchRow("slack", "T1", name, court, now))
                await people.save(work, attorney(name), begins="00:00", ends="23:59", days="1111111")

    async def put(self, days: int = 7, **values: str) -> CourtEvent:
        """Enter the go-live of a court so many days from now, at nine."""
        made = await self.calendar.put(ADMIN, await self.form(days, **values))
        assert isinstance(made, CourtEvent), made
        return made

    async def form(self, days: int, **values: str) -> EventForm:
        """The form of a date so many days from now."""
        day = (await self.now() + timedelta(days=days)).date().isoformat()
        return EventForm(**{"court": "arwb", "day": day, **values})

    async def notices(self, event: CourtEvent) -> tuple[NoticeRow, ...]:
        """Every notice of the event."""
        async with self.store.work() as work:
            return await Notices().of_event(work, event.id)

    async def steps(self, event: CourtEvent, *states: str) -> list[tuple[str, str, str]]:
        """Person, step and occasion of the event's notices in these states."""
        return sorted((row.person, row.step, row.occasion) for row in await self.notices(event) if row.state in states)

    async def sent(self, rows: Iterable[NoticeRow], state: str = "sent") -> None:
        """Let delivery have sent these."""
        ids = [row.id for row in rows]
        async with self.store.work() as work:
            await work.execute(notices.update().where(notices.c.id.in_(ids)).values(state=state, sent_at=work.moment))
