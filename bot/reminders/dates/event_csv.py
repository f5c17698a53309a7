"""Courts' dates as a table with a header (CSV, or a spreadsheet), read without store and clock.

    court,day,time,status,source
    arwb,2027-03-29,09:00,announced,https://www.arwb.uscourts.gov/nextgen

`court` (an id such as arwb) has to be there. The other columns may be left out, and stand in any order:

    kind              nextgen_go_live (where it is left out), release_outage, successor_go_live, mfa_deadline
    status            target, announced or confirmed; where it is left out, announced for a new date
    day, time         2027-03-08 or 3/8/2027 (month first), 09:00 or 9 AM, by the court's own clock
    coarse            in place of a day, what the court says: March 2027
    blackout_start, blackout_end                        a day and a time of day, by the court's own clock
    source, note, order_number, emergency_channel, emergency_until      free words

A column that the file does not have leaves what stands; an empty cell of one that it has says that there is nothing.
Columns of other names are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.reminders.dates.event_form import DateField
from bot.reminders.table import NotATable, Row, Table, TooMuch, plain, read_table, text_of

COLUMNS = tuple(field for field in DateField if field is not DateField.EVENT)
MOST_LINES = 500
"""Lines of one file: one unit of work keeps all of them, within its time."""

LARGEST = 2_000_000
"""Bytes of one file."""


class FileFlaw(StrEnum):
    """What is wrong with the file as a file; each has a sentence in bot/words/date_files.py."""

    NOT_TEXT = "not_text"
    """Its bytes are no text in any way that tables are saved."""
    NOT_CSV = "not_csv"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    """More lines than one file may have."""
    NO_COURT = "no_court"
    """The header has no column `court`."""
    COLUMN_TWICE = "column_twice"
    CELLS = "cells"
    """More cells than the header has."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong at a line, counted from 1 as an editor counts; `word` is the column that it is about."""

    line: int
    flaw: FileFlaw
    word: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One date of several that are entered together: what is given of it, by field, and the number of its line."""

    number: int
    given: Mapping[DateField, str]


_OTHER_NAMES: Mapping[DateField, tuple[str, ...]] = {
    DateField.COURT: ("court id", "court code", "court name", "courts"),
    DateField.KIND: ("type", "event", "event type"),
    DateField.DAY: ("date", "go live", "go live date", "golive", "golive date", "live date", "nextgen date"),
    DateField.TIME: ("hour", "opening", "opening time", "opens", "start time"),
    DateField.COARSE: ("coarse date", "about"),
    DateField.BLACKOUT_START: ("black out start", "black out begin", "blackout begin", "outage start", "closes"),
    DateField.BLACKOUT_END: ("black out end", "outage end", "reopens"),
    DateField.SOURCE: ("url", "link", "notice"),
    DateField.NOTE: ("notes", "comment", "comments"),
    DateField.ORDER_NUMBER: ("order", "order no", "general order"),
}
_SPELLINGS = {field.value: (plain(field.value), *_OTHER_NAMES.get(field, ())) for field in COLUMNS}


def read_dates(content: bytes) -> tuple[Line, ...] | tuple[FileProblem, ...]:
    """Return the lines of the file, or everything that is wrong with it as a file; what the cells say is not judged."""
    if len(content) > LARGEST:
        return (FileProblem(1, FileFlaw.TOO_LARGE),)
    try:
        table = read_table(text_of(content), _SPELLINGS, DateField.COURT.value)
    except NotATable as wrong:
        return (FileProblem(wrong.line, FileFlaw.NOT_TEXT),)
    except TooMuch:
        return (FileProblem(1, FileFlaw.TOO_LARGE),)
    return _read(table)


def ignored_columns(content: bytes) -> tuple[str, ...]:
    """Return the headings of the columns of a readable file that say nothing of a date."""
    return read_table(text_of(content), _SPELLINGS, DateField.COURT.value).ignored


def _read(table: Table) -> tuple[Line, ...] | tuple[FileProblem, ...]:
    broken = [FileProblem(table.broken_at, FileFlaw.NOT_CSV)] if table.broken_at else []
    if table.names is None or table.header is None:
        first = table.rows[0].number if table.rows else 1
        return tuple(broken) or (FileProblem(first, FileFlaw.NO_COURT if table.rows else FileFlaw.EMPTY),)
    problems = [*_twice(table.header), *broken]
    width = len(table.header.cells)
    problems += [FileProblem(row.number, FileFlaw.CELLS) for row in table.rows if len(row.cells) > width]
    if len(table.rows) > MOST_LINES:
        problems.append(FileProblem(table.rows[MOST_LINES].number, FileFlaw.TOO_MANY))
    if not table.rows and not problems:
        problems.append(FileProblem(table.header.number, FileFlaw.EMPTY))
    return tuple(problems) or tuple(_line(row, table.names) for row in table.rows)


def _line(row: Row, names: Mapping[str, int]) -> Line:
    given = {DateField(name): row.cells[place] if place < len(row.cells) else "" for name, place in names.items()}
    return Line(row.number, given)


def _twice(header: Row) -> list[FileProblem]:
    said = [plain(cell) for cell in header.cells]
    found = [next((name for name, spelled in _SPELLINGS.items() if cell in spelled), "") for cell in said]
    repeated = dict.fromkeys(name for place, name in enumerate(found) if name and name in found[:place])
    return [FileProblem(header.number, FileFlaw.COLUMN_TWICE, name) for name in repeated]
