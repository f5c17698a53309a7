"""Which black-out stood before an event at which version, so that whoever heard another one is corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import plain_json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the list; without one, the black-out is taken never to have changed."""
    op.add_column("events", sa.Column("closings", plain_json(), nullable=True))
