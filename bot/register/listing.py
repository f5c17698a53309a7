"""The register as people and spreadsheets read it: filtered, sorted, and harmless to open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from bot.register.entry import Entry

COLUMNS = (
    "court",
    "platform",
    "workspace",
    "person",
    "state",
    "since",
    "code",
    "incident",
    "cmecf_login_ends_in",
    "pacer_username_ends_in",
    "office",
    "menu_before",
    "menu_after",
)
"""The header row, stable because spreadsheets are built on it."""

_BETWEEN_LABELS = " | "
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, the full-width forms included (OWASP, CSV injection)."""
_CONTROLS = ("\t", "\r", "\n")
"""What some spreadsheets drop from the beginning of a cell, so that a formula follows."""


def in_order(entries: Iterable[Entry]) -> Sequence[Entry]:
    """Return the entries by court, then by person."""
    return sorted(entries, key=lambda one: (one.court, one.person.platform, one.person.workspace, one.person.id))


def plain(entry: Entry) -> dict[str, object]:
    """Return the entry as an object of plain values, for JSON; the keys are COLUMNS."""
    who = entry.person
    values = (
        entry.court,
        who.platform.value,
        who.workspace,
        who.id,
        entry.state.value,
        entry.since.isoformat(timespec="seconds"),
        entry.code.value if entry.code else "",
        entry.incident,
        entry.login_tail,
        entry.account_tail,
        entry.office,
        list(entry.menus.before),
        list(entry.menus.after),
    )
    return dict(zip(COLUMNS, values, strict=True))


def csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the header row and a row an entry (RFC 4180, ended by CR LF), safe to open in a spreadsheet."""
    yield _row(COLUMNS)
    for entry in entries:
        yield _row(
            _BETWEEN_LABELS.join(map(str, value)) if isinstance(value, list) else str(value)
            for value in plain(entry).values()
        )


def _row(values: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([_harmless(value) for value in values])
    return line.getvalue()


def _harmless(value: str) -> str:
    """A cell that would be read as a formula gets an apostrophe in front: spreadsheets then show it as text."""
    text = value.replace("\0", "")
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_CONTROLS) else text
