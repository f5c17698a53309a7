"""What scripts do at once is read from their literals; nothing is run."""

from __future__ import annotations

import pytest

from bot.linker.script import ScriptCookie, alerts, cookies, moves


@pytest.mark.parametrize(
    ("script", "to"),
    [
        ('location.assign("/a")', ["/a"]),
        ("window.location.href = '/a';", ["/a"]),
        ('document.location="/a"', ["/a"]),
        ('top.location.replace("https:\\/\\/x\\u002fy")', ["https://x/y"]),
        ('if ("/a".length > 0) location.assign("/a")', ["/a"]),
        ('if ("".length > 0) location.assign("")', []),
        ("if (top!=self) {top.location.replace(location.href);}", []),
        ("if (top.frames.length != 0) top.location = self.document.location;", []),
        ('document.location.href = url+"&zipit="+zip;', []),
        ('location = "/a?x=" + id', []),
        ('var mylocation = "/a"; x.mylocation="/b"', []),
        ('// location = "/a"', []),
        ('if (location == "/a") go()', []),
    ],
)
def test_moves_are_literal_addresses(script: str, to: list[str]) -> None:
    """Assignments and calls with a whole literal count; anything computed, compared or commented does not."""
    assert [move.to for move in moves([script])] == to


@pytest.mark.parametrize(
    ("script", "at_once"),
    [
        ('function go(){ if (x) { location = "/a" } }', False),
        ('var go = function () { location = "/a" }', False),
        ('if (x) { location = "/a" }', True),
        ('function no(){ return "}" } location = "/a"', True),
        ("function no(){ /* } */ location = '/a' }", False),
        ('setTimeout(() => { location = "/a" }, 9)', False),
    ],
)
def test_what_stands_in_a_function_is_told_apart(script: str, at_once: bool) -> None:
    """Braces of functions count, those of conditions and strings do not."""
    assert [move.at_once for move in moves([script])] == [at_once]


def test_cookies_are_read_as_the_courts_write_them() -> None:
    """The wrapped form of the login answers, with domain, path and secure; empty ones are skipped."""
    script = (
        'if ("a+/=".length > 0) { document.cookie="PacerSession=a+/=; path=/; domain=.uscourts.gov; secure;" }'
        'document.cookie = "CASE_NUM=; path=/cgi-bin/; expires=Thu, 01-Jan-1970 00:00:01 GMT";'
        'document.cookie = "PRTYPE=aty; path=/;" function later(){ document.cookie="no=1" }'
    )
    assert list(cookies([script])) == [
        ScriptCookie("PacerSession", "a+/=", ".uscourts.gov", "/", secure=True, expired=False),
        ScriptCookie("PRTYPE", "aty", "", "/", secure=False, expired=False),
    ]


@pytest.mark.parametrize("value", ["a b", "a,b", 'a\\"b', "x" * 5000, "a\\nb"])
def test_cookies_that_no_header_could_carry_are_left(value: str) -> None:
    """Blanks, control characters and endless values never reach a header of ours."""
    assert list(cookies([f'document.cookie="k={value}; path=/"'])) == []


def test_a_cookie_does_not_show_itself() -> None:
    """Session cookies are as good as passwords for a while."""
    assert "s3ss10n" not in repr(next(cookies(['document.cookie="KEY=s3ss10n"'])))


def test_pop_ups_are_read() -> None:
    """WVSD's success is "a pop-up message"."""
    assert list(alerts(['alert("Linked\\nwell"); function no(){ alert("later") }'])) == ["Linked well"]
