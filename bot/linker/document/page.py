"""One page as it was received: parsed by lxml, its forms read by BeautifulSoup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from bs4 import BeautifulSoup
from lxml import etree, html
from yarl import URL

from bot.linker.document.charset import KNOWN_CHARSETS, declared_charset
from bot.linker.document.controls import NAMES, read_control, tags
from bot.linker.document.lean import lean
from bot.linker.document.visible import collapse, is_hidden, pieces, rows
from bot.linker.fence import resolve
from bot.linker.form import Control, Form, Link
from bot.linker.sending import Itself, sends

_ERROR_CLASS = re.compile(r"ui-messages?-(?:error|fatal|warn)-detail")
MAX_CONTROLS = 1_000
"""A page with more form controls is no page of a court."""

_ONCLICK = re.compile(r"location(?:\s*\.\s*href)?\s*=\s*([\"'])(?P<to>[^\"']+)\1\s*(?!\s*\+)", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*(?P<delay>\d+)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?[\"']?(?P<to>[^\"']*)", re.IGNORECASE)

_LOG_OUT = re.compile(r"/login\.pl\?logout$", re.IGNORECASE)
_ITEM = re.compile(r"/(?:iquery\.pl|DisplayMenu\.pl\?\w+)", re.IGNORECASE)

_TEXT = etree.XPath("string()")
_BY_ID = etree.XPath("(.//*[@id=$id])[1]")


class TooLarge(Exception):
    """The page has more bytes, tags or form controls than a court's page ever had."""


class Document:
    """One page as it was received; every reading of it is made once, when it is first asked for."""

    def __init__(self, url: URL, text: str, *, charset: str = "utf-8", max_tags: int = 20_000) -> None:
        if text.count("<") > max_tags:
            raise TooLarge("tags")
        self.url = url
        self.charset = charset
        self.source = text.replace("\x00", "\ufffd")
        self._root = _parse(self.source)
        self._resolved: dict[str, URL | None] = {}
        self.base = self._base()

    @classmethod
    def read(cls, url: URL, body: bytes, content_type: str = "", *, max_tags: int = 20_000) -> Document:
        """Decode `body` as it declares itself (byte order mark, header, meta) and parse it.

        Raises TooLarge above `max_tags` tags.
        """
        charset = declared_charset(body, content_type)
        return cls(url, body.decode(charset, errors="replace"), charset=charset, max_tags=max_tags)

    def _base(self) -> URL:
        for found in self._root.iter("base"):
            href = found.get("href")
            if href:
                return resolve(self.url, href) or self.url
        return self.url

    def _to(self, reference: str) -> URL | None:
        """Resolve once what a page repeats: a menu's items are links too. Kept no longer than the page itself."""
        if reference not in self._resolved:
            self._resolved[reference] = resolve(self.base, reference)
        return self._resolved[reference]

    @cached_property
    def title(self) -> str:
        """The page's title, blanks collapsed."""
        found = self._root.find(".//title")
        return collapse(_string(found)) if found is not None else ""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """What a person would read on the whole page, in pieces: one per block, cell or line break."""
        return tuple(pieces(self._root))

    def may_say(self, word: str) -> bool:
        """False when the source has no `word` (lower case) anywhere: a quick no before all visible text is gathered."""
        return word in self._lower

    @cached_property
    def _lower(self) -> str:
        return self.source.lower()

    @cached_property
    def main_lines(self) -> tuple[str, ...]:
        """The pieces of #cmecfMainContent, or of the whole page but its menu bar."""
        main = self._by_id("cmecfMainContent")
        if main is not None:
            return tuple(pieces(main))
        return tuple(pieces(self._root, without=self._bar))

    @cached_property
    def main_text(self) -> str:
        """The main pieces as one text."""
        return " ".join(self.main_lines)

    @cached_property
    def tables(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """The texts of the cells of each table's own rows, for pages that show two accounts side by side."""
        return tuple(tuple(rows(table)) for table in self._root.iter("table"))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Anchors, and buttons whose onclick names an address, in page order; `to` is resolved and not yet fenced."""
        return tuple(self._links())

    def _links(self) -> Iterator[Link]:
        for element in self._root.iter("a", "area", "input", "button"):
            href = element.get("href")
            if href is None:
                clicked = _ONCLICK.search(element.get("onclick") or "")
                href = clicked["to"] if clicked else None
            if href is None:
                continue
            target = self._to(href)
            if target is not None:
                label = collapse(_string(element)) or element.get("value") or element.get("title") or _alt(element)
                yield Link(collapse(label), target)

    @cached_property
    def menu(self) -> tuple[Link, ...]:
        """The menu bar's items, labels without their accelerators; items without an address are kept.

        Where the bar marks its own items by a class, what hangs below them is left out.
        """
        if self._bar is None:
            return ()
        anchors = list(self._bar.iter("a"))
        items = [a for a in anchors if "yuimenubaritemlabel" in (a.get("class") or "")] or anchors
        return tuple(Link(collapse(_string(a)), self._to(a.get("href") or "") or self.url) for a in items)

    @cached_property
    def _bar(self) -> etree._Element | None:
        """The menu bar, told by what it holds: the least element with the log-out and two more of the menu's items."""
        named = self._by_id("topmenu")
        if named is not None:
            return named
        out = next((a for a in self._root.iter("a") if _LOG_OUT.search(a.get("href") or "")), None)
        if out is None:
            return None
        for around in out.iterancestors():
            found = {kind[0].lower() for a in around.iter("a") if (kind := _ITEM.search(a.get("href") or ""))}
            if len(found) > 1:
                return around if around.tag not in ("body", "html") else None
        return None

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The texts of inline scripts."""
        return tuple(_string(s) for s in self._root.iter("script") if not s.get("src"))

    @cached_property
    def script_sources(self) -> tuple[str, ...]:
        """The addresses of scripts, as written."""
        return tuple(s.get("src") or "" for s in self._root.iter("script") if s.get("src"))

    @cached_property
    def refresh(self) -> str | None:
        """The address of a `<meta http-equiv=refresh>` of at most five seconds, as written."""
        for meta in self._root.iter("meta"):
            if (meta.get("http-equiv") or "").strip().lower() == "refresh":
                found = _REFRESH.match(meta.get("content") or "")
                if found and len(found["delay"]) < 3 and int(found["delay"]) <= 5:
                    return found["to"].strip() or None
        return None

    @cached_property
    def passwords(self) -> int:
        """How many password fields the page has, without reading its forms."""
        return sum((e.get("type") or "").strip().lower() == "password" for e in self._root.iter("input"))

    @cached_property
    def has_forms(self) -> bool:
        """True when there is any form, without reading it."""
        return self._root.find(".//form") is not None

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """Every form with its controls.

        Raises TooLarge above 1,000 controls on the page.
        """
        controls = list(self._root.iter(*NAMES))
        if len(controls) > MAX_CONTROLS:
            raise TooLarge("controls")
        strays: dict[str, list[etree._Element]] = {}
        for control in controls:
            owner = control.get("form")
            if owner:
                strays.setdefault(owner, []).append(control)
        return tuple(self._form(form, place, strays) for place, form in enumerate(self._root.iter("form")))

    def _form(self, element: etree._Element, place: int, strays: dict[str, list[etree._Element]]) -> Form:
        identity = element.get("id") or ""
        soup = BeautifulSoup(lean(element), "lxml", multi_valued_attributes=None)
        own = soup.find("form")
        found = [c for c in tags(own or soup) if c.get("form") in (None, "", identity)]
        for stray in strays.get(identity, []) if identity else []:
            if not any(ancestor is element for ancestor in stray.iterancestors("form")):
                found += tags(BeautifulSoup(_outer(stray), "lxml"))
        itself = Itself(identity, element.get("name") or "", place)
        controls = [read_control(c) for c in found] + list(_pressing_links(element))
        return Form(
            id=identity,
            name=itself.name,
            action=self._to(element.get("action") or "") if element.get("action") else self.url,
            method=(element.get("method") or "get").strip().lower(),
            enctype=(element.get("enctype") or "").strip().lower(),
            charset=KNOWN_CHARSETS.get((element.get("accept-charset") or "").strip().lower(), self.charset),
            controls=tuple(self._with_script(control, itself) for control in controls),
        )

    def _with_script(self, control: Control, form: Itself) -> Control:
        if control.kind != "button" or not control.onclick:
            return control
        return replace(control, sends=sends(control.onclick, self.scripts, form))

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """What PrimeFaces shows as errors (`.ui-messages-error-detail`), or in the login's message box (1.3)."""
        marked = [e for e in self._root.iter("span", "div", "li") if _ERROR_CLASS.search(e.get("class") or "")]
        found = tuple(text for text in (collapse(_string(e)) for e in marked) if text)
        return found or tuple(line for box in self._ending("pclLoginMessages") for line in pieces(box))

    def shows(self, suffix: str) -> bool:
        """True when an element whose id or name ends with `suffix` is on the page and nothing hides it."""
        return any(not is_hidden(e) for e in self._ending(suffix))

    def has(self, suffix: str) -> bool:
        """True when an element whose id or name ends with `suffix` is on the page, hidden or not."""
        return any(True for _ in self._ending(suffix))

    def _ending(self, suffix: str) -> Iterator[etree._Element]:
        for element in self._root.iter(etree.Element):
            if (element.get("id") or "").endswith(suffix) or (element.get("name") or "").endswith(suffix):
                yield element

    def _by_id(self, identity: str) -> etree._Element | None:
        found = _BY_ID(self._root, id=identity)
        return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else None


def _parse(text: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    body = text.encode("utf-8", errors="replace")
    try:
        root = html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return html.Element("html")
    return root


def _pressing_links(form: etree._Element) -> Iterator[Control]:
    """Anchors of a form that a script turns into buttons."""
    for link in form.iter("a"):
        address = (link.get("href") or "").strip()
        script = address if address.lower().startswith("javascript:") else ""
        if "submit" in script.lower() or "processform" in script.lower():
            yield Control(name="", kind="button", caption=collapse(_string(link)), onclick=script)


def _alt(element: etree._Element) -> str:
    """The words of a picture that is a link."""
    return next((picture.get("alt") or "" for picture in element.iter("img")), "")


def _string(element: etree._Element) -> str:
    return str(_TEXT(element))


def _outer(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", method="html", with_tail=False)
