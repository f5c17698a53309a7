"""What is wrong with a file of dates, as a file: one clear sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.reminders.dates.event_csv import COLUMNS, LARGEST, MOST_LINES, FileFlaw, FileProblem

_COLUMNS = ", ".join(COLUMNS)
_WORDS: Mapping[FileFlaw, str] = MappingProxyType(
    {
        FileFlaw.NOT_TEXT: "This line is not UTF-8 text; save the file as CSV UTF-8.",
        FileFlaw.NOT_CSV: "From here on the file cannot be read as CSV: look for a quotation mark that is not closed.",
        FileFlaw.EMPTY: "The file has a header at most, and no date.",
        FileFlaw.TOO_LARGE: f"The file is larger than {LARGEST // 1_000_000} MB.",
        FileFlaw.TOO_MANY: f"A file may have {MOST_LINES} dates; part it from this line on.",
        FileFlaw.NO_COURT: "The first line has to name the columns, and one of them is court.",
        FileFlaw.UNKNOWN_COLUMN: f'There is no column "{{word}}"; there are {_COLUMNS}.',
        FileFlaw.COLUMN_TWICE: 'The column "{word}" is there twice.',
        FileFlaw.CELLS: "This line has more or fewer cells than the header.",
    }
)


def file_flaw_words(problem: FileProblem) -> str:
    """Return the sentence for what is wrong at a line."""
    return _WORDS[problem.flaw].format(word=problem.word)
