"""`link-ecf register` and `link-ecf audit` as an admin and a script use them, on both databases."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.errors import Code
from bot.linker.values import IncidentId, Result
from bot.register import (
    Change,
    Consent,
    Head,
    HeadFile,
    State,
    attempt_ended,
    attempt_started,
    form_received,
    invited,
    self_reported,
)
from bot.register.chain import hash_of
from bot.register.listing import COLUMNS
from bot.register.recorder import Recorder
from bot.secret import Login
from bot.store import Audit, Store
from bot.words.standing import standing_words
from tests.command_line import Ran, run
from tests.register.strategies import ALMB, ANNA, BEN, FILERS, GASB, MENU

ROOT = Path(__file__).resolve().parents[2]
INCIDENT = IncidentId("abcde23456")
CHANGES: tuple[Change, ...] = (
    attempt_started(BEN, GASB, INCIDENT, login=Login("filer-canary-77"), account=Login("pacer.canary.88")),
    attempt_ended(BEN, GASB, Result(Code.ECF_REFUSED, INCIDENT, "canary", MENU, (), 7)),
    attempt_ended(ANNA, GASB, Result(Code.LINKED, INCIDENT, "canary", MENU, FILERS, 14)),
    self_reported(ANNA, ALMB),
    invited(BEN, ALMB, office="=SUM(A1)"),
)


@dataclass(frozen=True)
class Line:
    """The command line of one firm."""

    settings: Mapping[str, str]
    state_dir: Path

    async def run(self, *words: str, stdin: str = "") -> Ran:
        """Run `link-ecf` with these words."""
        return await run(self.settings, words, stdin)

    async def run_apart(self, *words: str) -> Ran:
        """Run `link-ecf` with these words in a process of its own, as an admin does."""
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.settings}
        command = (sys.executable, "-m", "bot", *words)
        process = await asyncio.create_subprocess_exec(*command, stdin=-1, stdout=-1, stderr=-1, env=env)
        out, err = await asyncio.wait_for(process.communicate(), 60)
        return Ran(process.returncode or 0, out.decode(), err.decode())


pytestmark = pytest.mark.usefixtures("log_as_it_was")


@pytest.fixture
def line(address: str, tmp_path: Path) -> Line:
    """A firm whose database has its tables."""
    folder = tmp_path / "firm"
    return Line({"DATABASE_URL": address, "LINK_ECF_STATE_DIR": str(folder)}, folder)


@pytest.fixture
async def kept(store: Store, line: Line) -> Head:
    """The head after all of CHANGES."""
    recorder = Recorder(SystemClock(), HeadFile(line.state_dir))
    head = Head(0, "")
    for change in CHANGES:
        async with store.work() as work:
            head = (await recorder.record(work, change)).head
        await recorder.keep(head)
    async with store.work() as work:
        head = await recorder.note(work, form_received(ANNA, GASB, INCIDENT, {Consent.REDACTION_NOTICE: "canary"}))
    await recorder.keep(head)
    return head


class TestRegister:
    """Who is linked where."""

    async def test_a_table_by_court_and_person(self, line: Line, kept: Head) -> None:
        ran = await line.run("register")
        assert ran.code == 0, ran.err
        rows = ran.out.splitlines()
        assert [row.split()[:2] for row in rows[1:]] == [
            ["almb", "slack/T01/U01ANNA"],
            ["almb", "slack/T01/U02BEN"],
            ["gasb", "slack/T01/U01ANNA"],
            ["gasb", "slack/T01/U02BEN"],
        ]
        assert "linked by hand, as they say" in rows[1]
        assert "not linked" in rows[4]
        assert "ecf_refused" in rows[4]
        assert "••77" in rows[4]
        assert "••88" in rows[4]
        assert "Not proved." in ran.err
        assert "canary" not in ran.out + ran.err

    async def test_filters(self, line: Line, kept: Head) -> None:
        wanted: dict[tuple[str, ...], set[tuple[str, str]]] = {
            ("--court", "almb"): {("almb", "U01ANNA"), ("almb", "U02BEN")},
            ("--court", "gasb", "--state", "linked"): {("gasb", "U01ANNA")},
            ("--state", "failed"): {("gasb", "U02BEN")},
            ("--office", "=SUM(A1)"): {("almb", "U02BEN")},
            ("--office", "nowhere"): set(),
        }
        for words, people in wanted.items():
            ran = await line.run("register", "--json", *words)
            assert ran.code == 0
            assert {(one["court"], one["person"]) for one in ran.objects} == people

    async def test_json_has_the_evidence_and_no_more_of_a_login_than_promised(self, line: Line, kept: Head) -> None:
        ran = await line.run("register", "--json")
        linked = next(one for one in ran.objects if one["state"] == "linked")
        assert (linked["menu_before"], linked["menu_after"]) == (list(MENU), list(FILERS))
        assert linked["incident"] == INCIDENT
        assert {one["cmecf_login_ends_in"] for one in ran.objects} == {"", "77"}
        assert "canary" not in ran.out

    async def test_as_an_admin_runs_it(self, line: Line, kept: Head) -> None:
        table, here = await line.run_apart("register"), await line.run("register")
        assert (table.code, table.out, table.err) == (0, here.out, here.err)
        verified = await line.run_apart("audit", "verify")
        assert (verified.code, verified.err) == (0, "")
        assert f"Newest line: {kept}" in verified.out

    async def test_csv_is_a_spreadsheet_without_formulas(self, line: Line, kept: Head) -> None:
        ran = await line.run("register", "--csv")
        rows = list(csv.DictReader(io.StringIO(ran.out, newline="")))
        assert tuple(rows[0]) == COLUMNS
        assert {row["office"] for row in rows} == {"", "'=SUM(A1)"}
        assert "canary" not in ran.out

    async def test_an_empty_register_is_said_and_is_no_error(self, line: Line) -> None:
        ran = await line.run("register")
        assert (ran.code, ran.out) == (0, "")
        assert "Nobody" in ran.err


async def test_without_tables_the_command_that_makes_them_is_named(tmp_path: Path) -> None:
    firm = Line({"LINK_ECF_STATE_DIR": str(tmp_path)}, tmp_path)
    for words in (("register",), ("audit", "verify"), ("audit", "export")):
        ran = await firm.run(*words)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == "link-ecf: The database has no tables yet: run `link-ecf db upgrade`.\n"


async def test_a_wrong_line_is_one_line(tmp_path: Path) -> None:
    firm = Line({"LINK_ECF_STATE_DIR": str(tmp_path)}, tmp_path)
    wrong = (
        ("register", "--csv", "--json"),
        ("register", "--court", "nowhere-at-all"),
        ("register", "--state", "nonsense"),
        ("audit", "verify", "--head", "three"),
        ("audit", "verify", "no-such-file"),
    )
    runs = [await firm.run(*words) for words in wrong]
    for ran in runs:
        assert (ran.code, ran.out) == (2, "")
        assert len(ran.err.splitlines()) == 1
    assert all(state.value in runs[2].err for state in State)


class TestAudit:
    """Is it whole, and a copy of it."""

    async def test_a_whole_audit(self, line: Line, kept: Head) -> None:
        ran = await line.run("audit", "verify")
        assert ran.code == 0, ran.out + ran.err
        assert "The audit is whole: 6 lines." in ran.out
        assert "Its newest line is the one that is remembered." in ran.out
        assert f"Newest line: {kept}" in ran.out
        (told,) = (await line.run("audit", "verify", "--json")).objects
        message = told.pop("message")
        assert "whole" in message
        assert told == {
            "whole": True,
            "lines": 6,
            "head": str(kept),
            "remembered": str(kept),
            "newer_than_remembered": 0,
            "tampering": None,
            "line": None,
        }

    async def test_an_empty_audit_is_whole(self, line: Line) -> None:
        ran = await line.run("audit", "verify")
        assert (ran.code, ran.err) == (0, "")
        assert "cannot be told" in ran.out

    async def test_a_tail_that_is_cut_off_is_seen(self, line: Line, kept: Head) -> None:
        HeadFile(line.state_dir).keep(Head(8, "a" * 64))
        ran = await line.run("audit", "verify")
        assert ran.code == 1
        assert "not whole: line 7 is missing" in ran.out

    async def test_a_head_that_was_noted_is_taken(self, line: Line, kept: Head) -> None:
        assert (await line.run("audit", "verify", "--head", str(kept))).code == 0
        ran = await line.run("audit", "verify", "--head", f"3:{'b' * 64}", "--json")
        assert ran.code == 1
        assert (ran.objects[0]["tampering"], ran.objects[0]["line"]) == ("altered", 3)

    async def test_lines_of_another_replica_are_no_fault_and_are_counted(
        self, line: Line, kept: Head, store: Store
    ) -> None:
        theirs = Recorder(SystemClock(), None)
        async with store.work() as work:
            await theirs.record(work, invited(ANNA, ALMB))
        ran = await line.run("audit", "verify", "--json")
        assert (ran.code, ran.objects[0]["newer_than_remembered"]) == (0, 1)

    async def test_a_forged_line_in_the_database_is_named(self, line: Line, kept: Head, store: Store) -> None:
        """Appending is all that the database allows; a line that does not follow is found."""
        async with store.work() as work:
            await Audit().append(work, SystemClock().now(), '{"event":"forged"}', lambda *_: "c" * 64)
        ran = await line.run("audit", "verify")
        assert ran.code == 1
        assert "not whole: line 7 was altered" in ran.out

    async def test_a_broken_head_file_is_told(self, line: Line, kept: Head) -> None:
        (line.state_dir / "audit-head.json").write_text("{}")
        ran = await line.run("audit", "verify", "--json")
        assert ran.code == 1
        assert ran.objects[0]["tampering"] == "head_file"

    async def test_an_export_is_verified_anywhere(self, line: Line, kept: Head, tmp_path: Path) -> None:
        out = (await line.run("audit", "export")).out
        assert len(out.splitlines()) == 6
        assert "canary" not in out
        file = tmp_path / "export.jsonl"
        file.write_text(out)
        elsewhere = Line({}, tmp_path)
        assert (await elsewhere.run("audit", "verify", str(file), "--head", str(kept))).code == 0
        assert (await elsewhere.run("audit", "verify", "-", stdin=out)).code == 0
        texts = out.splitlines()
        without = "\n".join([*texts[:2], *texts[3:]])
        ran = await elsewhere.run("audit", "verify", "-", "--json", stdin=without)
        assert (ran.code, ran.objects[0]["tampering"], ran.objects[0]["line"]) == (1, "removed", 3)

    async def test_a_long_audit_is_read_page_by_page(self, line: Line, store: Store) -> None:
        recorder = Recorder(SystemClock(), HeadFile(line.state_dir))
        head = Head(0, "")
        for _ in range(6):
            async with store.work() as work:
                for _ in range(101):
                    head = (await recorder.record(work, invited(ANNA, GASB))).head
        await recorder.keep(head)
        (told,) = (await line.run("audit", "verify", "--json")).objects
        assert (told["whole"], told["lines"]) == (True, 606)
        assert len((await line.run("audit", "export")).out.splitlines()) == 606


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
class TestSomebodyWithTheFile:
    """Who can write the SQLite file can drop its triggers; the chain is what shows it."""

    @pytest.mark.parametrize(
        ("change", "tampering", "number"),
        [
            ("DELETE FROM audit WHERE seq = 2", "removed", 2),
            ("DELETE FROM audit WHERE seq = 6", "removed", 6),
            ("DELETE FROM audit", "removed", 1),
            ("UPDATE audit SET entry = replace(entry, 'U02BEN', 'U01ANNA') WHERE seq = 1", "altered", 1),
            ("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE seq = 4", "altered", 4),
            ("UPDATE audit SET seq = -seq WHERE seq = 5", "inserted", -5),
            ("UPDATE audit SET seq = 99 WHERE seq = 5", "removed", 5),
        ],
    )
    async def test_any_change_is_named(
        self, line: Line, kept: Head, address: str, change: str, tampering: str, number: int
    ) -> None:
        with sqlite3.connect(address.removeprefix("sqlite:///")) as database:
            for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                database.execute(f"DROP TRIGGER {trigger}")
            database.execute(change)
        database.close()
        ran = await line.run("audit", "verify", "--json")
        assert (ran.code, ran.objects[0]["tampering"], ran.objects[0]["line"]) == (1, tampering, number)

    async def test_a_line_rewritten_with_a_new_hash_is_named(self, line: Line, kept: Head, address: str) -> None:
        with sqlite3.connect(address.removeprefix("sqlite:///")) as database:
            for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                database.execute(f"DROP TRIGGER {trigger}")
            entry, previous = database.execute("SELECT entry, previous FROM audit WHERE seq = 3").fetchone()
            forged = entry.replace("U01ANNA", "U09EVE")
            database.execute(
                "UPDATE audit SET entry = ?, hash = ? WHERE seq = 3", (forged, hash_of(3, previous, forged))
            )
        database.close()
        ran = await line.run("audit", "verify", "--json")
        assert (ran.code, ran.objects[0]["tampering"], ran.objects[0]["line"]) == (1, "altered", 3)


@pytest.mark.parametrize("state", State)
def test_every_state_has_words_in_the_third_person(state: State) -> None:
    words = standing_words(state)
    assert words.label
    assert words.meaning.endswith(".")
    assert "you" not in words.meaning.lower().split()


def test_an_outcome_that_is_not_known_has_words_of_its_own() -> None:
    assert standing_words(State.UNKNOWN, Code.OUTCOME_UNKNOWN) != standing_words(State.UNKNOWN)
