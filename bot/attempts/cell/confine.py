"""What a child gives up before it is told any secret: files, memory, time, core dumps, and life without its owner."""

from __future__ import annotations

import ctypes
import faulthandler
import fcntl
import os
import resource
import select
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
EXIT_OWNER_GONE, EXIT_MEMORY, EXIT_BROKEN = 70, 71, 72
"""How a child ends that has no result to give."""


@dataclass(frozen=True, slots=True)
class Rations:
    """What one child may use: bytes of address space beyond what it starts with, CPU seconds, open files, niceness.

    An honest attempt was measured at under 0.2 s of CPU, 80 MB more of address space (most of it reserved for threads
    and never touched) and some 12 open files; hostile pages are what the rest is for.
    """

    more_address_space: int = 1 << 30
    cpu_seconds: int = 30
    open_files: int = 64
    nice: int = 10


def confine(pipe: int, leash: int, rations: Rations) -> tuple[int, int]:
    """Confine this process, just forked, and return its two descriptors as they are now numbered.

    Everything else that was inherited is closed. Signals that end the service (SIGTERM goes to a whole control group,
    Ctrl-C to a whole terminal) do not end an attempt: its owner lets it finish or ends it.
    """
    os.setsid()
    _reset_signals()
    faulthandler.disable()
    pipe, leash = _keep_only(pipe, leash)
    _hold(leash)
    os.nice(rations.nice)
    _ration(rations)
    shut_memory()
    return pipe, leash


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(name, signal.SIG_IGN)
    for name in (signal.SIGCHLD, signal.SIGXCPU, signal.SIGIO, signal.SIGUSR1, signal.SIGUSR2, signal.SIGQUIT):
        signal.signal(name, signal.SIG_DFL)


def _keep_only(pipe: int, leash: int) -> tuple[int, int]:
    """Keep the two descriptors as 3 and 4, nothing behind standard input and output, and no other."""
    high = fcntl.fcntl(pipe, fcntl.F_DUPFD_CLOEXEC, 16), fcntl.fcntl(leash, fcntl.F_DUPFD_CLOEXEC, 16)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.dup2(high[0], 3, inheritable=False)
    os.dup2(high[1], 4, inheritable=False)
    os.closerange(5, min(max(resource.getrlimit(resource.RLIMIT_NOFILE)[0], max(high) + 1), 1 << 20))
    return 3, 4


def _hold(leash: int) -> None:
    """Have this process killed the moment its owner lets go of the other end of the leash.

    On Linux the kernel does it, so that neither a page that holds the interpreter nor a stopped process outlives the
    owner. Elsewhere a thread waits for it, which a stopped process outlives: its end is then up to the fork server.
    """
    if sys.platform == "linux":
        fcntl.fcntl(leash, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(leash, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(leash, fcntl.F_SETFL, fcntl.fcntl(leash, fcntl.F_GETFL) | os.O_ASYNC)
    else:
        threading.Thread(target=_wait_on, args=(leash,), daemon=True).start()
    # Let go of before it was held: no signal comes for that.
    watched = select.poll()
    watched.register(leash, select.POLLIN)
    if watched.poll(0):
        os._exit(EXIT_OWNER_GONE)


def _wait_on(leash: int) -> None:
    with suppress(OSError):
        os.read(leash, 1)
    os._exit(EXIT_OWNER_GONE)


def _ration(rations: Rations) -> None:
    _lower(resource.RLIMIT_CPU, rations.cpu_seconds)
    _lower(resource.RLIMIT_NOFILE, rations.open_files)
    with suppress(OSError):  # no /proc: no knowing what the process starts with, so no such limit
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + rations.more_address_space)


def _lower(which: int, most: int) -> None:
    hard = resource.getrlimit(which)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    # One more as the hard limit: at the soft one the kernel says why it kills (SIGXCPU), at the hard one it does not.
    resource.setrlimit(which, (most, most + 1 if hard == resource.RLIM_INFINITY else hard))


def shut_memory() -> None:
    """Keep this process's memory from disk and from others: for whoever holds a password, the service included.

    No core dump, no debugger of the same user, no new privileges (Linux; other systems have only the core limit).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
