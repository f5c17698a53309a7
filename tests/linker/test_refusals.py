"""Words of refusal are told apart by who must act; words nobody knows are no refusal."""

from __future__ import annotations

import pytest

from bot.errors import Code
from bot.linker.refusals import court_refusal, linked_side, pacer_refusal


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Invalid username or password", Code.PACER_REFUSED),
        ("Invalid username, password, or one-time passcode.", Code.PACER_REFUSED),
        ("Username must be at least 6 characters", Code.PACER_REFUSED),
        ("Your PACER account has been disabled", Code.PACER_LOCKED),
        ("Your account is locked.", Code.PACER_LOCKED),
        ("All filers must redact: Social Security or taxpayer identification numbers", Code.REDACTION_REQUIRED),
        ("Please enroll in multifactor authentication.", Code.MFA_ENROLMENT_REQUIRED),
        ("Your password has expired.", Code.PASSWORD_EXPIRED),
        ("This is a legacy account; please upgrade.", Code.PACER_LEGACY),
        ("timeout error", Code.PACER_DOWN),
        ("User Update Required", Code.ACCOUNT_UPDATE_REQUIRED),
        ("The moon is in the wrong house.", None),
        ("", None),
    ],
)
def test_pacers_words(text: str, code: Code | None) -> None:
    """Published texts and their plain variants."""
    assert pacer_refusal([text]) is code


def test_a_refused_passcode_is_the_passcodes_only_where_the_password_came_first() -> None:
    """PACER's API never says which of the three was wrong; the page asks for the passcode alone."""
    text = ["Invalid one-time passcode."]
    assert pacer_refusal(text) is Code.PACER_REFUSED
    assert pacer_refusal(text, passcode_sent_alone=True) is Code.PASSCODE_REFUSED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The CM/ECF login or password is incorrect.", Code.ECF_REFUSED),
        ("Login failed.", Code.ECF_REFUSED),
        ("Unable to validate your CM/ECF account.", Code.ECF_REFUSED),
        ("Your account has been locked after too many failed attempts.", Code.ECF_LOCKED),
        ("This login is inactive.", Code.ECF_LOCKED),
        ("The CM/ECF account is already linked to another PACER account.", Code.PACER_LINKED_ELSEWHERE),
        ("A login with special characters cannot be linked.", Code.ECF_LOGIN_UNLINKABLE),
        ("Error: The page ID does not exist in the table.", None),
        ("You do not have permission to view this document.", None),
        ("Case not found.", None),
    ],
)
def test_a_courts_words(text: str, code: Code | None) -> None:
    """What a court says of the link; its everyday errors are not about the password."""
    assert court_refusal([text]) is code


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("This CM/ECF account is already linked to another PACER account.", "filer"),
        ("Your PACER account is already linked to a different CM/ECF account.", "account"),
        ("Already linked.", ""),
    ],
)
def test_which_of_the_two_is_taken(text: str, side: str) -> None:
    """The side named before the word "linked" is the one that is taken."""
    assert linked_side([text]) == side


def test_words_of_two_lines_are_not_one_sentence() -> None:
    """A heading with "invalid" and a field called "login" are not "invalid login"."""
    assert court_refusal(["Notice about invalid filings", "CM/ECF login"]) is None
