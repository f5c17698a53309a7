"""How reminders stand for one person, and what came of what they asked: what is shown and said to them.

The words are in bot/words/watching.py and bot/words/wishes.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.courts.court import Court, CourtId
from bot.reminders.event import CourtEvent
from bot.reminders.hearer import Hours


class Linked(StrEnum):
    """How far a person is at a court, as reminders see it."""

    NOT_YET = "not_yet"
    RUNNING = "running"
    PERHAPS = "perhaps"
    """An attempt was sent to the court, and its outcome is not known."""
    OWN_WORD = "own_word"
    PROVED = "proved"
    NOT_FILING = "not_filing"

    @property
    def done(self) -> bool:
        """True when the person hears no more of this court's dates."""
        return self in {Linked.OWN_WORD, Linked.PROVED, Linked.NOT_FILING}


class ZoneFrom(StrEnum):
    """Where the zone of a person's hours was taken from."""

    OWN = "own"
    CHAT = "chat"
    COURT = "court"
    """Of a court that they watch, because the chat does not say."""


@dataclass(frozen=True, slots=True)
class WatchedCourt:
    """One court that a person is reminded of, with its dates that are still to come or open, soonest first."""

    court: Court
    linked: Linked = Linked.NOT_YET
    muted: bool = False
    by_roster: bool = False
    events: tuple[CourtEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchSheet:
    """Everything that reminders know of one person; `now` (aware) is when it was looked up."""

    now: datetime
    hours: Hours
    zone_from: ZoneFrom
    courts: tuple[WatchedCourt, ...] = ()
    not_reached: str = ""
    """Why nothing could be sent to the person lately, "" when all was."""

    @property
    def muted(self) -> tuple[Court, ...]:
        """The courts of which the person hears nothing although they watch them."""
        return tuple(one.court for one in self.courts if one.muted)

    def watched(self, court: CourtId) -> WatchedCourt | None:
        """Return how `court` is watched, None where it is not."""
        return next((one for one in self.courts if one.court.id == court), None)


@dataclass(frozen=True, slots=True)
class Muted:
    """A court is muted (`on`), or heard of again; `watched` is False where the person does not watch it at all."""

    court: Court
    on: bool
    watched: bool


@dataclass(frozen=True, slots=True)
class Snoozed:
    """The person is told again of `event` at `at` (aware); None once that was taken back.

    `silent` is True where nothing was kept, because the person hears nothing of this date anyway.
    """

    court: Court
    event: CourtEvent
    hours: Hours
    at: datetime | None = None
    silent: bool = False

    @property
    def after_it(self) -> bool:
        """True when the event will have come by then."""
        opens = self.event.opens_at
        return self.at is not None and opens is not None and opens <= self.at


@dataclass(frozen=True, slots=True)
class OwnWord:
    """The person said of a court that they have linked there (`done`), or took it back; `linked` is how it stands."""

    court: Court
    done: bool
    linked: Linked
