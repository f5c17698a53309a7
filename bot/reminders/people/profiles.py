"""What a chat can say of the people of a workspace: their zone, who has an e-mail address, whether somebody is there.

No name leaves a chat by this door, and an e-mail address only enters it: a notice needs neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.people import Person, PersonId, WorkspaceId
from bot.reminders.delivery.letter import Limited, Why


@dataclass(frozen=True, slots=True)
class Profile:
    """A person who is in the workspace now; `zone` is None where the chat names none that is known here."""

    id: PersonId
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """The chat knows nobody of that address in the workspace: never there, gone since, or no person but a bot."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The chat could not be asked now. `missing` names the permission that an administrator has to grant, "" for none.

    Without a missing permission it is worth another try later (no connection, no token now, a fault of the chat's).
    """

    missing: str = ""


Looked = Profile | NotFound | Limited | CannotTell
"""What came of looking for a person; Limited when the chat asks to wait that many seconds."""


class Profiles(Protocol):
    """How people are looked up; every chat has one. No method raises for the chat's faults."""

    async def zone_of(self, person: Person) -> ZoneInfo | None:
        """Return the zone that the person has set in the chat; None where it cannot be told."""
        ...

    async def by_email(self, workspace: WorkspaceId, email: str) -> Looked:
        """Return who has this address in the workspace."""
        ...

    async def exists(self, workspace: WorkspaceId, person: PersonId) -> bool | None:
        """Tell whether this is a person who is in the workspace now; None where the chat cannot say at the moment."""
        ...

    async def is_home(self, workspace: WorkspaceId) -> bool:
        """Tell whether the bot is this workspace's own; False of one whose people only share a conversation with it.

        False too where the chat cannot say at the moment.
        """
        ...

    async def may_post(self, workspace: WorkspaceId, channel: str) -> Why | None:
        """Return why the bot cannot write to this channel, None when it can.

        Why is NO_CHANNEL, NOT_IN_CHANNEL or NOT_INSTALLED; UNKNOWN_OUTCOME where the chat cannot say at the moment.
        """
        ...
