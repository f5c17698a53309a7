"""Every table, once, for both engines; a change here needs a migration, and a test says so.

No column holds a password. The only sealed things are `answers.sealed` (a passcode on its way between replicas, for
at most 60 s), what `attempts.question` shows of both accounts while it is open, and `installs.sealed` (a workspace's
tokens). States, codes and kinds are plain text: their meaning
belongs to the parts that write them. Of a link to the private page and of its code there are hashes alone.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from bot.store.columns import Moment, metadata, plain_json

SCHEMA = "0005"
"""The newest migration that this program knows; numbers sort by age."""

RUNNING = text("state <> 'ended'")
"""The part of `attempts` in which a person has at most one row per court."""

attempts = Table(
    "attempts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("incident", String(64), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("workspace", String(128), nullable=False),
    Column("person", String(128), nullable=False),
    Column("court", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("lease_until", Moment(), nullable=False),
    Column("started_at", Moment(), nullable=False),
    Column("changed_at", Moment(), nullable=False),
    Column("version", Integer, nullable=False),
    Column("told", plain_json(), nullable=False),
    Column("question_number", Integer, nullable=False),
    Column("question", plain_json()),
    Column("question_until", Moment()),
    Column("code", String(64)),
    Column("detail", Text, nullable=False),
    Column("evidence", plain_json()),
    Column("ending_told", Boolean, nullable=False),
    Column("chat", plain_json()),
    CheckConstraint("state IN ('running', 'submitting', 'ended')", name="state"),
    CheckConstraint("(state = 'ended') = (code IS NOT NULL)", name="ended_has_code"),
    Index(
        "uq_attempts_one_running",
        "platform",
        "workspace",
        "person",
        "court",
        unique=True,
        sqlite_where=RUNNING,  # PostgreSQL's is the same: migrations/env.py
    ),
    Index("ix_attempts_person", "platform", "workspace", "person", "started_at"),
    Index("ix_attempts_lease", "state", "lease_until"),
)

answers = Table(
    "answers",
    metadata,
    Column("attempt", ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("link", Boolean),
    Column("sealed", LargeBinary),
    Column("by", String(128), nullable=False),
    Column("at", Moment(), nullable=False),
    Column("expires_at", Moment(), nullable=False, index=True),
    CheckConstraint("kind IN ('passcode', 'confirm', 'none', 'stop')", name="kind"),
    CheckConstraint("sealed IS NULL OR kind = 'passcode'", name="only_passcodes_sealed"),
)

settled = Table(
    "settled",
    metadata,
    Column("attempt", ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("by", String(128), nullable=False),
    Column("at", Moment(), nullable=False),
)

slots = Table(
    "slots",
    metadata,
    Column("attempt", String(64), primary_key=True),
    Column("court", String(32), nullable=False, index=True),
    Column("owner", String(64), nullable=False),
    Column("lease_until", Moment(), nullable=False),
    Column("since", Moment(), nullable=False),
)

court_queue = Table(
    "court_queue",
    metadata,
    Column("arrival", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("attempt", String(64), nullable=False, unique=True),
    Column("court", String(32), nullable=False, index=True),
    Column("owner", String(64), nullable=False),
    Column("lease_until", Moment(), nullable=False),
    Column("at", Moment(), nullable=False),
)

court_pace = Table(
    "court_pace",
    metadata,
    Column("court", String(32), primary_key=True),
    Column("next_at", Float(53), nullable=False),
)

switches = Table(
    "switches",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", Moment(), nullable=False),
)

installs = Table(
    "installs",
    metadata,
    Column("enterprise_id", String(64), primary_key=True),
    Column("team_id", String(64), primary_key=True),
    Column("user_id", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("installed_at", Moment(), nullable=False),
)

register = Table(
    "register",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(128), primary_key=True),
    Column("person", String(128), primary_key=True),
    Column("court", String(32), primary_key=True),
    Column("state", String(32), nullable=False),
    Column("code", String(64)),
    Column("since", Moment(), nullable=False),
    Column("incident", String(64)),
    Column("evidence", plain_json()),
    Column("login_tail", String(2), nullable=False),
    Column("account_tail", String(2), nullable=False),
    Column("office", String(128), nullable=False),
    Column("updated_at", Moment(), nullable=False),
    CheckConstraint("length(login_tail) <= 2", name="login_tail"),
    CheckConstraint("length(account_tail) <= 2", name="account_tail"),
    Index("ix_register_court_state", "court", "state"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Moment(), nullable=False),
    Column("entry", Text, nullable=False),
    Column("previous", String(128), nullable=False),
    Column("hash", String(128), nullable=False),
)

seen_requests = Table(
    "seen_requests",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("at", Moment(), nullable=False, index=True),
)

pages = Table(
    "pages",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("code_hash", String(64), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("workspace", String(128), nullable=False),
    Column("person", String(128), nullable=False),
    Column("court", String(32)),
    Column("attempt", String(64)),
    Column("number", Integer),
    Column("state", String(16), nullable=False),
    Column("wrong_codes", Integer, nullable=False),
    Column("made_at", Moment(), nullable=False),
    Column("expires_at", Moment(), nullable=False, index=True),
    CheckConstraint("state IN ('open', 'used', 'replaced', 'dead')", name="state"),
    CheckConstraint("(court IS NULL) <> (attempt IS NULL)", name="form_or_question"),
    CheckConstraint("(attempt IS NULL) = (number IS NULL)", name="question_whole"),
    Index("ix_pages_person", "platform", "workspace", "person", "expires_at"),
)
