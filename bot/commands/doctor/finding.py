"""What `link-ecf doctor` says of one thing that it checked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: what was found, and the fix where it is wrong, or could be better."""

    check: str
    ok: bool
    found: str
    fix: str = ""
