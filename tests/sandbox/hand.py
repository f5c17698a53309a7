"""A plain aiohttp client that walks the sandbox by hand: it follows nothing by itself and knows no page of ours."""

from __future__ import annotations

import json
import re
import socket
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from bs4 import BeautifulSoup, Tag
from yarl import URL

from bot.sandbox import Sandbox

SIGN_ON = "https://pacer.login.uscourts.gov"
SECONDS = 5.0


class _Straight(AbstractResolver):
    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self._port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        return None


@dataclass(frozen=True)
class Seen:
    """One answer."""

    url: str
    status: int
    headers: Any
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "lxml")

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))

    @property
    def menu(self) -> list[str]:
        """The labels of the menu bar."""
        return [" ".join(one.get_text().split()) for one in self.soup.select("#topmenu a.yuimenubaritemlabel")]

    def link(self, words: str) -> str:
        """Return the absolute address of the one link whose words match the pattern."""
        found = [one for one in self.soup.find_all("a") if re.search(words, one.get_text(), re.I)]
        assert len(found) == 1, (words, self.text)
        return urljoin(self.url, str(found[0]["href"]))

    def form(self, name: str = "") -> Tag:
        """Return the form with this id, or the only one."""
        found = self.soup.find_all("form", id=name) if name else self.soup.find_all("form")
        assert len(found) == 1, self.text
        return found[0]

    def update(self, name: str) -> BeautifulSoup:
        """Return one update of a partial response, its CDATA read as HTML."""
        document = BeautifulSoup(self.body, "xml")
        found = [one for one in document.find_all("update") if one["id"] == name]
        assert len(found) == 1, self.text
        return BeautifulSoup(found[0].get_text(), "lxml")

    @property
    def view_state(self) -> tuple[str, str]:
        """The name of the view state's field, and its new value."""
        found = re.search(r'name="(\w+\.faces\.ViewState)"[^>]* value="([^"]+)"', self.text)
        if found:
            return found[1], found[2]
        renewed = re.search(r'<update id="j_id1:(\w+\.faces\.ViewState):0"><!\[CDATA\[([^\]]+)\]\]>', self.text)
        assert renewed, self.text
        return renewed[1], renewed[2]


def filled(form: Tag, soup: BeautifulSoup, values: dict[str, str], press: str) -> list[tuple[str, str]]:
    """Return what a browser would send of this form with `values` typed in and the button labelled `press` pressed."""
    outside = soup.find_all("input", attrs={"form": str(form.get("id"))}) if form.get("id") else []
    pairs = []
    for box in [*form.find_all(["input", "button"]), *outside]:
        kind, name = str(box.get("type", "text")), str(box.get("name", ""))
        label = box.get_text(strip=True) if box.name == "button" else str(box.get("value", ""))
        if not name or box.has_attr("disabled") or kind == "reset":
            continue
        if kind == "submit" and label != press:
            continue
        if kind == "checkbox" and name not in values:
            continue
        pairs.append((name, values.get(name, str(box.get("value", "on" if kind == "checkbox" else "")))))
    return pairs


class Hand:
    """One browser without scripts, with cookies, whose every step the test decides."""

    def __init__(self, sandbox: Sandbox, *, seconds: float = SECONDS) -> None:
        self.sandbox = sandbox
        self._seconds = seconds
        self.referer = ""

    async def __aenter__(self) -> Hand:
        context = ssl.create_default_context(cafile=self.sandbox.ca_file)
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(quote_cookie=False),
            connector=aiohttp.TCPConnector(ssl=context, resolver=_Straight(self.sandbox.port)),
            timeout=aiohttp.ClientTimeout(total=self._seconds),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def get(self, url: str, referer: str | None = None) -> Seen:
        """Fetch a page with the page before as Referer, and set the cookies that its scripts set."""
        return await self._ask("GET", url, referer, None, {})

    async def post(self, url: str, body: bytes | aiohttp.FormData, headers: dict[str, str] | None = None) -> Seen:
        """Post a body."""
        return await self._ask("POST", url, None, body, headers or {})

    async def submit(self, seen: Seen, values: dict[str, str], press: str = "Submit", name: str = "") -> Seen:
        """Submit a form as a browser does, multipart or urlencoded as the form says."""
        form = seen.form(name)
        pairs = filled(form, seen.soup, values, press)
        url = urljoin(seen.url, str(form["action"]))
        if form.get("enctype") == "multipart/form-data":
            data = aiohttp.FormData(default_to_multipart=True)
            for key, value in pairs:
                data.add_field(key, value)
            return await self.post(url, data)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.post(url, urlencode(pairs).encode(), kind)

    async def api(self, body: dict[str, str], **headers: str) -> Seen:
        """Sign on by the JSON API; on success the cookie is kept as a client of the API must."""
        heads = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        seen = await self.post(f"{SIGN_ON}/services/cso-auth", json.dumps(body).encode(), heads)
        token = json.loads(seen.body).get("nextGenCSO") if seen.headers["Content-Type"] == "application/json" else ""
        if token:
            self._cookie("NextGenCSO", token, ".uscourts.gov", SIGN_ON)
        return seen

    async def ajax(self, seen: Seen, source: str, fields: dict[str, str]) -> Seen:
        """Send a partial post of the sign-on page that carries the view state of `seen`."""
        name, state = seen.view_state
        prefix = name.partition(".")[0]
        form = source.partition(":")[0]
        body = {
            f"{prefix}.faces.partial.ajax": "true",
            f"{prefix}.faces.source": source,
            f"{prefix}.faces.partial.execute": "@all",
            form: form,
            name: state,
            **fields,
        }
        heads = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "Faces-Request": "partial/ajax",
            "X-Requested-With": "XMLHttpRequest",
        }
        return await self.post(seen.url, urlencode(body).encode(), heads)

    async def _ask(
        self, method: str, url: str, referer: str | None, body: bytes | aiohttp.FormData | None, headers: dict[str, str]
    ) -> Seen:
        before = self.referer if referer is None else referer
        heads = {**headers, **({"Referer": before} if before else {})}
        async with self.session.request(method, url, data=body, headers=heads, allow_redirects=False) as reply:
            seen = Seen(url, reply.status, reply.headers, await reply.read())
        self.referer = url
        for name, value, domain in re.findall(
            r'document\.cookie="(\w+)=([^";]+); path=/;(?: domain=([\w.]+);)?', seen.text
        ):
            self._cookie(name, value, domain, url)
        return seen

    def _cookie(self, name: str, value: str, domain: str, url: str) -> None:
        place = f"; Domain={domain}" if domain else ""
        self.session.cookie_jar.update_cookies_from_headers([f"{name}={value}; Path=/{place}; Secure"], URL(url))
