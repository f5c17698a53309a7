"""The head of the audit in the state folder: it only moves on, is whole on disk, and stays as it is once broken."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.register.chain import Head
from bot.register.head import BrokenHead, HeadFile


def head(seq: int) -> Head:
    """Return the head with this number."""
    return Head(seq, f"{seq:064x}")


def test_nothing_is_kept_at_first_and_the_folder_is_made(tmp_path: Path) -> None:
    file = HeadFile(tmp_path / "state")
    assert file.read() is None
    file.keep(head(1))
    assert HeadFile(tmp_path / "state").read() == head(1)
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_it_only_moves_on(tmp_path: Path) -> None:
    file = HeadFile(tmp_path)
    for seq in (3, 2, 3, 5, 4):
        file.keep(head(seq))
    assert file.read() == head(5)


def test_many_at_once_leave_the_newest(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda seq: HeadFile(tmp_path).keep(head(seq)), range(1, 60)))
    assert HeadFile(tmp_path).read() == head(59)
    assert sorted(os.listdir(tmp_path)) == ["audit-head.json", "audit-head.lock"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"seq":1}',
        '{"seq":"1","hash":"' + "a" * 64 + '"}',
        '{"seq":true,"hash":"' + "a" * 64 + '"}',
        '{"seq":0,"hash":"' + "a" * 64 + '"}',
        '{"seq":1,"hash":"short"}',
        '{"seq":1,"hash":null}',
        "\udcff",
    ],
)
def test_a_head_that_was_tampered_with_is_told_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    file = HeadFile(tmp_path)
    raw = content.encode("utf-8", "surrogateescape")
    file.path.write_bytes(raw)
    with pytest.raises(BrokenHead):
        file.read()
    with pytest.raises(BrokenHead):
        file.keep(head(9))
    assert file.path.read_bytes() == raw


def test_a_write_that_fails_leaves_the_old_head(tmp_path: Path) -> None:
    file = HeadFile(tmp_path)
    file.keep(head(1))
    file.path.with_suffix(".new").mkdir()  # stands in the way of the new file
    with pytest.raises(OSError, match="directory"):
        file.keep(head(2))
    assert file.read() == head(1)
