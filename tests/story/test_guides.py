"""The two guides, walked as they are written, and every manner of court and sign-on that is on record."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.courts.court import CourtKind
from bot.errors import Code
from bot.linker.values import Comparison, ConfirmQuestion, Step
from bot.sandbox import (
    AfterSignOn,
    Charset,
    CookieRoad,
    CourtChoice,
    CourtProfile,
    Faces,
    Fault,
    Finish,
    Href,
    Kind,
    Landing,
    LinkForm,
    PretendAccount,
    PretendFiler,
    Sandbox,
    SignedOut,
    SignOnProfile,
    Success,
    UtilitiesRoad,
    VerifyNames,
    VerifyShape,
)
from tests.story.attempts import (
    COURTS,
    ECF_PASSWORD,
    LOGIN,
    PACER_PASSWORD,
    PASSCODE,
    USER_NAME,
    Person,
    attempt,
    manners,
    pacer_manners,
    pretend,
)
from tests.story.test_disasters import assert_decent

API_AWAY = pacer_manners(faults=frozenset({Fault.API_UNAVAILABLE}))


async def test_guide_gasb_step_by_step() -> None:
    """Southern Georgia: the sign-on page, its passcode, the redaction notice, the drop-down, then "Your Account"."""

    def prepare(sandbox: Sandbox) -> None:
        API_AWAY(sandbox)
        manners("gasb", court_choice=CourtChoice.LISTED, road=UtilitiesRoad.YOUR_ACCOUNT)(sandbox)

    account = PretendAccount(USER_NAME, PACER_PASSWORD, passcode=PASSCODE, files_elsewhere=True)
    async with pretend(account=account, prepare=prepare) as sandbox:
        person = Person(passcode_later=PASSCODE)
        result = await attempt(sandbox, person)
        assert result.code is Code.LINKED
        assert person.steps == [
            Step.FRONT_PAGE,
            Step.SIGN_ON,
            Step.PASSCODE,
            Step.REDACTION,
            Step.MENU,
            Step.COURT_CHOICE,
            Step.UTILITIES,
            Step.LINK_FORM,
            Step.VERIFY,
            Step.SUBMIT,
            Step.PROOF,
            Step.LOG_OUT,
        ]
        assert [q.name for q in person.asked] == ["passcode", "confirm"]
        assert sandbox.ledger.kinds[-3:] == (Kind.FINAL_SUBMIT, Kind.PROOF, Kind.LOGOUT)
        assert sandbox.court("gasb").linked == {LOGIN: USER_NAME}
        assert result.menu_before[0] == "Query"
        assert result.menu_after[:2] == ("Bankruptcy", "Adversary")
        assert_decent(sandbox, submits=1)


async def test_guide_almb_step_by_step() -> None:
    """Middle Alabama: a front page that says "Login", the JSON API, the link under "NextGen Release 1.1 Menu Items"."""
    prepare = manners("almb", landing_label="Login", road=UtilitiesRoad.NEXTGEN_MENU)
    async with pretend("almb", prepare=prepare) as sandbox:
        person = Person()
        result = await attempt(sandbox, person, "almb")
        assert result.code is Code.LINKED
        assert Step.NEXTGEN_MENU in person.steps
        assert [q.name for q in person.asked] == ["confirm"]
        assert result.requests == 11
        assert_decent(sandbox, submits=1)


async def test_a_linked_attorney_is_told_before_the_form_is_touched() -> None:
    """A filer's menu right after the sign-on ends the attempt; the CM/ECF password never leaves."""
    async with pretend() as sandbox:
        assert (await attempt(sandbox, Person())).code is Code.LINKED
        sandbox.ledger.clear()
        result = await attempt(sandbox, Person())
        assert result.code is Code.ALREADY_LINKED
        assert sandbox.ledger.link_form_posts == 0
        assert_decent(sandbox, submits=0)


@pytest.mark.parametrize(
    ("changes", "username"),
    [
        ({"redaction": False}, USER_NAME),
        ({"individual": False}, USER_NAME),
        ({}, "ab1234"),
    ],
)
async def test_what_needs_no_network_is_refused_without_it(changes: dict[str, bool], username: str) -> None:
    """An unticked box and a legacy user name cost no request."""
    codes = {"redaction": Code.REDACTION_REQUIRED, "individual": Code.INDIVIDUAL_ACCOUNT_REQUIRED}
    async with pretend() as sandbox:
        result = await attempt(sandbox, Person(username=username, **changes))  # type: ignore[arg-type]
        assert result.code is codes.get(next(iter(changes), ""), Code.PACER_LEGACY)
        assert len(sandbox.ledger) == 0


@pytest.mark.parametrize("court_id", ["ca1", "cavc", "bap9"])
async def test_courts_that_the_bot_cannot_link_are_refused_without_network(court_id: str) -> None:
    """Appellate courts and `cavc` cost no request."""
    async with pretend() as sandbox:
        assert (await attempt(sandbox, Person(), court_id)).code is Code.COURT_UNSUPPORTED
        assert len(sandbox.ledger) == 0


async def test_a_login_that_pawd_is_known_not_to_link_is_refused_there_only() -> None:
    """Western Pennsylvania links no login with special characters; elsewhere the court decides."""
    async with pretend("pawd", filer=PretendFiler("j&roe", ECF_PASSWORD)) as sandbox:
        assert (await attempt(sandbox, Person(login="j&roe"), "pawd")).code is Code.ECF_LOGIN_UNLINKABLE
        assert len(sandbox.ledger) == 0
    async with pretend("gasb", filer=PretendFiler("j&roe", ECF_PASSWORD)) as sandbox:
        assert (await attempt(sandbox, Person(login="j&roe"))).code is Code.LINKED


async def test_the_user_agent_is_honest_and_the_referer_is_the_page_before() -> None:
    """One User-Agent that names the bot and the firm; the Referer never carries a page of PACER's to a court."""
    async with pretend() as sandbox:
        await attempt(sandbox, Person())
        agents = {asked.user_agent for asked in sandbox.ledger}
        assert len(agents) == 1
        assert agents.pop().endswith("(+it@firm.example)")
        assert all("pacer.login" not in asked.referer for asked in sandbox.ledger if asked.host.startswith("ecf."))


async def test_a_menu_that_learns_of_the_link_late_is_believed_the_second_time() -> None:
    """Still unlinked at once, linked a little later: proof is asked for twice, and the Submit went out once."""
    async with pretend(prepare=manners("gasb", link_delay_requests=1)) as sandbox:
        assert (await attempt(sandbox, Person())).code is Code.LINKED
        assert_decent(sandbox, submits=1)


@pytest.mark.parametrize(
    ("names", "comparison"),
    [
        (VerifyNames.OWN, Comparison.AGREE),
        (VerifyNames.ABSENT, Comparison.UNCLEAR),
        (VerifyNames.FULL_NAMES, Comparison.UNCLEAR),
        (VerifyNames.OTHER_ACCOUNT, Comparison.DIFFER),
        (VerifyNames.OTHER_FILER, Comparison.DIFFER),
    ],
)
@pytest.mark.parametrize("shape", VerifyShape)
async def test_the_verify_page_is_compared_in_every_shape(
    shape: VerifyShape, names: VerifyNames, comparison: Comparison
) -> None:
    """Rows, columns, a sentence, read-only fields: the names agree, differ, or cannot be compared."""
    async with pretend(prepare=manners("gasb", verify_shape=shape, verify_names=names)) as sandbox:
        person = Person()
        result = await attempt(sandbox, person)
        question = person.asked[-1]
        assert isinstance(question, ConfirmQuestion)
        assert question.comparison is comparison
        assert result.code is (Code.ACCOUNTS_MISMATCH if comparison is Comparison.DIFFER else Code.LINKED)
        assert_decent(sandbox, submits=int(comparison is not Comparison.DIFFER))


PROFILES = st.builds(
    CourtProfile,
    landing=st.sampled_from([x for x in Landing if x is not Landing.TRAIN_ONLY]),
    landing_label=st.sampled_from(["", "Login", "[LOG IN]", "CONTINUE", "Click Here to Start CM/ECF"]),
    landing_href=st.sampled_from(Href),
    train_link=st.booleans(),
    signed_out=st.sampled_from([x for x in SignedOut if x is not SignedOut.CURRENTGEN]),
    after_sign_on=st.sampled_from(AfterSignOn),
    menu_href=st.sampled_from(Href),
    log_out_label=st.sampled_from(["Log Out", "Logout"]),
    redaction_page=st.booleans(),
    court_choice=st.sampled_from([CourtChoice.NOT_ASKED, CourtChoice.LISTED]),
    road=st.sampled_from([x for x in UtilitiesRoad if x is not UtilitiesRoad.NOT_OFFERED]),
    link_label=st.sampled_from(
        [
            "Link a CM/ECF account to my PACER account",
            "Link a CM/ECF Account to My PACER Account",
            "Link a CM/ECF Account to my PACER Account...",
        ]
    ),
    link_form=st.sampled_from(LinkForm),
    verify_shape=st.sampled_from(VerifyShape),
    verify_names=st.sampled_from([VerifyNames.OWN, VerifyNames.FULL_NAMES, VerifyNames.ABSENT]),
    success=st.sampled_from(Success),
    cookies=st.sampled_from(CookieRoad),
    charset=st.sampled_from(Charset),
    faces=st.sampled_from(Faces),
    link_delay_requests=st.integers(0, 1),
    spurious_redirects=st.integers(0, 1),
    no_privileges=st.integers(0, 1),
    interstitials=st.integers(0, 1),
)
PACERS = st.builds(
    SignOnProfile,
    faces=st.sampled_from(Faces),
    finish=st.sampled_from(Finish),
    faults=st.sampled_from([frozenset(), frozenset({Fault.API_UNAVAILABLE})]),
)


@given(
    profile=PROFILES,
    sign_on=PACERS,
    court_id=st.sampled_from(["gasb", "almb", "almd", "cofc", "vib", "ohndad"]),
    mfa=st.booleans(),
    files_elsewhere=st.booleans(),
    client_code=st.sampled_from(["", "0042"]),
    given_early=st.booleans(),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
async def test_every_manner_of_court_is_linked(
    profile: CourtProfile,
    sign_on: SignOnProfile,
    court_id: str,
    mfa: bool,
    files_elsewhere: bool,
    client_code: str,
    given_early: bool,
) -> None:
    """Any mix of the differences on record is one more path through the same machine."""
    account = PretendAccount(
        USER_NAME,
        PACER_PASSWORD,
        passcode=PASSCODE if mfa else None,
        files_elsewhere=files_elsewhere,
        client_code_required=bool(client_code),
    )

    def prepare(sandbox: Sandbox) -> None:
        sandbox.court(court_id).profile = profile
        sandbox.sign_on = sign_on

    person = Person(
        client_code=client_code, passcode_later=PASSCODE, passcode=PASSCODE if mfa and given_early else None
    )
    async with pretend(court_id, account=account, prepare=prepare) as sandbox:
        result = await attempt(sandbox, person, court_id)
        assert result.code is Code.LINKED, result
        assert_decent(sandbox, submits=1, sign_ons=2)


async def test_any_linkable_court_of_the_directory_can_be_linked() -> None:
    """One court of each kind and circuit, under its real host name."""
    seen: set[tuple[CourtKind, str]] = set()
    async with pretend() as sandbox:
        for court in COURTS.all:
            if court.unlinkable is not None or (court.kind, court.circuit) in seen:
                continue
            seen.add((court.kind, court.circuit))
            sandbox.add_filer(court.id, PretendFiler(LOGIN, ECF_PASSWORD))
            result = await attempt(sandbox, Person(), court.id)
            assert result.code is Code.LINKED, (court.id, result)
    assert len(seen) > 20
