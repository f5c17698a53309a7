"""The work that goes on after a request was acknowledged: every task is kept, named, watched and ended.

Bolt's own lazy listeners are not used: they start whatever the acknowledgement said, nobody keeps a reference to them
and nothing awaits them at shutdown (slack.md section 1.3).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from handlers.slack.trouble import describe

log = logging.getLogger(__name__)


class Tasks:
    """The running tasks of one Slack connection."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run `work` and keep it until it ends; after aclose() it is dropped, unstarted.

        A failure is logged by the place where it happened, never by its message, which may quote a payload.
        """
        if self._closed:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def aclose(self, seconds: float = 5.0) -> None:
        """Give what runs `seconds` to end, then cancel it, and take nothing new."""
        self._closed = True
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        left = list(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("slack task %s failed: %s", task.get_name(), describe(error))
