"""`link-ecf register`: who is linked where, as a table, as CSV or as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from bot.commands.line import court_or_usage, print_none, print_object, settings_or_usage
from bot.commands.opened import run, store_of
from bot.courts.court import CourtId
from bot.register.entry import Entry, State
from bot.register.listing import csv_lines, in_order, plain
from bot.register.rows import entry_of
from bot.settings import Settings
from bot.store import Register
from bot.words.standing import standing_words

_HEADINGS = ("COURT", "PERSON", "STATE", "SINCE (UTC)", "CODE", "CM/ECF LOGIN", "PACER USER", "OFFICE", "INCIDENT")
_UNKNOWN_TO_A_TERMINAL = "?"


def show_register(
    court: str | None, office: str | None, state: str | None, *, as_csv: bool = False, as_json: bool = False
) -> int:
    """Print the entries that fit, by court and person; none is no error.

    Raises click.UsageError for a court that is not known and for two formats at once, click.ClickException when the
    database cannot be read.
    """
    if as_csv and as_json:
        raise click.UsageError("--csv and --json are two formats: choose one.")
    settings = settings_or_usage()
    where = court_or_usage(court).id if court else None
    entries = in_order(run(_entries(settings, where, office, State(state) if state else None)))
    if as_csv:
        for line in csv_lines(entries):
            click.echo(line, nl=False)
    elif as_json:
        for entry in entries:
            print_object(plain(entry))
        if not entries:
            print_none(as_json=True)
    else:
        _show(entries)
    return 0


async def _entries(
    settings: Settings, court: CourtId | None, office: str | None, state: State | None
) -> Sequence[Entry]:
    async with store_of(settings) as store, store.work() as work:
        return [entry_of(row) for row in await Register().list(work, court, office, state)]


def _show(entries: Sequence[Entry]) -> None:
    if not entries:
        click.echo("Nobody is in the register like that.", err=True)
        return
    rows = [_HEADINGS, *(tuple(_cells(entry)) for entry in entries)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for label, meaning in sorted(_meanings(entries)):
        click.echo(f"{label}: {meaning}", err=True)


def _cells(entry: Entry) -> Iterable[str]:
    who = entry.person
    for text in (
        entry.court,
        f"{who.platform.value}/{who.workspace}/{who.id}",
        standing_words(entry.state, entry.code).label,
        f"{entry.since:%Y-%m-%d %H:%M}",
        entry.code.value if entry.code else "",
        _masked(entry.login_tail),
        _masked(entry.account_tail),
        entry.office,
        entry.incident,
    ):
        # Nothing that was typed into an office's name or a person's id may move the cursor of who reads this.
        yield "".join(each if each.isprintable() else _UNKNOWN_TO_A_TERMINAL for each in text)


def _masked(tail: str) -> str:
    return f"••{tail}" if tail else ""


def _meanings(entries: Iterable[Entry]) -> set[tuple[str, str]]:
    found = (standing_words(entry.state, entry.code) for entry in entries)
    return {(words.label, words.meaning) for words in found}
