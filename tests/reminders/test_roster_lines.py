"""A roster's text: every header and separator that people export, and every line that cannot be taken."""

from __future__ import annotations

import pytest

from bot.courts.directory import Directory
from bot.reminders.people.roster_lines import LineFlaw, RosterText, read_roster


def read(text: str) -> RosterText:
    return read_roster(text, Directory.shipped().plainly)


def said(text: str) -> list[tuple[str, tuple[str, ...], str]]:
    roster = read(text)
    assert roster.bad == (), roster.bad
    return [(one.email, one.courts, one.office) for one in roster.lines]


@pytest.mark.parametrize(
    "text",
    [
        "e-mail,courts,office\nanna@firm.example,gasb;gand,Savannah",
        "\ufeffE-Mail Address,Courts,Office\r\nanna@firm.example,gasb gand,Savannah\r\n",
        "Name,Office,Court IDs,Mail\nAnna,Savannah,GASB; GAND,Anna@Firm.Example",
        "anna@firm.example,gasb;gand,Savannah",
        "email\tcourts\toffice\nanna@firm.example\tgasb;gand\tSavannah",
        'email;courts;office\nanna@firm.example;"gasb;gand";Savannah',
        'email,courts,office\n"anna@firm.example","gasb, gand"," Savannah "',
        "\n\nemail,courts,office\n\nanna@firm.example,gasb,Savannah\n,,\nanna@firm.example,gand,\n",
        "email,courts,office\nanna@firm.example,southern georgia bankruptcy;gand,Savannah",
        "email, courts, office\nanna@firm.example, gasb;gand;gasb, Savannah",
    ],
)
def test_one_person_written_in_every_way(text: str) -> None:
    assert said(text) == [("anna@firm.example", ("gasb", "gand"), "Savannah")]


def test_none_is_nowhere_and_an_office_may_be_missing() -> None:
    assert said("anna@firm.example,NONE\nben@firm.example,almb") == [
        ("anna@firm.example", (), ""),
        ("ben@firm.example", ("almb",), ""),
    ]


@pytest.mark.parametrize(
    ("line", "flaw", "shown"),
    [
        (",gasb,Savannah", LineFlaw.NO_EMAIL, "gasb"),
        ("anna,gasb", LineFlaw.EMAIL, "anna"),
        ("anna@firm,gasb", LineFlaw.EMAIL, "anna@firm"),
        ("a b@firm.example,gasb", LineFlaw.EMAIL, "a b@firm.example"),
        ("anna@firm.example\u202e,gasb", LineFlaw.EMAIL, "anna@firm.example\u202e"),
        ("anna@firm.example", LineFlaw.NO_COURTS, "anna@firm.example"),
        ("anna@firm.example,,Savannah", LineFlaw.NO_COURTS, "anna@firm.example"),
        ("anna@firm.example,gasb;gsab", LineFlaw.COURT, "gsab"),
        ("anna@firm.example,gasb " + "x" * 100, LineFlaw.COURT, "x" * 57 + "..."),
        ("anna@firm.example,gasb," + "o" * 129, LineFlaw.OFFICE_LONG, "o" * 57 + "..."),
        ("ben@firm.example,gasb,Macon", LineFlaw.OFFICE_DIFFERS, "Macon"),
        ('"anna@firm.example,gasb', LineFlaw.UNREADABLE, ""),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_the_others_are_taken(line: str, flaw: LineFlaw, shown: str) -> None:
    roster = read(f"email,courts,office\nben@firm.example,almb,Savannah\n{line}")
    assert [(one.number, one.flaw, one.shown) for one in roster.bad] == [(3, flaw, shown)]
    assert [(one.email, one.courts, one.office) for one in roster.lines] == [
        ("ben@firm.example", ("almb",), "Savannah")
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", "email,courts,office", "\x00", "a" * 300_000])
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert read(text).lines == ()


def test_lines_are_numbered_as_an_editor_does() -> None:
    roster = read('email,courts,office\n"anna@firm.example",gasb,"two\nlines"\nx,gasb\n')
    assert [one.number for one in roster.bad] == [4]
    assert [one.office for one in roster.lines] == ["two lines"]
