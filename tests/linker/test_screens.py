"""Golden screens: every page class has a folder of pages beside what the bot reads on them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.linker import pages, signon_pages
from bot.linker.inspect import inspect

SCREENS = Path(__file__).parents[1] / "screens"
CASES = sorted(SCREENS.glob("*/*.html"))


@pytest.mark.parametrize("page", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_screen_reads_as_its_golden_reading(page: Path) -> None:
    """The reading beside each page holds, word for word; the folder names the class."""
    golden = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    found = inspect(golden.pop("url"), page.read_bytes())
    assert found == golden
    assert found["page"] == page.parent.name


def test_every_page_class_has_a_screen() -> None:
    """A class without a page that shows it is a class nobody has seen work."""
    classes = {
        name
        for module in (pages, signon_pages)
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, pages.Page) and value is not pages.Page
    }
    assert classes - {p.parent.name for p in CASES} == set()
