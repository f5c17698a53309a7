"""What a sealed record belongs to: everything named here is bound into the seal, so that a moved row does not open."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.people import PersonId, WorkspaceId

FORMAT = 1
"""The version of the format: the first byte of a sealed record and a part of every record key's label."""


class Purpose(StrEnum):
    """Why something is sealed: a closed set. PACER and CM/ECF passwords are not in it, because they are never stored.

    `CHAT_INSTALL` is a workspace's tokens, kept until it uninstalls the bot. `PASSCODE_IN_TRANSIT` is a passcode that
    was answered at another replica than the one that runs the attempt: one row for at most 60 s, deleted when it is
    read (design, promise 1). `ACCOUNTS_SHOWN` is what a court shows of both accounts, for as long as their person is
    asked whether they are theirs, so that any replica can show them (promise 3).
    """

    CHAT_INSTALL = "chat-install"
    PASSCODE_IN_TRANSIT = "passcode-in-transit"
    ACCOUNTS_SHOWN = "accounts-shown"


class CannotOpen(Exception):
    """A sealed record is of no use: a wrong or unknown key, another row's place, altered, cut, or expired.

    Which of these it was is not said, on purpose: whoever tries learns nothing, and what to do is the same. The record
    is dropped and the person is asked again.
    """

    def __init__(self) -> None:
        super().__init__("a sealed record cannot be opened")


@dataclass(frozen=True, slots=True)
class Sealing:
    """One sealed record's place in the world; it is no secret, and it has to be the same when the record is opened.

    `record` names the row inside the workspace, `expires_at` (aware) is the moment from which it no longer opens.
    Raises ValueError for a record without a name, a naive moment, or what only waits without an end.
    """

    purpose: Purpose
    workspace: WorkspaceId
    person: PersonId
    record: str
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.record:
            raise ValueError("a sealed record needs a name")
        if self.expires_at is not None and self.expires_at.utcoffset() is None:
            raise ValueError("the end of a sealed record needs a time zone")
        if self.purpose is not Purpose.CHAT_INSTALL and self.expires_at is None:
            raise ValueError("what is sealed for a while needs an end")

    @property
    def label(self) -> bytes:
        """The label of the record's key, so that a key made for one purpose or format fits no other (HKDF's `info`)."""
        return f"link-ecf/v{FORMAT}/{self.purpose}".encode()

    def bound(self, key_id: str) -> bytes:
        """Return what the seal is bound to, each part behind its length, so that no two places read the same."""
        end = self.expires_at
        shown = end.astimezone(UTC).isoformat(timespec="microseconds") if end else ""
        parts = (self.purpose.value, self.workspace, self.person, self.record, shown, key_id)
        return b"".join(struct.pack(">I", len(part)) + part for part in map(_encoded, parts))

    def expired(self, now: datetime) -> bool:
        """True from `expires_at` on."""
        return self.expires_at is not None and now >= self.expires_at


def _encoded(text: str) -> bytes:
    # Ids come from a chat; one with half a surrogate pair is odd, but no reason to fail without a word.
    return text.encode("utf-8", "surrogatepass")


def install_place(enterprise: str, team: str, user: str) -> Sealing:
    """Return the place of a workspace's tokens: the installation's three ids, each empty where there is none.

    Whoever saves, reads or re-seals an installation uses this one, or it does not open.
    """
    record = json.dumps([enterprise, team, user])
    return Sealing(Purpose.CHAT_INSTALL, WorkspaceId(team or enterprise), PersonId(user), record)


def passcode_place(
    workspace: WorkspaceId, person: PersonId, attempt: str, number: int, expires_at: datetime
) -> Sealing:
    """Return the place of the passcode that `person` gave to the `number`-th question of `attempt`."""
    return Sealing(Purpose.PASSCODE_IN_TRANSIT, workspace, person, json.dumps([attempt, number]), expires_at)


def accounts_place(
    workspace: WorkspaceId, person: PersonId, attempt: str, number: int, expires_at: datetime
) -> Sealing:
    """Return the place of what the `number`-th question of `attempt` shows to `person` of both accounts."""
    return Sealing(Purpose.ACCOUNTS_SHOWN, workspace, person, json.dumps([attempt, number]), expires_at)
