"""Part 7: how fast notices are planned, gathered and sent, and whether sending keeps to what a chat allows.

Planning is the pure plan alone. Delivery is the real thing in processes of its own: gathering, claims, the pretend
Slack over HTTP and the entry of what came of it, with the pace raised out of the way; then at the service's own pace.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.bench.planning import measure
from tests.bench.tables import Table, Verdict
from tests.delivery.__main__ import POLITE, on_file, on_server
from tests.delivery.run import Figures, Trial

PEOPLE, COURTS = 10_000, 200
PLANNED, PLAN_TARGET = 10_000, 1.0
NOTICES = 1000
POLITE_NOTICES = 100


def measure_planning() -> Table:
    """Plan for every person of a large firm at every court."""
    rate = measure(PEOPLE, COURTS)
    seconds = PLANNED / rate
    rows = [(f"{PEOPLE:,} people x {COURTS} courts", f"{rate:,.0f}", f"{seconds * 1000:.0f} ms")]
    verdict = Verdict("10,000 notices planned", f"{seconds:.2f} s", f"< {PLAN_TARGET:.0f} s", seconds < PLAN_TARGET)
    heads = ("the plan", "rows a second", f"for {PLANNED:,}")
    return Table("Planning notices", heads, rows, ("  A row is one person and one event.",), (verdict,))


def measure_delivery() -> Table:
    """Deliver as fast as it goes, and at the pace of the service to a chat that refuses what is faster."""
    fast = Trial(NOTICES)
    polite = replace(POLITE, notices=POLITE_NOTICES)
    tried = {
        "SQLite, 1 replica, no pace": asyncio.run(on_file(fast)),
        "PostgreSQL, 3 replicas, no pace": asyncio.run(on_server(replace(fast, replicas=3))),
        "SQLite, 1 replica, 5 a second": asyncio.run(on_file(polite)),
        "PostgreSQL, 3 replicas, 5 a second": asyncio.run(on_server(replace(polite, replicas=3))),
    }
    rows = [(name, *_row(figures)) for name, figures in tried.items()]
    refused = sum(_refused(figures) for figures in tried.values())
    wrong = sum(figures.lost + figures.doubled for figures in tried.values())
    verdicts = (
        Verdict("notices lost or doubled", str(wrong), "0", wrong == 0),
        Verdict("429 when nothing fails", str(refused), "0", refused == 0),
    )
    heads = ("delivery", "notices", "letters", "seconds", "letters/s", "lost", "doubled", "429")
    notes = (
        "  Seconds from the start of the replicas' processes; one person in ten is due two notices, in one letter.",
        "  Kills, a crashed database and a bad chat: python -m tests.delivery.",
    )
    return Table("Delivering notices", heads, rows, notes, verdicts)


def _row(figures: Figures) -> tuple[str, ...]:
    rate = f"{figures.letters / figures.seconds:.0f}"
    counted = (figures.lost, figures.doubled, _refused(figures))
    return (str(figures.notices), str(figures.letters), f"{figures.seconds:.1f}", rate, *map(str, counted))


def _refused(figures: Figures) -> int:
    return figures.chat.get("429 for its limits", 0)
