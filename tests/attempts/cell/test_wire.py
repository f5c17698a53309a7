"""Values come out of a frame as they went in, and what a bad child writes comes out as nothing at all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attempts.cell import Lost
from bot.attempts.cell.court_wire import (
    court_in,
    court_out,
    limits_in,
    limits_out,
    outside_in,
    outside_out,
)
from bot.attempts.cell.frames import LARGEST, Frame, Nonsense, packed, receive, unpacked
from bot.attempts.cell.wire import (
    answer_in,
    answer_out,
    question_in,
    question_out,
    request_in,
    request_out,
    result_in,
    result_out,
    told_in,
    told_out,
)
from bot.courts.court import Court, CourtId, Realm
from bot.errors import Code
from bot.linker import Outside
from bot.linker.values import (
    Answer,
    Comparison,
    ConfirmAnswer,
    ConfirmQuestion,
    IncidentId,
    Limits,
    PasscodeAnswer,
    PasscodeQuestion,
    Question,
    Result,
    Step,
    Told,
)
from bot.secret import Secret, SpentSecret
from bot.words import result_words
from tests.story.attempts import COURTS, PASSCODE, Person, court

INCIDENT = IncidentId("incident22")


def over(frame: dict[str, object]) -> Frame:
    """A frame as the other side has it."""
    return unpacked(packed(frame)[4:])


def test_every_court_arrives_whole() -> None:
    """All of the list, with every field that a court has: one that is added must be sent too."""
    for one in COURTS.all:
        assert court_in(over(court_out(one))) == one
    assert set(court_out(court("gasb"))) == {field.name for field in fields(Court)}


def test_a_court_that_is_in_no_list_arrives_whole() -> None:
    """The service's list may be newer than the child's."""
    other = replace(court("gasb"), id=CourtId("other"), host="ecf.other.uscourts.gov", landing=None)
    assert court_in(over(court_out(other))) == other


@pytest.mark.parametrize("passcode", [None, PASSCODE])
@pytest.mark.parametrize("password", ["plain", " kept as typed ", "é\u2028\U0001f512", "\ud800 half a pair", '"\\\0'])
def test_a_request_arrives_as_typed(password: str, passcode: str | None) -> None:
    """To the last blank."""
    request = Person(password=password, passcode=passcode, client_code="42").request(court("almb"))
    arrived, incident = request_in(over(request_out(request, INCIDENT)))
    assert arrived == request
    assert arrived.account.password.reveal() == password
    assert incident == INCIDENT


def test_a_request_is_sent_once() -> None:
    """Its secrets are spent after."""
    request = Person().request(court("gasb"))
    request.filer.password.spend()
    with pytest.raises(SpentSecret):
        request_out(request, INCIDENT)


@pytest.mark.parametrize(
    "question", [PasscodeQuestion(), *(ConfirmQuestion("jroe", "", comparison) for comparison in Comparison)]
)
def test_a_question_arrives(question: Question) -> None:
    """Of both kinds."""
    assert question_in(over(question_out(question))) == question


@pytest.mark.parametrize(
    "answer", [None, PasscodeAnswer(Secret(PASSCODE)), ConfirmAnswer(link=True), ConfirmAnswer(link=False)]
)
def test_an_answer_arrives(answer: Answer) -> None:
    """Nobody's too."""
    assert answer_in(over(answer_out(answer))) == answer


@pytest.mark.parametrize("step", Step)
def test_a_step_arrives(step: Step) -> None:
    """With its place."""
    assert told_in(over(told_out(Told(step, 3)))) == Told(step, 3)


@pytest.mark.parametrize("code", Code)
def test_a_result_arrives(code: Code) -> None:
    """With its evidence."""
    result = Result(code, INCIDENT, "account", ("Query", "Reports"), ("Bankruptcy",), 11)
    assert result_in(over(result_out(result)), INCIDENT) == result


def test_the_way_outside_arrives() -> None:
    """With and without a loopback address."""
    led = Outside(Realm.QA, "it@firm.example", ("127.0.0.1", 8443), Path("ca.pem"))
    assert outside_in(over(outside_out(led))) == led
    assert outside_in(over(outside_out(Outside()))) == Outside()
    assert limits_in(over(limits_out(Limits(requests=7)))) == Limits(requests=7)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.sampled_from([*Step, *Code]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KEYS = ("step", "place", "question", "filer_shown", "account_shown", "comparison", "code", "detail", "requests")
FRAMES = st.dictionaries(st.sampled_from((*KEYS, "menu_before", "menu_after")), VALUES)


@given(FRAMES)
def test_whatever_a_child_writes_is_a_value_or_nonsense(frame: dict[str, object]) -> None:
    """No other exception, and no value of another type than declared."""
    with suppress(Nonsense):
        assert isinstance(told_in(frame).step, Step)
    with suppress(Nonsense):
        assert isinstance(question_in(frame), PasscodeQuestion | ConfirmQuestion)
    with suppress(Nonsense):
        result = result_in(frame, INCIDENT)
        assert isinstance(result.code, Code)
        assert all(isinstance(label, str) for label in (*result.menu_before, *result.menu_after, result.detail))


@given(st.binary(max_size=200))
async def test_whatever_bytes_come_are_a_frame_or_nonsense(stream: bytes) -> None:
    """Or the end of the stream."""
    reader = asyncio.StreamReader()
    reader.feed_data(stream)
    reader.feed_eof()
    with suppress(Nonsense, asyncio.IncompleteReadError):
        while True:
            assert isinstance(await receive(reader), dict)


def test_a_frame_has_a_largest_size() -> None:
    """On the way out as on the way in; and nesting is no way around it."""
    with pytest.raises(Nonsense):
        packed({"x": "x" * LARGEST})
    with pytest.raises(Nonsense):
        unpacked(b'{"x":' + b"[" * 60_000)


@pytest.mark.parametrize("lost", Lost)
def test_every_ending_of_a_child_has_words(lost: Lost) -> None:
    """The person reads what the bot noticed, in one plain sentence."""
    result = Result(Code.INTERRUPTED, INCIDENT, lost)
    assert f"What the bot noticed: {lost}." in result_words(result, court("gasb")).text
