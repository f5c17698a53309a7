"""Runs migrations on the one connection it is given, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from bot.store.columns import metadata
from bot.store.tables import SCHEMA  # noqa: F401  (importing the tables is what fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    # SQLite can undo a change of tables as PostgreSQL can, once the driver leaves transactions to us.
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
