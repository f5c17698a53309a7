"""Where a person stands: proof is never taken back, and nothing is claimed that was not seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.errors import GOOD, Code
from bot.register.entry import Entry, Menus, State, fresh, tail_of
from bot.register.standing import (
    AttemptEnded,
    CourtNotLive,
    Happening,
    Invited,
    NeededAfterAll,
    NotNeeded,
    SelfReported,
    SelfReportWithdrawn,
    after,
    ended,
    started,
)
from bot.secret import Login
from tests.register.strategies import ANNA, FILERS, GASB, MENU, NOON, codes, incidents, menus

LOGIN, ACCOUNT = Login("filer-canary-77"), Login("pacer.canary.88")
START = started("aaaa2222aa", login=LOGIN, account=ACCOUNT)
LINKED = ended("aaaa2222aa", Code.LINKED, MENU, FILERS)

saying = st.sampled_from(
    (Invited(), CourtNotLive(), NotNeeded(), NeededAfterAll(), SelfReported(), SelfReportWithdrawn())
)
starts = incidents.map(lambda one: started(one, login=LOGIN, account=ACCOUNT))
ends = st.builds(ended, incidents, codes, menus, menus)
happenings = saying | starts | ends


def walked(*happened: Happening) -> Entry:
    """Return the entry after all of it, a minute between each."""
    entry = fresh(ANNA, GASB, NOON)
    for number, one in enumerate(happened, 1):
        entry = after(entry, one, NOON + timedelta(minutes=number))
    return entry


@pytest.mark.parametrize(
    ("happened", "state", "code"),
    [
        ((), State.UNKNOWN, None),
        ((Invited(),), State.INVITED, None),
        ((CourtNotLive(),), State.NOT_LIVE, None),
        ((CourtNotLive(), Invited()), State.INVITED, None),
        ((NotNeeded(),), State.NOT_NEEDED, None),
        ((NotNeeded(), Invited()), State.NOT_NEEDED, None),
        ((NotNeeded(), NeededAfterAll(), Invited()), State.INVITED, None),
        ((NotNeeded(), START), State.IN_PROGRESS, None),
        ((Invited(), START), State.IN_PROGRESS, None),
        ((START, NotNeeded()), State.IN_PROGRESS, None),
        ((START, LINKED), State.LINKED, Code.LINKED),
        ((LINKED,), State.LINKED, Code.LINKED),
        ((START, ended("aaaa2222aa", Code.ALREADY_LINKED, FILERS)), State.LINKED, Code.ALREADY_LINKED),
        ((START, ended("aaaa2222aa", Code.LINKED)), State.UNKNOWN, Code.OUTCOME_UNKNOWN),
        ((START, ended("aaaa2222aa", Code.NOT_LIVE)), State.NOT_LIVE, Code.NOT_LIVE),
        ((START, ended("aaaa2222aa", Code.ECF_REFUSED, MENU)), State.FAILED, Code.ECF_REFUSED),
        ((START, ended("aaaa2222aa", Code.OUTCOME_UNKNOWN, MENU)), State.UNKNOWN, Code.OUTCOME_UNKNOWN),
        ((START, ended("bbbb3333bb", Code.COURT_DOWN)), State.IN_PROGRESS, None),
        ((START, ended("bbbb3333bb", Code.LINKED, MENU, FILERS)), State.LINKED, Code.LINKED),
        ((SelfReported(),), State.GUIDED, None),
        ((SelfReported(), SelfReportWithdrawn()), State.UNKNOWN, None),
        ((SelfReported(), START, ended("aaaa2222aa", Code.COURT_DOWN)), State.GUIDED, None),
        ((SelfReported(), START, ended("aaaa2222aa", Code.ECF_REFUSED, MENU)), State.FAILED, Code.ECF_REFUSED),
        ((LINKED, SelfReported()), State.LINKED, Code.LINKED),
        (
            (START, ended("aaaa2222aa", Code.OUTCOME_UNKNOWN), ended("bbbb3333bb", Code.PACER_REFUSED)),
            State.UNKNOWN,
            Code.OUTCOME_UNKNOWN,
        ),
    ],
)
def test_the_table(happened: tuple[Happening, ...], state: State, code: Code | None) -> None:
    entry = walked(*happened)
    assert (entry.state, entry.code) == (state, code)


def test_a_link_keeps_its_evidence_its_incident_and_its_first_day() -> None:
    entry = walked(START, LINKED, ended("bbbb3333bb", Code.ALREADY_LINKED, FILERS), Invited(), START)
    assert entry.menus == Menus(MENU, FILERS)
    assert (entry.incident, entry.since) == ("aaaa2222aa", NOON + timedelta(minutes=2))


def test_a_new_link_to_a_new_login_replaces_the_old_one() -> None:
    entry = walked(LINKED, ended("bbbb3333bb", Code.LINKED, MENU, FILERS))
    assert (entry.incident, entry.since) == ("bbbb3333bb", NOON + timedelta(minutes=2))


def test_since_is_when_the_state_began() -> None:
    assert walked(Invited(), Invited(), Invited()).since == NOON + timedelta(minutes=1)


@given(st.lists(happenings, max_size=8), happenings)
def test_the_same_happening_twice_changes_nothing(before: list[Happening], again: Happening) -> None:
    once = after(walked(*before), again, NOON + timedelta(hours=1))
    assert after(once, again, NOON + timedelta(hours=2)) == once


@pytest.mark.parametrize("login", ["", "a", "ab", "abc", "abcd", "abcde", "filer-canary-77", "  x9  "])
def test_at_most_two_characters_of_a_login_are_kept(login: str) -> None:
    tail = tail_of(Login(login))
    assert len(tail) <= 2
    assert login.strip().endswith(tail)
    assert tail == "" or len(login.strip()) >= 5


def test_an_entry_that_shows_more_cannot_be() -> None:
    with pytest.raises(ValueError, match="two characters"):
        Entry(ANNA, GASB, State.UNKNOWN, NOON, login_tail="abc")
    with pytest.raises(ValueError, match="two characters"):
        Entry(ANNA, GASB, State.UNKNOWN, NOON, account_tail="abc")


def test_times_are_aware_and_kept_in_utc() -> None:
    with pytest.raises(ValueError, match="zone"):
        fresh(ANNA, GASB, datetime(2026, 11, 22))  # noqa: DTZ001 - that is the point
    entry = fresh(ANNA, GASB, NOON.astimezone(timezone(timedelta(hours=-5))))
    assert entry.since.tzinfo is UTC
    assert entry.since == NOON


class Register(RuleBasedStateMachine):
    """A life in the register, beside a plain memory of what was seen."""

    def __init__(self) -> None:
        super().__init__()
        self.entry = fresh(ANNA, GASB, NOON)
        self.before = self.entry
        self.clock = 0
        self.proofs: list[AttemptEnded] = []
        self.reported = False

    def happen(self, happening: Happening, seconds: int) -> None:
        self.clock += seconds  # below zero too: replicas' clocks do not agree
        self.before = self.entry
        self.entry = after(self.entry, happening, NOON + timedelta(seconds=self.clock))

    @rule(what=saying, seconds=st.integers(-5, 60))
    def somebody_says(self, what: Happening, seconds: int) -> None:
        self.reported |= isinstance(what, SelfReported)
        self.happen(what, seconds)

    @rule(start=starts, seconds=st.integers(-5, 60))
    def an_attempt_starts(self, start: Happening, seconds: int) -> None:
        self.happen(start, seconds)

    @rule(end=ends, seconds=st.integers(-5, 60))
    def an_attempt_ends(self, end: AttemptEnded, seconds: int) -> None:
        if end.code in GOOD and end.menus:
            self.proofs.append(end)
        self.happen(end, seconds)

    @invariant()
    def linked_exactly_when_a_court_has_shown_it(self) -> None:
        assert (self.entry.state is State.LINKED) == bool(self.proofs)

    @invariant()
    def the_evidence_is_that_of_a_proof(self) -> None:
        if self.entry.state is State.LINKED:
            assert (self.entry.incident, self.entry.code, self.entry.menus) in [
                (proof.incident, proof.code, proof.menus) for proof in self.proofs
            ]

    @invariant()
    def guided_only_on_somebodys_word(self) -> None:
        assert self.entry.state is not State.GUIDED or self.reported

    @invariant()
    def a_code_belongs_to_a_state_behind_which_an_attempt_stands(self) -> None:
        if self.entry.state in {State.LINKED, State.FAILED}:
            assert self.entry.code is not None
            assert self.entry.incident
        if self.entry.state in {State.INVITED, State.NOT_NEEDED, State.GUIDED, State.IN_PROGRESS}:
            assert self.entry.code is None
            assert not self.entry.menus

    @invariant()
    def time_does_not_run_backwards(self) -> None:
        assert self.entry.since >= self.before.since

    @invariant()
    def no_more_of_a_login_than_promised(self) -> None:
        assert "canary" not in repr(self.entry)
        assert {self.entry.login_tail, self.entry.account_tail} <= {"", "77", "88"}


Register.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestRegister = Register.TestCase
