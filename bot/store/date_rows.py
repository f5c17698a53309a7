"""The rows of dates, people, notices and letters as plain values; their meaning is their writers' affair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.store.rows import JsonObject


def _who(platform: str, workspace: str, person: str) -> Person:
    return Person(Platform(platform), WorkspaceId(workspace), PersonId(person))


@dataclass(frozen=True, slots=True)
class EventRow:
    """A court's date as it stands; day (YYYY-MM-DD), time (HH:MM) and black-out are the court's wall clock."""

    id: str
    court: str
    kind: str
    status: str
    changed_at: datetime
    day: str | None = None
    time: str | None = None
    coarse: str = ""
    blackout_start: str | None = None
    blackout_end: str | None = None
    source: str = ""
    note: str = ""
    order_number: str = ""
    emergency_channel: str = ""
    emergency_until: str = ""
    verified_at: datetime | None = None
    verified_by: str | None = None
    version: int = 1
    edition: int = 1
    live_since: datetime | None = None
    closings: Sequence[Sequence[Any]] | None = None
    """Once the black-out has changed: from which version on which one stood, as [version, start, end]."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of an event: `entry` is the event as it stood after it."""

    event: str
    edition: int
    at: datetime
    by: str
    what: str
    entry: JsonObject


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What is kept of a person who hears of dates; `gone` says why nothing could be sent to them, "" when it could.

    From a day after `gone_at` on it is tried again. `zone` is "" while nobody knows it. `days` has a 1 or a 0 for each
    day from Monday. `dm_channel` is the chat's own name of the place where the bot writes to them.
    """

    platform: str
    workspace: str
    person: str
    zone: str = ""
    begins: str = "09:00"
    ends: str = "17:30"
    days: str = "1111100"
    vacation_from: str | None = None
    vacation_until: str | None = None
    office: str = ""
    email: str = ""
    dm_channel: str = ""
    gone: str = ""
    profile_at: datetime | None = None
    gone_at: datetime | None = None

    @property
    def who(self) -> Person:
        """The person."""
        return _who(self.platform, self.workspace, self.person)


@dataclass(frozen=True, slots=True)
class WatchRow:
    """That a person files at a court; `by` is self or roster. Off and muted rows stay, as what the person said."""

    platform: str
    workspace: str
    person: str
    court: str
    since: datetime
    is_on: bool = True
    muted: bool = False
    by: str = "self"

    @property
    def who(self) -> Person:
        """The person."""
        return _who(self.platform, self.workspace, self.person)


@dataclass(frozen=True, slots=True)
class AgainRow:
    """When a person asked to be told of an event again."""

    platform: str
    workspace: str
    person: str
    event: str
    due_at: datetime
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class HearerRow:
    """One person who files at an event's court, with everything that planning needs but what they heard."""

    about: PersonRow
    done: bool
    muted: bool
    again: datetime | None

    @property
    def who(self) -> Person:
        """The person."""
        return self.about.who

    @property
    def key(self) -> tuple[str, str, str]:
        """Platform, workspace, person."""
        return self.about.platform, self.about.workspace, self.about.person


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a roster: `person` is who was found in the chat by the e-mail, None for nobody, and `why`."""

    platform: str
    workspace: str
    email: str
    office: str
    courts: Sequence[str]
    person: str | None
    why: str
    loaded_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class AdminRow:
    """One admin of a workspace; `by` made them one."""

    platform: str
    workspace: str
    person: str
    by: str
    at: datetime

    @property
    def who(self) -> Person:
        """The admin."""
        return _who(self.platform, self.workspace, self.person)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One step of one event for one person; state: planned, queued, sent, skipped, cancelled, failed, perhaps.

    `letter` carries it from queued on; `why` says why it was skipped, cancelled or failed.
    """

    id: str
    platform: str
    workspace: str
    person: str
    event: str
    court: str
    version: int
    occasion: str
    step: str
    due_at: datetime
    heard: str | None = None
    told: str | None = None
    state: str = "planned"
    why: str = ""
    letter: str | None = None
    sent_at: datetime | None = None

    @property
    def who(self) -> Person:
        """The person."""
        return _who(self.platform, self.workspace, self.person)


@dataclass(frozen=True, slots=True)
class Span:
    """The people whose keys come after `after` up to and with `upto`, in the database's own order; None is no end."""

    after: tuple[str, str, str] | None = None
    upto: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was done to make the notices of an event those that are wanted."""

    planned: int = 0
    cancelled: int = 0

    def __add__(self, other: Reconciled) -> Reconciled:
        return Reconciled(self.planned + other.planned, self.cancelled + other.cancelled)


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One message to one recipient; `kind` says whether that is a person or a channel.

    state: queued, sending, sent, failed, perhaps, skipped. `unsure`: it may have arrived, and is looked up before it
    is sent again. `place` and `stamp` are the chat's own names of where it arrived.
    """

    id: str
    platform: str
    workspace: str
    recipient: str
    kind: str
    not_before: datetime
    created_at: datetime
    changed_at: datetime
    broadcast: str | None = None
    state: str = "queued"
    attempts: int = 0
    unsure: bool = False
    claimed_by: str = ""
    lease_until: datetime | None = None
    first_try: datetime | None = None
    place: str = ""
    stamp: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class BroadcastRow:
    """One broadcast; `place` is where its progress is shown."""

    id: str
    platform: str
    workspace: str
    by_person: str
    text: str
    audience: JsonObject
    state: str
    created_at: datetime
    changed_at: datetime
    send_at: datetime | None = None
    round: int = 1
    place: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class FactsRow:
    """What a look-up of PACER's list said of a court, laid over what ships with the bot."""

    court: str
    facts: JsonObject
    source: str
    at: datetime
    by: str
