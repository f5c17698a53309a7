"""What each process does without, so that an idle replica stays small (design 11), seen in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.store import Store

ROOT = Path(__file__).parents[1]

CREATE = """
import asyncio, sys
from bot.clock import SystemClock
from bot.store import Store
async def run():
    store = await Store.open(sys.argv[1], SystemClock(), create=True)
    assert await store.ready() == ""
    await store.close()
asyncio.run(run())
"""


def loaded_by(program: str, *arguments: str) -> set[str]:
    """Return the packages, ours by their whole names, that are loaded once `program` has run."""
    last = "\nimport sys\nprint(*(m if m.startswith('bot.') else m.partition('.')[0] for m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program + last, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_service_holds_nothing_that_reads_pages_or_migrates() -> None:
    """Pages are the children's alone, migrations another process's."""
    loaded = loaded_by("import bot.app")
    assert {"bot.app", "bot.store.engine", "slack_bolt"} <= loaded
    assert not loaded & {"bs4", "lxml", "soupsieve", "alembic", "bot.linker.document", "bot.linker.attempt"}
    assert not loaded & {"procrastinate", "jinja2", "pydantic_settings"}


def test_the_fork_server_holds_nothing_of_the_services() -> None:
    """It loads what attempts need, and neither logs nor knows a chat or a database."""
    loaded = loaded_by("import bot.attempts.cell.server")
    assert {"bot.linker.inspect", "lxml", "aiohttp"} <= loaded
    assert not loaded & {"structlog", "sqlalchemy", "slack_sdk", "pydantic", "bot.attempts.cell.cells"}


def test_the_first_tables_leave_no_alembic_behind(tmp_path: Path) -> None:
    """Neither the start that makes an SQLite file nor a later one loads it."""
    address = f"sqlite:///{tmp_path}/a.db"
    for _ in range(2):
        assert not loaded_by(CREATE, address) & {"alembic", "procrastinate"}


async def test_where_no_process_can_be_had_the_tables_are_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process saves memory; it is not needed."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-such-program"))
    store = await Store.open(f"sqlite:///{tmp_path}/a.db", SystemClock(), create=True)
    assert await store.ready() == ""
    await store.close()
