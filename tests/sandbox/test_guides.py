"""Both guides, walked by hand with a plain client that knows nothing of the linker."""

from __future__ import annotations

import json
import re
from html import unescape

from bot.sandbox import Kind, Sandbox, scenes
from tests.sandbox.hand import SIGN_ON, Hand
from tests.sandbox.steps import LINK, url

UNLINKED = ["Query", "Reports", "Utilities", "Help", "Log Out"]
LINKED = ["Bankruptcy", "Adversary", "Query", "Reports", "Utilities", "Search", "Help", "Log Out"]


async def test_guide_gasb(sandbox: Sandbox, hand: Hand) -> None:
    scene = scenes.guide_gasb(sandbox)
    front = await hand.get(url(sandbox, "/"))
    out = await hand.get(front.link("document filing system"))
    door = re.search(r'location\.assign\("([^"]+)"\)', out.text)
    assert door
    assert (await hand.api({"loginId": scene.pacer_username, "password": scene.pacer_password})).status == 503

    page = await hand.get(unescape(door[1]))
    assert "jakarta.faces.ViewState" in page.text
    asked = await hand.ajax(
        page,
        "loginForm:fbtnLogin",
        {
            "loginForm:loginName": scene.pacer_username,
            "loginForm:password": scene.pacer_password,
            "loginForm:fbtnLogin": "loginForm:fbtnLogin",
        },
    )
    assert asked.update("popupMsgId").find("input", id="mfaForm:mfaInput")
    notice = await hand.ajax(asked, "mfaForm:btnOk", {"mfaForm:mfaInput": scene.passcode or "", "mfaForm:btnOk": ""})
    dialog = notice.update("redactionConfirmation")
    assert "I understand that, if I file, I must comply with the redaction rules." in dialog.get_text()
    off = dialog.find("button", id="regmsg:bpmConfirm")
    assert off is not None
    assert off.has_attr("disabled")
    ticked = await hand.ajax(notice, "regmsg:chkRedact", {"regmsg:chkRedact_input": "on"})
    on = ticked.update("regmsg:bpmConfirm").find("button")
    assert on is not None
    assert not on.has_attr("disabled")
    done = await hand.ajax(
        ticked,
        "regmsg:bpmConfirm",
        {
            "regmsg:chkRedact_input": "on",
            "regmsg:bpmConfirm": "regmsg:bpmConfirm",
            "dialogName": "redactionDlg",
        },
    )
    way = re.search(r'<redirect url="([^"]+)"', done.text)
    assert way

    choice = await hand.get(unescape(way[1]))
    assert "Where would you like to go?" in choice.text
    option = [one for one in choice.soup.find_all("option") if one.get_text() == "Georgia Southern - NextGen"]
    assert [one["value"] for one in option] == ["N_GASBK"]
    name, state = choice.view_state
    body = {
        "logoutForm": "logoutForm",
        "logoutForm:courtId_input": "N_GASBK",
        "logoutForm:btnChangeClientCode": "",
        name: state,
    }
    go = await hand.post(
        choice.url,
        "&".join(f"{key}={value}" for key, value in body.items()).encode(),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (go.status, go.location) == (302, "https://ecf.gasb.uscourts.gov/cgi-bin/login.pl")

    menu = await hand.get(go.location)
    assert menu.menu == UNLINKED
    tools = await hand.get(menu.link("^Utilities"))
    account = tools.soup.find("b", string="Your Account")
    assert account is not None
    assert account.parent is not None
    assert "Link a CM/ECF account to my PACER account" in account.parent.get_text()
    form = await hand.get(tools.link(LINK))
    verify = await hand.submit(
        form, {"ecf_login": scene.cmecf_login, "ecf_pass": scene.cmecf_password}, name="linkaccount"
    )
    assert scene.cmecf_login in verify.text
    assert scene.pacer_username in verify.text
    said = await hand.submit(verify, {})
    assert "successfully linked" in said.text
    assert (await hand.get(said.link("^Utilities"))).menu == LINKED
    assert sandbox.court("gasb").linked == {scene.cmecf_login: scene.pacer_username}
    assert sandbox.ledger.kinds == (
        Kind.FRONT_PAGE,
        Kind.LOGIN_REDIRECT,
        Kind.API_SIGN_ON,
        Kind.JSF_PAGE,
        Kind.JSF_SIGN_ON,
        Kind.PASSCODE,
        Kind.REDACTION_TICK,
        Kind.REDACTION,
        Kind.COURT_CHOICE,
        Kind.COURT_CHOICE,
        Kind.COURT_LOGIN,
        Kind.UTILITIES,
        Kind.LINK_FORM,
        Kind.LINK_FORM_POST,
        Kind.FINAL_SUBMIT,
        Kind.PROOF,
    )
    assert sandbox.ledger.flaws == ()
    assert sandbox.ledger.sign_ons == 1


async def test_guide_almb(sandbox: Sandbox, hand: Hand) -> None:
    scene = scenes.guide_almb(sandbox)
    front = await hand.get(url(sandbox, "/", "almb"))
    await hand.get(front.link("^Login$"))
    answer = json.loads((await hand.api({"loginId": scene.pacer_username, "password": scene.pacer_password})).body)
    assert (answer["loginResult"], answer["errorDescription"], len(answer["nextGenCSO"])) == ("0", "", 128)
    menu = await hand.get(url(sandbox, "/cgi-bin/login.pl", "almb"))
    assert menu.menu == UNLINKED
    tools = await hand.get(menu.link("^Utilities"))
    assert not [one for one in tools.soup.find_all("a") if re.search(LINK, one.get_text(), re.I)]
    items = await hand.get(tools.link("NextGen Release 1.1 Menu Items"))
    form = await hand.get(items.link(LINK))
    verify = await hand.submit(
        form, {"ecf_login": scene.cmecf_login, "ecf_pass": scene.cmecf_password}, name="linkaccount"
    )
    await hand.submit(verify, {})
    assert (await hand.get(url(sandbox, "/cgi-bin/login.pl", "almb"))).menu == LINKED
    out = {"nextGenCSO": answer["nextGenCSO"]}
    gone = await hand.post(
        f"{SIGN_ON}/services/cso-logout", json.dumps(out).encode(), {"Content-Type": "application/json"}
    )
    assert json.loads(gone.body) == {"loginResult": "0", "errorDescription": ""}
    after = await hand.get(url(sandbox, "/cgi-bin/login.pl", "almb"))
    assert "location.assign" in after.text
    ledger = sandbox.ledger
    assert (ledger.sign_ons, ledger.final_submits, ledger.skips, ledger.logouts, ledger.billable) == (1, 1, 0, 1, 0)


async def test_wrong_cmecf_password_links_nothing(sandbox: Sandbox, hand: Hand) -> None:
    scene = scenes.wrong_cmecf_password(sandbox)
    await hand.api({"loginId": scene.pacer_username, "password": scene.pacer_password})
    menu = await hand.get(url(sandbox, "/cgi-bin/login.pl", "almb"))
    form = await hand.get((await hand.get(menu.link("^Utilities"))).link(LINK))
    again = await hand.submit(
        form, {"ecf_login": scene.cmecf_login, "ecf_pass": scene.cmecf_password}, name="linkaccount"
    )
    assert "The accounts will not be linked." in again.text
    assert again.form("linkaccount")
    assert sandbox.court("almb").linked == {}
    assert [one.password_right for one in sandbox.ledger.of(Kind.LINK_FORM_POST)] == [False]
