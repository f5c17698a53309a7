"""What each process does without, so that an idle replica stays small (design 11), seen in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.store import Store, upgrade
from tests.postgres import Server

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


SERVE = """
import asyncio, sys
from bot import logs
from bot.app import Application
from bot.settings import read_settings
async def run():
    logs.set_up("error")
    async with Application(read_settings(dict(one.split("=", 1) for one in sys.argv[1:]))) as app:
        while await app.why_not_ready():
            await asyncio.sleep(0.05)
        print(*sys.modules)
asyncio.run(run())
"""

FOR_A_SERVER = {"psycopg", "psycopg_pool", "procrastinate", "sqlalchemy.dialects.postgresql", "bot.store.server"}
"""What a replica needs that works on PostgreSQL, and no other."""


def loaded_by(program: str, *arguments: str) -> set[str]:
    """Return the packages, ours by their whole names, that are loaded once `program` has run."""
    last = "\nimport sys\nprint(*(m if m.startswith('bot.') else m.partition('.')[0] for m in sys.modules))"
    return said_by(program + last, *arguments)


def loaded_when_ready(folder: Path, **more: str) -> set[str]:
    """Return the modules of a service with these settings at the moment when it is ready, nobody having asked yet."""
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "s",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "LINK_ECF_STATE_DIR": str(folder),
        "PORT": "0",
        **more,
    }
    return said_by(SERVE, *(f"{name}={text}" for name, text in settings.items()))


def said_by(program: str, *arguments: str) -> set[str]:
    """Return the words that `program` prints."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_service_holds_nothing_that_reads_pages_or_migrates() -> None:
    """Pages are the children's alone, migrations another process's."""
    loaded = loaded_by("import bot.app")
    assert {"bot.app", "bot.store.engine", "slack_bolt"} <= loaded
    assert not loaded & {"bs4", "lxml", "soupsieve", "alembic", "bot.linker.document", "bot.linker.attempt"}
    assert not loaded & {"procrastinate", "psycopg", "jinja2", "pydantic"}


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


def test_a_replica_on_a_file_holds_nothing_of_a_server(tmp_path: Path) -> None:
    """Nor what it never asks of the libraries that it has: the page's templates, Slack's socket."""
    loaded = loaded_when_ready(tmp_path)
    assert {"aiosqlite", "sqlalchemy.dialects.sqlite", "bot.store.engine", "handlers.slack"} <= loaded
    assert not loaded & FOR_A_SERVER
    assert not loaded & {"pydantic", "alembic", "jinja2", "lxml", "slack_sdk.socket_mode"}


def test_a_replica_on_a_server_has_loaded_what_it_needs_before_anybody_asks(tmp_path: Path) -> None:
    """Else the first request would wait for it, and with it every other."""
    with Server() as server:
        address = server.address(server.database())
        upgrade(address)
        loaded = loaded_when_ready(tmp_path, DATABASE_URL=address)
    assert loaded >= FOR_A_SERVER | {"bot.store.server_bell", "bot.store.queue", "bot.store.jobs"}
    assert not loaded & {"aiosqlite", "pydantic", "alembic"}


async def test_where_no_process_can_be_had_the_tables_are_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process saves memory; it is not needed."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-such-program"))
    store = await Store.open(f"sqlite:///{tmp_path}/a.db", SystemClock(), create=True)
    assert await store.ready() == ""
    await store.close()
