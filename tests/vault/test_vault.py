"""What is sealed opens in its own place and time, under its own key, whole - and nowhere else."""

from __future__ import annotations

import logging
import traceback
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.people import PersonId, WorkspaceId
from bot.vault import CannotOpen, Purpose, Sealing, Vault, Wrapped, install_place, key_id_of
from bot.vault.vault import wiped
from tests.vault.places import ACCOUNTS, INSTALL, MOVED, NEW, NOW, OLD, PASSCODE, SOON, places, vault

TEXT = b"xoxb-canary-token"


def refusal(box: Vault, place: Sealing, sealed: bytes, now: datetime = NOW) -> CannotOpen:
    """Open, and fail where it does open."""
    with pytest.raises(CannotOpen) as caught:
        box.open(place, sealed, now)
    return caught.value


@given(places, st.binary())
def test_what_is_sealed_opens_again_in_its_place(place: Sealing, text: bytes) -> None:
    sealed = vault().seal(place, text)
    assert vault().open(place, sealed, NOW) == text
    assert len(text) < 4 or text not in sealed


def test_sealing_twice_gives_two_records() -> None:
    box = vault()
    sealed = {box.seal(INSTALL, TEXT) for _ in range(50)}
    assert len(sealed) == 50
    # No run of 12 bytes after the head comes twice: fresh salt, fresh nonce, and so another ciphertext.
    head = len(b"\x01\x03old\x00\x20")
    runs = [one[at : at + 12] for one in sealed for at in range(head, len(one) - 11)]
    assert len(set(runs)) == len(runs)


@pytest.mark.parametrize("place", [INSTALL, PASSCODE, ACCOUNTS], ids=lambda place: place.purpose.value)
def test_every_flipped_bit_is_noticed(place: Sealing) -> None:
    box = vault()
    sealed = box.seal(place, TEXT)
    for bit in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        refusal(box, place, bytes(altered))


def test_every_cut_is_noticed() -> None:
    box = vault()
    sealed = box.seal(INSTALL, TEXT)
    for size in range(len(sealed)):
        refusal(box, INSTALL, sealed[:size])
        refusal(box, INSTALL, sealed[len(sealed) - size :])


@given(st.binary(min_size=1), st.integers(0))
def test_anything_put_in_is_noticed(more: bytes, where: int) -> None:
    sealed = vault().seal(INSTALL, TEXT)
    at = where % (len(sealed) + 1)
    longer = sealed[:at] + more + sealed[at:]
    refusal(vault(), INSTALL, longer)


@given(st.binary())
@settings(max_examples=300)
def test_other_bytes_are_refused_and_never_crash(data: bytes) -> None:
    refusal(vault(), INSTALL, data)
    refusal(vault(), INSTALL, b"\x01\x03old" + data)
    with pytest.raises(CannotOpen):
        key_id_of(b"\x02" + data)


@pytest.mark.parametrize("way", MOVED)
@pytest.mark.parametrize("place", [INSTALL, PASSCODE, ACCOUNTS], ids=lambda place: place.purpose.value)
def test_a_row_in_anothers_place_does_not_open(place: Sealing, way: str) -> None:
    other = MOVED[way](place)
    assert other != place
    refusal(vault(), other, vault().seal(place, TEXT))


@given(places, places)
def test_no_two_places_read_the_same(one: Sealing, other: Sealing) -> None:
    assert (one.bound("k") == other.bound("k")) == (one == other)


def test_two_rows_swapped_do_not_open() -> None:
    box = vault()
    other = install_place("E012AB3CD", "T999", "U012AB3CD")
    for place, sealed in ((INSTALL, box.seal(other, TEXT)), (other, box.seal(INSTALL, TEXT))):
        refusal(box, place, sealed)


def test_it_opens_until_its_end_and_not_from_then_on() -> None:
    box = vault()
    sealed = box.seal(PASSCODE, b"123456")
    assert box.open(PASSCODE, sealed, SOON - timedelta(microseconds=1)) == b"123456"
    refusal(box, PASSCODE, sealed, SOON)
    refusal(box, PASSCODE, sealed, SOON + timedelta(days=1))


def test_a_key_that_is_not_there_or_not_the_same_opens_nothing() -> None:
    sealed = vault(NEW).seal(INSTALL, TEXT)
    refusal(vault(OLD), INSTALL, sealed)
    namesake = type(NEW)(NEW.id, OLD.material())
    refusal(vault(namesake), INSTALL, sealed)
    refusal(vault(namesake, type(NEW)("other", NEW.material())), INSTALL, sealed)


def test_the_name_of_the_key_cannot_be_changed() -> None:
    twin = type(OLD)("odd", bytes(reversed(OLD.material())))
    sealed = vault(OLD, twin).seal(INSTALL, TEXT)
    refusal(vault(OLD, twin), INSTALL, sealed.replace(b"old", b"odd", 1))


def test_a_retired_key_opens_and_does_not_seal_and_a_removed_one_does_neither() -> None:
    sealed = vault(OLD).seal(INSTALL, TEXT)
    both = vault(NEW, OLD)
    assert both.open(INSTALL, sealed, NOW) == TEXT
    assert {key_id_of(both.seal(INSTALL, TEXT)) for _ in range(20)} == {"new"}
    refusal(vault(NEW), INSTALL, sealed)


def test_resealing_moves_a_record_to_the_current_key_and_changes_nothing_else() -> None:
    sealed = vault(OLD).seal(INSTALL, TEXT)
    both = vault(NEW, OLD)
    assert both.needs_resealing(sealed)
    again = both.reseal(INSTALL, sealed, NOW)
    assert key_id_of(again) == "new"
    assert not both.needs_resealing(again)
    assert both.reseal(INSTALL, again, NOW) is again
    assert vault(NEW).open(INSTALL, again, NOW) == TEXT
    refusal(vault(NEW), MOVED["person"](INSTALL), again)


def test_resealing_does_not_give_a_record_another_place_or_a_longer_life() -> None:
    both = vault(NEW, OLD)
    sealed = vault(OLD).seal(PASSCODE, b"123456")
    for place, now in ((PASSCODE, SOON), (MOVED["workspace"](PASSCODE), NOW), (MOVED["expiry"](PASSCODE), NOW)):
        with pytest.raises(CannotOpen):
            both.reseal(place, sealed, now)


def test_every_refusal_reads_the_same_and_shows_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sealed = vault().seal(PASSCODE, b"canary")
    refusals = [
        refusal(vault(NEW), PASSCODE, sealed),
        refusal(vault(), INSTALL, sealed),
        refusal(vault(), PASSCODE, sealed[:-1]),
        refusal(vault(), PASSCODE, b"garbage"),
        refusal(vault(), PASSCODE, sealed, SOON),
    ]
    assert {str(error) for error in refusals} == {"a sealed record cannot be opened"}
    for error in refusals:
        assert error.__context__ is None
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        assert "canary" not in shown
        assert OLD.material().hex() not in shown
        assert repr(OLD.material())[2:-1] not in shown
    assert caplog.text == ""


def test_what_was_lent_is_zeroed_when_it_is_given_back() -> None:
    box = vault()
    with box.opened(INSTALL, box.seal(INSTALL, TEXT), NOW) as text:
        assert text == TEXT
    assert text == bytes(len(TEXT))
    with pytest.raises(RuntimeError), box.opened(INSTALL, box.seal(INSTALL, TEXT), NOW) as text:
        raise RuntimeError
    assert text == bytes(len(TEXT))
    with wiped(4) as buffer:
        buffer[:] = b"word"
    assert buffer == bytes(4)


class WatchedKeys:
    """A provider that hands out one key and keeps the buffers it was given."""

    current_id = "kms-1"
    known_ids = frozenset({"kms-1"})

    def __init__(self, trouble: Exception | None = None) -> None:
        self.buffers: list[bytearray] = []
        self.labels: list[bytes] = []
        self.trouble = trouble

    def wrap(self, label: bytes, into: bytearray) -> Wrapped:
        self._fill(label, into)
        return Wrapped("kms-1", b"wrapped by the key service " * 10)

    def unwrap(self, wrapped: Wrapped, label: bytes, into: bytearray) -> None:
        assert wrapped == Wrapped("kms-1", b"wrapped by the key service " * 10)
        self._fill(label, into)
        if self.trouble is not None:
            raise self.trouble

    def _fill(self, label: bytes, into: bytearray) -> None:
        into[:] = OLD.material()
        self.buffers.append(into)
        self.labels.append(label)


def test_an_external_key_service_fits_and_its_record_keys_are_zeroed() -> None:
    keys = WatchedKeys()
    box = Vault(keys)
    sealed = box.seal(INSTALL, TEXT)
    assert box.open(INSTALL, sealed, NOW) == TEXT
    refusal(box, PASSCODE, sealed)
    assert key_id_of(sealed) == "kms-1"
    assert keys.buffers == [bytearray(32)] * 3
    assert keys.labels == [b"link-ecf/v1/chat-install"] * 2 + [b"link-ecf/v1/passcode-in-transit"]


def test_a_key_service_that_is_away_is_no_reason_to_drop_the_record() -> None:
    keys = WatchedKeys(ConnectionError())
    box = Vault(keys)
    sealed = box.seal(INSTALL, TEXT)
    with pytest.raises(ConnectionError):
        box.open(INSTALL, sealed, NOW)
    assert keys.buffers == [bytearray(32)] * 2


@pytest.mark.parametrize(
    ("record", "end"),
    [("", SOON), ("r", SOON.replace(tzinfo=None)), ("r", None)],
    ids=["no name", "no time zone", "a passcode without end"],
)
def test_a_place_that_binds_too_little_is_none(record: str, end: datetime | None) -> None:
    with pytest.raises(ValueError, match="needs"):
        Sealing(Purpose.PASSCODE_IN_TRANSIT, WorkspaceId("T"), PersonId("U"), record, end)


def test_an_installation_is_told_from_its_neighbours() -> None:
    ids = [
        ("E", "T", "U"),
        ("E", "T", ""),
        ("E", "", "U"),
        ("", "T", "U"),
        ("ET", "", "U"),
        ("E", "", ""),
        ("", "E", ""),
    ]
    assert len({install_place(*one) for one in ids}) == len(ids)
    sealed = vault().seal(install_place("E", "", ""), TEXT)
    refusal(vault(), install_place("", "E", ""), sealed)


def test_purposes_are_a_closed_set_without_passwords() -> None:
    assert {purpose.value for purpose in Purpose} == {"chat-install", "passcode-in-transit", "accounts-shown"}
