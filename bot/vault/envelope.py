"""The bytes of a sealed record, taken apart and put together; nothing here knows a key.

    version 1 | length of key id 1 | key id | length of token 2 | token | nonce 12 | ciphertext and tag 16 or more

The token is what the key provider needs to find the record's own key again: with the local ring the 32 random bytes of
salt, with an external KMS the record key as the KMS wrapped it. Its length is written so that both fit one format.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from bot.vault.keys import KEY_ID
from bot.vault.sealing import FORMAT, CannotOpen

NONCE_BYTES = 12
TAG_BYTES = 16
LONGEST_TOKEN = 4096
"""Bytes of a provider's token; a data key wrapped by a KMS takes a few hundred."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed record in its parts; `body` is ciphertext and tag."""

    key_id: str
    token: bytes
    nonce: bytes
    body: bytes

    def packed(self) -> bytes:
        """Return the bytes to be stored."""
        name = self.key_id.encode("ascii")
        head = bytes((FORMAT, len(name))) + name + struct.pack(">H", len(self.token))
        return head + self.token + self.nonce + self.body


def read_envelope(sealed: bytes) -> Envelope:
    """Take `sealed` apart. Raises CannotOpen for bytes that are no sealed record of this format."""
    name, rest = _split(sealed[2:], sealed[1]) if sealed[:1] == bytes((FORMAT,)) and len(sealed) > 1 else (b"", b"")
    size, rest = _split(rest, 2)
    token, rest = _split(rest, struct.unpack(">H", size)[0])
    nonce, body = _split(rest, NONCE_BYTES)
    key_id = name.decode("ascii", "replace")
    if not KEY_ID.fullmatch(key_id) or not 0 < len(token) <= LONGEST_TOKEN or len(body) < TAG_BYTES:
        raise CannotOpen
    return Envelope(key_id, token, nonce, body)


def _split(data: bytes, at: int) -> tuple[bytes, bytes]:
    if len(data) < at:
        raise CannotOpen
    return data[:at], data[at:]


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that `sealed` names, without opening it. Raises CannotOpen for other bytes."""
    return read_envelope(sealed).key_id
