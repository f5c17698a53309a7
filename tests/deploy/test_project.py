"""What a newcomer types, and the promises of the locks and the settings list."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bot.settings import names, read_settings


def _pins(lock: Path) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", lock.read_text("utf-8"), re.MULTILINE):
        pins.setdefault(name, set()).add(version)
    return pins


def test_env_example_lists_every_setting_once_in_words_and_no_other(root: Path) -> None:
    text = (root / "deploy/env.example").read_text("utf-8")
    listed = re.findall(r"^#.*\n([A-Z_]+)=$", text, re.MULTILINE)
    assert sorted(listed) == sorted(names())
    assert len(re.findall(r"^[A-Z_]+=", text, re.MULTILINE)) == len(listed)


def test_env_example_as_it_stands_is_the_default(root: Path) -> None:
    lines = (root / "deploy/env.example").read_text("utf-8").splitlines()
    environ = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert repr(read_settings(environ)) == repr(read_settings({}))


def test_the_readme_explains_every_setting(root: Path) -> None:
    text = (root / "README.md").read_text("utf-8")
    assert [name for name in names() if f"`{name}`" not in text] == []


def test_every_make_target_of_the_readme_exists(root: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = set(re.findall(r"(?:`|^    )make ([a-z]+)(?:`|$)", (root / "README.md").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= asked <= targets


def test_every_pin_has_a_hash_and_no_lock_names_an_index(root: Path) -> None:
    for lock in (root / "requirements.lock", root / "requirements-build.lock", root / "requirements-dev.lock"):
        text = lock.read_text("utf-8")
        assert "://" not in text
        assert not re.search(r"^(-|[a-z-]+ @)", text, re.MULTILINE)
        for entry in re.split(r"\n(?=\S)", text):
            if "==" in entry.split("\n")[0]:
                assert "--hash=sha256:" in entry


def test_the_locks_agree_and_hold_what_the_project_asks_for(root: Path) -> None:
    run, everything = _pins(root / "requirements.lock"), _pins(root / "requirements-dev.lock")
    build = _pins(root / "requirements-build.lock")
    assert {name: everything.get(name) for name in run | build} == run | build
    pyproject = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    project, groups = pyproject["project"], pyproject["dependency-groups"]
    extras = project["optional-dependencies"]

    def asked(lines: list[str]) -> set[str]:
        return {re.split(r"[\[<>=~ ]", line)[0].lower().replace("_", "-") for line in lines}

    assert asked(project["dependencies"]) <= set(run)
    assert asked(groups["build"]) <= set(build)
    assert not asked(groups["build"]) & set(run)
    assert asked(extras["test"]) | asked(extras["lint"]) | asked(extras["bench"]) <= set(everything)
    assert not asked(extras["test"]) & set(run)


def test_every_runtime_dependency_says_why_it_is_there(root: Path) -> None:
    text = (root / "pyproject.toml").read_text("utf-8")
    block = text.split("\ndependencies = [\n")[1].split("\n]")[0]
    assert all(re.match(r'\s+"[^"]+",\s+# \S', line) for line in block.splitlines())


def test_ci_runs_the_checks_and_the_tests(root: Path) -> None:
    script = root / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    text = script.read_text("utf-8")
    assert "set -euo pipefail" in text
    assert "make lint" in text
    assert "make test" in text
