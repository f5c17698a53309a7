"""A database of its own for each attempt that is killed, on either engine, and what can be read in it afterwards."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from bot.store import upgrade
from tests.postgres import Server

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENGINES = (SQLITE, POSTGRESQL)


class Places:
    """Databases with every table, copied from one that was made once."""

    def __init__(self, engine: str, folder: Path, server: Server | None = None) -> None:
        self.engine = engine
        self._folder = folder
        self._server = server
        self._numbers = itertools.count(1)
        self._template = ""

    def prepare(self) -> None:
        """Make the one that the others are copied from."""
        if self._server is not None:
            self._template = self._server.database()
            upgrade(self._server.address(self._template))
        else:
            upgrade(f"sqlite:///{self._folder / 'template.db'}")

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[Place]:
        """One database, for as long as the context is entered."""
        folder = self._folder / f"{self.engine}-{next(self._numbers)}"
        folder.mkdir()
        if self._server is None:
            shutil.copy(self._folder / "template.db", folder / "link-ecf.db")
            yield Place(folder, f"sqlite:///{folder / 'link-ecf.db'}", None, "")
            return
        name = await asyncio.to_thread(self._server.database, self._template)
        try:
            yield Place(folder, self._server.address(name), self._server, name)
        finally:
            await asyncio.to_thread(self._server.drop, name)


class Place:
    """One database, and the folder beside it where owners write."""

    def __init__(self, folder: Path, address: str, server: Server | None, name: str) -> None:
        self.folder = folder
        self.address = address
        self._server = server
        self._name = name

    def rows(self) -> dict[str, list[str]]:
        """The rows of every table, as text."""
        if self._server is not None:
            named = self._server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", self._name)
            tables = [str(one[0]) for one in named]
            return {
                table: [str(row[0]) for row in self._server.execute(f'SELECT t::text FROM "{table}" t', self._name)]
                for table in tables
            }
        with closing(sqlite3.connect(f"file:{self.folder / 'link-ecf.db'}?mode=ro", uri=True)) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {table: [str(row) for row in database.execute(f'SELECT * FROM "{table}"')] for table in tables}

    def written(self) -> dict[str, bytes]:
        """Everything that anybody wrote: all files of the folder, SQLite's among them, and all rows."""
        found = {str(file.relative_to(self.folder)): file.read_bytes() for file in self._files()}
        return found | {f"table {table}": "\n".join(rows).encode() for table, rows in self.rows().items()}

    def _files(self) -> list[Path]:
        return [file for file in self.folder.rglob("*") if file.is_file()]
