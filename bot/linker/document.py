"""HTML read once: text, links, menu, scripts, and forms by the rules a browser follows.

The only user of lxml and BeautifulSoup. lxml parses the page and finds the parts; BeautifulSoup reads the forms, which
are small: whole pages in BeautifulSoup cost ten times as much (measured; `make bench`). A test shows that both ways
read the same forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from bs4.element import Tag
from lxml import etree, html
from yarl import URL

from bot.linker.fence import resolve
from bot.linker.form import Control, Form, Link

MAX_CONTROLS = 1_000
_KNOWN_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
    "windows-1250": "cp1250",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_SILENT = frozenset({"script", "style", "noscript", "template", "select", "head", "title", "iframe", "object"})
_INLINE = frozenset(
    {"a", "b", "i", "u", "em", "strong", "font", "span", "small", "big", "tt", "code", "abbr", "sup", "sub"}
)
_SHOWN_INPUTS = frozenset({"", "text", "email", "search", "tel", "url"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS = re.compile(r"\bui-(?:overlay-hidden|hidden-container|helper-hidden)\b")
_ONCLICK = re.compile(r"location(?:\s*\.\s*href)?\s*=\s*([\"'])(?P<to>[^\"']+)\1\s*(?!\s*\+)", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*(?P<delay>\d+)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?[\"']?(?P<to>[^\"']*)", re.IGNORECASE)
_CONTROLS = ("input", "select", "textarea", "button")


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

    @cached_property
    def title(self) -> str:
        """The page's title, blanks collapsed."""
        found = self._root.find(".//title")
        return collapse(_string(found)) if found is not None else ""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """What a person would read on the whole page, in pieces: one per block, cell or line break."""
        return tuple(_pieces(self._root))

    @cached_property
    def main_lines(self) -> tuple[str, ...]:
        """The pieces of #cmecfMainContent, or of the whole page but its menu bar."""
        main = self._by_id("cmecfMainContent")
        if main is not None:
            return tuple(_pieces(main))
        return tuple(_pieces(self._root, without=self._by_id("topmenu")))

    @cached_property
    def main_text(self) -> str:
        """The main pieces as one text."""
        return " ".join(self.main_lines)

    @cached_property
    def tables(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """The texts of the cells of each table's own rows, for pages that show two accounts side by side."""
        return tuple(tuple(_rows(table)) for table in self._root.iter("table"))

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
            target = resolve(self.base, href)
            if target is not None:
                label = collapse(_string(element)) or element.get("value") or element.get("title") or ""
                yield Link(collapse(label), target)

    @cached_property
    def menu(self) -> tuple[Link, ...]:
        """The menu bar's items (`#topmenu`), labels without their accelerators; items without an address are kept."""
        bar = self._by_id("topmenu")
        if bar is None:
            return ()
        items = (a for a in bar.iter("a") if "yuimenubaritemlabel" in (a.get("class") or ""))
        return tuple(Link(collapse(_string(a)), resolve(self.base, a.get("href") or "") or self.url) for a in items)

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
        controls = list(self._root.iter(*_CONTROLS))
        if len(controls) > MAX_CONTROLS:
            raise TooLarge("controls")
        strays: dict[str, list[etree._Element]] = {}
        for control in controls:
            owner = control.get("form")
            if owner:
                strays.setdefault(owner, []).append(control)
        return tuple(self._form(form, strays) for form in self._root.iter("form"))

    def _form(self, element: etree._Element, strays: dict[str, list[etree._Element]]) -> Form:
        identity = element.get("id") or ""
        soup = BeautifulSoup(_outer(element), "lxml")
        own = soup.find("form")
        found = [c for c in _tags(own or soup) if c.get("form") in (None, "", identity)]
        for stray in strays.get(identity, []) if identity else []:
            if not any(ancestor is element for ancestor in stray.iterancestors("form")):
                found += _tags(BeautifulSoup(_outer(stray), "lxml"))
        return Form(
            id=identity,
            name=element.get("name") or "",
            action=resolve(self.base, element.get("action") or "") if element.get("action") else self.url,
            method=(element.get("method") or "get").strip().lower(),
            enctype=(element.get("enctype") or "").strip().lower(),
            charset=_KNOWN_CHARSETS.get((element.get("accept-charset") or "").strip().lower(), self.charset),
            controls=tuple(_control(c) for c in found),
        )

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """The texts of PrimeFaces error messages (`.ui-messages-error-detail` and its kin; protocol section 1.3)."""
        found: list[str] = []
        for element in self._root.iter("span", "div", "li"):
            if re.search(r"ui-messages?-(?:error|fatal|warn)-detail", element.get("class") or ""):
                found.append(collapse(_string(element)))
        return tuple(text for text in found if text)

    def shows(self, suffix: str) -> bool:
        """True when an element whose id or name ends with `suffix` is on the page and nothing hides it."""
        return any(not _is_hidden(e) for e in self._ending(suffix))

    def has(self, suffix: str) -> bool:
        """True when an element whose id or name ends with `suffix` is on the page, hidden or not."""
        return any(True for _ in self._ending(suffix))

    def _ending(self, suffix: str) -> Iterator[etree._Element]:
        for element in self._root.iter(etree.Element):
            if (element.get("id") or "").endswith(suffix) or (element.get("name") or "").endswith(suffix):
                yield element

    def _by_id(self, identity: str) -> etree._Element | None:
        found = self._root.xpath("(.//*[@id=$id])[1]", id=identity)
        return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else None


def partial_response(body: bytes) -> tuple[dict[str, str], str | None, list[str]] | None:
    """Read a PrimeFaces partial response: its updates by id, its redirect address, its scripts; None when it is none.

    The updates' CDATA is HTML of its own (protocol section 1.4). A document type is refused: no sign-on page has one.
    """
    head = body[:4096].lower()
    if b"<partial-response" not in head or b"<!doctype" in body.lower() or b"<!entity" in body.lower():
        return None
    if body.count(b"<") > 20_000:
        raise TooLarge("tags")
    soup = BeautifulSoup(body, "xml")
    redirect = soup.find("redirect")
    updates = {str(u.get("id") or ""): u.get_text() for u in soup.find_all("update")}
    scripts = [e.get_text() for e in soup.find_all(["eval", "error"])]
    return updates, str(redirect.get("url") or "") if isinstance(redirect, Tag) else None, scripts


def declared_charset(body: bytes, content_type: str) -> str:
    """Return the codec that header, byte order mark or meta declare; without a declaration UTF-8 where it fits."""
    if body.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    header = _HEADER_CHARSET.search(content_type)
    declared = header[1] if header else EncodingDetector.find_declared_encoding(body[:4096], is_html=True)
    return _KNOWN_CHARSETS.get((declared or "").strip().lower(), "cp1252" if _not_utf8(body) else "utf-8")


def _not_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def collapse(text: str) -> str:
    """Return the text with every run of blanks, of whatever kind, as one space."""
    return " ".join(text.split())


def _parse(text: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    body = text.encode("utf-8", errors="replace")
    try:
        root = html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return html.Element("html")
    return root


def _string(element: etree._Element) -> str:
    return str(element.xpath("string()"))


def _outer(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", method="html", with_tail=False)


def _hides(element: etree._Element) -> bool:
    return (
        element.get("hidden") is not None
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
        or bool(_HIDDEN_CLASS.search(element.get("class") or ""))
    )


def _is_hidden(element: etree._Element) -> bool:
    return _hides(element) or any(_hides(a) for a in element.iterancestors())


def _pieces(root: etree._Element, without: etree._Element | None = None) -> Iterator[str]:
    """Yield the visible text of `root` piece by piece; text fields show their values, hidden parts nothing."""
    gathered: list[str] = []

    def flush() -> Iterator[str]:
        text = collapse("".join(gathered))
        gathered.clear()
        if text:
            yield text

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if tag not in _INLINE:
                yield from flush()
            if tag in _SILENT or element is without or (element is not root and _hides(element)):
                walk.skip_subtree()
                continue
            if tag == "input" and (element.get("type") or "").lower() in _SHOWN_INPUTS:
                gathered.append(element.get("value") or "")
                yield from flush()
            gathered.append(element.text or "")
        else:
            if tag not in _INLINE:
                yield from flush()
            if element is not root:
                gathered.append(element.tail or "")
    yield from flush()


def _rows(table: etree._Element) -> Iterator[tuple[str, ...]]:
    for row in table.iter("tr"):
        owner = next(row.iterancestors("table"), None)
        if owner is table:
            yield tuple(" ".join(_pieces(cell)) for cell in row.iterchildren("td", "th"))


def read_controls(soup: Tag) -> tuple[Control, ...]:
    """Return the controls in a piece of BeautifulSoup, in page order."""
    return tuple(_control(tag) for tag in _tags(soup))


def _tags(soup: Tag) -> list[Tag]:
    own = [soup] if soup.name in _CONTROLS else []
    return own + list(soup.find_all(_CONTROLS))


def _control(tag: Tag) -> Control:
    kind = (_attribute(tag, "type") or ("submit" if tag.name == "button" else "text")).strip().lower()
    if tag.name in ("select", "textarea"):
        kind = tag.name
    return Control(
        name=_attribute(tag, "name"),
        kind=kind,
        value=_value(tag, kind),
        values=tuple(_selected(tag)) if tag.name == "select" else (),
        options=tuple((_option_value(o), collapse(o.get_text())) for o in tag.find_all("option")),
        checked=tag.has_attr("checked"),
        disabled=_disabled(tag),
        readonly=tag.has_attr("readonly"),
        caption=collapse(tag.get_text()) if tag.name == "button" else _attribute(tag, "value"),
        label=_label(tag),
        action=_attribute(tag, "formaction"),
        method=_attribute(tag, "formmethod").lower(),
        enctype=_attribute(tag, "formenctype").lower(),
    )


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else " ".join(value)


def _value(tag: Tag, kind: str) -> str:
    if tag.name == "textarea":
        return tag.get_text().removeprefix("\n")
    if kind in ("checkbox", "radio") and not tag.has_attr("value"):
        return "on"
    return _attribute(tag, "value")


def _option_value(option: Tag) -> str:
    return _attribute(option, "value") if option.has_attr("value") else collapse(option.get_text())


def _selected(select: Tag) -> Iterator[str]:
    options = [o for o in select.find_all("option") if not _option_disabled(o)]
    chosen = [o for o in options if o.has_attr("selected")]
    if select.has_attr("multiple"):
        yield from map(_option_value, chosen)
    elif chosen or options:
        yield _option_value(chosen[-1] if chosen else options[0])


def _option_disabled(option: Tag) -> bool:
    group = option.find_parent("optgroup")
    return option.has_attr("disabled") or (group is not None and group.has_attr("disabled"))


def _disabled(tag: Tag) -> bool:
    if tag.has_attr("disabled") or tag.find_parent("datalist") is not None:
        return True
    for fieldset in tag.find_parents("fieldset"):
        if fieldset.has_attr("disabled"):
            legend = fieldset.find("legend", recursive=False)
            if not (isinstance(legend, Tag) and legend in tag.parents):
                return True
    return False


def _label(tag: Tag) -> str:
    """The words that name a control: its own label element, else the nearest text before it."""
    identity = _attribute(tag, "id")
    root = tag.find_parent("form") or tag
    named = root.find("label", attrs={"for": identity}) if identity else None
    around = tag.find_parent("label")
    for element in (named, around):
        if isinstance(element, Tag) and collapse(element.get_text()):
            return collapse(element.get_text())
    for text in tag.find_all_previous(string=True, limit=12):
        if collapse(text) and (
            text.parent is None or text.parent.name not in ("script", "style", "option", "textarea")
        ):
            return collapse(text)
    return ""
