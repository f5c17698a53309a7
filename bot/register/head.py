"""The head of the audit, kept in a second place: a file in the state folder, so that a cut tail is seen."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.register.chain import Head

FILE_NAME = "audit-head.json"
_LOCK_NAME = "audit-head.lock"
_OWNER_ONLY = 0o600
_LARGEST = 1000


class BrokenHead(Exception):
    """The file is there and is not what this module writes; somebody or something has changed it."""


class HeadFile:
    """The newest line that this machine has seen committed. It is written whole or not at all, and only moves on.

    With several replicas each has its own: any of them is a line that the audit must still hold.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._lock = folder / _LOCK_NAME

    def read(self) -> Head | None:
        """Return the head, None when none is kept here. Raises BrokenHead, or OSError when it cannot be read."""
        try:
            with self.path.open("rb") as file:
                text = file.read(_LARGEST)
        except FileNotFoundError:
            return None
        try:
            found = json.loads(text)
            seq, digest = found["seq"], found["hash"]
        except (ValueError, TypeError, KeyError):
            raise BrokenHead from None
        if type(seq) is not int or seq < 1 or not re.fullmatch(r"[0-9a-f]{64}", str(digest)):
            raise BrokenHead
        return Head(seq, digest)

    def keep(self, head: Head) -> None:
        """Remember `head` if it is newer than what is kept; on disk when this returns. Call it after the commit.

        Blocks for as long as the disk takes: call it off the event loop. Raises BrokenHead rather than writing over a
        file that was tampered with, and OSError when the folder cannot be written.
        """
        with self._alone():
            kept = self.read()
            if kept is not None and kept.seq >= head.seq:
                return
            self._write(json.dumps({"hash": head.hash, "seq": head.seq}).encode() + b"\n")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two processes on one folder (the service and a command) take turns."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _OWNER_ONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _write(self, content: bytes) -> None:
        new = self.path.with_suffix(".new")
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _OWNER_ONLY)
        try:
            os.write(file, content)
            os.fsync(file)
        finally:
            os.close(file)
        new.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)  # the new name, too, has to outlast a power cut
        finally:
            os.close(folder)
