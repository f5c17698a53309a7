"""How much memory a process has, its part of what it shares with others counted in."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def pss(pid: int) -> float | None:
    """Return a process's share of memory in megabytes (10^6 bytes); None where it is not shown."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1_000_000
    return None


def together(pids: Iterable[int]) -> float | None:
    """Return the megabytes of several processes; None when one of them is not shown."""
    sizes = [pss(pid) for pid in pids]
    seen = [size for size in sizes if size is not None]
    return sum(seen) if len(seen) == len(sizes) else None
