"""`link-ecf golive`: courts' dates from the terminal, over the same calendar as the chat's."""

from __future__ import annotations

import os
import pwd
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from bot.clock import SystemClock
from bot.commands.golive_lines import say_changed, say_event, say_imported, say_not_csv, say_problems
from bot.commands.line import court_or_usage, print_none, settings_or_usage
from bot.commands.opened import run, store_of
from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.dates_scribe import DatesScribe
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.reminders.dates.calendar import EXISTS, Calendar, Changed
from bot.reminders.dates.event_csv import LARGEST, FileProblem, Line, ignored_columns, read_dates
from bot.reminders.dates.event_form import DateField, DateFlaw, DateProblem, EventForm
from bot.reminders.dates.importing import DateImport, Entered, form_of_line
from bot.reminders.event import CourtEvent, Status
from bot.reminders.planner import Planner
from bot.settings import Settings
from bot.words.date_files import ignored_words

USAGE = 2
_NONE = (DateProblem(DateField.EVENT, DateFlaw.GONE),)
_NOT_THE_LINES_FAULT = frozenset(
    {
        DateFlaw.EXISTS,
        DateFlaw.STALE,
        DateFlaw.GONE,
        DateFlaw.SAME_ALREADY,
        DateFlaw.WITHDRAWN,
        DateFlaw.LIVE,
        DateFlaw.NEEDS_DAY,
    }
)
"""What hinders a change although the line is right: exit code 1, not 2."""

Given = Mapping[str, str | None]
"""The options of a line, None for those that were left out."""


@dataclass(frozen=True)
class Firm:
    """What a command works with: the calendar, and who is at the terminal."""

    calendar: Calendar
    dates: DateImport
    by: Person

    async def event(self, court: Court, kind: str) -> CourtEvent | None:
        """Return the court's event of this kind."""
        found = await self.calendar.events(court=court.id, past=True)
        return next((event for event in found if event.kind == kind), None)


@asynccontextmanager
async def firm_of(settings: Settings) -> AsyncIterator[Firm]:
    """Open the calendar of these settings for the block. Raises StoreTrouble."""
    notes = DatesScribe(Recorder(SystemClock(), HeadFile(settings.state_dir)))
    find = Directory.shipped().by_id
    async with store_of(settings) as store:
        calendar = Calendar(store, notes, find, Planner(store, find))
        yield Firm(calendar, DateImport(store, notes, find), at_the_terminal())


def at_the_terminal() -> Person:
    """Return who types: this machine and the account of its system."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return Person(Platform.TERMINAL, WorkspaceId(socket.gethostname()), PersonId(name))


def set_date(court: str, given: Given, *, as_json: bool) -> int:
    """Enter a date, or details of the one there is. Raises click.UsageError, click.ClickException."""

    async def change(firm: Firm, court: Court, old: CourtEvent | None, kind: str) -> Changed:
        form = _form(court, old, given, kind)
        if isinstance(form, tuple):
            return form
        if old is None:
            return await firm.calendar.put(firm.by, form)
        before = _form(court, old, {}, kind)
        same = isinstance(before, EventForm) and _date_of(form) == _date_of(before)
        return await firm.calendar.change(firm.by, old.id, old.edition, form) if same else EXISTS

    return _changed(court, str(given["kind"]), change, as_json=as_json)


def move_date(court: str, given: Given, *, as_json: bool) -> int:
    """Move a date to another day. Raises click.UsageError, click.ClickException."""

    async def change(firm: Firm, court: Court, old: CourtEvent | None, kind: str) -> Changed:
        if old is None:
            return _NONE
        form = _form(court, old, given, kind)
        if isinstance(form, tuple):
            return form
        if form.status == Status.WITHDRAWN:
            # A list never brings a date back to life on its old day; an admin who says so does.
            form = replace(form, status=given["status"] or Status.ANNOUNCED.value)
        return await firm.calendar.change(firm.by, old.id, old.edition, form)

    return _changed(court, str(given["kind"]), change, as_json=as_json)


def step_date(court: str, kind: str, step: str, note: str = "", *, as_json: bool) -> int:
    """Confirm a date, withdraw it, or say that it is live. Raises click.UsageError, click.ClickException."""

    async def change(firm: Firm, court: Court, old: CourtEvent | None, kind: str) -> Changed:
        if old is None:
            return _NONE
        if step == "withdraw":
            return await firm.calendar.withdraw(firm.by, old.id, old.edition, note)
        doing = firm.calendar.confirm if step == "confirm" else firm.calendar.live
        return await doing(firm.by, old.id, old.edition)

    return _changed(court, kind, change, as_json=as_json)


Change = Callable[[Firm, Court, CourtEvent | None, str], Awaitable[Changed]]


def _changed(name: str, kind: str, change: Change, *, as_json: bool) -> int:
    settings, court = settings_or_usage(), court_or_usage(name)

    async def changing() -> tuple[CourtEvent | None, Changed]:
        async with firm_of(settings) as firm:
            old = await firm.event(court, kind)
            return old, await change(firm, court, old, kind)

    old, changed = run(changing())
    if isinstance(changed, tuple):
        say_problems(changed, as_json=as_json)
        return 1 if all(problem.flaw in _NOT_THE_LINES_FAULT for problem in changed) else USAGE
    say_changed(old, changed, court, as_json=as_json)
    return 0


def _form(court: Court, old: CourtEvent | None, given: Given, kind: str) -> EventForm | tuple[DateProblem, ...]:
    fields = {DateField(name): text for name, text in given.items() if text is not None}
    return form_of_line(old, {**fields, DateField.COURT: court.id, DateField.KIND: kind})


def _date_of(form: EventForm) -> tuple[str, str, str]:
    return form.day, form.time, form.coarse


def list_dates(name: str | None, *, past: bool, as_json: bool) -> int:
    """Print the dates that are kept; none is no error. Raises click.UsageError, click.ClickException."""
    settings = settings_or_usage()
    court = court_or_usage(name) if name else None

    async def looking() -> tuple[CourtEvent, ...]:
        async with firm_of(settings) as firm:
            return await firm.calendar.events(court=court.id if court else None, past=past)

    events = run(looking())
    for event in events:
        say_event(event, as_json=as_json)
    if not events:
        print_none(as_json=as_json)
        click.echo("No date is kept" + ("." if past else " that is still to come; --past shows the others."), err=True)
    return 0


def import_dates(name: str, *, dry_run: bool, as_json: bool) -> int:
    """Enter the dates of a file, or say what would come of it. Raises click.UsageError, click.ClickException."""
    settings = settings_or_usage()
    content = _content(name)
    lines = read_dates(content)
    if any(isinstance(line, FileProblem) for line in lines):
        say_not_csv([line for line in lines if isinstance(line, FileProblem)], as_json=as_json)
        return USAGE
    dates = [line for line in lines if isinstance(line, Line)]
    if ignored := ignored_words(ignored_columns(content)):
        click.echo(ignored, err=True)

    async def entering() -> tuple[Entered, ...]:
        async with firm_of(settings) as firm:
            return await firm.dates.enter(firm.by, dates, dry_run=dry_run)

    entered = run(entering())
    say_imported(entered, dry_run=dry_run, as_json=as_json)
    return USAGE if any(one.problems for one in entered) else 0


def _content(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(name).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise click.UsageError(f"cannot read {name}: {error.strerror}.") from None
