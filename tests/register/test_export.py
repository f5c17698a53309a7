"""An export can be verified by itself, and what is no line of an export is named by its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.register.export import exported, imported
from bot.register.verify import Tampering, verify
from tests.register.strategies import chain_of

LINES = chain_of(["aa", "bb", "cc", "dd"])
TEXTS = [exported(line) for line in LINES]


def test_it_comes_back_as_it_was() -> None:
    assert list(imported([*TEXTS, "\n", ""])) == LINES
    assert verify(imported(TEXTS), LINES[-1].head).whole


def test_each_line_is_one_object_in_ascii_that_other_programs_read() -> None:
    for text, line in zip(TEXTS, LINES, strict=True):
        assert text.isascii()
        assert "\n" not in text
        assert list(json.loads(text)) == ["seq", "at", "entry", "previous", "hash"]
        assert json.loads(text)["entry"]["who"]["id"] == "U01ANNA"
        assert json.loads(text)["seq"] == line.seq


@given(st.text() | st.sampled_from(("null", "[]", "{}", "[" * 99_999, '{"seq":1}', '{"seq":true,"at":1}')))
def test_a_text_that_is_no_line_is_named_by_its_place(text: str) -> None:
    if not text.strip():
        return
    verdict = verify(imported([*TEXTS[:2], text, *TEXTS[3:]]))
    assert (verdict.tampering, verdict.number) == (Tampering.ALTERED, 3)


@pytest.mark.parametrize("change", [{"seq": 2.0}, {"seq": True}, {"at": "yesterday"}, {"entry": {"at": 1.5}}])
def test_a_value_of_another_kind_makes_the_line_unreadable(change: dict[str, object]) -> None:
    texts = [TEXTS[0], json.dumps(json.loads(TEXTS[1]) | change), *TEXTS[2:]]
    assert verify(imported(texts)).number == 2
