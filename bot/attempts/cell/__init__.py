"""An attempt in a process of its own (design 6): forked from a preloaded server, told its secrets over a pipe.

The service (`cells.py`, `forks.py`, `talk.py`) and the two processes behind it (`server.py`, `child.py`, `confine.py`)
share nothing but frames of plain values (`frames.py`, `wire.py`, `court_wire.py`).
"""

from __future__ import annotations

from bot.attempts.cell.cells import Cells, possible
from bot.attempts.cell.confine import Rations, shut_memory
from bot.attempts.cell.forks import NoCell
from bot.attempts.cell.talk import CellBounds, Lost

__all__ = ["CellBounds", "Cells", "Lost", "NoCell", "Rations", "possible", "shut_memory"]
