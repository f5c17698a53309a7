"""What outlives the process: tables, migrations and the one way to work with them, on SQLite and PostgreSQL."""

from bot.store.answers import Answers
from bot.store.attempts import Attempts
from bot.store.date_rows import (
    AdminRow,
    AgainRow,
    BroadcastRow,
    EventRow,
    FactsRow,
    HearerRow,
    HistoryRow,
    LetterRow,
    NoticeRow,
    PersonRow,
    Reconciled,
    RosterRow,
    Span,
    WatchRow,
)
from bot.store.engine import Store, Work
from bot.store.events import Events
from bot.store.firm import Installs, SeenRequests, Switches
from bot.store.firm_people import Admins, Removal, RosterRows
from bot.store.hearers import Hearers
from bot.store.notices import Notices
from bot.store.pages import PageLinks, Taken, Took
from bot.store.people import People, PersonFields
from bot.store.records import Audit, Register
from bot.store.rows import (
    UNCHANGED,
    AnswerRow,
    Asked,
    AttemptRow,
    AuditRow,
    InstallRow,
    JsonObject,
    LeaseSeen,
    PageRow,
    RegisterRow,
    SettledRow,
    Unchanged,
)
from bot.store.schema import upgrade
from bot.store.slots import Slots

__all__ = [
    "UNCHANGED",
    "AdminRow",
    "Admins",
    "AgainRow",
    "AnswerRow",
    "Answers",
    "Asked",
    "AttemptRow",
    "Attempts",
    "Audit",
    "AuditRow",
    "BroadcastRow",
    "EventRow",
    "Events",
    "FactsRow",
    "HearerRow",
    "Hearers",
    "HistoryRow",
    "InstallRow",
    "Installs",
    "JsonObject",
    "LeaseSeen",
    "LetterRow",
    "NoticeRow",
    "Notices",
    "PageLinks",
    "PageRow",
    "People",
    "PersonFields",
    "PersonRow",
    "Reconciled",
    "Register",
    "RegisterRow",
    "Removal",
    "RosterRow",
    "RosterRows",
    "SeenRequests",
    "SettledRow",
    "Slots",
    "Span",
    "Store",
    "Switches",
    "Taken",
    "Took",
    "Unchanged",
    "WatchRow",
    "Work",
    "upgrade",
]
