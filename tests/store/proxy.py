"""A path to a database that can be frozen: it stays open, takes every byte, and passes none on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Self


class Path:
    """Listens on a free port of 127.0.0.1 and passes bytes to and from `port`, unless it is frozen."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self._to = port
        self._frozen = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._opened, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.thaw()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def freeze(self) -> None:
        """From now on nothing arrives, in either direction, on old and new connections."""
        self._frozen = True

    def thaw(self) -> None:
        """New connections work again; the frozen ones are cut, as their bytes are lost."""
        self._frozen = False
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers += [writer, back]
        for source, sink in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pass(source, sink))
            self._tasks.add(task)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while some := await source.read(65536):
                if not self._frozen:
                    sink.write(some)
                    await sink.drain()
        sink.close()
