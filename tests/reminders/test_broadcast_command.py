"""`link-ecf broadcast`, as whoever runs the server and their scripts use it, on both databases."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.reminders.broadcasts.broadcast import BroadcastId
from bot.store import Audit, Store
from tests.reminders.broadcast_stage import TEAM, Replica, settle

SEND = ("broadcast", "send", "--workspace", TEAM, "--text", "Live on Monday.")

pytestmark = pytest.mark.usefixtures("log_as_it_was")


@dataclass
class Line:
    """The command line over a firm's database, and the service's side of it."""

    address: str
    folder: Path
    service: Replica

    async def ran(self, *words: str, text: bytes = b"") -> Result:
        """Run a command."""
        env = {"DATABASE_URL": self.address, "LINK_ECF_STATE_DIR": str(self.folder)}
        env |= dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"), "")
        return await asyncio.to_thread(CliRunner().invoke, main, words, input=text, env=env)

    async def said(self, *words: str) -> list[dict[str, object]]:
        """Run a command with --json, which has to do, and return what it printed, line by line."""
        done = await self.ran(*words, "--json")
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines() if line != "[]"]


@pytest.fixture
async def line(store: Store, address: str, tmp_path: Path) -> Line:
    await settle(store)
    return Line(address, tmp_path / "head", Replica.of(store))


async def test_a_dry_run_counts_and_keeps_nothing(line: Line) -> None:
    [said] = await line.said(*SEND, "--court", "southern georgia bankruptcy", "--unlinked", "--dry-run")
    assert said == {"dry_run": True, "included": 4, "skipped": {"left": 1, "linked": 2, "muted": 1}}
    shown = (await line.ran(*SEND, "--court", "gasb", "--dry-run")).stdout
    assert "6 people will get it as a direct message: people who file at" in shown
    assert "1 person left out - no longer in the workspace: U0GONE" in shown
    assert "Nothing was sent: this was a dry run." in shown
    assert await line.said("broadcast", "list") == []


async def test_what_is_sent_here_is_delivered_by_the_service_and_shown_here(line: Line) -> None:
    [said] = await line.said(*SEND, "--court", "gasb")
    id = BroadcastId(str(said["broadcast"]))
    assert said == {
        "broadcast": id,
        "state": "sending",
        "dry_run": False,
        "included": 6,
        "skipped": {"left": 1, "muted": 1},
    }
    await line.service.deliver(id, "failed", "refused", only=("U0DAN",))
    await line.service.deliver(id)
    await line.service.rounds.round()
    head, *everybody = await line.said("broadcast", "show", id)
    assert (head["state"], head["by"], head["text"]) == ("done", "terminal", "Live on Monday.")
    assert head["counts"] == {"sent": 5, "failed": 1, "skipped": 2}
    assert {one["recipient"]: (one["state"], one["why"]) for one in everybody} == {
        **dict.fromkeys(("U0CORA", "U0ELI", "U0LINK", "U0SEEN", "U0WORD"), ("sent", "")),
        "U0DAN": ("failed", "refused"),
        "U0GONE": ("skipped", "left"),
        "U0MUTE": ("skipped", "muted"),
    }
    shown = (await line.ran("broadcast", "show", id)).stdout
    assert "U0DAN: failed - the chat refused the message" in shown
    assert "Delivered to 5 of 6 people." in shown
    assert await line.said("broadcast", "again", id) == [{"broadcast": id, "state": "sending", "round": 2}]
    again = await line.ran("broadcast", "again", id)
    assert (again.exit_code, "going out by now" in again.stderr) == (1, True)
    assert [name for name, state, _ in await line.service.letters(id) if state == "queued"] == ["U0DAN"]


async def test_a_scheduled_one_waits_and_can_be_stopped(line: Line) -> None:
    at = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
    [said] = await line.said(*SEND, "--office", "Macon", "--at", at.isoformat())
    id = str(said["broadcast"])
    assert said["state"] == "scheduled"
    [listed] = await line.said("broadcast", "list", "--workspace", TEAM)
    assert (listed["broadcast"], listed["send_at"]) == (id, at.isoformat())
    assert await line.said("broadcast", "list", "--workspace", "T0NOBODY") == []
    assert await line.said("broadcast", "stop", id) == [{"broadcast": id, "state": "stopped", "round": 1}]
    twice = await line.ran("broadcast", "stop", id)
    assert (twice.exit_code, twice.stdout) == (1, "")
    assert "Stopped: " in (await line.ran("broadcast", "list")).stdout
    async with line.service.store.work() as work:
        entries = [json.loads(row.entry) for row in await Audit().since(work, 0, 10)]
    assert [one["facts"]["what"] for one in entries] == ["drafted", "scheduled", "stopped"]
    assert "Live on Monday" not in str(entries), "the audit holds no message"


async def test_the_text_may_come_from_a_file_or_a_pipe(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes("\ufeffFirst line.\r\n\r\nSecond: \x1b[2J é\n".replace("\x1b[2J ", "").encode())
    for given, piped in ((str(file), b""), ("-", file.read_bytes())):
        done = await line.ran(
            "broadcast", "send", "--workspace", TEAM, "--file", given, "--everybody", "--json", text=piped
        )
        assert done.exit_code == 0, done.output
        [head, *_] = await line.said("broadcast", "show", str(json.loads(done.stdout)["broadcast"]))
        assert head["text"] == "First line.\n\nSecond: é"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Choose who is to get it"),
        (("--unlinked", "--office", "Macon"), "Choose the court at which they are not linked"),
        (("--court", "gasb", "--channel", "C0FIRM"), "to people or to a channel"),
        (("--channel", "general"), "--channel takes a channel's id"),
        (("--everybody", "--court", "gasb"), "more than one of them"),
        (("--court", "nowhere at all"), "no one court is named"),
        (("--court", "gasb", "--at", "tomorrow"), "--at takes a moment with its offset"),
        (("--court", "gasb", "--at", "2027-03-29T09:00"), "--at takes a moment with its offset"),
        (("--court", "gasb", "--at", "2020-03-29T09:00-04:00"), "This time is past"),
        (("--court", "gasb", "--file", "x"), "--text or --file, one of them"),
        (("--court", "gasb", "--workspace", "nowhere"), "that is no workspace"),
    ],
)
async def test_a_wrong_line_is_one_line_of_error_and_sends_nothing(
    line: Line, words: tuple[str, ...], said: str
) -> None:
    done = await line.ran(*SEND, *words)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
    assert await line.said("broadcast", "list") == []


async def test_what_cannot_be_is_said_with_exit_code_1(line: Line, tmp_path: Path) -> None:
    nobody = await line.ran(*SEND, "--office", "Atlanta")
    assert (nobody.exit_code, "It would reach nobody now" in nobody.stderr) == (1, True)
    for command in ("show", "stop", "again"):
        done = await line.ran("broadcast", command, "none")
        assert (done.exit_code, "there is no broadcast of this id" in done.stderr) == (1, True)
    missing = await line.ran("broadcast", "send", "--workspace", TEAM, "--file", str(tmp_path / "none"), "--everybody")
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (2, True)
