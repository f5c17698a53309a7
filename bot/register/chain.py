"""The chain of the audit: every line carries the hash of the one before it, so that no line can be changed unseen.

What is hashed is version, number, previous hash and entry, in that order, each ended by a line feed; the entry is
canonical JSON. The chain has no key: whoever can write the database *and* every place where its head is kept can write
a new history. So the head is kept in a second place (head.py), and an admin may note it down in a third.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

VERSION = "link-ecf audit 1"
FIRST = ""
"""What stands as the previous hash of line 1: none."""

Plain = str | int | bool | None | Mapping[str, "Plain"]
"""What an entry may hold: no floats, which have more than one spelling, and no lists, which nothing here needs."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the audit as it stands in the store; `at` is also part of the entry, and must agree with it."""

    seq: int
    at: datetime
    entry: str
    previous: str
    hash: str

    @property
    def head(self) -> Head:
        """What has to be remembered to know that nothing was cut off after this line."""
        return Head(self.seq, self.hash)


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of the newest line."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def canonical(value: Plain) -> str:
    """Return the one spelling of `value`: sorted keys, ASCII, no blanks, no floats. Raises TypeError for a float."""
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _check(value: object) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError("keys are texts")
            _check(item)
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(f"{type(value).__name__} has no place in an entry")


def hash_of(seq: int, previous: str, entry: str) -> str:
    """Return the hash of a line, 64 hexadecimal digits."""
    return hashlib.sha256("\n".join((VERSION, str(seq), previous, entry, "")).encode()).hexdigest()


def moment(at: datetime) -> str:
    """Return `at` as it is spelled in an entry: UTC, to the microsecond. Raises ValueError for a naive one."""
    if at.utcoffset() is None:
        raise ValueError("the audit needs a time with its zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
