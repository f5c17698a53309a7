"""What a reviewer does with a page: looks, keeps a picture, has axe-core search it for what shuts people out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request

Scheme = Literal["light", "dark"]
WAIT = 20_000
"""Milliseconds after which something that does not appear is a failure."""


@dataclass
class Eyes:
    """One browser context: a profile without history. `heard` are the errors of its console, `asked` its requests."""

    browser: Browser
    context: BrowserContext
    pictures: Callable[[str], Path]
    heard: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        browser: Browser,
        pictures: Callable[[str], Path],
        *,
        width: int = 1280,
        height: int = 900,
        scheme: Scheme = "light",
        **more: Any,
    ) -> AsyncIterator[Eyes]:
        """Open a context with a window of this size."""
        # The certificate of the bot's page was made for this run; tests/web and tests/pages check it like any other.
        context = await browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, ignore_https_errors=True, **more
        )
        context.set_default_timeout(WAIT)
        eyes = cls(browser, context, pictures)
        context.on("console", eyes._console)
        context.on("request", eyes._request)
        try:
            yield eyes
        finally:
            await context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(message.text)

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)

    async def keep(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Write the picture of this state; `whole` for more than the window shows."""
        await page.screenshot(path=self.pictures(name), full_page=whole, animations="disabled")

    async def audit(self, page: Page) -> Sequence[str]:
        """Return what axe-core finds wrong, one line for each element; nothing is as it should be."""
        found = await Axe().run(page)
        return [
            f"{rule['id']} ({rule['impact']}): {node['html'][:120]} {node.get('failureSummary', '')}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]

    async def sideways(self, page: Page) -> int:
        """Return by how many pixels a page is wider than its window: 0 for one that nobody scrolls sideways."""
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return max(0, int(await page.evaluate(wider)))

    @property
    def abroad(self) -> Sequence[str]:
        """The requests that went to another place than this machine."""
        return [url for url in self.asked if not url.startswith(("http://127.0.0.1:", "https://localhost:", "data:"))]
