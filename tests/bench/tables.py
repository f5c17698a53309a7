"""What the benchmark prints: tables, the targets of design 11, and the machine they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Verdict:
    """One target and the figure beside it; `met` is whether it was reached in this run."""

    what: str
    figure: str
    target: str
    met: bool


@dataclass(frozen=True)
class Table:
    """One table with the notes that its figures need; `verdicts` are judged from them."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    verdicts: Sequence[Verdict] = field(default=())

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.heads, *self.rows, strict=True)]
        lines = [_line(row, widths) for row in (self.heads, ["-" * width for width in widths], *self.rows)]
        return "\n".join([self.title, *lines, *self.notes])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(["  " + first, *others])


def verdict_table(verdicts: Sequence[Verdict]) -> Table:
    """Return every target with its figure and whether it was met."""
    rows = [(one.what, one.figure, one.target, "met" if one.met else "not met") for one in verdicts]
    return Table("Targets (design 11)", ("what", "figure", "target", ""), rows)


def machine() -> str:
    """Return the facts of this machine that the figures depend on, the load of others among them."""
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} CPUs, {platform.machine()}, {platform.python_implementation()} " + (
        f"{platform.python_version()}{load}. Compare ratios, not absolute figures: others may share the machine."
    )
