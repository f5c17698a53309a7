"""`link-ecf linking`: the kill switch of all replicas, and how it stands."""

from __future__ import annotations

import socket

import click

from bot.attempts.store_book import LINKING
from bot.clock import SystemClock
from bot.commands.line import say_json, settings_or_usage
from bot.commands.opened import run, store_of
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.event import AuditEvent, Event
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.settings import Settings
from bot.store import Switches


def switch_linking(wanted: str | None, *, as_json: bool) -> int:
    """Set the switch to `wanted` ("on", "off"; None leaves it), and say how it stands; every replica follows.

    Raises click.UsageError for wrong settings, click.ClickException when the database cannot be used.
    """
    settings = settings_or_usage()
    on = run(_switched(settings, wanted))
    if as_json:
        say_json(linking="on" if on else "off", setting="on" if settings.linking else "off")
        return 0
    click.echo(f"Linking is {'on' if on else 'off'} for all replicas of this database.")
    if not on:
        click.echo("No attempt starts within ten seconds; running ones end before their final Submit.")
    elif not settings.linking:
        click.echo("A replica with LINK_ECF_LINKING=off, as it is set here, starts none all the same.")
    return 0


async def _switched(settings: Settings, wanted: str | None) -> bool:
    recorder = Recorder(SystemClock(), HeadFile(settings.state_dir))
    switches = Switches()
    async with store_of(settings) as store:
        head = None
        async with store.work() as work:
            if wanted is not None:
                who = Person(Platform.TERMINAL, WorkspaceId(socket.gethostname()), PersonId("terminal"))
                await switches.set(work, LINKING, wanted == "on", who.id)
                event = AuditEvent(Event.LINKING_SWITCHED, who, facts={"on": wanted == "on"})
                head = await recorder.note(work, event)
            on = await switches.get(work, LINKING) is not False
        if head is not None:
            await recorder.keep(head)
    return on
