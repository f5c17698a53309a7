"""Keys are read strictly, shown to nobody but their owner, and one of them is current."""

from __future__ import annotations

import copy
import hmac
import json
import pickle
import traceback
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import WrongSetting
from bot.vault import CurrentKey, Key, KeyRing, RingKeys, UnknownKey, Wrapped
from tests.vault.places import NEW, OLD

RING = KeyRing((NEW, OLD))
TEXT = RING.revealed()

WRONG = [
    "",
    ",",
    TEXT + ",",
    "canary",
    "canary:",
    "canary:AAAA",
    "canary:" + "A" * 43,
    "canary:" + "!" * 43,
    "canary:" + "é" * 43,
    "CANARY:" + OLD.revealed().partition(":")[2],
    ":" + OLD.revealed().partition(":")[2],
    "x" * 33 + ":" + OLD.revealed().partition(":")[2],
    OLD.revealed() + "A",
    OLD.revealed()[:-1],
    # The last character carries two bits that no key has.
    OLD.revealed()[:-1] + "9",
    OLD.revealed() + "==",
    OLD.revealed() + "," + OLD.revealed(),
    OLD.revealed() + ",canary:" + OLD.revealed().partition(":")[2],
    OLD.revealed() + " " + NEW.revealed(),
]


def test_the_first_is_current() -> None:
    ring = KeyRing.read(TEXT)
    assert ring == RING
    assert ring.current == NEW
    assert ring.ids == ("new", "old")
    assert ring.key("old") == OLD


@pytest.mark.parametrize(
    "text", [f"{NEW.revealed()} ,\t{OLD.revealed()}=", f"# a word\n\n{TEXT.replace(',', chr(10))}\n"]
)
def test_blanks_padding_lines_and_remarks_do_not_matter(text: str) -> None:
    assert KeyRing.read(text) == RING


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_is_refused_in_one_line_that_holds_nothing_of_it(text: str) -> None:
    with pytest.raises(WrongSetting) as caught:
        KeyRing.read(text)
    assert caught.value.__context__ is None
    assert str(caught.value).startswith("LINK_ECF_KEYS is wrong: give keys as id:base64url of 32 bytes")
    shown = "".join(traceback.format_exception(caught.value))
    assert "canary" not in shown
    for key in RING.keys:
        assert key.revealed().partition(":")[2][:16] not in shown


@given(st.text())
def test_no_text_makes_reading_fail_otherwise(text: str) -> None:
    with pytest.raises(WrongSetting):
        KeyRing.read(text)


@given(st.lists(st.binary(min_size=32, max_size=32).filter(lambda data: len(set(data)) > 7), min_size=1, unique=True))
def test_a_ring_survives_its_own_text(materials: list[bytes]) -> None:
    ring = KeyRing(tuple(Key(f"k{number}", material) for number, material in enumerate(materials)))
    assert KeyRing.read(ring.revealed()) == ring


def test_a_fresh_key_is_new_each_time_and_named_by_the_day() -> None:
    keys = [Key.fresh(datetime(2026, 11, 22, 23, 59, tzinfo=UTC)) for _ in range(20)]
    assert len({key.material() for key in keys}) == 20
    assert all(key.id.startswith("k20261122-") for key in keys)
    assert KeyRing.read(keys[0].revealed()).current == keys[0]


def test_rotating_and_retiring_make_new_rings() -> None:
    assert KeyRing((OLD,)).with_current(NEW) == RING
    assert RING.without("old") == KeyRing((NEW,))
    assert RING.ids == ("new", "old")
    with pytest.raises(CurrentKey, match=r"^new$"):
        RING.without("new")
    with pytest.raises(UnknownKey, match=r"^none$"):
        RING.without("none")
    with pytest.raises(ValueError, match="not a ring"):
        RING.with_current(Key("other", OLD.material()))


def test_a_key_is_not_shown_copied_or_pickled() -> None:
    shown = f"{OLD} {OLD!r} {RING} {[RING]} {vars(RING) if hasattr(RING, '__dict__') else ''}"
    assert "***" in shown
    assert repr(OLD.material())[2:-1] not in shown
    assert OLD.revealed().partition(":")[2] not in shown
    with pytest.raises(TypeError, match="not pickled or copied"):
        pickle.dumps(RING)
    with pytest.raises(TypeError, match="not pickled or copied"):
        copy.deepcopy(RING)
    with pytest.raises(TypeError, match="not pickled or copied"):
        asdict(RING)
    with pytest.raises(TypeError):
        json.dumps(RING, default=None)
    with pytest.raises(TypeError):
        hash(OLD)


def test_a_key_equals_only_itself() -> None:
    assert Key("old", OLD.material()) == OLD
    assert Key("old", NEW.material()) != OLD
    assert Key("other", OLD.material()) != OLD
    assert OLD.revealed() != OLD


def test_the_local_ring_derives_a_key_per_salt_and_label() -> None:
    keys = RingKeys(lambda: RING)
    made: list[bytes] = []
    for label in (b"a", b"a", b"b"):
        first, again = bytearray(32), bytearray(32)
        wrapped = keys.wrap(label, first)
        keys.unwrap(wrapped, label, again)
        assert (first, len(wrapped.token), wrapped.key_id) == (again, 32, "new")
        keys.unwrap(wrapped, label + b"x", again)
        assert first != again
        made.append(bytes(first))
    assert len({*made, NEW.material()}) == 4
    assert keys.known_ids == {"new", "old"}
    with pytest.raises(UnknownKey):
        keys.unwrap(Wrapped("new", bytes(31)), b"a", bytearray(32))
    with pytest.raises(UnknownKey):
        keys.unwrap(Wrapped("none", bytes(32)), b"a", bytearray(32))


def test_the_derivation_is_the_published_one() -> None:
    """HKDF-SHA256 by its definition (RFC 5869), so that no change of library can lock a firm out of its records."""
    salt, label, out = bytes(range(32)), b"link-ecf/v1/chat-install", bytearray(32)
    RingKeys(lambda: RING).unwrap(Wrapped("old", salt), label, out)
    extracted = hmac.digest(salt, OLD.material(), sha256)
    assert out == hmac.digest(extracted, label + b"\x01", sha256)
