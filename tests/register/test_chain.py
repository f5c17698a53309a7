"""The chain: one spelling for an entry, and no line removed, altered, inserted or moved that is not named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.register.chain import FIRST, Head, canonical, hash_of, moment
from bot.register.verify import Tampering, verify
from tests.register.strategies import NOON, chain_of, rewritten

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=9
)
chains = st.lists(st.text("0123456789abcdef", max_size=8), min_size=2, max_size=9).map(chain_of)


@given(plain)
def test_an_entry_has_one_spelling_in_ascii(value: object) -> None:
    text = canonical(value)  # type: ignore[arg-type]
    assert text.isascii()
    if isinstance(value, dict):
        assert canonical(dict(reversed(value.items()))) == text


@pytest.mark.parametrize("value", [1.0, {"a": float("nan")}, {"a": [1]}, {1: "a"}, b"x", NOON])
def test_what_has_more_than_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)  # type: ignore[arg-type]


def test_the_recipe_of_a_hash_is_what_the_readme_says() -> None:
    """Written out, so that an auditor's own program can be checked against it."""
    assert hash_of(1, FIRST, "{}") == "6c83973f50da33932e3277f845cf180a4bad93dd7584d3a6e593cdd0a58ada34"


def test_a_moment_is_spelled_in_utc_and_a_naive_one_refused() -> None:
    assert moment(NOON) == "2026-11-22T12:00:00.000000Z"
    with pytest.raises(ValueError, match="zone"):
        moment(datetime(2026, 11, 22, 12))  # noqa: DTZ001 - that is the point


@given(chains)
def test_a_sound_chain_is_whole(lines: list) -> None:  # type: ignore[type-arg]
    for head in (None, lines[-1].head, lines[0].head):
        verdict = verify(lines, head)
        assert verdict.whole
        assert (verdict.lines, verdict.ends_at) == (len(lines), lines[-1].head)
        assert verdict.newer_than_head == (len(lines) - head.seq if head else 0)


def test_an_empty_audit_is_whole_unless_a_line_is_remembered() -> None:
    assert verify([]).whole
    verdict = verify([], Head(3, "a" * 64))
    assert (verdict.tampering, verdict.number) == (Tampering.REMOVED, 1)


@given(chains, st.data())
def test_any_removed_line_is_named(lines: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    gone = data.draw(st.integers(0, len(lines) - 1))
    verdict = verify(lines[:gone] + lines[gone + 1 :], lines[-1].head)
    assert (verdict.tampering, verdict.number) == (Tampering.REMOVED, gone + 1)
    assert verdict.lines == gone


@given(chains, st.data())
def test_a_tail_that_was_cut_off_is_seen_by_the_head_only(lines: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    kept = data.draw(st.integers(0, len(lines) - 1))
    verdict = verify(lines[:kept], lines[-1].head)
    assert (verdict.tampering, verdict.number) == (Tampering.REMOVED, kept + 1)
    assert verify(lines[:kept]).whole


@given(chains, st.data(), st.sampled_from(("seq", "at", "entry", "previous", "hash")))
def test_any_altered_field_is_named(lines: list, data: st.DataObject, field: str) -> None:  # type: ignore[type-arg]
    place = data.draw(st.integers(0, len(lines) - 1))
    line = lines[place]
    other = {
        "seq": line.seq + len(lines) + 7,
        "at": line.at + timedelta(microseconds=1),
        "entry": line.entry.replace("U01ANNA", "U02BEN"),
        "previous": "f" * 64,
        "hash": "e" * 64,
    }
    lines[place] = replace(line, **{field: other[field]})
    verdict = verify(lines, chain_head := lines[-1].head if field in {"at", "entry", "previous"} else None)
    assert not verdict.whole, chain_head
    if field == "seq":
        assert verdict.number in {line.seq, other["seq"]}
    else:
        assert (verdict.tampering, verdict.number) == (Tampering.ALTERED, line.seq)


@given(chains, st.data())
def test_a_line_rewritten_with_a_hash_of_its_own_is_named(lines: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    head = lines[-1].head
    place = data.draw(st.integers(0, len(lines) - 1))
    lines[place] = rewritten(lines[place])
    verdict = verify(lines, head)
    assert (verdict.tampering, verdict.number) == (Tampering.ALTERED, place + 1)


@given(chains, st.data())
def test_a_whole_history_made_anew_does_not_agree_with_the_head(lines: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    anew = chain_of(["forged" for _ in lines])
    verdict = verify(anew, lines[-1].head)
    assert (verdict.tampering, verdict.number) == (Tampering.ALTERED, len(lines))


@given(chains, st.data())
def test_any_inserted_line_is_named(lines: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    """A copy of another line, or one made to fit, in any place that is not after the last one."""
    place = data.draw(st.integers(0, len(lines) - 1))
    fits = rewritten(lines[place])
    copy = lines[data.draw(st.integers(0, len(lines) - 1))]
    beyond = rewritten(lines[place], seq=len(lines) + 3)
    inserted = data.draw(st.sampled_from((fits, copy, beyond)))
    verdict = verify([*lines[:place], inserted, *lines[place:]], lines[-1].head)
    assert (verdict.tampering, verdict.number) == (Tampering.INSERTED, inserted.seq)


@given(chains)
def test_a_line_put_after_the_last_one_is_told_as_newer_than_the_head(lines: list) -> None:  # type: ignore[type-arg]
    """One that fits perfectly cannot be told from one that another replica wrote: so it is counted and said."""
    last = lines[-1]
    forged = rewritten(last, seq=last.seq + 1, previous=last.hash)
    assert verify([*lines, forged], last.head).newer_than_head == 1
    misfit = rewritten(last, seq=last.seq + 1, previous="d" * 64)
    assert not verify([*lines, misfit], last.head).whole
    again = verify([*lines, lines[0]], last.head)
    assert (again.tampering, again.number) == (Tampering.INSERTED, 1)


@given(chains, st.data())
def test_any_two_lines_that_changed_places_are_found(lines: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    head = lines[-1].head
    one = data.draw(st.integers(0, len(lines) - 2))
    other = data.draw(st.integers(one + 1, len(lines) - 1))
    lines[one], lines[other] = lines[other], lines[one]
    verdict = verify(lines, head)
    assert verdict.tampering in {Tampering.MOVED, Tampering.INSERTED}
    assert verdict.number in {one + 1, other + 1}
    assert verdict.lines == one


@given(chains, st.data())
def test_a_line_that_stands_further_down_is_named(lines: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    place = data.draw(st.integers(0, len(lines) - 2))
    to = data.draw(st.integers(place + 1, len(lines) - 1))
    moved = lines.pop(place)
    lines.insert(to, moved)
    verdict = verify(lines)
    assert not verdict.whole
    assert verdict.number in {moved.seq, moved.seq + 1}
