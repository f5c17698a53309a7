"""The courts as this deployment has them, for one command: the shipped list with what was refreshed laid over it."""

from __future__ import annotations

import asyncio

import click

from bot.commands.opened import store_of
from bot.courts.directory import Directory
from bot.courts.facts import overlaid
from bot.errors import StoreTrouble, WrongSetting
from bot.service.court_list import facts_by_court
from bot.settings import Settings, read_settings
from bot.store import FactsRow
from bot.store.engines import file_of, read_address
from bot.store.facts import CourtFacts


def courts_in_force(settings: Settings | None = None) -> Directory:
    """Return the courts as they hold under `settings`, or those of the environment.

    Looking must not need a database: without one it is the shipped list, and one that is in trouble is told on stderr.
    """
    try:
        rows = asyncio.run(kept_rows(settings or read_settings()))
    except (StoreTrouble, WrongSetting) as trouble:
        click.echo(f"link-ecf: the courts are shown as they ship with the bot. {trouble}", err=True)
        rows = ()
    return overlaid(Directory.shipped().all, facts_by_court(rows)) if rows else Directory.shipped()


async def kept_rows(settings: Settings) -> tuple[FactsRow, ...]:
    """Return what is kept of courts; nothing where no SQLite file was made yet. Raises StoreTrouble."""
    file = file_of(read_address(settings.database))
    if file is not None and not file.exists():
        return ()
    async with store_of(settings) as store, store.work() as work:
        return await CourtFacts().all(work)
