"""What is wrong with a file of dates, as a file: one clear sentence each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.reminders.dates.event_csv import COLUMNS, LARGEST, MOST_LINES, FileFlaw, FileProblem

_COLUMNS = ", ".join(COLUMNS)
_WORDS: Mapping[FileFlaw, str] = MappingProxyType(
    {
        FileFlaw.NOT_TEXT: "From this line on the file is no text that can be read; save it as CSV or .xlsx.",
        FileFlaw.NOT_CSV: "From here on the file cannot be read as CSV: look for a quotation mark that is not closed.",
        FileFlaw.EMPTY: "The file has a header at most, and no date: nothing was entered.",
        FileFlaw.TOO_LARGE: f"The file is larger than {LARGEST // 1_000_000} MB.",
        FileFlaw.TOO_MANY: f"A file may have {MOST_LINES} dates; part it from this line on.",
        FileFlaw.NO_COURT: f"The first line has to name the columns, and one of them is court. There are {_COLUMNS}.",
        FileFlaw.COLUMN_TWICE: 'The column "{word}" is there twice.',
        FileFlaw.CELLS: "This line has more cells than the header: quote a cell that holds a comma.",
    }
)


def file_flaw_words(problem: FileProblem) -> str:
    """Return the sentence for what is wrong at a line."""
    return _WORDS[problem.flaw].format(word=problem.word)


def ignored_words(columns: Sequence[str]) -> str:
    """Return the sentence that names the columns which were passed over, "" where there was none."""
    named = ", ".join(f'"{one[:40]}"' for one in columns[:8])
    more = f" and {len(columns) - 8} more" if len(columns) > 8 else ""
    return f"Columns of other names were ignored: {named}{more}." if columns else ""
