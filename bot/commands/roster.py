"""`link-ecf roster`: who files where, loaded from a file, and whom the chat does not know."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot.clock import SystemClock
from bot.commands.line import print_none, print_object, settings_or_usage
from bot.commands.opened import run, store_of
from bot.commands.workspace import Workspace, named_workspace, terminal, workspace_of
from bot.courts.directory import Directory
from bot.people import Platform, WorkspaceId
from bot.register.dates_scribe import DatesScribe
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.reminders.people.roster import Roster
from bot.reminders.people.roster_lines import RosterReport
from bot.reminders.table import NotATable, TooMuch, text_of
from bot.settings import Settings
from bot.store import RosterRow, Store
from bot.words import admins as words

LARGEST = 10_000_000
"""Bytes of a roster: that of 100,000 people is half of it."""
LOOKING_SECONDS = 120.0
"""How long a command looks people up; the running service goes on with the rest."""


def load_roster(file: str, workspace: str | None, *, dry_run: bool, as_json: bool) -> int:
    """Check the file, or load its good lines, and return the exit code: 1 when a line of it was not taken.

    Raises click.UsageError for a file that cannot be read, a wrong workspace or wrong settings, click.ClickException
    when the database cannot be used.
    """
    settings, named, text = settings_or_usage(), named_workspace(workspace), _text(file)
    report, where = run(_loaded(settings, named, text, dry_run=dry_run))
    show = _show_json if as_json else _show
    show(report, where, dry_run=dry_run)
    return 1 if report.bad or not report.people else 0


def list_roster(workspace: str | None, *, as_json: bool) -> int:
    """Print the roster of a workspace; nobody in it is no error. Raises what load_roster raises."""
    settings, named = settings_or_usage(), named_workspace(workspace)
    rows = run(_listed(settings, named))
    if not rows:
        print_none(as_json=as_json)
    for row in rows:
        if as_json:
            print_object(
                {
                    "email": row.email,
                    "courts": list(row.courts),
                    "office": row.office,
                    "person": row.person,
                    "why": row.why,
                }
            )
        else:
            found = row.person or words.why_words(row.why)
            click.echo(f"{row.email}  {' '.join(row.courts) or '-'}  {row.office or '-'}  {found}")
    if not rows and not as_json:
        click.echo(words.standing_roster_words(0, 0), err=True)
    return 0


async def _loaded(
    settings: Settings, named: WorkspaceId | None, text: str, *, dry_run: bool
) -> tuple[RosterReport, Workspace]:
    async with workspace_of(settings, named) as where, store_of(settings) as store:
        roster = _roster(settings, store, where)
        if dry_run:
            return await roster.check(Platform.SLACK, where.id, text, LOOKING_SECONDS), where
        return await roster.load(terminal(), Platform.SLACK, where.id, text, LOOKING_SECONDS), where


async def _listed(settings: Settings, named: WorkspaceId | None) -> Sequence[RosterRow]:
    async with workspace_of(settings, named) as where, store_of(settings) as store:
        return await _roster(settings, store, where).listed(Platform.SLACK, where.id)


def _roster(settings: Settings, store: Store, where: Workspace) -> Roster:
    clock = SystemClock()
    notes = DatesScribe(Recorder(clock, HeadFile(settings.state_dir)))
    return Roster(store, notes, Directory.shipped().plainly, where.profiles, clock)


def _text(file: str) -> str:
    """Return the roster as text, however it was saved."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise click.UsageError(f"the roster cannot be read: {error.strerror or 'no such file'}.") from None
    if len(raw) > LARGEST:
        raise click.UsageError("the roster is larger than 10 MB: load it in parts.")
    try:
        return text_of(raw)
    except TooMuch:
        raise click.UsageError("the spreadsheet unpacks to too much: load it in parts.") from None
    except NotATable as wrong:
        raise click.UsageError(f"line {wrong.line} is no text, and this no spreadsheet: save it as CSV.") from None


def _show(report: RosterReport, where: Workspace, *, dry_run: bool) -> None:
    say = words.checked_words if dry_run else words.loaded_words
    click.echo(say(report.people, report.found, len(report.missing), report.waiting))
    for line in report.bad:
        click.echo(words.bad_line_words(line), err=True)
    for email, why in report.missing:
        click.echo(f"{email}: {words.why_words(why)}.", err=True)
    if where.why and report.waiting:
        click.echo(f"{where.why} {words.SERVICE_MATCHES}", err=True)
    if dry_run:
        click.echo(words.NOTHING_LOADED)


def _show_json(report: RosterReport, where: Workspace, *, dry_run: bool) -> None:
    for line in report.bad:
        print_object({"line": line.number, "flaw": line.flaw.value, "message": words.bad_line_words(line)})
    for email, why in report.missing:
        print_object({"email": email, "why": why, "message": words.why_words(why)})
    print_object(
        {
            "workspace": where.id,
            "loaded": not dry_run,
            "people": report.people,
            "found": report.found,
            "missing": len(report.missing),
            "waiting": report.waiting,
            "bad": len(report.bad),
        }
    )
