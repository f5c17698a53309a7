"""HTML read once: text, links, menu, scripts, and forms by the rules a browser follows.

The only user of lxml and BeautifulSoup. lxml parses the page and finds the parts; BeautifulSoup reads the forms, which
are small: whole pages in BeautifulSoup cost ten times as much (measured; `make bench`). A test shows that both ways
read the same forms.
"""

from bot.linker.document.controls import read_controls
from bot.linker.document.page import Document, TooLarge
from bot.linker.document.partial import partial_response

__all__ = ["Document", "TooLarge", "partial_response", "read_controls"]
