"""How an entry becomes a row of the store and a row an entry; the store itself knows neither states nor codes."""

from __future__ import annotations

from datetime import datetime

from bot.courts.court import CourtId
from bot.errors import Code
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.chain import Line
from bot.register.entry import NO_MENUS, Entry, Menus, State
from bot.store import AuditRow, RegisterRow


def row_of(entry: Entry, now: datetime) -> RegisterRow:
    """Return the row of `entry`, written at `now`."""
    who, menus = entry.person, entry.menus
    return RegisterRow(
        platform=who.platform.value,
        workspace=who.workspace,
        person=who.id,
        court=entry.court,
        state=entry.state.value,
        since=entry.since,
        updated_at=now,
        code=entry.code.value if entry.code else None,
        incident=entry.incident or None,
        evidence={"before": list(menus.before), "after": list(menus.after)} if menus else None,
        login_tail=entry.login_tail,
        account_tail=entry.account_tail,
        office=entry.office,
    )


def entry_of(row: RegisterRow) -> Entry:
    """Return the entry that `row_of` made a row of."""
    seen = row.evidence
    return Entry(
        person=Person(Platform(row.platform), WorkspaceId(row.workspace), PersonId(row.person)),
        court=CourtId(row.court),
        state=State(row.state),
        since=row.since,
        code=Code(row.code) if row.code else None,
        incident=row.incident or "",
        menus=Menus.of(seen["before"], seen["after"]) if seen else NO_MENUS,
        login_tail=row.login_tail,
        account_tail=row.account_tail,
        office=row.office,
    )


def line_of(row: AuditRow) -> Line:
    """Return the line of the chain that `row` holds."""
    return Line(row.seq, row.at, row.entry, row.previous, row.hash)
