"""Courts' dates as a CSV file (UTF-8, with a header), read without store and clock.

    court,day,time,status,source
    arwb,2027-03-29,09:00,announced,https://www.arwb.uscourts.gov/nextgen

`court` (an id such as arwb) has to be there. The other columns may be left out, and stand in any order:

    kind              nextgen_go_live (where it is left out), release_outage, successor_go_live, mfa_deadline
    status            target, announced or confirmed; where it is left out, announced for a new date
    day, time         YYYY-MM-DD and HH:MM, by the court's own clock; without a time the court names none
    coarse            in place of a day, what the court says: March 2027
    blackout_start, blackout_end                        YYYY-MM-DDTHH:MM, by the court's own clock
    source, note, order_number, emergency_channel, emergency_until      free words

A column that the file does not have leaves what stands; an empty cell of one that it has says that there is nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

from bot.reminders.dates.event_form import DateField

COLUMNS = tuple(field for field in DateField if field is not DateField.EVENT)
MOST_LINES = 500
"""Lines of one file: one unit of work keeps all of them, within its time."""

LARGEST = 2_000_000
"""Bytes of one file."""


class FileFlaw(StrEnum):
    """What is wrong with the file as a file; each has a sentence in bot/words/date_files.py."""

    NOT_TEXT = "not_text"
    """Its bytes are no UTF-8."""
    NOT_CSV = "not_csv"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    """More lines than one file may have."""
    NO_COURT = "no_court"
    """The header has no column `court`."""
    UNKNOWN_COLUMN = "unknown_column"
    COLUMN_TWICE = "column_twice"
    CELLS = "cells"
    """More or fewer cells than the header has."""


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


def read_dates(content: bytes) -> tuple[Line, ...] | tuple[FileProblem, ...]:
    """Return the lines of the file, or everything that is wrong with it as a file; what the cells say is not judged."""
    if len(content) > LARGEST:
        return (FileProblem(1, FileFlaw.TOO_LARGE),)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return (FileProblem(content.count(b"\n", 0, error.start) + 1, FileFlaw.NOT_TEXT),)
    return _read(text)


def _read(text: str) -> tuple[Line, ...] | tuple[FileProblem, ...]:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    header: list[DateField | None] = []
    lines: list[Line] = []
    problems: list[FileProblem] = []
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header, problems = _header(number, cells)
            elif len(cells) != len(header):
                problems.append(FileProblem(number, FileFlaw.CELLS))
            else:
                given = {field: cell for field, cell in zip(header, cells, strict=True) if field is not None}
                lines.append(Line(number, given))
    except csv.Error:
        problems.append(FileProblem(before + 1, FileFlaw.NOT_CSV))
    if len(lines) > MOST_LINES:
        problems.append(FileProblem(lines[MOST_LINES].number, FileFlaw.TOO_MANY))
    if not lines and not problems:
        problems.append(FileProblem(1, FileFlaw.EMPTY))
    return tuple(problems) or tuple(lines)


def _header(number: int, cells: Sequence[str]) -> tuple[list[DateField | None], list[FileProblem]]:
    known = {field.value: field for field in COLUMNS}
    names = [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in cells]
    problems = []
    for place, name in enumerate(names):
        if name not in known:
            problems.append(FileProblem(number, FileFlaw.UNKNOWN_COLUMN, cells[place].strip()[:40]))
        elif name in names[:place]:
            problems.append(FileProblem(number, FileFlaw.COLUMN_TWICE, name))
    if DateField.COURT.value not in names:
        problems.append(FileProblem(number, FileFlaw.NO_COURT))
    return [known.get(name) for name in names], problems
