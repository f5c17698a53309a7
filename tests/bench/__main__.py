"""`python -m tests.bench [--only PART]`: measure, print tables and targets; exit 0 whatever the figures are."""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Mapping

from bs4 import XMLParsedAsHTMLWarning

from tests.bench.acks import measure_acks
from tests.bench.cells import measure_cells
from tests.bench.delivering import measure_delivery, measure_planning
from tests.bench.flights import measure_flights
from tests.bench.linking import measure_links, measure_thin_pages
from tests.bench.reading import measure_reading
from tests.bench.starting import measure_start
from tests.bench.tables import Table, Verdict, machine, verdict_table

PARTS: Mapping[str, tuple[Callable[[], Table], ...]] = {
    "link": (measure_links, measure_thin_pages),
    "reading": (measure_reading,),
    "slack": (measure_acks,),
    "start": (measure_start,),
    "attempts": (measure_cells,),
    "flight": (measure_flights,),
    "notices": (measure_planning, measure_delivery),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the parts that were asked for, all of them by default, in under five minutes on two cores."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="run this part; may be given again")
    parts = parser.parse_args(arguments).only or list(PARTS)
    warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)  # of the rival: one of the screens is XML, read as it comes
    print(machine(), end="\n\n", flush=True)
    verdicts: list[Verdict] = []
    begun = time.perf_counter()
    for part in parts:
        for measure in PARTS[part]:
            table = measure()
            verdicts += table.verdicts
            print(table, end="\n\n", flush=True)
    print(verdict_table(verdicts))
    print(f"\n{time.perf_counter() - begun:.0f} s in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
