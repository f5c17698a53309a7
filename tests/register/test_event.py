"""The audit says who did what, and nothing that a person typed or a court showed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from itertools import chain as joined
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Code
from bot.linker.values import Comparison, ConfirmQuestion, IncidentId, PasscodeQuestion, Question, Result, Step, Told
from bot.people import Person, PersonId, Platform, WorkspaceId
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
from bot.register.event import (
    FACTS,
    AuditEvent,
    Consent,
    Event,
    answered,
    asked,
    digest,
    form_received,
    menus_digest,
    step,
    taken_over,
)
from bot.secret import Login
from tests.register.strategies import ANNA, BEN, GASB, NOON

CANARY = "canary-7Qx9"
INCIDENT = IncidentId("abcde23456")
RESULTS = [Result(code, INCIDENT, CANARY, (CANARY, f"Link {CANARY}"), (CANARY,), 12) for code in Code]
TOLD = [Told(one, place) for one in Step for place in (0, 3)]
QUESTIONS: list[Question] = [
    PasscodeQuestion(),
    *(ConfirmQuestion(f"{CANARY} filer", f"{CANARY} account", one) for one in Comparison),
]


def made() -> list[AuditEvent]:
    """Return an event of everything that an attempt may hold, a canary wherever a text can stand."""
    return [
        form_received(ANNA, GASB, INCIDENT, dict.fromkeys(Consent, CANARY)),
        attempt_started(ANNA, GASB, INCIDENT, login=Login(CANARY), account=Login(CANARY)).event,
        *(step(ANNA, GASB, INCIDENT, told) for told in TOLD),
        *joined.from_iterable(
            (asked(ANNA, GASB, INCIDENT, 1, one), answered(ANNA, GASB, INCIDENT, 1, one)) for one in QUESTIONS
        ),
        *(attempt_ended(ANNA, GASB, one).event for one in RESULTS),
        *(taken_over(ANNA, GASB, INCIDENT, code, "replica 1/a") for code in Code),
    ]


def test_no_canary_is_in_any_line() -> None:
    lines = [event.entry(NOON) for event in made()]
    assert len(lines) > 80
    assert not [line for line in lines if CANARY.lower() in line.lower() or CANARY[:6] in line]


def test_every_kind_of_question_is_covered() -> None:
    assert {type(one) for one in QUESTIONS} == set(get_args(Question))


def test_every_line_says_who_what_where_and_when() -> None:
    for event in made():
        said = json.loads(event.entry(NOON))
        assert said["who"] == {"platform": "slack", "workspace": "T01", "id": "U01ANNA"}
        assert (said["event"], said["court"], said["incident"]) == (event.event.value, "gasb", INCIDENT)
        assert said["at"] == "2026-11-22T12:00:00.000000Z"


def test_consent_is_kept_by_the_hash_of_the_text_that_was_shown() -> None:
    event = form_received(ANNA, GASB, INCIDENT, {Consent.REDACTION_NOTICE: "All filers must redact: \u00a7 1"})
    wanted = hashlib.sha256("All filers must redact: \u00a7 1".encode()).hexdigest()
    assert event.facts == {"redaction_notice": wanted}
    assert digest("a") != digest("b")


def test_the_evidence_of_the_register_can_be_compared_with_its_hash() -> None:
    result = Result(Code.LINKED, INCIDENT, "", ("Query", "Log Out"), ("Bankruptcy", "Query"), 9)
    change = attempt_ended(ANNA, GASB, result)
    assert change.event.facts["menus"] == menus_digest(("Query", "Log Out"), ("Bankruptcy", "Query"))
    assert menus_digest(("a",), ("b", "c")) != menus_digest(("a", "b"), ("c",))
    assert change.event.facts["requests"] == 9


@given(st.sampled_from(Event), st.text(), st.text() | st.integers() | st.booleans())
def test_a_fact_that_is_not_on_the_list_makes_no_line(event: Event, name: str, fact: str | int) -> None:
    if name in FACTS[event]:
        return
    with pytest.raises(ValueError, match="no such fact"):
        AuditEvent(event, ANNA, GASB, INCIDENT, {name: fact})


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (Event.STEP, {"step": "Hunter2"}),
        (Event.STEP, {"step": "front_page\nforged"}),
        (Event.STEP, {"place": True}),
        (Event.STEP, {"place": -1}),
        (Event.ENDED, {"code": CANARY}),
        (Event.ENDED, {"menus": "Query"}),
        (Event.FORM_RECEIVED, {"redaction_notice": "the text itself"}),
        (Event.QUESTION_ANSWERED, {"kind": "123456"}),
        (Event.LINKING_SWITCHED, {"on": 1}),
        (Event.KEYS_ROTATED, {"key": "k" * 33}),
        (Event.KEYS_ROTATED, {"key": "AAAA+/=="}),
        (Event.TAKEN_OVER, {"by": "a b"}),
    ],
)
def test_a_fact_of_another_shape_makes_no_line(event: Event, facts: dict[str, str | int]) -> None:
    with pytest.raises(ValueError, match="no such fact"):
        AuditEvent(event, ANNA, GASB, INCIDENT, facts)


@pytest.mark.parametrize(("court", "incident"), [("gasb; drop", ""), ("gasb", "Incident 1"), ("gasb", CANARY)])
def test_court_and_incident_are_short_plain_names(court: str, incident: str) -> None:
    with pytest.raises(ValueError, match="short plain names"):
        AuditEvent(Event.CANCELLED, ANNA, GASB.__class__(court), incident)


def test_a_person_is_an_id_of_the_chat() -> None:
    with pytest.raises(ValueError, match="short ids"):
        AuditEvent(Event.CANCELLED, Person(Platform.SLACK, WorkspaceId("T"), PersonId("U" * 200)))


def test_facts_cannot_be_changed_once_the_event_is_made() -> None:
    given_facts: dict[str, str | int] = {"on": True}
    event = AuditEvent(Event.LINKING_SWITCHED, BEN, facts=given_facts)
    given_facts["secret"] = CANARY
    with pytest.raises(TypeError):
        event.facts["secret"] = CANARY  # type: ignore[index]
    assert CANARY not in event.entry(NOON)


CHANGES: list[Callable[[], Change]] = [
    lambda: attempt_started(ANNA, GASB, INCIDENT, login=Login("x"), account=Login("y")),
    lambda: attempt_ended(ANNA, GASB, RESULTS[0]),
    lambda: attempt_taken_over(ANNA, GASB, INCIDENT, Code.INTERRUPTED, "b"),
    lambda: self_reported(ANNA, GASB),
    lambda: self_reported(ANNA, GASB, done=False),
    lambda: need_set(ANNA, GASB, needed=False, by=BEN),
    lambda: invited(ANNA, GASB),
    lambda: court_not_live(ANNA, GASB),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_about_one_person_at_one_court(change: Callable[[], Change]) -> None:
    made_change = change()
    assert (made_change.about, made_change.court) == (ANNA, GASB)
    assert made_change.event.person == (BEN if made_change.event.event is Event.NEED_SET else ANNA)
