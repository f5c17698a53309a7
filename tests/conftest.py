"""Fixtures that belong to no part in particular."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from bot.store import upgrade
from tests.chromium import HOW_TO_GET_ONE, NO_CHROMIUM
from tests.postgres import Server

# A busy machine is no failure: what must be quick is proved by counting work, not by a clock.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parent.parent

LONGEST = (
    "crash/test_crashes.py",
    "browser/test_page.py",
    "test_cli.py",
    "story/test_outages.py",
    "delivery/test_soak.py",
    "story/test_canary.py",
    "story/test_other_people.py",
    "test_doctor.py",
    "test_bench.py",
    "attempts/cell/test_kills.py",
    "pages/test_race.py",
    "vault/test_installs.py",
    "courts/test_refresh.py",
    "story/test_golive.py",
    "test_front.py",
    "delivery/test_outcomes.py",
    "story/test_disasters.py",
    "story/test_demo.py",
)
"""Files that take or wait longest."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a parallel run, begin with the longest files: one that begins last would leave the other processes idle."""
    if hasattr(config, "workerinput"):
        begin = {ROOT / "tests" / name: number for number, name in enumerate(LONGEST)}
        assert [file for file in begin if not file.is_file()] == [], "a file was moved or renamed"
        items.sort(key=lambda item: begin.get(item.path, len(begin)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that the browser tests did not run. It stands here because a parallel run ends in another process."""
    if any(NO_CHROMIUM in str(one.longrepr) for one in terminalreporter.stats.get("skipped", [])):
        terminalreporter.section("No Chromium: the browser tests were skipped", yellow=True)
        terminalreporter.line(f"To run them, {HOW_TO_GET_ONE}.")


@pytest.fixture
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture
def shared() -> Path:
    """The reference material beside the project; a test that reads it is skipped where it is not there."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference material is not beside the project")
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One PostgreSQL for the whole run, and for all folders: each process of a parallel run starts its own."""
    with Server() as server:
        yield server


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """A database with every table, to be copied."""
    name = server.database()
    upgrade(server.address(name))
    return name


@pytest.fixture
def log_as_it_was() -> Iterator[None]:
    """A command sets the log up for its process; here it is put back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
