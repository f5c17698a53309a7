"""The register as a spreadsheet: in order, with a header, and with nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Code
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.entry import Entry, Menus, State, fresh
from bot.register.listing import COLUMNS, csv_lines, in_order, plain
from tests.register.strategies import ALMB, ANNA, BEN, FILERS, GASB, MENU, NOON

ENTRY = Entry(ANNA, GASB, State.LINKED, NOON, Code.LINKED, "aaaa2222aa", Menus(MENU, FILERS), "77", "88", "Savannah")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def read(*entries: Entry) -> list[list[str]]:
    """Return the CSV as another program reads it."""
    return list(csv.reader(io.StringIO("".join(csv_lines(entries)), newline="")))


def test_the_header_and_a_row() -> None:
    header, row = read(ENTRY)
    assert header == list(COLUMNS)
    assert dict(zip(header, row, strict=True)) == {
        "court": "gasb",
        "platform": "slack",
        "workspace": "T01",
        "person": "U01ANNA",
        "state": "linked",
        "since": "2026-11-22T12:00:00+00:00",
        "code": "linked",
        "incident": "aaaa2222aa",
        "cmecf_login_ends_in": "77",
        "pacer_username_ends_in": "88",
        "office": "Savannah",
        "menu_before": "Query | Reports | Utilities | Log Out",
        "menu_after": "Bankruptcy | Adversary | Query | Reports | Utilities | Log Out",
    }


def test_an_empty_register_is_a_header() -> None:
    assert read() == [list(COLUMNS)]


@given(st.sampled_from(DANGEROUS), st.text(max_size=30), st.text(" \u00a0\n", max_size=2))
def test_no_cell_begins_like_a_formula(first: str, rest: str, blanks: str) -> None:
    label = blanks + first + rest
    entry = replace(
        ENTRY,
        person=Person(Platform.TERMINAL, WorkspaceId(label), PersonId(label)),
        office=label,
        menus=Menus((label,), (label, label)),
        login_tail=(first + rest)[:2],
        account_tail=first,
    )
    rows = read(entry)
    assert len(rows) == 2
    assert len(rows[1]) == len(COLUMNS)
    for cell in rows[1]:
        assert not cell.startswith(DANGEROUS)
        assert not cell.strip().startswith(DANGEROUS[:4])
        assert "\0" not in cell


@given(st.text(max_size=40).filter(lambda text: "\0" not in text))
def test_every_text_comes_back_as_it_was_but_for_the_apostrophe(office: str) -> None:
    (_, row) = read(replace(ENTRY, office=office))
    assert row[COLUMNS.index("office")].removeprefix("'") == office.removeprefix("'")


def test_the_order_is_by_court_and_person() -> None:
    entries = [fresh(person, court, NOON) for court in (ALMB, GASB) for person in (ANNA, BEN)]
    mixed = list(entries)
    Random(7).shuffle(mixed)
    assert in_order(mixed) == entries


def test_json_has_the_same_columns_and_lists_for_menus() -> None:
    assert tuple(plain(ENTRY)) == COLUMNS
    assert plain(ENTRY)["menu_after"] == list(FILERS)
