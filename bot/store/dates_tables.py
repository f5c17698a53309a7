"""The tables of courts' dates and of the people who hear of them; a change here needs a migration, and a test says so.

Dates are facts about courts and belong to the whole deployment; people, rosters and admins to a workspace of a chat.
Days, times and moments of a court are kept as the text of its own wall clock: only its zone makes an instant of them.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.columns import Moment, metadata, plain_json

NAMED = 300
"""Characters of a person's name as one text: platform, workspace and the chat's own id."""

events = Table(
    "events",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("court", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("day", String(10)),
    Column("time", String(5)),
    Column("coarse", Text, nullable=False),
    Column("blackout_start", String(16)),
    Column("blackout_end", String(16)),
    Column("source", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("emergency_channel", Text, nullable=False),
    Column("emergency_until", Text, nullable=False),
    Column("verified_at", Moment()),
    Column("verified_by", String(NAMED)),
    Column("version", Integer, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("live_since", Moment()),
    Column("changed_at", Moment(), nullable=False),
    Column("closings", plain_json()),
    CheckConstraint("status IN ('target', 'announced', 'confirmed', 'live', 'withdrawn')", name="status"),
    CheckConstraint("(blackout_start IS NULL) = (blackout_end IS NULL)", name="blackout_whole"),
    CheckConstraint("time IS NULL OR day IS NOT NULL", name="time_needs_day"),
    CheckConstraint("version >= 1 AND edition >= version", name="counted"),
    UniqueConstraint("court", "kind"),
)

event_history = Table(
    "event_history",
    metadata,
    Column("event", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment(), nullable=False),
    Column("by", String(NAMED), nullable=False),
    Column("what", String(16), nullable=False),
    Column("entry", plain_json(), nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(128), primary_key=True),
    Column("person", String(128), primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("begins", String(5), nullable=False),
    Column("ends", String(5), nullable=False),
    Column("days", String(7), nullable=False),
    Column("vacation_from", String(10)),
    Column("vacation_until", String(10)),
    Column("office", String(128), nullable=False),
    Column("email", String(320), nullable=False),
    Column("dm_channel", String(128), nullable=False),
    Column("gone", String(32), nullable=False),
    Column("profile_at", Moment()),
    Column("gone_at", Moment()),
    CheckConstraint("length(days) = 7", name="days"),
    CheckConstraint("(vacation_from IS NULL) = (vacation_until IS NULL)", name="vacation_whole"),
)

watches = Table(
    "watches",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(128), primary_key=True),
    Column("person", String(128), primary_key=True),
    Column("court", String(32), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("muted", Boolean, nullable=False),
    Column("by", String(16), nullable=False),
    Column("since", Moment(), nullable=False),
    CheckConstraint("by IN ('self', 'roster')", name="by"),
    Index("ix_watches_court", "court", "platform", "workspace", "person"),
)

agains = Table(
    "agains",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(128), primary_key=True),
    Column("person", String(128), primary_key=True),
    Column("event", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("due_at", Moment(), nullable=False),
    Column("asked_at", Moment(), nullable=False),
    Index("ix_agains_event", "event"),
)

roster = Table(
    "roster",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(128), primary_key=True),
    Column("email", String(320), primary_key=True),
    Column("office", String(128), nullable=False),
    Column("courts", plain_json(), nullable=False),
    Column("person", String(128)),
    Column("why", String(32), nullable=False),
    Column("loaded_at", Moment(), nullable=False),
    Column("by", String(NAMED), nullable=False),
)

admins = Table(
    "admins",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(128), primary_key=True),
    Column("person", String(128), primary_key=True),
    Column("by", String(NAMED), nullable=False),
    Column("at", Moment(), nullable=False),
)

court_facts = Table(
    "court_facts",
    metadata,
    Column("court", String(32), primary_key=True),
    Column("facts", plain_json(), nullable=False),
    Column("source", Text, nullable=False),
    Column("at", Moment(), nullable=False),
    Column("by", String(NAMED), nullable=False),
)
