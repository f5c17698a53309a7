"""`link-ecf admins`: who keeps dates and broadcasts in a workspace; for the first one, and for when all have left."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from bot.clock import SystemClock
from bot.commands.line import print_none, print_object, settings_or_usage
from bot.commands.opened import run, store_of
from bot.commands.workspace import Workspace, named_workspace, terminal, workspace_of
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.dates_scribe import DatesScribe
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.reminders.people.admin_outcome import AdminOutcome
from bot.reminders.people.admins import Admins
from bot.settings import Settings
from bot.store import AdminRow, Store
from bot.words import admins as words

DONE = frozenset({AdminOutcome.ADDED, AdminOutcome.REMOVED, AdminOutcome.ALREADY})


def list_admins(workspace: str | None, *, as_json: bool) -> int:
    """Print the admins of a workspace. Raises click.UsageError, and click.ClickException for the database."""
    settings, named = settings_or_usage(), named_workspace(workspace)
    rows = run(_listed(settings, named))
    if not rows:
        print_none(as_json=as_json)
    for row in rows:
        if as_json:
            print_object({"workspace": row.workspace, "person": row.person, "by": row.by, "at": row.at.isoformat()})
        else:
            click.echo(f"{row.person}  since {row.at:%Y-%m-%d %H:%M} UTC, by {row.by}")
    if not rows and not as_json:
        click.echo(words.NO_ADMINS, err=True)
    return 0


def change_admin(person: str, workspace: str | None, *, add: bool, as_json: bool) -> int:
    """Make a member id an admin, or none; 1 where that could not be. Raises what list_admins raises."""
    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", person):
        raise click.UsageError("that is no member id of Slack: it looks like U012AB3CD.")
    settings, named = settings_or_usage(), named_workspace(workspace)
    outcome = run(_changed(settings, named, PersonId(person), add=add))
    said = words.outcome_words(outcome, person)
    if as_json:
        print_object({"person": person, "outcome": outcome.value, "message": said})
    else:
        click.echo(said)
    return 0 if outcome in DONE else 1


async def _listed(settings: Settings, named: WorkspaceId | None) -> Sequence[AdminRow]:
    async with workspace_of(settings, named) as where, store_of(settings) as store:
        return await _admins(settings, store, where).list(Platform.SLACK, where.id)


async def _changed(settings: Settings, named: WorkspaceId | None, id: PersonId, *, add: bool) -> AdminOutcome:
    async with workspace_of(settings, named) as where, store_of(settings) as store:
        admins, who = _admins(settings, store, where), Person(Platform.SLACK, where.id, id)
        return await (admins.add if add else admins.remove)(terminal(), who)


def _admins(settings: Settings, store: Store, where: Workspace) -> Admins:
    notes = DatesScribe(Recorder(SystemClock(), HeadFile(settings.state_dir)))
    return Admins(store, notes, settings.admins, where.profiles)
