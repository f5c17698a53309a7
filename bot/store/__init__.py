"""What outlives the process: tables, migrations and the one way to work with them, on SQLite and PostgreSQL."""

from bot.store.answers import Answers
from bot.store.attempts import Attempts
from bot.store.engine import Store, Work
from bot.store.firm import Installs, SeenRequests, Switches
from bot.store.records import Audit, Register
from bot.store.rows import (
    UNCHANGED,
    AnswerRow,
    Asked,
    AttemptRow,
    AuditRow,
    InstallRow,
    JsonObject,
    RegisterRow,
    SettledRow,
    Unchanged,
)
from bot.store.schema import upgrade
from bot.store.slots import Slots

__all__ = [
    "UNCHANGED",
    "AnswerRow",
    "Answers",
    "Asked",
    "AttemptRow",
    "Attempts",
    "Audit",
    "AuditRow",
    "InstallRow",
    "Installs",
    "JsonObject",
    "Register",
    "RegisterRow",
    "SeenRequests",
    "SettledRow",
    "Slots",
    "Store",
    "Switches",
    "Unchanged",
    "Work",
    "upgrade",
]
