"""`link-ecf audit verify` and `audit export`: is what the bot wrote down still what it wrote, and a copy of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import click

from bot.commands.line import print_object, settings_or_usage
from bot.commands.opened import run, store_of
from bot.register.chain import Head, Line
from bot.register.export import exported, imported
from bot.register.head import BrokenHead, HeadFile
from bot.register.rows import line_of
from bot.register.verify import Tampering, Verdict, Walk, verify
from bot.settings import Settings
from bot.store import Audit

PAGE = 500
"""Lines that are read in one unit of work; the next one begins after them, so that nobody waits for an export."""

_BEFORE_ALL = -(2**62)
"""A line with a number that no line can have is to be seen, too."""

_DONE = {
    Tampering.ALTERED: "was altered",
    Tampering.REMOVED: "is missing",
    Tampering.INSERTED: "was put in, or stands twice",
    Tampering.MOVED: "does not stand in its place",
}


def verify_audit(file: str | None, head: str | None, *, as_json: bool) -> int:
    """Print whether the audit, or the export `file` ("-" for stdin), is whole; 0 when it is, else 1.

    `head` is a NUMBER:HASH that somebody noted; without it the one in the state folder is taken, for the database only.
    Raises click.UsageError for a head or a file that cannot be read, click.ClickException when the database cannot.
    """
    noted = _noted(head) if head else None
    if file is not None:
        return _say(_verified_file(file, noted), as_json=as_json)
    settings = settings_or_usage()
    kept = HeadFile(settings.state_dir)
    try:
        remembered = noted or kept.read()
    except (BrokenHead, OSError):
        return _say_broken(kept, as_json=as_json)
    return _say(run(_verified(settings, remembered)), as_json=as_json)


def export_audit() -> int:
    """Print every line of the audit as one JSON object; memory does not grow with it."""
    run(_export(settings_or_usage()))
    return 0


def _noted(text: str) -> Head:
    found = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", text.strip())
    if not found:
        raise click.UsageError("--head is a line's number, a colon and its hash, as `link-ecf audit verify` prints it.")
    return Head(int(found[1]), found[2])


async def _lines(settings: Settings) -> AsyncIterator[Line]:
    after = _BEFORE_ALL
    async with store_of(settings) as store:
        while True:
            async with store.work() as work:
                page = [line_of(row) for row in await Audit().since(work, after, PAGE)]
            if not page:
                return
            for line in page:
                yield line
            after = page[-1].seq


async def _verified(settings: Settings, head: Head | None) -> Verdict:
    walk = Walk(head)
    async for line in _lines(settings):
        walk.feed(line)
    return walk.verdict()


async def _export(settings: Settings) -> None:
    async for line in _lines(settings):
        click.echo(exported(line))


def _verified_file(file: str, head: Head | None) -> Verdict:
    try:
        with click.open_file(file, encoding="utf-8", errors="replace") as given:
            return verify(imported(given), head)
    except OSError as error:
        raise click.UsageError(f"cannot read {file}: {error.strerror}.") from None


def _say(verdict: Verdict, *, as_json: bool) -> int:
    sentences = _sentences(verdict)
    if as_json:
        print_object(
            {
                "whole": verdict.whole,
                "lines": verdict.lines,
                "head": str(verdict.ends_at) if verdict.ends_at else None,
                "remembered": str(verdict.head) if verdict.head else None,
                "newer_than_remembered": verdict.newer_than_head if verdict.head else None,
                "tampering": verdict.tampering,
                "line": verdict.number,
                "message": " ".join(sentences),
            }
        )
    else:
        for sentence in sentences:
            click.echo(sentence)
        if verdict.whole and verdict.ends_at:
            click.echo(f"Newest line: {verdict.ends_at}")
    return 0 if verdict.whole else 1


def _sentences(verdict: Verdict) -> list[str]:
    count = "1 line" if verdict.lines == 1 else f"{verdict.lines} lines"
    if verdict.tampering is not None:
        before = f"As they were written, up to there: {count}. What follows proves nothing."
        return [f"The audit is not whole: line {verdict.number} {_DONE[verdict.tampering]}.", before]
    return [f"The audit is whole: {count}.", _about_the_end(verdict)]


def _about_the_end(verdict: Verdict) -> str:
    if verdict.head is None:
        return (
            "Whether lines were cut off its end cannot be told, because no newest line is remembered here: "
            "give one that was noted elsewhere, with --head."
        )
    if verdict.newer_than_head:
        return (
            f"It goes on for {verdict.newer_than_head} beyond the newest line remembered here, which is no fault: "
            "another replica wrote them, or the last stop was sudden."
        )
    return "Its newest line is the one that is remembered."


def _say_broken(kept: HeadFile, *, as_json: bool) -> int:
    message = (
        f"{kept.path}, where the newest line is remembered, cannot be read or was changed by something else. "
        "The audit may have been cut: verify it with a line that was noted elsewhere, with --head."
    )
    if as_json:
        print_object({"whole": False, "tampering": "head_file", "line": None, "message": message})
    else:
        click.echo(message)
    return 1
