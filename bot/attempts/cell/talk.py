"""The owner's side of one attempt: serves its child's frames in order, holds the "go", outlives whatever it does."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.attempts.cell.frames import Frame, Nonsense, number, packed, receive, text
from bot.attempts.cell.wire import Said, answer_out, question_in, result_in, told_in
from bot.linker.values import (
    SENT_ONCE,
    Ask,
    ConfirmAnswer,
    IncidentId,
    Leave,
    PasscodeAnswer,
    Question,
    Result,
    Step,
    Tell,
    Told,
)


class Lost(StrEnum):
    """Why a child has no result: fixed phrases, shown to the person after "What the bot noticed"."""

    NOT_STARTED = "no process could be started for this attempt; nothing was sent to the court"
    ENDED = "the process of this attempt ended without a result"
    KILLED = "the process of this attempt was killed"
    MEMORY = "the process of this attempt used too much memory and was ended"
    CPU = "the process of this attempt used too much computing time and was ended"
    SILENT = "the process of this attempt stopped answering and was ended"
    FLOOD = "the process of this attempt sent too much and was ended"
    NONSENSE = "the process of this attempt broke its rules and was ended"
    FAILED = "the process of this attempt failed"
    STOPPED = "the process of this attempt was stopped"


@dataclass(frozen=True, slots=True)
class CellBounds:
    """What an owner takes from one child.

    `silent` is the seconds that may pass without a frame while nothing keeps the child waiting (a request has 15, the
    pause before the second proof has 15); `ending` is what it has to log out once it was stopped (the linker itself
    takes at most 8); `frames` is how many it may send in all, `frames_a_second` how many in any one second (an attempt
    of 42 requests sends some 60). `go` is how old its question for the final Submit may be when it is answered: a lease
    must last longer.
    """

    silent: float = 60.0
    ending: float = 12.0
    frames: int = 400
    frames_a_second: int = 150
    go: float = 8.0


class Ended(Exception):
    """The child came to an end without a result; `lost` says why, `error` names a failure of its own."""

    def __init__(self, lost: Lost, error: str = "") -> None:
        super().__init__(lost.name)
        self.lost = lost
        self.error = error


class Talk:
    """One conversation. `submitting` turns True just before a "go" is written: from then on nobody can know.

    It turns False again when the child has read the page that shows both accounts: then the link form has not linked.
    """

    def __init__(
        self,
        reader: StreamReader,
        writer: StreamWriter,
        *,
        ask: Ask,
        tell: Tell,
        leave: Leave,
        incident: IncidentId,
        bounds: CellBounds,
    ) -> None:
        self.submitting = False
        self.error: BaseException | None = None
        self._reader = reader
        self._writer = writer
        self._ask = ask
        self._tell = tell
        self._leave = leave
        self._incident = incident
        self._bounds = bounds
        self._frames: asyncio.Queue[Frame | Ended] = asyncio.Queue()
        self._over = asyncio.Event()
        self._serving: asyncio.Future[Any] | None = None
        self._confirmed = False
        self._gone: set[Step] = set()
        self._stopping = False
        self._flooded = False

    async def held(self) -> Result:
        """Serve the child until its result.

        Raises Ended without one. What the caller's own ask, tell or leave raised is kept in `error`, and the child is
        then stopped: it logs out and ends.
        """
        listening = asyncio.create_task(self._listen(), name="cell")
        try:
            while True:
                frame = await self._next()
                match frame.get("kind"):
                    case Said.RESULT:
                        return result_in(frame, self._incident)
                    case Said.STOPPED:
                        raise Ended(Lost.STOPPED)
                    case Said.FAILED:
                        raise Ended(Lost.FAILED, text(frame, "error", 60))
                    case _:
                        await self._serve(frame)
        except Nonsense:
            raise Ended(Lost.NONSENSE) from None
        finally:
            listening.cancel()
            if self._serving is not None:
                self._serving.cancel()

    def stop(self) -> None:
        """Ask the child to stop: what it waits for is called off, and it logs out at PACER."""
        if not self._stopping:
            self._stopping = True
            self._write({"kind": Said.STOP})
        if self._serving is not None:
            self._serving.cancel()

    async def _listen(self) -> None:
        """Take frames as they come, within their bounds: the child's end is noticed whatever is being served."""
        loop = asyncio.get_running_loop()
        second, taken, in_second = loop.time(), 0, 0
        try:
            while True:
                frame = await receive(self._reader)
                now = loop.time()
                if now - second >= 1.0:
                    second, in_second = now, 0
                taken, in_second = taken + 1, in_second + 1
                if taken > self._bounds.frames or in_second > self._bounds.frames_a_second:
                    self._flooded = True
                    self._frames.put_nowait(Ended(Lost.FLOOD))
                    break
                self._frames.put_nowait(frame)
        except Nonsense:
            self._frames.put_nowait(Ended(Lost.NONSENSE))
        except (asyncio.IncompleteReadError, ConnectionError):
            self._frames.put_nowait(Ended(Lost.ENDED))
        self._over.set()

    async def _next(self) -> Frame:
        try:
            patience = self._bounds.ending if self._stopping else self._bounds.silent
            frame = await asyncio.wait_for(self._frames.get(), patience)
        except TimeoutError:
            raise Ended(Lost.SILENT) from None
        if self._flooded:  # nothing more of such a child is taken in, not even what came before
            raise Ended(Lost.FLOOD)
        if isinstance(frame, Ended):
            raise frame
        return frame

    async def _serve(self, frame: Frame) -> None:
        match frame.get("kind"):
            case Said.TELL:
                told = told_in(frame)
                if told.step in SENT_ONCE:
                    await self._let_go(told, number(frame, "call"))
                else:
                    await self._done(self._tell(told), to_its_end=True)
                    if told.step is Step.VERIFY and Step.SUBMIT not in self._gone:
                        self.submitting = False
            case Said.LEAVE:
                call, host = number(frame, "call"), text(frame, "host", 255)
                if await self._done(self._leave(host)):
                    self._reply(call, {"kind": Said.GRANTED})
            case Said.ASK:
                await self._put(question_in(frame), number(frame, "call"))
            case _:
                raise Nonsense

    async def _let_go(self, told: Told, call: int) -> None:
        """Answer the question before what may link: each goes once, and the Submit only after a person's yes."""
        if told.step in self._gone or Step.SUBMIT in self._gone or (told.step is Step.SUBMIT and not self._confirmed):
            raise Nonsense
        if await self._done(self._tell(told), to_its_end=True) and not self._stopping:
            self._gone.add(told.step)
            self.submitting = True
            self._reply(call, {"kind": Said.GO})

    async def _put(self, question: Question, call: int) -> None:
        asked = asyncio.ensure_future(self._ask(question))
        if not await self._done(asked):
            return
        answer = asked.result()
        self._confirmed = isinstance(answer, ConfirmAnswer) and answer.link
        self._reply(call, answer_out(answer))
        if isinstance(answer, PasscodeAnswer):
            answer.passcode.spend()

    async def _done(self, work: Awaitable[Any], *, to_its_end: bool = False) -> bool:
        """Do the caller's part of a frame; False when it was called off or failed, or the child is gone.

        A wait for a person or a slot is called off when the child is gone; what was told is taken in all the same.
        """
        serving = self._serving = asyncio.ensure_future(work)
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({serving} if to_its_end else {serving, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            serving.cancel()
            await asyncio.wait({serving})
            self._serving = None
        if serving.cancelled():
            if not self._over.is_set():
                if not self._stopping:  # not from outside: the caller's own part ends the attempt, and knows why
                    self.error = self.error or asyncio.CancelledError()
                self.stop()
            return False
        if (error := serving.exception()) is not None:
            self.error = self.error or error
            self.stop()
            return False
        return not self._over.is_set()

    def _reply(self, call: int, words: dict[str, object]) -> None:
        self._write({**words, "call": call})

    def _write(self, words: dict[str, object]) -> None:
        with suppress(ConnectionError):  # its end is noticed by the one who listens
            self._writer.write(packed(words))
