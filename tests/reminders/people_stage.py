"""Admins and rosters over a real store and the real audit, with a chat that answers as a test tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import SystemClock
from bot.courts.directory import Directory
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.dates_scribe import DatesScribe
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.reminders.delivery.letter import Why
from bot.reminders.people.admins import Admins
from bot.reminders.people.profiles import Looked, NotFound, Profile
from bot.reminders.people.roster import Roster
from bot.store import Audit, People, PersonRow, Store, WatchRow

TEAM, OTHER = WorkspaceId("T1"), WorkspaceId("T2")


def someone(id: str, workspace: WorkspaceId = TEAM) -> Person:
    """Return a person of Slack."""
    return Person(Platform.SLACK, workspace, PersonId(id))


class FakeProfiles:
    """A Profiles that answers what it is told, by e-mail address, and counts what it is asked."""

    def __init__(self, **people: str) -> None:
        self.answers: dict[str, Looked | list[Looked]] = {}
        self.asked: list[tuple[str, str]] = []
        self.gone: set[str] = set()
        self.homes: set[str] = {TEAM, OTHER}
        for name, id in people.items():
            self.answers[f"{name}@firm.example"] = Profile(PersonId(id), ZoneInfo("America/Chicago"))

    async def zone_of(self, person: Person) -> ZoneInfo | None:
        return None

    async def by_email(self, workspace: WorkspaceId, email: str) -> Looked:
        self.asked.append((workspace, email))
        answer = self.answers.get(email, NotFound())
        if isinstance(answer, list):
            return answer.pop(0) if answer else NotFound()
        return answer

    async def exists(self, workspace: WorkspaceId, person: PersonId) -> bool | None:
        return person not in self.gone

    async def is_home(self, workspace: WorkspaceId) -> bool:
        return workspace in self.homes

    async def may_post(self, workspace: WorkspaceId, channel: str) -> Why | None:
        return None


class HandClock(SystemClock):
    """A clock whose monotonic seconds pass by sleeping alone; what was slept is kept."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@dataclass
class PeopleStage:
    """One replica's admins and rosters over `store`."""

    store: Store
    folder: Path
    first: tuple[str, ...] = ("U1", "U2")
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    clock: HandClock = field(default_factory=HandClock)
    admins: Admins = field(init=False)
    roster: Roster = field(init=False)

    def __post_init__(self) -> None:
        notes = DatesScribe(Recorder(SystemClock(), HeadFile(self.folder)))
        chats = {Platform.SLACK: self.profiles}
        self.admins = Admins(self.store, notes, self.first, chats)
        self.roster = Roster(self.store, notes, Directory.shipped().plainly, chats, self.clock)

    async def said(self) -> list[Mapping[str, Any]]:
        """Return the facts of every line of the audit."""
        async with self.store.work() as work:
            return [json.loads(row.entry)["facts"] for row in await Audit().since(work, 0, 100)]

    async def about(self, id: str, workspace: WorkspaceId = TEAM) -> PersonRow | None:
        """Return what is kept of a person."""
        async with self.store.work() as work:
            return await People().get(work, someone(id, workspace))

    async def courts(self, id: str, workspace: WorkspaceId = TEAM) -> dict[str, str]:
        """Return the courts that are watched for a person, with who said so."""
        async with self.store.work() as work:
            found = await People().watches(work, someone(id, workspace))
        return {row.court: row.by for row in found if row.is_on}

    async def says(self, id: str, court: str, *, on: bool) -> None:
        """Let a person say whether they file at a court."""
        async with self.store.work() as work:
            at = await self.store.now(work)
            await People().watch(work, WatchRow("slack", TEAM, id, court, at, is_on=on))
