"""`link-ecf db upgrade`, as a script meets it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.store.tables import SCHEMA


def link_ecf(address: str, *words: str) -> Result:
    return CliRunner().invoke(main, words, env={"DATABASE_URL": address})


def test_it_makes_the_tables_then_finds_them_made(empty: str) -> None:
    first = link_ecf(empty, "db", "upgrade", "--json")
    kind = empty.partition(":")[0]
    assert (first.exit_code, json.loads(first.output)) == (0, {"database": kind, "from": None, "to": SCHEMA})
    again = link_ecf(empty, "db", "upgrade")
    assert again.exit_code == 0
    assert f"up to date (version {SCHEMA})" in again.output


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_database_that_is_not_there_is_one_line_without_its_password(as_json: tuple[str, ...]) -> None:
    done = link_ecf("postgresql://ecf:hunter2@127.0.0.1:1/ecf", "db", "upgrade", *as_json)
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert "cannot be reached" in done.output
    assert "hunter2" not in done.output


def test_a_wrong_address_is_a_wrong_setting() -> None:
    done = link_ecf("mysql://ecf:hunter2@127.0.0.1/ecf", "db", "upgrade")
    assert done.exit_code == 2
    assert "DATABASE_URL is wrong" in done.output
    assert "hunter2" not in done.output
