"""A browser at a server over TLS, with pages kept in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.browser import Browser, browsing
from tests.web.pages import PagesInMemory


@pytest.fixture
def pages() -> PagesInMemory:
    """No links yet."""
    return PagesInMemory()


@pytest.fixture
async def browser(pages: PagesInMemory, tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser at a server that was started for this test."""
    async with browsing(pages, tmp_path) as opened:
        yield opened
