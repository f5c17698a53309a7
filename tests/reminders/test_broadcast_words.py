"""Every problem, reason and refusal of broadcasts has words of its own; the form is read before anything is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.courts.court import CourtId
from bot.reminders.broadcasts.broadcast import Audience, BroadcastState, Progress
from bot.reminders.broadcasts.form import (
    LONGEST,
    BroadcastField,
    BroadcastFlaw,
    BroadcastForm,
    BroadcastProblem,
    NotMoved,
    NotMovedWhy,
    Wanted,
    read_broadcast,
)
from bot.reminders.delivery.letter import Why
from bot.words import broadcast_form as form_words
from bot.words import broadcasts as words
from tests.reminders.broadcast_stage import GASB, NOW, broadcast

F, W = BroadcastField, BroadcastFlaw


def read(**said: Any) -> Wanted | tuple[BroadcastProblem, ...]:
    """Read a form that is right but for what `said` says."""
    return read_broadcast(BroadcastForm(**({"text": "Hello.", "court": "gasb"} | said)), NOW, court_of)


def court_of(text: str) -> CourtId | None:
    return GASB if text == "gasb" else None


WRONG: tuple[tuple[dict[str, Any], BroadcastField, BroadcastFlaw], ...] = (
    ({"text": " \r\n\t "}, F.TEXT, W.MISSING),
    ({"text": "x" * (LONGEST + 1)}, F.TEXT, W.TOO_LONG),
    ({"text": "a\x00"}, F.TEXT, W.CHARACTERS),
    ({"text": "a\ud800"}, F.TEXT, W.CHARACTERS),
    ({"text": "\ue000U0BEN\ue001"}, F.TEXT, W.CHARACTERS),
    ({"court": "nowhere"}, F.COURT, W.UNKNOWN),
    ({"court": ""}, F.COURT, W.NO_AUDIENCE),
    ({"court": "", "office": " "}, F.COURT, W.NO_AUDIENCE),
    ({"court": "", "office": "Macon", "unlinked_only": True}, F.COURT, W.NEEDS_COURT),
    ({"court": "", "everybody": True, "unlinked_only": True}, F.COURT, W.NEEDS_COURT),
    ({"everybody": True}, F.EVERYBODY, W.EITHER),
    ({"channel": "C1"}, F.CHANNEL, W.EITHER),
    ({"court": "", "channel": "C1", "everybody": True}, F.CHANNEL, W.EITHER),
    ({"send_at": NOW}, F.SEND_AT, W.PAST),
    ({"send_at": NOW + timedelta(days=367)}, F.SEND_AT, W.FAR),
)


@pytest.mark.parametrize(("said", "field", "flaw"), WRONG)
def test_a_form_that_is_wrong_names_the_field_and_has_a_sentence_for_it(
    said: dict[str, Any], field: BroadcastField, flaw: BroadcastFlaw
) -> None:
    problem = BroadcastProblem(field, flaw)
    assert read(**said) == (problem,)
    assert form_words.flaw_words(problem).endswith(".")


def test_every_flaw_is_one_that_can_be_met() -> None:
    assert {flaw for _, _, flaw in WRONG} == set(BroadcastFlaw)


def test_every_field_has_a_label() -> None:
    assert set(form_words.LABELS) == set(BroadcastField)


def test_a_form_that_is_right_is_read_as_typed_but_for_the_blanks_around_it() -> None:
    later = NOW + timedelta(days=1)
    wanted = read(text=" One\r\n\r\ntwo \u00e9\u200d \n", office=" Macon ", unlinked_only=True, send_at=later)
    assert wanted == Wanted("One\n\ntwo \u00e9\u200d", Audience(GASB, "Macon", unlinked_only=True), later)
    assert read(court="", everybody=True) == Wanted("Hello.", Audience(), None)
    assert read(court="", channel="C1") == Wanted("Hello.", Audience(channel="C1"), None)
    assert isinstance(read(text="x" * LONGEST), Wanted)


def test_every_reason_refusal_and_state_has_words_of_its_own() -> None:
    reasons = [words.reason_words(why.value) for why in Why]
    assert len(set(reasons)) == len(Why)
    assert words.reason_words("a_code_of_tomorrow") == "a code of tomorrow"
    said = [words.not_moved_words(NotMoved(why, broadcast())).paragraphs[0] for why in NotMovedWhy]
    assert len(set(said)) == len(NotMovedWhy)
    for why in NotMovedWhy:
        shown = words.not_moved_words(NotMoved(why, broadcast()))
        assert "othing was" in shown.text, "it says that nothing was done"
    titles = [words.title_words(Progress(broadcast(state=state), {})) for state in BroadcastState]
    assert len(set(titles)) == len(BroadcastState)
