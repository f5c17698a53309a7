"""The court is found in "Where would you like to go?" by its id, by its words only where there are no ids."""

from __future__ import annotations

import pytest

from bot.courts.directory import Directory
from bot.linker.court_choice import option_for

COURTS = Directory.shipped()


@pytest.mark.parametrize(
    ("court_id", "options", "value"),
    [
        ("gasb", [("", "-- select one --"), ("N_GASBK", "Georgia Southern - NextGen")], "N_GASBK"),
        ("gasb", [("E_GASBK", "Georgia Southern - ECF"), ("N_GASBK", "Georgia Southern - NextGen")], "N_GASBK"),
        ("gasb", [("N_GASDC", "Georgia Southern - NextGen")], None),
        ("gasb", [("12", "Georgia Southern Bankruptcy Court"), ("13", "Georgia Middle Bankruptcy Court")], "12"),
        ("gasb", [("12", "Georgia Southern - NextGen"), ("13", "Georgia Southern - ECF")], None),
        ("almd", [("1", "Alabama Middle District Court"), ("2", "Alabama Middle Bankruptcy Court")], "1"),
        ("gasb", [("1", "Alabama Middle Bankruptcy Court")], None),
        ("gasb", [], None),
    ],
)
def test_the_one_option(court_id: str, options: list[tuple[str, str]], value: str | None) -> None:
    """Never a guess: no fitting option, or two, is none."""
    court = COURTS.by_id(court_id)
    assert court is not None
    assert option_for(court, options) == value
