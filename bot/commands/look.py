"""`inspect`, `probe` and `courts`: looking without linking."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import click

from bot import logs
from bot.attempts.pace import Pace
from bot.clock import SystemClock
from bot.commands.line import court_or_usage, print_none, print_object, say_json, settings_or_usage
from bot.commands.listed import courts_in_force
from bot.courts.court import Court
from bot.errors import Code
from bot.linker.inspect import Probe, no_page, probe
from bot.linker.inspect import inspect as read_page
from bot.parts import outside_of
from bot.settings import Settings
from bot.words import hindrance_words

_UNWELL = frozenset({Code.COURT_DOWN, Code.PACER_DOWN, Code.UNKNOWN_PAGE})
_LINKED: Mapping[object, str] = {True: "linked", False: "not linked", None: "does not tell linked from not linked"}
_LIVE = {True: "live on NextGen", False: "not live on NextGen yet", None: "does not tell whether it is live"}


def inspect_files(files: Sequence[Path], url: str, *, as_json: bool) -> int:
    """Print how each saved page is read. Raises click.UsageError for a file that cannot be read or a wrong address."""
    if url and not _web_address(url):
        raise click.UsageError("--url must be an http or https address.")
    for file in files:
        try:
            body = file.read_bytes()
        except OSError as error:
            raise click.UsageError(f"cannot read {file}: {error.strerror}.") from None
        found: dict[str, object] = {"file": str(file), **read_page(url, body)}
        if kind := no_page(body):
            found["why"] = f"this is {kind}, not a saved page"
        if as_json:
            print_object(found)
        else:
            _show_page(found)
    return 0


def _web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _show_page(found: Mapping[str, object]) -> None:
    click.echo(f"{found['file']}: {found['page']}, {_LINKED[found['linked']]}")
    for name, value in found.items():
        if name not in {"file", "page", "linked"} and value not in (None, "", [], ()):
            click.echo(f"  {name}: {_plain(value)}")


def _plain(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return " ".join(text.split())


def probe_courts(names: Sequence[str], *, as_json: bool) -> int:
    """Print how each court's public pages stand; 1 when one is down or cannot be read. Raises click.UsageError."""
    settings = settings_or_usage()
    named = [court_or_usage(name) for name in names]
    listed = courts_in_force(settings)
    courts = [listed.by_id(court.id) or court for court in named]
    logs.set_up("warning")
    return asyncio.run(_probe_all(courts, settings, as_json=as_json))


async def _probe_all(courts: Sequence[Court], settings: Settings, *, as_json: bool) -> int:
    clock = SystemClock()
    pace = Pace(clock)
    unwell = False
    for court in courts:
        found = await _probe(court, settings, clock, pace)
        unwell = unwell or found.code in _UNWELL
        if as_json:
            say_json(
                court=found.court.id,
                reachable=found.reachable,
                live=found.live,
                page=found.page,
                code=found.code,
                detail=found.detail,
            )
        else:
            click.echo(f"{court.id}: {_probed(found)}")
    return 1 if unwell else 0


async def _probe(court: Court, settings: Settings, clock: SystemClock, pace: Pace) -> Probe:
    if court.unlinkable is not None:
        return Probe(court, False, None, "", Code.COURT_UNSUPPORTED)
    seat = pace.seat(court.id, _never_queued)
    try:
        return await probe(court, outside=outside_of(settings), leave=seat, clock=clock)
    finally:
        seat.rise()


async def _never_queued(place: int) -> None:
    """Courts are looked at one after the other, so nobody waits."""


def _probed(found: Probe) -> str:
    if found.code is Code.COURT_UNSUPPORTED:
        return hindrance_words(found.code, found.court).paragraphs[0]
    reach = "reachable" if found.reachable else "not reachable"
    code = f" ({found.code}{': ' + found.detail if found.detail else ''})" if found.code else ""
    return f"{reach}, {_LIVE[found.live]}, page read as {found.page or 'nothing'}{code}"


def list_courts(query: str, *, as_json: bool) -> int:
    """Print the courts that `query` may mean, all of them without one; none is no error."""
    directory = courts_in_force()
    found = directory.search(query) if query.strip() else directory.all
    for court in found:
        if as_json:
            print_object(_described(court))
        else:
            note = "  (not supported by the bot)" if court.unlinkable else ""
            click.echo(f"{court.id:8} {court.name}{note}")
    if not found:
        print_none(as_json=as_json)
        click.echo("No court is named like that. Try its state, a city, or a part of its name.", err=True)
    return 0


def _described(court: Court) -> dict[str, object]:
    known = court.go_live
    return {
        "id": court.id,
        "name": court.name,
        "short_name": court.short_name,
        "kind": court.kind,
        "circuit": court.circuit,
        "state": court.state,
        "host": court.host,
        "pacer_id": court.pacer_id,
        "software": court.software,
        "web_url": court.web_url,
        "zone": court.zone.key,
        "live": court.live(SystemClock().now()),
        "go_live": str(known.day or known.live_by or "") or None,
        "go_live_status": known.status,
        "unlinkable": court.unlinkable,
        "help_desks": [{"phone": desk.phone, "division": desk.division} for desk in court.help_desks],
        "help_address": court.help_address,
    }
