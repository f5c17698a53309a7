"""`link-ecf` run inside the test's own process, as a firm's settings have it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from bot.__main__ import main


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Every line of stdout as an object; an empty list is one line that says so, and holds none."""
        return [] if self.out == "[]\n" else [json.loads(line) for line in self.out.splitlines()]


async def run(settings: Mapping[str, str], words: Sequence[str], stdin: str | bytes = "") -> Ran:
    """Run `link-ecf` with these words, in a thread of this process: it brings an event loop of its own."""
    ran = await asyncio.to_thread(CliRunner(env=settings).invoke, main, list(words), input=stdin)
    return Ran(ran.exit_code, ran.stdout, ran.stderr)
