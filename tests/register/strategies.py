"""What the tests of the register draw from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.courts.court import CourtId
from bot.errors import Code
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.chain import FIRST, Line, hash_of
from bot.register.event import AuditEvent, Event

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA = Person(Platform.SLACK, WorkspaceId("T01"), PersonId("U01ANNA"))
BEN = Person(Platform.SLACK, WorkspaceId("T01"), PersonId("U02BEN"))
GASB = CourtId("gasb")
ALMB = CourtId("almb")
MENU = ("Query", "Reports", "Utilities", "Log Out")
FILERS = ("Bankruptcy", "Adversary", *MENU)

incidents = st.sampled_from(("aaaa2222aa", "bbbb3333bb", "cccc4444cc"))
codes = st.sampled_from(Code)
menus = st.sampled_from(((), MENU, FILERS))


def chain_of(entries: Sequence[str]) -> list[Line]:
    """Return a sound chain of lines with these extra texts in them."""
    lines: list[Line] = []
    previous = FIRST
    for seq, text in enumerate(entries, 1):
        at = NOON + timedelta(seconds=seq, microseconds=seq)
        event = AuditEvent(Event.ATTEMPT_STARTED, ANNA, GASB, text)
        entry = event.entry(at)
        digest = hash_of(seq, previous, entry)
        lines.append(Line(seq, at, entry, previous, digest))
        previous = digest
    return lines


def rewritten(line: Line, *, seq: int | None = None, previous: str | None = None) -> Line:
    """Return another line, hash and all, in the place of `line`: what somebody writes who knows the recipe."""
    entry = AuditEvent(Event.CANCELLED, BEN, ALMB, "forged").entry(line.at)
    number, before = seq or line.seq, previous or line.previous
    return Line(number, line.at, entry, before, hash_of(number, before, entry))
