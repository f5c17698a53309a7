"""The command line as scripts use it: processes of its own, exit codes, one line of error, one object a line."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import signal
import sys
import termios
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.courts.directory import Directory
from bot.sandbox import Fault, Kind, PretendAccount, PretendFiler, Sandbox, VerifyNames
from bot.sandbox.scenes import Scene, guide_almb, guide_gasb, wrong_cmecf_password
from bot.sandbox.slack import PretendSlack

ROOT = Path(__file__).resolve().parent.parent
COURTS = ("gasb", "almb", "pawd")


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line of stdout as an object; fails where one is not."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def result(self) -> dict[str, Any]:
        """The last line."""
        return self.lines[-1]


def _env(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "COVERAGE_PROCESS_START") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


async def start(*line: str, **settings: str) -> asyncio.subprocess.Process:
    """Start `link-ecf` with this line and these settings, and no other."""
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "bot", *line)
    return await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env=_env(settings))


async def cli(*line: str, stdin: str | bytes = "", **settings: str) -> Ran:
    """Run `link-ecf` to its end."""
    process = await start(*line, **settings)
    given = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = await asyncio.wait_for(process.communicate(given), 60)
    return Ran(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default state folder lies in the working folder: nobody's own, in tests."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Three pretend courts."""
    directory = Directory.shipped()
    async with Sandbox([court for name in COURTS if (court := directory.by_id(name))]) as running:
        yield running


def settings_for(sandbox: Sandbox) -> dict[str, str]:
    """The settings that lead to the sandbox."""
    return {"LINK_ECF_CONNECT_TO": sandbox.connect_to, "LINK_ECF_CA_FILE": str(sandbox.ca_file)}


def answers(scene: Scene, **changes: Any) -> str:
    """The answers file of a scene, with `changes`; a key that is changed to `...` is left out."""
    whole = {
        "pacer_username": scene.pacer_username,
        "pacer_password": scene.pacer_password,
        "cmecf_login": scene.cmecf_login,
        "cmecf_password": scene.cmecf_password,
        "passcode": scene.passcode,
        "redaction_acknowledged": True,
        "individual_account": True,
        "confirm": True,
        **changes,
    }
    return json.dumps({key: value for key, value in whole.items() if value is not ...})


async def link(sandbox: Sandbox, scene: Scene, *more: str, **changes: Any) -> Ran:
    """Link with the answers of a scene on stdin, one object a line."""
    line = ("link", scene.court_id, "--answers", "-", "--json", *more)
    return await cli(*line, stdin=answers(scene, **changes), **settings_for(sandbox))


async def test_help_imports_nothing_heavy() -> None:
    """What makes it quick: parse first, import the rest after."""
    code = (
        "import sys, bot.__main__\n"
        "heavy = {'aiohttp', 'lxml', 'bs4', 'slack_bolt', 'slack_sdk', 'sqlalchemy', 'structlog', 'asyncio'}\n"
        "sys.exit(', '.join(sorted(heavy & sys.modules.keys())) or 0)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, env=_env({}), stderr=-1)
    _, err = await process.communicate()
    assert err.decode().strip() == ""
    assert process.returncode == 0


async def test_help_lists_the_commands() -> None:
    """By their stable names."""
    ran = await cli("--help")
    assert ran.code == 0
    assert set(re.findall(r"^  (\w+) {2,}", ran.out, re.M)) >= {
        "run",
        "demo",
        "link",
        "inspect",
        "probe",
        "courts",
        "doctor",
    }


async def test_guide_gasb_from_the_terminal(sandbox: Sandbox) -> None:
    """Steps in the guide's order, the question, the result; exit code 0."""
    scene = guide_gasb(sandbox)
    ran = await link(sandbox, scene)
    assert ran.code == 0
    assert ran.err == ""
    steps = [one["step"] for one in ran.lines if one["event"] == "step"]
    assert steps[:2] == ["front_page", "sign_on"]
    assert steps[-3:] == ["submit", "proof", "log_out"]
    assert {"passcode", "redaction", "court_choice", "utilities", "link_form", "verify"} <= set(steps)
    question = next(one for one in ran.lines if one["event"] == "question")
    assert question == {
        "event": "question",
        "question": "confirm",
        "filer_shown": scene.cmecf_login,
        "account_shown": scene.pacer_username,
        "comparison": "agree",
    }
    assert ran.result["event"] == "result"
    assert ran.result["code"] == "linked"
    assert "press F5" in ran.result["message"]
    assert ran.result["incident"] in ran.result["message"]
    assert (sandbox.ledger.sign_ons, sandbox.ledger.final_submits, sandbox.ledger.logouts) == (1, 1, 1)


async def test_linking_twice_is_already_linked(sandbox: Sandbox) -> None:
    """Exit code 0 as well, and the link form is not touched."""
    scene = guide_almb(sandbox)
    assert (await link(sandbox, scene)).result["code"] == "linked"
    sandbox.ledger.clear()
    again = await link(sandbox, scene)
    assert (again.code, again.result["code"]) == (0, "already_linked")
    assert sandbox.ledger.link_form_posts == 0


async def test_words_without_json(sandbox: Sandbox) -> None:
    """The same for people: the court's labels, then the ending; the court's caution on stderr."""
    scene = guide_almb(sandbox)
    ran = await cli("link", "almb", "--answers", "-", stdin=answers(scene), **settings_for(sandbox))
    assert ran.code == 0
    assert '"NextGen Release 1.1 Menu Items"' in ran.out
    assert "Are both accounts yours?" in ran.out
    assert "Your accounts are linked" in ran.out
    assert "has published a caution" in ran.err


async def test_answers_from_a_file(sandbox: Sandbox, tmp_path: Path) -> None:
    """With a byte-order mark, as some editors leave it."""
    scene = wrong_cmecf_password(sandbox)
    file = tmp_path / "answers.json"
    file.write_text(answers(scene), "utf-8-sig")
    ran = await cli("link", "almb", "--answers", str(file), "--json", **settings_for(sandbox))
    assert (ran.code, ran.result["code"]) == (1, "ecf_refused")
    for secret in (scene.pacer_password, scene.cmecf_password):
        assert secret not in ran.out + ran.err


async def test_a_passcode_list_is_used_in_order(sandbox: Sandbox) -> None:
    """The first with the form; the next when PACER asks."""
    scene = guide_gasb(sandbox)
    ran = await link(sandbox, scene, passcode=["", "bad one", scene.passcode])
    asked = [one["question"] for one in ran.lines if one["event"] == "question"]
    assert asked == ["passcode", "confirm"]
    assert ran.result["code"] == "linked"
    assert sandbox.ledger.passcodes == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"passcode": ...}, "passcode_needed"),
        ({"passcode": None}, "passcode_needed"),
        ({"confirm": ...}, "timed_out"),
        ({"confirm": False}, "stopped_by_person"),
    ],
)
async def test_a_missing_answer_is_nobodys_yes(sandbox: Sandbox, changes: dict[str, Any], code: str) -> None:
    """Nothing is submitted, and PACER is left."""
    ran = await link(sandbox, guide_gasb(sandbox), **changes)
    assert (ran.code, ran.result["code"]) == (1, code)
    assert sandbox.ledger.final_submits == 0
    assert "Nothing was changed at the court" in ran.result["message"]


@pytest.mark.parametrize(
    ("names", "comparison"), [(VerifyNames.OTHER_ACCOUNT, "differ"), (VerifyNames.ABSENT, "unclear")]
)
async def test_a_yes_in_a_file_is_only_for_accounts_that_agree(
    sandbox: Sandbox, names: VerifyNames, comparison: str
) -> None:
    """Anything else is a mismatch, before the final Submit."""
    scene = guide_almb(sandbox)
    court = sandbox.court("almb")
    court.profile = replace(court.profile, verify_names=names)
    ran = await link(sandbox, scene)
    question = next((one for one in ran.lines if one["event"] == "question"), None)
    if question is not None:
        assert question["comparison"] == comparison
        assert ran.result["code"] == "accounts_mismatch"
    else:
        assert ran.result["code"] == "unknown_page"
    assert ran.code == 1
    assert sandbox.ledger.final_submits == 0


@pytest.mark.parametrize(
    ("court", "changes", "setting", "code"),
    [
        ("gasb", {"pacer_username": "ab1234"}, {}, "pacer_legacy"),
        ("gasb", {"redaction_acknowledged": False}, {}, "redaction_required"),
        ("gasb", {"redaction_acknowledged": ...}, {}, "redaction_required"),
        ("gasb", {"individual_account": False}, {}, "individual_account_required"),
        ("gasb", {"cmecf_password": ...}, {}, "timed_out"),
        ("pawd", {"cmecf_login": "ann&co"}, {}, "ecf_login_unlinkable"),
        ("ca4", {}, {}, "court_unsupported"),
        ("cavc", {}, {}, "court_unsupported"),
        ("gasb", {}, {"LINK_ECF_LINKING": "off"}, "linking_off"),
        ("almb", {"caution_acknowledged": False}, {}, "stopped_by_person"),
    ],
)
async def test_pre_checks_cost_no_request(
    sandbox: Sandbox, court: str, changes: dict[str, Any], setting: dict[str, str], code: str
) -> None:
    """A result with its code, exit code 1, and nothing asked of anybody."""
    given = answers(guide_gasb(sandbox), **changes)
    ran = await cli("link", court, "--answers", "-", "--json", stdin=given, **settings_for(sandbox), **setting)
    assert (ran.code, ran.result["code"]) == (1, code)
    assert [one["event"] for one in ran.lines] == ["result"]
    assert ran.result["message"]
    assert len(sandbox.ledger) == 0


@pytest.mark.parametrize(
    "given",
    [
        "",
        "not json",
        "[]",
        '"text"',
        "{",
        b"\xff\xfe{}",
        '{"pacer_username": 5}',
        '{"confirm": "yes"}',
        '{"redaction_acknowledged": 1}',
        '{"passcode": 123456}',
        '{"passcode": [123456]}',
        '{"pacer_password": "canary\\nline"}',
        '{"cmecf_password": "\\ud800"}',
        "[" * 100_000,
    ],
)
async def test_malformed_answers_are_one_line_and_exit_code_2(given: str | bytes) -> None:
    """Never a traceback, never what stood in the file."""
    ran = await cli("link", "gasb", "--answers", "-", "--json", stdin=given)
    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("link-ecf: --answers: ")
    assert "canary" not in ran.err


@pytest.mark.parametrize(
    "line",
    [
        ("link", "zzzz", "--answers", "-"),
        ("link", "bankruptcy", "--answers", "-"),
        ("link",),
        ("link", "gasb", "--answers", "no/such/file"),
        ("link", "gasb", "--answers", "."),
        ("link", "gasb", "--answers", "x" * 5000),
        ("probe", "zzzz"),
        ("inspect", "no/such/file"),
        ("inspect", str(ROOT)),
        ("inspect", str(ROOT / "pyproject.toml"), "--url", "ftp://x/"),
        ("inspect",),
        ("nosuchcommand",),
        ("courts", "--nosuchoption"),
    ],
)
async def test_a_wrong_line_is_one_line_of_error(line: tuple[str, ...]) -> None:
    """Exit code 2."""
    ran = await cli(*line)
    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("link-ecf: ")


async def test_a_wrong_setting_is_named_with_its_fix() -> None:
    """For every command that reads settings."""
    for line in (("run",), ("link", "gasb", "--answers", "-"), ("probe", "gasb")):
        ran = await cli(*line, stdin="{}", LINK_ECF_CONNECT_TO="198.51.100.7:443")
        assert ran.code == 2
        assert "LINK_ECF_CONNECT_TO" in ran.err
        assert len(ran.err.splitlines()) == 1


async def test_ctrl_c_is_polite(sandbox: Sandbox) -> None:
    """The attempt is stopped, PACER is left, and the result says so."""
    scene = guide_almb(sandbox)
    court = sandbox.court("almb")
    court.profile = replace(court.profile, faults=frozenset({Fault.NO_ANSWER}), at=Kind.UTILITIES)
    process = await start("link", "almb", "--answers", "-", "--json", **settings_for(sandbox))
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(answers(scene).encode())
    process.stdin.close()
    lines: list[dict[str, Any]] = []
    async with asyncio.timeout(30):
        while not lines or lines[-1].get("step") != "utilities":
            lines.append(json.loads(await process.stdout.readline()))
        process.send_signal(signal.SIGINT)
        rest = (await process.stdout.read()).decode().splitlines()
        await process.wait()
    result = json.loads(rest[-1])
    assert process.returncode == 1
    assert result["code"] == "stopped_by_person"
    assert sandbox.ledger.logouts == 1


async def test_prompts_hide_what_is_typed(sandbox: Sandbox) -> None:
    """Without an answers file, on a real terminal: no password and no passcode is echoed, a plain yes links."""
    scene = guide_gasb(sandbox)
    mine, its = pty.openpty()
    attributes = termios.tcgetattr(its)
    command = (sys.executable, "-m", "bot", "link", "gasb")
    process = await asyncio.create_subprocess_exec(
        *command, stdin=its, stdout=its, stderr=its, env=_env(settings_for(sandbox)), start_new_session=True
    )
    loop = asyncio.get_running_loop()
    shown = ""
    try:
        for prompt, typed in (
            ("PACER user name", scene.pacer_username),
            ("PACER password", scene.pacer_password),
            ("Client code", ""),
            ("CM/ECF login", scene.cmecf_login),
            ("CM/ECF password", scene.cmecf_password),
            ("redaction responsibility", "y"),
            ("my own account", "y"),
            ("PACER passcode", scene.passcode or ""),
            ("link them?", "y"),
            ("Incident id", ""),
        ):
            part = ""
            async with asyncio.timeout(30):
                while prompt not in part or (typed and not part.rstrip("\r\n").endswith(("]: ", ": "))):
                    part += (await loop.run_in_executor(None, os.read, mine, 4096)).decode()
            shown += part
            os.write(mine, typed.encode() + b"\n")
        async with asyncio.timeout(30):
            await process.wait()
        assert termios.tcgetattr(its)[3] == attributes[3]
    finally:
        os.close(mine)
        os.close(its)
    assert process.returncode == 0
    assert "Your accounts are linked" in shown
    assert scene.pacer_username in shown
    for secret in (scene.pacer_password, scene.cmecf_password, scene.passcode or "?"):
        assert secret not in shown


async def test_probe_needs_no_credentials(sandbox: Sandbox) -> None:
    """Reachable and live; one that is down; one that is outside PACER and is not asked."""
    down = sandbox.court("almb")
    down.profile = replace(down.profile, faults=frozenset({Fault.SERVER_ERROR}))
    ran = await cli("probe", "gasb", "almb", "cavc", "--json", **settings_for(sandbox))
    assert [(one["court"], one["reachable"], one["live"], one["code"]) for one in ran.lines] == [
        ("gasb", True, True, None),
        ("almb", False, None, "court_down"),
        ("cavc", False, None, "court_unsupported"),
    ]
    assert ran.code == 1
    assert sandbox.ledger.sign_ons == 0


async def test_inspect_reads_pages_and_garbage(tmp_path: Path) -> None:
    """One object a line, in the order of the files, whatever is in them."""
    filer = ROOT / "tests/screens/Menu/bankruptcy_filer.html"
    garbage = tmp_path / "garbage.html"
    garbage.write_bytes(bytes(range(256)) * 4)
    ran = await cli(
        "inspect", str(filer), str(garbage), "--json", "--url", "https://ecf.gasb.uscourts.gov/cgi-bin/x.pl"
    )
    first, second = ran.lines
    assert ran.code == 0
    assert (first["file"], first["page"], first["linked"]) == (str(filer), "Menu", True)
    assert "ecf.gasb.uscourts.gov" in first["utilities"]
    assert (second["page"], second["linked"]) == ("Unknown", None)
    plain = await cli("inspect", str(filer))
    assert plain.out.startswith(f"{filer}: Menu, linked")


async def test_courts_are_found() -> None:
    """All of them, the one that is meant, or none."""
    everything = await cli("courts", "--json")
    assert len(everything.lines) == 209
    assert (await cli("courts", "southern", "georgia", "bankruptcy", "--json")).lines[0]["id"] == "gasb"
    nothing = await cli("courts", "zzzzzzzz")
    assert (nothing.code, nothing.out) == (0, "")


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_run_is_ready_and_drains(mode: str, tmp_path: Path) -> None:
    """`ready` on stdout once /readyz would answer 200; SIGTERM ends it with exit code 0."""
    async with PretendSlack() as slack:
        way = {"SLACK_SIGNING_SECRET": slack.signing_secret} if mode == "http" else {"SLACK_APP_TOKEN": slack.app_token}
        settings = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url, "PORT": "0", **way}
        process = await start("run", **settings, LINK_ECF_STATE_DIR=str(tmp_path))
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"ready\n"
            process.send_signal(signal.SIGTERM)
            out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        assert out == b""
        logged = [json.loads(line) for line in err.decode().splitlines()]
        assert [one["event"] for one in logged if one["logger"] == "bot.app"] == ["started", "draining"]
        assert next(one for one in logged if one["event"] == "started")["mode"] == mode


async def test_run_says_what_is_missing() -> None:
    """One line, exit code 2, before anything is opened."""
    ran = await cli("run")
    assert ran.code == 2
    assert "SLACK_BOT_TOKEN" in ran.err
    assert len(ran.err.splitlines()) == 1


async def test_a_locked_login_is_told_apart(sandbox: Sandbox) -> None:
    """An account of the test's own, with an odd CM/ECF login: the warning, and the court's word for it."""
    sandbox.add_account(PretendAccount("avamorris4", "Pretend-Pacer-Pass4!", person="Ava Morris"))
    sandbox.add_filer("almb", PretendFiler("ava&co", "pretend-ecf-4", person="Ava Morris", user_id=99))
    scene = Scene("almb", "avamorris4", "Pretend-Pacer-Pass4!", "ava&co", "pretend-ecf-4")
    ran = await link(sandbox, scene)
    assert ran.result["code"] == "linked"
    assert "special characters" in ran.err
