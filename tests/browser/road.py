"""What people do on the clickable page of the pretend Slack, by what they see: labels, words on buttons, messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from bot.commands.demonstration.pretend import World
from bot.commands.demonstration.serve import NAMES
from bot.sandbox.clickable import ClickPage, Tip
from tests.browser.eyes import WAIT, Eyes


@dataclass
class Road:
    """The clickable page in a browser, and the world behind it."""

    eyes: Eyes
    world: World
    click: ClickPage
    page: Page
    tips: Mapping[str, Tip]

    @classmethod
    async def begin(cls, eyes: Eyes, world: World, click: ClickPage, tips: Sequence[Tip]) -> Road:
        """Open the page."""
        page = await eyes.context.new_page()
        await page.goto(click.url)
        return cls(eyes, world, click, page, {tip.user: tip for tip in tips})

    @property
    def modal(self) -> Locator:
        """The form in front."""
        return self.page.locator("#modal")

    def typed(self, user: str) -> Mapping[str, str]:
        """What this pretend person types, by the label of the field."""
        return dict(self.tips[user].typed)

    async def speak_as(self, user: str) -> None:
        """Choose the person."""
        await self.page.get_by_role("button", name=NAMES[user], exact=True).click()
        await expect(self.page.locator("#people [aria-pressed=true]")).to_have_text(NAMES[user])

    async def type(self, command: str) -> None:
        """Type a command."""
        await self.page.get_by_label("Type a slash command").fill(command)
        await self.page.get_by_role("button", name="Send", exact=True).click()

    async def sees(self, words: str) -> Locator:
        """Wait until a message with these words is there; return the newest."""
        found = self.page.locator(".message", has_text=words).last
        await expect(found).to_be_visible(timeout=WAIT)
        await found.scroll_into_view_if_needed()
        return found

    async def press(self, words: str) -> None:
        """Press the newest button of a message that says this."""
        await self.page.locator(".message").get_by_role("button", name=words, exact=True).last.click()

    async def fill(self, values: Mapping[str, str]) -> None:
        """Type into the fields of the form."""
        for label, value in values.items():
            await self.modal.get_by_label(label, exact=True).fill(value)

    async def send(self) -> None:
        """Send the form."""
        await self.modal.locator("#modal-submit").click()

    async def close(self) -> None:
        """Close what stands in front."""
        await self.modal.get_by_role("button", name="Close", exact=True).click()
        await expect(self.modal).to_be_hidden()

    async def link_form(self, user: str) -> None:
        """Fill in the form for linking as this person does, ticks and all."""
        wanted = self.typed(user)
        await self.fill(
            {
                name: wanted[name]
                for name in wanted
                if name.startswith(("PACER u", "PACER pass", "CM/ECF")) and name != "PACER passcode"
            }
        )
        for box in await self.modal.get_by_role("checkbox").all():
            await box.check()
