"""The version of the tables: made, brought up to date, or refused with the command that helps."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SchemaNew, SchemaOld, StoreTrouble
from bot.store.engines import file_of, read_address, upgrade_engine
from bot.store.tables import SCHEMA
from bot.store.trouble import raised, trouble_of

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = text("SELECT version_num FROM alembic_version")
TOGETHER = 5_702_183_646_021
"""The advisory lock under which one replica at a time changes the tables; the number means nothing."""

CREATE_SECONDS = 30.0

NOT_MADE = "The database has no tables yet: run `link-ecf db upgrade`."


async def check(connection: AsyncConnection) -> None:
    """Raise SchemaOld or SchemaNew when the tables are not those of this program."""
    found = (await connection.execute(VERSION)).scalar_one_or_none()
    _judge(found)


def _judge(found: str | None) -> None:
    if found is None:
        raise SchemaOld(NOT_MADE)
    if found == SCHEMA:
        return
    # Numbers of four digits sort by age; a word in their place is from a time that this program does not know.
    if re.fullmatch(r"\d{4}", found) and found < SCHEMA:
        raise SchemaOld
    raise SchemaNew


def refuse_missing_file(url: URL) -> None:
    """Raise SchemaOld when SQLite's file is not there: connecting would make an empty one."""
    file = file_of(url)
    if file is not None and not file.exists():
        raise SchemaOld(NOT_MADE)


def create(address: str) -> None:
    """Make the tables where there are none at all, those of a new SQLite file in another process first.

    Raises StoreTrouble.
    """
    file = file_of(read_address(address))
    if file is not None and not (file.exists() and file.stat().st_size):
        _create_elsewhere(address)
    create_here(address)


def _create_elsewhere(address: str) -> None:
    """Have a process of its own make the tables, if that can be done.

    How that went is not asked: the caller looks, and does what is missing itself, or is told why it cannot be done. The
    address is an SQLite path, so no secret; of the environment nothing is handed over.
    """
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-P", "-m", "bot.store.first_tables", address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            timeout=CREATE_SECONDS,
            check=False,
        )


def create_here(address: str) -> None:
    """Make the tables where there are none at all, in this process. Raises StoreTrouble."""
    _migrate(address, only_if_empty=True)


def upgrade(address: str) -> tuple[str | None, str]:
    """Bring the tables at `address` up to date, in one transaction; returns their version before and after.

    None before means that there were none. Several replicas may do it at once: one does, the others wait and find it
    done. Raises SchemaNew when a newer program made them, StoreDown, StoreBusy, StoreFull; nothing is half done then.
    """
    return _migrate(address, only_if_empty=False)


def _migrate(address: str, *, only_if_empty: bool) -> tuple[str | None, str]:
    url = read_address(address)
    trouble: StoreTrouble
    try:
        with _file_to_itself(url):
            engine = upgrade_engine(url)
            try:
                with engine.begin() as connection:
                    return _migrate_here(connection, only_if_empty=only_if_empty)
            finally:
                engine.dispose()
    except raised() as error:
        trouble = trouble_of(error)
    raise trouble


@contextmanager
def _file_to_itself(url: URL) -> Iterator[None]:
    """Make SQLite's file and folder for their owner alone (the files beside it inherit that), one upgrade at a time.

    The folder is locked because a new file cannot lock itself: its switch to WAL is refused, at once and without any
    waiting, while another process makes the same switch.
    """
    file = file_of(url)
    if file is None:
        yield
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        file.touch(mode=0o600)
        yield
    finally:
        os.close(folder)


def _migrate_here(connection: Connection, *, only_if_empty: bool) -> tuple[str | None, str]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TOGETHER})
    before = current(connection)
    if before is not None and (only_if_empty or before == SCHEMA):
        return before, before
    if before is not None and not (re.fullmatch(r"\d{4}", before) and before < SCHEMA):
        raise SchemaNew
    from alembic import command

    command.upgrade(configuration(connection), "head")
    return before, SCHEMA


def current(connection: Connection) -> str | None:
    """Return the version of the tables, None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(VERSION).scalar_one_or_none()
    return found


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for work on `connection`; there is no file of it, so that none can differ."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
