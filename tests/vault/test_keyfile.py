"""The file of keys: made once, readable by its owner alone, changed whole, by one writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import WrongSetting
from bot.secret import Secret
from bot.vault import CannotOpen, CurrentKey, Key, KeyFile, KeyRing, UnknownKey, key_id_of, open_vault
from tests.vault.places import INSTALL, NEW, NOW, OLD


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    """A file with OLD in it."""
    made = KeyFile(tmp_path / "state")
    made.add(OLD)
    return made


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    # Not even a careless umask opens it.
    before = os.umask(0)
    try:
        file = KeyFile(tmp_path / "some" / "state")
        assert file.make(NOW)
    finally:
        os.umask(before)
    ring = file.ring()
    assert not file.make(NOW)
    assert not KeyFile(tmp_path / "some" / "state").make(NOW)
    assert KeyFile(file.path.parent).ring() == ring
    assert ring.current.id.startswith("k20261122-")
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert file.path.parent.stat().st_mode & 0o777 == 0o700
    assert {one.name for one in file.path.parent.iterdir()} == {"keys", "keys.lock"}
    assert (file.path.parent / "keys.lock").read_bytes() == b""


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o666])
def test_it_is_refused_when_others_can_reach_it(file: KeyFile, mode: int) -> None:
    file.ring()
    file.path.chmod(mode)
    # One that is running notices it too.
    for reader in (file, KeyFile(file.path.parent)):
        with pytest.raises(WrongSetting, match="is open to other users of this machine: run chmod 600 on it"):
            reader.ring()
    with pytest.raises(WrongSetting):
        file.add(NEW)
    file.path.chmod(0o400)
    assert file.ring() == KeyRing((OLD,))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_it_is_refused_when_it_belongs_to_another(file: KeyFile) -> None:
    os.chown(file.path, 12345, -1)
    with pytest.raises(WrongSetting, match="belongs to another user of this machine"):
        file.ring()


@pytest.mark.parametrize("text", ["", "# nothing\n", "canary\n", OLD.revealed()[:-4] + "\n", "\udcff\x00"])
def test_a_damaged_file_is_named_and_not_quoted(file: KeyFile, text: str) -> None:
    file.path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(WrongSetting) as caught:
        file.ring()
    assert str(caught.value).startswith(f"{file.path} is wrong: ")
    assert "canary" not in str(caught.value)
    # What is damaged is never written over: the keys may yet be mended.
    with pytest.raises(WrongSetting):
        file.add(NEW)
    assert file.path.read_bytes() == text.encode("utf-8", "surrogateescape")


def test_a_file_that_is_gone_or_no_file_is_said(file: KeyFile, tmp_path: Path) -> None:
    file.ring()
    file.path.unlink()
    with pytest.raises(WrongSetting, match=r"keys cannot be read \(No such file or directory\): put the keys back"):
        file.ring()
    file.path.mkdir()
    with pytest.raises(WrongSetting, match=r"keys cannot be read \(Is a directory\)"):
        file.ring()
    (tmp_path / "blocked").write_text("")
    with pytest.raises(WrongSetting, match=r"^LINK_ECF_STATE_DIR is wrong: .*blocked cannot be written"):
        KeyFile(tmp_path / "blocked").make(NOW)


def test_a_key_is_added_in_front_and_an_old_one_taken_out(file: KeyFile) -> None:
    reader = KeyFile(file.path.parent)
    assert reader.ring().ids == ("old",)
    assert file.add(NEW).ids == ("new", "old")
    assert reader.ring() == KeyRing((NEW, OLD))
    with pytest.raises(CurrentKey):
        file.remove("new")
    with pytest.raises(UnknownKey):
        file.remove("none")
    assert file.remove("old").ids == ("new",)
    assert reader.ring() == KeyRing((NEW,))
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_draft_that_a_crash_left_behind_is_in_nobodys_way(file: KeyFile) -> None:
    draft = file.path.with_name("keys.new")
    draft.write_text("half a")
    draft.chmod(0o666)
    assert file.add(NEW).ids == ("new", "old")
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert not draft.exists()


def test_a_file_that_cannot_be_written_stays_as_it_was(file: KeyFile) -> None:
    before = file.path.read_bytes()
    draft = file.path.with_name("keys.new")
    draft.mkdir()
    with pytest.raises(WrongSetting, match="cannot be written"):
        file.add(NEW)
    assert file.path.read_bytes() == before


def test_writers_in_one_process_take_turns(file: KeyFile) -> None:
    keys = [Key.fresh(NOW) for _ in range(24)]
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda key: KeyFile(file.path.parent).add(key), keys))
    assert set(file.ring().ids) == {"old", *(key.id for key in keys)}
    assert sorted(len(ring.ids) for ring in rings) == list(range(2, 26))


ADD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.vault import Key, KeyFile
sys.stdin.read()
for _ in range(5):
    print(KeyFile(Path(sys.argv[1])).add(Key.fresh(datetime(2026, 11, 22, tzinfo=UTC))).current.id)
"""


def test_writers_in_several_processes_take_turns(file: KeyFile, root: Path) -> None:
    line = [sys.executable, "-c", ADD, str(file.path.parent)]
    pipe = subprocess.PIPE
    writers = [subprocess.Popen(line, cwd=root, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    reader = KeyFile(file.path.parent)
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
    while any(writer.poll() is None for writer in writers):
        # At no moment is the file missing or half written.
        assert reader.ring().keys[-1] == OLD
    added = {key_id for writer in writers if writer.stdout for key_id in writer.stdout.read().split()}
    for writer in writers:
        assert writer.wait() == 0
        assert writer.stdout is not None
        writer.stdout.close()
    assert len(added) == 15
    assert set(reader.ring().ids) == {"old", *added}


def test_the_vault_takes_the_setting_before_the_file(tmp_path: Path) -> None:
    said: list[str] = []
    box = open_vault(Secret(KeyRing((NEW, OLD)).revealed()), tmp_path / "state", NOW, said.append)
    assert key_id_of(box.seal(INSTALL, b"token")) == "new"
    assert said == []
    assert not (tmp_path / "state").exists()


def test_without_a_setting_a_key_is_made_and_said_once(tmp_path: Path) -> None:
    said: list[str] = []
    boxes = [open_vault(None, tmp_path / "state", NOW, said.append) for _ in range(3)]
    assert len(said) == 1
    assert said[0].startswith(f"LINK_ECF_KEYS is not set: a key was made in {tmp_path / 'state' / 'keys'}.")
    secret = KeyFile(tmp_path / "state").ring().revealed().partition(":")[2]
    assert secret not in said[0]
    assert boxes[1].open(INSTALL, boxes[0].seal(INSTALL, b"token"), NOW) == b"token"


def test_a_wrong_setting_or_file_stops_the_start(file: KeyFile) -> None:
    said: list[str] = []
    with pytest.raises(WrongSetting, match=r"^LINK_ECF_KEYS is wrong: "):
        open_vault(Secret("k1:" + "A" * 43), file.path.parent, NOW, said.append)
    file.path.chmod(0o644)
    with pytest.raises(WrongSetting, match="open to other users"):
        open_vault(None, file.path.parent, NOW, said.append)
    assert said == []


def test_a_running_vault_follows_the_file(file: KeyFile) -> None:
    box = open_vault(None, file.path.parent, NOW, print)
    sealed = box.seal(INSTALL, b"token")
    file.add(NEW)
    assert box.needs_resealing(sealed)
    again = box.reseal(INSTALL, sealed, NOW)
    assert key_id_of(again) == key_id_of(box.seal(INSTALL, b"other")) == "new"
    file.remove("old")
    assert box.open(INSTALL, again, NOW) == b"token"
    with pytest.raises(CannotOpen):
        box.open(INSTALL, sealed, NOW)
    file.path.unlink()
    # Sealing under a key that is nowhere on the disk would lose the record at the next start.
    with pytest.raises(WrongSetting):
        box.seal(INSTALL, b"token")
