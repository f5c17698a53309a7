"""One story per disaster: what the court or PACER does wrong, how the attempt ends, and what was never done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.errors import Code
from bot.linker.values import PasscodeQuestion, Step
from bot.sandbox import (
    AccountTrouble,
    CourtChoice,
    Fault,
    FilerTrouble,
    Kind,
    Landing,
    PretendAccount,
    PretendFiler,
    Refusal,
    Sandbox,
    SignedOut,
    UtilitiesRoad,
    VerifyNames,
)
from bot.sandbox.profiles import Success
from tests.story.attempts import (
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

Prepare = Callable[[Sandbox], None]


def faults(*some: Fault, at: Kind | None = None) -> Prepare:
    """The court does this."""
    return manners("gasb", faults=frozenset(some), at=at)


def pacer(*some: Fault, at: Kind | None = None) -> Prepare:
    """PACER does this."""
    return pacer_manners(faults=frozenset(some), at=at)


COURT: dict[str, tuple[Prepare, Code]] = {
    "court_down": (faults(Fault.COURT_DOWN), Code.COURT_DOWN),
    "maintenance": (faults(Fault.MAINTENANCE), Code.COURT_DOWN),
    "server_error": (faults(Fault.SERVER_ERROR), Code.COURT_DOWN),
    "time_out_page": (faults(Fault.REQUEST_TIMEOUT_PAGE), Code.COURT_DOWN),
    "no_answer": (faults(Fault.NO_ANSWER), Code.COURT_DOWN),
    "slow_drip": (faults(Fault.SLOW_DRIP), Code.COURT_DOWN),
    "cut": (faults(Fault.CUT), Code.COURT_DOWN),
    "refused": (faults(Fault.CONNECTION_REFUSED), Code.COURT_DOWN),
    "down_at_the_menu": (faults(Fault.COURT_DOWN, at=Kind.COURT_LOGIN), Code.COURT_DOWN),
    "down_at_utilities": (faults(Fault.MAINTENANCE, at=Kind.UTILITIES), Code.COURT_DOWN),
    "cut_at_the_link_form_post": (faults(Fault.CUT, at=Kind.LINK_FORM_POST), Code.OUTCOME_UNKNOWN),
    "oversized": (faults(Fault.OVERSIZED), Code.UNKNOWN_PAGE),
    "endless": (faults(Fault.ENDLESS), Code.UNKNOWN_PAGE),
    "too_many_tags": (faults(Fault.TOO_MANY_TAGS, at=Kind.UTILITIES), Code.UNKNOWN_PAGE),
    "gzip_bomb": (faults(Fault.GZIP_BOMB, at=Kind.COURT_LOGIN), Code.UNKNOWN_PAGE),
    "bad_charset": (faults(Fault.BAD_CHARSET, at=Kind.LINK_FORM), Code.UNKNOWN_PAGE),
    "foreign_302": (faults(Fault.FOREIGN_302), Code.UNKNOWN_PAGE),
    "foreign_307_on_the_link_form": (faults(Fault.FOREIGN_307, at=Kind.LINK_FORM_POST), Code.OUTCOME_UNKNOWN),
    "foreign_script": (faults(Fault.FOREIGN_SCRIPT, at=Kind.COURT_LOGIN), Code.UNKNOWN_PAGE),
    "foreign_meta": (faults(Fault.FOREIGN_META), Code.UNKNOWN_PAGE),
    "plain_http": (faults(Fault.PLAIN_HTTP_REDIRECT), Code.UNKNOWN_PAGE),
    "redirect_loop": (faults(Fault.REDIRECT_LOOP), Code.UNKNOWN_PAGE),
    "redirect_loop_at_utilities": (faults(Fault.REDIRECT_LOOP, at=Kind.UTILITIES), Code.UNKNOWN_PAGE),
    "one_line_error_after_the_form": (faults(Fault.ONE_LINE_ERROR, at=Kind.LINK_FORM_POST), Code.OUTCOME_UNKNOWN),
    "unknown_page": (faults(Fault.UNKNOWN_PAGE), Code.UNKNOWN_PAGE),
    "expired_certificate": (faults(Fault.CERTIFICATE_EXPIRED), Code.COURT_DOWN),
    "certificate_of_another": (faults(Fault.CERTIFICATE_WRONG_NAME), Code.COURT_DOWN),
    "certificate_of_nobody": (faults(Fault.CERTIFICATE_UNKNOWN_CA), Code.COURT_DOWN),
    "unknown_front_page": (faults(Fault.UNKNOWN_FRONT_PAGE), Code.UNKNOWN_PAGE),
    "unknown_menu": (faults(Fault.UNKNOWN_MENU), Code.UNKNOWN_PAGE),
    "unknown_utilities": (faults(Fault.UNKNOWN_UTILITIES), Code.UNKNOWN_PAGE),
    "unknown_link_form": (faults(Fault.UNKNOWN_LINK_FORM), Code.UNKNOWN_PAGE),
    "unknown_verify_page": (faults(Fault.UNKNOWN_VERIFY_PAGE), Code.OUTCOME_UNKNOWN),
    "no_privileges_ever": (faults(Fault.NO_PRIVILEGES_ALWAYS), Code.UNKNOWN_PAGE),
    "session_lost": (faults(Fault.SESSION_LOST), Code.INTERRUPTED),
    "foreign_link": (faults(Fault.FOREIGN_LINK), Code.LINK_NOT_OFFERED),
    "foreign_form": (faults(Fault.FOREIGN_FORM), Code.UNKNOWN_PAGE),
    "form_in_clear": (faults(Fault.PLAIN_HTTP_FORM), Code.UNKNOWN_PAGE),
    "form_by_get": (faults(Fault.GET_FORM), Code.UNKNOWN_PAGE),
    "form_again_without_a_reason": (faults(Fault.FORM_AGAIN_SILENT), Code.ECF_REFUSED),
    "foreign_verify_form": (faults(Fault.FOREIGN_VERIFY_FORM), Code.OUTCOME_UNKNOWN),
    "not_live": (manners("gasb", signed_out=SignedOut.CURRENTGEN), Code.NOT_LIVE),
    "train_only": (manners("gasb", landing=Landing.TRAIN_ONLY), Code.UNKNOWN_PAGE),
    "link_not_offered": (manners("gasb", road=UtilitiesRoad.NOT_OFFERED), Code.LINK_NOT_OFFERED),
    "other_account_on_the_verify_page": (
        manners("gasb", verify_names=VerifyNames.OTHER_ACCOUNT),
        Code.ACCOUNTS_MISMATCH,
    ),
    "other_filer_on_the_verify_page": (
        manners("gasb", verify_names=VerifyNames.OTHER_FILER),
        Code.ACCOUNTS_MISMATCH,
    ),
}

PACER: dict[str, tuple[Prepare, Code]] = {
    "down": (pacer(Fault.COURT_DOWN), Code.PACER_DOWN),
    "no_answer": (pacer(Fault.NO_ANSWER), Code.PACER_DOWN),
    "refused": (pacer(Fault.CONNECTION_REFUSED), Code.PACER_DOWN),
    "expired_certificate": (pacer(Fault.CERTIFICATE_EXPIRED), Code.PACER_DOWN),
    "api_cut_after": (pacer(Fault.API_CUT_AFTER), Code.PACER_DOWN),
    "api_cut_unread": (pacer(Fault.API_CUT_UNREAD), Code.PACER_DOWN),
    "api_no_answer": (pacer(Fault.API_NO_ANSWER), Code.PACER_DOWN),
    "api_bad_gateway": (pacer(Fault.API_BAD_GATEWAY), Code.PACER_DOWN),
    "api_redirect": (pacer(Fault.API_REDIRECT), Code.PACER_DOWN),
    "api_foreign_307": (pacer(Fault.API_FOREIGN_307), Code.PACER_DOWN),
    "api_not_json": (pacer(Fault.API_NOT_JSON), Code.PACER_DOWN),
    "api_no_token": (pacer(Fault.API_NO_TOKEN), Code.PACER_DOWN),
    "page_session_lost": (pacer(Fault.API_UNAVAILABLE, Fault.SIGN_ON_SESSION_LOST), Code.INTERRUPTED),
    "page_view_expired": (pacer(Fault.API_UNAVAILABLE, Fault.STALE_VIEW_STATE), Code.INTERRUPTED),
    "page_foreign_redirect": (pacer(Fault.API_UNAVAILABLE, Fault.SIGN_ON_FOREIGN_REDIRECT), Code.UNKNOWN_PAGE),
    "page_unknown": (pacer(Fault.API_UNAVAILABLE, Fault.UNKNOWN_SIGN_ON_PAGE), Code.UNKNOWN_PAGE),
    "prompt_unknown": (pacer(Fault.API_UNAVAILABLE, Fault.UNKNOWN_PROMPT), Code.UNKNOWN_PAGE),
}


@pytest.mark.parametrize("case", COURT)
async def test_a_court_that_fails_ends_the_attempt_and_nothing_more(case: str) -> None:
    """Each fault of a court has its code; nothing is submitted for good, nothing leaks, and PACER is left."""
    prepare, code = COURT[case]
    async with pretend(prepare=prepare) as sandbox:
        result = await attempt(sandbox, Person())
        assert result.code is code, result
        assert_decent(sandbox, submits=0)


@pytest.mark.parametrize("case", PACER)
async def test_a_pacer_that_fails_ends_the_attempt_and_nothing_more(case: str) -> None:
    """Each fault of PACER has its code; the password went out once at most."""
    prepare, code = PACER[case]
    async with pretend(prepare=prepare) as sandbox:
        result = await attempt(sandbox, Person())
        assert result.code is code, result
        assert_decent(sandbox, submits=0)


ACCOUNTS: dict[AccountTrouble, tuple[Code, Code]] = {
    AccountTrouble.WRONG_PASSWORD: (Code.PACER_REFUSED, Code.PACER_REFUSED),
    AccountTrouble.LOCKED: (Code.PACER_LOCKED, Code.PACER_LOCKED),
    AccountTrouble.DISABLED: (Code.PACER_LOCKED, Code.PACER_LOCKED),
    AccountTrouble.SEARCH_DISABLED: (Code.LINKED, Code.LINKED),
    AccountTrouble.LEGACY: (Code.PACER_LEGACY, Code.PACER_LEGACY),
    AccountTrouble.SHARED: (Code.INDIVIDUAL_ACCOUNT_REQUIRED, Code.INDIVIDUAL_ACCOUNT_REQUIRED),
    AccountTrouble.LINKED_ELSEWHERE: (Code.PACER_LINKED_ELSEWHERE, Code.PACER_LINKED_ELSEWHERE),
    AccountTrouble.MFA_ENROLMENT: (Code.LINKED, Code.MFA_ENROLMENT_REQUIRED),
    AccountTrouble.PASSWORD_EXPIRED: (Code.LINKED, Code.PASSWORD_EXPIRED),
    AccountTrouble.UPDATE_REQUIRED: (Code.ACCOUNT_UPDATE_REQUIRED, Code.MFA_ENROLMENT_REQUIRED),
    AccountTrouble.ACKNOWLEDGEMENT: (Code.LINKED, Code.ACCOUNT_UPDATE_REQUIRED),
    AccountTrouble.UNKNOWN_RESULT: (Code.UNKNOWN_PAGE, Code.UNKNOWN_PAGE),
}


@pytest.mark.parametrize("by_page", [False, True], ids=["api", "page"])
@pytest.mark.parametrize("trouble", [t for t in AccountTrouble if t is not AccountTrouble.NONE])
async def test_a_pacer_account_in_trouble(trouble: AccountTrouble, by_page: bool) -> None:
    """Whatever is wrong with the PACER account has its own code, by the API and by the page; Skip is never pressed."""
    account = PretendAccount(USER_NAME, PACER_PASSWORD, trouble=trouble)
    prepare = pacer(Fault.API_UNAVAILABLE) if by_page else None
    async with pretend(account=account, prepare=prepare) as sandbox:
        result = await attempt(sandbox, Person(passcode=PASSCODE))
        assert result.code is ACCOUNTS[trouble][by_page], result
        assert_decent(sandbox, submits=int(result.code is Code.LINKED))


FILERS = {
    FilerTrouble.WRONG_PASSWORD: Code.ECF_REFUSED,
    FilerTrouble.LOCKED: Code.ECF_LOCKED,
    FilerTrouble.DISABLED: Code.ECF_LOCKED,
    FilerTrouble.LINKED_ELSEWHERE: Code.PACER_LINKED_ELSEWHERE,
    FilerTrouble.UNLINKABLE: Code.ECF_LOGIN_UNLINKABLE,
}


@pytest.mark.parametrize("refusal", Refusal)
@pytest.mark.parametrize("trouble", FILERS)
async def test_a_filer_account_in_trouble(trouble: FilerTrouble, refusal: Refusal) -> None:
    """Whatever is wrong with the CM/ECF login has its own code; the CM/ECF password went out once."""
    filer = PretendFiler(LOGIN, ECF_PASSWORD, trouble=trouble)
    async with pretend(filer=filer, prepare=manners("gasb", refusal=refusal)) as sandbox:
        result = await attempt(sandbox, Person())
        assert result.code is FILERS[trouble], result
        assert sandbox.ledger.link_form_posts == 1
        assert_decent(sandbox, submits=0)


async def test_which_of_the_two_is_linked_elsewhere_is_said() -> None:
    """The page says whose link it is, and so does the result."""
    for account, filer, side in (
        (AccountTrouble.LINKED_ELSEWHERE, FilerTrouble.NONE, "account"),
        (AccountTrouble.NONE, FilerTrouble.LINKED_ELSEWHERE, "filer"),
    ):
        async with pretend(
            account=PretendAccount(USER_NAME, PACER_PASSWORD, trouble=account),
            filer=PretendFiler(LOGIN, ECF_PASSWORD, trouble=filer),
        ) as sandbox:
            result = await attempt(sandbox, Person())
            assert (result.code, result.detail) == (Code.PACER_LINKED_ELSEWHERE, side)


SUBMITS = {
    Fault.CUT_BEFORE_SUBMIT: Code.OUTCOME_UNKNOWN,
    Fault.CUT_AFTER_SUBMIT: Code.LINKED,
    Fault.NO_ANSWER_AFTER_SUBMIT: Code.LINKED,
    Fault.ERROR_AFTER_SUBMIT: Code.LINKED,
    Fault.UNKNOWN_AFTER_SUBMIT: Code.LINKED,
    Fault.SAYS_LINKED_BUT_IS_NOT: Code.OUTCOME_UNKNOWN,
    Fault.DOWN_AFTER_SUBMIT: Code.OUTCOME_UNKNOWN,
}


@pytest.mark.parametrize("fault", SUBMITS)
async def test_the_final_submit_goes_out_once_whatever_becomes_of_it(fault: Fault) -> None:
    """After the final Submit only fresh menus are believed, and it is never sent again."""
    async with pretend(prepare=faults(fault)) as sandbox:
        result = await attempt(sandbox, Person())
        assert result.code is SUBMITS[fault], result
        assert_decent(sandbox, submits=1)


WITHOUT_VERIFY = {**SUBMITS, Fault.SAYS_LINKED_BUT_IS_NOT: Code.OUTCOME_UNKNOWN}


@pytest.mark.parametrize("fault", [None, *WITHOUT_VERIFY])
async def test_a_court_without_a_verify_page_links_on_the_first_submit(fault: Fault | None) -> None:
    """The link form goes once; a fresh menu tells what became of it, and nothing says "not changed"."""

    def prepare(sandbox: Sandbox) -> None:
        manners("gasb", verify_page=False)(sandbox)
        if fault is not None:
            faults(fault)(sandbox)

    async with pretend(prepare=prepare) as sandbox:
        person = Person()
        result = await attempt(sandbox, person)
        assert result.code is (Code.LINKED if fault is None else WITHOUT_VERIFY[fault]), result
        assert_decent(sandbox, submits=0)
        assert len(sandbox.ledger.of(Kind.LINK_FORM_POST)) == 1
        assert person.asked == []
        assert person.steps.index(Step.LINK_FORM) < person.steps.index(Step.PROOF)
        assert Step.VERIFY not in person.steps


@pytest.mark.parametrize("success", Success)
async def test_what_a_court_without_a_verify_page_says_matters_to_nobody(success: Success) -> None:
    """A pop-up, a sentence, an e-mail, silence, and a menu that is late: the fresh menu is the proof."""
    late = manners("gasb", verify_page=False, success=success, link_delay_requests=1)
    async with pretend(prepare=late) as sandbox:
        assert (await attempt(sandbox, Person())).code is Code.LINKED


async def test_a_refusal_at_a_court_without_a_verify_page_is_a_refusal() -> None:
    """Known words count before any doubt."""
    async with pretend(prepare=manners("gasb", verify_page=False)) as sandbox:
        result = await attempt(sandbox, Person(ecf_password="wrong"))
        assert result.code is Code.ECF_REFUSED
        assert_decent(sandbox, submits=0)


async def test_a_person_who_says_no_is_heard() -> None:
    """ "Stop" on the verify page ends the attempt before the Submit that cannot be undone."""
    async with pretend() as sandbox:
        result = await attempt(sandbox, Person(confirms=False))
        assert result.code is Code.STOPPED_BY_PERSON
        assert_decent(sandbox, submits=0)


async def test_a_person_who_says_nothing_has_not_said_yes() -> None:
    """Silence on the verify page is no confirmation."""
    async with pretend() as sandbox:
        result = await attempt(sandbox, Person(confirms=None))
        assert result.code is Code.TIMED_OUT
        assert_decent(sandbox, submits=0)


async def test_a_mismatch_that_the_person_stops_is_their_stop() -> None:
    """Told that the names differ, the person's own Stop counts as such."""
    async with pretend(prepare=manners("gasb", verify_names=VerifyNames.OTHER_ACCOUNT)) as sandbox:
        result = await attempt(sandbox, Person(confirms=False))
        assert result.code is Code.STOPPED_BY_PERSON
        assert_decent(sandbox, submits=0)


async def test_a_court_that_is_not_in_the_drop_down() -> None:
    """ "Where would you like to go?" without this court ends with its own code."""
    async with pretend(prepare=manners("gasb", court_choice=CourtChoice.NOT_LISTED)) as sandbox:
        pacer(Fault.API_UNAVAILABLE)(sandbox)
        result = await attempt(sandbox, Person())
        assert result.code is Code.COURT_NOT_LISTED
        assert_decent(sandbox, submits=0)


@pytest.mark.parametrize("by_page", [False, True], ids=["api", "page"])
@pytest.mark.parametrize(
    ("given", "later", "code_api", "code_page"),
    [
        (None, PASSCODE, Code.LINKED, Code.LINKED),
        (PASSCODE, None, Code.LINKED, Code.LINKED),
        (None, None, Code.PASSCODE_NEEDED, Code.PASSCODE_NEEDED),
        (None, "000000", Code.PACER_REFUSED, Code.PASSCODE_REFUSED),
        ("000000", PASSCODE, Code.PACER_REFUSED, Code.PASSCODE_REFUSED),
    ],
)
async def test_the_passcode(
    given: str | None, later: str | None, code_api: Code, code_page: Code, by_page: bool
) -> None:
    """With the form, when asked, missing, or wrong: asked once at most, and a wrong one is never sent again."""
    account = PretendAccount(USER_NAME, PACER_PASSWORD, passcode=PASSCODE)
    prepare = pacer(Fault.API_UNAVAILABLE) if by_page else None
    async with pretend(account=account, prepare=prepare) as sandbox:
        person = Person(passcode=given, passcode_later=later)
        result = await attempt(sandbox, person)
        assert result.code is (code_page if by_page else code_api), result
        assert sandbox.ledger.passcodes <= 1
        assert sum(q.name == "passcode" for q in person.asked) <= 1
        assert_decent(sandbox, submits=int(result.code is Code.LINKED), sign_ons=2)


def assert_decent(sandbox: Sandbox, *, submits: int, sign_ons: int = 1) -> None:
    """What holds for every attempt: few sign-ons, no Skip, nothing billable, nothing outside, and logged out."""
    ledger = sandbox.ledger
    assert ledger.final_submits == submits
    assert ledger.sign_ons <= sign_ons
    assert ledger.link_form_posts <= 1
    assert (ledger.skips, ledger.count(Kind.ACKNOWLEDGE), ledger.billable, ledger.foreign) == (0, 0, 0, 0)
    assert not ledger.leaks
    assert not ledger.flaws
    reached = ledger.count(Kind.COURT_LOGIN, Kind.MENU, Kind.UTILITIES)
    assert ledger.logouts + ledger.count(Kind.COURT_LOGOUT) >= (1 if reached else 0)


async def test_a_page_that_leads_to_itself_stops_at_the_second_time() -> None:
    """Not after forty requests and most of a minute."""
    async with pretend(prepare=faults(Fault.REDIRECT_LOOP)) as sandbox:
        result = await attempt(sandbox, Person())
        assert result.code is Code.UNKNOWN_PAGE
        assert result.requests <= 2


async def test_after_the_link_a_page_that_is_neither_its_form_nor_a_menu_is_not_known() -> None:
    """The link is offered: to say that it is not would be wrong."""
    async with pretend(prepare=faults(Fault.ONE_LINE_ERROR, at=Kind.LINK_FORM)) as sandbox:
        assert (await attempt(sandbox, Person())).code is Code.UNKNOWN_PAGE


@pytest.mark.parametrize("right", [True, False])
async def test_who_has_no_passcode_is_told_that_pacer_refused_and_nothing_goes_again(right: bool) -> None:
    """ "13" without a passcode says both: the question names both, and the way out sends nothing."""
    account = PretendAccount(USER_NAME, PACER_PASSWORD, passcode=PASSCODE if right else None)
    async with pretend(account=account) as sandbox:
        person = Person(password=PACER_PASSWORD if right else "wrong", no_passcode=True)
        result = await attempt(sandbox, person)
        assert result.code is Code.PACER_REFUSED
        assert [one for one in person.asked if isinstance(one, PasscodeQuestion)] == [PasscodeQuestion(certain=False)]
        assert len(sandbox.ledger.of(Kind.API_SIGN_ON)) == 1
