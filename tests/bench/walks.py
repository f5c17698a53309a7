"""The three ways to link that are compared: ours, the same with whole-page BeautifulSoup, and the limit."""

from __future__ import annotations

import json
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.clock import SystemClock
from bot.courts.court import Court
from bot.errors import Code
from bot.linker import Outside
from bot.linker.attempt import link
from bot.linker.browser import Browser
from bot.linker.fence import Fence
from bot.linker.values import (
    Account,
    Answer,
    ConfirmAnswer,
    Filer,
    Limits,
    LinkRequest,
    Question,
    Told,
    new_incident_id,
)
from bot.linker.visit import Visit
from bot.linker.walk import Walk
from bot.secret import Login, Secret
from tests.bench.soup import SoupReader

PATIENT = Limits(request_seconds=60.0)
"""Fifty links of the slowest variant at once must end, not time out."""


@dataclass(frozen=True)
class Place:
    """A pretend court as a client reaches it; `trust` is made once, as the linker makes its own once."""

    court: Court
    outside: Outside
    trust: ssl.SSLContext

    @classmethod
    def at(cls, court: Court, host: str, port: int, ca_file: str) -> Place:
        """Return the place behind an address of this machine."""
        outside = Outside(contact="it@firm.example", connect_to=(host, port), ca_file=Path(ca_file))
        return cls(court, outside, ssl.create_default_context(cafile=ca_file))


@dataclass(frozen=True, repr=False)
class Typed:
    """What one pretend attorney types."""

    username: str
    pacer_password: str
    login: str
    ecf_password: str

    def request(self, court: Court) -> LinkRequest:
        """Return it as the form would."""
        return LinkRequest(
            court=court,
            account=Account(Login(self.username), Secret(self.pacer_password)),
            filer=Filer(Login(self.login), Secret(self.ecf_password)),
            passcode=None,
            redaction_acknowledged=True,
            individual_account=True,
        )


Link = Callable[[Place, Typed], Awaitable[int]]
"""Links once and returns the number of requests; raises when the court does not say that it has linked."""


async def ours(place: Place, typed: Typed) -> int:
    """Link as the bot does, with the pace off."""
    result = await link(
        typed.request(place.court),
        _yes,
        _hear,
        outside=place.outside,
        leave=_at_once,
        clock=SystemClock(),
        incident=new_incident_id(),
        limits=PATIENT,
    )
    assert result.code is Code.LINKED, f"{result.code}: {result.detail}"
    return result.requests


async def with_soup(place: Place, typed: Typed) -> int:
    """Link by the same client and walk, whole pages read by BeautifulSoup over lxml."""
    fence = Fence.around(place.court)
    async with Browser(fence, place.outside, limits=PATIENT, leave=_at_once) as browser:
        visit = Visit(browser, fence, SoupReader(PATIENT))
        walk = Walk(typed.request(place.court), visit, _yes, _hear, SystemClock(), PATIENT.proof_again_after)
        code = await walk.through()
        assert code is Code.LINKED, code
        sign_on = URL.build(scheme="https", host=fence.sign_on)
        token = json.dumps({"nextGenCSO": browser.cookie(sign_on, "NextGenCSO")}).encode()
        await browser.post(sign_on / "services/cso-logout", token, "application/json")
        return browser.requests


async def at_the_limit(place: Place, typed: Typed) -> int:
    """Link by the straight script over aiohttp and selectolax."""
    from tests.bench.limit import limit_link  # selectolax is a dependency of the benchmark alone

    return await limit_link(place, typed, _OneAddress(place.outside.connect_to or ("127.0.0.1", 0)))


WALKS: Mapping[str, Link] = {
    "ours": ours,
    "whole-page BeautifulSoup": with_soup,
    "aiohttp + selectolax (limit)": at_the_limit,
}


class _OneAddress(AbstractResolver):
    """Leads every name to the sandbox."""

    def __init__(self, to: tuple[str, int]) -> None:
        self._host, self._port = to

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """Return the one address."""
        return [ResolveResult(hostname=host, host=self._host, port=self._port, family=family or 2, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to close."""


async def _yes(question: Question) -> Answer:
    return ConfirmAnswer(True)


async def _hear(told: Told) -> None:
    """Nobody listens."""


async def _at_once(host: str) -> None:
    """No pace."""
