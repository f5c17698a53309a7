"""The service's side of the fork server: starts it, asks it for children, hears how they ended, replaces it."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.attempts.cell.frames import WORD, Nonsense, number, packed, receive, text

log = structlog.get_logger(__name__)

START_SECONDS, FORK_SECONDS, FAREWELL_SECONDS = 60.0, 20.0, 5.0


class NoCell(Exception):
    """No process could be had for an attempt; its text is the name of what stood in the way."""


@dataclass(slots=True, eq=False)
class Cell:
    """One child: its pipe, the leash that keeps it alive while it is held, and `ended`, its exit status.

    `ended` is that of subprocess: a negative number is a signal; None where the fork server was gone before the child.
    """

    pid: int
    reader: StreamReader
    writer: StreamWriter
    leash: int
    ended: asyncio.Future[int | None]
    _pipe: socket.socket
    _let_go: bool = False

    @property
    def alive(self) -> bool:
        """True as long as the child holds its end of the pipe, so as long as the process id is still its own."""
        watched = select.poll()
        watched.register(self._pipe, 0)
        return not any(events & (select.POLLHUP | select.POLLERR) for _, events in watched.poll(0))

    def end(self) -> None:
        """Kill the child if it lives, and let go of it; harmless the second time."""
        if self._let_go:
            return
        if self.alive:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, signal.SIGKILL)
        self._let_go = True
        os.close(self.leash)
        self.writer.transport.abort()
        self._pipe.close()


class _Server:
    """One fork server's process and the control socket to it."""

    def __init__(self, process: Process, control: socket.socket, reader: StreamReader, writer: StreamWriter) -> None:
        self.process = process
        self.control = control
        self.reader = reader
        self.writer = writer
        self.started: dict[int, asyncio.Future[int]] = {}
        self.ended: dict[int, asyncio.Future[int | None]] = {}
        self.listening: asyncio.Task[None] | None = None

    @property
    def gone(self) -> bool:
        """True once it will not answer any more."""
        return self.listening is None or self.listening.done()

    async def listen(self) -> None:
        """Hear what becomes of children until the server is gone; then nobody waits for it any more."""
        try:
            while True:
                self._hear(await receive(self.reader))
        except (asyncio.IncompleteReadError, ConnectionError, Nonsense):
            pass
        finally:
            for start in self.started.values():
                if not start.done():
                    start.set_exception(NoCell("the fork server ended"))
            for end in self.ended.values():
                if not end.done():
                    end.set_result(None)
            self.started.clear()
            self.ended.clear()

    def _hear(self, said: Mapping[str, object]) -> None:
        asked = number(said, "number", 1 << 60)
        start = self.started.pop(asked, None)
        match said.get("kind"):
            case "started" if start is not None and not start.done():
                start.set_result(number(said, "pid", 1 << 31))
            case "refused" if start is not None and not start.done():
                start.set_exception(NoCell(text(said, "error")))
            case "ended":
                end = self.ended.pop(asked, None)
                if end is not None and not end.done():
                    end.set_result(number(said, "status", 1 << 16) - 256)

    async def close(self) -> None:
        """Let it go: it ends at once and takes its children along."""
        self.writer.transport.abort()
        self.control.close()
        if self.listening is not None:
            await asyncio.wait({self.listening})
        try:
            await asyncio.wait_for(self.process.wait(), FAREWELL_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


class Forks:
    """Keeps one fork server running; `shared` is what it is told at its start, `environment` all it is given."""

    def __init__(self, shared: Mapping[str, object], environment: Mapping[str, str]) -> None:
        self._shared = dict(shared)
        self._environment = dict(environment)
        self._server: _Server | None = None
        self._starting = asyncio.Lock()
        self._count = 0
        self._cells: set[Cell] = set()
        self._closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the children that live, as far as is known."""
        return tuple(cell.pid for cell in self._cells)

    @property
    def server_pid(self) -> int:
        """The process id of the fork server, 0 when there is none."""
        return self._server.process.pid if self._server is not None and not self._server.gone else 0

    async def start(self) -> Cell:
        """Return a new child that has been told nothing yet.

        A server that is gone is replaced; one that goes meanwhile is replaced once. Raises NoCell.
        """
        try:
            return await self._fork(await self.server())
        except NoCell:
            if self._closed or self.server_pid:
                raise
            log.warning("cell_server_ended")
        return await self._fork(await self.server())

    async def server(self) -> _Server:
        """Return the running server, starting one where there is none. Raises NoCell."""
        async with self._starting:
            if self._closed:
                raise NoCell("closed")
            if self._server is None or self._server.gone:
                if self._server is not None:
                    await self._server.close()
                self._server = await self._spawn()
            return self._server

    async def _spawn(self) -> _Server:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-m", "bot.attempts.cell.server", str(theirs.fileno())),
                    pass_fds=(theirs.fileno(),),
                    stdin=DEVNULL,
                    stdout=DEVNULL,
                    stderr=DEVNULL,
                    start_new_session=True,  # Ctrl-C at the terminal is the service's to answer
                    env={**self._environment, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
                )
            except OSError as error:
                ours.close()
                raise NoCell(type(error).__name__) from None
        control = ours.dup()
        reader, writer = await asyncio.open_connection(sock=ours)
        server = _Server(process, control, reader, writer)
        try:
            writer.write(packed(self._shared))
            said = await asyncio.wait_for(receive(reader), START_SECONDS)
            if said.get("kind") != "ready":
                raise NoCell(text(said, "error"))
        except (asyncio.IncompleteReadError, ConnectionError, Nonsense, TimeoutError) as error:
            await server.close()
            raise NoCell(type(error).__name__) from None
        except BaseException:
            await server.close()
            raise
        server.listening = asyncio.create_task(server.listen(), name="fork server")
        return server

    async def _fork(self, server: _Server) -> Cell:
        self._count += 1
        asked = self._count
        loop = asyncio.get_running_loop()
        start = server.started[asked] = loop.create_future()
        ended = server.ended[asked] = loop.create_future()
        ours, theirs = socket.socketpair()
        held, leash = os.pipe()  # the child holds `held`; when the other end goes, so does the child
        try:
            if server.gone:
                raise NoCell("the fork server ended")
            socket.send_fds(server.control, [WORD.pack(asked)], [theirs.fileno(), held])
            pid = await asyncio.wait_for(start, FORK_SECONDS)
            pipe = ours.dup()
            reader, writer = await asyncio.open_connection(sock=ours)
        except (OSError, TimeoutError) as error:
            ours.close()
            os.close(leash)
            raise NoCell(type(error).__name__) from None
        except BaseException:
            ours.close()
            os.close(leash)
            raise
        finally:
            theirs.close()
            os.close(held)
        cell = Cell(pid, reader, writer, leash, ended, pipe)
        self._cells.add(cell)
        ended.add_done_callback(lambda status: self._cells.discard(cell) if status.result() is not None else None)
        return cell

    def release(self, cell: Cell) -> None:
        """End a child that has done its work, or will not do it."""
        cell.end()
        if cell.ended.done():
            self._cells.discard(cell)

    async def close(self) -> None:
        """End the server and every child, and return when they are gone."""
        self._closed = True
        for cell in tuple(self._cells):
            cell.end()
        async with self._starting:
            if self._server is not None:
                await self._server.close()
                self._server = None
