"""The first tables: attempts and their answers, courts' slots and pace, switches, installs, register, audit.

The database itself refuses to change the audit: triggers on both engines, so that not even a slip of this program can
rewrite a line. (An administrator of the database can drop a trigger; the chain of hashes is what shows that.)
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "the audit is append-only"


def upgrade() -> None:
    """Make every table, then the audit's triggers."""
    _attempts()
    _answers()
    _courts()
    _firm()
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_postgresql()
    else:
        _refuse_on_sqlite()


def _refuse_on_sqlite() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    # INSERT OR REPLACE would delete without asking the trigger above.
    op.execute(
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
        "WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
    )


def _refuse_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuses()"
    )
    op.execute(
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
    )


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("incident", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("court", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("lease_until", Moment(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("question_number", sa.Integer(), nullable=False),
        sa.Column("question", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("question_until", Moment(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("ending_told", sa.Boolean(), nullable=False),
        sa.Column("chat", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("(state = 'ended') = (code IS NOT NULL)", name=op.f("ck_attempts_ended_has_code")),
        sa.CheckConstraint("state IN ('running', 'submitting', 'ended')", name=op.f("ck_attempts_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_lease", "attempts", ["state", "lease_until"], unique=False)
    op.create_index("ix_attempts_person", "attempts", ["platform", "workspace", "person", "started_at"], unique=False)
    op.create_index(
        "uq_attempts_one_running",
        "attempts",
        ["platform", "workspace", "person", "court"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("link", sa.Boolean(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.CheckConstraint("kind IN ('passcode', 'confirm', 'none', 'stop')", name=op.f("ck_answers_kind")),
        sa.CheckConstraint("sealed IS NULL OR kind = 'passcode'", name=op.f("ck_answers_only_passcodes_sealed")),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name=op.f("fk_answers_attempt"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attempt", "number", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_expires_at"), "answers", ["expires_at"], unique=False)
    op.create_table(
        "settled",
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name=op.f("fk_settled_attempt"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attempt", "number", name=op.f("pk_settled")),
    )


def _courts() -> None:
    op.create_table(
        "slots",
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("court", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("lease_until", Moment(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("attempt", name=op.f("pk_slots")),
    )
    op.create_index(op.f("ix_slots_court"), "slots", ["court"], unique=False)
    op.create_table(
        "court_queue",
        sa.Column("arrival", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("court", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("lease_until", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("arrival", name=op.f("pk_court_queue")),
        sa.UniqueConstraint("attempt", name=op.f("uq_court_queue_attempt")),
    )
    op.create_index(op.f("ix_court_queue_court"), "court_queue", ["court"], unique=False)
    op.create_table(
        "court_pace",
        sa.Column("court", sa.String(length=32), nullable=False),
        sa.Column("next_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("court", name=op.f("pk_court_pace")),
    )


def _firm() -> None:
    op.create_table(
        "switches",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switches")),
    )
    op.create_table(
        "installs",
        sa.Column("enterprise_id", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("installed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id", "team_id", "user_id", name=op.f("pk_installs")),
    )
    op.create_table(
        "register",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("court", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("incident", sa.String(length=64), nullable=True),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("login_tail", sa.String(length=2), nullable=False),
        sa.Column("account_tail", sa.String(length=2), nullable=False),
        sa.Column("office", sa.String(length=128), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint("length(account_tail) <= 2", name=op.f("ck_register_account_tail")),
        sa.CheckConstraint("length(login_tail) <= 2", name=op.f("ck_register_login_tail")),
        sa.PrimaryKeyConstraint("platform", "workspace", "person", "court", name=op.f("pk_register")),
    )
    op.create_index("ix_register_court_state", "register", ["court", "state"], unique=False)
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=128), nullable=False),
        sa.Column("hash", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "seen_requests",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_seen_requests")),
    )
    op.create_index(op.f("ix_seen_requests_at"), "seen_requests", ["at"], unique=False)
