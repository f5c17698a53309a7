"""What comes of making a person an admin, or of making them none."""

from __future__ import annotations

from enum import StrEnum


class AdminOutcome(StrEnum):
    """How it ended; each has a sentence in bot/words/admins.py."""

    ADDED = "added"
    REMOVED = "removed"
    ALREADY = "already"
    """They are an admin already; nothing was changed."""
    NO_ADMIN = "no_admin"
    """They are no admin; nothing was changed."""
    LAST = "last"
    """They are the only one, and somebody has to be; nothing was changed."""
    NOBODY = "nobody"
    """The chat knows no such person in the workspace; nothing was changed."""
