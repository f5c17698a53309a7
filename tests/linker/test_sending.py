"""Buttons as courts write them: which of them send their form and nothing else, and what becomes of the others."""

from __future__ import annotations

import pytest
from yarl import URL

from bot.courts.court import SIGN_ON_HOST, Realm
from bot.linker.document import Document
from bot.linker.fence import Fence
from bot.linker.pages import LinkForm, Page, Strange, Unknown, Verify
from bot.linker.reading import read

FENCE = Fence(court="ecf.gasb.uscourts.gov", sign_on=SIGN_ON_HOST[Realm.PRODUCTION])
AT = URL("https://ecf.gasb.uscourts.gov/cgi-bin/Any.pl?1-L_1_0-1")
BAR = (
    "<div id=topmenu><a class=yuimenubaritemlabel href='/cgi-bin/iquery.pl'>Query</a>"
    "<a class=yuimenubaritemlabel href='/cgi-bin/DisplayMenu.pl?Utilities&id=-1'>Utilities</a>"
    "<a class=yuimenubaritemlabel href='/cgi-bin/login.pl?logout'>Log Out</a></div>"
)
FIELDS = "CM/ECF login <input name=a> CM/ECF password <input type=password name=b>"
NAMES = "<p>CM/ECF account: jdoe</p><p>PACER account: janedoe88</p>"
OTHER = "<form name=search action=/cgi-bin/s.pl method=post></form>"

ONLY = {
    "the case of the guides": ("<input type=button value=Submit onclick='ProcessForm(this.form)'>", ""),
    "defined on the page": (
        "<input type=button value=Submit onclick='ProcessForm(this.form)'>",
        "function ProcessForm(f){ f.submit(); }",
    ),
    "another name, defined on the page": (
        "<input type=button value=Submit onclick='go(this.form); return false;'>",
        "function go(theForm) {\n  // to the court\n  theForm.submit();\n  return false;\n}",
    ),
    "without an argument": ("<button type=button onclick='doSubmit()'>Submit</button>", ""),
    "by the form's place": (
        "<input type=button value=Submit onclick='doSubmit()'>",
        "function doSubmit(){ document.forms[1].submit() }",
    ),
    "by the form's name": ("<input type=button value=Submit onclick='document.link.submit();'>", ""),
    "by the form's id": ("<input type=button value=Submit onclick=\"document.getElementById('lk').submit()\">", ""),
    "by the button": (
        "<input type=button value=Submit onclick='return submit_form(this)'>",
        "var submit_form = function(b) { b.form.submit(); };",
    ),
    "a link": ("<a href='javascript:ProcessForm(document.forms[1])'>Submit</a>", ""),
}
MORE = {
    "it changes the action": (
        "<input type=button value=Submit onclick='ProcessForm(this.form)'>",
        "function ProcessForm(f){ f.action='/cgi-bin/other.pl'; f.submit(); }",
    ),
    "it fills a field": (
        "<input type=button value=Submit onclick='doSubmit(this.form)'>",
        "function doSubmit(f){ f.step.value = 2; f.submit(); }",
    ),
    "it sends another form": ("<input type=button value=Submit onclick='document.search.submit()'>", ""),
    "it sends another form by place": (
        "<input type=button value=Submit onclick='doSubmit()'>",
        "function doSubmit(){ document.forms[0].submit() }",
    ),
    "a name that nobody knows": ("<input type=button value=Submit onclick='lookUp(this.form)'>", ""),
    "two of one name": (
        "<input type=button value=Submit onclick='ProcessForm(this.form)'>",
        "function ProcessForm(f){ f.submit(); } function ProcessForm(f){ f.submit(); }",
    ),
    "it asks first": ("<input type=button value=Submit onclick=\"if(confirm('Sure?')) this.form.submit()\">", ""),
    "a known name for another form": ("<input type=button value=Submit onclick='ProcessForm(document.search)'>", ""),
}


def page_with(content: str, button: str, script: str) -> Page:
    """A court's page with one form and this button, behind another form."""
    form = f"<form name=link id=lk method=POST action='../cgi-bin/Any.pl?1-L_1_0-1'>{content}{button}</form>"
    body = f"{BAR}<div id=cmecfMainContent>{OTHER}{form}</div><script>{script}</script>"
    return read(Document(AT, f"<html><body>{body}</body></html>"), FENCE)


@pytest.mark.parametrize("case", ONLY)
def test_a_button_that_only_sends_is_a_submit(case: str) -> None:
    button, script = ONLY[case]
    form = page_with(FIELDS, button, script)
    assert isinstance(form, LinkForm)
    assert form.form is not None
    assert form.form.pairs({"a": "jdoe", "b": "x"}, form.button) == [("a", "jdoe"), ("b", "x")]
    assert isinstance(page_with(NAMES, button, script), Verify)


@pytest.mark.parametrize("case", MORE)
def test_a_button_that_does_more_stops_the_walk_and_says_so(case: str) -> None:
    for content in (FIELDS, NAMES):
        page = page_with(content, *MORE[case])
        assert isinstance(page, Unknown)
        assert page.why is Strange.BUTTON
