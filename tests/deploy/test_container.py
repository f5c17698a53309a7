"""The container: no root, only what the locks hold, nothing secret inside, and it says when it is ill.

There is no engine here to build with: the file is read, and what its build stage runs was run by hand (README).
"""

from __future__ import annotations

import ast
import fnmatch
import re
from pathlib import Path

import pytest

from bot.settings import names, read_settings
from tests.deploy.dockerfile import Stage, stages

SECRETS = re.compile(r"TOKEN|SECRET|KEYS|PASSWORD|DATABASE_URL", re.I)


@pytest.fixture
def text(root: Path) -> str:
    return (root / "deploy/Dockerfile").read_text("utf-8")


@pytest.fixture
def image(text: str) -> Stage:
    return stages(text)[-1]


def environment(stage: Stage) -> dict[str, str]:
    """Return what ENV sets in a stage."""
    return dict(pair.split("=", 1) for step in stage.all("ENV") for pair in step.words)


def test_the_reader_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="MAINTAINER"):
        stages("FROM a:1\nMAINTAINER nobody")
    with pytest.raises(ValueError, match="before FROM"):
        stages("RUN ls\nFROM a:1")
    (stage,) = stages('FROM a:1 AS x\n# RUN no\nRUN --mount=type=cache ["a", \\\n  "b c"]\nrun d  e')
    assert (stage.base, stage.name) == ("a:1", "x")
    assert [step.words for step in stage.steps] == [["--mount=type=cache", "a", "b c"], ["d", "e"]]


def test_every_base_is_pinned_and_all_are_the_same(text: str) -> None:
    bases = {stage.base for stage in stages(text)}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", bases.pop())


def test_it_runs_as_a_number_that_is_not_root_from_start_to_end(image: Stage) -> None:
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", image.last("USER").rest)
    after = image.steps[image.steps.index(image.last("USER")) :]
    assert not [step for step in after if step.name in {"RUN", "COPY", "ADD"}]


def test_the_state_folder_belongs_to_that_user_alone(image: Stage) -> None:
    (made,) = image.all("RUN")
    owner, group = image.last("USER").rest.split(":")
    folder = environment(image)["LINK_ECF_STATE_DIR"]
    assert made.words == ["install", "--directory", f"--owner={owner}", f"--group={group}", "--mode=0700", folder]
    assert image.last("VOLUME").words == [folder]
    assert image.last("WORKDIR").rest == folder


def test_only_what_the_lock_holds_is_installed_and_every_hash_is_checked(text: str, root: Path) -> None:
    installs = [step.words for stage in stages(text) for step in stage.all("RUN") if "install" in step.words[1:2]]
    third, build, ours = installs
    for locked, lock in ((third, "requirements.lock"), (build, "requirements-build.lock")):
        assert "--require-hashes" in locked
        assert "--only-binary=:all:" in locked
        assert locked[-2:] == ["--requirement", lock]
        assert (root / lock).is_file()
    assert {"--no-index", "--no-deps"} < set(ours)


def test_the_build_tools_are_left_behind(text: str) -> None:
    build, image = stages(text)
    builds = {step.words[0] for step in build.all("RUN") if {"wheel", "requirements-build.lock"} & set(step.words)}
    assert builds == {"/opt/build/bin/pip"}
    assert [step.words[-1] for step in image.all("COPY")] == ["/opt/link-ecf"]


def test_nothing_is_fetched_from_an_address_and_no_shell_is_used(text: str) -> None:
    for stage in stages(text):
        assert not stage.all("ADD")
        for step in stage.steps:
            assert "://" not in step.rest or step.name == "HEALTHCHECK"
            if step.name in {"RUN", "CMD", "ENTRYPOINT", "VOLUME"}:
                assert step.rest.startswith("["), step


def test_no_secret_is_in_it(text: str, root: Path) -> None:
    for stage in stages(text):
        assert not stage.all("ARG")
        assert not [name for name in environment(stage) if SECRETS.search(name)]
        assert not [step for step in stage.all("COPY") if ".env" in step.rest or "COPY . " in f"COPY {step.rest}"]


def test_what_it_sets_are_settings_that_the_bot_takes(image: Stage) -> None:
    given = environment(image)
    ours = {name: value for name, value in given.items() if not name.startswith(("PATH", "PYTHON"))}
    assert set(ours) <= set(names())
    settings = read_settings(ours)
    assert (settings.host, settings.port) == ("0.0.0.0", 3000)
    assert image.last("EXPOSE").rest == str(settings.port)


def test_it_stops_by_the_signal_that_drains_and_starts_the_service(image: Stage) -> None:
    assert image.last("STOPSIGNAL").rest == "SIGTERM"
    assert [*image.last("ENTRYPOINT").words, *image.last("CMD").words] == ["link-ecf", "run"]


def test_its_health_check_asks_healthz_with_what_the_image_has(image: Stage) -> None:
    words = image.last("HEALTHCHECK").rest.split("CMD ", 1)
    flags = dict(flag.split("=") for flag in words[0].split())
    assert set(flags) == {"--interval", "--timeout", "--start-period", "--retries"}
    program, option, code = ast.literal_eval(words[1])
    assert (program, option) == ("python", "-c")
    compile(code, "healthcheck", "exec")
    assert f"http://127.0.0.1:{environment(image)['PORT']}/healthz" in code


def test_only_what_is_copied_goes_to_the_builder(text: str, root: Path) -> None:
    lines = (root / "deploy/Dockerfile.dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = {
        word
        for stage in stages(text)
        for step in stage.all("COPY")
        if "--from" not in step.rest
        for word in step.words[:-1]
    }
    assert let_in == copied
    assert all((root / each).exists() for each in copied)
    secret = (".env", "deploy/link-ecf.env", ".state", ".git")
    assert not [file for file in secret if any(fnmatch.fnmatch(file, rule) for rule in let_in)]
