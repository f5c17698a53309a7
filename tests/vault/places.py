"""Keys, places and moments for the vault's tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.people import PersonId, WorkspaceId
from bot.vault import Key, KeyRing, Purpose, RingKeys, Sealing, Vault, accounts_place, install_place, passcode_place

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=60)

OLD = Key("old", bytes(range(32)))
NEW = Key("new", bytes(range(100, 132)))

INSTALL = install_place("E012AB3CD", "T012AB3CD", "U012AB3CD")
ACCOUNTS = accounts_place(WorkspaceId("T012AB3CD"), PersonId("U012AB3CD"), "attempt-1", 1, SOON)
PASSCODE = passcode_place(WorkspaceId("T012AB3CD"), PersonId("U012AB3CD"), "attempt-1", 1, SOON)


def vault(*keys: Key) -> Vault:
    """A vault whose ring has these keys, the first current; OLD alone when none is named."""
    ring = KeyRing(keys or (OLD,))
    return Vault(RingKeys(lambda: ring))


MOVED: dict[str, Callable[[Sealing], Sealing]] = {
    "purpose": lambda place: replace(
        place,
        purpose=Purpose.CHAT_INSTALL if place.purpose is Purpose.PASSCODE_IN_TRANSIT else Purpose.PASSCODE_IN_TRANSIT,
        expires_at=place.expires_at or SOON,
    ),
    "workspace": lambda place: replace(place, workspace=WorkspaceId(place.workspace + "X")),
    "person": lambda place: replace(place, person=PersonId(place.person + "X")),
    "record": lambda place: replace(place, record=place.record + "X"),
    "expiry": lambda place: replace(place, expires_at=(place.expires_at or SOON) + timedelta(microseconds=1)),
    "border": lambda place: replace(place, workspace=WorkspaceId(place.workspace + place.person), person=PersonId("")),
}
"""Every way in which a row can be put in another's place."""

places = st.builds(
    Sealing,
    st.sampled_from(Purpose),
    st.text().map(WorkspaceId),
    st.text(min_size=1).map(PersonId),
    st.text(min_size=1),
    st.datetimes(NOW.replace(tzinfo=None, year=2027), datetime(9000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
