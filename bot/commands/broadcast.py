"""`link-ecf broadcast`: writes, moves and shows the rows; the running service sends and reports."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from bot.clock import SystemClock
from bot.commands.broadcast_lines import (
    delivery_out,
    draft_out,
    progress_out,
    say_delivery,
    say_draft,
    say_progress,
)
from bot.commands.line import court_or_usage, print_none, print_object, say_json, settings_or_usage
from bot.commands.opened import run, store_of
from bot.commands.workspace import named_workspace, terminal, workspace_of
from bot.courts.court import CourtId
from bot.people import Platform, WorkspaceId
from bot.register.dates_scribe import DatesScribe
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.reminders.broadcasts.broadcast import Broadcast, BroadcastId, Delivery, Progress
from bot.reminders.broadcasts.broadcaster import Broadcaster
from bot.reminders.broadcasts.form import LONGEST, BroadcastForm, Draft, NotMoved, Wanted, read_broadcast
from bot.reminders.broadcasts.letters import Where
from bot.settings import Settings
from bot.store import Store
from bot.store.broadcasts import Broadcasts
from bot.store.letters import Letters
from bot.words.broadcast_form import flaw_words
from bot.words.broadcasts import not_moved_words

Done = TypeVar("Done")

LISTED = 20
"""How many broadcasts `list` prints."""

_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
_AT_MOST = 4 * LONGEST + 1
"""Bytes of a file that are read: more is too long, however it is written."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed."""

    text: str | None
    file: str | None
    court: str | None
    office: str
    unlinked: bool
    everybody: bool
    channel: str
    at: str | None
    workspace: str | None


def send_broadcast(line: Line, *, dry_run: bool, as_json: bool) -> int:
    """Send or schedule what the line says, or only count with `dry_run`.

    Raises click.UsageError for a wrong line, click.ClickException when nothing could be sent.
    """
    settings = settings_or_usage()
    wanted, named = _wanted(line), named_workspace(line.workspace)

    async def work() -> Draft | NotMoved:
        # Without a name it is the workspace of the token, which Slack is asked for: not while the database waits.
        where = Where(Platform.SLACK, named or await _own_workspace(settings))
        async with _broadcaster(settings) as (_, broadcaster):
            if dry_run:
                return await broadcaster.head_count(where, wanted)
            return await _sent(broadcaster, where, wanted)

    came = run(work())
    if isinstance(came, NotMoved):
        raise click.ClickException(not_moved_words(came).paragraphs[0])
    if as_json:
        print_object(draft_out(came, dry_run=dry_run))
    else:
        say_draft(came, dry_run=dry_run)
    return 0


def list_broadcasts(workspace: str | None, *, as_json: bool) -> int:
    """Print the newest broadcasts of one workspace, or of all. Raises click.UsageError, click.ClickException."""
    settings, named = settings_or_usage(), named_workspace(workspace)

    async def work() -> list[Progress]:
        async with _broadcaster(settings) as (store, broadcaster):
            async with store.work() as unit:
                rows = await Broadcasts().all_recent(unit, 10 * LISTED)
            found = []
            for row in [row for row in rows if named in {None, row.workspace}][:LISTED]:
                where = Where(Platform(row.platform), WorkspaceId(row.workspace))
                progress = await broadcaster.progress(where, BroadcastId(row.id))
                found += [progress] if progress is not None else []
            return found

    found = run(work())
    if not found:
        print_none(as_json=as_json)
    for progress in found:
        if as_json:
            print_object(progress_out(progress))
        else:
            say_progress(progress)
    return 0


def show_broadcast(id: str, *, as_json: bool) -> int:
    """Print one broadcast and what became of everybody's message. Raises click.ClickException for none of this id."""

    async def look(broadcaster: Broadcaster, where: Where, known: BroadcastId) -> tuple[Progress, tuple[Delivery, ...]]:
        progress = await broadcaster.progress(where, known)
        if progress is None:
            raise _none()
        return progress, await broadcaster.deliveries(where, known)

    progress, deliveries = _on(id, look)
    if as_json:
        print_object(progress_out(progress))
        for one in deliveries:
            print_object(delivery_out(one))
    else:
        say_progress(progress, whole=True)
        for one in deliveries:
            say_delivery(one)
    return 0


def stop_broadcast(id: str, *, as_json: bool) -> int:
    """Stop a broadcast. Raises click.ClickException when there is nothing to stop."""

    async def stop(broadcaster: Broadcaster, where: Where, known: BroadcastId) -> Broadcast | NotMoved:
        return await broadcaster.stop(where, terminal(), known)

    return _moved(_on(id, stop), as_json=as_json)


def send_again(id: str, *, as_json: bool) -> int:
    """Send a broadcast again to those for whom it failed. Raises click.ClickException when that cannot be."""

    async def again(broadcaster: Broadcaster, where: Where, known: BroadcastId) -> Broadcast | NotMoved:
        progress = await broadcaster.progress(where, known)
        round = progress.broadcast.round if progress is not None else 0
        return await broadcaster.again(where, terminal(), known, round)

    return _moved(_on(id, again), as_json=as_json)


def _moved(came: Broadcast | NotMoved, *, as_json: bool) -> int:
    if isinstance(came, NotMoved):
        raise click.ClickException(not_moved_words(came).paragraphs[0])
    if as_json:
        say_json(broadcast=came.id, state=came.state.value, round=came.round)
    else:
        click.echo(f"Broadcast {came.id}: {came.state.value}. See: link-ecf broadcast show {came.id}")
    return 0


def _on(id: str, act: Callable[[Broadcaster, Where, BroadcastId], Awaitable[Done]]) -> Done:
    """Do `act` to the broadcast of this id, in whichever workspace it is."""
    settings = settings_or_usage()

    async def work() -> Done:
        async with _broadcaster(settings) as (store, broadcaster):
            async with store.work() as unit:
                key = await Broadcasts().key_of(unit, id)
            if key is None:
                raise _none()
            return await act(broadcaster, Where(Platform(key.platform), WorkspaceId(key.workspace)), BroadcastId(id))

    return run(work())


def _none() -> click.ClickException:
    return click.ClickException("there is no broadcast of this id: see link-ecf broadcast list.")


@asynccontextmanager
async def _broadcaster(settings: Settings) -> AsyncIterator[tuple[Store, Broadcaster]]:
    notes = DatesScribe(Recorder(SystemClock(), HeadFile(settings.state_dir)))
    async with store_of(settings) as store:
        yield store, Broadcaster(store, Letters(), notes)


async def _own_workspace(settings: Settings) -> WorkspaceId:
    async with workspace_of(settings, None) as workspace:
        return workspace.id


async def _sent(broadcaster: Broadcaster, where: Where, wanted: Wanted) -> Draft | NotMoved:
    """Write a draft and send it, or let it wait for its time."""
    draft = await broadcaster.draft(where, terminal(), wanted)
    go = broadcaster.send if wanted.send_at is None else broadcaster.schedule
    came = await go(where, terminal(), draft.broadcast.id)
    return came if isinstance(came, NotMoved) else Draft(came, draft.included, draft.skipped)


def _wanted(line: Line) -> Wanted:
    """Return what the line says. Raises click.UsageError with everything that is wrong with it."""
    if line.channel and not _CHANNEL.fullmatch(line.channel):
        raise click.UsageError("--channel takes a channel's id as Slack has it, such as C012AB3CD.")
    form = BroadcastForm(
        text=_text(line),
        court=court_or_usage(line.court).id if line.court else "",
        office=line.office,
        unlinked_only=line.unlinked,
        everybody=line.everybody,
        channel=line.channel,
        send_at=_moment(line.at),
    )
    read = read_broadcast(form, SystemClock().now(), CourtId)
    if isinstance(read, Wanted):
        return read
    raise click.UsageError(" ".join(flaw_words(one) for one in read))


def _text(line: Line) -> str:
    if (line.text is None) == (line.file is None):
        raise click.UsageError("say what to send: --text or --file, one of them.")
    if line.file is None:
        return line.text or ""
    try:
        if line.file == "-":
            raw = sys.stdin.buffer.read(_AT_MOST)
        else:
            with Path(line.file).open("rb") as file:
                raw = file.read(_AT_MOST)
        return raw.decode("utf-8-sig", "strict" if len(raw) < _AT_MOST else "ignore")
    except (OSError, UnicodeDecodeError):
        raise click.UsageError("--file cannot be read as text (UTF-8).") from None


def _moment(at: str | None) -> datetime | None:
    if at is None:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.UsageError("--at takes a moment with its offset, such as 2027-03-29T09:00-04:00.")
    return moment
