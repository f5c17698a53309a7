"""What the style promises to eyes: contrast in light and in dark, no motion, targets that can be hit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.web

STATIC = Path(bot.web.__file__).parent / "static"
STYLE = (STATIC / "page.css").read_text("utf-8")
SCRIPT = (STATIC / "page.js").read_text("utf-8")

TEXT = [
    ("ink", "paper"),
    ("ink", "notice-ground"),
    ("ink", "wrong-ground"),
    ("quiet", "paper"),
    ("quiet", "notice-ground"),
    ("accent", "paper"),
    ("accent", "notice-ground"),
    ("on-accent", "accent"),
    ("wrong", "paper"),
    ("wrong", "wrong-ground"),
    ("warning", "paper"),
    ("warning", "warning-ground"),
]
EDGES = [("edge", "paper"), ("accent", "paper"), ("wrong", "paper"), ("accent", "ground")]


def colours(theme: str) -> dict[str, str]:
    """Return the named colours of "light" or "dark"."""
    light, dark = re.findall(r":root \{([^}]*)\}", STYLE)
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light if theme == "light" else dark))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 reckons it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_reckoned_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_edges_can_be_seen(theme: str) -> None:
    named = colours(theme)
    assert named.keys() == colours("light").keys()
    assert {pair for pair in TEXT if contrast(named[pair[0]], named[pair[1]]) < 4.5} == set()
    assert {pair for pair in EDGES if contrast(named[pair[0]], named[pair[1]]) < 3} == set()


def test_every_colour_has_a_name() -> None:
    rules = re.sub(r":root \{[^}]*\}", "", STYLE)
    assert not re.findall(r"#[0-9a-f]{3,8}\b(?!\s*\{)|rgb|hsl", re.sub(r"#(code|passcode)\b", "", rules))


def test_nothing_moves_for_those_who_asked_for_stillness() -> None:
    still = STYLE.partition("@media (prefers-reduced-motion: no-preference)")[0]
    assert "transition" not in still
    assert "animation" not in STYLE


def test_what_is_pressed_is_large_enough() -> None:
    for selector in (r"button \{", r'input\[type="password"\] \{', r"\.box \{"):
        (rule,) = re.findall(r"^" + selector + r"([^}]*)\}", STYLE, re.MULTILINE)
        assert "min-height: 2.75rem" in rule  # 44 pixels


def test_the_script_makes_no_markup_and_speaks_to_nobody() -> None:
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval",
        "fetch",
        "XMLHttp",
        "http:",
        "Storage",
        "cookie",
        "console",
    ):
        assert word not in SCRIPT
