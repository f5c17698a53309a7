"""`link-ecf keys`: what each command prints, changes and refuses, over records in memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click
import pytest

from bot.commands.keys import list_keys, new_keys, reseal_records, retire_key, rotate_keys
from bot.commands.sealed import Again, Resealed
from bot.register.event import Event, Fact
from bot.settings import Settings
from bot.vault import CannotOpen, Key, KeyFile, KeyRing, RingKeys, Vault, install_place, key_id_of
from tests.vault.places import NEW, NOW, OLD, vault


class Records:
    """Sealed installations in memory, with a door that can be shut."""

    def __init__(self, *keys: Key, down: bool = False) -> None:
        self.places = [install_place("", f"T{number}", "") for number in range(len(keys))]
        self.rows = [vault(key).seal(place, b"token") for key, place in zip(keys, self.places, strict=True)]
        self.down = down
        self.noted: list[tuple[Event, dict[str, Fact]]] = []

    @asynccontextmanager
    async def open(self, settings: Settings) -> AsyncIterator[Records]:
        if self.down:
            raise click.ClickException("the database does not answer.")
        yield self

    async def reseal_all(self, again: Again) -> Resealed:
        done = lost = 0
        for number, (place, old) in enumerate(zip(self.places, self.rows, strict=True)):
            try:
                self.rows[number] = again(place, old)
            except CannotOpen:
                lost += 1
            else:
                done += self.rows[number] is not old
        return Resealed(done, lost)

    async def in_use(self) -> Mapping[str, int]:
        return Counter(map(key_id_of, self.rows))

    async def note(self, event: Event, facts: Mapping[str, Fact], doing: Callable[[], object] = lambda: None) -> None:
        doing()
        self.noted.append((event, dict(facts)))

    def open_under(self, ring: KeyRing) -> list[bytes]:
        box = Vault(RingKeys(lambda: ring))
        return [box.open(place, row, NOW) for place, row in zip(self.places, self.rows, strict=True)]


Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own, and no keys in the environment."""
    monkeypatch.setenv("LINK_ECF_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.delenv("LINK_ECF_KEYS", raising=False)
    return tmp_path / "state"


@pytest.fixture
def run(state: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json and returns its exit code and the object it printed."""

    def call(command: Callable[..., int], *given: object) -> tuple[int, dict[str, Any]]:
        code = command(*given, as_json=True)
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 1
        return code, json.loads(lines[0])

    return call


def test_new_prints_a_setting_that_can_be_used(run: Run, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = run(new_keys)
    assert code == 0
    assert len(KeyRing.read(told.pop("LINK_ECF_KEYS")).ids) == 1
    assert told == {}
    assert new_keys(as_json=False) == 0
    name, _, text = capsys.readouterr().out.strip().partition("=")
    assert name == "LINK_ECF_KEYS"
    assert KeyRing.read(text).ids
    assert not state.exists()


def test_rotating_a_file_seals_every_record_again(run: Run, state: Path) -> None:
    file = KeyFile(state)
    file.add(OLD)
    records = Records(OLD, OLD, OLD)
    code, told = run(rotate_keys, records.open)
    ring = file.ring()
    assert (code, told) == (
        0,
        {
            "key": ring.current.id,
            "source": str(file.path),
            "resealed": 3,
            "unreadable": 0,
            "older": ["old"],
        },
    )
    assert ring.current.id != "old"
    assert records.open_under(KeyRing((ring.current,))) == [b"token"] * 3
    assert run(reseal_records, records.open)[1]["resealed"] == 0
    assert records.noted == [(Event.KEYS_ROTATED, {"key": ring.current.id, "records": 3})]


def test_each_of_two_rotations_at_once_notes_its_own_key(run: Run, state: Path) -> None:
    """The second one makes its key the current one while the first seals the records again."""
    own: list[str] = []

    class Overtaken(Records):
        async def reseal_all(self, again: Again) -> Resealed:
            own.append(KeyFile(state).ring().current.id)
            KeyFile(state).add(NEW)
            return await super().reseal_all(again)

    KeyFile(state).add(OLD)
    records = Overtaken(OLD)
    run(rotate_keys, records.open)
    assert KeyFile(state).ring().ids == ("new", *own, "old")
    assert records.noted == [(Event.KEYS_ROTATED, {"key": own[0], "records": 1})]


def test_rotating_where_there_is_no_file_yet_makes_the_first_key(run: Run, state: Path) -> None:
    told = run(rotate_keys, Records().open)[1]
    assert KeyFile(state).ring().ids == (told["key"],)
    assert told["older"] == []


def test_a_record_that_does_not_open_is_left_and_told(
    run: Run, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    KeyFile(state).add(OLD)
    records = Records(OLD, NEW)
    before = records.rows[1]
    assert rotate_keys(records.open, as_json=True) == 1
    out, err = capsys.readouterr()
    assert (json.loads(out)["resealed"], json.loads(out)["unreadable"]) == (1, 1)
    assert err.startswith("link-ecf: 1 record could not be opened")
    assert len(err.splitlines()) == 1
    assert records.rows[1] == before


def test_no_key_is_added_while_the_database_is_down(state: Path) -> None:
    file = KeyFile(state)
    file.add(OLD)
    with pytest.raises(click.ClickException):
        rotate_keys(Records(down=True).open, as_json=True)
    assert file.ring().ids == ("old",)


def test_keys_of_the_environment_are_printed_and_not_used_before_they_are_set(
    run: Run, state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LINK_ECF_KEYS", OLD.revealed())
    records = Records(OLD, OLD)
    before = list(records.rows)
    setting = run(rotate_keys, records.open)[1]["LINK_ECF_KEYS"]
    ring = KeyRing.read(setting)
    assert ring.ids[1:] == ("old",)
    # Nobody has the new key yet: what stood under it could not be read by the service.
    assert records.rows == before
    monkeypatch.setenv("LINK_ECF_KEYS", setting)
    told = run(reseal_records, records.open)[1]
    assert (told["key"], told["resealed"], told["source"]) == (ring.current.id, 2, "LINK_ECF_KEYS")
    # Printing a setting changed nothing; sealing under it did.
    assert records.noted == [(Event.KEYS_ROTATED, {"key": ring.current.id, "records": 2})]
    assert KeyRing.read(run(retire_key, "old", records.open)[1]["LINK_ECF_KEYS"]) == KeyRing((ring.current,))
    assert records.open_under(KeyRing((ring.current,))) == [b"token"] * 2
    assert not state.exists()
    plain: list[Callable[[], int]] = [
        lambda: rotate_keys(records.open, as_json=False),
        lambda: retire_key("old", records.open, as_json=False),
    ]
    for command in plain:
        assert command() == 0
        out, err = capsys.readouterr()
        assert out.startswith("LINK_ECF_KEYS=")
        assert len(out.splitlines()) == 1
        assert "wherever the bot runs" in err
        assert KeyRing.read(out.partition("=")[2].strip()).current.revealed() not in err


def test_a_key_that_a_record_needs_is_not_retired(run: Run, state: Path) -> None:
    file = KeyFile(state)
    file.add(OLD)
    file.add(NEW)
    records = Records(OLD, NEW, NEW)
    with pytest.raises(
        click.ClickException, match="old still seals 1 record, which could never be read again"
    ) as caught:
        retire_key("old", records.open, as_json=True)
    assert caught.value.exit_code == 1
    assert file.ring().ids == ("new", "old")
    assert records.noted == []
    run(reseal_records, records.open)
    assert run(retire_key, "old", records.open) == (0, {"retired": "old", "keys": ["new"], "source": str(file.path)})
    assert file.ring() == KeyRing((NEW,))
    assert records.noted[-1] == (Event.KEY_RETIRED, {"key": "old"})
    assert records.open_under(file.ring()) == [b"token"] * 3


@pytest.mark.parametrize(
    ("key_id", "said", "code"),
    [
        ("new", "new is the current key and stays: run link-ecf keys rotate first", 1),
        ("none", "no key is called 'none'. Known: new, old.", 2),
    ],
)
def test_the_current_key_and_a_stranger_are_not_retired(state: Path, key_id: str, said: str, code: int) -> None:
    file = KeyFile(state)
    file.add(OLD)
    file.add(NEW)
    with pytest.raises(click.ClickException) as caught:
        retire_key(key_id, Records().open, as_json=False)
    assert caught.value.message.startswith(said)
    assert caught.value.exit_code == code
    assert file.ring().ids == ("new", "old")


def test_list_names_keys_and_shows_none(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = KeyFile(state)
    file.add(OLD)
    file.add(NEW)
    records = Records(OLD, OLD)
    assert list_keys(records.open, as_json=True) == 0
    assert [
        (one["key"], one["current"], one["records"]) for one in map(json.loads, capsys.readouterr().out.splitlines())
    ] == [
        ("new", True, 0),
        ("old", False, 2),
    ]
    for command in (list_keys, rotate_keys, reseal_records):
        command(records.open, as_json=False)
    retire_key("old", records.open, as_json=False)
    out, err = capsys.readouterr()
    assert "retired, seals 2 records" in out
    for key in (OLD, NEW, *file.ring().keys):
        assert key.revealed().partition(":")[2] not in out + err


def test_a_first_key_is_made_and_said_on_stderr_only(run: Run, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list_keys(Records().open, as_json=True) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["key"] == KeyFile(state).ring().current.id
    assert err == f"link-ecf: LINK_ECF_KEYS is not set: a key was made in {state / 'keys'}.\n"


@pytest.mark.parametrize("command", [list_keys, rotate_keys, reseal_records])
def test_a_file_open_to_others_is_one_line_of_usage(state: Path, command: Callable[..., int]) -> None:
    file = KeyFile(state)
    file.add(OLD)
    file.path.chmod(0o644)
    with pytest.raises(click.UsageError, match="is open to other users"):
        command(Records().open, as_json=True)
    assert file.path.stat().st_mode & 0o777 == 0o644
