"""Part 4: how long `link-ecf --help` takes, beside the start of Python alone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

from tests.bench.apart import ROOT
from tests.bench.tables import Table, Verdict

HELP_TARGET = 0.150
_PYTHON, _HELP = ("-c", "pass"), ("-m", "bot", "--help")


def measure_start(turns: int = 10) -> Table:
    """Start both `turns` times, one after the other, and return medians."""
    taken: dict[Sequence[str], list[float]] = {_PYTHON: [], _HELP: []}
    for _ in range(turns):
        for arguments, times in taken.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - begun)
    alone, helped = (median(times) for times in taken.values())
    rows = [("python -c pass", f"{alone * 1000:.0f} ms", "1.0")]
    rows.append(("link-ecf --help", f"{helped * 1000:.0f} ms", f"{helped / alone:.1f}"))
    verdict = Verdict(
        "link-ecf --help", f"{helped * 1000:.0f} ms", f"< {HELP_TARGET * 1000:.0f} ms", helped < HELP_TARGET
    )
    return Table(f"Starting (median of {turns})", ("command", "wall", "ratio"), rows, (), (verdict,))
