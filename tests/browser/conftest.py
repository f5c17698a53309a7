"""A headless Chromium of the system's, which can reach 127.0.0.1 only, and the pretend world that it looks at."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from bot.commands.demonstration.serve import served
from tests.browser.eyes import Eyes
from tests.browser.road import Road
from tests.chromium import HOW_TO_GET_ONE, NO_CHROMIUM, found_chromium

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
"""No other name is ever looked up, and the browser calls nobody on its own account."""


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium with a profile of its own. Without one the test is skipped, and fails where .ci/run asked for one."""
    path = found_chromium()
    if not path:
        if os.environ.get("LINK_ECF_BROWSER") == "required":
            pytest.fail(f"{NO_CHROMIUM}: {HOW_TO_GET_ONE}.")
        pytest.skip(f"{NO_CHROMIUM}: {HOW_TO_GET_ONE}")
    # Chromium's own sandbox cannot be set up by root; anybody else keeps it.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    async with async_playwright() as player:
        browser = await player.chromium.launch(
            executable_path=path, headless=True, args=flags, chromium_sandbox=os.geteuid() != 0
        )
        try:
            yield browser
        finally:
            await browser.close()


@pytest.fixture
def pictures(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Where the screenshot of a state is written: LINK_ECF_SCREENSHOTS, else the test's own folder."""
    folder = Path(os.environ.get("LINK_ECF_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    test = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    return lambda name: folder / f"{test}--{name}.png"


@pytest.fixture
async def eyes(chromium: Browser, pictures: Callable[[str], Path]) -> AsyncIterator[Eyes]:
    """What looks at pages."""
    async with Eyes.opened(chromium, pictures) as eyes:
        yield eyes


@pytest.fixture
async def road(eyes: Eyes) -> AsyncIterator[Road]:
    """The pretend world, with its clickable page open in the browser."""
    async with served() as (world, page, tips):
        yield await Road.begin(eyes, world, page, tips)
