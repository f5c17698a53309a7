"""The benchmark still runs, and its rival is a fair one: it reads the same pages. Nothing here looks at a clock."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from bot.linker.document import Document
from tests.bench.acks import measure_acks
from tests.bench.apart import Apart, apart
from tests.bench.cells import Sizes, measure_cells
from tests.bench.flights import ENGINES, Flight, measure_flights
from tests.bench.linking import LIMIT, Plan, measure_links
from tests.bench.reading import Sample, samples
from tests.bench.soup import SoupDocument
from tests.bench.tables import Verdict, verdict_table

TINY = Plan(in_flight=((1, 1), (2, 2)), rounds=1, latencies=(0.0,))

needs_selectolax = pytest.mark.skipif(
    importlib.util.find_spec("selectolax") is None, reason="selectolax is a dependency of the benchmark alone"
)


@pytest.mark.filterwarnings("ignore::bs4.XMLParsedAsHTMLWarning")
@pytest.mark.parametrize("sample", list(samples()), ids=lambda sample: f"{sample.kind}/{sample.name}")
def test_the_rival_reads_the_same_page(sample: Sample) -> None:
    """Or its time would be for less work."""
    assert sample.read(SoupDocument) == sample.read(Document)


@needs_selectolax
@pytest.mark.parametrize("ballast", [0, 24_000])
def test_every_variant_links_with_the_same_requests(ballast: int) -> None:
    """Each walk raises unless the court has linked; a filer is linked once, so nobody lives on another's work."""
    table = measure_links(TINY, ballast)
    assert {row[0] for row in table.rows} >= {LIMIT}
    assert len(table.rows) == 6
    assert len({row[3] for row in table.rows}) == 1
    assert len(table.verdicts) == 2


def test_both_servers_acknowledge_everything() -> None:
    """A refusal would be quick, and no acknowledgement."""
    table = measure_acks(count=20, rounds=1)
    assert len(table.rows) == 8
    assert {row[-1] for row in table.rows} == {"0"}


def test_attempts_in_processes_of_their_own_are_measured() -> None:
    """Each of them links, or the measuring fails."""
    table = measure_cells(Sizes(starts=1, burst=1, standing=2))
    assert len(table.rows) == 5
    assert "start to first request" in table.verdicts[0].what


def test_the_whole_bot_is_measured_on_both_databases() -> None:
    """Every request is acknowledged, and there are attempts in flight meanwhile."""
    table = measure_flights(Flight(many=2, requests=6, rate=20.0, connections=2))
    assert tuple(table.heads[1:]) == ENGINES
    rows = {row[0]: row[1:] for row in table.rows}
    assert [cells for what, cells in rows.items() if what.endswith("refused")] == [("0", "0")] * 4
    assert all(cell.startswith("2 and ") for cell in rows["in flight before and after the load"])
    assert sum("p99" in verdict.what for verdict in table.verdicts) == 4


def test_a_part_apart_ends_with_its_starter() -> None:
    """Also when the starter fails in between."""
    begun: list[Apart] = []

    def fail_in_between() -> None:
        with apart("tests.bench.ack_server", "bare") as server:
            begun.append(server)
            assert server.hear()["port"] > 0
            raise KeyError

    with pytest.raises(KeyError):
        fail_in_between()
    assert begun[0].ended


def test_the_command_runs_one_part_and_judges_nothing(root: Path) -> None:
    """Exit 0 whatever the figures are."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--only", "start"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "link-ecf --help" in done.stdout
    assert "Acknowledging" not in done.stdout


def test_a_target_that_is_not_met_is_said() -> None:
    table = str(verdict_table([Verdict("a", "3", "<= 2", False), Verdict("b", "1", "<= 2", True)]))
    assert [line.split()[-2:] for line in table.splitlines()[-2:]] == [["not", "met"], ["2", "met"]]
