"""The file of keys in the state folder, for a firm that set none: mode 0600, changed whole or not at all."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.errors import WrongSetting
from bot.secret import Secret
from bot.vault.keys import Key, KeyRing
from bot.vault.provider import RingKeys
from bot.vault.vault import Vault

FILE_NAME = "keys"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
_HEADER = (
    "# The keys of link-ecf: whoever has this file and the database can read what the bot has sealed.\n"
    "# The first key seals, the others only open. Change it by `link-ecf keys rotate` and `link-ecf keys retire`.\n"
)


class KeyFile:
    """The keys in `folder`; readers see the file before a change or after it, and two writers take turns."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._seen: tuple[object, KeyRing] | None = None

    def ring(self) -> KeyRing:
        """Return the keys as they are in the file now; it is read again only when it was changed.

        A service that runs while a key is added by the command line knows it from its next record on.
        Raises WrongSetting when the file is missing, not a ring of keys, or open to other users of the machine.
        """
        try:
            with self.path.open("rb") as file:
                return self._read(file.read, os.fstat(file.fileno()))
        except OSError as error:
            reason = error.strerror
        raise WrongSetting(f"{self.path} cannot be read ({reason}): put the keys back, or set LINK_ECF_KEYS.")

    def _read(self, content: Callable[[], bytes], found: os.stat_result) -> KeyRing:
        if found.st_uid not in {os.geteuid(), 0}:
            raise WrongSetting(f"{self.path} belongs to another user of this machine: run link-ecf as that user.")
        if found.st_mode & OTHERS:
            raise WrongSetting(
                f"{self.path} is open to other users of this machine: run chmod 600 on it, "
                "and link-ecf keys rotate if somebody may have read it."
            )
        version = (found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size)
        if self._seen is None or self._seen[0] != version:
            self._seen = (version, KeyRing.read(content().decode("ascii", "replace"), str(self.path)))
        return self._seen[1]

    def make(self, now: datetime) -> bool:
        """Make the file with one fresh key where there is none; True when this call made it.

        Raises WrongSetting when the folder cannot be written.
        """
        with self._alone():
            if self.path.exists():
                return False
            self._write(KeyRing((Key.fresh(now),)))
            return True

    def add(self, key: Key) -> KeyRing:
        """Make `key` the current one, and return the ring with it. Raises WrongSetting as `ring` and `make` do."""
        with self._alone():
            ring = self.ring().with_current(key) if self.path.exists() else KeyRing((key,))
            self._write(ring)
            return ring

    def remove(self, key_id: str) -> KeyRing:
        """Take a retired key out for good, and return what is left.

        Raises UnknownKey, CurrentKey for the one that seals, and WrongSetting.
        """
        with self._alone():
            ring = self.ring().without(key_id)
            self._write(ring)
            return ring

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock beside the file: of several writers, in this process or others, one at a time."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.path.with_name(FILE_NAME + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)
        except OSError as error:
            reason = error.strerror
        else:
            return
        raise WrongSetting(
            f"LINK_ECF_STATE_DIR is wrong: {self.path.parent} cannot be written ({reason}): make it a folder that can."
        )

    def _write(self, ring: KeyRing) -> None:
        """Replace the file in one step, on the disk before anything is sealed with a key of it."""
        text = _HEADER + "".join(key.revealed() + "\n" for key in ring.keys)
        draft = self.path.with_name(FILE_NAME + ".new")
        # One that a crash left behind; nobody else writes it, because the lock is held.
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            # The new name itself has to be on the disk too.
            os.fsync(folder)
        finally:
            os.close(folder)


def open_vault(given: Secret | None, folder: Path, now: datetime, say: Callable[[str], None]) -> Vault:
    """Return the vault with the keys of LINK_ECF_KEYS (`given`), or with those of the file in `folder`.

    Where there are neither, the file is made, and `say` hears so in one sentence, once. Raises WrongSetting.
    """
    if given is not None:
        ring = KeyRing.read(given.reveal())
        return Vault(RingKeys(lambda: ring))
    file = KeyFile(folder)
    if file.make(now):
        say(f"LINK_ECF_KEYS is not set: a key was made in {file.path}. Keep a copy of it apart from the database.")
    file.ring()
    return Vault(RingKeys(file.ring))
