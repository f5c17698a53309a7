"""Links to the private page, by their hashes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of links."""
    op.create_table(
        "pages",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("court", sa.String(length=32), nullable=True),
        sa.Column("attempt", sa.String(length=64), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'used', 'replaced', 'dead')", name=op.f("ck_pages_state")),
        sa.CheckConstraint("(court IS NULL) <> (attempt IS NULL)", name=op.f("ck_pages_form_or_question")),
        sa.CheckConstraint("(attempt IS NULL) = (number IS NULL)", name=op.f("ck_pages_question_whole")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_pages")),
    )
    op.create_index(op.f("ix_pages_expires_at"), "pages", ["expires_at"], unique=False)
    op.create_index("ix_pages_person", "pages", ["platform", "workspace", "person", "expires_at"], unique=False)
