"""What an owner leaves behind for whoever looks after it was killed: one line a thing, written as it happens."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any


class Trace:
    """Writes lines past every buffer, and strikes at the one point that it was given.

    A point that is passed again is told apart by its number: "note", "note 2". `blow` is the signal, 0 for none;
    `victims` says which processes get it.
    """

    def __init__(self, path: Path, at: str, blow: int, victims: Callable[[], Iterable[int]]) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._at = at
        self._blow = blow
        self._victims = victims
        self._passed: Counter[str] = Counter()

    def write(self, **line: object) -> None:
        """Write one line; the clock is the machine's, the same in every process."""
        os.write(self._file, json.dumps({"t": time.monotonic(), **line}).encode() + b"\n")

    def point(self, name: str) -> None:
        """Note that the process is here, and strike if this is the place."""
        self._passed[name] += 1
        here = name if self._passed[name] == 1 else f"{name} {self._passed[name]}"
        self.write(point=here)
        if self._blow and here == self._at:
            self.write(struck=here)
            for pid in self._victims():
                os.kill(pid, self._blow)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """What was written so far."""
    if path.exists():
        for line in path.read_text().splitlines():
            yield json.loads(line)


def points(path: Path) -> list[str]:
    """The points that were passed, in order."""
    return [line["point"] for line in lines(path) if "point" in line]


def endings(path: Path, person: str) -> list[str]:
    """The codes of the endings that this person was shown, in order."""
    return [line["code"] for line in lines(path) if "code" in line and line["person"] == person]


def said(path: Path, attempt: str) -> list[tuple[float, str]]:
    """What the attempt's one message said, in order: when, and the code of an ending or "" before it."""
    shown = [line for line in lines(path) if line.get("attempt") == attempt]
    return [(line["t"], str(line.get("code", ""))) for line in shown]
