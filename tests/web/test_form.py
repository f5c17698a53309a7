"""The page as a browser meets it: what is shown, what is taken, what is refused, in the order that is promised."""

from __future__ import annotations

import asyncio

import pytest

from bot.secret import Login, Secret
from bot.words import form as form_words
from bot.words import page as words
from tests.web.browser import FILLED, Browser, plain
from tests.web.pages import CAUTIONED, CODE, EVERY_PAGE, FORM, PASSCODE


class TestTheForm:
    """What stands on it, and in which order."""

    async def test_has_every_field_and_the_passcode_last(self, browser: Browser) -> None:
        shown = await browser.get(f"/p/{browser.pages.add(CAUTIONED)}")
        names = [of["name"] for tag, of in shown.elements if tag == "input"]
        assert names[0] == "csrf"
        assert names[1:] == [*FILLED]
        assert names[-1] == "passcode"

    async def test_asks_the_password_manager_for_two_accounts(self, browser: Browser) -> None:
        shown = await browser.get(f"/p/{browser.pages.add(FORM)}")
        assert {
            name: shown.named(name)["autocomplete"]
            for name in FILLED
            if "acknow" not in name and name != "individual_account"
        } == {
            "code": "off",
            "pacer_username": "section-pacer username",
            "pacer_password": "section-pacer current-password",
            "client_code": "off",
            "cmecf_login": "section-cmecf username",
            "cmecf_password": "section-cmecf current-password",
            "passcode": "section-pacer one-time-code",
        }

    async def test_masks_what_is_secret_and_limits_no_field(self, browser: Browser) -> None:
        shown = await browser.get(f"/p/{browser.pages.add(FORM)}")
        for name in ("pacer_password", "cmecf_password", "passcode"):
            assert shown.named(name)["type"] == "password"
            (button,) = [of for tag, of in shown.elements if of.get("data-shows") == name]
            assert button["type"] == "button"
            assert "hidden" in button  # until the script is there to make it work
        assert not [of for _, of in shown.elements if {"maxlength", "pattern", "readonly", "onpaste"} & of.keys()]

    async def test_says_the_notices_in_full_and_ticks_nothing(self, browser: Browser) -> None:
        shown = await browser.get(f"/p/{browser.pages.add(CAUTIONED)}")
        said = plain(shown)
        assert form_words.MONITORING_NOTICE in said
        assert form_words.REDACTION_NOTICE in said
        assert CAUTIONED.caution is not None
        for paragraph in form_words.caution_words(CAUTIONED.court, CAUTIONED.caution)[:2]:
            assert paragraph in said
        assert CAUTIONED.caution.source in said
        boxes = [of for tag, of in shown.elements if of.get("type") == "checkbox"]
        assert len(boxes) == 3
        assert not [of for of in boxes if "checked" in of]

    async def test_a_court_without_a_caution_asks_for_two_boxes(self, browser: Browser) -> None:
        shown = await browser.get(f"/p/{browser.pages.add(FORM)}")
        assert "caution_acknowledged" not in shown.text

    async def test_counts_the_passcodes_seconds_and_says_them_in_plain_words(self, browser: Browser) -> None:
        for page in (FORM, PASSCODE):
            shown = await browser.get(f"/p/{browser.pages.add(page)}")
            assert "every 30 seconds" in plain(shown)
            (place,) = [of for _, of in shown.elements if "data-countdown" in of]
            assert "hidden" in place
            assert [of for _, of in shown.elements if of.get("aria-live") == "polite" and "data-said" in of]


class TestEveryPage:
    """Labels, descriptions, and nothing that would not work without scripts."""

    @pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda one: type(one).__name__)
    async def test_every_field_has_a_label_and_a_description_that_exist(self, browser: Browser, page: object) -> None:
        shown = await browser.get(f"/p/{browser.pages.add(page)}")  # type: ignore[arg-type]
        assert shown.status == 200
        ids = [of["id"] for _, of in shown.elements if "id" in of]
        assert len(ids) == len(set(ids))
        labelled = {of["for"] for tag, of in shown.elements if tag == "label"}
        for tag, of in shown.elements:
            if tag == "input" and of["type"] != "hidden":
                assert of["id"] in labelled
                assert set(of["aria-describedby"].split()) <= set(ids)
        forms = [of for tag, of in shown.elements if tag == "form"]
        assert [of["method"] for of in forms] == ["post"]
        assert "action" not in forms[0]  # it goes back to its own address, which is written nowhere in the page

    @pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda one: type(one).__name__)
    async def test_nothing_is_inline_and_nothing_comes_from_elsewhere(self, browser: Browser, page: object) -> None:
        token = browser.pages.add(page)  # type: ignore[arg-type]
        shown = await browser.get(f"/p/{token}")
        assert token not in shown.text
        assert not [of for _, of in shown.elements if "style" in of or any(name.startswith("on") for name in of)]
        for tag, of in shown.elements:
            assert tag != "style"
            if tag == "script":
                assert shown.text.count("<script") == 1
                assert of["src"].startswith("/p/static/")
                assert f"'nonce-{of['nonce']}'" in shown.headers["Content-Security-Policy"]
            if tag == "a":
                assert of["rel"] == "noopener noreferrer"

    async def test_opening_changes_nothing_however_often(self, browser: Browser) -> None:
        token = browser.pages.add(FORM)
        for method in ("GET", "HEAD", "GET"):
            assert (await browser.ask(method, f"/p/{token}")).status == 200
        assert set(browser.pages.calls) == {"look"}
        assert (await browser.send(token)).status == 303


class TestSending:
    """What a POST does."""

    async def test_a_good_form_is_taken_exactly_as_typed_and_once(self, browser: Browser) -> None:
        token = browser.pages.add(CAUTIONED)
        taken = await browser.send(token)
        assert taken.status == 303
        assert taken.headers["Location"] == f"/p/{token}/done"
        (form,) = browser.pages.forms
        assert form.court is None
        assert form.pacer_username == Login("annattorney")
        assert form.pacer_password == Secret(FILLED["pacer_password"])
        assert form.cmecf_password == Secret(FILLED["cmecf_password"])
        assert form.passcode == Secret("123456")
        assert (form.individual_account, form.redaction_acknowledged, form.caution_acknowledged) == (True, True, True)

    async def test_the_page_after_it_says_where_to_go_and_forgets(self, browser: Browser) -> None:
        token = browser.pages.add(FORM)
        await browser.send(token)
        done = await browser.get(f"/p/{token}/done")
        assert done.status == 200
        assert words.DONE.paragraphs[1] in plain(done)
        assert done.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert not list(browser.session.cookie_jar)
        again = await browser.get(f"/p/{token}")
        assert (again.status, words.GONE["used"].title in again.text) == (410, True)

    async def test_done_of_a_link_that_was_not_sent_leads_back_to_it(self, browser: Browser) -> None:
        token = browser.pages.add(FORM)
        done = await browser.get(f"/p/{token}/done")
        assert (done.status, done.headers["Location"]) == (303, f"/p/{token}")

    async def test_of_many_at_once_one_is_taken(self, browser: Browser) -> None:
        token = browser.pages.add(FORM)
        field = (await browser.get(f"/p/{token}")).named("csrf")["value"]
        sent = await asyncio.gather(*(browser.send(token, {**FILLED, "csrf": field}) for _ in range(20)))
        assert sorted(one.status for one in sent) == [303] + [410] * 19
        assert len(browser.pages.forms) == 1

    async def test_flaws_stand_beside_their_fields_and_nothing_secret_comes_back(self, browser: Browser) -> None:
        token = browser.pages.add(CAUTIONED)
        shown = await browser.send(token, {**FILLED, "pacer_username": "short", "redaction_acknowledged": ""})
        assert shown.status == 422
        for name in ("pacer_username", "redaction_acknowledged"):
            assert shown.with_id(f"{name}-error")
            assert f"{name}-error" in shown.named(name)["aria-describedby"].split()
            assert shown.named(name)["aria-invalid"] == "true"
            assert f'href="#{name}"' in shown.text
        summary = shown.with_id("errors")
        assert (summary["role"], summary["tabindex"]) == ("alert", "-1")
        assert "autofocus" in summary
        assert shown.text.index('id="errors"') < shown.text.index("<form")
        assert "<title>Error: " in shown.text
        assert shown.named("pacer_username")["value"] == "short"
        assert shown.named("cmecf_login")["value"] == "aattorney"
        assert "aria-invalid" not in shown.named("cmecf_login")
        for secret in ("canary", "123456", CODE):
            assert secret not in shown.text
        assert not [of for _, of in shown.elements if "checked" in of]
        assert (await browser.send(token)).status == 303  # and the link is as good as before

    async def test_what_cannot_be_a_code_costs_no_try(self, browser: Browser) -> None:
        token = browser.pages.add(FORM)
        for code in ("", "12345", "abcdef", "1234567", "١٢٣٤٥٦"):
            shown = await browser.send(token, {**FILLED, "code": code})
            assert shown.status == 422
            assert words.CODE_SHAPE in plain(shown)
        assert browser.pages.links[token].wrong == 0
        assert (await browser.send(token, {**FILLED, "code": " 314 159 "})).status == 303

    async def test_a_wrong_code_says_how_many_are_left_and_nothing_of_the_form(self, browser: Browser) -> None:
        token = browser.pages.add(FORM)
        empty = {"code": "000000"}
        for left in (4, 3, 2, 1):
            shown = await browser.send(token, empty)
            assert shown.status == 422
            assert words.wrong_code_words(left) in plain(shown)
            assert "code-error" in shown.named("code")["aria-describedby"]
            assert "pacer_password-error" not in shown.text
        for shown in (await browser.send(token, empty), await browser.get(f"/p/{token}")):
            assert shown.status == 410
            assert words.GONE["too_many_codes"].title in shown.text
