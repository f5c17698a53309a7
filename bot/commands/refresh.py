"""`link-ecf courts refresh`: shows what PACER's look-up says otherwise, and keeps it when asked to."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from bot.clock import SystemClock
from bot.commands.line import settings_or_usage
from bot.commands.listed import kept_rows
from bot.commands.opened import run, store_of
from bot.commands.refresh_shown import Shown, conclude, show
from bot.courts.court import CourtId
from bot.courts.directory import Directory
from bot.courts.facts import Comparison, Fact, Facts, compare
from bot.courts.feed import MOST_BYTES, Listing, NotALookup, read_feed
from bot.courts.lookup import NotFetched, Road, fetch, web_address
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.event import AuditEvent, Event
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.service.court_list import facts_by_court
from bot.settings import Settings
from bot.store import FactsRow
from bot.store.facts import CourtFacts

_LONGEST_NAME = 64


class Overtaken(Exception):
    """Somebody else refreshed between what was shown and what was to be kept; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """What one look-up is to change: the rows it was compared with, and where it came from."""

    before: tuple[FactsRow, ...]
    found: Comparison
    source: str


def refresh_courts(source: str, *, apply: bool, hosts: bool, as_json: bool) -> int:
    """Print what `source` (a file, - or an https address) says otherwise; with `apply` keep it, and say so.

    Returns 0 when all of that was done, 1 when it could not be. Raises click.UsageError for a wrong file or line,
    click.ClickException when the address or the database is in trouble.
    """
    settings = settings_or_usage()
    listing = _listing(source, settings)
    before = run(kept_rows(settings))
    shipped = Directory.shipped().all
    found = compare(shipped, facts_by_court(before), listing.courts, hosts=hosts)
    command = f"link-ecf courts refresh {_without_query(source)}"
    shown = Shown(listing, found, command, hosts=hosts, apply=apply)
    show(shown, as_json=as_json)
    if apply and found.changes:
        _keep(settings, before, found, listing, source)
    conclude(shown, as_json=as_json)
    return 0


def _keep(settings: Settings, before: tuple[FactsRow, ...], found: Comparison, listing: Listing, source: str) -> None:
    """Keep what was shown. Raises click.ClickException when that is no longer what differs."""
    made = f" (list of {listing.made})" if listing.made else ""
    try:
        run(_kept(settings, Refresh(before, found, _without_query(source) + made)))
    except Overtaken:
        raise click.ClickException(
            "somebody else refreshed the courts meanwhile; nothing was kept. Run it again and look at what differs now."
        ) from None


def _listing(source: str, settings: Settings) -> Listing:
    online = "://" in source
    data = _fetched(source, settings) if online else _read(source)
    try:
        return read_feed(data, Directory.shipped().all)
    except NotALookup as why:
        said = f"{_without_query(source)}: {why} Nothing was changed."
    raise click.ClickException(said) if online else click.UsageError(said)


def _fetched(source: str, settings: Settings) -> bytes:
    url = web_address(source)
    if url is None:
        raise click.UsageError("the address must start with https:// and hold no user name.")
    led = settings.connect_to
    road = Road(settings.contact, (led.host, led.port) if led else None, settings.ca_file)
    try:
        return run(fetch(url, road))
    except NotFetched as why:
        said = f"{why} Nothing was changed."
    raise click.ClickException(said)


def _read(source: str) -> bytes:
    # One byte more than may be: who reads it tells the person that it is too large.
    try:
        if source == "-":
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with Path(source).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no file name"
    shown = source if source.isprintable() and len(source) <= 100 else "that file"
    raise click.UsageError(f"cannot read {shown}: {why}.")


async def _kept(settings: Settings, refresh: Refresh) -> None:
    """Keep it in one unit of work with its line of the audit; that line's lock comes first, so two take turns."""
    clock = SystemClock()
    recorder = Recorder(clock, HeadFile(settings.state_dir))
    facts = CourtFacts()
    who = Person(Platform.TERMINAL, WorkspaceId(socket.gethostname()[:_LONGEST_NAME]), PersonId(_user()))
    hosts = sum(1 for one in refresh.found.changes if one.fact is Fact.HOST)
    event = AuditEvent(Event.COURTS_REFRESHED, who, facts={"courts": len(refresh.found.keep), "hosts": hosts})
    async with store_of(settings) as store:
        async with store.work() as work:
            head = await recorder.note(work, event)
            if await facts.all(work) != refresh.before:
                raise Overtaken
            rows = _rows(refresh.found.keep, refresh.source, clock, who)
            await facts.put(work, rows)
            await facts.drop(work, [court for court, known in refresh.found.keep.items() if not known])
        await recorder.keep(head)


def _rows(keep: Mapping[CourtId, Facts], source: str, clock: SystemClock, who: Person) -> list[FactsRow]:
    by = f"{who.platform.value}/{who.workspace}/{who.id}"
    now = clock.now()
    return [FactsRow(court, known.as_json(), source, now, by) for court, known in keep.items() if known]


def _user() -> str:
    """The operating system's own name of the user: what the environment says could be anybody's."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name[:_LONGEST_NAME]
    except (ImportError, KeyError):  # Windows; a container whose user has no name
        return "terminal"


def _without_query(source: str) -> str:
    """An address without what may be a key in it; a file's name as it is."""
    url = web_address(source) if "://" in source else None
    return str(url.with_query(None).with_fragment(None)) if url is not None else source
