"""The audit as JSON lines, and back: what was exported can be verified anywhere, without the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from bot.register.chain import Line, canonical, moment

_NEVER = datetime.min.replace(tzinfo=UTC)
_LONGEST = 100_000


def exported(line: Line) -> str:
    """Return one line of the export, without its line feed; its entry is an object, so that other programs read it."""
    return json.dumps(
        {
            "seq": line.seq,
            "at": moment(line.at),
            "entry": json.loads(line.entry),
            "previous": line.previous,
            "hash": line.hash,
        },
        separators=(",", ":"),
        ensure_ascii=True,
    )


def imported(texts: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of an export; blank ones are passed over.

    A text that is no line of an export is yielded as a line that cannot be sound, in its place, so that the walk over
    the chain names it.
    """
    place = 0
    for text in texts:
        if text.strip():
            place += 1
            yield _line(text) or Line(place, _NEVER, "", "", "")


def _line(text: str) -> Line | None:
    try:
        found = json.loads(text[:_LONGEST])
        at = datetime.strptime(found["at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        seq, entry = found["seq"], canonical(found["entry"])
        if type(seq) is not int:
            return None
        return Line(seq, at, entry, str(found["previous"]), str(found["hash"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
