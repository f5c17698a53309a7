"""A secret shows nowhere by accident, and is never sent again once refused."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.secret import Login, Secret, SpentSecret, typed_name, typed_passcode

CANARY = "canary-Pa55!"


def test_it_is_revealed_exactly_as_typed() -> None:
    assert Secret("  Blank\tkept ").reveal() == "  Blank\tkept "


@pytest.mark.parametrize(
    "show", [repr, str, "{}".format, "{:>40}".format, "%s".__mod__, lambda secret: f"{[secret]!r}"]
)
def test_no_way_of_printing_shows_it(show: object) -> None:
    assert callable(show)
    assert CANARY not in show(Secret(CANARY))


def test_a_log_line_and_a_traceback_do_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(CANARY)
    logging.getLogger("t").warning("%s %r", secret, {"password": secret})
    try:
        raise ValueError(secret)
    except ValueError as error:
        seen = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert CANARY not in caplog.text
    assert "secret = Secret(***)" in seen
    assert CANARY not in seen


@pytest.mark.parametrize("spread", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_it_is_neither_pickled_nor_copied(spread: object) -> None:
    assert callable(spread)
    with pytest.raises(TypeError):
        spread(Secret(CANARY))


def test_a_spent_secret_is_refused_for_ever() -> None:
    secret = Secret(CANARY)
    secret.spend()
    assert secret.spent
    assert not secret
    with pytest.raises(SpentSecret) as caught:
        secret.reveal()
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_it_has_no_attribute_dictionary_and_no_hash() -> None:
    with pytest.raises(TypeError):
        vars(Secret(CANARY))
    with pytest.raises(TypeError):
        hash(Secret(CANARY))


@given(st.text(), st.text())
def test_two_are_equal_when_their_texts_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)
    assert (Secret(one) == one) is False


def test_a_spent_one_equals_nothing() -> None:
    spent = Secret("x")
    spent.spend()
    assert spent != Secret("x")


@given(st.text())
def test_a_login_shows_at_most_its_last_two_characters(text: str) -> None:
    login = Login(text)
    assert login.masked == "••••" + (text[-2:] if len(text) > 4 else "")
    assert repr(login) == str(login) == f"{login}" == "Login(***)"


def test_logins_are_compared_without_case_and_outer_blanks() -> None:
    assert Login(" JSmith1 ").same("jsmith1")
    assert not Login("jsmith1").same("jsmith2")
    assert not Login("")


SPACED = ("246802", "246 802", " 246802 ", "246-802", "246\u200b802", "246\u00a0802")
WIDE = "\uff12\uff14\uff16\uff18\uff10\uff12"


@pytest.mark.parametrize("typed", [*SPACED, WIDE])
def test_a_passcode_is_taken_as_it_was_meant(typed: str) -> None:
    assert typed_passcode(typed).reveal() == "246802"


def test_a_backup_code_keeps_its_dashes() -> None:
    assert typed_passcode(" ab12-cd34 ").reveal() == "ab12-cd34"


PASTED = ("\u200bjroe2020", "jroe2020\ufeff", "\u00a0jroe2020 ", "jroe\u20602020", "\uff4aroe2020")


@pytest.mark.parametrize("pasted", PASTED)
def test_a_pasted_name_is_taken_as_it_was_meant(pasted: str) -> None:
    assert typed_name(pasted) == "jroe2020"
    assert Secret(pasted).reveal() == pasted
