"""Looking without linking: how the bot reads a saved page, and how a court's public pages stand today."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields

from yarl import URL

from bot.clock import Clock
from bot.courts.court import SIGN_ON_HOST, Court, Realm
from bot.errors import Code, LinkEnded
from bot.linker.browser import Browser, Outside
from bot.linker.document import Document, TooLarge, partial_response
from bot.linker.fence import Fence, resolve
from bot.linker.form import Control, Form
from bot.linker.pages import Bar, Bounce, CurrentGenLogin, Down, FrontPage, Page, SignOnDoor, Strange, Unknown
from bot.linker.reader import Reader
from bot.linker.reading import read
from bot.linker.signon_pages import Faces, SignOnForm, read_partial
from bot.linker.values import Leave, Limits
from bot.linker.visit import Visit

_MOST_PAGES = 6
_USUAL = Limits()
_COURT_HOST = re.compile(rb"https://(ecf[a-z0-9-]*\.[a-z0-9.-]*uscourts\.gov)\b")
_ANYWHERE = "https://ecf.example.uscourts.gov/"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a court's public pages show: `live` is None where they do not tell; `code` is None when all is well."""

    court: Court
    reachable: bool
    live: bool | None
    page: str
    code: Code | None
    detail: str = ""


async def probe(court: Court, *, outside: Outside, leave: Leave, clock: Clock, limits: Limits = _USUAL) -> Probe:
    """Walk a court's public pages as far as PACER's door, without credentials and without opening the sign-on."""
    fence = Fence.around(court, outside.realm)
    async with Browser(fence, outside, limits=limits, leave=leave) as browser:
        visit = Visit(browser, fence, Reader(limits))
        try:
            return await _gaze(court, visit)
        except LinkEnded as end:
            reachable = end.code not in (Code.COURT_DOWN, Code.PACER_DOWN)
            return Probe(court, reachable, None, type(visit.page).__name__, end.code, str(end.detail))


async def _gaze(court: Court, visit: Visit) -> Probe:
    visit.page = await visit.get(visit.at_court("/"))
    for _ in range(_MOST_PAGES):
        match visit.page:
            case FrontPage(enter=to) | Bounce(to=to):
                visit.page = await visit.get(to)
            case SignOnDoor() | SignOnForm():
                return Probe(court, True, True, type(visit.page).__name__, None)
            case CurrentGenLogin():
                return Probe(court, True, False, "CurrentGenLogin", Code.NOT_LIVE)
            case Down():
                return Probe(court, False, None, "Down", Code.COURT_DOWN)
            case Unknown(why=why):
                return Probe(court, True, None, "Unknown", Code.UNKNOWN_PAGE, why)
            case _:
                break
    return Probe(court, True, None, type(visit.page).__name__, Code.UNKNOWN_PAGE, Strange.WORDS)


def inspect(url: str, body: bytes) -> dict[str, object]:
    """Return how the bot reads a saved page: its class, whether its menu is a filer's, and what was found on it.

    `url` is where the page came from; "" takes the court that the page itself names most, or a stand-in. Values of
    fields are never part of it.
    """
    at = URL(url or _named_most(body))
    fence = Fence(court=_court_host(at), sign_on=SIGN_ON_HOST[Realm.PRODUCTION])
    try:
        partial = partial_response(body)
        if partial is not None:
            sign_on = URL.build(scheme="https", host=fence.sign_on, path="/csologin/login.jsf")
            page: Page = read_partial(sign_on, *partial, fence, Faces("javax", ""))
            return _described(page) | {"updates": sorted(partial[0])}
        document = Document.read(at, body)
        page = read(document, fence)
    except TooLarge:
        return _described(Unknown(at, why=Strange.TOO_LARGE))
    return _described(page) | {"title": document.title, "links": len(document.links), "passwords": document.passwords}


_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a packed file"),
    (b"\x1f\x8b", "a packed file"),
)


def no_page(body: bytes) -> str:
    """Return what a file is that cannot be a page, "" for one that can."""
    start = body[:2_000].lstrip()
    if not start:
        return "an empty file"
    known = next((kind for magic, kind in _KINDS if body.startswith(magic)), "")
    if known or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return known
    if b"\x00" in start:
        return "a binary file"
    return "plain text or data" if b"<" not in body else ""


def _named_most(body: bytes) -> str:
    hosts = Counter(_COURT_HOST.findall(body[:200_000]))
    return f"https://{hosts.most_common(1)[0][0].decode()}/" if hosts else _ANYWHERE


def _court_host(at: URL) -> str:
    """The court a page belongs to: its own host, or the one that a sign-on page is to return to."""
    if at.host == SIGN_ON_HOST[Realm.PRODUCTION]:
        back = resolve(at, at.query.get("appurl", ""))
        return (back.host if back is not None else None) or ""
    return at.host or ""


def _described(page: Page) -> dict[str, object]:
    found: dict[str, object] = {"page": type(page).__name__, "linked": page.linked}
    for part in fields(page):
        value = getattr(page, part.name)
        if part.name == "bar":
            found |= _menu(value)
        elif part.name not in ("url", "linked", "faces") and (part.name != "why" or value):
            found[part.name] = _plain(value)
    return found


def _menu(bar: Bar | None) -> Mapping[str, object]:
    return {"menu": list(bar.labels), "utilities": _plain(bar.utilities)} if bar is not None else {"menu": []}


def _plain(value: object) -> object:
    match value:
        case URL():
            return str(value) or None
        case Form():
            return {"action": _plain(value.action), "method": value.method, "fields": [c.name for c in value.controls]}
        case Control():
            return value.name or value.caption
        case tuple():
            return [str(v) for v in value]
        case None:
            return None
        case _:
            return str(value)
