"""Makes the tables of a new SQLite file: `python -m bot.store.first_tables ADDRESS`, run by `schema.create`.

A process of its own, because Alembic and what the migrations import are needed once in a file's life: loaded by the
service, they would stay in its memory for as long as it runs, some 10 MB of the 120 that it may take (design 11).
"""

from __future__ import annotations

import sys

from bot.errors import StoreTrouble
from bot.store.schema import create_here


def main() -> int:
    """Make the tables that the line names where there are none; returns 1 where that fails, and the caller asks why."""
    try:
        create_here(sys.argv[1])
    except StoreTrouble:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
