"""The tokens of links and their hashes: what is kept is SHA-256 of 32 random bytes, alone and with the six digits."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token as its address names it, and its six digits; both for their person's eyes alone."""

    raw: bytes = field(repr=False)
    text: str = field(repr=False)
    code: str = field(repr=False)


def new_token() -> NewToken:
    """Return a token that nobody guesses, with the digits that its person's chat shows."""
    raw = secrets.token_bytes(TOKEN_BYTES)
    text = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return NewToken(raw, text, f"{secrets.randbelow(1_000_000):06d}")


def bytes_of(token: str) -> bytes | None:
    """Return the bytes of a token, None when it cannot be one: such a one is not worth a look into the records."""
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == TOKEN_BYTES else None


def hashed(text: bytes) -> str:
    """Return what the records keep of a token, or of token and digits together."""
    return hashlib.sha256(text).hexdigest()
