"""What `link-ecf broadcast` prints: plain lines for people, objects for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import click

from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.reminders.broadcasts.broadcast import FROM_TERMINAL, Broadcast, BroadcastState, Delivery, Progress
from bot.reminders.broadcasts.form import Draft
from bot.words import broadcasts as words
from bot.words.zones import moment_words

_FIRST = 60
"""Characters of a text that a list shows."""
_UNKNOWN_TO_A_TERMINAL = "?"


def draft_out(draft: Draft, *, dry_run: bool) -> Mapping[str, object]:
    """Return what was sent, or would be, as an object."""
    out = {} if dry_run else {"broadcast": draft.broadcast.id, "state": draft.broadcast.state.value}
    skipped = {one.why: one.count for one in draft.skipped}
    return {**out, "dry_run": dry_run, "included": draft.included, "skipped": skipped}


def say_draft(draft: Draft, *, dry_run: bool) -> None:
    """Print what was sent, or would be."""
    broadcast = draft.broadcast
    click.echo(_plain(words.head_count_words(draft, _court(broadcast))))
    for one in draft.skipped:
        names = words.names_words(", ".join(one.some), one.count - len(one.some))
        click.echo(_plain(words.skipped_words(one.count, one.why, names)))
    if broadcast.send_at is not None:
        click.echo(words.going_words(_when(broadcast)))
    if dry_run:
        click.echo("Nothing was sent: this was a dry run.")
    else:
        click.echo(f"Broadcast {broadcast.id}. The running service sends it: link-ecf broadcast show {broadcast.id}")


def progress_out(progress: Progress) -> Mapping[str, object]:
    """Return how far a broadcast got, as an object; a moment is in UTC."""
    broadcast, audience = progress.broadcast, progress.broadcast.audience
    return {
        "broadcast": broadcast.id,
        "workspace": f"{broadcast.by.platform.value}/{broadcast.by.workspace}",
        "by": broadcast.by.id,
        "state": broadcast.state.value,
        "round": broadcast.round,
        "created_at": broadcast.created_at.isoformat(),
        "send_at": broadcast.send_at.isoformat() if broadcast.send_at else None,
        "changed_at": progress.changed_at.isoformat() if progress.changed_at else None,
        "audience": {
            "court": audience.court,
            "office": audience.office,
            "unlinked_only": audience.unlinked_only,
            "channel": audience.channel,
        },
        "counts": dict(progress.counts),
        "text": broadcast.text,
    }


def say_progress(progress: Progress, *, whole: bool = False) -> None:
    """Print how far a broadcast got; `whole` prints all that it says, not the beginning."""
    broadcast = progress.broadcast
    by = words.COMMAND_LINE if broadcast.by.id == FROM_TERMINAL else broadcast.by.id
    whom = words.audience_words(broadcast.audience, _court(broadcast))
    click.echo(f"{broadcast.id}  {broadcast.by.platform.value}/{broadcast.by.workspace}")
    click.echo(_plain(f"  {words.listed_words(broadcast, _since(progress), by, whom)}"))
    click.echo(_plain(f"  {words.counts_words(progress)}"))
    lines = broadcast.text.split("\n") if whole else [" ".join(broadcast.text.split())[:_FIRST]]
    for line in lines:
        click.echo(_plain(f"  | {line}"))


def delivery_out(one: Delivery) -> Mapping[str, object]:
    """Return what became of one message, as an object; the moment is in UTC."""
    at = one.at.isoformat() if one.at is not None else None
    return {"recipient": one.recipient, "state": one.state, "why": one.why, "at": at}


def say_delivery(one: Delivery) -> None:
    """Print what became of one message."""
    why = f" - {words.reason_words(one.why)}" if one.why else ""
    click.echo(_plain(f"{one.recipient}: {one.state}{why}"))


def _court(broadcast: Broadcast) -> Court | None:
    return Directory.shipped().by_id(broadcast.audience.court) if broadcast.audience.court else None


def _when(broadcast: Broadcast) -> str:
    court = _court(broadcast)
    zone = court.zone if court is not None else ZoneInfo("UTC")
    return moment_words(broadcast.send_at, zone) if broadcast.send_at is not None else ""


def _since(progress: Progress) -> str:
    broadcast = progress.broadcast
    if broadcast.state is BroadcastState.SCHEDULED or progress.changed_at is None:
        return _when(broadcast)
    return moment_words(progress.changed_at, ZoneInfo("UTC"))


def _plain(text: str) -> str:
    """Nothing that was typed into a text, an office or an id may move the cursor of who reads this."""
    return "".join(each if each.isprintable() or each == "\u00a0" else _UNKNOWN_TO_A_TERMINAL for each in text)
