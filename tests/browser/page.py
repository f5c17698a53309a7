"""The private page in a browser: the way to it from the chat, what is typed there, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from bot.attempts.form import Field
from bot.words.form import BOXES, FIELDS
from bot.words.page_link import BUTTON_ANSWER_THERE, BUTTON_TYPE_THERE, BUTTON_VISIT
from tests.browser.eyes import Eyes
from tests.browser.road import Road

TYPED = (Field.PACER_USERNAME, Field.PACER_PASSWORD, Field.CMECF_LOGIN, Field.CMECF_PASSWORD)


@dataclass
class Private:
    """One link of the private page: its address, its code, and the tab that shows it."""

    eyes: Eyes
    tab: Page
    url: str
    code: str

    @classmethod
    async def from_form(cls, road: Road, eyes: Eyes, court: str) -> Private:
        """Type the command, and go from the form to the page."""
        await road.type(f"/link-ecf {court}")
        await road.modal.get_by_role("button", name=BUTTON_TYPE_THERE).click()
        return await cls._visit(road, eyes, road.modal)

    @classmethod
    async def from_question(cls, road: Road, eyes: Eyes) -> Private:
        """Press the question's button, and go to its page."""
        shown = road.page.locator(".message", has=road.page.get_by_role("link", name=BUTTON_VISIT))
        before = await shown.count()
        await road.press(BUTTON_ANSWER_THERE)
        await expect(shown).to_have_count(before + 1)
        return await cls._visit(road, eyes, shown.last)

    @classmethod
    async def _visit(cls, road: Road, eyes: Eyes, where: Locator) -> Private:
        link = where.get_by_role("link", name=BUTTON_VISIT)
        await expect(link).to_be_visible()
        code = re.search(r"\b(\d{6})\b", await where.inner_text())
        url = await link.get_attribute("href")
        assert code is not None
        assert url is not None
        if eyes is road.eyes:
            async with eyes.context.expect_page() as opened:
                await link.click()
            tab = await opened.value
        else:  # on another device, as a phone is
            tab = await eyes.context.new_page()
            await tab.goto(url)
        await tab.wait_for_load_state()
        return cls(eyes, tab, url, code[1])

    @property
    def wrong_code(self) -> str:
        """Six digits that are not the code."""
        return f"{(int(self.code) + 1) % 1_000_000:06d}"

    def field(self, field: Field | str) -> Locator:
        """The field of this name."""
        return self.tab.locator(f"#{field}")

    async def fill(self, typed: Mapping[str, str], code: str = "") -> None:
        """Fill in the form, with this code in place of the right one, and tick its boxes."""
        await self.field("code").fill(code or self.code)
        for field in TYPED:
            await self.tab.get_by_label(FIELDS[field].label, exact=True).fill(typed[FIELDS[field].label])
        for box in (Field.CAUTION, Field.INDIVIDUAL_ACCOUNT, Field.REDACTION):
            if await self.field(box).count():
                await self.tab.get_by_label(BOXES[box], exact=True).check()

    async def send(self, button: str) -> None:
        """Press the button at the end."""
        await self.tab.get_by_role("button", name=button, exact=True).click()

    async def says(self, title: str) -> None:
        """Wait for a page with this heading."""
        await expect(self.tab.get_by_role("heading", level=1)).to_have_text(title)

    async def right(self, name: str) -> None:
        """Keep the picture of this state; axe finds nothing, and nobody has to scroll sideways."""
        await self.eyes.keep(self.tab, name, whole=True)
        assert await self.eyes.audit(self.tab) == []
        assert await self.eyes.sideways(self.tab) == 0
