"""What the commands share of the line: settings or one line of error, a court or one line of error, JSON lines."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.errors import WrongSetting
from bot.settings import Settings, read_settings


def settings_or_usage(*, slack: bool = False) -> Settings:
    """Return the settings; with `slack`, those for Slack have to be there. Raises click.UsageError, one line."""
    try:
        settings = read_settings()
        return settings.require_slack() if slack else settings
    except WrongSetting as wrong:
        raise click.UsageError(str(wrong)) from None


def court_or_usage(text: str, courts: Directory | None = None) -> Court:
    """Return the court of `courts` (of the shipped list) that `text` plainly names.

    Raises click.UsageError, which offers the nearest ones.
    """
    directory = courts or Directory.shipped()
    court = directory.by_id(text) or directory.plainly(text)
    if court is not None:
        return court
    near = ", ".join(f"{one.id} ({one.short_name})" for one in directory.search(text, 3))
    shown = text if text.isprintable() and len(text) <= 60 else "that"
    raise click.UsageError(
        f'no one court is named by "{shown}". ' + (f"Perhaps: {near}." if near else "See: link-ecf courts")
    )


def say_json(**found: object) -> None:
    """Print one object on one line, at once, so that a script sees each step as it is taken."""
    print_object(found)


def print_none(*, as_json: bool) -> None:
    """Print that a list is empty, for a script that reads it; to a person the words say so."""
    if as_json:
        click.echo("[]")


def print_object(found: Mapping[str, object]) -> None:
    """Print `found` as one flushed line of JSON."""
    click.echo(json.dumps(found, ensure_ascii=False, default=str))
