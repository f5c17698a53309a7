"""A letter: one message to one person or channel, as it is handed to a chat, and what the chat may say of it.

One letter may carry several notices (a digest) or one broadcast. Its id goes out with it, so that a letter of which
nobody knows whether it arrived can be looked up before it is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from bot.people import Person, Platform, WorkspaceId
from bot.reminders.broadcasts.broadcast import Broadcast
from bot.reminders.event import CourtEvent
from bot.reminders.hearer import Hours
from bot.reminders.notice import Notice

LetterId = NewType("LetterId", str)


class LetterState(StrEnum):
    """Where a letter stands. Only queued and sending are not final."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    PERHAPS = "perhaps"
    """It may have arrived, and the chat can never tell."""
    SKIPPED = "skipped"
    """It was not to be sent after all, for the reason that stands with it."""


class Why(StrEnum):
    """Why a letter did not arrive, or was not sent: stable, for reports. Each has words."""

    LEFT = "left"
    """The person is no longer in the workspace."""
    NO_DIRECT_MESSAGES = "no_direct_messages"
    """The bot may not write to this person, or the person blocked it."""
    NO_CHANNEL = "no_channel"
    """The channel is gone or archived."""
    NOT_IN_CHANNEL = "not_in_channel"
    NOT_INSTALLED = "not_installed"
    """The bot was removed from the workspace, or its token is no longer taken."""
    REFUSED = "refused"
    """The chat refused the message as it is."""
    NOT_ALLOWED = "not_allowed"
    """The workspace let the app not write for as long as the letter was worth trying: nothing about the person."""
    UNKNOWN_OUTCOME = "unknown_outcome"
    LINKED = "linked"
    MUTED = "muted"
    SUPERSEDED = "superseded"
    """The date moved, or was withdrawn, before it was sent."""
    STOPPED = "stopped"
    """An admin stopped the broadcast."""
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Told:
    """One notice with what its words need: the event as it now stands, and the person's own hours and zone."""

    notice: Notice
    event: CourtEvent
    hours: Hours


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to be sent: `person` or `channel` says to whom, `told` or `broadcast` says what.

    `first_try` (aware) is when it was first taken up, before which no chat can have it.
    """

    id: LetterId
    platform: Platform
    workspace: WorkspaceId
    person: Person | None
    channel: str
    told: tuple[Told, ...] = ()
    broadcast: Broadcast | None = None
    first_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The chat has it, there; `place` and `stamp` are the chat's own names."""

    place: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Limited:
    """The chat did not take it and asks to wait; nothing of the workspace should be sent before."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Refused:
    """The chat will never take it."""

    why: Why


@dataclass(frozen=True, slots=True)
class Barred:
    """The workspace lets the app not write now, whoever the letter is for; `code` is the chat's own word for why.

    It was certainly not sent. Nothing of the workspace goes before `seconds` are over, and nobody is gone for it.
    """

    code: str
    seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Unsent:
    """It was certainly not sent, and another try may help (no connection, no token now)."""

    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Unsure:
    """The reply was lost, or was a fault of the chat's side: it may have arrived."""


@dataclass(frozen=True, slots=True)
class NotThere:
    """The chat was looked through and does not have it."""


Outcome = Sent | Limited | Refused | Barred | Unsent | Unsure
"""What became of sending a letter."""

Finding = Sent | NotThere | Limited | Refused | Unsure
"""What came of looking for a letter; Unsure when the chat could not say this time, Refused when it never will."""


class Post(Protocol):
    """How letters leave; every chat has one."""

    async def send(self, letter: Letter) -> Outcome:
        """Send it once, and never again by itself; raises nothing for the chat's faults."""
        ...

    async def find(self, letter: Letter) -> Finding:
        """Look for it in the chat by its id, from `first_try` on; raises nothing for the chat's faults."""
        ...
