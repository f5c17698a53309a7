"""One attempt at one court: the guides' road as a state machine told by the content of the pages.

`link` is called with `ask` and `tell` and knows nothing of chats, processes or storage.
"""

from __future__ import annotations

from bot.linker.attempt import link
from bot.linker.browser import Outside
from bot.linker.inspect import Probe, inspect, probe

__all__ = ["Outside", "Probe", "inspect", "link", "probe"]
