"""The tables' version: made, kept, and refused with the command that helps."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.clock import SystemClock
from bot.errors import SchemaNew, SchemaOld, StoreTrouble
from bot.store import Store, Switches, upgrade
from bot.store.engines import read_address, upgrade_engine
from bot.store.schema import MIGRATIONS, configuration
from bot.store.tables import SCHEMA
from tests.postgres import Server


def run(address: str, *statements: str) -> None:
    engine = upgrade_engine(read_address(address))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def upgrade_to(address: str, version: str) -> None:
    """Make the tables of an older program."""
    if "postgresql" not in address:
        Path(str(read_address(address).database)).parent.mkdir(parents=True)
    engine = upgrade_engine(read_address(address))
    with engine.begin() as connection:
        command.upgrade(configuration(connection), version)
    engine.dispose()


def tables(address: str) -> set[str]:
    def names(connection: Connection) -> set[str]:
        from sqlalchemy import inspect

        return set(inspect(connection).get_table_names())

    engine = upgrade_engine(read_address(address))
    with engine.connect() as connection:
        found = names(connection)
    engine.dispose()
    return found


def test_an_empty_database_is_brought_up_to_date_and_matches_the_tables(empty: str) -> None:
    assert upgrade(empty) == (None, SCHEMA)
    assert upgrade(empty) == (SCHEMA, SCHEMA)
    engine = upgrade_engine(read_address(empty))
    with engine.begin() as connection:
        # What `alembic check` does: raises when the tables of the program and those of the database differ.
        command.check(configuration(connection))
    engine.dispose()


async def test_an_old_database_is_refused_until_it_is_upgraded_and_keeps_what_it_has(empty: str) -> None:
    upgrade_to(empty, "0001")
    run(empty, "INSERT INTO court_pace (court, next_at) VALUES ('gasb', 7.0)")
    before = tables(empty)
    for create in (False, True):
        with pytest.raises(SchemaOld, match="db upgrade"):
            await Store.open(empty, SystemClock(), create=create)
    assert tables(empty) == before
    assert upgrade(empty) == ("0001", SCHEMA)
    assert {"events", "notices", "letters", "pages"} <= tables(empty) - before
    assert ("procrastinate_jobs" in tables(empty)) == ("postgresql" in empty)
    store = await Store.open(empty, SystemClock())
    async with store.work() as work:
        assert (await work.execute(text("SELECT court FROM court_pace"))).scalar_one() == "gasb"
    await store.close()


def test_the_queue_is_whole_percent_signs_and_all(server: Server, template: str) -> None:
    with pytest.raises(Exception, match=r"Job was not found .* \(job id: 5\)"):
        run(server.address(template), "SELECT procrastinate_finish_job_v1(5, 'succeeded', false)")


def test_a_difference_would_be_found(empty: str) -> None:
    upgrade(empty)
    run(empty, "ALTER TABLE switches ADD COLUMN forgotten INTEGER")
    engine = upgrade_engine(read_address(empty))
    with engine.begin() as connection, pytest.raises(Exception, match="forgotten"):
        command.check(configuration(connection))
    engine.dispose()


def test_the_program_knows_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [SCHEMA]


async def test_several_upgrades_at_once_are_one(empty: str) -> None:
    done = await asyncio.gather(*(asyncio.to_thread(upgrade, empty) for _ in range(8)))
    assert sorted(before or "" for before, _ in done) == ["", *[SCHEMA] * 7]


def test_an_upgrade_that_fails_halfway_leaves_nothing(empty: str) -> None:
    upgrade(empty)
    made = tables(empty)
    if "postgresql" in empty:
        run(empty, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    else:
        Path(str(read_address(empty).database)).unlink()
    run(empty, "CREATE TABLE register (a INTEGER)")
    with pytest.raises(StoreTrouble):
        upgrade(empty)
    assert tables(empty) == {"register"}
    run(empty, "DROP TABLE register")
    assert upgrade(empty) == (None, SCHEMA)
    assert tables(empty) == made


async def test_a_start_on_no_tables_names_the_command(empty: str) -> None:
    with pytest.raises(SchemaOld, match="link-ecf db upgrade"):
        await Store.open(empty, SystemClock())


async def test_a_start_may_make_the_first_tables(empty: str) -> None:
    for _ in range(2):
        store = await Store.open(empty, SystemClock(), create=True)
        assert await store.ready() == ""
        await store.close()


@pytest.mark.parametrize(
    ("version", "kind", "fix"), [("0000", SchemaOld, "db upgrade"), ("9999", SchemaNew, "install")]
)
async def test_other_tables_are_refused_at_the_start_and_while_running(
    address: str, version: str, kind: type[StoreTrouble], fix: str
) -> None:
    running = await Store.open(address, SystemClock())
    async with running.work() as work:
        await work.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))
    assert fix in await running.ready()
    for create in (False, True):
        with pytest.raises(kind, match=fix):
            await Store.open(address, SystemClock(), create=create)
    await running.close()


def test_newer_tables_are_never_taken_back(address: str) -> None:
    run(address, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaNew):
        upgrade(address)


async def test_rows_outlive_the_process_that_wrote_them(address: str) -> None:
    for n in range(2):
        store = await Store.open(address, SystemClock())
        async with store.work() as work:
            assert await Switches().get(work, "linking") is (None if n == 0 else False)
            await Switches().set(work, "linking", False, "test")
        await store.close()
