"""The systemd unit: confined, patient with running attempts, and taken by systemd's own check where there is one."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.app import DRAIN_SECONDS
from bot.attempts.running import Bounds
from bot.settings import names

PROGRAM = "/opt/link-ecf/bin/link-ecf"
WORST_EXPOSURE = 20
"""In tenths, as `systemd-analyze security` counts; 14 was measured, most of it for being on the network at all."""


@pytest.fixture
def text(root: Path) -> str:
    return (root / "deploy/link-ecf.service").read_text("utf-8")


@pytest.fixture
def service(text: str) -> dict[str, list[str]]:
    return sections(text)["Service"]


def sections(text: str) -> dict[str, dict[str, list[str]]]:
    """Return the settings by section; unlike in an INI file a key may stand twice, and both count."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in text.splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            found[header[1]] = {}
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals, line
            list(found.values())[-1].setdefault(key, []).append(value)
    return found


def test_it_is_a_service_that_starts_with_the_machine(text: str) -> None:
    assert list(sections(text)) == ["Unit", "Service", "Install"]
    assert sections(text)["Install"]["WantedBy"] == ["multi-user.target"]


def test_the_tables_are_upgraded_before_the_service_runs(service: dict[str, list[str]]) -> None:
    assert service["ExecStartPre"] == [f"{PROGRAM} db upgrade"]
    (run,) = service["ExecStart"]
    assert run.endswith(f"exec {PROGRAM} run'")


def test_running_attempts_have_their_time_after_the_stop(service: dict[str, list[str]]) -> None:
    assert int(service["TimeoutStopSec"][0]) > DRAIN_SECONDS + 2 * Bounds().ending + 10
    assert service["KillMode"] == ["mixed"]
    assert service["KillSignal"] == ["SIGTERM"]
    assert service["Restart"] == ["on-failure"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("User", "link-ecf"),
        ("StateDirectory", "link-ecf"),
        ("StateDirectoryMode", "0700"),
        ("UMask", "0077"),
        ("LimitCORE", "0"),
        ("MemorySwapMax", "0"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("MemoryDenyWriteExecute", "yes"),
        ("SystemCallArchitectures", "native"),
    ],
)
def test_it_is_confined(service: dict[str, list[str]], key: str, value: str) -> None:
    assert service[key] == [value]


def test_system_calls_are_those_of_a_service_without_privileges(service: dict[str, list[str]]) -> None:
    assert service["SystemCallFilter"] == ["@system-service", "~@privileged"]


def test_secrets_come_from_files_of_root_and_not_from_the_unit(service: dict[str, list[str]]) -> None:
    assert service["LoadCredential"] == ["keys:/etc/link-ecf/keys"]
    assert service["EnvironmentFile"] == ["/etc/link-ecf/link-ecf.env"]
    assert service["ExecStart"][0].startswith('/bin/sh -c \'export "$$(cat %d/keys)" && exec ')
    (given,) = service["Environment"]
    assert given.partition("=")[0] == "LINK_ECF_STATE_DIR"
    assert given.partition("=")[0] in names()


def test_the_keys_reach_the_program_and_no_command_line(service: dict[str, list[str]], tmp_path: Path) -> None:
    """What systemd makes of ExecStart, played: $$ is a dollar, %d the folder of credentials."""
    show = tmp_path / "program"
    show.write_text('#!/bin/sh\nprintf "%s|%s" "$LINK_ECF_KEYS" "$1"\n', "utf-8")
    show.chmod(0o700)
    (tmp_path / "keys").write_text("LINK_ECF_KEYS=k1:$(echo canary)`date`\n", "utf-8")
    line = service["ExecStart"][0].replace("$$", "$").replace("%d", str(tmp_path)).replace(PROGRAM, str(show))
    words = shlex.split(line)
    assert "k1:" not in line
    ran = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True, env={"PATH": "/usr/bin:/bin"})
    assert ran.stdout == "k1:$(echo canary)`date`|run"
    (tmp_path / "keys").unlink()
    broken = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (broken.returncode != 0, broken.stdout) == (True, "")


def _checked(text: str, folder: Path) -> Path:
    """Return the unit as a file, with a program that this machine has in place of the one that it has not."""
    file = folder / "link-ecf.service"
    file.write_text(text.replace(PROGRAM, shutil.which("true") or "/bin/true"), "utf-8")
    return file


def _analyze(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not on this machine")
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=60, check=False)


def test_systemd_takes_it(text: str, tmp_path: Path) -> None:
    ran = _analyze("verify", "--man=no", str(_checked(text, tmp_path)))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_systemd_tells_a_slip(text: str, tmp_path: Path) -> None:
    ran = _analyze("verify", "--man=no", str(_checked(text.replace("ProtectSystem=", "ProtectSytem="), tmp_path)))
    assert "ProtectSytem" in ran.stderr


def test_systemd_counts_little_exposure(text: str, tmp_path: Path) -> None:
    file = str(_checked(text, tmp_path))
    ran = _analyze("security", "--offline=yes", "--no-pager", f"--threshold={WORST_EXPOSURE}", file)
    assert ran.returncode == 0, ran.stdout[-400:]
