"""The tables of what is told: notices, the letters that carry them, broadcasts, and the pace that a chat allows."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.columns import Moment, metadata, plain_json
from bot.store.dates_tables import NAMED

OF_A_BROADCAST = text("broadcast IS NOT NULL")
"""The part of `letters` in which a recipient has at most one row per broadcast."""

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("workspace", String(128), nullable=False),
    Column("by_person", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("audience", plain_json(), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("send_at", Moment()),
    Column("round", Integer, nullable=False),
    Column("changed_at", Moment(), nullable=False),
    Column("place", plain_json()),
    CheckConstraint("state IN ('draft', 'scheduled', 'sending', 'stopped', 'done')", name="state"),
    Index("ix_broadcasts_state", "state", "send_at"),
)

letters = Table(
    "letters",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("workspace", String(128), nullable=False),
    Column("recipient", String(128), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("broadcast", ForeignKey("broadcasts.id", ondelete="CASCADE")),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("unsure", Boolean, nullable=False),
    Column("claimed_by", String(NAMED), nullable=False),
    Column("lease_until", Moment()),
    Column("not_before", Moment(), nullable=False),
    Column("first_try", Moment()),
    Column("place", String(NAMED), nullable=False),
    Column("stamp", String(128), nullable=False),
    Column("why", String(32), nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("changed_at", Moment(), nullable=False),
    CheckConstraint("kind IN ('person', 'channel')", name="kind"),
    CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed', 'perhaps', 'skipped')", name="state"),
    Index(
        "uq_letters_broadcast",
        "broadcast",
        "recipient",
        unique=True,
        sqlite_where=OF_A_BROADCAST,  # PostgreSQL's is the same: migrations/env.py
    ),
    Index("ix_letters_state", "state", "not_before"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("workspace", String(128), nullable=False),
    Column("person", String(128), nullable=False),
    Column("event", ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("court", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("occasion", String(64), nullable=False),
    Column("step", String(16), nullable=False),
    Column("due_at", Moment(), nullable=False),
    Column("heard", String(64)),
    Column("told", String(64)),
    Column("state", String(16), nullable=False),
    Column("why", String(32), nullable=False),
    Column("letter", ForeignKey("letters.id", ondelete="SET NULL")),
    Column("sent_at", Moment()),
    CheckConstraint(
        "state IN ('planned', 'queued', 'sent', 'skipped', 'cancelled', 'failed', 'perhaps')", name="state"
    ),
    UniqueConstraint("platform", "workspace", "event", "occasion", "person", "step", name="uq_notices_once"),
    Index("ix_notices_due", "state", "due_at"),
    Index("ix_notices_letter", "letter"),
    Index("ix_notices_event", "event", "platform", "workspace", "person"),
)

chat_pace = Table(
    "chat_pace",
    metadata,
    Column("place", String(NAMED), primary_key=True),
    Column("next_at", Float(53), nullable=False),
)
