"""The pretend PACER: the JSON API and the sign-on page, as strict as the real ones are known to be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from bot.sandbox import AccountTrouble, CourtChoice, Faces, Finish, Kind, Sandbox
from tests.sandbox.conftest import ACCOUNT
from tests.sandbox.hand import SIGN_ON, Hand, Seen
from tests.sandbox.steps import (
    fresh_menu,
    manners,
    password_fields,
    password_post,
    sign_on,
    sign_on_manners,
    sign_on_page,
)


async def _result(hand: Hand, **more: str) -> tuple[str, str]:
    answer = json.loads((await sign_on(hand, ACCOUNT, **more)).body)
    assert bool(answer["nextGenCSO"]) is (answer["loginResult"] == "0")
    return answer["loginResult"], answer["errorDescription"]


async def test_api_answers_by_the_table_of_the_protocol(sandbox: Sandbox, hand: Hand) -> None:
    assert await _result(hand) == ("0", "")
    assert (await _result(hand, password="wrong"))[0] == "13"
    sandbox.add_account(replace(ACCOUNT, passcode="246802", files_elsewhere=True, client_code_required=True))
    assert await _result(hand) == ("13", "Invalid username, password, or one-time passcode.")
    assert (await _result(hand, otpCode="000000"))[0] == "13"
    result, words = await _result(hand, otpCode="246802")
    assert (result, words[:23]) == ("1", "All filers must redact:")
    result, words = await _result(hand, otpCode="246802", redactFlag="1")
    assert (result, words[:39]) == ("0", "A required Client Code was not entered.")
    assert await _result(hand, otpCode="246802", redactFlag="1", clientCode="4711") == ("0", "")


async def test_api_answers_xml_without_the_accept_header(sandbox: Sandbox, hand: Hand) -> None:
    seen = await hand.api({"loginId": ACCOUNT.user_name, "password": ACCOUNT.password}, Accept="*/*")
    assert re.search(r"<nextGenCSO>[A-Za-z0-9+/]{128}</nextGenCSO>", seen.text)


async def test_passcodes_may_be_several_each_good_once_or_decided_by_a_callable(sandbox: Sandbox, hand: Hand) -> None:
    sandbox.add_account(replace(ACCOUNT, passcode=("111111", "222222")))
    assert [(await _result(hand, otpCode=code))[0] for code in ("111111", "111111", "222222")] == ["0", "13", "0"]
    sandbox.add_account(replace(ACCOUNT, passcode=lambda code: code.endswith("7")))
    assert [(await _result(hand, otpCode=code))[0] for code in ("123457", "123456")] == ["0", "13"]


async def test_five_wrong_passwords_lock_the_account(sandbox: Sandbox, hand: Hand) -> None:
    for _ in range(5):
        await _result(hand, password="wrong")
    assert (await _result(hand))[1] == "Your account is locked."


async def test_too_many_sign_ons_suspend(sandbox: Sandbox, hand: Hand) -> None:
    sandbox.add_account(replace(ACCOUNT, refuses_after=2))
    results = [(await _result(hand))[1] for _ in range(3)]
    assert results == ["", "", "Access has been suspended because of excessive authentication calls."]


@pytest.mark.parametrize(
    ("trouble", "accepted", "word"),
    [
        (AccountTrouble.NONE, True, ""),
        (AccountTrouble.WRONG_PASSWORD, False, "Invalid username"),
        (AccountTrouble.LOCKED, False, "locked"),
        (AccountTrouble.DISABLED, False, "Your PACER account has been disabled"),
        (AccountTrouble.SEARCH_DISABLED, True, "your current account has been disabled"),
        (AccountTrouble.LEGACY, True, ""),
        (AccountTrouble.SHARED, True, ""),
        (AccountTrouble.LINKED_ELSEWHERE, True, ""),
        (AccountTrouble.MFA_ENROLMENT, True, ""),
        (AccountTrouble.PASSWORD_EXPIRED, True, ""),
        (AccountTrouble.UPDATE_REQUIRED, False, "User Update Required"),
        (AccountTrouble.ACKNOWLEDGEMENT, True, ""),
        (AccountTrouble.UNKNOWN_RESULT, False, "Condition 99."),
    ],
)
async def test_api_and_troubles(
    sandbox: Sandbox, hand: Hand, trouble: AccountTrouble, accepted: bool, word: str
) -> None:
    sandbox.add_account(replace(ACCOUNT, trouble=trouble))
    result, words = await _result(hand)
    assert ((result == "0"), word in words) == (accepted, True)


def _message(seen: Seen) -> str:
    box = seen.update("loginForm:pclLoginMessages")
    return box.get_text(strip=True)


@pytest.mark.parametrize(
    ("trouble", "word"),
    [
        (AccountTrouble.WRONG_PASSWORD, "Invalid username or password"),
        (AccountTrouble.LOCKED, "locked"),
        (AccountTrouble.DISABLED, "Your PACER account has been disabled"),
        (AccountTrouble.UNKNOWN_RESULT, "Condition 99."),
    ],
)
async def test_page_refusals(sandbox: Sandbox, hand: Hand, trouble: AccountTrouble, word: str) -> None:
    sandbox.add_account(replace(ACCOUNT, trouble=trouble))
    seen = await password_post(hand)
    assert word in _message(seen)
    assert seen.update("loginForm:pclLoginMessages").find("span", class_="ui-messages-error-detail")
    assert "Set-Cookie" not in seen.headers


@pytest.mark.parametrize(
    ("trouble", "buttons"),
    [
        (AccountTrouble.MFA_ENROLMENT, ["frmUserUpdate:bpmUpdate", "frmUserUpdate:bpmSkip"]),
        (AccountTrouble.PASSWORD_EXPIRED, ["frmUserUpdate:bpmUpdate", "frmUserUpdate:bpmSkip"]),
        (AccountTrouble.UPDATE_REQUIRED, ["frmUserUpdate:bpmUpdate"]),
        (AccountTrouble.ACKNOWLEDGEMENT, ["btnAckOkay"]),
    ],
)
async def test_page_prompts(sandbox: Sandbox, hand: Hand, trouble: AccountTrouble, buttons: list[str]) -> None:
    sandbox.add_account(replace(ACCOUNT, trouble=trouble))
    seen = await password_post(hand)
    place = "popupMsgId" if trouble is AccountTrouble.ACKNOWLEDGEMENT else "userUpdateDlg"
    assert [one["id"] for one in seen.update(place).find_all("button")] == buttons
    after = await hand.ajax(seen, buttons[-1], {buttons[-1]: ""})
    assert ("<redirect" in after.text) is (trouble is not AccountTrouble.UPDATE_REQUIRED)
    assert sandbox.ledger.skips == (1 if buttons[-1].endswith("Skip") else 0)


@pytest.mark.parametrize("faces", Faces)
@pytest.mark.parametrize("finish", Finish)
async def test_page_in_both_generations(sandbox: Sandbox, hand: Hand, faces: Faces, finish: Finish) -> None:
    sign_on_manners(sandbox, faces=faces, finish=finish)
    seen = await password_post(hand)
    if finish is Finish.HTTP_302:
        assert (seen.status, seen.location) == (302, "https://ecf.gasb.uscourts.gov/cgi-bin/login.pl")
    else:
        assert '<redirect url="https://ecf.gasb.uscourts.gov/cgi-bin/login.pl">' in seen.text
    assert (await fresh_menu(hand)).menu


@pytest.mark.parametrize("passcode", [None, "246802"])
@pytest.mark.parametrize("files", [False, True])
async def test_page_with_and_without_passcode_and_redaction(
    sandbox: Sandbox, hand: Hand, passcode: str | None, files: bool
) -> None:
    sandbox.add_account(replace(ACCOUNT, passcode=passcode, files_elsewhere=files))
    seen = await password_post(hand)
    if passcode:
        wrong = await hand.ajax(seen, "mfaForm:btnOk", {"mfaForm:mfaInput": "000000", "mfaForm:btnOk": ""})
        assert "Invalid one-time passcode." in wrong.update("popupMsgId").get_text()
        seen = await hand.ajax(wrong, "mfaForm:btnOk", {"mfaForm:mfaInput": passcode, "mfaForm:btnOk": ""})
    if files:
        press = {"regmsg:chkRedact_input": "on", "regmsg:bpmConfirm": "", "dialogName": "redactionDlg"}
        early = await hand.ajax(seen, "regmsg:bpmConfirm", press)
        assert "<redirect" not in early.text
        ticked = await hand.ajax(early, "regmsg:chkRedact", {"regmsg:chkRedact_input": "on"})
        seen = await hand.ajax(ticked, "regmsg:bpmConfirm", press)
    assert "<redirect" in seen.text
    assert [one.passcode_right for one in sandbox.ledger.of(Kind.PASSCODE)] == ([False, True] if passcode else [])


async def test_page_without_ajax(sandbox: Sandbox, hand: Hand) -> None:
    sandbox.add_account(replace(ACCOUNT, files_elsewhere=True))
    page = await sign_on_page(hand)
    name, state = page.view_state
    heads = {"Content-Type": "application/x-www-form-urlencoded"}
    body = {"loginForm": "loginForm", **password_fields(), name: state}
    notice = await hand.post(page.url, urlencode(body).encode(), heads)
    assert notice.form("regmsg")
    # The dialog carries the same view state as the page around it: the one post does both, as old clients did.
    merged = {"regmsg": "regmsg", "regmsg:chkRedact_input": "on", "regmsg:bpmConfirm": "", name: notice.view_state[1]}
    done = await hand.post(page.url, urlencode(merged).encode(), heads)
    assert (done.status, done.location) == (302, "https://ecf.gasb.uscourts.gov/cgi-bin/login.pl")


async def test_page_needs_its_session_and_its_view_state(sandbox: Sandbox, hand: Hand) -> None:
    page = await sign_on_page(hand)
    later = await hand.ajax(
        page, "loginForm:fbtnLogin", {**password_fields(), "loginForm:password": "not the right one"}
    )
    assert "Invalid username or password" in _message(later)
    stale = await hand.ajax(page, "loginForm:fbtnLogin", password_fields())
    assert "ViewExpiredException" in stale.text
    hand.session.cookie_jar.clear()
    lost = await hand.ajax(later, "loginForm:fbtnLogin", password_fields())
    assert "JSESSIONID=" in lost.headers["Set-Cookie"]
    assert sandbox.ledger.flaws == ("the view state did not come back", "JSESSIONID did not come back")
    assert sandbox.ledger.sign_ons == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("loginForm:loginName", "abc", "Username must be at least 6 characters"),
        ("loginForm:password", "short", "Password must be at least 8 characters"),
    ],
)
async def test_page_says_what_is_too_short_without_trying_it(
    sandbox: Sandbox, hand: Hand, field: str, value: str, words: str
) -> None:
    page = await sign_on_page(hand)
    seen = await hand.ajax(page, "loginForm:fbtnLogin", {**password_fields(), field: value})
    assert _message(seen) == words
    assert sandbox.ledger.sign_ons == 0


async def test_the_court_drop_down_may_miss_the_court(sandbox: Sandbox, hand: Hand) -> None:
    manners(sandbox, court_choice=CourtChoice.NOT_LISTED)
    seen = await password_post(hand)
    way = re.search(r'<redirect url="([^"]+)"', seen.text)
    assert way
    choice = await hand.get(way[1])
    values = [one["value"] for one in choice.soup.find_all("option")]
    assert "N_GASBK" not in values
    assert "N_ALMBK" in values


async def test_log_out_ends_every_court(sandbox: Sandbox, hand: Hand) -> None:
    token = json.loads((await sign_on(hand)).body)["nextGenCSO"]
    assert (await fresh_menu(hand)).menu
    assert (await fresh_menu(hand, "alnd")).menu
    await hand.post(
        f"{SIGN_ON}/services/cso-logout",
        json.dumps({"nextGenCSO": token}).encode(),
        {"Content-Type": "application/json"},
    )
    for court_id in ("gasb", "alnd"):
        assert "location.assign" in (await fresh_menu(hand, court_id)).text
    assert sandbox.ledger.logouts == 1
