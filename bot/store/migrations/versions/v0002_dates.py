"""Courts' dates, the people who hear of them, notices, letters, broadcasts; on PostgreSQL the queue's own tables too.

The queue (Procrastinate) says its tables in one text of SQL, which is taken from the package that is installed: this is
the text of 3.10, to which the package is held. Another one comes with a migration of its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

from bot.store.columns import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _dates()
    _people()
    _firm()
    _letters()
    _notices()
    if op.get_bind().dialect.name == "postgresql":
        _queue()


def _queue() -> None:
    # The driver's own cursor, without values: with values (even none) the driver would read the text's percent signs as
    # places for them, and would take one statement only. It is the same connection, so the same transaction.
    cursor = op.get_bind().connection.cursor()
    try:
        cursor.execute(SchemaManager.get_schema())
    finally:
        cursor.close()


def _dates() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("court", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=True),
        sa.Column("time", sa.String(length=5), nullable=True),
        sa.Column("coarse", sa.Text(), nullable=False),
        sa.Column("blackout_start", sa.String(length=16), nullable=True),
        sa.Column("blackout_end", sa.String(length=16), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("emergency_channel", sa.Text(), nullable=False),
        sa.Column("emergency_until", sa.Text(), nullable=False),
        sa.Column("verified_at", Moment(), nullable=True),
        sa.Column("verified_by", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("live_since", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "status IN ('target', 'announced', 'confirmed', 'live', 'withdrawn')", name=op.f("ck_events_status")
        ),
        sa.CheckConstraint("(blackout_start IS NULL) = (blackout_end IS NULL)", name=op.f("ck_events_blackout_whole")),
        sa.CheckConstraint("time IS NULL OR day IS NOT NULL", name=op.f("ck_events_time_needs_day")),
        sa.CheckConstraint("version >= 1 AND edition >= version", name=op.f("ck_events_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("court", "kind", name=op.f("uq_events_court_kind")),
    )
    op.create_table(
        "event_history",
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name=op.f("fk_event_history_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event", "edition", name=op.f("pk_event_history")),
    )
    op.create_table(
        "court_facts",
        sa.Column("court", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("court", name=op.f("pk_court_facts")),
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.String(length=5), nullable=False),
        sa.Column("ends", sa.String(length=5), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("vacation_from", sa.String(length=10), nullable=True),
        sa.Column("vacation_until", sa.String(length=10), nullable=True),
        sa.Column("office", sa.String(length=128), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("dm_channel", sa.String(length=128), nullable=False),
        sa.Column("gone", sa.String(length=32), nullable=False),
        sa.Column("profile_at", Moment(), nullable=True),
        sa.CheckConstraint("(vacation_from IS NULL) = (vacation_until IS NULL)", name=op.f("ck_people_vacation_whole")),
        sa.CheckConstraint("length(days) = 7", name=op.f("ck_people_days")),
        sa.PrimaryKeyConstraint("platform", "workspace", "person", name=op.f("pk_people")),
    )
    op.create_table(
        "watches",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("court", sa.String(length=32), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.CheckConstraint("by IN ('self', 'roster')", name=op.f("ck_watches_by")),
        sa.PrimaryKeyConstraint("platform", "workspace", "person", "court", name=op.f("pk_watches")),
    )
    op.create_index("ix_watches_court", "watches", ["court", "platform", "workspace", "person"], unique=False)
    op.create_table(
        "agains",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name=op.f("fk_agains_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("platform", "workspace", "person", "event", name=op.f("pk_agains")),
    )
    op.create_index("ix_agains_event", "agains", ["event"], unique=False)


def _firm() -> None:
    op.create_table(
        "roster",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("office", sa.String(length=128), nullable=False),
        sa.Column("courts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=True),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("loaded_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "email", name=op.f("pk_roster")),
    )
    op.create_table(
        "admins",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "person", name=op.f("pk_admins")),
    )


def _letters() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("by_person", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("send_at", Moment(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("place", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'sending', 'stopped', 'done')", name=op.f("ck_broadcasts_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    op.create_index("ix_broadcasts_state", "broadcasts", ["state", "send_at"], unique=False)
    op.create_table(
        "letters",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("recipient", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("broadcast", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.String(length=300), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("first_try", Moment(), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("stamp", sa.String(length=128), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'channel')", name=op.f("ck_letters_kind")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'perhaps', 'skipped')", name=op.f("ck_letters_state")
        ),
        sa.ForeignKeyConstraint(
            ["broadcast"], ["broadcasts.id"], name=op.f("fk_letters_broadcast"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_state", "letters", ["state", "not_before"], unique=False)
    op.create_index(
        "uq_letters_broadcast",
        "letters",
        ["broadcast", "recipient"],
        unique=True,
        sqlite_where=sa.text("broadcast IS NOT NULL"),
        postgresql_where=sa.text("broadcast IS NOT NULL"),
    )
    op.create_table(
        "chat_pace",
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("next_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_chat_pace")),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("court", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("heard", sa.String(length=64), nullable=True),
        sa.Column("told", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("letter", sa.String(length=64), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'queued', 'sent', 'skipped', 'cancelled', 'failed', 'perhaps')",
            name=op.f("ck_notices_state"),
        ),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name=op.f("fk_notices_event"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["letter"], ["letters.id"], name=op.f("fk_notices_letter"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("platform", "workspace", "event", "occasion", "person", "step", name="uq_notices_once"),
    )
    op.create_index("ix_notices_due", "notices", ["state", "due_at"], unique=False)
    op.create_index("ix_notices_event", "notices", ["event", "platform", "workspace", "person"], unique=False)
    op.create_index("ix_notices_letter", "notices", ["letter"], unique=False)
