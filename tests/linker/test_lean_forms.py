"""A form cut down before BeautifulSoup sees it is read as the form with all its layout."""

from __future__ import annotations

from copy import deepcopy

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from bot.linker.document import read_controls
from bot.linker.document.lean import lean
from bot.linker.form import Control

TEXTS = st.sampled_from(
    ["CM/ECF login", "password:", " ", "\n  ", "&nbsp;", "Part 7 of a page", "&lt;b&gt;", "PACER", ""]
)
KINDS = st.sampled_from(
    ["", "type=text", "type=password", "type=hidden", "type=' TEXT '", "type=checkbox", "type=submit", "type=date"]
)
RULES = st.sampled_from(
    ["", " disabled", " readonly", " checked", " value=v", " onclick='form.submit()'", " form=other"]
)
IDS = st.integers(0, 3).map(lambda n: f" id=i{n} name=n{n}" if n else "")
VOID = ["<br>", "<hr>", "<img src=x>", "<!-- aside -->", "<script>var a = '<input>';</script>", "<style>p {}</style>"]
LEAVES = st.one_of(
    TEXTS,
    st.builds("<input {}{}{}>".format, KINDS, RULES, IDS),
    st.sampled_from(VOID),
    st.sampled_from(["<p>", "</p>", "<td>", "</td>", "</div>", "<li>", "<form>", "<b>", "<option>stray", "</label>"]),
)
AROUND = [
    *(
        "div",
        "p",
        "table",
        "tr",
        "td",
        "b",
        "a",
        "span",
        "ul",
        "li",
        "font",
        "center",
        "h2",
        "template",
        "noscript",
        "rt",
    ),
    *("fieldset", "fieldset disabled", "legend", "label", "label for=i1", "label for=i2", "datalist", "form id=f2"),
    *("button", "button type=text", "button type=button", "select name=s", "select multiple", "optgroup disabled"),
    *("option", "option selected value=2", "option disabled", "textarea name=t"),
]


def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Some parts in a row, in one element."""
    return st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(AROUND),
        st.lists(inner, max_size=6),
    )


PARTS = st.lists(st.recursive(LEAVES, around, max_leaves=25), max_size=8)


def forms(text: str) -> list[etree._Element]:
    """The forms of a page as the linker's parser finds them."""
    return list(html.document_fromstring(text, parser=html.HTMLParser(remove_comments=True)).iter("form"))


def in_full(form: etree._Element) -> str:
    """The form's HTML without its scripts and styles, and with everything else."""
    bare = deepcopy(form)
    etree.strip_elements(bare, "script", "style", with_tail=False)
    return etree.tostring(bare, encoding="unicode", method="html", with_tail=False)


def controls(text: str) -> tuple[Control, ...]:
    """What is read of a form's HTML."""
    soup = BeautifulSoup(text, "lxml", multi_valued_attributes=None)
    return read_controls(soup.find("form") or soup)


@given(parts=PARTS)
@settings(max_examples=600, deadline=None)
def test_a_form_cut_down_is_read_as_the_whole_form(parts: list[str]) -> None:
    """Every control, in order, with its label, value, choices, and whether it is disabled."""
    for form in forms(f"<html><body><h1>Court</h1><form id=f1 method=post>{''.join(parts)}</form></body></html>"):
        assert controls(lean(form)) == controls(in_full(form))


@pytest.mark.parametrize(
    "inner",
    [
        "<table><tr><td>CM/ECF</td><td>login</td><td><input name=a></td></tr></table>",
        "Login <br> CM/ECF <b>login</b><i></i><input name=a>",
        "<fieldset disabled><div><legend><input name=a></legend></div></fieldset>",
        "<fieldset disabled><legend><b><div><input name=a></div></b></legend><input name=b></fieldset>",
        "<p>Name" + "<p> </p>" * 11 + "<input name=a>",
        "<p>Name" + "<p> </p>" * 12 + "<input name=a><td><input type=hidden name=b></td>first<input name=c>",
        "<p><b><label for=i>a<div>b</div></label></b><span><input id=i name=a></span>",
    ],
)
def test_what_a_label_or_a_rule_hangs_on_stays(inner: str) -> None:
    """Texts that must not run together, a legend that must stay where it is, a label just within reach."""
    (form,) = forms(f"<form>{inner}</form>")
    assert controls(lean(form)) == controls(in_full(form))
    assert controls(lean(form))


def test_what_nobody_reads_is_gone() -> None:
    """Rows, cells, scripts and the words behind the last field."""
    rows = "<tr onclick='x()'><td>Part 7</td><td><input type=hidden value=0></td></tr>" * 50
    (form,) = forms(
        f"<form>Login <input name=a><table>{rows}</table><p>Words <b>of</b> the page<script>x</script></form>"
    )
    assert lean(form) == '<form>Login <input name="a">' + '<input type="hidden" value="0">' * 50 + "</form>"
