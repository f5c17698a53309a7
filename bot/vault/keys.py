"""The keys that everything sealed hangs on: a ring of them, one current, the others kept to open what is older.

    LINK_ECF_KEYS=k20261122-9f3a1c:<32 bytes in base64url>,k20260801-77b0de:<32 bytes in base64url>

The first is current and seals; the others are retired: they open, and seal nothing any more.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn, Self

from bot.errors import WrongSetting

KEY_BYTES = 32
KEY_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
"""What a key may be called; the name is no secret, it stands in front of every record that the key sealed."""

_FEWEST_VALUES = 8
_SHAPE = "give keys as id:base64url of 32 bytes, separated by commas, the current one first (link-ecf keys new)"


class UnknownKey(Exception):
    """No key of this name is in the ring; the message is the name, which is no secret."""


class CurrentKey(Exception):
    """The current key is not taken out of the ring: it would leave nothing to seal with."""


class Key:
    """One master key of 32 bytes and its name: the bytes are in no repr, pickle, copy or comparison that leaks time.

    Raises ValueError for a wrong name, a wrong length, or bytes that are plainly not random (an example's `AAAA...`).
    """

    __slots__ = ("_material", "id")

    def __init__(self, key_id: str, material: bytes) -> None:
        if not KEY_ID.fullmatch(key_id) or len(material) != KEY_BYTES or len(set(material)) < _FEWEST_VALUES:
            raise ValueError("not a key")
        self.id = key_id
        self._material = material

    @classmethod
    def fresh(cls, now: datetime) -> Self:
        """Make a key from the system's random source; its name tells the day (UTC), for whoever retires it."""
        return cls(f"k{now:%Y%m%d}-{secrets.token_hex(3)}", secrets.token_bytes(KEY_BYTES))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read `id:base64url`, with or without padding. Raises ValueError, without the text."""
        key_id, _, encoded = text.partition(":")
        encoded = encoded.removesuffix("=")
        try:
            material = base64.b64decode(encoded + "=", altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            material = b""
        key = cls(key_id, material)
        if not hmac.compare_digest(key.revealed(), f"{key_id}:{encoded}"):
            raise ValueError("not a key")
        return key

    def material(self) -> bytes:
        """Return the 32 bytes, for the one place that derives record keys from them."""
        return self._material

    def revealed(self) -> str:
        """Return `id:base64url`, for the file of keys and for the line that its owner asked for."""
        return f"{self.id}:{base64.urlsafe_b64encode(self._material).decode().rstrip('=')}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key):
            return NotImplemented
        return self.id == other.id and hmac.compare_digest(self._material, other._material)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Key({self.id}, ***)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a key is not pickled or copied")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys at one moment, the current one first; never empty, no name and no key twice.

    Raises ValueError where that is not so.
    """

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        different = len({key.id for key in self.keys}) == len({key.material() for key in self.keys}) == len(self.keys)
        if not self.keys or not different:
            raise ValueError("not a ring of keys")

    @classmethod
    def read(cls, text: str, source: str = "LINK_ECF_KEYS") -> Self:
        """Read the text of the setting, or of the file named `source` (a line each, lines with # left out).

        Raises WrongSetting with one line that names the source and the fix, and holds nothing of the text.
        """
        lines = (line.strip() for line in text.splitlines())
        parts = ",".join(line for line in lines if line and not line.startswith("#")).split(",")
        try:
            return cls(tuple(Key.read(part.strip()) for part in parts))
        except ValueError:
            pass
        # Raised out here so that it carries no context.
        raise WrongSetting(f"{source} is wrong: {_SHAPE}.")

    @property
    def current(self) -> Key:
        """The one key that seals."""
        return self.keys[0]

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of all keys, the current one first."""
        return tuple(key.id for key in self.keys)

    def key(self, key_id: str) -> Key:
        """Return the key of this name. Raises UnknownKey."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise UnknownKey(key_id)

    def with_current(self, key: Key) -> KeyRing:
        """Return the ring with `key` in front; all others are retired by that."""
        return KeyRing((key, *self.keys))

    def without(self, key_id: str) -> KeyRing:
        """Return the ring without a retired key. Raises UnknownKey, and CurrentKey for the one that seals."""
        if self.key(key_id) is self.current:
            raise CurrentKey(key_id)
        return KeyRing(tuple(key for key in self.keys if key.id != key_id))

    def revealed(self) -> str:
        """Return the text of LINK_ECF_KEYS, for its owner."""
        return ",".join(key.revealed() for key in self.keys)
