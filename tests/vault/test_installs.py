"""Sealing the installations again, in real databases and by real processes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.commands.sealed import Resealed, SealedInstalls
from bot.register.event import Event
from bot.register.recorder import Recorder
from bot.store import Audit, InstallRow, Installs, Store
from bot.vault import CannotOpen, Key, KeyFile, KeyRing, RingKeys, Sealing, Vault, install_place, key_id_of
from tests.vault.places import NEW, NOW, OLD, vault

ROOT = Path(__file__).resolve().parents[2]
KEYS = [("E1", "", ""), ("", "T1", ""), ("", "T1", "U1"), ("E1", "T2", "")]


def row(key: tuple[str, str, str], under: Key) -> InstallRow:
    """An installation whose text is its own key."""
    return InstallRow(*key, vault(under).seal(install_place(*key), repr(key).encode()), under.id, NOW)


def sealed(store: Store) -> SealedInstalls:
    """The installations in this store."""
    return SealedInstalls(store, Recorder(SystemClock(), None))


async def events(store: Store) -> list[tuple[str, dict[str, object]]]:
    """Every event of the audit with its facts."""
    async with store.work() as work:
        entries = [json.loads(line.entry) for line in await Audit().since(work, 0, 100)]
    return [(entry["event"], entry["facts"]) for entry in entries]


async def save(store: Store, *rows: InstallRow) -> None:
    """Keep these rows."""
    async with store.work() as work:
        for one in rows:
            await Installs().save(work, one)


async def texts(store: Store, ring: KeyRing) -> dict[tuple[str, str, str], bytes]:
    """Open every installation with these keys only; fails where one does not open or its column says another key."""
    box = Vault(RingKeys(lambda: ring))
    async with store.work() as work:
        found = await Installs().all_sealed(work)
    assert all(one.key_id == key_id_of(one.sealed) for one in found)
    return {one.key: box.open(install_place(*one.key), one.sealed, NOW) for one in found}


async def test_every_installation_moves_to_the_current_key_once(store: Store) -> None:
    await save(store, *(row(key, OLD) for key in KEYS[:3]), row(KEYS[3], NEW))
    installs = sealed(store)
    assert await installs.in_use() == {"old": 3, "new": 1}

    def again(place: Sealing, old: bytes) -> bytes:
        return vault(NEW, OLD).reseal(place, old, NOW)

    assert await installs.reseal_all(again) == Resealed(3, 0)
    assert await installs.in_use() == {"new": 4}
    assert await texts(store, KeyRing((NEW,))) == {key: repr(key).encode() for key in KEYS}
    assert await installs.reseal_all(again) == Resealed(0, 0)


async def test_what_does_not_open_stays_as_it_is_and_is_counted(store: Store) -> None:
    swapped = replace(row(KEYS[1], OLD), sealed=row(KEYS[0], OLD).sealed)
    broken = replace(row(KEYS[2], OLD), sealed=b"broken")
    await save(store, row(KEYS[0], OLD), swapped, broken)
    installs = sealed(store)
    assert await installs.reseal_all(lambda place, old: vault(NEW, OLD).reseal(place, old, NOW)) == Resealed(1, 2)
    async with store.work() as work:
        assert (await Installs().find(work, *KEYS[1]), await Installs().find(work, *KEYS[2])) == (swapped, broken)
    # Both still count for the key they were sealed with, as far as anybody can tell: it is not thrown away.
    assert await installs.in_use() == {"new": 1, "old": 2}


async def test_what_the_bot_saved_meanwhile_is_not_written_over(store: Store) -> None:
    await save(store, row(KEYS[0], OLD))
    async with store.work() as work:
        before = await Installs().all_sealed(work)
    newer = row(KEYS[0], NEW)
    await save(store, newer)
    async with store.work() as work:
        anew = vault(NEW, OLD).reseal(install_place(*KEYS[0]), before[0].sealed, NOW)
        assert not await Installs().replace_sealed(work, KEYS[0], anew, "new", before[0].sealed)
        assert await Installs().find(work, *KEYS[0]) == newer


async def test_resealing_twice_at_once_loses_nothing(store: Store) -> None:
    await save(store, *(row(key, OLD) for key in KEYS))
    both = [sealed(store).reseal_all(lambda place, old: vault(NEW, OLD).reseal(place, old, NOW)) for _ in "ab"]
    done = await asyncio.gather(*both)
    assert sum(one.records for one in done) == len(KEYS)
    assert sum(one.unreadable for one in done) == 0
    assert await texts(store, KeyRing((NEW,))) == {key: repr(key).encode() for key in KEYS}


async def keys(*line: str, state: Path, address: str) -> tuple[int, str, str]:
    """Run `link-ecf keys` in a process of its own."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LINK_ECF_STATE_DIR": str(state)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "keys", *line),
        env={**environ, "DATABASE_URL": address},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode(), err.decode()


async def test_two_rotations_at_once_and_a_retirement(store: Store, address: str, tmp_path: Path) -> None:
    state = tmp_path / "keys-of-this-test"
    file = KeyFile(state)
    file.add(OLD)
    await save(store, *(row(key, OLD) for key in KEYS))
    ran = await asyncio.gather(*(keys("rotate", "--json", state=state, address=address) for _ in "ab"))
    assert [code for code, _, _ in ran] == [0, 0]
    ring = file.ring()
    assert len(ring.ids) == 3
    assert await texts(store, ring) == {key: repr(key).encode() for key in KEYS}
    assert (await keys("reseal", "--json", state=state, address=address))[0] == 0
    assert await texts(store, KeyRing((ring.current,))) == {key: repr(key).encode() for key in KEYS}
    code, out, err = await keys("retire", "old", "--json", state=state, address=address)
    assert (code, json.loads(out)["retired"], err) == (0, "old", "")
    assert "old" not in file.ring().ids
    noted = await events(store)
    rotations = [facts for event, facts in noted if event == "keys_rotated"]
    assert {facts["key"] for facts in rotations} == set(ring.ids) - {"old"}
    assert noted[-1] == ("key_retired", {"key": "old"})
    shown = "".join(out + err for _, out, err in ran)
    assert not [key.id for key in ring.keys if key.revealed().partition(":")[2] in shown]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_retiring_too_early_is_one_line_and_exit_code_1(store: Store, address: str, tmp_path: Path) -> None:
    state = tmp_path / "keys-of-this-test"
    KeyFile(state).add(OLD)
    KeyFile(state).add(NEW)
    await save(store, row(KEYS[0], OLD))
    code, out, err = await keys("retire", "old", state=state, address=address)
    assert (code, out) == (1, "")
    assert err.startswith("link-ecf: old still seals 1 record, which could never be read again")
    assert len(err.splitlines()) == 1
    assert KeyFile(state).ring().ids == ("new", "old")
    assert await events(store) == []


async def test_a_key_that_cannot_be_taken_out_leaves_no_line(store: Store) -> None:
    def refused() -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the bare one that was raised
        await sealed(store).note(Event.KEY_RETIRED, {"key": "old"}, refused)
    assert await events(store) == []


async def test_without_a_database_the_first_key_needs_none(tmp_path: Path) -> None:
    state = tmp_path / "state"
    address = f"sqlite:///{state}/link-ecf.db"
    code, out, err = await keys("rotate", "--json", state=state, address=address)
    assert (code, err) == (0, "")
    assert json.loads(out)["key"] == KeyFile(state).ring().current.id
    gone = await keys("rotate", state=tmp_path / "other", address="postgresql://nobody@127.0.0.1:1/none")
    assert gone == (1, "", "link-ecf: The database cannot be reached: start it, or correct DATABASE_URL.\n")
    assert not (tmp_path / "other" / "keys").exists()


def test_a_swapped_row_fails_for_the_bot_too() -> None:
    with pytest.raises(CannotOpen):
        vault(OLD).open(install_place(*KEYS[1]), row(KEYS[2], OLD).sealed, NOW)
