"""How a page is encoded, as it declares itself; only encodings that courts use, none that can be turned into a trap."""

from __future__ import annotations

import re

from bs4.dammit import EncodingDetector

KNOWN_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
    "windows-1250": "cp1250",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
"""Names on pages and the codecs they mean to a browser (ISO 8859-1 is windows-1252 there)."""

_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


def declared_charset(body: bytes, content_type: str) -> str:
    """Return the codec that header, byte order mark or meta declare; without a declaration UTF-8 where it fits."""
    if body.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    header = _HEADER_CHARSET.search(content_type)
    declared = header[1] if header else EncodingDetector.find_declared_encoding(body[:4096], is_html=True)
    return KNOWN_CHARSETS.get((declared or "").strip().lower(), "cp1252" if _not_utf8(body) else "utf-8")


def _not_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
