"""Every fault does what its line in bot/sandbox/faults.py says: one check each, and none without a check."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import aiohttp
import pytest

from bot.sandbox import FOREIGN_HOST, Fault, Kind, Sandbox
from bot.sandbox.faults import WHOLE_ANSWER
from tests.sandbox.conftest import ACCOUNT
from tests.sandbox.hand import SIGN_ON, Hand, Seen
from tests.sandbox.steps import (
    LINK,
    fresh_menu,
    link_form,
    manners,
    menu,
    password_fields,
    password_post,
    sign_on,
    sign_on_manners,
    sign_on_page,
    submit,
    typed,
    unanswered,
    url,
    utilities,
    verify,
)

Check = Callable[[Sandbox, Hand, Fault], Awaitable[None]]
CHECKS: dict[Fault, Check] = {}
LINKED_HERE = {"hlane": "harperlane1"}
LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


def check(*faults: Fault) -> Callable[[Check], Check]:
    def keep(one: Check) -> Check:
        CHECKS.update(dict.fromkeys(faults, one))
        return one

    return keep


@pytest.mark.parametrize("fault", Fault)
async def test_fault(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    await CHECKS[fault](sandbox, hand, fault)


async def _front(sandbox: Sandbox, hand: Hand, fault: Fault) -> Seen:
    manners(sandbox, faults=frozenset({fault}))
    return await hand.get(url(sandbox, "/"))


@check(Fault.COURT_DOWN, Fault.SERVER_ERROR, Fault.REQUEST_TIMEOUT_PAGE)
async def _status(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    status = {Fault.COURT_DOWN: 503, Fault.SERVER_ERROR: 500, Fault.REQUEST_TIMEOUT_PAGE: 408}[fault]
    seen = await _front(sandbox, hand, fault)
    assert seen.status == status
    assert "Apache Server at ecf.gasb.uscourts.gov Port 443" in seen.text


@check(Fault.MAINTENANCE)
async def _maintenance(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    seen = await _front(sandbox, hand, fault)
    assert (seen.status, "down for maintenance" in seen.text) == (200, True)


@check(Fault.NO_ANSWER)
async def _no_answer(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    await unanswered(hand.get(url(sandbox, "/")), lambda: sandbox.ledger.count(Kind.FRONT_PAGE) == 1)


@check(Fault.SLOW_DRIP)
async def _slow_drip(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    async with hand.session.get(url(sandbox, "/")) as reply:
        some = [await reply.content.readany() for _ in range(3)]
    assert all(0 < len(one) < 100 for one in some)


@check(Fault.ENDLESS)
async def _endless(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    total = 0
    async with hand.session.get(url(sandbox, "/")) as reply:
        while total < 5_000_000:
            total += len(await reply.content.readany())
            assert not reply.content.at_eof()


@check(Fault.CUT)
async def _cut(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}), at=Kind.LINK_FORM_POST)
    with pytest.raises(LOST):
        await verify(hand)


@check(Fault.OVERSIZED)
async def _oversized(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    assert len((await _front(sandbox, hand, fault)).body) > 2_900_000


@check(Fault.TOO_MANY_TAGS)
async def _tags(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    seen = await _front(sandbox, hand, fault)
    assert len(seen.body) < 1_000_000
    assert seen.body.count(b"<i>") == 60_000


@check(Fault.GZIP_BOMB)
async def _bomb(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    async with hand.session.get(url(sandbox, "/"), auto_decompress=False) as reply:
        packed = await reply.read()
        assert reply.headers["Content-Encoding"] == "gzip"
    assert len(packed) < 100_000
    assert len((await hand.get(url(sandbox, "/"))).body) == 64_000_000


@check(Fault.BAD_CHARSET)
async def _charset(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    seen = await _front(sandbox, hand, fault)
    assert "charset=x-court-nine" in seen.headers["Content-Type"]
    with pytest.raises(UnicodeDecodeError):
        seen.body.decode()


@check(Fault.FOREIGN_302, Fault.FOREIGN_307)
async def _foreign_http(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}), at=Kind.LINK_FORM_POST)
    seen = await verify(hand)
    assert seen.status == int(fault[-3:])
    assert seen.location.startswith(f"https://{FOREIGN_HOST}/")
    assert sandbox.ledger.foreign == 0
    await hand.get(seen.location)
    assert sandbox.ledger.foreign == 1


@check(Fault.FOREIGN_SCRIPT, Fault.FOREIGN_META)
async def _foreign_page(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    seen = await _front(sandbox, hand, fault)
    assert seen.status == 200
    how = "location.assign(" if fault is Fault.FOREIGN_SCRIPT else "http-equiv='REFRESH'"
    assert how in seen.text
    assert f"https://{FOREIGN_HOST}/" in seen.text


@check(Fault.PLAIN_HTTP_REDIRECT)
async def _plain_http(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    assert (await _front(sandbox, hand, fault)).location == "http://ecf.gasb.uscourts.gov/"


@check(Fault.REDIRECT_LOOP)
async def _loop(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    seen = await _front(sandbox, hand, fault)
    assert seen.location == seen.url
    assert (await hand.get(seen.location)).location == seen.url


@check(Fault.ONE_LINE_ERROR)
async def _one_line(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}), at=Kind.LINK_FORM)
    seen = await link_form(hand)
    assert seen.menu[0] == "Query"
    assert not seen.soup.find_all("form")


@check(Fault.UNKNOWN_PAGE, Fault.UNKNOWN_FRONT_PAGE)
async def _unknown_front(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    seen = await _front(sandbox, hand, fault)
    assert not seen.soup.find_all("a")
    assert not seen.menu
    assert "/cgi-bin/login.pl" not in seen.text


@check(Fault.CONNECTION_REFUSED)
async def _refused(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    for _ in range(2):
        with pytest.raises(aiohttp.ClientConnectorError):
            await hand.get(url(sandbox, "/"))
    assert len(sandbox.ledger) == 0
    assert sandbox.ledger.refused_connections["ecf.gasb.uscourts.gov"] == 2


@check(Fault.FIRST_CONNECTION_REFUSED)
async def _refused_once(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    with pytest.raises(aiohttp.ClientConnectorError):
        await hand.get(url(sandbox, "/"))
    assert (await hand.get(url(sandbox, "/"))).status == 200


@check(Fault.CERTIFICATE_EXPIRED, Fault.CERTIFICATE_WRONG_NAME, Fault.CERTIFICATE_UNKNOWN_CA)
async def _certificate(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    with pytest.raises(aiohttp.ClientConnectorCertificateError) as refused:
        await hand.get(url(sandbox, "/"))
    why = {
        Fault.CERTIFICATE_EXPIRED: "certificate has expired",
        Fault.CERTIFICATE_WRONG_NAME: "Hostname mismatch",
        Fault.CERTIFICATE_UNKNOWN_CA: "unable to get local issuer certificate",
    }
    assert why[fault] in str(refused.value)
    assert (await hand.get(url(sandbox, "/", "almb"))).status == 200


@check(Fault.API_UNAVAILABLE, Fault.API_REDIRECT, Fault.API_FOREIGN_307)
async def _api_untaken(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    sign_on_manners(sandbox, faults=frozenset({fault}))
    seen = await sign_on(hand)
    status, location = {
        Fault.API_UNAVAILABLE: (503, ""),
        Fault.API_REDIRECT: (302, f"{SIGN_ON}/csologin/login.jsf"),
        Fault.API_FOREIGN_307: (307, f"https://{FOREIGN_HOST}/services/cso-auth"),
    }[fault]
    assert (seen.status, seen.location, sandbox.ledger.sign_ons) == (status, location, 0)


@check(Fault.API_CUT_UNREAD, Fault.API_CUT_AFTER)
async def _api_cut(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    sign_on_manners(sandbox, faults=frozenset({fault}))
    with pytest.raises(LOST):
        await sign_on(hand)
    assert sandbox.ledger.sign_ons == (1 if fault is Fault.API_CUT_AFTER else 0)


@check(Fault.API_NO_ANSWER)
async def _api_silent(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    sign_on_manners(sandbox, faults=frozenset({fault}))
    await unanswered(sign_on(hand), lambda: sandbox.ledger.sign_ons == 1)


@check(Fault.API_BAD_GATEWAY, Fault.API_NOT_JSON)
async def _api_unreadable(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    sign_on_manners(sandbox, faults=frozenset({fault}))
    body = json.dumps({"loginId": ACCOUNT.user_name, "password": ACCOUNT.password}).encode()
    heads = {"Content-Type": "application/json", "Accept": "application/json"}
    seen = await hand.post(f"{SIGN_ON}/services/cso-auth", body, heads)
    assert seen.status == (502 if fault is Fault.API_BAD_GATEWAY else 200)
    assert "text/html" in seen.headers["Content-Type"]
    assert sandbox.ledger.sign_ons == 1


@check(Fault.API_NO_TOKEN)
async def _api_no_token(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    sign_on_manners(sandbox, faults=frozenset({fault}))
    answer = json.loads((await sign_on(hand)).body)
    assert (answer["loginResult"], answer["nextGenCSO"]) == ("0", "")


@check(Fault.SIGN_ON_SESSION_LOST)
async def _session_lost(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    page = await sign_on_page(hand)
    sign_on_manners(sandbox, faults=frozenset({fault}))
    seen = await hand.ajax(page, "loginForm:fbtnLogin", password_fields())
    first, then = (one.headers["Set-Cookie"].split(";")[0] for one in (page, seen))
    assert first.startswith("JSESSIONID=")
    assert then.startswith("JSESSIONID=")
    assert first != then
    assert sandbox.ledger.sign_ons == 0


@check(Fault.STALE_VIEW_STATE)
async def _stale(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    sign_on_manners(sandbox, faults=frozenset({fault}))
    assert "jakarta.faces.application.ViewExpiredException" in (await password_post(hand)).text


@check(Fault.SIGN_ON_FOREIGN_REDIRECT)
async def _sign_on_foreign(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    sign_on_manners(sandbox, faults=frozenset({fault}))
    assert f'<redirect url="https://{FOREIGN_HOST}/' in (await password_post(hand)).text


@check(Fault.UNKNOWN_SIGN_ON_PAGE)
async def _unknown_sign_on(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    sign_on_manners(sandbox, faults=frozenset({fault}))
    seen = await sign_on_page(hand)
    assert 'type="password"' not in seen.text


@check(Fault.UNKNOWN_PROMPT)
async def _unknown_prompt(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    sign_on_manners(sandbox, faults=frozenset({fault}))
    dialog = (await password_post(hand)).update("popupMsgId")
    assert [one["id"] for one in dialog.find_all("button")] == ["frmOther:btnNext"]


@check(Fault.UNKNOWN_MENU)
async def _unknown_menu(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    assert (await menu(hand)).menu == []


@check(Fault.UNKNOWN_UTILITIES)
async def _unknown_utilities(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    seen = await utilities(hand)
    assert (seen.menu, seen.soup.find_all("a")) == ([], [])


@check(Fault.UNKNOWN_LINK_FORM)
async def _unknown_link_form(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    assert len((await link_form(hand)).soup.find_all("input", type="password")) == 3


@check(Fault.UNKNOWN_VERIFY_PAGE)
async def _unknown_verify(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    seen = await verify(hand)
    assert "hlane" not in seen.text
    assert len(seen.soup.find_all("form")) == 1


@check(Fault.NO_PRIVILEGES_ALWAYS)
async def _no_privileges(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    for seen in (await menu(hand), await fresh_menu(hand), await fresh_menu(hand)):
        assert "This user has no access privileges defined." in seen.text


@check(Fault.SESSION_LOST)
async def _court_forgets(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    assert "Not logged in.  Please refresh this page." in (await utilities(hand)).text


@check(Fault.FOREIGN_LINK)
async def _foreign_link(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    assert (await utilities(hand)).link(LINK).startswith(f"https://{FOREIGN_HOST}/")


@check(Fault.FOREIGN_FORM, Fault.PLAIN_HTTP_FORM)
async def _bad_target(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    action = str((await link_form(hand)).form("linkaccount")["action"])
    start = f"https://{FOREIGN_HOST}/" if fault is Fault.FOREIGN_FORM else "http://ecf.gasb.uscourts.gov/"
    assert action.startswith(start)


@check(Fault.GET_FORM)
async def _get_form(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    seen = await link_form(hand)
    assert seen.form("linkaccount")["method"] == "GET"
    await hand.get(url(sandbox, "/cgi-bin/linkAccounts.pl?ecf_login=hlane&ecf_pass=pretend-ecf-1"))
    assert sandbox.ledger.leaks == ["a password stood in an address"]
    assert "pretend-ecf-1" not in repr(sandbox.ledger.asked)


@check(Fault.FORM_AGAIN_SILENT)
async def _again(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    seen = await verify(hand)
    assert "The accounts will not be linked." not in seen.text
    assert typed(seen)


@check(Fault.FOREIGN_VERIFY_FORM)
async def _foreign_verify(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    assert str((await verify(hand)).form()["action"]).startswith(f"https://{FOREIGN_HOST}/")


@check(Fault.CUT_BEFORE_SUBMIT, Fault.CUT_AFTER_SUBMIT)
async def _cut_submit(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    with pytest.raises(LOST):
        await submit(hand)
    applied = fault is Fault.CUT_AFTER_SUBMIT
    assert sandbox.court("gasb").linked == (LINKED_HERE if applied else {})
    assert ("Bankruptcy" in (await fresh_menu(hand)).menu) is applied
    assert sandbox.ledger.final_submits == 1


@check(Fault.NO_ANSWER_AFTER_SUBMIT)
async def _silent_submit(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    await unanswered(submit(hand), lambda: sandbox.court("gasb").linked == LINKED_HERE)


@check(Fault.ERROR_AFTER_SUBMIT, Fault.UNKNOWN_AFTER_SUBMIT)
async def _strange_submit(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    seen = await submit(hand)
    assert seen.status == (500 if fault is Fault.ERROR_AFTER_SUBMIT else 200)
    assert seen.menu == []
    assert sandbox.court("gasb").linked == LINKED_HERE
    assert "Bankruptcy" in (await fresh_menu(hand)).menu


@check(Fault.SAYS_LINKED_BUT_IS_NOT)
async def _lie(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    assert "successfully linked" in (await submit(hand)).text
    assert sandbox.court("gasb").linked == {}
    assert "Bankruptcy" not in (await fresh_menu(hand)).menu


@check(Fault.DOWN_AFTER_SUBMIT)
async def _down_after(sandbox: Sandbox, hand: Hand, fault: Fault) -> None:
    manners(sandbox, faults=frozenset({fault}))
    assert (await submit(hand)).status == 503
    assert (await fresh_menu(hand)).status == 503
    assert sandbox.court("gasb").linked == LINKED_HERE


def test_every_fault_has_its_check_and_its_line() -> None:
    assert set(CHECKS) == set(Fault)
    assert len(Fault) >= 25
    assert set(Fault) > WHOLE_ANSWER


async def test_a_fault_can_belong_to_one_account(sandbox: Sandbox, hand: Hand) -> None:
    sandbox.add_account(replace(ACCOUNT, user_name="unlucky01", faults=frozenset({Fault.UNKNOWN_UTILITIES})))
    assert (await utilities(hand)).menu
    async with Hand(sandbox) as other:
        await sign_on(other, replace(ACCOUNT, user_name="unlucky01"))
        seen = await fresh_menu(other)
        assert (await other.get(seen.link("^Utilities"))).menu == []


async def test_a_whole_answer_fault_strikes_only_where_the_profile_says(sandbox: Sandbox, hand: Hand) -> None:
    manners(sandbox, faults=frozenset({Fault.COURT_DOWN}), at=Kind.FINAL_SUBMIT)
    assert (await submit(hand)).status == 503
    assert sandbox.court("gasb").linked == {}
    assert [one.taken for one in sandbox.ledger.of(Kind.FINAL_SUBMIT)] == [False]
