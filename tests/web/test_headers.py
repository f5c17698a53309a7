"""The headers of every answer under /p/, by the rules of MDN's HTTP Observatory; and who is believed about HTTPS.

Each rule is the Observatory's own test, by its name, as an assertion that asks for its best mark (reliability.md 3.7).
"""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from ipaddress import ip_network
from unittest.mock import Mock

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from bot.linker.values import Comparison
from bot.service.pages import GoneReason
from bot.web import Proxies
from bot.web.headers import HSTS
from bot.web.page import page_routes
from tests.web.browser import FILLED, Browser, Shown
from tests.web.pages import CAUTIONED, FORM, PASSCODE, PagesInMemory, accounts

SIX_MONTHS = 15768000


def policy(shown: Shown) -> dict[str, list[str]]:
    """Return the directives of the one Content-Security-Policy of an answer."""
    (header,) = shown.response.headers.getall("Content-Security-Policy")
    parted = [one.split() for one in header.split(";")]
    assert len({name for name, *_ in parted}) == len(parted)
    return {name: sources for name, *sources in parted}


def content_security_policy(shown: Shown) -> None:
    """csp: implemented with no unsafe sources and default-src 'none'."""
    found = policy(shown)
    assert found["default-src"] == ["'none'"]
    for name, sources in found.items():
        for source in sources:
            assert source not in {
                "'unsafe-inline'",
                "'unsafe-eval'",
                "'unsafe-hashes'",
                "data:",
                "http:",
                "https:",
                "*",
            }
            assert "." not in source, f"{name} names another host"
    assert found["frame-ancestors"] == ["'none'"]
    assert found["base-uri"] == ["'none'"]


def cookies(shown: Shown) -> None:
    """cookies: every one Secure, HttpOnly, SameSite=Strict, and named so that no other host can set it."""
    for header in shown.response.headers.getall("Set-Cookie", []):
        ((name, morsel),) = SimpleCookie(header).items()
        assert name.startswith("__Host-")
        assert (morsel["secure"], morsel["httponly"], morsel["samesite"]) == (True, True, "Strict")
        assert (morsel["path"], morsel["domain"]) == ("/", "")
        assert int(morsel["max-age"]) <= 900


def cross_origin_resource_sharing(shown: Shown) -> None:
    """cors: no other origin may read it."""
    assert not [name for name in shown.headers if name.lower().startswith("access-control-")]


def referrer_policy(shown: Shown) -> None:
    """referrer: a private policy."""
    assert shown.headers["Referrer-Policy"] == "no-referrer"


def strict_transport_security(shown: Shown) -> None:
    """hsts: at least six months; ASVS asks for a year and for subdomains."""
    found = re.fullmatch(r"max-age=(\d+); includeSubDomains", shown.headers["Strict-Transport-Security"])
    assert found is not None
    assert int(found[1]) >= 2 * SIX_MONTHS


def subresource_integrity(shown: Shown) -> None:
    """sri: no script of another origin."""
    for tag, of in shown.elements:
        if tag in {"script", "link", "img", "iframe"}:
            assert re.match(r"/p/static/", of.get("src", of.get("href", "")))


def content_type_options(shown: Shown) -> None:
    """x-content-type-options, and a character set (ASVS 4.1.1)."""
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Type"].endswith("; charset=utf-8")


def frame_options(shown: Shown) -> None:
    """x-frame-options, for browsers that do not know frame-ancestors."""
    assert shown.headers["X-Frame-Options"] == "DENY"


def cross_origin_resource_policy(shown: Shown) -> None:
    """corp, and with it coop and coep, which the Observatory does not mark."""
    for name in ("Resource", "Opener"):
        assert shown.headers[f"Cross-Origin-{name}-Policy"] == "same-origin"
    assert shown.headers["Cross-Origin-Embedder-Policy"] == "require-corp"


RULES = [
    content_security_policy,
    cookies,
    cross_origin_resource_sharing,
    referrer_policy,
    strict_transport_security,
    subresource_integrity,
    content_type_options,
    frame_options,
    cross_origin_resource_policy,
]


async def every_answer(browser: Browser) -> dict[str, Shown]:
    """Return one answer of each kind, by what it is."""
    pages = browser.pages
    form, question = pages.add(FORM), pages.add(PASSCODE)
    style = re.findall(r'"(/p/static/[^"]*)"', (await browser.get(f"/p/{form}")).text)
    found = {
        "form": await browser.get(f"/p/{pages.add(CAUTIONED)}"),
        "head": await browser.ask("HEAD", f"/p/{form}"),
        "passcode": await browser.get(f"/p/{question}"),
        "accounts": await browser.get(f"/p/{pages.add(accounts(Comparison.AGREE))}"),
        "flaws": await browser.send(form, {"code": "x"}),
        "stranger": await browser.send(form, {}, {"Sec-Fetch-Site": "cross-site"}),
        "no cookie": await browser.send(form, {"csrf": "x"}),
        "taken": await browser.send(form),
        "done": await browser.get(f"/p/{form}/done"),
        "unknown": await browser.get("/p/x"),
        "method": await browser.ask("DELETE", f"/p/{form}"),
        "too large": await browser.send(question, {**FILLED, "passcode": "x" * 70_000}),
        "not a form": await browser.ask("POST", f"/p/{question}", json={}),
    }
    found |= {f"gone: {one}": await browser.get(f"/p/{pages.add(FORM, one)}") for one in GoneReason}
    found |= {f"file {number}": await browser.get(address) for number, address in enumerate(style)}
    pages.fault = RuntimeError()
    return found | {"trouble": await browser.get(f"/p/{question}")}


async def test_every_answer_keeps_every_rule(browser: Browser) -> None:
    answers = await every_answer(browser)
    assert len(answers) == 14 + len(GoneReason) + 3
    for what, shown in answers.items():
        for rule in RULES:
            try:
                rule(shown)
            except (AssertionError, KeyError) as error:
                pytest.fail(f"{rule.__name__}: {what}: {error!r}")


async def test_what_a_person_reads_is_kept_nowhere_and_files_for_good(browser: Browser) -> None:
    for what, shown in (await every_answer(browser)).items():
        if what.startswith("file"):
            assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert "sandbox" in policy(shown)
        else:
            assert shown.headers["Cache-Control"] == "no-store"
            assert policy(shown)["script-src"][1].startswith("'nonce-")
        assert shown.headers["Server"] == "link-ecf"
        assert "camera=()" in shown.headers["Permissions-Policy"]


async def test_every_answer_has_a_nonce_of_its_own(browser: Browser) -> None:
    path = f"/p/{browser.pages.add(FORM)}"
    nonces = {policy(await browser.get(path))["script-src"][1] for _ in range(10)}
    assert len(nonces) == 10


async def test_other_answers_of_the_site_are_neither_framed_nor_sniffed(browser: Browser) -> None:
    for path in ("/healthz", "/readyz", "/nothing"):
        shown = await browser.get(path)
        strict_transport_security(shown)
        frame_options(shown)
        referrer_policy(shown)
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Server"] == "link-ecf"


def arrived(peer: str, *said: str, tls: bool = False) -> web.Request:
    """Return a request from `peer`, with a line of X-Forwarded-Proto for each word."""
    transport = Mock()
    given = {"peername": (peer, 40000), "ssl_object": object() if tls else None}
    transport.get_extra_info = lambda name, default=None: given.get(name, default)
    request = make_mocked_request("GET", "/p/x", transport=transport)
    headers = request.headers.copy()
    for word in said:
        headers.add("X-Forwarded-Proto", word)
    return request.clone(headers=headers)


NAMED = Proxies((ip_network("10.1.0.0/16"), ip_network("fd00::/8")))


@pytest.mark.parametrize(
    ("peer", "said", "believed"),
    [
        ("10.1.2.3", ["https"], True),
        ("10.1.2.3", ["HTTPS"], True),
        ("::ffff:10.1.2.3", ["https"], True),
        ("fd00::7%eth0", ["https"], True),
        ("10.1.2.3", [], False),
        ("10.1.2.3", ["http"], False),
        ("10.1.2.3", ["https, http"], False),
        ("10.1.2.3", ["https", "http"], False),
        ("10.1.2.3", ["https", "https"], False),
        ("10.2.2.3", ["https"], False),
        ("203.0.113.9", ["https"], False),
        ("not an address", ["https"], False),
    ],
)
def test_a_forwarded_word_is_taken_from_a_named_proxy_only(peer: str, said: list[str], believed: bool) -> None:
    assert NAMED.https(arrived(peer, *said)) is believed
    assert not Proxies().https(arrived(peer, *said))
    assert Proxies().https(arrived(peer, tls=True))


async def test_nothing_may_be_typed_where_there_is_no_https(pages: PagesInMemory) -> None:
    """In clear, and from a proxy that nobody named: a refusal, no cookie, no look-up, no promise of HTTPS."""
    site = web.Application()
    site.add_routes(page_routes(pages, "https://bot.firm.example"))
    async with TestClient(TestServer(site)) as client:
        for said in ({}, {"X-Forwarded-Proto": "https"}):
            for method in ("GET", "POST"):
                answer = await client.request(method, f"/p/{pages.add(FORM)}", headers=said)
                assert answer.status == 403
                assert "LINK_ECF_TRUSTED_PROXIES" in await answer.text()
                assert not {"Set-Cookie", "Strict-Transport-Security"} & {*answer.headers}
    assert pages.calls == []
    assert HSTS.startswith("max-age=")


async def test_behind_a_named_proxy_the_page_is_as_good_as_over_tls(pages: PagesInMemory) -> None:
    site = web.Application()
    site.add_routes(page_routes(pages, "https://bot.firm.example", Proxies((ip_network("127.0.0.1/32"),))))
    async with TestClient(TestServer(site)) as client:
        answer = await client.get(f"/p/{pages.add(FORM)}", headers={"X-Forwarded-Proto": "https"})
        assert (answer.status, answer.headers["Strict-Transport-Security"]) == (200, HSTS)
