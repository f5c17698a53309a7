"""Is the audit whole? Finds a line that was removed, altered, inserted or moved, and names it by its number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.register.chain import FIRST, Head, Line, hash_of, moment


class Tampering(StrEnum):
    """What was done to a line."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: the first line that is wrong, or that the chain is whole as far as can be told.

    `lines` is how many lines stand there whole, before the first fault. `ends_at` is the last of them. `head` is what
    was remembered elsewhere, None when nothing was: then lines cut off the end are not seen, and the verdict says so.
    """

    lines: int
    ends_at: Head | None
    head: Head | None
    tampering: Tampering | None = None
    number: int | None = None

    @property
    def whole(self) -> bool:
        """True when no line is known to be wrong."""
        return self.tampering is None

    @property
    def newer_than_head(self) -> int:
        """How many lines stand after the remembered head: written by another replica, or just before a crash."""
        last = self.ends_at.seq if self.ends_at else 0
        return max(0, last - self.head.seq) if self.head else 0


class Walk:
    """Lines fed one by one, in the order in which they stand; memory does not grow with the audit.

    Only the first fault is told: after it the chain proves nothing more. Of what follows it the numbers are kept, which
    tell a line that is gone from one that stands elsewhere.
    """

    def __init__(self, head: Head | None = None) -> None:
        self._head = head
        self._good: Line | None = None
        self._fault: Line | None = None
        self._rest: list[int] = []

    @property
    def _number(self) -> int:
        return self._good.seq + 1 if self._good else 1

    def feed(self, line: Line) -> None:
        """Take the next line."""
        if self._fault is not None:
            self._rest.append(line.seq)
        elif self._remembered(line) and _follows(line, self._number, self._good):
            self._good = line
        else:
            self._fault = line

    def _remembered(self, line: Line) -> bool:
        return self._head is None or self._head.seq != line.seq or self._head.hash == line.hash

    def verdict(self) -> Verdict:
        """Return what was found, once every line was fed."""
        number, last = self._number, self._good.head if self._good else None
        if self._fault is not None:
            return Verdict(number - 1, last, self._head, *_named(self._fault, number, self._good, self._rest))
        if self._head is not None and self._head.seq >= number:
            return Verdict(number - 1, last, self._head, Tampering.REMOVED, number)
        return Verdict(number - 1, last, self._head)


def verify(lines: Iterable[Line], head: Head | None = None) -> Verdict:
    """Walk `lines` in the order given, from number 1; `head` is the newest one as remembered in a second place."""
    walk = Walk(head)
    for line in lines:
        walk.feed(line)
    return walk.verdict()


def _follows(line: Line, number: int, before: Line | None) -> bool:
    return line.seq == number and _sound(line) and line.previous == (before.hash if before else FIRST)


def _sound(line: Line) -> bool:
    """True when a line is what its own hash says, its time included."""
    try:
        said = json.loads(line.entry)
        told = moment(line.at)
    except ValueError:
        return False
    return (
        isinstance(said, dict) and said.get("at") == told and line.hash == hash_of(line.seq, line.previous, line.entry)
    )


def _named(line: Line, number: int, before: Line | None, rest: Sequence[int]) -> tuple[Tampering, int]:
    """Say what was done, and to which line, when `line` stands where line `number` should; `rest` follows it."""
    if line.seq < number or line.seq in rest:
        return Tampering.INSERTED, line.seq
    if line.seq == number:
        # A line that is sound by itself but does not follow: its predecessor was rewritten, hash and all.
        rewritten = _sound(line) and before is not None and line.previous != before.hash
        return Tampering.ALTERED, number - 1 if rewritten else number
    if number not in rest:
        return Tampering.REMOVED, number
    if all(seq == place for place, seq in enumerate(rest, number)):
        return Tampering.INSERTED, line.seq
    # Either `line` was brought forward, or line `number` was taken from before it and put further down.
    return Tampering.MOVED, number if line.seq == number + 1 else line.seq
