"""Pages are tested on both databases, as the store itself is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store import Store
from tests.pages.stage import Desk, opened
from tests.store.conftest import address, empty, engine, other, store

__all__ = ["address", "empty", "engine", "other", "store"]


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    """A door over a store and a service whose attempts a test leads by hand."""
    made = opened(store)
    yield made
    for one in await made.service.attempts(made.person):
        await made.service.cancel(made.person, one.id)
        await made.scene.desk.ended(one.id)
