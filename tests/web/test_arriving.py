"""What is refused before a link is looked up: methods, sizes, shapes, other origins, slow senders, forged cookies."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from bot.web import same_site
from bot.web.arriving import BODY_BYTES
from bot.words import page as words
from tests.web.browser import FILLED, Browser, plain, serving
from tests.web.pages import FORM, PagesInMemory

FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
UTF_16 = f"{FORM_TYPE['Content-Type']}; charset=utf-16"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/p/{token}", "/p/{token}/done", "/p/static/page.css", "/p/x", "/p/"])
async def test_every_route_answers_its_methods_only(browser: Browser, method: str, path: str) -> None:
    here = path.format(token=browser.pages.add(FORM))
    allowed = {"GET", "HEAD"} | ({"POST"} if path in ("/p/{token}", "/p/x") else set())
    shown = await browser.ask(method, here)
    if method in allowed:
        assert shown.status in {200, 303, 404, 415}
    else:
        assert shown.status == 405
        assert set(shown.headers["Allow"].split(", ")) == allowed
        assert browser.pages.calls == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_health_is_asked_and_not_told(browser: Browser, path: str, method: str) -> None:
    assert (await browser.ask(method, path)).status == 405


class TestShape:
    """A body that is no form of ours."""

    async def refused(self, browser: Browser, body: bytes, status: int, **headers: str) -> None:
        token = browser.pages.add(FORM)
        shown = await browser.ask("POST", f"/p/{token}", data=body, headers={**FORM_TYPE, **headers})
        assert (shown.status, words.REFUSED[status].title in plain(shown)) == (status, True)
        assert browser.pages.calls == []

    async def test_the_largest_body_is_read_and_a_larger_one_is_not(self, browser: Browser) -> None:
        body = b"code=" + b"1" * (BODY_BYTES - 5)
        token = browser.pages.add(FORM)
        assert (await browser.ask("POST", f"/p/{token}", data=body, headers=FORM_TYPE)).status == 403  # no cookie
        browser.pages.calls.clear()
        await self.refused(browser, body + b"1", 413)

    async def test_a_body_that_does_not_say_its_size_is_cut_off_too(self, browser: Browser) -> None:
        async def endless() -> object:
            for _ in range(100):
                yield b"x" * 4096

        token = browser.pages.add(FORM)
        shown = await browser.ask("POST", f"/p/{token}", data=endless(), headers=FORM_TYPE)
        assert shown.status == 413

    @pytest.mark.parametrize(
        "kind",
        [
            "",
            "text/plain",
            "application/json",
            "multipart/form-data; boundary=x",
            f"{FORM_TYPE['Content-Type']}; charset=utf-16",
        ],
    )
    async def test_another_type(self, browser: Browser, kind: str) -> None:
        await self.refused(browser, b"code=1", 415, **{"Content-Type": kind})

    async def test_a_packed_body(self, browser: Browser) -> None:
        await self.refused(browser, b"code=1", 415, **{"Content-Encoding": "gzip"})

    @pytest.mark.parametrize(
        "body",
        [
            b"code",
            b"code=1&code=2",
            b"pacer_password=a&pacer_password=b",
            b"code=%ff",
            b"code=\xc3\xa9",
            b"code=%ed%a0%80",
            b"&".join(b"f%d=1" % number for number in range(40)),
        ],
    )
    async def test_a_form_that_cannot_be_read_one_way_only(self, browser: Browser, body: bytes) -> None:
        await self.refused(browser, body, 400)


class TestOrigin:
    """Sec-Fetch-Site, Origin, cookie and field."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
            {"Sec-Fetch-Site": "same-site", "Origin": "null"},
            {"Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
            {"Origin": "https://evil.example"},
            {"Origin": "http://localhost"},
            {},
        ],
    )
    async def test_from_elsewhere_nothing_is_taken_or_shown(self, browser: Browser, headers: Mapping[str, str]) -> None:
        token = browser.pages.add(FORM)
        field = (await browser.get(f"/p/{token}")).named("csrf")["value"]
        browser.pages.calls.clear()
        shown = await browser.send(token, {**FILLED, "csrf": field}, headers)
        assert (shown.status, words.REFUSED[403].title in plain(shown)) == (403, True)
        assert "<form" not in shown.text
        assert browser.pages.calls == []

    @pytest.mark.parametrize("said", [{"Sec-Fetch-Site": "same-origin"}, {}])
    @pytest.mark.parametrize("origin", ["null", "its own"])
    async def test_from_the_page_itself_it_is_taken(self, browser: Browser, said: dict[str, str], origin: str) -> None:
        headers = {"Origin": browser.origin if origin == "its own" else origin, **said}
        assert (await browser.send(browser.pages.add(FORM), None, headers)).status == 303

    async def test_without_the_cookie_or_its_field_the_page_is_shown_empty(self, browser: Browser) -> None:
        token, other = browser.pages.add(FORM), browser.pages.add(FORM)
        theirs = (await browser.get(f"/p/{other}")).named("csrf")["value"]
        for field in ("", "x", theirs, same_site.field_for(token, "")):
            browser.session.cookie_jar.clear()
            shown = await browser.send(token, {**FILLED, "csrf": field})
            assert (shown.status, words.OPENED_TWICE in plain(shown)) == (403, True)
            assert "annattorney" not in shown.text
        assert browser.pages.forms == []
        assert browser.pages.links[token].wrong == 0
        again = {**FILLED, "csrf": shown.named("csrf")["value"]}  # and that page can be sent
        assert (await browser.send(token, again)).status == 303

    async def test_another_links_cookie_and_field_open_nothing(self, browser: Browser) -> None:
        token, other = browser.pages.add(FORM), browser.pages.add(FORM)
        field = (await browser.get(f"/p/{other}")).named("csrf")["value"]
        (cookie,) = [one.value for one in browser.session.cookie_jar]
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"{same_site.cookie_name(token)}={cookie}"}
        assert (await browser.send(token, {**FILLED, "csrf": field}, headers)).status == 403

    async def test_two_pages_that_are_open_at_once_can_both_be_sent(self, browser: Browser) -> None:
        tokens = [browser.pages.add(FORM) for _ in range(2)]
        fields = [(await browser.get(f"/p/{token}")).named("csrf")["value"] for token in tokens]
        for token, field in zip(tokens, fields, strict=True):
            assert (await browser.send(token, {**FILLED, "csrf": field})).status == 303

    @pytest.mark.parametrize(
        ("address", "origin"),
        [
            ("https://Bot.Firm.Example/", "https://bot.firm.example"),
            ("https://bot.firm.example:443", "https://bot.firm.example"),
            ("https://bot.firm.example:8443/x", "https://bot.firm.example:8443"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ],
    )
    def test_the_origin_of_an_address_is_as_browsers_write_it(self, address: str, origin: str) -> None:
        assert same_site.origin_of(address) == origin


@pytest.mark.parametrize("sent", ["", "code=", "code=3"])
async def test_a_body_that_comes_too_slowly_is_not_waited_for(pages: PagesInMemory, tmp_path: Path, sent: str) -> None:
    """A sender who promises more than comes gets an answer, and the connection ends."""
    token = pages.add(FORM)
    async with serving(pages, tmp_path, body_seconds=0.05) as (origin, trusted):
        answer = await raw(origin, trusted, post(token, sent, promised=500))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Connection: close" in answer
    assert pages.calls == []


@pytest.mark.parametrize("body", ["zz\r\nxx\r\n0\r\n\r\n", "-1\r\n\r\n"])
async def test_a_broken_body_is_an_answer_and_no_fault(pages: PagesInMemory, tmp_path: Path, body: str) -> None:
    head = f"POST /p/{pages.add(FORM)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM_TYPE['Content-Type']}\r\n"
    async with serving(pages, tmp_path) as (origin, trusted):
        answer = await raw(origin, trusted, f"{head}Transfer-Encoding: chunked\r\n\r\n{body}")
    assert re.match(rb"HTTP/1\.[01] 400 ", answer)
    assert pages.calls == []


def post(token: str, body: str, promised: int) -> str:
    """Return a POST as it stands on the wire, whose body is to have `promised` bytes."""
    head = {"Host": "localhost", "Content-Length": str(promised), **FORM_TYPE}
    return (
        f"POST /p/{token} HTTP/1.1\r\n" + "".join(f"{name}: {said}\r\n" for name, said in head.items()) + f"\r\n{body}"
    )


async def raw(origin: str, trusted: ssl.SSLContext, request: str) -> bytes:
    """Send these bytes and return all that comes back until the server ends the connection."""
    parts = urlsplit(origin)
    reader, writer = await asyncio.open_connection("localhost", parts.port, ssl=trusted)
    try:
        writer.write(request.encode())
        return await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()


def test_a_form_fits_many_times_into_what_is_read() -> None:
    assert len(urlencode(FILLED)) * 50 < BODY_BYTES
