"""A person finds a court by whatever they call it."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.courts.court import Court
from bot.courts.directory import Directory

DIRECTORY = Directory.shipped()
LINES_OF_A_SEARCH = 30_000
"""Lines of Python that a search may run: about 2 ms of a small machine, so that 5 ms are never reached."""


def ids(text: str, limit: int = 25) -> list[str]:
    return [court.id for court in DIRECTORY.search(text, limit)]


FIRST = [
    ("gasb", ["gasb"]),
    (" GASB ", ["gasb"]),
    ("GASBK", ["gasb"]),
    ("ecf.gasb.uscourts.gov", ["gasb"]),
    ("https://ecf.gasb.uscourts.gov/cgi-bin/login.pl", ["gasb"]),
    ("southern georgia", ["gasb", "gasd"]),
    ("georgia southern", ["gasb", "gasd"]),
    ("S.D. Ga.", ["gasb", "gasd"]),
    ("S. D. Ga.", ["gasb", "gasd"]),
    ("s.d.n.y.", ["nysb", "nysd"]),
    ("edpa", ["paeb", "paed"]),
    ("n.d. ill. bankr.", ["ilnb"]),
    ("S.D. W. Va.", ["wvsb", "wvsd"]),
    ("D. Mass.", ["mab", "mad"]),
    ("alabama middle bankruptcy", ["almb"]),
    ("middle district of alabama bankruptcy court", ["almb"]),
    ("bankr md ala", ["almb"]),
    ("district court southern georgia", ["gasd"]),
    ("manhattan", ["nysb", "nysd"]),
    ("los angeles bankruptcy", ["cacb"]),
    ("coeur d'alene", ["idb", "idd"]),
    ("St. Louis", ["moeb", "moed"]),
    ("san jos\u00e9", ["canb", "cand"]),
    ("virginia", ["vaeb", "vaed", "vawb", "vawd"]),
    ("west virginia", ["wvnb", "wvnd", "wvsb", "wvsd"]),
    ("kansas", ["ksb", "ksd"]),
    ("md", ["mdb", "mdd"]),
    ("guam", ["gub", "gud"]),
    ("9th circuit", ["bap9", "ca9"]),
    ("veterans", ["cavc"]),
    ("federal claims", ["cofc"]),
]


@pytest.mark.parametrize(("text", "wanted"), FIRST)
def test_the_courts_meant_come_first(text: str, wanted: list[str]) -> None:
    assert sorted(ids(text)[: len(wanted)]) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("alabma middle bankruptcy", "almb"),  # a letter missing
        ("gerogia southern bankrupcy", "gasb"),  # two letters changed places, a letter missing
        ("massachusets bankruptcy", "mab"),
        ("wiscosnin western bankruptcy", "wiwb"),
        ("oregonn bankruptcy", "orb"),  # a letter too many
        ("hawaai bankruptcy", "hib"),  # a wrong letter
    ],
)
def test_one_slip_in_a_word_is_forgiven(text: str, wanted: str) -> None:
    assert ids(text)[0] == wanted


@given(st.sampled_from(DIRECTORY.all))
def test_every_court_is_found_first_by_each_of_its_names(court: Court) -> None:
    for name in (court.id, court.id.upper(), court.pacer_id or court.id, court.name, court.short_name):
        assert ids(name)[0] == court.id
        found = DIRECTORY.plainly(name)
        assert found is court


@given(st.sampled_from(DIRECTORY.all), st.data())
def test_a_court_stays_in_sight_while_its_name_is_being_typed(court: Court, data: st.DataObject) -> None:
    typed = court.name[: data.draw(st.integers(3, len(court.name)))]
    assert court.id in ids(typed, limit=209)


@given(st.text(max_size=1200), st.integers(-1, 300))
@example("", 25)
@example("\x00\x01\x02", 25)
@example("." * 1000, 25)
@example("\u202e" * 50, 25)
@example("[(*+?\\", 25)
def test_no_text_raises_and_no_court_comes_twice(text: str, limit: int) -> None:
    found = DIRECTORY.search(text, limit)
    assert len(found) <= max(0, limit)
    assert len({court.id for court in found}) == len(found)
    DIRECTORY.plainly(text)
    DIRECTORY.by_id(text)


def test_the_blank_text_gives_the_list_from_its_start() -> None:
    assert list(DIRECTORY.search("")) == list(DIRECTORY.all[:25])
    assert [court.id for court in DIRECTORY.search("   ", 2)] == ["almb", "almd"]


@pytest.mark.parametrize("text", ["zzzzzz", "\x00", "?!", "the", "court"])
def test_what_says_nothing_finds_nothing(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize(
    ("text", "court"),
    [
        ("gasb", "gasb"),
        ("alabama middle bankruptcy", "almb"),
        ("bankr md ala", "almb"),
        ("new york southern bankruptcy", "nysb"),
        ("southern georgia", None),  # two courts
        ("guam", None),
        ("alabma middle bankruptcy", None),  # a guess is offered, never taken
        ("gas", None),
        ("", None),
        ("help", None),
        ("status", None),
        ("cancel", None),
    ],
)
def test_only_a_text_that_fits_one_court_names_it_plainly(text: str, court: str | None) -> None:
    found = DIRECTORY.plainly(text)
    assert (found and found.id) == court


class _Lines:
    """Counts the lines of Python that run: the work of a search, whatever the machine is doing besides."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> _Lines:
        self.count += event == "line"
        return self


@pytest.mark.parametrize(
    "text",
    [
        "gasb",
        "alabama middle bankruptcy",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "n no nor nort north northe s so sou sout south d di dis distr",
        "e" * 1000,
        "bankruptcyy" * 18,
        " ".join(f"bankrupt{letter}x" for letter in "abcdefghijklmnopqrst"),
        "district of the of the " * 50,
    ],
)
def test_a_search_is_little_work_whatever_is_typed(text: str) -> None:
    DIRECTORY.search("made ready")
    lines, before = _Lines(), sys.gettrace()
    sys.settrace(lines)
    try:
        DIRECTORY.search(text)
    finally:
        sys.settrace(before)
    assert 0 < lines.count < LINES_OF_A_SEARCH
