"""The rival: the same readings from the whole page in BeautifulSoup, under the same page classes.

A subclass of the linker's Document that never touches lxml's tree, so that `read` tells the very same pages from it;
tests/test_bench.py shows that it does, over every golden screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from bs4 import BeautifulSoup, Comment, Doctype
from bs4.element import NavigableString, Tag
from yarl import URL

from bot.linker.browser import Reply
from bot.linker.document import Document, TooLarge
from bot.linker.document.charset import KNOWN_CHARSETS
from bot.linker.document.controls import NAMES, read_control
from bot.linker.document.page import MAX_CONTROLS
from bot.linker.document.visible import collapse
from bot.linker.fence import Fence, resolve
from bot.linker.form import Form, Link
from bot.linker.pages import Page
from bot.linker.reader import Reader
from bot.linker.reading import read

_SILENT = frozenset(["script", "style", "noscript", "template", "select", "head", "title", "iframe", "object"])
_INLINE = frozenset(
    ["a", "b", "i", "u", "em", "strong", "font", "span", "small", "big", "tt", "code", "abbr", "sup", "sub"]
)
_TYPED = frozenset({"", "text", "email", "search", "tel", "url"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_CLASS = re.compile(r"\bui-(?:overlay-hidden|hidden-container|helper-hidden)\b")
_ERROR_CLASS = re.compile(r"ui-messages?-(?:error|fatal|warn)-detail")
_CLICK = re.compile(r"location(?:\s*\.\s*href)?\s*=\s*([\"'])(?P<to>[^\"']+)\1\s*(?!\s*\+)", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*(?P<delay>\d{1,2})(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?[\"']?(?P<to>[^\"']*)", re.IGNORECASE)


class SoupDocument(Document):
    """A page as one BeautifulSoup; `features` names its parser."""

    features = "lxml"

    def __init__(self, url: URL, text: str, *, charset: str = "utf-8", max_tags: int = 20_000) -> None:
        if text.count("<") > max_tags:
            raise TooLarge("tags")
        self.url, self.charset, self.source = url, charset, text.replace("\x00", "\ufffd")
        self._soup = BeautifulSoup(self.source, self.features, multi_valued_attributes=None)
        based = self._soup.find("base", href=True)
        self.base = (resolve(url, _get(based, "href")) or url) if isinstance(based, Tag) else url

    @cached_property
    def title(self) -> str:
        """The page's title."""
        found = self._soup.find("title")
        return collapse(found.get_text()) if isinstance(found, Tag) else ""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The visible pieces of the whole page."""
        return _pieces(self._soup, None)

    @cached_property
    def main_lines(self) -> tuple[str, ...]:
        """The visible pieces of #cmecfMainContent, or of the page but its menu bar."""
        main = self._soup.find(id="cmecfMainContent")
        if isinstance(main, Tag):
            return _pieces(main, None)
        bar = self._soup.find(id="topmenu")
        return _pieces(self._soup, bar if isinstance(bar, Tag) else None)

    @cached_property
    def tables(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """The cells of each table's own rows."""
        return tuple(
            tuple(
                tuple(" ".join(_pieces(cell, None)) for cell in row.find_all(["td", "th"], recursive=False))
                for row in table.find_all("tr")
                if row.find_parent("table") is table
            )
            for table in self._soup.find_all("table")
        )

    def _links(self) -> Iterator[Link]:
        for tag in self._soup.find_all(["a", "area", "input", "button"]):
            clicked = _CLICK.search(_get(tag, "onclick"))
            href = _get(tag, "href") if tag.has_attr("href") else clicked["to"] if clicked else None
            target = resolve(self.base, href) if href is not None else None
            if target is not None:
                label = collapse(tag.get_text()) or _get(tag, "value") or _get(tag, "title")
                yield Link(collapse(label), target)

    @cached_property
    def menu(self) -> tuple[Link, ...]:
        """The items of the menu bar."""
        bar = self._soup.find(id="topmenu")
        items = bar.find_all("a", class_=re.compile("yuimenubaritemlabel")) if isinstance(bar, Tag) else []
        return tuple(Link(collapse(a.get_text()), resolve(self.base, _get(a, "href")) or self.url) for a in items)

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The texts of inline scripts."""
        return tuple(tag.get_text() for tag in self._soup.find_all("script") if not tag.get("src"))

    @cached_property
    def script_sources(self) -> tuple[str, ...]:
        """The addresses of scripts."""
        return tuple(_get(tag, "src") for tag in self._soup.find_all("script", src=True) if _get(tag, "src"))

    @cached_property
    def refresh(self) -> str | None:
        """The address of a quick meta refresh."""
        for tag in self._soup.find_all("meta"):
            found = _REFRESH.match(_get(tag, "content"))
            if _get(tag, "http-equiv").strip().lower() == "refresh" and found and int(found["delay"]) <= 5:
                return found["to"].strip() or None
        return None

    @cached_property
    def passwords(self) -> int:
        """How many password fields the page has."""
        return sum(_get(tag, "type").strip().lower() == "password" for tag in self._soup.find_all("input"))

    @cached_property
    def has_forms(self) -> bool:
        """True when there is any form."""
        return self._soup.find("form") is not None

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """Every form with its controls, also those that name their form from outside it."""
        controls = self._soup.find_all(NAMES)
        if len(controls) > MAX_CONTROLS:
            raise TooLarge("controls")
        outside = [tag for tag in controls if _get(tag, "form")]
        return tuple(self._one(tag, outside) for tag in self._soup.find_all("form"))

    def _one(self, tag: Tag, outside: list[Tag]) -> Form:
        identity, action = _get(tag, "id"), _get(tag, "action")
        found = [c for c in tag.find_all(NAMES) if _get(c, "form") in ("", identity)]
        found += [c for c in outside if identity and _get(c, "form") == identity and tag not in c.parents]
        return Form(
            id=identity,
            name=_get(tag, "name"),
            action=resolve(self.base, action) if action else self.url,
            method=(_get(tag, "method") or "get").strip().lower(),
            enctype=_get(tag, "enctype").strip().lower(),
            charset=KNOWN_CHARSETS.get(_get(tag, "accept-charset").strip().lower(), self.charset),
            controls=tuple(read_control(c) for c in found),
        )

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """The texts of PrimeFaces error messages."""
        marked = self._soup.find_all(["span", "div", "li"], class_=_ERROR_CLASS)
        return tuple(text for text in (collapse(tag.get_text()) for tag in marked) if text)

    def shows(self, suffix: str) -> bool:
        """True when a visible element has an id or name that ends so."""
        return any(not any(_hides(a) for a in (tag, *tag.parents)) for tag in self._named(suffix))

    def has(self, suffix: str) -> bool:
        """True when any element has an id or name that ends so."""
        return bool(self._named(suffix))

    def _named(self, suffix: str) -> list[Tag]:
        return [
            t for t in self._soup.find_all(True) if _get(t, "id").endswith(suffix) or _get(t, "name").endswith(suffix)
        ]


class HtmlParserDocument(SoupDocument):
    """The same over Python's own parser."""

    features = "html.parser"


class SoupReader(Reader):
    """Reads in place, on the loop, as programs with BeautifulSoup do."""

    async def read(self, reply: Reply, fence: Fence) -> tuple[Document, Page]:
        """Return the document and the page it is."""
        document = SoupDocument.read(reply.url, reply.body, reply.content_type, max_tags=self._max_tags)
        return document, read(document, fence)


def _get(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return value if isinstance(value, str) else ""


def _hides(tag: Tag) -> bool:
    style, classes = _get(tag, "style"), _get(tag, "class")
    return tag.has_attr("hidden") or bool(_HIDING.search(style)) or bool(_HIDING_CLASS.search(classes))


def _pieces(root: Tag, without: Tag | None) -> tuple[str, ...]:
    """The visible text, one piece per block, cell, line break or typed field: marks of "\\0" cut it."""
    return tuple(text for text in map(collapse, "".join(_visible(root, root, without)).split("\0")) if text)


def _visible(tag: Tag, root: Tag, without: Tag | None) -> Iterator[str]:
    edge = "" if tag.name in _INLINE else "\0"
    yield edge
    silent = tag.name in _SILENT or tag is without or (tag is not root and _hides(tag))
    if not silent:
        if tag.name == "input" and _get(tag, "type").lower() in _TYPED:
            yield f"{_get(tag, 'value')}\0"
        for child in tag.children:
            if isinstance(child, Tag):
                yield from _visible(child, root, without)
            elif isinstance(child, NavigableString) and not isinstance(child, Comment | Doctype):
                yield str(child)
    yield edge
