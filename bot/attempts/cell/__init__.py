"""An attempt in a process of its own (design 6): forked from a preloaded server, told its secrets over a pipe.

The service (`cells.py`, `forks.py`, `talk.py`) and the two processes behind it (`server.py`, `child.py`, `confine.py`)
share nothing but frames of plain values (`frames.py`, `wire.py`, `court_wire.py`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.attempts.cell.cells import Cells, possible
    from bot.attempts.cell.confine import Rations, shut_memory
    from bot.attempts.cell.forks import NoCell
    from bot.attempts.cell.talk import CellBounds, Lost

__all__ = ["CellBounds", "Cells", "Lost", "NoCell", "Rations", "possible", "shut_memory"]

_HOMES = {
    "Cells": "cells",
    "possible": "cells",
    "Rations": "confine",
    "shut_memory": "confine",
    "NoCell": "forks",
    "CellBounds": "talk",
    "Lost": "talk",
}


def __getattr__(name: str) -> Any:
    """Import a name's home when it is first asked for: the fork server asks for none, so it holds none of them."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
