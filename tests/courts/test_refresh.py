"""`link-ecf courts` and `courts refresh` as an admin and a script use them, on both databases."""

from __future__ import annotations

import asyncio
import json
import os
import pwd
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner

from bot.__main__ import main
from bot.sandbox.authority import Authority
from bot.store import FactsRow, Store
from bot.store.facts import CourtFacts
from tests.command_line import Ran, run
from tests.courts.feeds import feed, record
from tests.courts.test_facts import NEW

CHANGED = feed(
    record(
        login_url="https://ecf2.gasb.uscourts.gov/",
        software_version=NEW.software,
        help_desk={"0": {"phone": "(912) 650-4101<BR>Augusta 706-823-6000"}},
    ),
    record("almb"),
    {"court_id": "NEWBK"},
)


@dataclass(frozen=True)
class Line:
    """The command line of one firm, with a look-up in a file."""

    settings: Mapping[str, str]
    file: Path

    async def run(self, *words: str, stdin: bytes = b"", by: Mapping[str, str] | None = None) -> Ran:
        """Run `link-ecf courts` with these words."""
        return await run({**self.settings, **(by or {})}, ("courts", *words), stdin)

    async def refresh(self, *words: str) -> Ran:
        """Refresh from the file."""
        return await self.run("refresh", str(self.file), *words)


pytestmark = pytest.mark.usefixtures("log_as_it_was")


@pytest.fixture
def line(address: str, tmp_path: Path) -> Line:
    """A firm whose database has its tables."""
    file = tmp_path / "data.json"
    file.write_bytes(CHANGED)
    return Line({"DATABASE_URL": address, "LINK_ECF_STATE_DIR": str(tmp_path / "firm")}, file)


async def rows(store: Store) -> tuple[FactsRow, ...]:
    """All that is kept."""
    async with store.work() as work:
        return await CourtFacts().all(work)


async def audit(line: Line) -> list[Any]:
    """What the audit says."""
    ran = await asyncio.to_thread(CliRunner(env=line.settings).invoke, main, ("audit", "export"))
    return [json.loads(one)["entry"] for one in ran.stdout.splitlines()]


async def test_without_apply_it_only_shows(line: Line, store: Store) -> None:
    """Court by court, old and new, what was left alone and why, and how to keep it."""
    ran = await line.refresh()
    assert (ran.code, ran.err) == (0, "")
    for words in (
        "PACER made this list on Tue, 02 Jun 2026 06:10:05 -0400. 3 records, 2 courts of the bot's list.",
        "gasb  Bankr. S.D. Georgia",
        "software: NextGen CM/ECF Release 1.6 (Revision 1.6.4) -> NextGen CM/ECF Release 1.8",
        "host: ecf.gasb.uscourts.gov -> ecf2.gasb.uscourts.gov   (held back: needs --hosts)",
        "help desk: 912-650-4100 -> 912-650-4101, 706-823-6000 (Augusta)",
        "court_id of NEWBK: not a court of the bot's list",
        "go_live_date of 2 records: it is the first CM/ECF go-live, never NextGen's",
        f"Nothing was changed; to keep this: link-ecf courts refresh {line.file} --apply",
    ):
        assert words in ran.out
    assert "almb" not in ran.out.split("Left alone")[0]
    assert await rows(store) == ()
    assert (await line.run("gasb", "--json")).objects[0]["software"] != NEW.software


async def test_apply_keeps_all_but_the_host(line: Line, store: Store) -> None:
    """With where it came from and who did it, a line of the audit, and no second time."""
    ran = await line.refresh("--apply")
    assert ran.code == 0
    assert ran.out.endswith("Kept. Running replicas follow within two minutes; commands use it at once.\n")
    (kept,) = await rows(store)
    user = pwd.getpwuid(os.getuid()).pw_name
    assert (kept.court, kept.by) == ("gasb", f"terminal/{socket.gethostname()}/{user}")
    assert kept.source == f"{line.file} (list of Tue, 02 Jun 2026 06:10:05 -0400)"
    assert set(kept.facts) == {"software", "help_desks"}
    court = (await line.run("gasb", "--json")).objects[0]
    assert (court["software"], court["host"]) == (NEW.software, "ecf.gasb.uscourts.gov")
    assert court["help_desks"][1] == {"phone": "706-823-6000", "division": "Augusta"}
    again = await line.refresh("--apply")
    assert (again.code, again.out.splitlines()[-1]) == (0, "Nothing was changed.")
    entries = await audit(line)
    assert [(one["event"], one["facts"]) for one in entries] == [("courts_refreshed", {"courts": 1, "hosts": 0})]
    assert entries[0]["who"]["id"] == user


async def test_of_several_at_once_one_keeps_it(line: Line, store: Store) -> None:
    """The others find nothing to keep, or are told that somebody was ahead of them."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), **line.settings}
    words = (sys.executable, "-m", "bot", "courts", "refresh", str(line.file), "--apply")
    several = [await asyncio.create_subprocess_exec(*words, stdin=-1, stdout=-1, stderr=-1, env=env) for _ in range(3)]
    for one, (out, err) in [(one, await asyncio.wait_for(one.communicate(), 60)) for one in several]:
        assert one.returncode == 0 or b"somebody else refreshed" in err
        assert one.returncode == 1 or out.endswith((b"commands use it at once.\n", b"Nothing was changed.\n"))
    assert len(await rows(store)) == 1
    assert len(await audit(line)) == 1


async def test_a_host_changes_by_its_own_flag_alone(line: Line, store: Store) -> None:
    assert "--hosts --apply" in (await line.refresh("--hosts")).out
    assert await rows(store) == ()
    assert (await line.refresh("--hosts", "--apply")).code == 0
    assert (await line.run("gasb", "--json")).objects[0]["host"] == "ecf2.gasb.uscourts.gov"
    line.file.write_bytes(feed(record()))
    await line.refresh("--apply")
    (kept,) = await rows(store)
    assert kept.facts == {"host": "ecf2.gasb.uscourts.gov"}
    await line.refresh("--apply", "--hosts")
    assert await rows(store) == ()


async def test_one_object_a_line(line: Line) -> None:
    shown = (await line.refresh("--json")).objects
    assert [one["event"] for one in shown] == ["list", "change", "change", "held_back", "ignored", "ignored", "result"]
    assert shown[-1] == {"event": "result", "applied": False, "courts": 1, "changes": 2, "held_back": 1}
    assert shown[3]["needs"] == "--hosts"
    assert (await line.refresh("--json", "--apply")).objects[-1]["applied"] is True
    assert (await line.refresh("--json", "--apply")).objects[-1]["applied"] is False


async def test_a_look_up_from_stdin(line: Line) -> None:
    assert "1 court" in (await line.run("refresh", "-", stdin=feed(record()))).out


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html>Down</html>", "a web page"),
        (CHANGED[:-30], "cut off"),
        (b"{}", "no list of courts"),
        (b"x", "not JSON"),
    ],
)
async def test_a_wrong_file_changes_nothing(line: Line, store: Store, data: bytes, words: str) -> None:
    line.file.write_bytes(data)
    ran = await line.refresh("--apply", "--hosts")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert ran.err.endswith("Nothing was changed.\n")
    assert len(ran.err.splitlines()) == 1
    assert await rows(store) == ()


@pytest.mark.parametrize(
    "words", [(), ("no/such/file",), (".",), ("http://pacer.uscourts.gov/",), ("a", "b"), ("x\0y",)]
)
async def test_a_wrong_line(line: Line, words: tuple[str, ...]) -> None:
    ran = await line.run("refresh", *words)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


async def test_without_tables_it_shows_and_keeps_nothing(line: Line, tmp_path: Path) -> None:
    """Looking needs no database; keeping says what to do."""
    nowhere = {"DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/x.db"}
    assert (await line.run("refresh", str(line.file), by=nowhere)).code == 0
    ran = await line.run("refresh", str(line.file), "--apply", by=nowhere)
    assert ran.code == 1
    assert "link-ecf db upgrade" in ran.err
    assert not (tmp_path / "nowhere").exists()


async def test_the_query_is_as_it_was(line: Line) -> None:
    """And a court may be asked for by the word all the same."""
    assert (await line.run("southern", "georgia", "bankruptcy", "--json")).objects[0]["id"] == "gasb"
    assert (await line.run("--json", "gasb")).objects[0]["id"] == "gasb"
    assert len((await line.run()).out.splitlines()) == 209
    assert (await line.run("--", "refresh")).out == ""
    assert (await line.run("georgia", "refresh")).code == 0
    assert "refresh" in (await line.run("--help")).out


@pytest.fixture
async def pacer(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """PACER's web site on this machine; the settings that lead to it."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        found = request.path == "/data.json"
        return web.Response(body=CHANGED if found else b"<html>Down</html>", status=200)

    authority = Authority(tmp_path)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    runner = web.ServerRunner(web.Server(answer, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    there = listening.getsockname()
    await web.SockSite(runner, listening, ssl_context=authority.context("pacer.uscourts.gov")).start()
    yield {"LINK_ECF_CONNECT_TO": f"127.0.0.1:{there[1]}", "LINK_ECF_CA_FILE": str(authority.ca_file)}
    await runner.cleanup()


async def test_from_pacer_itself(line: Line, store: Store, pacer: dict[str, str]) -> None:
    """What may be a key in the address is not kept."""
    ran = await line.run("refresh", "https://pacer.uscourts.gov/data.json?key=canary", "--apply", by=pacer)
    assert (ran.code, ran.err) == (0, "")
    (kept,) = await rows(store)
    assert kept.source.startswith("https://pacer.uscourts.gov/data.json (list of")
    assert "canary" not in ran.out


async def test_pacer_down_is_said_and_changes_nothing(line: Line, store: Store, pacer: dict[str, str]) -> None:
    page = await line.run("refresh", "https://pacer.uscourts.gov/x", "--apply", by=pacer)
    wrong = await line.run("refresh", "https://www.uscourts.gov/data.json", "--apply", by=pacer)
    for ran, words in ((page, "a web page"), (wrong, "cannot be trusted")):
        assert (ran.code, ran.out) == (1, "")
        assert words in ran.err
        assert ran.err.endswith("Nothing was changed.\n")
    assert await rows(store) == ()
