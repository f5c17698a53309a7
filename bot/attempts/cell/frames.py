"""Frames on a pipe between two processes: a length, then one JSON object, bounded on both sides.

JSON of plain values and nothing cleverer: whoever reads a frame may distrust whoever wrote it, and a format that can
name classes would hand the reader to the writer.
"""

from __future__ import annotations

import json
import struct
from asyncio import StreamReader
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

LARGEST = 65_536
"""Bytes of one frame's body; the largest honest one, a result with two menus, has a few thousand."""

WORD = struct.Struct("!Q")
"""What asks the fork server for a child: a number of its own, with the pipe and the leash as descriptors beside it."""

_HEAD = struct.Struct("!I")
_Choice = TypeVar("_Choice", bound=StrEnum)

Frame = Mapping[str, Any]
"""One object as it came: every value in it is to be taken out by the readers below."""


class Nonsense(Exception):
    """What came is no frame, or not one that could come now. It carries nothing of what came."""


def packed(frame: Mapping[str, object]) -> bytes:
    """Return a frame as it goes over the pipe.

    Raises Nonsense when it would be larger than the other side takes.
    """
    body = json.dumps(frame, separators=(",", ":"), allow_nan=False).encode("ascii")
    if len(body) > LARGEST:
        raise Nonsense
    return _HEAD.pack(len(body)) + body


def size_of(head: bytes) -> int:
    """Return how many bytes follow a head of `HEAD_BYTES`. Raises Nonsense when they are too many."""
    size = int(_HEAD.unpack(head)[0])
    if size > LARGEST:
        raise Nonsense
    return size


HEAD_BYTES = _HEAD.size


def unpacked(body: bytes) -> Frame:
    """Return the object that a frame's body holds. Raises Nonsense."""
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError):
        raise Nonsense from None
    if not isinstance(frame, dict):
        raise Nonsense
    return frame


async def receive(reader: StreamReader) -> Frame:
    """Return the next frame.

    Raises Nonsense, asyncio.IncompleteReadError at the end of the stream, ConnectionError when it broke.
    """
    size = size_of(await reader.readexactly(HEAD_BYTES))
    return unpacked(await reader.readexactly(size))


def text(frame: Frame, key: str, most: int = 1_000) -> str:
    """Take a string of at most `most` characters out of a frame. Raises Nonsense."""
    value = frame.get(key)
    if not isinstance(value, str) or len(value) > most:
        raise Nonsense
    return value


def number(frame: Frame, key: str, most: int = 1_000_000) -> int:
    """Take a whole number from 0 to `most` out of a frame. Raises Nonsense."""
    value = frame.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Nonsense
    return value


def flag(frame: Frame, key: str) -> bool:
    """Take a truth value out of a frame. Raises Nonsense."""
    value = frame.get(key)
    if not isinstance(value, bool):
        raise Nonsense
    return value


def choice(frame: Frame, key: str, kind: type[_Choice]) -> _Choice:
    """Take a member of a closed set out of a frame. Raises Nonsense."""
    try:
        return kind(text(frame, key))
    except ValueError:
        raise Nonsense from None


def texts(frame: Frame, key: str, *, most: int, longest: int) -> tuple[str, ...]:
    """Take a list of at most `most` strings, each of at most `longest` characters, out of a frame. Raises Nonsense."""
    value = frame.get(key)
    if not isinstance(value, list) or len(value) > most:
        raise Nonsense
    if not all(isinstance(one, str) and len(one) <= longest for one in value):
        raise Nonsense
    return tuple(value)


def part(frame: Frame, key: str) -> Frame:
    """Take an object out of a frame. Raises Nonsense."""
    value = frame.get(key)
    if not isinstance(value, dict):
        raise Nonsense
    return value
