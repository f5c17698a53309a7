"""Who is linked where, with the evidence; and the audit, in which nothing can be changed unseen.

entry.py     a line of the register    standing.py  how it moves            changes.py   a move and its audit line
event.py     what the audit may say    chain.py     how lines hang together verify.py    whether they still do
recorder.py  the one writer of both    head.py      the newest line, kept in a second place
rows.py      the store's rows          listing.py   the register as CSV     export.py    the audit as JSON lines
scribe.py    the recorder in the words of an attempt

Recorder and scribe are imported from their own modules: they alone bring the store with them.
"""

from __future__ import annotations

from bot.register.chain import Head, Line
from bot.register.changes import (
    Change,
    attempt_ended,
    attempt_started,
    attempt_taken_over,
    court_not_live,
    invited,
    need_set,
    self_reported,
)
from bot.register.entry import Entry, Menus, State
from bot.register.event import AuditEvent, Consent, Event, answered, asked, form_received, step
from bot.register.head import BrokenHead, HeadFile
from bot.register.verify import Tampering, Verdict, verify

__all__ = [
    "AuditEvent",
    "BrokenHead",
    "Change",
    "Consent",
    "Entry",
    "Event",
    "Head",
    "HeadFile",
    "Line",
    "Menus",
    "State",
    "Tampering",
    "Verdict",
    "answered",
    "asked",
    "attempt_ended",
    "attempt_started",
    "attempt_taken_over",
    "court_not_live",
    "form_received",
    "invited",
    "need_set",
    "self_reported",
    "step",
    "verify",
]
