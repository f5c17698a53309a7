"""`link-ecf link`: one attempt from the terminal, through the same checks, desk and linker as in a chat."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

import click

from bot import logs
from bot.attempts.cell import shut_memory
from bot.attempts.running import Bounds
from bot.clock import SystemClock
from bot.commands import answers as given_answers
from bot.commands.answers import Given, Malformed
from bot.commands.line import court_or_usage, say_json, settings_or_usage
from bot.commands.listed import courts_in_force
from bot.commands.terminal import TerminalMessenger
from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.courts.policy import caution, odd_login
from bot.errors import GOOD, Code, WrongSetting
from bot.linker.values import Result, new_incident_id
from bot.parts import Parts, put_together
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.service import Field, Flaw, Problem, Started
from bot.settings import Settings
from bot.words import by_hand, hindrance_words, odd_login_words, result_words
from bot.words.form import NOTHING_SENT, caution_words, flaw_words

TERMINAL_BOUNDS = Bounds(walking=60.0)
"""A walk has 60 seconds at the terminal, the person's time left out (design 5, settled points)."""


def link_here(court_name: str, answers: str | None, *, as_json: bool) -> int:
    """Link once and return the exit code: 0 linked or linked already, 1 any other ending.

    Raises click.UsageError, one line and exit code 2, for a wrong setting, an unknown court or malformed answers.
    """
    settings = settings_or_usage()
    shut_memory()
    logs.set_up("debug" if settings.log_level == "debug" else "warning")
    courts = courts_in_force(settings)
    court = court_or_usage(court_name, courts)
    with _terminal_as_it_was():
        given = _given(court, answers)
        result, message = asyncio.run(_attempt(settings, courts, court, given, as_json=as_json))
    if as_json:
        say_json(event="result", code=result.code, message=message, incident=result.incident)
    else:
        click.echo(message)
    return 0 if result.code in GOOD else 1


def _given(court: Court, answers: str | None) -> Given:
    found = caution(court)
    if answers is None:
        return given_answers.prompted(court, found)
    try:
        given = given_answers.from_file(answers, court)
    except Malformed as wrong:
        raise click.UsageError(f"--answers: {wrong}.") from None
    if found is not None:
        click.echo(" ".join(caution_words(court, found)), err=True)
    return given


async def _attempt(
    settings: Settings, courts: Directory, court: Court, given: Given, *, as_json: bool
) -> tuple[Result, str]:
    parts = put_together(settings, SystemClock(), bounds=TERMINAL_BOUNDS, courts=courts)
    try:
        async with parts.processes():
            return await _walked(parts, court, given, as_json=as_json)
    except WrongSetting as wrong:
        raise click.UsageError(str(wrong)) from None


async def _walked(parts: Parts, court: Court, given: Given, *, as_json: bool) -> tuple[Result, str]:
    messenger = TerminalMessenger(parts.service, given, as_json=as_json)
    parts.messengers.add(Platform.TERMINAL, messenger)
    person = Person(Platform.TERMINAL, WorkspaceId(socket.gethostname()), PersonId("terminal"))
    if odd_login(given.form.cmecf_login) and given.form.cmecf_login:
        click.echo(odd_login_words(court), err=True)
    started = await parts.service.start(person, given.form)
    if not isinstance(started, Started):
        return _refused(started, court)

    async def stop() -> None:
        if not await parts.desk.cancel(person):
            click.echo("It cannot be stopped now; it ends by itself.", err=True)

    stopping: set[asyncio.Task[None]] = set()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(name, lambda: stopping.add(asyncio.ensure_future(stop())))
    view = await parts.desk.ended(started.view.id)
    await parts.desk.drain(0)  # until the last step is printed
    result = view.result or Result(Code.INTERRUPTED, view.incident)
    if messenger.declined and result.code is Code.STOPPED_BY_PERSON:
        # Nobody stopped it: the file said yes, but the accounts do not plainly agree (design 9).
        result = replace(result, code=Code.ACCOUNTS_MISMATCH)
    return result, result_words(result, court).text


def _refused(problems: Sequence[Problem], court: Court) -> tuple[Result, str]:
    """Return the ending that the pre-checks stand for, and what was wrong; nothing was sent anywhere."""
    codes = [one.code or _code_of(one) for one in problems]
    result = Result(next((code for code in codes if code is not Code.TIMED_OUT), Code.TIMED_OUT), new_incident_id())
    if problems[0].field is Field.COURT and problems[0].code in {
        Code.LINKING_OFF,
        Code.COURT_UNSUPPORTED,
        Code.NOT_LIVE,
    }:
        message = hindrance_words(problems[0].code, court).text
        if problems[0].code is Code.LINKING_OFF:
            message += "\n" + by_hand(court).text
    else:
        message = "\n".join((*(flaw_words(one.field, one.flaw) for one in problems), NOTHING_SENT))
    return result, message


def _code_of(problem: Problem) -> Code:
    """A missing answer is a question that nobody answered; a caution that was declined is the person's own stop."""
    return Code.STOPPED_BY_PERSON if problem.flaw is Flaw.NOT_TICKED else Code.TIMED_OUT


@contextmanager
def _terminal_as_it_was() -> Iterator[None]:
    """Give the terminal its echo back when a hidden prompt was left open by Ctrl-C."""
    try:
        import termios

        before = termios.tcgetattr(sys.stdin)
    except (ImportError, OSError, ValueError, termios.error):
        yield
        return
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
