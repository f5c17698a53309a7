"""Attempts in processes of their own, behind the seam that the desk knows: `Cells.linker` is a `Linker`."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

import structlog

from bot.attempts.cell.confine import EXIT_MEMORY, Rations
from bot.attempts.cell.court_wire import limits_out, outside_out
from bot.attempts.cell.forks import Cell, Forks, NoCell
from bot.attempts.cell.frames import Nonsense, packed
from bot.attempts.cell.talk import CellBounds, Ended, Lost, Talk
from bot.attempts.cell.wire import request_out
from bot.attempts.running import secrets_of
from bot.errors import Code, LinkEnded
from bot.linker import Outside
from bot.linker.values import Ask, IncidentId, Leave, Limits, LinkRequest, Result, Tell

log = structlog.get_logger(__name__)

LINK = "bot.linker.attempt:link"
_STATUS_SECONDS = 1.0


def possible() -> bool:
    """True where a process can fork and hand over descriptors: on Linux and macOS, not on Windows."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "win32"


class Cells:
    """Runs each attempt in a child of a fork server; enter it as an asynchronous context before the first attempt.

    `environment` is all that the children see of the service's own: proxies and certificate paths, never a token.
    `walk` names the coroutine that a child runs; only tests of bad children give another.
    """

    def __init__(
        self,
        outside: Outside,
        *,
        limits: Limits = Limits(),  # noqa: B008 - a frozen value
        bounds: CellBounds = CellBounds(),  # noqa: B008
        rations: Rations = Rations(),  # noqa: B008
        environment: Mapping[str, str] | None = None,
        walk: str = LINK,
    ) -> None:
        shared = {
            "walk": walk,
            "outside": outside_out(outside),
            "limits": limits_out(limits),
            "rations": {name: getattr(rations, name) for name in Rations.__slots__},
            "go_seconds": bounds.go,
        }
        self._bounds = bounds
        self._forks = Forks(shared, environment or {})

    async def __aenter__(self) -> Self:
        await self._forks.server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._forks.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the attempts that run."""
        return self._forks.pids

    @property
    def server_pid(self) -> int:
        """The process id of the fork server, 0 when it is gone: the next attempt starts another."""
        return self._forks.server_pid

    async def linker(self, request: LinkRequest, ask: Ask, tell: Tell, *, leave: Leave, incident: IncidentId) -> Result:
        """Make one attempt in a child, with the promises of `bot.linker.link`; every secret of the request is spent.

        A child that ends without a result is `interrupted`, or `outcome_unknown` once it had the "go"; the detail says
        why. Cancelling has the child log out, for `CellBounds.ending` seconds at most, then kills it; a result that it
        still gave counts. What ask, tell or leave raise comes out of here once the child has logged out.
        """
        try:
            words = packed(request_out(request, incident))
            cell = await self._forks.start()
        except (NoCell, Nonsense) as why:
            log.error("cell_not_started", incident=incident, error=str(why) or "Nonsense")
            return Result(Code.INTERRUPTED, incident, Lost.NOT_STARTED)
        finally:
            for secret in secrets_of(request):
                secret.spend()
        talk = Talk(cell.reader, cell.writer, ask=ask, tell=tell, leave=leave, incident=incident, bounds=self._bounds)
        try:
            cell.writer.write(words)
            del words  # one reference less to the secrets
            return await self._result(talk, cell, incident)
        finally:
            self._forks.release(cell)

    async def _result(self, talk: Talk, cell: Cell, incident: IncidentId) -> Result:
        holding = asyncio.create_task(talk.held(), name="cell talk")
        try:
            await asyncio.wait({holding})
        except asyncio.CancelledError:
            result = await self._stopped(talk, holding)
            if result is None:
                raise
            return result
        try:
            return holding.result()
        except Ended as end:
            if isinstance(talk.error, LinkEnded):
                return Result(talk.error.code, incident, str(talk.error.detail))
            if talk.error is not None:
                raise talk.error from None
            return await self._lost(end, talk, cell, incident)

    async def _stopped(self, talk: Talk, holding: asyncio.Task[Result]) -> Result | None:
        """Have the child stop, and wait for that; None where it did as told, its result where it had one by then."""
        talk.stop()
        try:
            await asyncio.wait({holding}, timeout=self._bounds.ending)
        finally:
            if not holding.done():
                holding.cancel()
                await asyncio.wait({holding})
        if holding.cancelled() or holding.exception() is not None:
            return None
        return holding.result()

    async def _lost(self, end: Ended, talk: Talk, cell: Cell, incident: IncidentId) -> Result:
        lost = end.lost
        if lost is Lost.ENDED:
            with suppress(TimeoutError):
                lost = _reason(await asyncio.wait_for(asyncio.shield(cell.ended), _STATUS_SECONDS))
        log.error("cell_lost", incident=incident, error=end.error or lost.name, code=_code(talk).value)
        return Result(_code(talk), incident, lost)


def _code(talk: Talk) -> Code:
    """Once the "go" was written, nobody can know."""
    return Code.OUTCOME_UNKNOWN if talk.submitting else Code.INTERRUPTED


def _reason(status: int | None) -> Lost:
    """Return what an exit status means; None is that of a child whose fork server was gone before it."""
    if status == EXIT_MEMORY:
        return Lost.MEMORY
    if status == -signal.SIGXCPU:
        return Lost.CPU
    return Lost.KILLED if status is not None and status < 0 else Lost.ENDED
