"""Every test of the store runs twice: on an SQLite file and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.store import Store
from tests.postgres import Server
from tests.sqlite import made


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the database that this test runs on."""
    return str(request.param)


@pytest.fixture
def empty(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path}/state/link-ecf.db"
        return
    server: Server = request.getfixturevalue("server")
    name = server.database()
    yield server.address(name)
    server.drop(name)


@pytest.fixture
def address(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with every table."""
    if engine == "sqlite":
        yield made(tmp_path / "state" / "link-ecf.db")
        return
    server: Server = request.getfixturevalue("server")
    name = server.database(request.getfixturevalue("template"))
    yield server.address(name)
    server.drop(name)


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    """A store on a fresh database."""
    opened = await Store.open(address, SystemClock())
    yield opened
    await opened.close()


@pytest.fixture
async def other(address: str) -> AsyncIterator[Store]:
    """A second replica's store on the same database."""
    opened = await Store.open(address, SystemClock())
    yield opened
    await opened.close()


@dataclass(frozen=True)
class Times:
    """Moments around the present one, far enough from it that no test has to wait."""

    now: datetime

    def later(self, seconds: float = 60) -> datetime:
        """A moment that the test does not live to see."""
        return self.now + timedelta(seconds=seconds)

    def ago(self, seconds: float = 60) -> datetime:
        """A moment that is past."""
        return self.now - timedelta(seconds=seconds)


@pytest.fixture
def times() -> Times:
    """Moments around the present one."""
    return Times(datetime.now(UTC))
