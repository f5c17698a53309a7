"""A roster as CSV: who files where, by e-mail address, and what is wrong with a line: pure, no store, no chat.

    e-mail,courts,office
    anna@firm.example,gasb;gand,Savannah

The header may be missing, in another order, or have more columns; bot.reminders.table reads what parts the cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.courts.court import Court, CourtId
from bot.reminders.table import read_table

NOWHERE = "none"
"""In place of courts: this person files nowhere any more, as far as the roster knows."""

LONGEST_EMAIL = 254
LONGEST_OFFICE = 128
SHOWN = 60

_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@,;<>\".]+")
_SIDES = {"N": "Northern", "S": "Southern", "E": "Eastern", "W": "Western", "M": "Middle", "C": "Central"}
_NAMES = {
    "email": ("email", "e mail", "mail", "email address", "e mail address", "email addr", "work email", "emails"),
    "courts": ("courts", "court", "court ids", "court id", "court code", "court codes", "court name", "court names"),
    "office": ("office", "location", "branch", "office location", "office city", "office name", "city"),
}
"""The headings by which a column goes, as table.plain writes them."""


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
    ignored: tuple[str, ...] = ()
    """Headings of columns that say nothing of who files where."""


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What a roster's text would do, or did: how many people, how many of them are found, and those that are not.

    `missing` are addresses that nobody in the chat has, each with the reason as the roster keeps it; `waiting` counts
    those not looked up yet. `unreached` are people whom the chat did not let the bot write to, with why; `barred` is
    what keeps messages of the whole workspace waiting, in the chat's own words, with how many.
    """

    people: int
    found: int
    missing: tuple[tuple[str, str], ...] = ()
    waiting: int = 0
    bad: tuple[BadLine, ...] = ()
    unreached: tuple[tuple[str, str], ...] = ()
    barred: tuple[tuple[str, int], ...] = ()


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
    table = read_table(text, _NAMES, "email")
    if table.broken_at:
        bad.append(BadLine(table.broken_at, LineFlaw.UNREADABLE))
    for row in table.rows:
        try:
            line = _line(row.number, _cells(row.cells, table.names, find), find)
            taken[line.email] = _joined(taken.get(line.email), line)
        except _Bad as why:
            bad.append(BadLine(row.number, why.flaw, why.shown))
    in_order = tuple(sorted(bad, key=lambda one: one.number))
    return RosterText(tuple(taken.values()), in_order, table.ignored)


def _cells(
    cells: Sequence[str], names: Mapping[str, int] | None, find: Callable[[str], Court | None]
) -> dict[str, str]:
    """Return what a row says of e-mail address, courts and office.

    Typed rows part the courts of a person by commas too, which are cells then: what is a court's short name is a court
    wherever it stands, and never an office.
    """
    if names is None:
        at = next((place for place, cell in enumerate(cells) if "@" in cell), 0)
        email, rest = (cells[at] if cells else ""), list(cells[at + 1 :])
        courts, office = (rest[:1], rest[1:]) if rest else ([], [])
    else:
        email = _cell(cells, names["email"])
        office = [_cell(cells, names.get("office", -1))]
        place = names.get("courts", -1)
        beyond = list(cells[max(names.values()) + 1 :]) if place >= 0 and len(names) == max(names.values()) + 1 else []
        courts, office = [_cell(cells, place)], [*office, *beyond]
    courts += [one for one in office if _is_short_name(one, find)]
    offices = [one for one in office if one and not _is_short_name(one, find)]
    if len(offices) > 1:
        raise _Bad(LineFlaw.COURT, offices[0])
    return {"email": email, "courts": ";".join(filter(None, courts)), "office": offices[0] if offices else ""}


def _is_short_name(cell: str, find: Callable[[str], Court | None]) -> bool:
    court = find(cell) if cell else None
    return court is not None and cell.casefold() in {court.id, court.pacer_id.casefold(), court.short_name.casefold()}


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if 0 <= place < len(cells) else ""


def _line(number: int, cells: dict[str, str], find: Callable[[str], Court | None]) -> RosterLine:
    email, office = _bare(cells["email"]), " ".join(cells["office"].split())
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


def _bare(email: str) -> str:
    """Return the address alone: address books write it behind the name, in angle brackets, or as a link."""
    inside = re.search(r"<([^<>]*)>\s*$", email)
    said = inside[1] if inside else email
    return re.sub(r"^mailto:", "", said.strip().strip("\u200b\ufeff"), flags=re.IGNORECASE).strip().casefold()


def _courts(cell: str, find: Callable[[str], Court | None]) -> Iterator[CourtId]:
    """Yield the courts of a cell: parts between semicolons or commas may be words, the rest are short names."""
    for part in filter(None, map(str.strip, re.split(r"[;,|]", cell))):
        whole = find(part) or _district(part, find)
        if whole is not None:
            yield whole.id
            continue
        named = [(word, find(word)) for word in part.split()]
        unknown = [word for word, court in named if court is None]
        if unknown:
            # Of several short names one is wrong: that one is shown. Words that are no names are shown whole.
            raise _Bad(LineFlaw.COURT, part if len(unknown) == len(named) or len(unknown) > 1 else unknown[0])
        yield from (court.id for _, court in named if court is not None)


def _district(part: str, find: Callable[[str], Court | None]) -> Court | None:
    """Return the district court that "Northern District of Georgia" means: a bankruptcy court is called one."""
    said = re.sub(r"^([NSEWMC])\.?\s?D\.?\s+", lambda found: f"{_SIDES[found[1]]} District of ", part.strip())
    return find(f"{said} district court") if "district" in said.casefold() else None


def _joined(known: RosterLine | None, line: RosterLine) -> RosterLine:
    if known is None:
        return line
    if known.office and line.office and known.office != line.office:
        raise _Bad(LineFlaw.OFFICE_DIFFERS, line.office)
    courts: Iterable[CourtId] = dict.fromkeys((*known.courts, *line.courts))
    return RosterLine(known.number, known.email, tuple(courts), known.office or line.office)
