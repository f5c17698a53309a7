"""Who may become the first admin of a workspace, by the firm's setting alone: LINK_ECF_ADMINS.

A member id is promised to be one person's within a workspace only, and dates are the whole deployment's. So an id by
itself is good for one workspace: that of SLACK_BOT_TOKEN, or else the first that asks while there is no admin anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.people import PersonId, WorkspaceId


@dataclass(frozen=True, slots=True)
class FirstAdmins:
    """The setting, read: ids by themselves, and ids that are good for the workspace they name."""

    bare: tuple[PersonId, ...]
    named: tuple[tuple[WorkspaceId, PersonId], ...]

    @classmethod
    def read(cls, entries: Sequence[str]) -> FirstAdmins:
        """Return what `entries` say, each "USER" or "WORKSPACE/USER"."""
        apart = [entry.rpartition("/") for entry in entries]
        return cls(
            tuple(PersonId(who) for place, _, who in apart if not place),
            tuple((WorkspaceId(place), PersonId(who)) for place, _, who in apart if place),
        )

    def of(self, workspace: WorkspaceId, taken: Collection[str]) -> tuple[PersonId, ...]:
        """Return who may become the first admins of `workspace`, in order; `taken` are the workspaces that have some.

        Ids by themselves are among them while there is no admin anywhere, whether or not the workspace is the token's.
        """
        if workspace in taken:
            return ()
        here = tuple(who for place, who in self.named if place == workspace)
        return tuple(dict.fromkeys((*here, *(() if taken else self.bare))))

    def named_in(self, workspace: WorkspaceId) -> frozenset[PersonId]:
        """Return who is named together with this workspace, which no look at the token is needed for."""
        return frozenset(who for place, who in self.named if place == workspace)
