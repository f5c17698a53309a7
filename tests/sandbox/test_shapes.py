"""The pretend pages have the shape of real ones, read by a small reader of this file's own.

The real pages are reference material beside the project; where they are not there these tests are skipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from bot.sandbox import Fault, Kind, Sandbox, SignedOut
from tests.sandbox.conftest import ACCOUNT, FILER
from tests.sandbox.hand import Hand
from tests.sandbox.steps import fresh_menu, link_form, manners, menu, password_post, url


@dataclass(frozen=True)
class Shape:
    """What a reader sees of a menu page: labels with their targets (ids as "n"), accelerators, landmarks."""

    items: tuple[tuple[str, str], ...]
    accelerated: frozenset[str]
    script_id: str
    landmarks: frozenset[str]


def shape_of(html: str) -> Shape:
    soup = BeautifulSoup(html, "lxml")
    links = soup.select("#topmenu ul.first-of-type > li.yuimenubaritem > a.yuimenubaritemlabel")
    items = []
    accelerated = set()
    for link in links:
        label = " ".join(link.get_text().split())
        target = re.sub(r"id=\d+", "id=n", re.sub(r"^https://[^/]+", "", str(link.get("href", ""))))
        items.append((label, re.sub(r"javascript: ?CMECF", "javascript:CMECF", target)))
        if link.find("u"):
            accelerated.add(label)
    source = re.search(r"/cgi-bin/menu\.pl\?id=(-?\d+)", html)
    marks = {
        name for name in ("topmenu", "cmecfLogo", "cmecfMainContent", "cmecfMainContentScroll") if soup.find(id=name)
    }
    sign = "" if not source else ("-1" if source[1] == "-1" else "n")
    return Shape(tuple(items), frozenset(accelerated), sign, frozenset(marks))


def real(shared: Path, name: str) -> str:
    return (shared / "fixtures" / name).read_text("utf-8", "replace")


def without_help(shape: Shape) -> list[tuple[str, str]]:
    """Courts differ in Help and in "Logout" or "Log Out"; what is left is the same everywhere."""
    return [(label.replace("Logout", "Log Out"), target) for label, target in shape.items if label != "Help"]


async def test_pacer_only_district_menu(sandbox: Sandbox, hand: Hand, shared: Path) -> None:
    ours = shape_of((await menu(hand, "alnd")).text)
    theirs = shape_of(real(shared, "menu_district_paceronly_nextgen_caed.html"))
    assert ours.items == theirs.items
    assert (ours.script_id, ours.landmarks) == (theirs.script_id, theirs.landmarks)
    assert ours.script_id == "-1"


@pytest.mark.parametrize("name", ["menu_district_filer_mnd.html", "menu_district_filer_njd.html"])
async def test_district_filer_menu(sandbox: Sandbox, hand: Hand, shared: Path, name: str) -> None:
    sandbox.court("alnd").linked[FILER.login] = ACCOUNT.user_name
    ours = shape_of((await menu(hand, "alnd")).text)
    theirs = shape_of(real(shared, name))
    assert without_help(ours) == without_help(theirs)
    assert ours.accelerated <= theirs.accelerated
    assert (ours.script_id, ours.landmarks) == (theirs.script_id, theirs.landmarks)


async def test_bankruptcy_filer_menu(sandbox: Sandbox, hand: Hand, shared: Path) -> None:
    sandbox.court("gasb").linked[FILER.login] = ACCOUNT.user_name
    ours = shape_of((await menu(hand)).text)
    theirs = shape_of(real(shared, "menu_bankr_filer_alsb.html"))
    assert without_help(ours) == without_help(theirs)
    assert ours.accelerated <= theirs.accelerated
    assert (ours.script_id, ours.landmarks) == (theirs.script_id, theirs.landmarks)


async def test_bankruptcy_link_form_is_a_cmecf_form(sandbox: Sandbox, hand: Hand, shared: Path) -> None:
    theirs = BeautifulSoup(real(shared, "menu_bankr_filer_alsb.html"), "lxml").find("form")
    ours = (await link_form(hand)).form("linkaccount")
    assert theirs is not None
    for form in (ours, theirs):
        assert form["enctype"] == "multipart/form-data"
        assert re.fullmatch(r"\.\./cgi-bin/\w+\.pl\?\d+-L_1_0-1", str(form["action"]))


async def test_one_line_error_page(sandbox: Sandbox, hand: Hand, shared: Path) -> None:
    manners(sandbox, faults=frozenset({Fault.ONE_LINE_ERROR}), at=Kind.COURT_LOGIN)
    ours = BeautifulSoup((await menu(hand, "gasb")).text, "lxml").find(id="cmecfMainContent")
    theirs = BeautifulSoup(real(shared, "error_case_not_found_ned.html"), "lxml").find(id="cmecfMainContent")
    assert ours is not None
    assert theirs is not None
    for content in (ours, theirs):
        for script in content.find_all("script"):
            script.decompose()
        assert [one.name for one in content.find_all(True)] == ["input", "h3", "p", "input"]


async def test_currentgen_form(sandbox: Sandbox, hand: Hand, shared: Path) -> None:
    manners(sandbox, signed_out=SignedOut.CURRENTGEN)
    ours = (await fresh_menu(hand)).soup.find("form")
    theirs = BeautifulSoup(real(shared, "auth_currentgen_login_cand.html"), "lxml").find("form")
    seen = []
    for form in (ours, theirs):
        assert form is not None
        boxes = [(one.get("name"), str(one.get("type", "text")).lower()) for one in form.find_all("input")]
        seen.append((form["name"], form["enctype"], form["method"], boxes))
        assert str(form["action"]).endswith("?1-L_1_0-1")
    assert seen[0] == seen[1]


async def test_document_location_page(sandbox: Sandbox, hand: Hand, shared: Path) -> None:
    manners(sandbox, signed_out=SignedOut.DOCUMENT_LOCATION)
    address = r'document\.location = "(https://pacer\.login\.uscourts\.gov/csologin/login\.jsf\?pscCourtId=)\w+(&appurl=)https%3A'
    found = [
        re.search(address, text) for text in ((await fresh_menu(hand)).text, real(shared, "cso_redirect_js_ca1_a.html"))
    ]
    assert all(found)


async def test_interstitial(sandbox: Sandbox, hand: Hand, shared: Path) -> None:
    target = (await menu(hand)).link("^Utilities")
    ours = (await hand.get(target, referer="")).text
    for text in (ours, real(shared, "csrf_referer_warning_cafc.html")):
        assert "The link to this page may not have originated from within CM/ECF." in text
        form = BeautifulSoup(text, "lxml").find("form")
        assert form is not None
        assert form["action"] == ""
        assert form.find("input", attrs={"name": "CSRF", "type": "hidden"})


async def test_time_out_page(sandbox: Sandbox, hand: Hand, shared: Path) -> None:
    manners(sandbox, faults=frozenset({Fault.REQUEST_TIMEOUT_PAGE}))
    seen = await hand.get(url(sandbox, "/"))
    theirs = BeautifulSoup(real(shared, "http_408_mad.html"), "lxml")
    for name in ("title", "h1", "p"):
        here, there = seen.soup.find(name), theirs.find(name)
        assert here is not None
        assert there is not None
        assert here.get_text() == there.get_text()


async def test_reply_to_the_ticked_box(sandbox: Sandbox, hand: Hand, shared: Path) -> None:
    sandbox.add_account(replace(ACCOUNT, files_elsewhere=True))
    ticked = await hand.ajax(await password_post(hand), "regmsg:chkRedact", {"regmsg:chkRedact_input": "on"})
    theirs = real(shared, "cso_partial_response_chkredact.xml")
    ids = [
        [re.sub("javax|jakarta", "", name) for name in re.findall(r'<update id="([^"]+)"', text)]
        for text in (ticked.text, theirs)
    ]
    assert ids[0] == ids[1]
    for text in (ticked.text, theirs):
        assert "name:&quot;dialogName&quot;,value:&quot;redactionDlg&quot;" in text
