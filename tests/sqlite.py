"""SQLite files with every table, for tests: made once in each process, by the migrations, and copied from then on.

A new file costs a migration, and where the bot makes it a whole process: most tests only want the tables. What makes
tables is tested where that is the subject, from no file at all.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot.store import upgrade


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="link-ecf-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    upgrade(f"sqlite:///{folder}/made.db")
    assert [one.name for one in folder.iterdir()] == ["made.db"], "nothing is left in a log beside it"
    return folder / "made.db"


def made(file: Path) -> str:
    """Make `file` a database with every table and nothing in them, for its owner alone; return its address."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(_template(), file)
    return f"sqlite:///{file}"
