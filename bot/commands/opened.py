"""The store, opened for one command; what it cannot do is one line of error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import click

from bot import logs
from bot.clock import SystemClock
from bot.errors import StoreTrouble
from bot.settings import Settings
from bot.store import Store

Done = TypeVar("Done")


@asynccontextmanager
async def store_of(settings: Settings) -> AsyncIterator[Store]:
    """Open the database of these settings for the block. Raises StoreTrouble."""
    store = await Store.open(settings.database, SystemClock())
    try:
        yield store
    finally:
        await store.close()


def run(work: Coroutine[Any, Any, Done]) -> Done:
    """Run `work` to its end. Raises click.ClickException with the store's own sentence when it is in trouble."""
    logs.set_up("warning")
    try:
        return asyncio.run(work)
    except StoreTrouble as trouble:
        said = str(trouble)
    raise click.ClickException(said)
