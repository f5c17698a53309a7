"""`link-ecf golive` as it is typed: courts' dates, kept from the terminal (design 9). Only click is imported here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from bot.commands.options import as_json

Command = TypeVar("Command", bound=Callable[..., Any])

of_kind = click.option(
    "--kind",
    type=click.Choice(["nextgen_go_live", "release_outage", "successor_go_live", "mfa_deadline"]),
    default="nextgen_go_live",
    show_default=True,
    help="What happens on that date.",
)
_STATUS = click.Choice(["target", "announced", "confirmed"])
_DETAILS = (
    click.option("--time", "time", metavar="HH:MM", help="By the court's own clock; without it the court names none."),
    click.option("--status", type=_STATUS, help="How sure the date is; announced, where it is left out."),
    click.option("--blackout-start", metavar="YYYY-MM-DDTHH:MM", help="When the system goes away, court's clock."),
    click.option("--blackout-end", metavar="YYYY-MM-DDTHH:MM", help="When it is to be back."),
    click.option("--source", metavar="URL", help="Where the court says so."),
    click.option("--note", metavar="TEXT", help="What else people should know."),
    click.option("--order-number", metavar="TEXT", help="The court's order about the black-out."),
    click.option("--emergency-channel", metavar="TEXT", help="How to file in an emergency meanwhile."),
    click.option("--emergency-until", metavar="TEXT", help="Until when that way is open, in the court's words."),
)


def details(command: Command) -> Command:
    """Give a command the options of everything that is kept of a date but its day."""
    for option in reversed(_DETAILS):
        command = option(command)
    return command


@click.group()
def golive() -> None:
    """Keep courts' dates: set, list, move, confirm and withdraw them; whoever heard a date that moves is told so.

    Days and times are those of the court's own clock. Exit code 0: done, or so already. 1: not done. 2: a wrong line.
    """


def of_day(command: Command) -> Command:
    """Let a day stand behind the court, or behind --day."""
    option = click.option("--day", "named", metavar="YYYY-MM-DD", help="The day, in place of the one behind COURT.")
    return click.argument("day", metavar="[YYYY-MM-DD]", required=False)(option(command))


def _one_day(day: str | None, named: str | None) -> str | None:
    if day is not None and named is not None and day != named:
        raise click.UsageError("two days are named: give one, behind the court or with --day.")
    return named if day is None else day


@golive.command("set")
@click.argument("court")
@of_day
@click.option("--coarse", metavar="TEXT", help='In place of a day, what the court says: "March 2027".')
@details
@of_kind
@as_json
def golive_set(court: str, named: str | None, as_json: bool, **given: str | None) -> int:
    """Enter a date of COURT, or add details to the one there is; a date that is there already is moved with `move`."""
    from bot.commands.golive import set_date

    return set_date(court, {**given, "day": _one_day(given["day"], named)}, as_json=as_json)


@golive.command("move")
@click.argument("court")
@of_day
@details
@of_kind
@as_json
def golive_move(court: str, named: str | None, as_json: bool, **given: str | None) -> int:
    """Move the date of COURT to another day; without options for it the new date has no black-out.

    The time of day stays, if none is given; a date that was confirmed is only announced again. A withdrawn date comes
    back to life.
    """
    from bot.commands.golive import move_date

    day = _one_day(given["day"], named)
    if day is None:
        raise click.UsageError("say to which day the date moves: YYYY-MM-DD.")
    return move_date(court, {**given, "day": day}, as_json=as_json)


@golive.command("confirm")
@click.argument("court")
@of_kind
@as_json
def golive_confirm(court: str, kind: str, as_json: bool) -> int:
    """Say that the date of COURT is confirmed."""
    from bot.commands.golive import step_date

    return step_date(court, kind, "confirm", as_json=as_json)


@golive.command("live")
@click.argument("court")
@of_kind
@as_json
def golive_live(court: str, kind: str, as_json: bool) -> int:
    """Say that COURT is live now: people are told to link."""
    from bot.commands.golive import step_date

    return step_date(court, kind, "live", as_json=as_json)


@golive.command("withdraw")
@click.argument("court")
@click.option("--note", default="", metavar="TEXT", help="Why, as far as the court says.")
@of_kind
@as_json
def golive_withdraw(court: str, note: str, kind: str, as_json: bool) -> int:
    """Take back the date of COURT; nothing more is said of it but the correction to those who heard it."""
    from bot.commands.golive import step_date

    return step_date(court, kind, "withdraw", note, as_json=as_json)


@golive.command("list")
@click.argument("court", required=False)
@click.option("--past", is_flag=True, help="Those that are long over too.")
@as_json
def golive_list(court: str | None, past: bool, as_json: bool) -> int:
    """List the dates that are kept, by day, with weekday, the court's zone and its offset from UTC on that day."""
    from bot.commands.golive import list_dates

    return list_dates(court, past=past, as_json=as_json)


@golive.command("import")
@click.argument("file", metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and what is wrong with each line.")
@as_json
def golive_import(file: str, dry_run: bool, as_json: bool) -> int:
    """Enter the dates of a CSV FILE (- for stdin, UTF-8, with a header): all of them or, when a line is wrong, none.

    \b
    court              an id such as arwb; the only column that has to be there
    kind               nextgen_go_live (where left out), release_outage,
                       successor_go_live, mfa_deadline
    status             target, announced or confirmed
    day, time          YYYY-MM-DD and HH:MM, by the court's own clock
    coarse             in place of a day, what the court says: March 2027
    blackout_start, blackout_end          YYYY-MM-DDTHH:MM, court's clock
    source, note, order_number, emergency_channel, emergency_until

    A column that is left out leaves what stands; an empty cell says that there is nothing. The same file again changes
    nothing. A list never takes back that a date was confirmed, that a court is live, or that a date was withdrawn.
    """
    from bot.commands.golive import import_dates

    return import_dates(file, dry_run=dry_run, as_json=as_json)
