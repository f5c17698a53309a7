"""Reads pages without holding the event loop: small ones in place, large ones in one thread of their own.

A thread pool would let many large pages fight for the interpreter; one dedicated thread keeps the loop's stall under a
tenth of a second at two hundred in flight (reference/performance).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from bot.linker.browser import Reply
from bot.linker.document import Document
from bot.linker.fence import Fence
from bot.linker.pages import Page
from bot.linker.reading import read
from bot.linker.values import Limits

SMALL_PAGE, FEW_TAGS = 64_000, 450
"""Bytes and tags up to which a page is read in place: tags cost, and captured pages have 260 of them at most.

Such a page of 28 KB takes 5 ms, the worst that we could make of so few tags some 20 ms (measured). It holds up nobody
where the attempt has a process of its own.
"""


class Reader:
    """Turns replies into pages."""

    def __init__(self, limits: Limits) -> None:
        self._max_tags = limits.page_tags

    async def read(self, reply: Reply, fence: Fence) -> tuple[Document, Page]:
        """Return the document and the page it is.

        Raises TooLarge above the limit of tags.
        """
        if len(reply.body) <= SMALL_PAGE and reply.body.count(b"<") <= FEW_TAGS:
            return self._read(reply, fence)
        return await asyncio.get_running_loop().run_in_executor(_thread(), self._read, reply, fence)

    def _read(self, reply: Reply, fence: Fence) -> tuple[Document, Page]:
        document = Document.read(reply.url, reply.body, reply.content_type, max_tags=self._max_tags)
        return document, read(document, fence)


@lru_cache(maxsize=1)
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="page-reader")
