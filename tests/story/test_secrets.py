"""What never happens to a secret, whatever PACER and the court do: sent outside, sent again, or seen."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import GOOD, Code
from bot.linker.values import Limits
from bot.sandbox import (
    AccountTrouble,
    Fault,
    FilerTrouble,
    Kind,
    PretendAccount,
    PretendFiler,
    Refusal,
    Sandbox,
    SignOnProfile,
    UtilitiesRoad,
    VerifyNames,
)
from tests.story.attempts import (
    ECF_PASSWORD,
    LOGIN,
    PACER_PASSWORD,
    PASSCODE,
    USER_NAME,
    Person,
    attempt,
    court,
    link_with,
    pretend,
)

HASTY = Limits(request_seconds=0.4, proof_again_after=0.01)
SLOW = {Fault.SLOW_DRIP, Fault.NO_ANSWER, Fault.ENDLESS, Fault.API_NO_ANSWER, Fault.NO_ANSWER_AFTER_SUBMIT}
FAULTS = st.frozensets(st.sampled_from([f for f in Fault if f not in SLOW]), max_size=2)
PLACES = st.sampled_from([None, Kind.COURT_LOGIN, Kind.UTILITIES, Kind.LINK_FORM_POST, Kind.FINAL_SUBMIT, Kind.PROOF])


@given(
    court_faults=FAULTS,
    at=PLACES,
    pacer_faults=FAULTS,
    account=st.sampled_from(AccountTrouble),
    filer=st.sampled_from(FilerTrouble),
    refusal=st.sampled_from(Refusal),
    road=st.sampled_from(UtilitiesRoad),
    names=st.sampled_from(VerifyNames),
    mfa=st.booleans(),
    passcode=st.sampled_from([None, PASSCODE, "000000"]),
    later=st.sampled_from([None, PASSCODE, "000000"]),
    confirms=st.sampled_from([True, False, None]),
    wrong_pacer=st.booleans(),
    wrong_ecf=st.booleans(),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
async def test_no_secret_goes_outside_or_out_again(
    court_faults: frozenset[Fault],
    at: Kind | None,
    pacer_faults: frozenset[Fault],
    account: AccountTrouble,
    filer: FilerTrouble,
    refusal: Refusal,
    road: UtilitiesRoad,
    names: VerifyNames,
    mfa: bool,
    passcode: str | None,
    later: str | None,
    confirms: bool | None,
    wrong_pacer: bool,
    wrong_ecf: bool,
) -> None:
    """In any mix of faults: one sign-on, or two around a passcode asked for; one CM/ECF login; one final Submit."""

    def prepare(sandbox: Sandbox) -> None:
        one = sandbox.court("gasb")
        one.profile = replace(one.profile, faults=court_faults, at=at, refusal=refusal, road=road, verify_names=names)
        sandbox.sign_on = SignOnProfile(faults=pacer_faults)

    person = Person(
        password="not-it-at-all" if wrong_pacer else PACER_PASSWORD,
        ecf_password="nor-this-one" if wrong_ecf else ECF_PASSWORD,
        passcode=passcode,
        passcode_later=later,
        confirms=confirms,
    )
    pretender = PretendAccount(USER_NAME, PACER_PASSWORD, passcode=PASSCODE if mfa else None, trouble=account)
    async with pretend(
        account=pretender, filer=PretendFiler(LOGIN, ECF_PASSWORD, trouble=filer), prepare=prepare
    ) as sandbox:
        result = await attempt(sandbox, person, limits=HASTY)
        ledger = sandbox.ledger
        assert not ledger.leaks
        assert ledger.foreign == 0
        assert ledger.sign_ons <= 1 + sum(question.name == "passcode" for question in person.asked)
        assert ledger.link_form_posts <= 1
        assert ledger.final_submits <= 1
        assert ledger.skips == 0
        assert ledger.final_submits == 0 or confirms is True
        assert result.code not in GOOD or sandbox.court("gasb").linked.get(LOGIN) == USER_NAME
        assert result.code is not Code.LINKED or ledger.final_submits == 1


async def test_nothing_of_an_attempt_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """With every logger at DEBUG, libraries' too, neither passwords nor names of accounts nor sessions are written."""
    caplog.set_level(logging.DEBUG)
    account = PretendAccount(USER_NAME, PACER_PASSWORD, passcode=PASSCODE, files_elsewhere=True)
    for faults in (frozenset[Fault](), frozenset({Fault.API_UNAVAILABLE}), frozenset({Fault.API_NOT_JSON})):
        async with pretend(account=account) as sandbox:
            sandbox.sign_on = SignOnProfile(faults=faults)
            result = await attempt(sandbox, Person(passcode_later=PASSCODE))
            said = caplog.text + repr(result)
            for secret in (PACER_PASSWORD, ECF_PASSWORD, PASSCODE, USER_NAME):
                assert secret not in said


async def test_secrets_are_spent_when_the_attempt_ends() -> None:
    """Whatever the ending, the request's secrets cannot be revealed again."""
    async with pretend() as sandbox:
        person = Person(passcode=PASSCODE)
        request = person.request(court("gasb"))
        await link_with(sandbox, person, request)
        assert request.account.password.spent
        assert request.filer.password.spent
        assert request.passcode is not None
        assert request.passcode.spent
