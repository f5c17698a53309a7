"""Runs migrations on the one connection it is given, inside that connection's transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import MetaData
from sqlalchemy.schema import SchemaItem

from bot.store import dates_tables, letters_tables, tables  # noqa: F401  (importing them is what fills the metadata)
from bot.store.columns import metadata

QUEUE = "procrastinate_"
"""How the names of the queue's own tables begin: they are its own affair, and no part of ours."""


def ours(_item: SchemaItem, name: str | None, kind: str, _found: bool, _meant: SchemaItem | None) -> bool:
    """Tell whether a table that was found is one of ours."""
    return kind != "table" or not (name or "").startswith(QUEUE)


def both_ways(known: MetaData) -> None:
    """Say of every index over some rows only that PostgreSQL's covers the same rows as SQLite's.

    Said here because naming PostgreSQL loads its dialect, which a service on a file does without.
    """
    for index in (one for table in known.tables.values() for one in table.indexes):
        rows = index.dialect_options["sqlite"]["where"]
        if rows is not None:
            index.dialect_kwargs["postgresql_where"] = rows


both_ways(metadata)
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    include_object=ours,
    # SQLite can undo a change of tables as PostgreSQL can, once the driver leaves transactions to us.
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
