"""A part of the benchmark in a process of its own, so that the CPU time measured beside it is one side's alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
_LAST_SECONDS = 5.0


class Apart:
    """A running part: one JSON object a line, out and in; it ends when its input does."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def hear(self) -> dict[str, Any]:
        """Return its next line.

        Raises RuntimeError when it has ended instead.
        """
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise RuntimeError("a part of the benchmark ended before it was asked to")
        found: dict[str, Any] = json.loads(line)
        return found

    def say(self, **words: object) -> dict[str, Any]:
        """Send it one object and return its answer."""
        pipe = _pipe(self._process.stdin)
        pipe.write(json.dumps(words) + "\n")
        pipe.flush()
        return self.hear()

    @property
    def ended(self) -> bool:
        """True once it has ended."""
        return self._process.poll() is not None


@contextmanager
def apart(module: str, *arguments: str) -> Iterator[Apart]:
    """Start `python -m module arguments` and stop it in all cases."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Apart(process)
    finally:
        _pipe(process.stdin).close()
        try:
            process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _pipe(process.stdout).close()


def answer(**words: object) -> None:
    """Say one line to the process that started this one."""
    print(json.dumps(words), flush=True)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise RuntimeError("started without a pipe")
    return pipe
