"""Where record keys come from: the ring on this machine, or an external key service in its place.

A provider gives each record a key of its own and a token from which it can give the same key again. The local ring
derives it: HKDF-SHA256 of the current key, 32 fresh random bytes of salt (the token) and the record's label, so that no
key, and so no nonce under a key, is ever used twice. A provider over a KMS (HashiCorp Vault's transit engine, AWS KMS)
asks it for a data key and keeps the wrapped form as the token; the label goes along as the KMS's encryption context.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.vault.keys import KEY_BYTES, KeyRing, UnknownKey

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Wrapped:
    """How to find one record's key again: the id of the key behind it and the provider's token (1 to 4096 bytes)."""

    key_id: str
    token: bytes


class KeyProvider(Protocol):
    """The hook for an external KMS; `RingKeys` is the one implementation here.

    Both calls are made on the event loop and have to return at once: a provider that needs the network fetches data
    keys beforehand and keeps them only as long as it must. A key service that cannot be reached raises its own error,
    never UnknownKey: the record is sound, and is not to be dropped for it.
    """

    @property
    def current_id(self) -> str:
        """The id of the key that seals now; at most 32 characters of a-z, 0-9, dot, dash and underscore."""
        ...

    @property
    def known_ids(self) -> frozenset[str]:
        """The ids of every key that still opens."""
        ...

    def wrap(self, label: bytes, into: bytearray) -> Wrapped:
        """Write a fresh record key for `label` into the 32 bytes of `into`, and return how to find it again."""
        ...

    def unwrap(self, wrapped: Wrapped, label: bytes, into: bytearray) -> None:
        """Write the record key of `wrapped` into the 32 bytes of `into`.

        Raises UnknownKey when its key is not there any more or the token cannot be this provider's.
        """
        ...


class RingKeys:
    """Record keys derived from the ring that `ring()` returns at the moment: fixed, or read from a file that changes.

    Whatever `ring` raises (WrongSetting, when the file was taken away) comes through.
    """

    def __init__(self, ring: Callable[[], KeyRing]) -> None:
        self._ring = ring

    @property
    def current_id(self) -> str:
        """The name of the ring's current key."""
        return self._ring().current.id

    @property
    def known_ids(self) -> frozenset[str]:
        """The names of the ring's keys."""
        return frozenset(self._ring().ids)

    def wrap(self, label: bytes, into: bytearray) -> Wrapped:
        """Write a fresh record key into `into`, derived from the current key: a retired one is never used to seal."""
        ring, salt = self._ring(), secrets.token_bytes(SALT_BYTES)
        _derive(ring.current.material(), salt, label, into)
        return Wrapped(ring.current.id, salt)

    def unwrap(self, wrapped: Wrapped, label: bytes, into: bytearray) -> None:
        """Write the record key of `wrapped` into `into`. Raises UnknownKey."""
        if len(wrapped.token) != SALT_BYTES:
            raise UnknownKey(wrapped.key_id)
        _derive(self._ring().key(wrapped.key_id).material(), wrapped.token, label, into)


def _derive(master: bytes, salt: bytes, label: bytes, into: bytearray) -> None:
    HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=label).derive_into(master, into)
