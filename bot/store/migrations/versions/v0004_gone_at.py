"""Since when somebody cannot be written to, so that they are tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment; whoever is gone already has been so for long, and is tried again."""
    op.add_column("people", sa.Column("gone_at", Moment(), nullable=True))
    people = sa.table("people", sa.column("gone", sa.String()), sa.column("gone_at", Moment()))
    op.execute(people.update().where(people.c.gone != "").values(gone_at=datetime(2000, 1, 1, tzinfo=UTC)))
