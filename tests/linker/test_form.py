"""Forms are sent as a browser would send them."""

from __future__ import annotations

import re

import pytest
from yarl import URL

from bot.linker.document import Document, TooLarge
from bot.linker.form import Form, urlencoded

AT = URL("https://ecf.gasb.uscourts.gov/cgi-bin/page.pl?1-L_1_0-1")
SUBMIT = re.compile("submit", re.IGNORECASE)


def form(inside: str, attributes: str = 'method="post"', around: str = "{}") -> Form:
    """The one form of a page."""
    return Document(AT, around.format(f"<form {attributes}>{inside}</form>")).forms[0]


@pytest.mark.parametrize(
    ("inside", "sent"),
    [
        ("<input name=a value=1><input name=b>", [("a", "1"), ("b", "")]),
        ("<input type=hidden name=a value=' x '>", [("a", " x ")]),
        ("<input name=a value=1 disabled><input value=nameless>", []),
        ("<input type=checkbox name=a><input type=checkbox name=b checked>", [("b", "on")]),
        ("<input type=radio name=r value=1><input type=radio name=r value=2 checked>", [("r", "2")]),
        ("<select name=s><option value=1>One<option value=2 selected>Two</select>", [("s", "2")]),
        ("<select name=s><option disabled>No<option> Yes </select>", [("s", "Yes")]),
        ("<select name=s multiple><option selected>a<option>b<option selected>c</select>", [("s", "a"), ("s", "c")]),
        ("<textarea name=t>\nline\nnext</textarea>", [("t", "line\nnext")]),
        ("<input type=submit name=go value=Go><input type=reset name=r value=Clear><button name=b>B</button>", []),
        ("<input type=file name=f>", []),
        ("<fieldset disabled><legend><input name=in value=1></legend><input name=out></fieldset>", [("in", "1")]),
        ("<datalist><input name=a></datalist>", []),
        ("<input type=hidden name=_charset_>", [("_charset_", "utf-8")]),
        ("<table><tr><td><input name=a value=1></td></tr></table>", [("a", "1")]),
    ],
)
def test_only_successful_controls_are_sent(inside: str, sent: list[tuple[str, str]]) -> None:
    """Disabled, unticked, nameless and unpressed controls stay behind; the rest goes in page order."""
    assert form(inside).pairs({}) == sent


def test_the_pressed_button_is_sent_and_only_that_one() -> None:
    """A form with two buttons says which was pressed."""
    two = form("<input name=a value=1><input type=submit name=x value=Back><button name=y value=go>Submit</button>")
    assert two.pairs({}, two.button(SUBMIT)) == [("a", "1"), ("y", "go")]


def test_a_button_that_submits_by_script_sends_no_pair() -> None:
    """`<input type=button onclick="form.submit()">` sends the form without itself; without a script it sends none."""
    assert form("<input type=button value=Submit>").button(SUBMIT) is None
    scripted = form("<input name=a value=1><input type=button name=s value=Submit onclick='document.f.submit()'>")
    assert scripted.pairs({}, scripted.button(SUBMIT)) == [("a", "1")]


def test_an_image_button_sends_coordinates() -> None:
    """As browsers do."""
    one = form("<input type=image name=go alt=Submit>")
    assert one.pairs({}, one.controls[0]) == [("go.x", "0"), ("go.y", "0")]


def test_a_control_elsewhere_on_the_page_may_belong_to_the_form() -> None:
    """`form=` ties a control to a form by its id, and takes one away from the form it stands in."""
    page = Document(
        AT,
        "<input name=before value=0 form=one><form id=one method=post><input name=a value=1>"
        "<input name=b value=2 form=two></form><form id=two method=post></form><input name=c value=3 form=one>",
    )
    one, two = page.forms
    assert sorted(one.pairs({})) == [("a", "1"), ("before", "0"), ("c", "3")]
    assert two.pairs({}) == [("b", "2")]


def test_multipart_is_plain_and_exact() -> None:
    """Part headers hold the name and nothing else; values go as typed, blanks and signs and all."""
    ready = form("<input name='a\"b' value='x y+&amp;'>", 'method=post enctype="multipart/form-data"').submit({}, None)
    assert ready is not None
    boundary = ready.content_type.split("boundary=")[1]
    assert ready.body == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\nx y+&\r\n--{boundary}--\r\n'.encode()
    )


def test_urlencoding_keeps_every_character_of_a_password() -> None:
    """No trimming, no normalising: what a court cannot read as typed is a court's fault, not ours."""
    assert urlencoded([("p", " a+b&c=%é\u2028 ")]) == b"p=+a%2Bb%26c%3D%25%C3%A9%E2%80%A8+"


def test_a_page_in_windows_1252_gets_its_form_back_in_it() -> None:
    """Characters the page's charset lacks go as numeric references, as browsers send them."""
    page = Document.read(AT, b"<form method=post><input name=p></form>", "text/html; charset=windows-1252")
    ready = page.forms[0].submit({"p": "é€漢"})
    assert ready is not None
    assert ready.body == b"p=%E9%80%26%2328450%3B"


@pytest.mark.parametrize(
    ("action", "target"),
    [
        ("", str(AT)),
        ("../cgi-bin/x.pl?70-L_1_0-1", "https://ecf.gasb.uscourts.gov/cgi-bin/x.pl?70-L_1_0-1"),
        ("/n/link/pages/link.jsf", "https://ecf.gasb.uscourts.gov/n/link/pages/link.jsf"),
        ("https://ecf.gasb.uscourts.gov/x?a=%2F%3d+b", "https://ecf.gasb.uscourts.gov/x?a=%2F%3d+b"),
    ],
)
def test_actions_are_resolved_and_not_rewritten(action: str, target: str) -> None:
    """Session digits and percent signs come back as the page wrote them."""
    assert str(form("", f'method=post action="{action}"').target()) == target


def test_a_button_may_name_its_own_address_and_method() -> None:
    """`formaction` and `formmethod` override the form's, and are seen before anything is sent."""
    one = form("<button formaction='/other.pl' formmethod=get>Submit</button>")
    button = one.button(SUBMIT)
    assert str(one.target(button)) == "https://ecf.gasb.uscourts.gov/other.pl"
    assert not one.posts(button)


def test_no_body_is_shown_by_accident() -> None:
    """A form ready to go hides what it carries."""
    ready = form("<input name=p>").submit({"p": "canary-in-a-form"})
    assert "canary-in-a-form" not in repr(ready)


def test_a_page_with_a_thousand_controls_is_no_page_of_a_court() -> None:
    """Forms are read by the slow and careful parser, so their number is bounded."""
    with pytest.raises(TooLarge):
        _ = Document(AT, "<form>" + "<input>" * 1_001 + "</form>").forms


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        (b"<p>Jos\xe9", "text/html; charset=windows-1252", "José"),
        (b"<meta charset=iso-8859-1><p>Jos\xe9", "text/html", "José"),
        ("<p>José".encode(), "text/html; charset=UTF-8", "José"),
        ("<p>José".encode(), "text/html", "José"),
        (b"\xef\xbb\xbf" + "<p>José".encode(), "text/html; charset=windows-1252", "José"),
        (b"<p>Jos\xe9", "text/html; charset=rot13", "José"),
    ],
)
def test_pages_are_decoded_as_they_declare(body: bytes, header: str, text: str) -> None:
    """Byte order mark, header, meta, in this order; an unknown charset is not believed."""
    assert Document.read(AT, body, header).lines == (text,)
