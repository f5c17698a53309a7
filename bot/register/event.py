"""What the audit may say: events with facts from an allow-list, made from values that cannot hold a secret.

A fact is the name of a member of one of our own closed sets, a number, a yes or no, a date, an id of ours or of a chat,
or a SHA-256. There is no free text: not the detail of a result, no account name that a court showed, no label of a menu
(its hash stands for it), no note of a date, no word of a message, no e-mail address.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from bot.courts.court import CourtId
from bot.errors import Code
from bot.people import Person
from bot.register.chain import Plain, canonical, moment

Fact = str | int | bool


class Event(StrEnum):
    """What happened: a closed set, stable because exports are filtered by it."""

    FORM_RECEIVED = "form_received"
    ATTEMPT_STARTED = "attempt_started"
    STEP = "step"
    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    SUBMITTING = "submitting"
    ENDED = "ended"
    CANCELLED = "cancelled"
    TAKEN_OVER = "taken_over"
    INVITED = "invited"
    COURT_NOT_LIVE = "court_not_live"
    SELF_REPORTED = "self_reported"
    NEED_SET = "need_set"
    LINKING_SWITCHED = "linking_switched"
    FINAL_DAY_SWITCHED = "final_day_switched"
    KEYS_ROTATED = "keys_rotated"
    KEY_RETIRED = "key_retired"
    INSTALLED = "installed"
    UNINSTALLED = "uninstalled"
    DATE_CHANGED = "date_changed"
    BROADCAST_MOVED = "broadcast_moved"
    ADMIN_CHANGED = "admin_changed"
    ROSTER_LOADED = "roster_loaded"
    COURTS_REFRESHED = "courts_refreshed"
    PAGE_CLOSED = "page_closed"
    """So many wrong codes were typed for the private page of `who`; whoever typed them is not known."""


class Consent(StrEnum):
    """A text that a person was shown and ticked, or was shown as a notice (design, promise 6; section 3)."""

    REDACTION_NOTICE = "redaction_notice"
    INDIVIDUAL_ACCOUNT = "individual_account"
    CAUTION = "caution"
    MONITORING_NOTICE = "monitoring_notice"


Check = Callable[[Fact], bool]


def _count(fact: Fact) -> bool:
    return isinstance(fact, int) and not isinstance(fact, bool) and 0 <= fact < 10**9


def _flag(fact: Fact) -> bool:
    return isinstance(fact, bool)


def _like(pattern: str) -> Check:
    shape = re.compile(pattern)
    return lambda fact: isinstance(fact, str) and shape.fullmatch(fact) is not None


_NAME = _like("[a-z]+(_[a-z]+){0,4}")
_DIGEST = _like("[0-9a-f]{64}")
_KEY_ID = _like("[A-Za-z0-9._-]{1,32}")
_REPLICA = _like("[A-Za-z0-9._:-]{1,100}")
_ID = _like("[A-Za-z0-9_-]{1,64}")
_WHO = _like("[A-Za-z0-9._:@/-]{1,200}")
_DAY = _like("coarse|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_INCIDENT = re.compile("[0-9a-z]{0,32}")
_COURT = re.compile("[a-z0-9]{0,12}")
_LONGEST_ID = 200
NO_COURT = CourtId("")
"""The court of an event that is about the whole service."""

FACTS: Mapping[Event, Mapping[str, Check]] = MappingProxyType(
    {
        Event.FORM_RECEIVED: {consent.value: _DIGEST for consent in Consent},
        Event.ATTEMPT_STARTED: {},
        Event.STEP: {"step": _NAME, "place": _count},
        Event.QUESTION_ASKED: {"kind": _NAME, "number": _count},
        Event.QUESTION_ANSWERED: {"kind": _NAME, "number": _count},
        Event.SUBMITTING: {},
        Event.ENDED: {"code": _NAME, "requests": _count, "menus": _DIGEST},
        Event.CANCELLED: {},
        Event.TAKEN_OVER: {"code": _NAME, "by": _REPLICA},
        Event.INVITED: {},
        Event.COURT_NOT_LIVE: {},
        Event.SELF_REPORTED: {"done": _flag},
        Event.NEED_SET: {"needed": _flag},
        Event.LINKING_SWITCHED: {"on": _flag},
        Event.FINAL_DAY_SWITCHED: {"any_hour": _flag},
        Event.KEYS_ROTATED: {"key": _KEY_ID, "records": _count},
        Event.KEY_RETIRED: {"key": _KEY_ID},
        Event.INSTALLED: {},
        Event.UNINSTALLED: {},
        Event.DATE_CHANGED: {
            "event": _ID,
            "what": _NAME,
            "kind": _NAME,
            "status": _NAME,
            "edition": _count,
            "day": _DAY,
        },
        Event.BROADCAST_MOVED: {"broadcast": _ID, "what": _NAME},
        Event.ADMIN_CHANGED: {"who": _WHO, "what": _NAME},
        Event.ROSTER_LOADED: {"matched": _count, "unmatched": _count},
        Event.COURTS_REFRESHED: {"courts": _count, "hosts": _count},
        Event.PAGE_CLOSED: {"kind": _NAME, "wrong_codes": _count},
    }
)
"""The allow-list: which facts an event may carry, and of which shape."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that happened, before it has its place in the chain; `person` is who did it, None for the bot itself.

    Raises ValueError for a fact that is not on the allow-list: better no line than a line that says too much. The
    functions below make events that cannot raise.
    """

    event: Event
    person: Person | None = None
    court: CourtId = NO_COURT
    incident: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        allowed = FACTS[self.event]
        for name, fact in self.facts.items():
            if name not in allowed or not allowed[name](fact):
                raise ValueError(f"the audit has no such fact for {self.event}")
        if not _INCIDENT.fullmatch(self.incident) or not _COURT.fullmatch(self.court):
            raise ValueError("an incident id and a court id are short plain names")
        if self.person is not None and len(self.person.id) + len(self.person.workspace) > _LONGEST_ID:
            raise ValueError("a person is named by the chat's own short ids")
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def entry(self, at: datetime) -> str:
        """Return the canonical text of this event as it happened at `at` (aware)."""
        who: Mapping[str, Plain] | None = None
        if self.person is not None:
            person = self.person
            who = {"platform": person.platform.value, "workspace": person.workspace, "id": person.id}
        return canonical(
            {
                "at": moment(at),
                "event": self.event.value,
                "who": who,
                "court": self.court,
                "incident": self.incident,
                "facts": {name: fact if isinstance(fact, int) else str(fact) for name, fact in self.facts.items()},
            }
        )


class Told(Protocol):
    """What is read of a step that was told (bot.linker.values.Told)."""

    @property
    def step(self) -> StrEnum:
        """Where the walk is."""
        ...

    @property
    def place(self) -> int:
        """The place in the court's queue, 0 for none."""
        ...


class Question(Protocol):
    """What is read of a question (bot.linker.values): its kind, never what it shows."""

    @property
    def name(self) -> str:
        """The kind, one of a closed set."""
        ...


class Result(Protocol):
    """What is read of a result (bot.linker.values.Result); its detail is left alone."""

    @property
    def code(self) -> Code:
        """How the attempt ended."""
        ...

    @property
    def incident(self) -> str:
        """The incident id."""
        ...

    @property
    def menu_before(self) -> tuple[str, ...]:
        """The court's menu before the attempt."""
        ...

    @property
    def menu_after(self) -> tuple[str, ...]:
        """The court's menu after it."""
        ...

    @property
    def requests(self) -> int:
        """How many requests were made."""
        ...


def form_received(person: Person, court: CourtId, incident: str, shown: Mapping[Consent, str]) -> AuditEvent:
    """The person sent the form; `shown` are the consent texts as they stood before them, kept by their SHA-256."""
    return AuditEvent(
        Event.FORM_RECEIVED, person, court, incident, {one.value: digest(text) for one, text in shown.items()}
    )


def step(person: Person, court: CourtId, incident: str, told: Told) -> AuditEvent:
    """The attempt reached a step."""
    place = {"place": told.place} if told.place else {}
    return AuditEvent(Event.STEP, person, court, incident, {"step": told.step.value, **place})


def asked(person: Person, court: CourtId, incident: str, number: int, question: Question) -> AuditEvent:
    """The attempt asked its person something; only the kind and the number of the question are said."""
    return AuditEvent(Event.QUESTION_ASKED, person, court, incident, {"kind": question.name, "number": number})


def answered(person: Person, court: CourtId, incident: str, number: int, question: Question) -> AuditEvent:
    """The person answered; what they answered is not said, the next steps show what it led to."""
    return AuditEvent(Event.QUESTION_ANSWERED, person, court, incident, {"kind": question.name, "number": number})


def ended(person: Person, court: CourtId, result: Result) -> AuditEvent:
    """The attempt ended; the evidence stands in the register, its SHA-256 here, so that the two can be compared."""
    facts: dict[str, Fact] = {
        "code": result.code.value,
        "requests": result.requests,
        "menus": menus_digest(result.menu_before, result.menu_after),
    }
    return AuditEvent(Event.ENDED, person, court, result.incident, facts)


def taken_over(person: Person, court: CourtId, incident: str, code: Code, by: str) -> AuditEvent:
    """Replica `by` ended an attempt whose owner was gone (design 6)."""
    name = re.sub(r"[^A-Za-z0-9._:-]", "-", by)[:100] or "-"
    return AuditEvent(Event.TAKEN_OVER, person, court, incident, {"code": code.value, "by": name})


def digest(text: str) -> str:
    """Return the SHA-256 of a text, as UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def menus_digest(before: Sequence[str], after: Sequence[str]) -> str:
    """Return one SHA-256 over the evidence: each label on a line, the number of labels before ahead of them."""
    return digest("\n".join((str(len(before)), *before, *after)))
