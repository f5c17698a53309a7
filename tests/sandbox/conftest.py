"""A running sandbox with one attorney, and a hand to walk it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.courts.directory import Directory
from bot.sandbox import PretendAccount, PretendFiler, Sandbox
from tests.sandbox.hand import Hand

ACCOUNT = PretendAccount("harperlane1", "Pretend-Pacer-Pass1!", person="Harper Lane")
FILER = PretendFiler("hlane", "pretend-ecf-1", person="Harper Lane", user_id=173055)
SERVED = ("gasb", "almb", "alnd", "oknb")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    shipped = Directory.shipped()
    courts = [court for court in shipped.all if court.id in SERVED]
    async with Sandbox(courts) as running:
        running.add_account(ACCOUNT)
        for court_id in SERVED:
            running.add_filer(court_id, FILER)
        yield running


@pytest.fixture
async def hand(sandbox: Sandbox) -> AsyncIterator[Hand]:
    async with Hand(sandbox) as one:
        yield one
