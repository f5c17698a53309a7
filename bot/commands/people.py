"""The lines of `link-ecf roster` and `link-ecf admins`: they parse, and import what they need when they are run."""

from __future__ import annotations

import click

from bot.commands.options import as_json, in_workspace


@click.group()
def roster() -> None:
    """Say who files at which courts, so that they are reminded: by e-mail address, from a file."""


@roster.command("load")
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="Only say what would be loaded, and what is wrong, line by line.")
@in_workspace
@as_json
def roster_load(file: str, dry_run: bool, workspace: str | None, as_json: bool) -> int:
    """Load FILE, a roster as CSV, or - for stdin.

    Its columns are e-mail, courts and office. Part a person's courts by semicolons or blanks; write none for somebody
    who files nowhere any more. Exit code 1 when a line was not taken; the good ones are loaded all the same.
    """
    from bot.commands.roster import load_roster

    return load_roster(file, workspace, dry_run=dry_run, as_json=as_json)


@roster.command("list")
@in_workspace
@as_json
def roster_list(workspace: str | None, as_json: bool) -> int:
    """List the roster, and who was not found and why."""
    from bot.commands.roster import list_roster

    return list_roster(workspace, as_json=as_json)


@click.group()
def admins() -> None:
    """Say who may keep dates, load rosters and send broadcasts in a workspace."""


@admins.command("list")
@in_workspace
@as_json
def admins_list(workspace: str | None, as_json: bool) -> int:
    """List the admins, and who made them so."""
    from bot.commands.admins import list_admins

    return list_admins(workspace, as_json=as_json)


@admins.command("add")
@click.argument("person")
@in_workspace
@as_json
def admins_add(person: str, workspace: str | None, as_json: bool) -> int:
    """Make PERSON, a member id of Slack such as U012AB3CD, an admin."""
    from bot.commands.admins import change_admin

    return change_admin(person, workspace, add=True, as_json=as_json)


@admins.command("remove")
@click.argument("person")
@in_workspace
@as_json
def admins_remove(person: str, workspace: str | None, as_json: bool) -> int:
    """Make PERSON no admin any more; refused for the last one."""
    from bot.commands.admins import change_admin

    return change_admin(person, workspace, add=False, as_json=as_json)
