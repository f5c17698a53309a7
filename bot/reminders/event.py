"""One dated event of a court: wall clock and the court's zone, how sure the date is, and where it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType
from zoneinfo import ZoneInfo

from bot.courts.court import CourtId
from bot.people import Person
from bot.reminders.moments import instant

EventId = NewType("EventId", str)
"""The event's own id, the same through every move of its date."""

Occasion = NewType("Occasion", str)
"""A date and time that an event was to happen at, as wall clock: a date that returns is the same occasion again."""

OPENING_TIME = time(9)
"""When a court is taken to open for linking where its notice names no hour (courts.md section 6: an inference)."""


class Kind(StrEnum):
    """What happens at the court; only the first asks the people to link."""

    NEXTGEN_GO_LIVE = "nextgen_go_live"
    RELEASE_OUTAGE = "release_outage"
    SUCCESSOR_GO_LIVE = "successor_go_live"
    MFA_DEADLINE = "mfa_deadline"


class Status(StrEnum):
    """How sure the date is: the court's own hedge, its announcement, confirmed, happened, taken back."""

    TARGET = "target"
    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    LIVE = "live"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class BlackOut:
    """When the court's system is away before the event, in the court's wall clock (naive datetimes)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """The black-out that stood from a version of the event on, None where none did."""

    version: int
    blackout: BlackOut | None


@dataclass(frozen=True, slots=True)
class CourtEvent:
    """One event as it now stands.

    `day` is None for a coarse date, whose words are in `coarse` and which reminds nobody; `time` is None where the
    court names no hour. `version` grows when day, time, black-out or status change, `edition` with every change.
    `live_since` (aware) is when the status became live. `emergency_until` is in the court's own words. `closings` is
    empty while the black-out has never changed.
    """

    id: EventId
    court: CourtId
    zone: ZoneInfo
    kind: Kind
    status: Status
    day: date | None = None
    time: time | None = None
    coarse: str = ""
    blackout: BlackOut | None = None
    source: str = ""
    note: str = ""
    order_number: str = ""
    emergency_channel: str = ""
    emergency_until: str = ""
    verified_at: datetime | None = None
    verified_by: Person | None = None
    version: int = 1
    edition: int = 1
    live_since: datetime | None = None
    closings: tuple[Closing, ...] = ()

    def closing_at(self, version: int) -> BlackOut | None:
        """Return the black-out that people were told of by a notice of this version."""
        told = [each.blackout for each in self.closings if each.version <= version]
        return told[-1] if told else self.blackout

    @property
    def occasion(self) -> Occasion | None:
        """The date and time as one text, such as 2021-03-29T09:00; None for a coarse date."""
        if self.day is None:
            return None
        return Occasion(datetime.combine(self.day, self.time or OPENING_TIME).isoformat(timespec="minutes"))

    @property
    def opens_at(self) -> datetime | None:
        """When it happens (aware, UTC): at once where the court went live before its date; None for a coarse date."""
        if self.day is None:
            return None
        planned = instant(self.day, self.time or OPENING_TIME, self.zone)
        return planned if self.live_since is None else min(planned, self.live_since)

    @property
    def blackout_starts_at(self) -> datetime | None:
        """When the system goes away (aware, UTC), None where no black-out is known."""
        if self.blackout is None:
            return None
        return instant(self.blackout.start.date(), self.blackout.start.time(), self.zone)

    @property
    def reminds(self) -> bool:
        """True when people are told of it: it has a day, and was not withdrawn."""
        return self.day is not None and self.status is not Status.WITHDRAWN
