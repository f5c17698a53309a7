"""The manners of the pretend courts: each way that real courts are known to differ, seen by a plain client."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import Tag

from bot.courts.directory import Directory
from bot.sandbox import (
    AccountTrouble,
    AfterSignOn,
    Charset,
    CookieRoad,
    FilerTrouble,
    Href,
    Kind,
    Landing,
    LinkForm,
    Refusal,
    Sandbox,
    SignedOut,
    Success,
    UtilitiesRoad,
    VerifyNames,
    VerifyShape,
)
from tests.sandbox.conftest import ACCOUNT, FILER
from tests.sandbox.hand import Hand, filled
from tests.sandbox.steps import (
    LINK,
    fresh_menu,
    link_form,
    manners,
    menu,
    sign_on,
    submit,
    typed,
    url,
    utilities,
    verify,
)

ENTRY = "https://ecf.gasb.uscourts.gov/cgi-bin/login.pl"
DOOR = "https://pacer.login.uscourts.gov/csologin/login.jsf?pscCourtId=GASBK&appurl=https%3A%2F%2Fecf.gasb.uscourts.gov"


async def test_every_linkable_court_of_the_directory_is_served() -> None:
    shipped = Directory.shipped().all
    async with Sandbox(shipped) as sandbox, Hand(sandbox) as hand:
        linkable = [court for court in shipped if court.unlinkable is None]
        assert set(sandbox.court_ids) == {court.id for court in linkable}
        for court in linkable[::12]:
            seen = await hand.get(f"https://{court.host}/")
            assert seen.status == 200
            assert court.landing is not None
            if court.landing.way == "meta_refresh":
                assert seen.text.startswith(
                    "<html><head><meta http-equiv='REFRESH' content='0;url=/cgi-bin/ShowIndex.pl'>"
                )
            else:
                assert court.landing.label in seen.soup.get_text() + str(seen.soup)


@pytest.mark.parametrize("href", Href)
async def test_front_page_link(sandbox: Sandbox, hand: Hand, href: Href) -> None:
    manners(sandbox, landing_href=href, landing_label="[LOG IN]", train_link=True)
    seen = await hand.get(url(sandbox, "/"))
    assert seen.link(r"^\[LOG IN\]$") == ENTRY
    assert seen.link("Train").startswith("https://ecf-train.gasb.uscourts.gov/")


async def test_front_page_button(sandbox: Sandbox, hand: Hand) -> None:
    seen = await hand.get(url(sandbox, "/", "oknb"))
    assert not [one for one in seen.soup.find_all("a") if "login.pl" in str(one.get("href"))]
    button = seen.soup.find("input", type="button")
    assert isinstance(button, Tag)
    assert button["onclick"] == 'window.location="/cgi-bin/login.pl"'


async def test_front_page_behind_a_meta_refresh(sandbox: Sandbox, hand: Hand) -> None:
    seen = await hand.get(url(sandbox, "/", "alnd"))
    assert not seen.soup.find_all("a")
    index = await hand.get(url(sandbox, "/cgi-bin/ShowIndex.pl", "alnd"))
    assert index.link("Document Filing System").endswith("/cgi-bin/login.pl")


async def test_front_page_that_leads_elsewhere(sandbox: Sandbox, hand: Hand) -> None:
    manners(sandbox, landing=Landing.TRAIN_ONLY)
    assert (await hand.get(url(sandbox, "/"))).link("Document Filing System").startswith("https://ecf-train.")
    manners(sandbox, landing=Landing.SIGN_ON_LINK)
    assert (await hand.get(url(sandbox, "/"))).link("Document Filing System").startswith(DOOR)


@pytest.mark.parametrize("shape", SignedOut)
@pytest.mark.parametrize("landing", [Landing.LINK, Landing.STRAIGHT_IN])
async def test_signed_out(sandbox: Sandbox, hand: Hand, shape: SignedOut, landing: Landing) -> None:
    manners(sandbox, landing=landing, signed_out=shape)
    seen = await hand.get(url(sandbox, "/" if landing is Landing.STRAIGHT_IN else "/cgi-bin/login.pl"))
    if shape is SignedOut.HTTP_302:
        assert (seen.status, seen.location.startswith(DOOR)) == (302, True)
        return
    assert seen.status == 200
    if shape is SignedOut.CURRENTGEN:
        form = seen.soup.find("form", attrs={"name": "GetPass"})
        assert isinstance(form, Tag)
        assert [one.get("name") for one in form.find_all("input")][:4] == ["login", "key", "clcode", "redaction"]
        return
    how = "location.assign(" if shape is SignedOut.LOCATION_ASSIGN else "document.location = "
    assert f'{how}"{DOOR}' in seen.text
    assert ("default_base_path" in seen.text) is (shape is SignedOut.LOCATION_ASSIGN)


@pytest.mark.parametrize("cookies", CookieRoad)
@pytest.mark.parametrize("after", AfterSignOn)
async def test_the_session_needs_its_cookies(
    sandbox: Sandbox, hand: Hand, cookies: CookieRoad, after: AfterSignOn
) -> None:
    manners(sandbox, cookies=cookies, after_sign_on=after)
    seen = await menu(hand)
    assert ("KEY=" in str(seen.headers.getall("Set-Cookie", []))) is (cookies is not CookieRoad.SCRIPTS)
    assert bool(re.search(r'if \("\w+"\.length > 0\) \{ document\.cookie="KEY=', seen.text)) is (
        cookies is not CookieRoad.HEADERS
    )
    if after is AfterSignOn.SCRIPT_PAGE:
        assert 'location.assign("/cgi-bin/DisplayMenu.pl?Main")' in seen.text
    inner = await hand.get(url(sandbox, "/cgi-bin/DisplayMenu.pl?Main"))
    assert inner.menu[:3] == ["Query", "Reports", "Utilities"]


async def test_a_token_in_a_header_is_no_session(sandbox: Sandbox, hand: Hand) -> None:
    token = re.search(r'"nextGenCSO": "([^"]+)"', (await sign_on(hand)).text)
    assert token
    hand.session.cookie_jar.clear()
    async with hand.session.get(ENTRY, headers={"X-NEXT-GEN-CSO": token[1]}) as reply:
        assert "location.assign" in await reply.text()
    async with hand.session.get(ENTRY, headers={"Cookie": f'NextGenCSO="{token[1]}"'}) as reply:
        assert "location.assign" in await reply.text()
    async with hand.session.get(ENTRY, headers={"Cookie": f"NextGenCSO={token[1]}"}) as reply:
        assert "topmenu" in await reply.text()


async def test_inner_pages_need_the_courts_own_session(sandbox: Sandbox, hand: Hand) -> None:
    await sign_on(hand)
    seen = await hand.get(url(sandbox, "/cgi-bin/DisplayMenu.pl?Utilities&id=-1"))
    assert "location.assign" in seen.text
    assert sandbox.ledger.kinds[-1] is Kind.LOGIN_REDIRECT


@pytest.mark.parametrize("road", UtilitiesRoad)
async def test_the_road_to_the_link(sandbox: Sandbox, hand: Hand, road: UtilitiesRoad) -> None:
    manners(sandbox, road=road)
    seen = await utilities(hand)
    assert "Reconstruction: no real copy of this page is public." in seen.text
    offered = [one for one in seen.soup.find_all("a") if re.search(LINK, one.get_text(), re.I)]
    assert len(offered) == (1 if road in (UtilitiesRoad.YOUR_ACCOUNT, UtilitiesRoad.TOP_LEVEL) else 0)
    under = [one for one in offered if one.find_parent("td")]
    assert len(under) == (1 if road is UtilitiesRoad.YOUR_ACCOUNT else 0)
    if road is UtilitiesRoad.NEXTGEN_MENU:
        assert (await hand.get(seen.link("NextGen Release 1.1 Menu Items"))).link(LINK)
    else:
        assert "NextGen Release" not in seen.text


@pytest.mark.parametrize("kind", LinkForm)
@pytest.mark.parametrize("shape", VerifyShape)
async def test_the_link_form_as_a_browser_sends_it(
    sandbox: Sandbox, hand: Hand, kind: LinkForm, shape: VerifyShape
) -> None:
    manners(sandbox, link_form=kind, verify_shape=shape)
    form = await link_form(hand)
    assert "Reconstruction" in form.text
    assert (form.form("linkaccount").get("enctype") == "multipart/form-data") is (kind is LinkForm.MULTIPART)
    seen = await hand.submit(form, typed(form), name="linkaccount")
    assert "Reconstruction" in seen.text
    assert FILER.login in seen.text
    assert ACCOUNT.user_name in seen.text
    assert not seen.soup.find_all("input", type="password")
    await hand.submit(seen, {})
    assert sandbox.ledger.flaws == ()
    assert "Bankruptcy" in (await fresh_menu(hand)).menu


Spoil = Callable[[list[tuple[str, str]]], list[tuple[str, str]]]
SPOILS: dict[str, tuple[Spoil, str]] = {
    "disabled": (lambda pairs: [*pairs, ("branch", "1")], "branch came"),
    "unticked": (lambda pairs: [*pairs, ("keep", "on")], "keep came"),
    "other button": (lambda pairs: [*pairs, ("cancel", "Cancel")], "cancel came"),
    "no button": (lambda pairs: [one for one in pairs if one[0] != "button1"], "button1 did not come"),
    "no hidden": (lambda pairs: [one for one in pairs if one[0] != "state"], "state did not come"),
    "no outside": (lambda pairs: [one for one in pairs if one[0] != "origin"], "origin did not come"),
    "twice": (lambda pairs: [*pairs, ("ecf_login", "x")], "ecf_login did not come once"),
}


@pytest.mark.parametrize("spoil", SPOILS)
async def test_a_form_that_a_browser_would_not_send_is_refused(sandbox: Sandbox, hand: Hand, spoil: str) -> None:
    manners(sandbox, link_form=LinkForm.URLENCODED)
    change, flaw = SPOILS[spoil]
    seen = await link_form(hand)
    pairs = change(filled(seen.form("linkaccount"), seen.soup, typed(seen), "Submit"))
    body = "&".join(f"{name}={value}" for name, value in pairs).encode()
    action = str(seen.form("linkaccount")["action"])
    target = url(sandbox, action.removeprefix(".."))
    got = await hand.post(target, body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert "Error: The page ID does not exist." in got.text
    assert [flaw in one for one in sandbox.ledger.flaws] == [True]


async def test_old_digits_are_refused(sandbox: Sandbox, hand: Hand) -> None:
    first = await link_form(hand)
    await hand.get(first.url, referer=url(sandbox, "/cgi-bin/login.pl"))
    got = await hand.submit(first, typed(first), name="linkaccount")
    assert "Error: The page ID does not exist." in got.text


@pytest.mark.parametrize("shape", VerifyShape)
@pytest.mark.parametrize("names", VerifyNames)
async def test_what_the_verify_page_shows(sandbox: Sandbox, hand: Hand, names: VerifyNames, shape: VerifyShape) -> None:
    manners(sandbox, verify_names=names, verify_shape=shape)
    text = (await verify(hand)).text
    expected = {
        VerifyNames.OWN: (True, True, False),
        VerifyNames.OTHER_ACCOUNT: (True, False, False),
        VerifyNames.OTHER_FILER: (False, True, False),
        VerifyNames.ABSENT: (False, False, False),
        VerifyNames.FULL_NAMES: (False, False, True),
    }[names]
    assert (FILER.login in text, ACCOUNT.user_name in text, "Harper Lane" in text) == expected


@pytest.mark.parametrize("kind", Success)
async def test_what_the_court_says_in_the_end(sandbox: Sandbox, hand: Hand, kind: Success) -> None:
    manners(sandbox, success=kind)
    seen = await submit(hand)
    words = {
        Success.PAGE: "You have successfully linked your account.",
        Success.POP_UP: 'alert("Your accounts have been successfully linked.")',
        Success.EMAIL: "A confirmation has been sent",
        Success.SILENCE: "topmenu",
    }
    assert words[kind] in seen.text
    assert ("link" in seen.text.lower().split("cmecfmaincontent")[-1]) is (kind in (Success.PAGE, Success.POP_UP))


@pytest.mark.parametrize("charset", Charset)
async def test_charsets_are_declared_and_used(sandbox: Sandbox, hand: Hand, charset: Charset) -> None:
    manners(sandbox, charset=charset, verify_names=VerifyNames.FULL_NAMES, link_form=LinkForm.URLENCODED)
    sandbox.add_account(replace(ACCOUNT, person="Zoë Núñez"))
    seen = await verify(hand)
    codec = "utf-8" if charset is Charset.UTF_8 else "cp1252"
    assert "Zoë Núñez" in seen.body.decode(codec)
    assert ("windows-1252" in seen.headers["Content-Type"]) is (charset is Charset.CP1252_HEADER)
    assert ("charset=windows-1252" in seen.text) is (charset is Charset.CP1252_META)


async def test_a_link_may_show_late(sandbox: Sandbox, hand: Hand) -> None:
    manners(sandbox, link_delay_requests=2)
    await submit(hand)
    seen = ["Bankruptcy" in (await fresh_menu(hand)).menu for _ in range(4)]
    assert seen == [False, False, True, True]


async def test_a_link_may_show_after_seconds(sandbox: Sandbox, hand: Hand) -> None:
    manners(sandbox, link_delay_seconds=3600)
    await submit(hand)
    assert "Bankruptcy" not in (await fresh_menu(hand)).menu
    assert sandbox.court("gasb").linked == {FILER.login: ACCOUNT.user_name}


async def test_obstacles_come_as_often_as_the_profile_says(sandbox: Sandbox, hand: Hand) -> None:
    manners(sandbox, spurious_redirects=1, no_privileges=1, interstitials=1)
    assert "location.assign" in (await menu(hand)).text
    assert "no access privileges" in (await fresh_menu(hand)).text
    seen = await fresh_menu(hand)
    assert seen.menu
    target = seen.link("^Utilities")
    assert (await hand.get(target)).form("referrer_form")
    assert (await hand.get(target)).menu


async def test_the_interstitial_looks_at_the_referer(sandbox: Sandbox, hand: Hand) -> None:
    target = (await menu(hand)).link("^Utilities")
    for foreign in ("", "https://elsewhere.example/", "https://ecf.gasb.uscourts.gov.example/"):
        assert (await hand.get(target, referer=foreign)).form("referrer_form")
    for own in (ENTRY, "https://external"):
        assert (await hand.get(target, referer=own)).menu


async def test_the_courts_own_redaction_page(sandbox: Sandbox, hand: Hand) -> None:
    manners(sandbox, redaction_page=True)
    seen = await menu(hand)
    assert "Redaction Agreement" in seen.text
    unticked = await hand.submit(seen, {}, "Continue")
    assert "Redaction Agreement" in unticked.text
    ticked = await hand.submit(unticked, {"redaction": "on"}, "Continue")
    assert "Redaction Agreement" not in ticked.text
    assert ticked.link("^Utilities")
    assert sandbox.ledger.flaws == ("redaction did not come back as it was",)


@pytest.mark.parametrize("trouble", [one for one in FilerTrouble if one is not FilerTrouble.NONE])
@pytest.mark.parametrize("refusal", Refusal)
async def test_a_filers_trouble(sandbox: Sandbox, hand: Hand, trouble: FilerTrouble, refusal: Refusal) -> None:
    manners(sandbox, refusal=refusal)
    sandbox.add_filer("gasb", replace(FILER, trouble=trouble))
    seen = await verify(hand)
    word = {
        FilerTrouble.WRONG_PASSWORD: "Invalid CM/ECF login or password.",
        FilerTrouble.LOCKED: "locked",
        FilerTrouble.DISABLED: "disabled",
        FilerTrouble.LINKED_ELSEWHERE: "already linked to another PACER account",
        FilerTrouble.UNLINKABLE: "special characters",
    }[trouble]
    assert word in seen.text
    assert "The accounts will not be linked." in seen.text
    assert bool(seen.soup.find_all("form")) is (refusal is Refusal.FORM_AGAIN)


async def test_five_wrong_cmecf_passwords_lock_the_login(sandbox: Sandbox, hand: Hand) -> None:
    seen = await link_form(hand)
    for _ in range(5):
        seen = await hand.submit(seen, typed(seen, replace(FILER, password="wrong")), name="linkaccount")
        assert "Invalid CM/ECF login or password." in seen.text
    seen = await hand.submit(seen, typed(seen), name="linkaccount")
    assert "locked" in seen.text


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (AccountTrouble.LEGACY, "must be upgraded"),
        (AccountTrouble.SHARED, "shared PACER account"),
        (AccountTrouble.LINKED_ELSEWHERE, "already linked to another CM/ECF account"),
    ],
)
async def test_an_accounts_trouble_at_the_court(
    sandbox: Sandbox, hand: Hand, trouble: AccountTrouble, words: str
) -> None:
    sandbox.add_account(replace(ACCOUNT, trouble=trouble))
    seen = await link_form(hand)
    if trouble is AccountTrouble.LINKED_ELSEWHERE:
        seen = await hand.submit(seen, typed(seen), name="linkaccount")
    assert words in seen.text
    assert sandbox.court("gasb").linked == {}


async def test_a_filer_linked_to_somebody_else_stays_so(sandbox: Sandbox, hand: Hand) -> None:
    sandbox.court("gasb").linked[FILER.login] = "someoneelse2"
    assert "already linked to another PACER account" in (await verify(hand)).text
    assert sandbox.court("gasb").linked == {FILER.login: "someoneelse2"}


async def test_somebody_already_linked_sees_the_filer_menu_and_no_link(sandbox: Sandbox, hand: Hand) -> None:
    sandbox.court("gasb").linked[FILER.login] = ACCOUNT.user_name
    seen = await utilities(hand)
    assert seen.menu[:2] == ["Bankruptcy", "Adversary"]
    assert not [one for one in seen.soup.find_all("a") if re.search(LINK, one.get_text(), re.I)]


async def test_menus_carry_the_users_id(sandbox: Sandbox, hand: Hand) -> None:
    before = await menu(hand)
    assert before.link("^Utilities").endswith("/cgi-bin/DisplayMenu.pl?Utilities&id=-1")
    assert '/cgi-bin/menu.pl?id=-1"' in before.text
    assert "PRTYPE=web" in str(before.headers.getall("Set-Cookie"))
    sandbox.court("gasb").linked[FILER.login] = ACCOUNT.user_name
    after = await fresh_menu(hand)
    assert after.link("^Bankruptcy").endswith("/cgi-bin/DisplayMenu.pl?BankruptcyEvents&id=173055")
    assert '/cgi-bin/menu.pl?id=173055"' in after.text
    assert "PRTYPE=aty" in str(after.headers.getall("Set-Cookie"))
    assert (await menu(hand, "alnd")).link("^Utilities").endswith("/cgi-bin/DisplayMenu.pl?Utilities")


async def test_other_digits_are_refused_though_all_fields_are_right(sandbox: Sandbox, hand: Hand) -> None:
    manners(sandbox, link_form=LinkForm.URLENCODED)
    seen = await link_form(hand)
    pairs = filled(seen.form("linkaccount"), seen.soup, typed(seen), "Submit")
    body = "&".join(f"{name}={value}" for name, value in pairs).encode()
    target = url(sandbox, "/cgi-bin/linkAccounts.pl?1-L_1_0-1")
    await hand.post(target, body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert sandbox.ledger.flaws == ("sent to another address than the form's action",)


async def test_a_court_session_belongs_to_one_sign_on(sandbox: Sandbox, hand: Hand) -> None:
    inner = (await menu(hand)).link("^Utilities")
    assert (await hand.get(inner)).menu
    await sign_on(hand)
    assert "location.assign" in (await hand.get(inner)).text
