"""The fork server, `python -m bot.attempts.cell.server DESCRIPTOR`: it has loaded everything, and only forks.

One thread, no event loop: what is forked from it starts from a known state. Over its control socket it is told once
what every attempt shares, then one word an attempt, with the attempt's own two descriptors; it answers with the
child's process id and, in the end, its exit status. It never reads an attempt's pipe, so it never sees a secret.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn, cast

from bot.attempts.cell.child import Errand, Walk, attend
from bot.attempts.cell.confine import Rations
from bot.attempts.cell.court_wire import limits_in, outside_in
from bot.attempts.cell.frames import HEAD_BYTES, WORD, Frame, Nonsense, number, packed, part, size_of, text, unpacked
from bot.linker.browser import Browser
from bot.linker.fence import Fence
from bot.linker.inspect import inspect

_PAGE = b"""<html><head><title>CM/ECF</title></head><body><form method="post" action="/cgi-bin/login.pl?1-L_0_0-1">
<table><tr><td>Login</td><td><input type="text" name="login"></td></tr></table><input type="submit" value="Submit">
</form><script>location.assign("/cgi-bin/x.pl");</script></body></html>"""


class Server:
    """The children of this process by their process ids."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._control.setblocking(True)
        self._children: dict[int, int] = {}
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)

    def serve(self) -> NoReturn:
        """Load, say so, and fork until the service is gone."""
        try:
            errand = _errand(_read_frame(self._control))
            warm(errand)
        except Exception as error:  # whatever it is, the service has to say it
            self._say(kind="broken", error=type(error).__name__)
            os._exit(1)
        gc.collect()
        gc.freeze()  # so that no collection in a child touches, and so copies, what it shares with the others
        signal.set_wakeup_fd(self._waker.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._say(kind="ready")
        watched = select.poll()
        watched.register(self._control, select.POLLIN)
        watched.register(self._woken, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in watched.poll()}
            if self._woken.fileno() in ready:
                self._reap()
            if self._control.fileno() in ready:
                self._fork(errand)

    def _fork(self, errand: Errand) -> None:
        word, descriptors, _, _ = socket.recv_fds(self._control, WORD.size, 2)
        if len(word) != WORD.size or len(descriptors) != 2:
            self._end()
        asked = int(WORD.unpack(word)[0])
        try:
            child = os.fork()
        except OSError as error:
            self._say(kind="refused", number=asked, error=type(error).__name__)
        else:
            if child == 0:
                attend(descriptors[0], descriptors[1], errand)
            self._children[child] = asked
            self._say(kind="started", number=asked, pid=child)
        # A copy kept here would hide the child's end from its owner.
        for descriptor in descriptors:
            os.close(descriptor)

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(4096)
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                asked = self._children.pop(ended[0], 0)
                self._say(kind="ended", number=asked, status=os.waitstatus_to_exitcode(ended[1]) + 256)

    def _say(self, **words: object) -> None:
        try:
            self._control.sendall(packed(words))
        except OSError:
            self._end()

    def _end(self) -> NoReturn:
        """The service is gone: so are its attempts, at once."""
        for child in self._children:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        os._exit(0)


def warm(errand: Errand) -> None:
    """Do once, before any fork, what every attempt would do first: read a page, read the CA list, open a browser.

    An attempt is told its court with every field (`court_wire.py`): the list of courts stays with the service.
    """
    inspect("", _PAGE)
    asyncio.run(_open_browser(errand))


async def _open_browser(errand: Errand) -> None:
    fence = Fence(court="ecf.invalid", sign_on="sign-on.invalid")
    async with Browser(fence, errand.outside, limits=errand.limits, leave=_nowhere):
        """Nothing is requested."""


async def _nowhere(host: str) -> None:
    raise Nonsense


def _errand(shared: Frame) -> Errand:
    module, _, name = text(shared, "walk").partition(":")
    rations = part(shared, "rations")
    return Errand(
        walk=cast(Walk, getattr(importlib.import_module(module), name)),
        outside=outside_in(part(shared, "outside")),
        limits=limits_in(part(shared, "limits")),
        rations=Rations(*(number(rations, key, 1 << 40) for key in Rations.__slots__)),
        go_seconds=float(shared["go_seconds"]),
    )


def _read_frame(control: socket.socket) -> Frame:
    return unpacked(_exactly(control, size_of(_exactly(control, HEAD_BYTES))))


def _exactly(control: socket.socket, size: int) -> bytes:
    gathered = b""
    while len(gathered) < size:
        more = control.recv(size - len(gathered))
        if not more:
            os._exit(0)
        gathered += more
    return gathered


def main() -> NoReturn:
    """Serve on the descriptor that the line names."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # they are meant for the service, which says when this ends
    Server(socket.socket(fileno=int(sys.argv[1]))).serve()


if __name__ == "__main__":
    main()
