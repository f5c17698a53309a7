"""Looks for a secret in everything that was written, however it may have been spelled there.

The secrets of these tests are random letters and digits (inside of passwords with odder characters), so that forms,
JSON, HTML and character sets all leave them as they are: what is left are the spellings below.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

Spelling = Callable[[bytes], bytes]


def _base64(offset: int) -> Spelling:
    """As it stands inside longer base64 text, at one of the three places where a group of four may begin."""

    def spell(secret: bytes) -> bytes:
        coded = base64.b64encode(b"\0" * offset + secret)
        # The groups at both ends hold bits of the neighbours.
        return coded[4 if offset else 0 : len(coded) - 4]

    return spell


SPELLINGS: Mapping[str, Spelling] = {
    "plain": lambda secret: secret,
    "two bytes a letter": lambda secret: b"\0".join(bytes([byte]) for byte in secret),
    "hex": lambda secret: secret.hex().encode(),
    "HEX": lambda secret: secret.hex().upper().encode(),
    "base64, 0": _base64(0),
    "base64, 1": _base64(1),
    "base64, 2": _base64(2),
    "backwards": lambda secret: secret[::-1],
}
"""How a secret may stand in a file, by name."""


def found(content: bytes, secrets: Mapping[str, bytes]) -> Iterator[str]:
    """Yield which secret, by its name and spelling, stands in `content`; never the secret itself."""
    for name, secret in secrets.items():
        for spelling, spell in SPELLINGS.items():
            if spell(secret) in content:
                yield f"{name} ({spelling})"


def found_in_files(folder: Path, secrets: Mapping[str, bytes]) -> list[str]:
    """Look into every file below `folder`, whatever it is; the name of a file counts as written too."""
    said = []
    for file in sorted(folder.rglob("*")):
        content = file.read_bytes() if file.is_file() and not file.is_symlink() else b""
        said += [f"{file.name}: {what}" for what in found(content + file.name.encode(), secrets)]
    return said
