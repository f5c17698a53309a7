"""`link-ecf roster` and `link-ecf admins`, as whoever runs the server and their scripts use them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.sandbox.slack import BOT_TOKEN, TEAM, Fault, PretendSlack

ROSTER = "e-mail,courts,office\nanna@firm.example,gasb;gand,Savannah\nben@firm.example,almb,\n"

pytestmark = pytest.mark.usefixtures("log_as_it_was")


@dataclass
class Line:
    """The command line beside a pretend Slack, over one database."""

    address: str
    folder: Path
    slack: PretendSlack
    token: str = BOT_TOKEN

    async def ran(self, *words: str, text: str = "") -> Result:
        """Run a command while the pretend Slack answers."""
        env = {
            "DATABASE_URL": self.address,
            "LINK_ECF_STATE_DIR": str(self.folder),
            "SLACK_BOT_TOKEN": self.token,
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_CLIENT_ID": "",
        }
        return await asyncio.to_thread(CliRunner().invoke, main, words, input=text.encode(), env=env)

    async def said(self, *words: str, text: str = "") -> list[dict[str, object]]:
        """Run a command with --json and return what it printed, line by line."""
        done = await self.ran(*words, "--json", text=text)
        return [json.loads(line) for line in done.stdout.splitlines() if line != "[]"]


@pytest.fixture
async def line(address: str, tmp_path: Path) -> AsyncIterator[Line]:
    async with PretendSlack() as slack:
        slack.join("U0ANNA", email="anna@firm.example", tz="America/Chicago")
        slack.join("U0BEN", email="ben@firm.example")
        yield Line(address, tmp_path / "head", slack)


async def test_a_roster_is_tried_loaded_and_listed(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(b"\xef\xbb\xbf" + ROSTER.encode())
    tried = await line.ran("roster", "load", str(file), "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "2 people would be loaded: 2 found in Slack." in tried.stdout
    assert await line.said("roster", "list") == []
    loaded = await line.ran("roster", "load", str(file))
    assert (loaded.exit_code, "2 people were loaded: 2 found in Slack." in loaded.stdout) == (0, True)
    assert await line.said("roster", "list") == [
        {"email": "anna@firm.example", "courts": ["gasb", "gand"], "office": "Savannah", "person": "U0ANNA", "why": ""},
        {"email": "ben@firm.example", "courts": ["almb"], "office": "", "person": "U0BEN", "why": ""},
    ]
    assert "anna@firm.example  gasb gand  Savannah  U0ANNA" in (await line.ran("roster", "list")).stdout


async def test_bad_lines_are_named_and_the_good_ones_are_loaded(line: Line) -> None:
    text = ROSTER + "cleo@firm.example,gsab\nnobody@firm.example,gasb\n"
    done = await line.ran("roster", "load", "-", text=text)
    assert done.exit_code == 1
    assert 'Line 4: "gsab" is no court' in done.stderr
    assert "nobody@firm.example: nobody in Slack has this address." in done.stderr
    said = await line.said("roster", "load", "-", text=text)
    assert [one.get("flaw") or one.get("why") for one in said[:2]] == ["court", "not_found"]
    assert said[2] == {
        "workspace": TEAM,
        "loaded": True,
        "people": 3,
        "found": 2,
        "missing": 1,
        "waiting": 0,
        "bad": 1,
    }


async def test_without_a_token_the_roster_is_kept_and_the_service_matches_it(line: Line) -> None:
    line.token = ""
    assert (await line.ran("roster", "load", "-", text=ROSTER)).exit_code == 2
    done = await line.ran("roster", "load", "-", "--workspace", TEAM, text=ROSTER)
    assert (done.exit_code, "2 being looked up by the bot" in done.stdout) == (0, True)
    assert "This command has no token of that workspace. The running service" in done.stderr
    assert [one["why"] for one in await line.said("roster", "list", "--workspace", TEAM)] == ["waiting", "waiting"]


async def test_a_token_of_another_workspace_looks_nobody_up(line: Line) -> None:
    done = await line.ran("roster", "load", "-", "--workspace", "T0OTHER", text=ROSTER)
    assert (done.exit_code, TEAM in done.output) == (2, True)
    assert [call.method for call in line.slack.calls] == ["auth.test"]


async def test_a_slack_that_does_not_answer_is_said(line: Line) -> None:
    line.slack.fault("auth.test", Fault(error="token_revoked", times=9))
    assert (await line.ran("roster", "list")).exit_code == 2
    done = await line.ran("roster", "load", "-", "--workspace", TEAM, text=ROSTER)
    assert (done.exit_code, "Slack could not be asked (token_revoked)." in done.stderr) == (0, True)


@pytest.mark.parametrize("words", [("load", "/nowhere.csv"), ("load", "-", "--workspace", "firm"), ("list", "extra")])
async def test_a_wrong_line_is_one_line_of_error(line: Line, words: tuple[str, ...]) -> None:
    done = await line.ran("roster", *words, text=ROSTER)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)


async def test_a_roster_without_a_good_line_is_not_done(line: Line) -> None:
    assert (await line.ran("roster", "load", "-", text="e-mail,courts\n")).exit_code == 1


async def test_a_file_of_another_code_page_is_read(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes("anna@firm.example,gasb,Bayamón".encode("cp1252"))
    assert (await line.ran("roster", "load", str(file))).exit_code == 0
    assert (await line.said("roster", "list"))[0]["office"] == "Bayamón"


async def test_admins_are_added_listed_and_removed_but_for_the_last(line: Line) -> None:
    none = await line.ran("admins", "list")
    assert (none.exit_code, "LINK_ECF_ADMINS" in none.stderr) == (0, True)
    assert (await line.ran("admins", "add", "U0ANNA")).stdout == "U0ANNA is an admin now.\n"
    assert [one["person"] for one in await line.said("admins", "list")] == ["U0ANNA"]
    last = await line.ran("admins", "remove", "U0ANNA")
    assert (last.exit_code, "there has to be one" in last.stdout) == (1, True)
    assert (await line.said("admins", "add", "U0BEN"))[0]["outcome"] == "added"
    assert (await line.said("admins", "add", "U0BEN"))[0]["outcome"] == "already"
    assert (await line.ran("admins", "remove", "U0ANNA")).exit_code == 0
    assert "terminal/" in (await line.ran("admins", "list")).stdout


async def test_nobody_becomes_an_admin_who_is_not_there(line: Line) -> None:
    gone = await line.ran("admins", "add", "U0NOBODY")
    assert (gone.exit_code, "is no person of this workspace" in gone.stdout) == (1, True)
    assert (await line.ran("admins", "add", "anna")).exit_code == 2
    assert await line.said("admins", "list") == []
