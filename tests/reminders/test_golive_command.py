"""`link-ecf golive` as an admin and a script use it, on both databases."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.store import Audit, Store
from tests.command_line import Ran, run


@dataclass(frozen=True)
class Line:
    """The command line of one firm."""

    settings: Mapping[str, str]

    async def golive(self, *words: str, stdin: str = "") -> Ran:
        """Run `link-ecf golive` with these words."""
        return await run(self.settings, ("golive", *words), stdin)


pytestmark = pytest.mark.usefixtures("log_as_it_was")


@pytest.fixture
def line(address: str, tmp_path: Path) -> Line:
    """A firm whose database has its tables."""
    return Line({"DATABASE_URL": address, "LINK_ECF_STATE_DIR": str(tmp_path / "firm")})


async def test_a_date_is_set_shown_moved_and_withdrawn(line: Line, store: Store) -> None:
    made = await line.golive(
        "set", "arwb", "--day", "2047-02-01", "--blackout-start", "2047-01-29T17:00", "--blackout-end",
        "2047-02-01T09:00", "--source", "https://www.arwb.uscourts.gov/", "--json",
    )  # fmt: skip
    (found,) = made.objects
    assert (made.code, found["event"], found["changed"], found["weekday"]) == (0, "date", True, "Friday")
    assert (found["zone"], found["utc_offset"]) == ("America/Chicago", "UTC-06:00")
    assert found["opens_at"] == "2047-02-01T15:00:00+00:00"
    assert found["verified_by"] == f"terminal/{socket.gethostname()}/{getpass.getuser()}"
    shown = await line.golive("list")
    assert "Friday, February 1, 2047, 9:00 a.m." in shown.out
    assert "America/Chicago, UTC-06:00 on that day." in shown.out
    moved = await line.golive("move", "arwb", "2047-07-29", "--time", "08:30")
    assert moved.code == 0
    assert "The black-out of the old date was taken out" in moved.out
    assert "UTC-05:00" in moved.out
    for step, status in (("confirm", "confirmed"), ("live", "live"), ("withdraw", "withdrawn")):
        (done,) = (await line.golive(step, "arwb", "--json")).objects
        assert (done["status"], done["changed"]) == (status, True)
    async with store.work() as work:
        entries = [json.loads(row.entry) for row in await Audit().since(work, 0, 10)]
    assert [entry["facts"]["what"] for entry in entries] == ["set", "moved", "confirmed", "live", "withdrawn"]
    assert entries[0]["who"]["platform"] == "terminal"


async def test_details_are_added_by_setting_again_and_a_date_is_not(line: Line) -> None:
    assert (await line.golive("set", "mieb", "--coarse", "March 2047", "--status", "target")).code == 0
    same = await line.golive("set", "mieb", "--coarse", "March 2047", "--status", "target")
    assert (same.code, same.out.splitlines()[0]) == (0, "Nothing to change: it stands so already.")
    noted = await line.golive("set", "mieb", "--note", "The clerk says so.", "--json")
    assert [(one["note"], one["coarse"], one["changed"]) for one in noted.objects] == [
        ("The clerk says so.", "March 2047", True)
    ]
    other = await line.golive("set", "mieb", "--day", "2047-03-08", "--json")
    assert (other.code, [(one["field"], one["flaw"]) for one in other.objects]) == (1, [("event", "exists")])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("set", "arwb", "--day", "soon"), 2, "YYYY-MM-DD"),
        (("set", "arwb"), 2, "Give the day"),
        (("set", "nowhere at all", "--day", "2047-02-01"), 2, "no one court is named"),
        (("set", "arwb", "--day", "2047-02-01", "--status", "live"), 2, "--status"),
        (("move", "arwb", "2047-02-01"), 1, "There is no such date"),
        (("move", "arwb"), 2, "to which day"),
        (("move", "arwb", "2047-02-01", "--day", "2047-02-02"), 2, "two days"),
        (("move", "arwb", "--day", "2047-02-01"), 1, "There is no such date"),
        (("set", "arwb", "soon"), 2, "YYYY-MM-DD"),
        (("confirm", "arwb"), 1, "There is no such date"),
        (("list",), 0, "No date is kept"),
        (("import", "/nowhere.csv"), 2, "cannot read /nowhere.csv"),
    ],
)
async def test_what_cannot_be_is_one_clear_line(line: Line, words: tuple[str, ...], code: int, said: str) -> None:
    ran = await line.golive(*words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


async def test_what_stands_already_is_said_and_nothing_is_done(line: Line) -> None:
    await line.golive("set", "arwb", "--day", "2047-02-01", "--status", "confirmed")
    again = await line.golive("confirm", "arwb")
    assert (again.code, again.err) == (1, "link-ecf: Nothing to do: it stands so already.\n")
    await line.golive("withdraw", "arwb", "--note", "Not this year.")
    gone = await line.golive("live", "arwb", "--json")
    assert (gone.code, gone.objects[0]["flaw"]) == (1, "withdrawn")
    back = await line.golive("move", "arwb", "2047-02-01", "--json")
    assert (back.code, back.objects[0]["status"], back.objects[0]["note"]) == (0, "announced", "Not this year.")


CSV = "court,day,status\narwb,2047-02-01,announced\ngub,2047-09-07,target\n"


async def test_a_file_is_tried_then_entered_then_changes_nothing(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "dates.csv"
    file.write_text(CSV, "utf-8")
    tried = await line.golive("import", str(file), "--dry-run")
    assert tried.code == 0
    assert tried.out.splitlines() == [
        "line 2: arwb 2047-02-01T09:00: entered",
        "line 3: gub 2047-09-07T09:00: entered",
        "Nothing was kept; without --dry-run 2 of 2 lines would change something.",
    ]
    assert (await line.golive("list", "--json")).out == "[]\n"
    done = await line.golive("import", "-", "--json", stdin=CSV)
    assert (done.code, done.objects[-1]) == (0, {"event": "result", "lines": 2, "wrong": 0, "changes": 2, "kept": True})
    again = await line.golive("import", str(file))
    assert (again.code, again.out.splitlines()[-1]) == (0, "0 of 2 lines changed something.")
    listed = await line.golive("list", "gub", "--json")
    assert [(one["court"], one["utc_offset"]) for one in listed.objects] == [("gub", "UTC+10:00")]


async def test_a_wrong_file_names_its_lines_and_changes_nothing(line: Line) -> None:
    wrong = await line.golive("import", "-", stdin=CSV + "gasb,8 March,\n")
    assert wrong.code == 2
    assert "line 4: Write the day as YYYY-MM-DD" in wrong.err
    assert "1 of 3 lines are wrong: nothing was kept." in wrong.err
    unread = await line.golive("import", "-", "--json", stdin="court,when\narwb,2047-02-01\n")
    assert (unread.code, unread.objects[0]["line"], unread.objects[0]["flaw"]) == (2, 2, "missing")
    assert 'Columns of other names were ignored: "when".' in unread.err
    assert (await line.golive("list", "--past")).out == ""
