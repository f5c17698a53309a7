"""Asks the queue of PostgreSQL to have letters looked at, in the transaction that makes their rows (design 7)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ProcrastinateException

from bot.store.engine import Work
from bot.store.trouble import plainly, trouble_of

TASK = "deliver"
QUEUE = "letters"
FIRST, LATER = 10, 0
"""Priorities: what is due at its hour goes before a broadcast of thousands."""

# Its connector is never opened: it speaks through the connection of a unit of work.
_ASKING = App(connector=PsycopgConnector())


async def enqueue(
    work: Work, letters: Sequence[str], *, at: datetime | None = None, hurry: bool = True, again: bool = False
) -> None:
    """Have the letters looked at, from `at` (aware) on, once `work` is kept; nothing is asked when it is not.

    `hurry` puts them before those that can wait, `again` before those that were never tried. Raises StoreTrouble.
    """
    quiet()
    if not letters:
        return
    connection = await plainly(work.connection.get_raw_connection())
    asking = _ASKING.configure_task(
        TASK,
        queue=QUEUE,
        priority=(FIRST if hurry else LATER) + again,
        schedule_at=at,
        connection=connection.driver_connection,
    )
    try:
        given: list[dict[str, Any]] = [{"letter": letter} for letter in letters]
        await asking.batch_defer_async(*given)
    except ProcrastinateException as error:
        trouble = trouble_of(error)
    else:
        return
    raise trouble


def quiet() -> None:
    """Keep the queue's own lines out of the log: they quote arguments, and what a driver said. Ours tell by type."""
    for name in ("procrastinate", "psycopg"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
