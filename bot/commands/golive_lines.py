"""What `link-ecf golive` prints: sentences for people, objects for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from bot.commands.line import print_object, say_json
from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.reminders.dates.change import What
from bot.reminders.dates.event_csv import FileProblem
from bot.reminders.dates.event_form import DateProblem
from bot.reminders.dates.importing import Entered
from bot.reminders.event import CourtEvent
from bot.reminders.rows import person_name
from bot.words.date_files import file_flaw_words
from bot.words.date_flaws import date_flaw_words
from bot.words.dates import event_words

_DONE = {
    What.SET: "entered",
    What.MOVED: "moved",
    What.CONFIRMED: "confirmed",
    What.LIVE: "live",
    What.WITHDRAWN: "withdrawn",
    What.EDITED: "changed",
}


def described(event: CourtEvent) -> dict[str, object]:
    """Return an event for scripts; `weekday` and `utc_offset` are those of the court on that day."""
    opens = event.opens_at
    local = opens.astimezone(event.zone) if opens else None
    gone = event.blackout
    return {
        "id": event.id,
        "court": event.court,
        "kind": event.kind,
        "status": event.status,
        "day": event.day,
        "time": event.time.isoformat("minutes") if event.time else None,
        "weekday": event.day.strftime("%A") if event.day else None,
        "zone": event.zone.key,
        "utc_offset": offset(local) if local else None,
        "opens_at": opens.isoformat() if opens else None,
        "coarse": event.coarse,
        "blackout_start": gone.start.isoformat(timespec="minutes") if gone else None,
        "blackout_end": gone.end.isoformat(timespec="minutes") if gone else None,
        "source": event.source,
        "note": event.note,
        "order_number": event.order_number,
        "emergency_channel": event.emergency_channel,
        "emergency_until": event.emergency_until,
        "verified_at": event.verified_at.isoformat() if event.verified_at else None,
        "verified_by": person_name(event.verified_by) if event.verified_by else None,
        "version": event.version,
        "edition": event.edition,
    }


def offset(local: datetime) -> str:
    """Return the distance from UTC at this moment, such as UTC-05:00."""
    shown = local.strftime("%z")
    return f"UTC{shown[:3]}:{shown[3:5]}"


def say_event(event: CourtEvent, *, as_json: bool) -> None:
    """Print everything that is kept of an event."""
    if as_json:
        print_object(described(event))
        return
    said = event_words(event, Directory.shipped().by_id(event.court))
    click.echo(said.title)
    for line in said.paragraphs:
        click.echo(f"  {line}")
    if event.opens_at is not None:
        local = event.opens_at.astimezone(event.zone)
        click.echo(f"  Zone: {event.zone.key}, {offset(local)} on that day.")


def say_changed(old: CourtEvent | None, event: CourtEvent, court: Court, *, as_json: bool) -> None:
    """Print what stands after a change, and whether there was any."""
    changed = old is None or old.edition != event.edition
    if as_json:
        print_object({"event": "date", "changed": changed, **_renamed(event)})
        return
    click.echo("Kept." if changed else "Nothing to change: it stands so already.")
    if old is not None and old.blackout and not event.blackout:
        click.echo("The black-out of the old date was taken out; give the new one when the court names it.")
    say_event(event, as_json=False)


def _renamed(event: CourtEvent) -> dict[str, object]:
    found = described(event)
    return {"event_id": found.pop("id"), **found}


def say_problems(problems: Sequence[DateProblem], *, as_json: bool) -> None:
    """Print why nothing was changed."""
    for problem in problems:
        words = date_flaw_words(problem)
        if as_json:
            say_json(event="problem", field=problem.field, flaw=problem.flaw, message=words)
        else:
            click.echo(f"link-ecf: {words}", err=True)


def say_not_csv(problems: Sequence[FileProblem], *, as_json: bool) -> None:
    """Print why a file cannot be read."""
    for problem in problems:
        words = file_flaw_words(problem)
        if as_json:
            say_json(event="problem", line=problem.line, flaw=problem.flaw, message=words)
        else:
            click.echo(f"line {problem.line}: {words}", err=True)


def say_imported(entered: Sequence[Entered], *, dry_run: bool, as_json: bool) -> None:
    """Print what came of each line, and what that makes of the file."""
    for one in entered:
        _say_line(one, as_json=as_json)
    wrong = sum(1 for one in entered if one.problems)
    changed = sum(1 for one in entered if one.what is not None)
    kept = not (wrong or dry_run)
    if as_json:
        say_json(event="result", lines=len(entered), wrong=wrong, changes=changed, kept=kept)
    elif wrong:
        click.echo(f"{wrong} of {len(entered)} lines are wrong: nothing was kept.", err=True)
    elif dry_run:
        click.echo(f"Nothing was kept; without --dry-run {changed} of {len(entered)} lines would change something.")
    else:
        click.echo(f"{changed} of {len(entered)} lines changed something.")


def _say_line(one: Entered, *, as_json: bool) -> None:
    for problem in one.problems:
        words = date_flaw_words(problem)
        if as_json:
            say_json(event="problem", line=one.number, field=problem.field, flaw=problem.flaw, message=words)
        else:
            click.echo(f"line {one.number}: {words}", err=True)
    if one.event is None:
        return
    if as_json:
        say_json(event="line", line=one.number, court=one.event.court, kind=one.event.kind, what=one.what)
    else:
        done = _DONE[one.what] if one.what else "as it stands already"
        click.echo(f"line {one.number}: {one.event.court} {one.event.occasion or one.event.coarse}: {done}")
