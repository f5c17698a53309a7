"""Who may keep dates, send broadcasts and change the roster: asked at each door, and never of the chat."""

from __future__ import annotations

from typing import Protocol

from bot.people import Person


class NotAdmin(Exception):
    """The person may not do this here; nothing was changed. Raised by every method that only an admin may use."""


class IsAdmin(Protocol):
    """Tells who is an admin of a workspace (issue 4; users.md section 4: the bot never acts above the person)."""

    async def is_admin(self, person: Person) -> bool:
        """Tell whether `person` is an admin of the workspace they are in now. Raises StoreTrouble."""
        ...


async def require_admin(admins: IsAdmin, person: Person) -> None:
    """Let an admin pass. Raises NotAdmin for anybody else, and StoreTrouble."""
    if not await admins.is_admin(person):
        raise NotAdmin
