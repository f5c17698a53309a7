"""The style, the script and the mark of the page: read once, served from memory under names made of their contents.

A changed file has another name, so a browser may keep each for good, and a replica of another version is never asked
for a file it does not have twice over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

STATIC = "/p/static/"
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent: its address, its type, its bytes."""

    address: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """The addresses of the three files, for the templates, and every file by its address."""

    style: str
    script: str
    mark: str
    by_address: Mapping[str, StaticFile]


def static_files() -> StaticFiles:
    """Read the files that ship with the package."""
    style, script, mark = (_read(name) for name in ("page.css", "page.js", "mark.svg"))
    return StaticFiles(style.address, script.address, mark.address, {one.address: one for one in (style, script, mark)})


def _read(name: str) -> StaticFile:
    body = files("bot.web").joinpath("static", name).read_bytes()
    stem, _, ending = name.rpartition(".")
    return StaticFile(f"{STATIC}{stem}.{hashlib.sha256(body).hexdigest()[:16]}.{ending}", _TYPES[ending], body)
