"""What courts have said, what the firm decides, and which logins cannot be linked."""

from __future__ import annotations

from datetime import date

import pytest

from bot.courts.court import Court, CourtId
from bot.courts.directory import Directory
from bot.courts.policy import CAUTIONS, Policies, Policy, Way, caution, odd_login, unlinkable_login
from bot.secret import Login

DIRECTORY = Directory.shipped()


def court(court_id: str) -> Court:
    found = DIRECTORY.by_id(court_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("court_id", "said_on"),
    [
        ("almb", date(2023, 7, 11)),
        ("ksb", date(2023, 8, 15)),
        ("nynb", None),
        ("alnb", None),
        ("deb", None),
        ("azb", None),
    ],
)
def test_a_caution_that_was_found_is_shown_with_its_source(court_id: str, said_on: date | None) -> None:
    found = caution(court(court_id))
    assert found is not None
    assert found.said_on == said_on
    assert f"{court_id}.uscourts.gov" in found.source


def test_every_caution_is_of_a_court_we_list_and_reads_as_a_sentence() -> None:
    for court_id, said in CAUTIONS.items():
        assert DIRECTORY.by_id(court_id) is not None
        assert said.source.startswith(("http://", "https://"))
        assert said.summary.startswith("The court ")
        assert said.summary.endswith(".")


def test_a_court_that_said_nothing_has_no_caution() -> None:
    assert caution(court("gasb")) is None


def test_a_court_is_automated_until_the_firm_decides_otherwise() -> None:
    off = Policy(Way.OFF, "https://firm.example/memo", date(2026, 1, 5))
    policies = Policies({CourtId("almb"): off})
    assert policies.of(court("almb")) is off
    assert policies.of(court("gasb")).way is Way.AUTOMATED


@pytest.mark.parametrize("login", ["jsmith", "J.Smith_2-x", "", "12345"])
def test_a_plain_login_is_linked_everywhere(login: str) -> None:
    assert not odd_login(Login(login))
    assert not unlinkable_login(court("pawd"), Login(login))


@pytest.mark.parametrize("login", ["j&smith", "j@firm", "cash$", "star*", "j smith", "josé", "j\n"])
def test_an_odd_login_is_refused_where_the_court_says_so_and_warned_of_elsewhere(login: str) -> None:
    assert odd_login(Login(login))
    assert unlinkable_login(court("pawd"), Login(login))
    assert not unlinkable_login(court("gasb"), Login(login))
