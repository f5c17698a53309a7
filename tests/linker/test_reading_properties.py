"""What no page may bring about, whatever its bytes: a crash, a hang, or a target outside the fence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.linker.document import Document, TooLarge, partial_response, read_controls
from bot.linker.fence import Fence, resolve
from bot.linker.form import Control, Form
from bot.linker.leaving import read_redirect
from bot.linker.pages import NOWHERE, Bar, CourtChoice, CourtRedaction, LinkForm, Page, Verify
from bot.linker.reading import read
from bot.linker.signon_pages import Faces, SignOnForm, read_partial

FENCE = Fence("ecf.gasb.uscourts.gov", "pacer.login.uscourts.gov")
COURT = URL("https://ecf.gasb.uscourts.gov/cgi-bin/login.pl")
SIGN_ON = URL("https://pacer.login.uscourts.gov/csologin/login.jsf")
SCREENS = sorted((Path(__file__).parents[1] / "screens").glob("*/*.html"))
HTML_SCREENS = [s for s in SCREENS if b"<?xml" not in s.read_bytes()]

FORMS = (LinkForm, Verify, CourtRedaction, CourtChoice, SignOnForm)
HOSTS = ["evil.example.com", "ecf.gasb.uscourts.gov.example.com", "ecf.gasb.uscourts.gov", "pacer.login.uscourts.gov"]
REFERENCES = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda scheme, slashes, user, host, port, path: f"{scheme}{slashes}{user}{host}{port}{path}",
        st.sampled_from(["https:", "http:", "", "javascript:", "HTTPS:", "ftp:", "\thttps:", "data:"]),
        st.sampled_from(["//", "/", "\\\\", "///", "", "/\\", "//\t"]),
        st.sampled_from(["", "a@", "ecf.gasb.uscourts.gov@", "a:b@"]),
        st.sampled_from([*HOSTS, "ECF.GASB.USCOURTS.GOV", "ecf.gasb.uscourts.gov.", "[::1]", "127.0.0.1", "%65cf"]),
        st.sampled_from(["", ":443", ":80", ":8443", ":x", ":"]),
        st.sampled_from(["/", "/cgi-bin/login.pl", "", "?x=1", "#f", "/../..", "/%2e%2e", "/a b"]),
    ),
)
SNIPPETS = [
    "<form method=post action='{}'><input type=password name=p> CM/ECF password <input type=submit></form>",
    "CM/ECF login <form method=post action='{}'><input name=l><input type=password name=p><input type=submit>",
    "<form method=post action='{}'>CM/ECF account: a1 PACER account: c3 <button formaction='{}'>Submit</button></form>",
    "<a href='{}'>Document Filing System</a>",
    "<a href='{}'>Link a CM/ECF account to my PACER account</a>",
    "<a href='{}'>NextGen Release 1.1 Menu Items</a>",
    "<script>location.assign('{}')</script>",
    "<meta http-equiv=refresh content='0;url={}'>",
    "<base href='{}'>",
    "<input type=button onclick=\"window.location='{}'\" value=Enter>",
    "<div id=topmenu><a class=yuimenubaritemlabel href='{}'>Utilities</a>"
    "<a class=yuimenubaritemlabel href='/cgi-bin/login.pl?logout'>Log Out</a></div>",
    "<form method=post action='{}'>redaction <input type=checkbox name=r><input type=submit value=Continue></form>",
    "Where would you like to go? <form method=post action='{}'><select name=c><option value=N_GASBK>x</select>"
    "<input type=submit value=Submit></form>",
    "<form id=loginForm method=post action='{}'><input name=a:loginName><input type=password name=a:password>"
    "<button name=a:fbtnLogin>Login</button><input type=hidden name=javax.faces.ViewState value=1></form>",
    "successfully linked",
    "<div id=cmecfMainContent>",
]
PAGES = st.one_of(
    st.binary(max_size=400),
    st.lists(st.tuples(st.sampled_from(SNIPPETS), REFERENCES), max_size=5).map(
        lambda parts: "".join(s.replace("{}", r) for s, r in parts).encode("utf-8", "replace")
    ),
    st.builds(
        lambda page, at, what: page[:at] + what + page[at:],
        st.sampled_from(SCREENS).map(Path.read_bytes),
        st.integers(0, 4000),
        st.binary(max_size=30),
    ),
)


def targets(page: Page) -> Iterator[URL]:
    """Every address that a page offers to the walk: links, redirects, forms, menu items."""
    for part in fields(page):
        value = getattr(page, part.name)
        if isinstance(value, URL) and part.name != "url" and value != NOWHERE:
            yield value
        elif isinstance(value, Bar):
            yield from (v for v in (value.utilities, value.log_out) if v is not None)
        elif isinstance(value, Form) and isinstance(page, FORMS):
            button = getattr(page, "button", None)
            target = value.target(button if isinstance(button, Control) else None)
            assert target is not None
            yield target


def assert_inside(page: Page) -> None:
    """No target leaves the two hosts, and a form with secrets goes to the host that owns them."""
    for target in targets(page):
        assert FENCE.admits(target), target
    if isinstance(page, LinkForm | Verify):
        assert all(FENCE.is_court(t) for t in targets(page))
    if isinstance(page, SignOnForm):
        assert all(FENCE.is_sign_on(t) for t in targets(page))


@given(body=PAGES, content_type=st.sampled_from(["", "text/html; charset=windows-1252", "text/html; charset=punycode"]))
@settings(max_examples=400, deadline=None)
def test_no_bytes_break_the_reading(body: bytes, content_type: str) -> None:
    """Whatever a host sends is read as some page, and nothing on it leads outside."""
    for url in (COURT, SIGN_ON):
        assert_inside(read(Document.read(url, body, content_type), FENCE))


@given(references=st.lists(REFERENCES, min_size=1, max_size=3), snippet=st.sampled_from(SNIPPETS))
@settings(max_examples=400, deadline=None)
def test_no_address_on_a_page_names_a_foreign_target(references: list[str], snippet: str) -> None:
    """Each kind of address a page can carry, aimed anywhere in any spelling, stays inside or makes the page unknown."""
    body = "".join(snippet.replace("{}", r) for r in references)
    assert_inside(read(Document(COURT, body), FENCE))


@given(location=REFERENCES)
@settings(max_examples=300, deadline=None)
def test_no_redirect_leaves_the_fence(location: str) -> None:
    """HTTP redirects pass the same fence."""
    assert_inside(read_redirect(COURT, location, FENCE))


@given(body=st.one_of(st.binary(max_size=300).map(lambda b: b"<partial-response>" + b), PAGES))
@settings(max_examples=200, deadline=None)
def test_no_partial_answer_breaks_the_reading(body: bytes) -> None:
    """Whatever the sign-on page answers to a partial post is read as some screen."""
    partial = partial_response(body)
    if partial is not None:
        assert_inside(read_partial(SIGN_ON, *partial, FENCE, Faces("javax", "1")))


@pytest.mark.parametrize(
    "body",
    [
        b"<!--" * 50_000,
        b"</" * 9_000,
        b"<a" * 19_000,
        b"<div>" * 19_000,
        b"<form>" * 19_000,
        b"<script>" + b"function a(){" * 7_000 + b"location='/x'",
        b"invalid " * 100_000 + b"login",
        b"<p>CM/ECF account PACER account " * 15_000,
        b"<table><tr><td>" * 6_000,
        b"\x05<![\x1c",
        b"<?xml version='1.0' encoding='utf-8'?><html>",
        b"\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00",
    ],
    ids=lambda b: repr(b[:24]),
)
def test_hostile_pages_are_read_and_done(body: bytes) -> None:
    """Pages that hang other parsers are read, or refused as too large, well within the test's time limit."""
    try:
        assert_inside(read(Document.read(COURT, body), FENCE))
    except TooLarge:
        assert body.count(b"<") > 20_000


def test_an_xml_answer_with_a_document_type_is_no_partial_answer() -> None:
    """Entities multiply; no sign-on page ever sent a document type."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><partial-response><redirect url="&a;"/></partial-response>'
    assert partial_response(bomb) is None


@pytest.mark.parametrize("screen", HTML_SCREENS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_forms_read_by_parts_are_those_of_the_whole_page(screen: Path) -> None:
    """lxml finds the forms and BeautifulSoup reads them; BeautifulSoup on the whole page reads the very same."""
    body = screen.read_bytes()
    document = Document.read(COURT, body)
    whole = BeautifulSoup(document.source, "lxml").find_all("form")
    assert [bare(f.controls) for f in document.forms] == [bare(read_controls(form)) for form in whole]


def bare(controls: tuple[Control, ...]) -> list[Control]:
    """The controls without their labels: on a whole page a form's first label may stand before the form."""
    return [replace(control, label="") for control in controls]


@given(reference=REFERENCES)
@settings(max_examples=300, deadline=None)
def test_what_is_admitted_is_what_is_requested(reference: str) -> None:
    """The address that passed the fence is, character by character, at the host the client will connect to."""
    target = resolve(COURT, reference)
    if target is not None and FENCE.admits(target):
        assert str(target).startswith((f"https://{FENCE.court}", f"https://{FENCE.sign_on}"))
        assert URL(str(target)).host in (FENCE.court, FENCE.sign_on)
