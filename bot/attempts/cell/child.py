"""The child's side of an attempt: it walks, and asks its owner for everything else over one pipe."""

from __future__ import annotations

import asyncio
import os
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn, Protocol

from bot.attempts.cell.confine import EXIT_BROKEN, EXIT_MEMORY, EXIT_OWNER_GONE, Rations, confine
from bot.attempts.cell.frames import Frame, Nonsense, packed, receive
from bot.attempts.cell.wire import Said, answer_in, question_out, request_in, result_out, told_out
from bot.clock import Clock, SystemClock
from bot.errors import Code, ended
from bot.linker import Outside
from bot.linker.values import (
    SENT_ONCE,
    Answer,
    Ask,
    IncidentId,
    Leave,
    Limits,
    LinkRequest,
    Question,
    Result,
    Tell,
    Told,
)

Moment = tuple[float, datetime]
"""By the monotonic clock and by the wall."""


class Walk(Protocol):
    """`bot.linker.link`, or what stands in for it in a test of bad children."""

    def __call__(
        self,
        request: LinkRequest,
        ask: Ask,
        tell: Tell,
        *,
        outside: Outside,
        leave: Leave,
        clock: Clock,
        incident: IncidentId,
        limits: Limits,
    ) -> Coroutine[Any, Any, Result]:
        """Make one attempt."""
        ...


@dataclass(frozen=True, slots=True)
class Errand:
    """What every child of one service shares.

    `go_seconds` is how old the question for the "go" may be when the "go" comes; a lease must last longer. By this an
    owner that was frozen between its commit and its "go", and thawed after another replica has taken over, comes too
    late: the final Submit is then not sent (design 6).
    """

    walk: Walk
    outside: Outside
    limits: Limits
    rations: Rations
    go_seconds: float


def attend(pipe: int, leash: int, errand: Errand) -> NoReturn:
    """Make one attempt in this process, just forked, and end the process without any of Python's farewells."""
    code = EXIT_BROKEN
    try:
        pipe, _ = confine(pipe, leash, errand.rations)
        code = asyncio.run(_attempt(socket.socket(fileno=pipe), errand))
    except MemoryError:
        code = EXIT_MEMORY
    finally:
        os._exit(code)


async def _attempt(pipe: socket.socket, errand: Errand) -> int:
    reader, writer = await asyncio.open_connection(sock=pipe)
    writer.transport.set_write_buffer_limits(0)  # so that drain() means sent
    owner = Owner(reader, writer, SystemClock(), errand.go_seconds)
    request, incident = request_in(await receive(reader))
    walking = asyncio.create_task(
        errand.walk(
            request,
            owner.ask,
            owner.tell,
            outside=errand.outside,
            leave=owner.leave,
            clock=SystemClock(),
            incident=incident,
            limits=errand.limits,
        )
    )
    listening = asyncio.create_task(owner.listen(walking))
    try:
        await owner.say(result_out(await walking))
    except asyncio.CancelledError:
        await owner.say({"kind": Said.STOPPED})
    except MemoryError:
        return EXIT_MEMORY
    except Exception as error:  # the name of its type only: its text may quote a page
        await owner.say({"kind": Said.FAILED, "error": type(error).__name__[:60]})
    finally:
        listening.cancel()
    return 0


class Owner:
    """The owner as its child sees it: what the linker asks, tells and waits for becomes frames."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, clock: Clock, go_seconds: float) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._go_seconds = go_seconds
        self._host = ""
        self._let_go: Moment | None = None
        self._calls = 0
        self._waiting: dict[int, asyncio.Future[Frame]] = {}

    async def ask(self, question: Question) -> Answer:
        """Have the person asked."""
        return answer_in(await self._call(question_out(question), Said.ANSWER))

    async def leave(self, host: str) -> None:
        """Wait until a request to `host` may go; what may link does not wait any more, it had its leave before.

        Raises LinkEnded when the "go" has grown old since.
        """
        if self._let_go is not None:
            asked, self._let_go = self._let_go, None
            self._refuse_old(asked)
            return
        self._host = host
        await self._call({"kind": Said.LEAVE, "host": host}, Said.GRANTED)

    async def tell(self, told: Told) -> None:
        """Tell a step. One before what may link waits for the owner's "go", which must not be old.

        The others are not waited for: the owner takes frames in order, so it has heard of a step before it gives leave
        for the step's request. What may link has its leave first, at the host whose page it answers: were it asked
        for after the "go", an owner frozen in between could let it out long after its lease had run out, and
        whoever waits in a court's line would wait past the point of no return. Raises LinkEnded when the "go" comes too
        late.
        """
        if told.step not in SENT_ONCE:
            await self.say(told_out(told))
            return
        await self._call({"kind": Said.LEAVE, "host": self._host}, Said.GRANTED)
        # Both clocks, because the monotonic one of Linux stands still while the whole machine sleeps.
        asked = self._clock.monotonic(), self._clock.now()
        await self._call(told_out(told), Said.GO)
        self._refuse_old(asked)
        self._let_go = asked

    def _refuse_old(self, asked: Moment) -> None:
        monotonic, at = asked
        late = self._clock.monotonic() - monotonic > self._go_seconds
        if late or self._clock.now() - at > timedelta(seconds=self._go_seconds):
            raise ended(Code.INTERRUPTED, "the bot's leave to send the form came too late, so it was not sent")

    async def say(self, frame: dict[str, object]) -> None:
        """Send a frame that nobody answers, and see it off."""
        self._writer.write(packed(frame))
        await self._writer.drain()

    async def _call(self, frame: dict[str, object], wanted: Said) -> Frame:
        self._calls += 1
        number = self._calls
        self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self.say({**frame, "call": number})
            reply = await self._waiting[number]
        finally:
            del self._waiting[number]
        if reply.get("kind") != wanted:
            raise Nonsense
        return reply

    async def listen(self, walking: asyncio.Task[Result]) -> None:
        """Hand answers to those who wait; end the process at once when the owner is gone."""
        try:
            while True:
                frame = await receive(self._reader)
                if frame.get("kind") == Said.STOP:
                    walking.cancel()
                    continue
                waiting = self._waiting.get(frame.get("call", 0))
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame)
        except (asyncio.IncompleteReadError, ConnectionError, Nonsense):
            os._exit(EXIT_OWNER_GONE)
