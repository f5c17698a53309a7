"""The purge round: what it drops is gone, and a link is told from one that never was for a day after it expired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.linker.values import Result
from bot.store import PageLinks, PageRow, Store
from tests.attempts.book.replicas import replica, vault
from tests.attempts.stage import Walk

DAY = timedelta(days=1)


async def nothing(walk: Walk) -> Result:
    """Nobody starts an attempt here."""
    raise AssertionError(walk)


async def test_links_go_a_day_after_they_expired(store: Store, tmp_path: Path) -> None:
    now, links = datetime.now(UTC), PageLinks()
    expired = {"gone": now - DAY - timedelta(minutes=1), "kept": now - DAY + timedelta(minutes=5), "open": now + DAY}
    async with store.work() as work:
        for name, until in expired.items():
            row = PageRow(name, "code", "slack", "T1", "U1", until - timedelta(minutes=10), until, court=name)
            assert await links.add(work, row, at_most=5)
    await replica(store, tmp_path, "one", nothing, vault()).book.purge()
    async with store.work() as work:
        assert [name for name in expired if await links.find(work, name) is not None] == ["kept", "open"]
