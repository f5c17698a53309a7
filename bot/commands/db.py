"""`link-ecf db upgrade`: the database's tables, made or brought up to date."""

from __future__ import annotations

import click

from bot.commands.line import print_object, settings_or_usage
from bot.errors import StoreTrouble
from bot.store import upgrade


def upgrade_tables(*, as_json: bool) -> int:
    """Upgrade, say from which version to which, and return the exit code: 0 done or nothing to do, 1 not done.

    Raises click.UsageError for a wrong setting.
    """
    settings = settings_or_usage()
    kind = "PostgreSQL" if settings.database.startswith("postgresql") else "SQLite"
    try:
        before, after = upgrade(settings.database)
    except StoreTrouble as trouble:
        if as_json:
            print_object({"database": kind.lower(), "error": type(trouble).__name__, "message": str(trouble)})
        else:
            click.echo(f"link-ecf: {trouble}", err=True)
        return 1
    if as_json:
        print_object({"database": kind.lower(), "from": before, "to": after})
    elif before == after:
        click.echo(f"The tables in {kind} are up to date (version {after}).")
    else:
        was = f"version {before}" if before is not None else "nothing"
        click.echo(f"The tables in {kind} were brought from {was} to version {after}.")
    return 0
