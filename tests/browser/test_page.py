"""The private page in a real browser: from the button in the chat to the link, and every way it can go wrong."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.commands.demonstration.serve import HARPER, ROWAN
from bot.words import page as words
from bot.words.form import BUTTON_LINK
from tests.browser.eyes import Eyes, Scheme
from tests.browser.page import Private
from tests.browser.road import Road

WINDOWS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]
USED, OLD, SHUT = (words.GONE[why].title for why in ("used", "expired", "too_many_codes"))


@pytest.fixture(params=WINDOWS, ids=lambda one: f"{one[0]}-{one[1]}")
async def device(
    request: pytest.FixtureRequest, chromium: Browser, pictures: Callable[[str], Path]
) -> AsyncIterator[Eyes]:
    """Where the page is opened: a window of the desktop, or a phone."""
    width, scheme = request.param
    shade: Scheme = scheme
    async with Eyes.opened(chromium, pictures, width=width, height=800, scheme=shade) as eyes:
        yield eyes


async def test_from_the_button_to_the_link_on_the_page_alone(road: Road, device: Eyes) -> None:
    """Form, wrong code, passcode and both accounts, all on the page; then nothing of it can be had again."""
    await road.speak_as(HARPER)
    page = await Private.from_form(road, device, "gasb")
    await road.eyes.keep(road.page, "00-the-link-in-the-chat")
    await page.right("01-form")
    await page.fill(road.typed(HARPER), page.wrong_code)
    await page.send(words.SEND_FORM)
    await expect(page.tab.locator("#errors")).to_contain_text("This is not the code that the chat shows")
    assert [await page.field(name).input_value() for name in ("pacer_password", "cmecf_password")] == ["", ""]
    await page.right("02-wrong-code")
    await page.fill(road.typed(HARPER))
    await page.send(words.SEND_FORM)
    await page.says(words.DONE.title)
    await page.right("03-sent")
    await page.tab.goto(page.url)
    await page.says(USED)
    await page.right("04-used")
    await road.close()
    await _answer_passcode(road, device)
    await _answer_accounts(road, device)
    await road.sees("Your accounts are linked")
    await road.eyes.keep(road.page, "12-linked")
    assert "hlane" in road.world.sandbox.court("gasb").linked
    # The browser itself writes an error for every answer of 4xx; anything else would be the page's fault.
    assert [one for one in device.heard + road.eyes.heard if "the server responded with a status of 4" not in one] == []
    assert [*device.abroad, *road.eyes.abroad] == []


async def _answer_passcode(road: Road, device: Eyes) -> None:
    await road.sees("Enter the passcode")
    page = await Private.from_question(road, device)
    await road.eyes.keep(road.page, "05-the-question-in-the-chat")
    await expect(page.tab.locator("[data-seconds]")).to_contain_text("Seconds left")
    await page.right("06-passcode")
    await page.field("code").fill(page.code)
    await page.field("passcode").fill(road.typed(HARPER)["PACER passcode"])
    await page.send(words.SEND_PASSCODE)
    await page.says(words.DONE.title)
    await page.tab.go_back()
    await page.says(USED)
    await page.right("06b-back")


async def _answer_accounts(road: Road, device: Eyes) -> None:
    await road.sees(BUTTON_LINK)
    page = await Private.from_question(road, device)
    await page.right("07-before-the-accounts")
    assert "harperlane1" not in await page.tab.content()
    await page.field("code").fill(page.wrong_code)
    await page.send(words.SHOW_ACCOUNTS)
    await expect(page.tab.locator("#errors")).to_be_visible()
    await page.right("08-wrong-code")
    await page.field("code").fill(page.code)
    await page.send(words.SHOW_ACCOUNTS)
    await expect(page.tab.locator("main")).to_contain_text("harperlane1")
    await page.right("09-both-accounts")
    await page.send(BUTTON_LINK)
    await page.says(words.DONE.title)
    await page.right("10-sent")
    await page.tab.goto(page.url)
    await page.right("11-used")


async def test_what_is_wrong_stands_beside_the_fields_and_a_link_too_old_is_not_taken(road: Road) -> None:
    await road.speak_as(ROWAN)
    page = await Private.from_form(road, road.eyes, "almb")
    await page.right("1-form-with-a-caution")
    await page.field("code").fill(page.code)
    await page.field("pacer_username").fill("legacy")
    await page.send(words.SEND_FORM)
    await expect(page.tab.locator("#pacer_username-error")).to_contain_text("legacy PACER user name")
    await expect(page.tab.locator("#errors")).to_be_focused()
    await page.right("2-errors")
    await page.fill(road.typed(ROWAN))
    road.world.clock.move_to(road.world.clock.now() + timedelta(minutes=11))
    await page.send(words.SEND_FORM)
    await page.says(OLD)
    await page.right("3-expired")
    assert road.world.app.parts.desk.running == 0


@pytest.mark.parametrize(("here", "said"), [("America/New_York", True), ("America/Chicago", False)])
async def test_somebody_in_another_zone_reads_the_moment_by_their_own_clock(
    road: Road, chromium: Browser, pictures: Callable[[str], Path], here: str, said: bool
) -> None:
    """The Middle District of Alabama keeps Central Time."""
    await road.speak_as(ROWAN)
    async with Eyes.opened(chromium, pictures, timezone_id=here) as away:
        page = await Private.from_form(road, away, "almb")
        await expect(page.tab.locator("main")).to_contain_text("Central Time")
        yours = page.tab.get_by_text(re.compile(r"By this computer's clock that is \w+day\b.*E[DS]T\."))
        await expect(yours).to_have_count(int(said))
        await page.right("clock")


async def test_a_press_twice_starts_once(road: Road) -> None:
    """A double click in one tab, and the same link sent from two tabs at once."""
    await road.speak_as(ROWAN)
    page = await Private.from_form(road, road.eyes, "almb")
    other = Private(page.eyes, await road.eyes.context.new_page(), page.url, page.code)
    await other.tab.goto(page.url)
    for one in (page, other):
        await one.fill(road.typed(ROWAN))
    await asyncio.gather(page.tab.get_by_role("button", name=words.SEND_FORM).dblclick(), other.send(words.SEND_FORM))
    for one in (page, other):
        await one.tab.wait_for_function("document.querySelector('form') === null")
    titles = {await one.tab.locator("h1").inner_text() for one in (page, other)}
    assert titles <= {words.DONE.title, USED}
    assert words.DONE.title in titles
    await road.close()
    await road.sees(BUTTON_LINK)
    await expect(road.page.locator(".message")).to_have_count(1)


async def test_five_wrong_codes_close_the_page(road: Road) -> None:
    await road.speak_as(ROWAN)
    page = await Private.from_form(road, road.eyes, "almb")
    for _ in range(5):
        await page.fill(road.typed(ROWAN), page.wrong_code)
        await page.send(words.SEND_FORM)
        await page.tab.wait_for_load_state()
    await page.says(SHUT)
    await page.right("closed")


async def test_masked_fields_can_be_shown_and_are_reached_by_keyboard(road: Road) -> None:
    await road.speak_as(ROWAN)
    page = await Private.from_form(road, road.eyes, "almb")
    await page.field("pacer_password").focus()
    await page.tab.keyboard.type("secret words")
    await expect(page.field("pacer_password")).to_have_attribute("type", "password")
    await page.tab.keyboard.press("Tab")
    await page.tab.keyboard.press("Enter")
    await expect(page.field("pacer_password")).to_have_attribute("type", "text")
    await expect(page.field("pacer_password")).to_have_value("secret words")
    await page.right("shown")


async def test_the_page_works_without_javascript(
    road: Road, chromium: Browser, pictures: Callable[[str], Path]
) -> None:
    await road.speak_as(ROWAN)
    async with Eyes.opened(chromium, pictures, java_script_enabled=False) as plain:
        page = await Private.from_form(road, plain, "almb")
        await page.fill(road.typed(ROWAN), page.wrong_code)
        await page.send(words.SEND_FORM)
        await expect(page.tab.locator("#errors")).to_be_visible()
        await plain.keep(page.tab, "wrong-code", whole=True)
        await page.fill(road.typed(ROWAN))
        await page.send(words.SEND_FORM)
        await page.says(words.DONE.title)
    await road.close()
    await road.sees(BUTTON_LINK)
