"""The whole road in a real browser: command, form, passcode, accounts, success; the list of courts; a go-live date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from bot.commands.demonstration.golive_scene import ADMIN
from bot.commands.demonstration.serve import HARPER, JORDAN, QUINN
from bot.words.form import BUTTON_LINK, BUTTON_PASSCODE
from tests.browser.road import Road


async def test_linking_from_the_command_to_the_link(road: Road) -> None:
    eyes, page = road.eyes, road.page
    await road.speak_as(HARPER)
    await eyes.keep(page, "1-empty")
    assert await eyes.audit(page) == []
    await road.type("/link-ecf gasb")
    await expect(road.modal).to_be_visible()
    await eyes.keep(page, "2-form")
    assert await eyes.audit(page) == []
    await road.link_form(HARPER)
    await eyes.keep(page, "3-filled-in")
    await road.send()
    await road.sees("Enter the passcode")
    await eyes.keep(page, "4-passcode-wanted")
    await road.press(BUTTON_PASSCODE)
    await expect(road.modal).to_contain_text("authenticator app")
    await road.fill({"PACER passcode": road.typed(HARPER)["PACER passcode"]})
    await eyes.keep(page, "5-passcode")
    await road.send()
    await road.sees(BUTTON_LINK)
    await eyes.keep(page, "6-both-accounts")
    assert await eyes.audit(page) == []
    await road.press(BUTTON_LINK)
    await road.sees("Your accounts are linked")
    await eyes.keep(page, "7-linked")
    assert await eyes.audit(page) == []
    assert "hlane" in road.world.sandbox.court("gasb").linked
    assert (eyes.heard, eyes.abroad) == ([], [])


async def test_what_is_wrong_stands_beside_the_field(road: Road) -> None:
    await road.speak_as(QUINN)
    await road.type("/link-ecf gasb")
    await expect(road.modal).to_be_visible()
    await road.send()
    await expect(road.modal.get_by_text("Please complete this required field.").first).to_be_visible()
    await road.link_form(QUINN)
    await road.fill({"PACER user name": "legacy"})
    await road.send()
    await expect(road.modal.get_by_text("This looks like a legacy PACER user name")).to_be_visible()
    await expect(road.modal.get_by_label("PACER user name", exact=True)).to_be_focused()
    await expect(road.modal.get_by_label("CM/ECF login", exact=True)).to_have_value("qmarlow")
    await road.eyes.keep(road.page, "errors")
    assert await road.eyes.audit(road.page) == []


async def test_the_court_is_found_by_typing_and_the_form_changes(road: Road) -> None:
    """The choice of a court with a caution brings the caution and its box; what was typed before stays."""
    await road.speak_as(QUINN)
    await road.type("/link-ecf")
    await expect(road.modal).to_be_visible()
    await road.fill({"PACER user name": "quinnmarlow3"})
    court = road.modal.get_by_role("combobox", name="Court")
    await court.press_sequentially("alabama middle")
    await expect(road.modal.get_by_role("option").nth(1)).to_contain_text("almb")
    await road.eyes.keep(road.page, "choices")
    await court.press("ArrowDown")
    await court.press("ArrowDown")
    await court.press("Enter")
    await expect(road.modal).to_contain_text("I have read what this court says")
    await expect(road.modal.get_by_label("PACER user name", exact=True)).to_have_value("quinnmarlow3")
    await road.eyes.keep(road.page, "caution")


async def test_a_refusal_of_the_court_is_told(road: Road) -> None:
    await road.speak_as(QUINN)
    await road.type("/link-ecf almb")
    await expect(road.modal).to_contain_text("I have read what this court says")
    await road.link_form(QUINN)
    await road.send()
    await road.sees("The court did not accept the CM/ECF login")
    await road.eyes.keep(road.page, "refused")
    assert await road.eyes.audit(road.page) == []


async def test_the_list_of_courts_is_kept(road: Road) -> None:
    await road.speak_as(JORDAN)
    await road.type("/link-ecf watch")
    await expect(road.modal).to_be_visible()
    await road.eyes.keep(road.page, "1-form")
    assert await road.eyes.audit(road.page) == []
    courts = road.modal.get_by_role("combobox").first
    await courts.press_sequentially("gasb")
    await road.modal.get_by_role("option").first.click()
    await road.eyes.keep(road.page, "2-chosen")
    await road.send()
    await expect(road.modal).to_contain_text("You watch 1 court: Bankr. S.D. Georgia")
    await road.eyes.keep(road.page, "3-saved")
    await road.close()
    await road.type("/link-ecf remind")
    await road.sees("Georgia")
    await road.eyes.keep(road.page, "4-remind")


async def test_an_admin_keeps_a_date(road: Road) -> None:
    await road.speak_as(ADMIN)
    await road.type("/ecf-golive set gasb")
    await expect(road.modal).to_be_visible()
    await road.eyes.keep(road.page, "1-form")
    assert await road.eyes.audit(road.page) == []
    day = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
    await road.fill({"Day (optional)": day})
    await road.eyes.keep(road.page, "2-filled-in")
    await road.send()
    await expect(road.modal).to_contain_text("The date is kept")
    await road.eyes.keep(road.page, "3-kept")
