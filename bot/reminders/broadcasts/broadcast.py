"""A broadcast: what an admin wrote, to whom, when, and how far it got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.courts.court import CourtId
from bot.people import Person, PersonId

BroadcastId = NewType("BroadcastId", str)

FROM_TERMINAL = PersonId("terminal")
"""Who wrote what came from the command line: nobody whom a chat could show anything."""


class BroadcastState(StrEnum):
    """Where a broadcast stands; only a draft can be sent, and only once."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is to get it: the people of a court, of an office, only those not linked there; or one channel."""

    court: CourtId | None = None
    office: str = ""
    unlinked_only: bool = False
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as it stands; `by` wrote it, `send_at` (aware) is when it is to go, None for at once."""

    id: BroadcastId
    by: Person
    text: str
    audience: Audience
    state: BroadcastState
    created_at: datetime
    send_at: datetime | None = None
    round: int = 1
    """Grows each time it is sent again to those whom it did not reach."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one recipient's message: the state of its letter, and a stable code for why ("" for none)."""

    recipient: str
    state: str
    why: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Those whom it did not reach for one reason: letters in `state` with `why`, how many, and the first of them."""

    state: str
    why: str
    count: int
    some: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast got: how many letters stand in each state, and why some did not arrive.

    `reasons` are those of letters that are failed, skipped or perhaps there; `changed_at` is when its state changed.
    """

    broadcast: Broadcast
    counts: Mapping[str, int]
    reasons: tuple[Reason, ...] = ()
    changed_at: datetime | None = None

    def count(self, *states: str) -> int:
        """Return how many letters stand in one of these states."""
        return sum(self.counts.get(state, 0) for state in states)
