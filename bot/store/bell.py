"""Telling another task or another replica that a row is worth a look: ids only, and a miss is always possible."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

Heard = Callable[[str], None]


class Bell(Protocol):
    """What the store needs to pass word on."""

    @property
    def deaf(self) -> bool:
        """True while word from elsewhere cannot arrive."""
        ...

    def ring(self, channel: str, text: str) -> None:
        """Pass `text` on to those who listen in this process."""
        ...

    def listen(self, channel: str, heard: Heard) -> Callable[[], None]:
        """Call `heard` with each text on `channel`; returns what ends it."""
        ...

    async def close(self) -> None:
        """Listen no more."""
        ...


class LocalBell:
    """Word within one process: all there is to tell on SQLite."""

    deaf = False

    def __init__(self) -> None:
        self._ears: dict[str, list[Heard]] = {}

    def ring(self, channel: str, text: str) -> None:
        """Pass `text` on to those who listen now; one that raises does not keep it from the others."""
        for heard in tuple(self._ears.get(channel, ())):
            with suppress(Exception):
                heard(text)

    def listen(self, channel: str, heard: Heard) -> Callable[[], None]:
        """Call `heard` with each text on `channel`; returns what ends it."""
        self._ears.setdefault(channel, []).append(heard)

        def stop() -> None:
            with suppress(ValueError):
                self._ears.get(channel, []).remove(heard)

        return stop

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that somebody asked for, in the order of asking."""
        return tuple(self._ears)

    async def close(self) -> None:
        """Forget everybody."""
        self._ears.clear()
