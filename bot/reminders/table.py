"""Reads a table as people save it: CSV of any kind, or a spreadsheet; for courts' dates and for rosters alike.

What is known is the columns, not the file: the delimiter, the line of the header and the encoding are the ones with
which the header can be read. Nothing here knows what a cell means.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO

DELIMITERS = (",", ";", "\t", "|")
HEADER_WITHIN = 10
"""Lines in which the header is looked for: a title, and a line saying of when the table is, may stand above it."""

_UNPACKED, _MOST_CELLS = 50_000_000, 400_000
_SPREADSHEET = b"PK\x03\x04"
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


class NotATable(Exception):
    """The bytes are no text and no spreadsheet that can be read; `line` is where it became clear, from 1."""

    def __init__(self, line: int = 1) -> None:
        super().__init__(line)
        self.line = line


class TooMuch(Exception):
    """A spreadsheet unpacks to more than any table of dates or people has."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as an editor counts lines, from 1, and its cells, blanks around them dropped."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below a header that was recognized (`names`: the column of each known name), else all rows."""

    rows: tuple[Row, ...]
    names: Mapping[str, int] | None = None
    header: Row | None = None
    broken_at: int = 0
    """The line from which on the text is no CSV, 0 where all of it is."""

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings of the columns that nobody asked for, as written."""
        if self.names is None or self.header is None:
            return ()
        known = set(self.names.values())
        return tuple(cell for place, cell in enumerate(self.header.cells) if place not in known and cell)


def text_of(content: bytes) -> str:
    """Return the table as CSV text, whatever it was saved as. Raises NotATable and TooMuch."""
    if content.startswith(_SPREADSHEET):
        return _from_spreadsheet(content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    if b"\x00" in content[:200]:
        return _decoded(content, "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(content, "cp1252")


def _decoded(content: bytes, charset: str) -> str:
    try:
        text = content.decode(charset)
    except UnicodeDecodeError as error:
        raise NotATable(content.count(b"\n", 0, error.start) + 1) from None
    if "\x00" in text:
        raise NotATable
    return text.removeprefix("\ufeff")


def _from_spreadsheet(content: bytes) -> str:
    from python_calamine import CalamineError, CalamineWorkbook  # loaded where somebody brings a spreadsheet

    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _UNPACKED:
                raise TooMuch
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = [
            book.get_sheet_by_index(place).to_python(skip_empty_area=False) for place in range(len(book.sheet_names))
        ]
    except (zipfile.BadZipFile, CalamineError, ValueError, OSError):
        raise NotATable from None
    rows = next((rows for rows in sheets if any(any(cell not in ("", None) for cell in row) for row in rows)), [])
    if sum(map(len, rows)) > _MOST_CELLS:
        raise TooMuch
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    match value:
        case datetime():
            return value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case timedelta():
            hours, seconds = divmod(int(value.total_seconds()), 3600)
            return f"{hours:02}:{seconds // 60:02}"
        case float() if value.is_integer():
            return str(int(value))
        case None:
            return ""
        case _:
            return str(value)


def read_table(text: str, spellings: Mapping[str, Sequence[str]], needed: str) -> Table:
    """Return the table in `text`. `spellings` are the headings by which each column goes, in `plain` form.

    A header is a row that names the column `needed` and holds no address; without one, all rows come back as they are.
    """
    text = text.removeprefix("\ufeff")
    said = _SEPARATOR.fullmatch(text.partition("\n")[0].strip())
    delimiters = (said[1],) if said else DELIMITERS
    # The one with which most columns are known: a heading may hold another delimiter in quotation marks.
    found = [(one, _header(text, one, spellings, needed, skip=said is not None)) for one in delimiters]
    known = max(found, key=lambda each: len(each[1][1]) if each[1] is not None else 0)
    delimiter, header = known if known[1] is not None else (said[1] if said else _delimiter(text), None)
    rows: list[Row] = []
    broken = 0
    try:
        rows.extend(row for row in _rows(text, delimiter) if not (said and row.number == 1))
    except csv.Error as error:
        broken = int(str(error.args[-1])) if str(error.args[-1]).isdigit() else 1
    if header is None:
        return Table(tuple(rows), broken_at=broken)
    top, names = header
    return Table(tuple(row for row in rows if row.number > top.number), names, top, broken)


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    # What stands behind the address parts the cells: a comma, or a semicolon, may also stand between courts.
    behind = first[first.find("@") + 1 :]
    places = [(behind.find(each), each) for each in DELIMITERS if each in behind]
    return min(places)[1] if places else ","


def _header(
    text: str, delimiter: str, spellings: Mapping[str, Sequence[str]], needed: str, *, skip: bool
) -> tuple[Row, dict[str, int]] | None:
    try:
        for seen, row in enumerate(_rows(text, delimiter)):
            if seen >= HEADER_WITHIN:
                return None
            if (skip and row.number == 1) or any("@" in cell for cell in row.cells):
                continue
            said = [plain(cell) for cell in row.cells]
            names = {
                name: place
                for name, spelled in spellings.items()
                if (place := next((at for at, cell in enumerate(said) if cell in spelled), None)) is not None
            }
            if needed in names:
                return row, names
    except csv.Error:
        return None
    return None


def plain(heading: str) -> str:
    """Return a heading without what people write differently: case, marks, an ending in brackets."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"\(s\)", "s", heading.casefold())).split())


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows that hold something. Raises csv.Error whose last argument is the line."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            stripped = [cell.strip() for cell in cells]
            while stripped and not stripped[-1]:
                stripped.pop()
            if stripped:
                yield Row(number, tuple(stripped))
    except csv.Error as error:
        raise csv.Error(str(error), before + 1) from None
