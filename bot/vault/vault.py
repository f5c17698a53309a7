"""Seals and opens: AES-256-GCM under a key of each record's own, bound to the record's place (design 8).

What Python cannot do: wipe what it copied. Record keys and opened texts stand in buffers of ours that are zeroed after
use; the cipher's own copy of the key, the master keys, and any `bytes` or `str` made from an opened text live until the
interpreter reuses their memory. Core dumps are off and the memory is this process's alone; no more is promised.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.vault.envelope import NONCE_BYTES, TAG_BYTES, Envelope, key_id_of, read_envelope
from bot.vault.keys import KEY_BYTES, UnknownKey
from bot.vault.provider import KeyProvider, Wrapped
from bot.vault.sealing import CannotOpen, Sealing


@contextmanager
def wiped(size: int) -> Iterator[bytearray]:
    """Lend a buffer of `size` zero bytes, and zero it again in place when it is given back, whatever happened."""
    buffer = bytearray(size)
    try:
        yield buffer
    finally:
        buffer[:] = bytes(size)


class Vault:
    """The one place that seals and opens. Fails closed: whatever does not fit in every part does not open."""

    def __init__(self, keys: KeyProvider) -> None:
        self._keys = keys

    def seal(self, place: Sealing, plaintext: bytes | bytearray) -> bytes:
        """Return `plaintext` sealed under the current key for `place`; sealing it again gives other bytes.

        The caller zeroes `plaintext` where it is a bytearray.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        body = bytearray(len(plaintext) + TAG_BYTES)
        with wiped(KEY_BYTES) as key:
            wrapped = self._keys.wrap(place.label, key)
            AESGCM(key).encrypt_into(nonce, plaintext, place.bound(wrapped.key_id), body)
        return Envelope(wrapped.key_id, wrapped.token, nonce, bytes(body)).packed()

    @contextmanager
    def opened(self, place: Sealing, sealed: bytes, now: datetime) -> Iterator[bytearray]:
        """Lend the text sealed for `place`, in a buffer that is zeroed when the block is left.

        Raises CannotOpen before the block is entered.
        """
        envelope = read_envelope(sealed)
        if place.expired(now):
            raise CannotOpen
        with wiped(len(envelope.body) - TAG_BYTES) as text:
            if not self._decrypted(place, envelope, text):
                # Raised out here so that it carries no context: which of the parts did not fit is not told.
                raise CannotOpen
            yield text

    def open(self, place: Sealing, sealed: bytes, now: datetime) -> bytes:
        """Return the text sealed for `place`, as bytes that cannot be wiped: `opened` is the better choice.

        Raises CannotOpen for a wrong or removed key, another place, altered or cut bytes, and from `expires_at` on.
        """
        with self.opened(place, sealed, now) as text:
            return bytes(text)

    def needs_resealing(self, sealed: bytes) -> bool:
        """True when `sealed` stands under another key than the current one. Raises CannotOpen for other bytes."""
        return key_id_of(sealed) != self._keys.current_id

    def reseal(self, place: Sealing, sealed: bytes, now: datetime) -> bytes:
        """Return `sealed` under the current key: itself when it is there already.

        Raises CannotOpen as `open` does; the record is then left as it is.
        """
        if not self.needs_resealing(sealed):
            return sealed
        with self.opened(place, sealed, now) as text:
            return self.seal(place, text)

    def _decrypted(self, place: Sealing, envelope: Envelope, into: bytearray) -> bool:
        try:
            with wiped(KEY_BYTES) as key:
                self._keys.unwrap(Wrapped(envelope.key_id, envelope.token), place.label, key)
                AESGCM(key).decrypt_into(envelope.nonce, envelope.body, place.bound(envelope.key_id), into)
        except (InvalidTag, UnknownKey):
            return False
        return True
