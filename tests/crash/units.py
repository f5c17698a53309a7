"""Points in the store: before and after the commit of each unit of work that changes something.

The engine's own events are listened to, so that neither the store nor the book knows of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Pool, event

_SET = re.compile(r"UPDATE attempts SET (.*?) (?:FROM|WHERE)", re.DOTALL)
_MARK, _LEFT, _OPEN = "crash statements", "crash left", "crash open"
_KINDS = (
    ("code", "end"),
    ("ending_told", "told"),
    ("state", "submitting"),
    ("told", "note"),
    ("chat", "place"),
    ("lease_until", "lease"),
)
QUIET = frozenset({"", "lease", "rescue"})
"""Made every two seconds whatever happens: no points of an attempt."""


def kind_of(statements: list[str]) -> str:
    """Return what a unit of work did to attempts, by the statements of it; "" when it only looked."""
    changed: set[str] = set()
    for statement in statements:
        if statement.startswith("INSERT INTO attempts"):
            return "open"
        if statement.startswith("WITH picked"):
            return "rescue"
        for found in _SET.findall(statement):
            changed |= set(re.findall(r"(\w+)\s*=", found))
    for column, kind in _KINDS:
        if column in changed:
            return kind
    return next((_of_slots(s) for s in statements if _of_slots(s)), "")


def _of_slots(statement: str) -> str:
    if statement.startswith("INSERT INTO slots"):
        return "slot"
    if statement.startswith("DELETE FROM slots"):
        return "slot back"
    return "pace" if statement.startswith("INSERT INTO court_pace") else ""


@dataclass
class Units:
    """How many units of work are open now: on SQLite, whoever has one holds the file's lock."""

    open: int = 0


def listen(point: Callable[[str], None]) -> Units:
    """Have `point` called with "commit KIND" before each commit and "kept KIND" after it, in this whole process."""
    units = Units()

    @event.listens_for(Engine, "before_cursor_execute")
    def _said(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        connection.info.setdefault(_MARK, []).append(statement)

    @event.listens_for(Engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.info[_MARK] = []
        connection.info[_LEFT] = ""
        connection.info[_OPEN] = True
        units.open += 1

    @event.listens_for(Engine, "commit")
    def _commits(connection: Connection) -> None:
        kind = kind_of(connection.info.get(_MARK, []))
        if kind not in QUIET:
            connection.info[_LEFT] = kind
            point(f"commit {kind}")

    @event.listens_for(Pool, "checkin")
    def _given_back(_connection: Any, record: Any) -> None:
        known: dict[str, Any] = record.info if record is not None else {}
        if known.pop(_OPEN, False):
            units.open -= 1
        if kind := known.pop(_LEFT, ""):
            point(f"kept {kind}")

    return units
