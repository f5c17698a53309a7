"""Who is speaking: a person is a chat identity, nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
"""Slack team id (or enterprise id for an org-wide install), Teams tenant id, or the terminal's host name."""

PersonId = NewType("PersonId", str)
"""The platform's own id of a user inside a workspace."""


class Platform(StrEnum):
    """Where a person speaks to the bot."""

    SLACK = "slack"
    TEAMS = "teams"
    TERMINAL = "terminal"


class Role(StrEnum):
    """What a person may do: attorneys act for themselves, admins keep dates and the register (design, promise 8)."""

    ATTORNEY = "attorney"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """One chat identity; two people are the same only when all three parts agree."""

    platform: Platform
    workspace: WorkspaceId
    id: PersonId
