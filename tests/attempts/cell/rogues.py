"""What a child can do wrong: walks in place of the linker's, chosen by the PACER user name of the request."""

from __future__ import annotations

import asyncio
import ctypes
import os
import re
import resource
import signal
import struct
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock
from bot.errors import Code
from bot.linker import Outside
from bot.linker.values import (
    Ask,
    Comparison,
    ConfirmQuestion,
    IncidentId,
    Leave,
    Limits,
    LinkRequest,
    Result,
    Step,
    Tell,
    Told,
)

PIPE = 3
"""Where the confinement puts the pipe: a child that has gone bad can write what it likes."""


@dataclass
class Given:
    """The linker's arguments."""

    request: LinkRequest
    ask: Ask
    tell: Tell
    leave: Leave
    incident: IncidentId

    async def confirmed(self) -> None:
        """Ask the person, then for the go."""
        await self.ask(ConfirmQuestion("a", "b", Comparison.AGREE))
        await self.tell(Told(Step.SUBMIT))

    def end(self, *labels: str) -> Result:
        """A good result that says `labels`."""
        return Result(Code.LINKED, self.incident, menu_before=labels)


Rogue = Callable[[Given], Awaitable[Result]]
ROGUES: dict[str, Rogue] = {}


def rogue(walk: Rogue) -> Rogue:
    """Keep a walk by its name."""
    ROGUES[getattr(walk, "__name__", "")] = walk
    return walk


async def play(
    request: LinkRequest,
    ask: Ask,
    tell: Tell,
    *,
    outside: Outside,
    leave: Leave,
    clock: Clock,
    incident: IncidentId,
    limits: Limits,
) -> Result:
    """Do what the user name says."""
    return await ROGUES[request.account.username.text](Given(request, ask, tell, leave, incident))


@rogue
async def decent(given: Given) -> Result:
    """All in order."""
    await given.leave("host")
    await given.confirmed()
    return given.end("Query")


@rogue
async def floods(given: Given) -> Result:
    """More frames than any attempt has."""
    while True:
        await given.tell(Told(Step.MENU))


@rogue
async def too_large(given: Given) -> Result:
    """A frame of a gigabyte, announced."""
    os.write(PIPE, struct.pack("!I", 1 << 30) + b"x" * 1000)
    return await asyncio.Future()


@rogue
async def no_json(given: Given) -> Result:
    """A frame that is none."""
    os.write(PIPE, struct.pack("!I", 5) + b"hello")
    return await asyncio.Future()


@rogue
async def unknown_kind(given: Given) -> Result:
    """A frame that nobody knows."""
    os.write(PIPE, struct.pack("!I", 13) + b'{"kind":"do"}')
    return await asyncio.Future()


@rogue
async def submits_unasked(given: Given) -> Result:
    """Wants the go without the person's yes."""
    await given.tell(Told(Step.SUBMIT))
    return given.end()


@rogue
async def submits_twice(given: Given) -> Result:
    """Wants a second go."""
    await given.confirmed()
    await given.tell(Told(Step.SUBMIT))
    return given.end()


@rogue
async def eats(given: Given) -> Result:
    """Memory without end."""
    eaten = [bytearray(1 << 24)]
    while True:
        eaten.append(bytearray(1 << 24))


@rogue
async def spins(given: Given) -> Result:
    """Time without end."""
    while True:
        pass


@rogue
async def hangs(given: Given) -> Result:
    """Holds its loop for ever."""
    threading.Event().wait(3600)
    return given.end()


@rogue
async def hangs_after_the_go(given: Given) -> Result:
    """The same when it may have submitted."""
    await given.confirmed()
    threading.Event().wait(3600)
    return given.end()


@rogue
async def holds_the_interpreter(given: Given) -> Result:
    """One call into C that lets no other thread of Python run, begun before its owner hears of the step."""
    await given.tell(Told(Step.MENU))
    re.match(r"(a+)+$", "a" * 60 + "b")
    return given.end()


@rogue
async def crashes(given: Given) -> Result:
    """A fault of memory, as a parser's bug would have it."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return await asyncio.Future()


@rogue
async def leaves(given: Given) -> Result:
    """Ends without a word."""
    os._exit(0)


@rogue
async def leaves_after_the_go(given: Given) -> Result:
    """Ends without a word when it may have submitted."""
    await given.confirmed()
    os._exit(0)


@rogue
async def fails(given: Given) -> Result:
    """An exception whose text holds what nobody may see."""
    raise RuntimeError(given.request.account.password.reveal())


@rogue
async def says_much(given: Given) -> Result:
    """A result with more than a court's menu ever held."""
    return Result(Code.LINKED, given.incident, "d" * 9_000, ("m" * 9_000,) * 500, ("n" * 9_000,) * 500)


@rogue
async def prints(given: Given) -> Result:
    """Writes its secrets where the service's own output would go."""
    for stream in (1, 2):
        os.write(stream, given.request.account.password.reveal().encode())
    return given.end()


@rogue
async def will_not_stop(given: Given) -> Result:
    """Takes no order to end."""
    await given.leave("host")
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            continue


@rogue
async def looks_around(given: Given) -> Result:
    """Tells what it was left with."""
    limit = resource.getrlimit
    return given.end(
        "files " + " ".join(sorted(os.listdir("/proc/self/fd"), key=int)),
        f"core {limit(resource.RLIMIT_CORE)}",
        f"open {limit(resource.RLIMIT_NOFILE)[0]}",
        f"cpu {limit(resource.RLIMIT_CPU)[0]}",
        f"memory {limit(resource.RLIMIT_AS)[0] < 3 << 30}",
        f"nice {os.nice(0)}",
        f"dumpable {ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)}",
        f"privileges {ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)}",
        f"session {os.getsid(0) == os.getpid()}",
        f"terminate {signal.getsignal(signal.SIGTERM).name}",  # type: ignore[union-attr]
        f"output {os.readlink('/proc/self/fd/1')} {os.readlink('/proc/self/fd/2')}",
        "names " + " ".join(sorted(one.split(b"=")[0].decode() for one in _environ() if one)),
    )


def _environ() -> list[bytes]:
    return Path("/proc/self/environ").read_bytes().split(b"\0")
