"""The steps of the ladder, and a notice: one step of one event, for one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.courts.court import CourtId
from bot.people import Person
from bot.reminders.event import EventId, Occasion

NoticeId = NewType("NoticeId", str)


class Step(StrEnum):
    """What is told, by when: T is the day of the event (design 7; courts.md section 7)."""

    T_60 = "t-60"
    T_30 = "t-30"
    ACCOUNTS = "t-21"
    """The checks of the account that take weeks."""
    T_14 = "t-14"
    T_7 = "t-7"
    LAST_DAYS = "t-3"
    """The last working day before the black-out."""
    OPENING = "t"
    T_PLUS_1 = "t+1"
    T_PLUS_7 = "t+7"
    AGAIN = "again"
    """What the person asked to be told again, later."""
    CORRECTION = "correction"
    """The date that this person was told no longer holds."""


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """One notice that is to exist: unique by event, occasion, person and step.

    For a correction `occasion` names the event's version ("v3") and `heard` the date that the person was told; for
    AGAIN it ends with the moment asked for. `told` is the date that the notice names, None when it says that none
    stands: keep it with the row, for a correction shows it nowhere else. `due_at` is aware, in UTC.
    """

    event: EventId
    version: int
    occasion: Occasion
    person: Person
    step: Step
    due_at: datetime
    heard: Occasion | None = None
    told: Occasion | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as the store has it, with the court it is about."""

    id: NoticeId
    court: CourtId
    planned: PlannedNotice


@dataclass(frozen=True, slots=True)
class Heard:
    """A notice that was sent, or may have been: what the person knows of an event's date.

    `at` (aware) is when. `told` is that of the planned notice; it is read of a correction only.
    """

    event: EventId
    occasion: Occasion
    step: Step
    version: int
    at: datetime
    told: Occasion | None = None

    @property
    def date_told(self) -> Occasion | None:
        """The date that the notice named; None when it said that no date stands any more."""
        if self.step is Step.CORRECTION:
            return self.told
        return Occasion(self.occasion.partition("|")[0])
