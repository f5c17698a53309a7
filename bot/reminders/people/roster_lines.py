"""A roster as CSV: who files where, by e-mail address, and what is wrong with a line: pure, no store, no chat.

    e-mail,courts,office
    anna@firm.example,gasb;gand,Savannah

The header may be missing, in another order, or have more columns; commas, semicolons or tabs part the cells.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

from bot.courts.court import Court, CourtId

NOWHERE = "none"
"""In place of courts: this person files nowhere any more, as far as the roster knows."""

LONGEST_EMAIL = 254
LONGEST_OFFICE = 128
SHOWN = 60

_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@,;<>\".]+")
_NAMES = {
    "email": ("email", "e-mail", "mail", "email address", "e-mail address"),
    "courts": ("courts", "court", "court ids", "court id"),
    "office": ("office", "location", "branch"),
}


class LineFlaw(StrEnum):
    """What is wrong with a line; each has a sentence in bot/words/admins.py."""

    NO_EMAIL = "no_email"
    EMAIL = "email"
    NO_COURTS = "no_courts"
    COURT = "court"
    """It names something that is no court."""
    OFFICE_LONG = "office_long"
    OFFICE_DIFFERS = "office_differs"
    """The same address stands further up with another office."""
    UNREADABLE = "unreadable"
    """It cannot be read as CSV from here on."""


class Unmatched(StrEnum):
    """Why nobody in the chat is known for an address, as the roster's row keeps it."""

    WAITING = "waiting"
    """Not looked up yet."""
    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    """The bot has no permission to look people up by their address."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is not taken: its number in the text from 1, what is wrong, and what it says there, shortened."""

    number: int
    flaw: LineFlaw
    shown: str = ""


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person of a roster: the number of their first line, where they file (nowhere: no court), their office."""

    number: int
    email: str
    courts: tuple[CourtId, ...]
    office: str = ""


@dataclass(frozen=True, slots=True)
class RosterText:
    """A roster as it was read: people in the order of their first line, and the lines that are not taken."""

    lines: tuple[RosterLine, ...]
    bad: tuple[BadLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What a roster's text would do, or did: how many people, how many of them are found, and those that are not.

    `missing` are addresses that nobody in the chat has, each with the reason as the roster keeps it; `waiting` counts
    those not looked up yet.
    """

    people: int
    found: int
    missing: tuple[tuple[str, str], ...] = ()
    waiting: int = 0
    bad: tuple[BadLine, ...] = ()


class _Bad(Exception):
    def __init__(self, flaw: LineFlaw, shown: str) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
        self.shown = shown if len(shown) <= SHOWN else shown[: SHOWN - 3] + "..."


def read_roster(text: str, find: Callable[[str], Court | None]) -> RosterText:
    """Return who `text` names and every line that cannot be taken; nothing is raised for what is in it.

    `find` returns the court that a text plainly names. Lines with the same address are one person with all their
    courts: exports often have a line for each person and court.
    """
    taken: dict[str, RosterLine] = {}
    bad: list[BadLine] = []
    columns: dict[str, int] | None = None
    for number, cells in _rows(text.removeprefix("\ufeff"), bad):
        if columns is None:
            named = _columns(cells)
            columns = named or {"email": 0, "courts": 1, "office": 2}
            if named:
                continue
        try:
            line = _line(number, {name: _cell(cells, place) for name, place in columns.items()}, find)
            taken[line.email] = _joined(taken.get(line.email), line)
        except _Bad as why:
            bad.append(BadLine(number, why.flaw, why.shown))
    return RosterText(tuple(taken.values()), tuple(sorted(bad, key=lambda one: one.number)))


def _rows(text: str, bad: list[BadLine]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows that hold something, each with the number of its last line."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True, skipinitialspace=True)
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield rows.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        bad.append(BadLine(rows.line_num, LineFlaw.UNREADABLE))


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    # A semicolon also stands between courts, so it parts the cells only where nothing else does.
    return next((each for each in "\t,;" if each in first), ",")


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    """Return where each column is, None when this is no header: a header has no address in it, and names one."""
    if any("@" in cell for cell in cells):
        return None
    said = [" ".join(cell.casefold().split()) for cell in cells]
    found = {
        name: next((place for place, cell in enumerate(said) if cell in spellings), -1)
        for name, spellings in _NAMES.items()
    }
    return found if found["email"] >= 0 else None


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if 0 <= place < len(cells) else ""


def _line(number: int, cells: dict[str, str], find: Callable[[str], Court | None]) -> RosterLine:
    email, office = cells["email"].casefold(), " ".join(cells["office"].split())
    if not email:
        raise _Bad(LineFlaw.NO_EMAIL, cells["courts"])
    if len(email) > LONGEST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise _Bad(LineFlaw.EMAIL, cells["email"])
    if len(office) > LONGEST_OFFICE or not office.isprintable():
        raise _Bad(LineFlaw.OFFICE_LONG, office)
    if not cells["courts"]:
        raise _Bad(LineFlaw.NO_COURTS, email)
    if cells["courts"].casefold() == NOWHERE:
        return RosterLine(number, email, (), office)
    return RosterLine(number, email, tuple(dict.fromkeys(_courts(cells["courts"], find))), office)


def _courts(cell: str, find: Callable[[str], Court | None]) -> Iterator[CourtId]:
    """Yield the courts of a cell: parts between semicolons or commas may be words, the rest are short names."""
    for part in filter(None, map(str.strip, re.split(r"[;,|]", cell))):
        whole = find(part)
        if whole is not None:
            yield whole.id
            continue
        for word in part.split():
            court = find(word)
            if court is None:
                raise _Bad(LineFlaw.COURT, word)
            yield court.id


def _joined(known: RosterLine | None, line: RosterLine) -> RosterLine:
    if known is None:
        return line
    if known.office and line.office and known.office != line.office:
        raise _Bad(LineFlaw.OFFICE_DIFFERS, line.office)
    courts: Iterable[CourtId] = dict.fromkeys((*known.courts, *line.courts))
    return RosterLine(known.number, known.email, tuple(courts), known.office or line.office)
