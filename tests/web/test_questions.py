"""The two questions of an attempt on the page, and the pages that say why there is none."""

from __future__ import annotations

import re

import pytest

from bot.errors import StoreBusy
from bot.linker.values import Comparison, ConfirmAnswer, ConfirmQuestion, PasscodeAnswer
from bot.secret import Secret
from bot.service import Answered
from bot.service.pages import GoneReason, QuestionPage
from bot.words import form as form_words
from bot.words import page as words
from bot.words.progress import NOT_HERE
from tests.web.browser import FILLED, Browser, plain
from tests.web.pages import CODE, FORM, GASB, PASSCODE, UNTIL, PagesInMemory, accounts


class TestQuestions:
    """The passcode, and the two accounts."""

    async def test_a_passcode_is_passed_on_as_typed(self, browser: Browser) -> None:
        taken = await browser.send(browser.pages.add(PASSCODE), {"code": CODE, "passcode": "654321"})
        assert taken.status == 303
        assert browser.pages.answers == [PasscodeAnswer(Secret("654321"))]

    @pytest.mark.parametrize("passcode", ["", "x" * 30, "12"])
    async def test_a_passcode_of_a_wrong_shape_can_be_typed_again(self, browser: Browser, passcode: str) -> None:
        token = browser.pages.add(PASSCODE)
        shown = await browser.send(token, {"code": CODE, "passcode": passcode})
        assert shown.status == 422
        assert "passcode-error" in shown.named("passcode")["aria-describedby"]
        assert not browser.pages.answers
        assert (await browser.send(token, {"code": CODE, "passcode": "654321"})).status == 303

    @pytest.mark.parametrize(
        ("comparison", "buttons"),
        [(Comparison.AGREE, ["link", "stop"]), (Comparison.UNCLEAR, ["stop", "link"]), (Comparison.DIFFER, ["stop"])],
    )
    async def test_the_buttons_follow_how_the_names_compare(
        self, browser: Browser, comparison: Comparison, buttons: list[str]
    ) -> None:
        shown = await browser.send(browser.pages.add(accounts(comparison)), {"code": CODE})
        assert shown.status == 200
        submits = [of for tag, of in shown.elements if tag == "button"]
        assert [of["value"] for of in submits] == buttons
        assert [of["class"] for of in submits] == ["go", "other"][: len(buttons)]
        assert ("autofocus" in submits[0]) is (comparison is Comparison.DIFFER)
        assert shown.named("code")["type"] == "hidden"
        assert form_words.BUTTON_STOP in plain(shown)

    async def test_names_are_shown_to_nobody_without_the_code(self, browser: Browser) -> None:
        token = browser.pages.add(accounts(Comparison.AGREE))
        for shown in (await browser.get(f"/p/{token}"), await browser.send(token, {"code": "000000"})):
            assert words.KNOCK in plain(shown)
            assert "attorney" not in shown.text
            assert form_words.BUTTON_LINK not in plain(shown)
        assert browser.pages.links[token].wrong == 1
        shown = await browser.send(token, {"code": CODE})
        assert [name in plain(shown) for name in ("annattorney", "aattorney")] == [True, True]
        assert (await browser.send(token, {"code": "000000", "answer": "link"})).status == 422
        assert not browser.pages.answers

    @pytest.mark.parametrize(("answer", "link"), [("link", True), ("stop", False)])
    async def test_the_press_is_the_answer(self, browser: Browser, answer: str, link: bool) -> None:
        token = browser.pages.add(accounts(Comparison.AGREE))
        assert (await browser.send(token, {"code": CODE, "answer": answer})).status == 303
        assert browser.pages.answers == [ConfirmAnswer(link)]

    @pytest.mark.parametrize(
        ("comparison", "answer"),
        [(Comparison.AGREE, ""), (Comparison.UNCLEAR, "yes"), (Comparison.DIFFER, "link")],
    )
    async def test_a_button_that_is_not_there_chooses_nothing(
        self, browser: Browser, comparison: Comparison, answer: str
    ) -> None:
        token = browser.pages.add(accounts(comparison))
        shown = await browser.send(token, {"code": CODE, "answer": answer})
        assert shown.status == 422
        assert "send_answer" not in browser.pages.calls
        assert form_words.BUTTON_STOP in plain(shown)

    async def test_an_account_that_could_not_be_read_is_said_to_be(self, browser: Browser) -> None:
        shown = await browser.send(browser.pages.add(accounts(Comparison.UNCLEAR, "", "")), {"code": CODE})
        assert plain(shown).count(form_words.NOT_READABLE) == 2

    @pytest.mark.parametrize("comparison", [Comparison.AGREE, Comparison.UNCLEAR])
    async def test_accounts_that_cannot_be_shown_here_cannot_be_linked_from_here(
        self, browser: Browser, comparison: Comparison
    ) -> None:
        """Another replica runs the attempt, and what it knows could not be opened (promise 3)."""
        token = browser.pages.add(QuestionPage(GASB, ConfirmQuestion("", "", comparison, here=False), UNTIL))
        for typed in ({"code": CODE}, {"code": CODE, "answer": "link"}):
            shown = await browser.send(token, typed)
            assert [of["value"] for tag, of in shown.elements if tag == "button"] == ["stop"]
            assert NOT_HERE in plain(shown)
            assert form_words.NOT_READABLE not in plain(shown)
        assert not browser.pages.answers
        assert (await browser.send(token, {"code": CODE, "answer": "stop"})).status == 303
        assert browser.pages.answers == [ConfirmAnswer(False)]

    @pytest.mark.parametrize(
        ("outcome", "status"),
        [
            (Answered.ALREADY_ANSWERED, 409),
            (Answered.TOO_LATE, 410),
            (Answered.NOT_YOURS, 410),
            (Answered.UNREACHABLE, 503),
        ],
    )
    async def test_an_answer_that_was_not_taken_is_said(self, browser: Browser, outcome: Answered, status: int) -> None:
        token = browser.pages.add(accounts(Comparison.AGREE), answer=outcome)
        shown = await browser.send(token, {"code": CODE, "answer": "stop"})
        assert shown.status == status
        assert len(plain(shown)) > 100


NOWHERE = (
    "/p",
    "/p/",
    "/p/x",
    "/p/" + "a" * 44,
    "/p/" + "%0a" * 43,
    "/p/x/done",
    "/p/x/y/z",
    "/p/static/page.css",
    "/p/static/..%2fheaders.py",
)


class TestGone:
    """Every reason has a page of its own, the same for everybody."""

    @pytest.mark.parametrize("reason", GoneReason)
    async def test_says_why(self, browser: Browser, reason: GoneReason) -> None:
        token = browser.pages.add(FORM, reason)
        status = {GoneReason.UNKNOWN: 404, GoneReason.UNREACHABLE: 503}.get(reason, 410)
        for shown in (await browser.get(f"/p/{token}"), await browser.send(token, {**FILLED, "csrf": "x"})):
            assert shown.status == status
            assert words.GONE[reason.value].title in plain(shown)
            assert "Set-Cookie" not in shown.headers
        assert "send_form" not in browser.pages.calls

    @pytest.mark.parametrize("path", NOWHERE)
    async def test_no_such_address_is_asked_of_nobody(self, browser: Browser, path: str) -> None:
        shown = await browser.get(path)
        assert (shown.status, words.GONE["unknown"].title in shown.text) == (404, True)
        assert browser.pages.calls == []

    @pytest.mark.parametrize(("error", "status"), [(StoreBusy(), 503), (RuntimeError("canary"), 500)])
    async def test_a_fault_of_the_bot_has_words_and_an_incident_id(
        self, browser: Browser, pages: PagesInMemory, error: Exception, status: int
    ) -> None:
        token = pages.add(FORM)
        field = (await browser.get(f"/p/{token}")).named("csrf")["value"]
        pages.fault = error
        opened, sent = await browser.get(f"/p/{token}"), await browser.send(token, {**FILLED, "csrf": field})
        assert (opened.status, sent.status) == (status, status)
        assert re.search(r"incident id: [a-z0-9]{10}", plain(opened))
        assert "was taken all the same" in plain(sent)
        assert "canary" not in opened.text + sent.text
