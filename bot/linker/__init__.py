"""One attempt at one court: the guides' road as a state machine told by the content of the pages.

`attempt.link` is called with `ask` and `tell` and knows nothing of chats, processes or storage. Nothing of what reads
pages is imported here: the service, which names an attempt's values and leaves the pages to its children, would
otherwise hold BeautifulSoup and lxml for nothing.
"""

from __future__ import annotations

from bot.linker.browser import Outside

__all__ = ["Outside"]
