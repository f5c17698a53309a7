"""The service when its database is old, away or back, and when linking is switched off: people are told in words."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest

from bot.attempts.form import Field, Flaw
from bot.errors import Code, SchemaOld, StoreDown
from bot.sandbox import Sandbox
from bot.sandbox.scenes import guide_almb
from bot.sandbox.slack import PretendSlack
from bot.store import upgrade
from bot.words.edge import NOT_TAKEN
from bot.words.endings import ENDINGS
from bot.words.form import flaw_words
from tests.postgres import Server
from tests.story.attempts import COURTS
from tests.story.service import Attorney, Running, command, running, until

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret", "SLACK_API_URL": "http://127.0.0.1:1/api"}
OFF = ENDINGS[Code.LINKING_OFF].title


@asynccontextmanager
async def service(folder: Path, **more: str) -> AsyncIterator[tuple[Running, Attorney, Sandbox]]:
    """A running service, one attorney of guide ALMB, and the courts."""
    courts = [court for name in ("almb",) if (court := COURTS.by_id(name))]
    async with Sandbox(courts) as sandbox, PretendSlack() as slack:
        settings = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "LINK_ECF_CONNECT_TO": sandbox.connect_to,
            "LINK_ECF_CA_FILE": str(sandbox.ca_file),
            **more,
        }
        async with running(folder, settings) as one:
            ann = Attorney(slack, "U0ANNA", guide_almb(sandbox))
            ann.through(one)
            yield one, ann, sandbox


async def refused_start(folder: Path, **settings: str) -> str:
    """Start the service where it must not start; exit code 1 and one line, which is returned."""
    code, out, err = await command(folder, "run", **SLACK, LINK_ECF_STATE_DIR=str(folder), **settings)
    assert (code, out) == (1, "")
    (line,) = [line for line in err.splitlines() if line.startswith("link-ecf: ")]
    assert len(err.splitlines()) == 1 or all(one.startswith("{") for one in err.splitlines()[:-1])
    return line.removeprefix("link-ecf: ")


async def test_older_tables_stop_the_start_with_the_command_that_fixes_it(tmp_path: Path) -> None:
    """On SQLite tables of an older version; a newer program's are refused too."""
    file = tmp_path / "link-ecf.db"
    upgrade(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
        database.commit()
    said = await refused_start(tmp_path)
    assert said == SchemaOld.phrase
    assert "`link-ecf db upgrade`" in said


async def test_postgresql_without_tables_stops_the_start(tmp_path: Path) -> None:
    """Tables are made by the command alone, because several replicas start at once."""
    with Server() as server:
        address = server.address(server.database())
        assert await refused_start(tmp_path, DATABASE_URL=address) == SchemaOld.phrase


async def test_a_database_that_is_down_at_the_start_is_waited_for(tmp_path: Path) -> None:
    """/readyz says why, nothing says `ready`; once it is there the service is, without a restart; SIGTERM ends both."""
    with Server(durable=True) as server:
        address = server.address(server.database())
        assert (await command(tmp_path, "db", "upgrade", DATABASE_URL=address))[0] == 0
        server.stop()
        one = Running(tmp_path / "firm", SLACK | {"DATABASE_URL": address})
        try:
            await one.launch()
            await until(lambda: one.logged("waiting_for_database"))
            assert await one.ready() == (503, StoreDown.phrase)
            assert not one.said_ready
            server.start()
            await until(lambda: one.said_ready)
            assert await one.ready() == (200, "ready")
            assert await one.end() == 0
            server.stop()
            await one.launch()
            await until(lambda: one.logged("waiting_for_database"))
            assert await one.end() == 0
            assert not one.said_ready
        finally:
            await one.end(signal.SIGKILL)


async def test_a_database_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    """/readyz says so, nothing is started, the person is told and keeps what was typed; no restart is needed."""
    with Server(durable=True) as server:
        address = server.address(server.database())
        assert (await command(tmp_path, "db", "upgrade", DATABASE_URL=address))[0] == 0
        async with service(tmp_path / "firm", DATABASE_URL=address) as (one, ann, sandbox):
            form, pid = await ann.form(), one.pid
            server.stop()
            assert await one.becomes(503) == StoreDown.phrase
            async with aiohttp.ClientSession() as session, session.get(f"{one.address}/healthz") as alive:
                assert alive.status == 200
            reply = await ann.send(form)
            assert reply.body["response_action"] == "errors"
            assert list(form.errors.values()) == [NOT_TAKEN]
            assert sandbox.ledger.sign_ons == 0
            server.start()
            assert await one.becomes(200) == "ready"
            assert (await ann.send(form)).body == {"response_action": "clear"}
            await ann.link()
            await ann.told("Your accounts are linked")
            assert one.pid == pid
            assert sandbox.ledger.final_submits == 1


async def test_linking_off_by_its_setting(tmp_path: Path) -> None:
    """The command is answered in words, and no form opens."""
    async with service(tmp_path / "firm", LINK_ECF_LINKING="off") as (_, ann, _):
        reply = await ann.slack.command(ann.user, "/link-ecf", "almb")
        assert OFF in reply.text
        assert "Who can help" in reply.text
        assert ann.slack.open_view(ann.user) is None


@pytest.mark.timeout(180)
async def test_linking_is_switched_off_and_on_while_the_service_runs(tmp_path: Path) -> None:
    """Within ten seconds: no form, no attempt from a form that was open; a running one ends before its Submit."""
    async with service(tmp_path / "firm") as (one, ann, sandbox):
        state = {"LINK_ECF_STATE_DIR": str(one.folder / "state")}
        await ann.send(await ann.form())
        await ann.asked("These are mine - link them")
        ann.slack.join("U0CARL")
        late = Attorney(ann.slack, "U0BEN", guide_almb(sandbox))
        form = await late.form()
        assert (await command(tmp_path, "linking", "off", **state))[0] == 0
        async with asyncio.timeout(10):
            while OFF not in (await ann.slack.command("U0CARL", "/link-ecf", "almb")).text:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert (await late.send(form)).body["response_action"] == "errors"
        assert flaw_words(Field.COURT, Flaw.LINKING_OFF) in form.errors.values()
        await ann.link()
        await ann.told(OFF)
        assert (sandbox.ledger.final_submits, sandbox.court("almb").linked) == (0, {})
        assert (await command(tmp_path, "linking", "on", **state))[0] == 0
        async with asyncio.timeout(10):
            while (await late.send(form)).body["response_action"] == "errors":  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await late.link()
        await late.told("Your accounts are linked")
        assert sandbox.ledger.final_submits == 1
