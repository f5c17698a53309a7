"""Whatever stands in a field: it never becomes markup, a secret never comes back, and nothing of it reaches a log."""

from __future__ import annotations

import io
import logging
import tempfile
from collections.abc import Mapping
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import logs
from bot.linker.values import Comparison
from bot.secret import typed_name, typed_passcode
from bot.service import Field
from bot.web.drawing import SHOWN_AGAIN, Drawing, Sheet, Wrong
from bot.web.files import static_files
from bot.web.reading import read_form
from tests.web.browser import FILLED, Browser, browsing
from tests.web.pages import CAUTIONED, CODE, FORM, PASSCODE, PagesInMemory, accounts

ATTACKS = (
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus="alert(1)',
    "</title><svg/onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "&quot;&gt;&lt;script&gt;",
    "\x00\x1b[2J\r\nSet-Cookie: a=b",
    "\u202e\u2066<b>",
)
HOSTILE = st.one_of(st.sampled_from(ATTACKS), st.text(max_size=60), st.text(alphabet="<>&\"'`={}/ ", max_size=40))
DRAWING = Drawing(static_files())


class Skeleton(HTMLParser):
    """The tags of a page with the names of their attributes: what an attack would have to change."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        if tag == "input" and of.get("value") and of.get("name"):
            self.values[str(of["name"])] = str(of["value"])


def read(html: str) -> Skeleton:
    """Return the page's skeleton."""
    reader = Skeleton()
    reader.feed(html)
    return reader


@settings(max_examples=200)
@given(name=st.sampled_from(SHOWN_AGAIN), text=HOSTILE.filter(bool))
@example(name="pacer_username", text=ATTACKS[0])
def test_a_name_that_is_shown_again_stays_text(name: str, text: str) -> None:
    plain = DRAWING.page(CAUTIONED, Sheet("c", (), {name: "harmless"}), "n")
    drawn = DRAWING.page(CAUTIONED, Sheet("c", (), {name: text}), "n")
    assert read(drawn).tags == read(plain).tags
    assert escape(text) in drawn.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    if not set(text) & set("\x00\r\n"):  # which a reader of HTML changes by itself
        assert read(drawn).values[name] == text


@settings(max_examples=200)
@given(account=HOSTILE, filer=HOSTILE, comparison=st.sampled_from(Comparison))
def test_what_a_court_shows_stays_text(account: str, filer: str, comparison: Comparison) -> None:
    """The names come from a court's page, which may be anybody's by the time it is read."""
    drawn = DRAWING.page(accounts(comparison, account, filer), Sheet("c", code=CODE), "n")
    plain = DRAWING.page(accounts(comparison, "a", "b"), Sheet("c", code=CODE), "n")
    assert read(drawn).tags == read(plain).tags
    assert account in unescape(drawn)


@settings(max_examples=100)
@given(field=st.sampled_from(["", "code", "pacer_username"]), text=HOSTILE.filter(bool))
def test_words_beside_a_field_stay_text(field: str, text: str) -> None:
    drawn = DRAWING.page(FORM, Sheet("c", (Wrong(field, text),)), "n")
    plain = DRAWING.page(FORM, Sheet("c", (Wrong(field, "x"),)), "n")
    assert read(drawn).tags == read(plain).tags


@settings(max_examples=200)
@given(fields=st.dictionaries(st.sampled_from([one.value for one in Field]), st.text(max_size=40)))
def test_secrets_are_taken_exactly_as_typed(fields: Mapping[str, str]) -> None:
    form = read_form(fields)
    assert form.pacer_password.reveal() == fields.get("pacer_password", "")
    assert form.cmecf_password.reveal() == fields.get("cmecf_password", "")
    assert (form.passcode.reveal() if form.passcode else "") == typed_passcode(fields.get("passcode", "")).reveal()
    assert form.pacer_username.text == typed_name(fields.get("pacer_username", ""))
    assert form.redaction_acknowledged is (fields.get("redaction_acknowledged") == "yes")
    assert form.court is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.dictionaries(st.sampled_from([*FILLED, "answer", "court", "x"]), HOSTILE, min_size=3))
async def test_the_whole_way_there_and_back(data: dict[str, str]) -> None:
    """Over the wire: no field makes a fault, and no secret field is in any answer."""
    secret = {"pacer_password": "zQ-pacer-<canary>", "cmecf_password": "zQ-ecf-'canary'", "passcode": 'zQ"canary'}
    with tempfile.TemporaryDirectory() as folder:
        pages = PagesInMemory()
        async with browsing(pages, Path(folder)) as browser:
            for page in (CAUTIONED, PASSCODE, accounts(Comparison.UNCLEAR)):
                shown = await browser.send(pages.add(page), {**data, **secret, "code": CODE})
                assert shown.status in {200, 303, 422}
                assert "canary" not in unescape(shown.text)
                assert not [tag for tag in read(shown.text).tags if "onerror" in tag[1] or "onfocus" in tag[1]]


@pytest.mark.parametrize("header", ["Cookie", "Origin", "Sec-Fetch-Site", "Content-Type"])
async def test_hostile_headers_are_refused_in_words(browser: Browser, header: str) -> None:
    token = browser.pages.add(FORM)
    for value in ("\u00e9\u00ff", "a" * 4000, ";;==,,", '"><script>'):
        sent = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded", header: value}
        shown = await browser.ask("POST", f"/p/{token}", data=b"code=1", headers=sent)
        assert shown.status in {400, 403, 415}
        assert "<script>" not in shown.text


async def test_nothing_of_a_request_is_in_a_log(pages: PagesInMemory, tmp_path: Path) -> None:
    """At DEBUG, libraries included: no token, no code, no field, no cookie; a fault tells its type and incident."""
    kept, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.set_up("DEBUG", kept)
    try:
        async with browsing(pages, tmp_path) as browser:
            token = pages.add(FORM)
            field = (await browser.get(f"/p/{token}")).named("csrf")["value"]
            (cookie,) = [one.value for one in browser.session.cookie_jar]
            fields = {**FILLED, "csrf": field, "pacer_username": "line\nbreak canary"}
            await browser.send(token, {**fields, "code": "271828"})
            await browser.send(token, {**fields, "pacer_password": ""})
            await browser.send(token, fields, {"Origin": "https://evil.example"})
            pages.fault = RuntimeError("canary of a fault")
            failed = await browser.send(token, fields)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(False)
        structlog.reset_defaults()
    written = kept.getvalue()
    assert failed.status == 500
    assert '"event": "page_failed"' in written
    assert '"error": "RuntimeError"' in written
    for secret in (token, field, cookie, "canary", "271828", CODE, "annattorney", "aattorney", "evil.example"):
        assert secret not in written
