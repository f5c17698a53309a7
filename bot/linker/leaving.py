"""Pages that lead on by themselves: redirects of every kind, and front pages with their way in (courts section 5)."""

from __future__ import annotations

import re

from yarl import URL

from bot.linker.document import Document
from bot.linker.fence import Fence
from bot.linker.pages import (
    Bar,
    Bounce,
    FrontPage,
    Page,
    SessionPage,
    SignOnDoor,
    Strange,
    Unknown,
)
from bot.linker.script import cookies, moves

_FRONT = frozenset({"", "/", "/index.html", "/index.htm", "/cgi-bin/ShowIndex.pl"})
_MOST_ON_A_FRONT = 12
_ENTERING = re.compile(
    r"\bcm\s*/?\s*ecf\b|\bdocument\s+filing\b|\be-?\s?fil(?:e|ing)\b|\b(?:log|sign)\s*-?\s*(?:in|on)\b|\benter\b|\bstart\b",
    re.IGNORECASE,
)
_NO_DOOR = re.compile(r"rss|opinion|query|rpt|report|docket|doc1|show_doc|logout|help|calendar", re.IGNORECASE)
_ENTER = re.compile(r"document\s+filing\s+(?:system|application)", re.IGNORECASE)


def read_redirect(url: URL, location: str, fence: Fence) -> Page:
    """Tell where an HTTP redirect leads: PACER's door, another page inside, or outside the fence."""
    return _toward(url, None, fence.admit(url, location), fence)


def _toward(url: URL, bar: Bar | None, to: URL | None, fence: Fence) -> Page:
    if to is None:
        return Unknown(url, bar, why=Strange.FOREIGN_REDIRECT)
    if fence.is_sign_on(to) and not fence.is_sign_on(url) and re.search(r"/csologin/", to.path):
        return SignOnDoor(url, bar, to=to)
    return Bounce(url, bar, to=to)


def leaving(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    """Redirects that a browser follows at once: to PACER from any page, elsewhere from a page without a menu."""
    for move in moves(document.scripts):
        to = fence.admit(document.base, move.to)
        if to is not None and fence.is_sign_on(to) and "/csologin/" in to.path and (move.at_once or bar is None):
            return SignOnDoor(document.url, bar, to=to)
    if document.refresh is not None:
        return _toward(document.url, bar, fence.admit(document.base, document.refresh), fence)
    if bar is None:
        for move in moves(document.scripts):
            if move.at_once:
                return _toward(document.url, bar, fence.admit(document.base, move.to), fence)
    return None


def weaker_leaving(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    """A move inside a function counts only on a page that has nothing else (a timer's "you are being redirected")."""
    if document.has_forms or document.links:
        return None
    for move in moves(document.scripts):
        return _toward(document.url, bar, fence.admit(document.base, move.to), fence)
    return None


def front(document: Document, fence: Fence, bar: Bar | None) -> Page | None:
    """Step 1 of both guides: a way in; only foreign ways in, or a page of cookies alone, are told apart."""
    ways = doors(document, fence) or (_lone_door(document, fence) if bar is None else [])
    if ways:
        label, to = ways[0]
        if fence.is_sign_on(to):
            return SignOnDoor(document.url, bar, to=to)
        return FrontPage(document.url, bar, enter=to, label=label)
    if any(_ENTER.search(link.text) for link in document.links):
        return Unknown(document.url, bar, why=Strange.FOREIGN_LINK)
    if bar is None and not document.has_forms and not document.links and any(True for _ in cookies(document.scripts)):
        return SessionPage(document.url)
    return None


def _lone_door(document: Document, fence: Fence) -> list[tuple[str, URL]]:
    """The way in of a front page that writes it as no list has it: the one address that can only be that.

    A front page has few links into the court. Left out is what is known to lead elsewhere (feeds, opinions, queries,
    documents); of the rest the one whose words are those of entering counts, else the one showpage.pl. Two that might
    be it are none: the walk stops, and nothing is tried out. A page that names the filing system leads nowhere else.
    """
    if (
        document.url.path not in _FRONT
        or document.passwords
        or any(_ENTER.search(link.text) for link in document.links)
    ):
        return []
    inside = {link.to: link.text for link in document.links if fence.is_court(link.to)}
    ways = {to: text for to, text in inside.items() if "/cgi-bin/" in to.path and not _NO_DOOR.search(to.raw_path_qs)}
    entering = {to: text for to, text in ways.items() if _ENTERING.search(text)}
    found = entering or {to: text for to, text in ways.items() if to.path.endswith("/showpage.pl")}
    if len(inside) > _MOST_ON_A_FRONT or len(found) != 1:
        return []
    return [(text, to) for to, text in found.items()]


def doors(document: Document, fence: Fence) -> list[tuple[str, URL]]:
    """The ways in, best first: by address (`/cgi-bin/login.pl`), by the guides' label, by PACER's own address.

    Courts word the link as they like (ALMB's says "Login"), so the address counts before the label (courts section 5).
    What stops: no way, or only ways that leave the court's host and PACER's.
    """
    ranked: list[tuple[int, str, URL]] = []
    for link in document.links:
        if not fence.admits(link.to):
            continue
        at_login = link.to.path.endswith("/cgi-bin/login.pl") and link.to.query_string != "logout"
        named = bool(_ENTER.search(link.text))
        if fence.is_sign_on(link.to):
            if "/csologin/" in link.to.path:
                ranked.append((0 if named else 3, link.text, link.to))
        elif at_login or named:
            ranked.append((0 if at_login and named else 1 if named else 2, link.text, link.to))
    return [(text, to) for _, text, to in sorted(ranked, key=lambda door: door[0])]
