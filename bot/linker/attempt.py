"""`link`: one attempt from the checks that need no network to the log-out at its end."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from yarl import URL

from bot.clock import Clock
from bot.courts.policy import unlinkable_login
from bot.errors import Code, LinkEnded, ended
from bot.linker.browser import Browser, Outside, OutsideFence, TooMuch, Unreached
from bot.linker.fence import Fence
from bot.linker.reader import Reader
from bot.linker.values import Ask, IncidentId, Leave, Limits, LinkRequest, Result, Step, Tell, Told
from bot.linker.visit import Visit
from bot.linker.walk import Walk

_LEGACY_LENGTH = 6
_LOG_OUT_SECONDS = 8.0
_USUAL = Limits()


async def link(
    request: LinkRequest,
    ask: Ask,
    tell: Tell,
    *,
    outside: Outside,
    leave: Leave,
    clock: Clock,
    incident: IncidentId,
    limits: Limits = _USUAL,
) -> Result:
    """Link one filer account to one PACER account at one court, and say how it ended.

    `ask` returns the person's answer or None; `tell` is awaited before each step's request, so that what is told of the
    final Submit can be committed before it goes; `leave` is awaited before each request. Nothing that a court does
    raises. Cancelling logs out at PACER first, for a few seconds at most. Every secret of the request is spent after.
    """
    fence = Fence.around(request.court, outside.realm)
    try:
        check(request, clock)
        async with Browser(fence, outside, limits=limits, leave=leave) as browser:
            walk = Walk(request, Visit(browser, fence, Reader(limits)), ask, tell, clock, limits.proof_again_after)
            return await _walked(walk, incident)
    except LinkEnded as end:
        return Result(end.code, incident, str(end.detail))
    finally:
        for secret in (request.account.password, request.filer.password, request.passcode):
            if secret is not None:
                secret.spend()


async def _walked(walk: Walk, incident: IncidentId) -> Result:
    try:
        code, detail = await walk.through(), ""
    except LinkEnded as end:
        code, detail = end.code, str(end.detail)
    finally:
        await _log_out(walk)
    return Result(
        code=code,
        incident=incident,
        detail=detail,
        menu_before=walk.menu.labels if walk.menu else (),
        menu_after=walk.menu_after.labels if walk.menu_after else (),
        requests=walk.visit.browser.requests,
    )


def check(request: LinkRequest, clock: Clock) -> None:
    """Refuse, before any request, what cannot or must not be tried (design 5, "Pre-checks without network").

    Raises LinkEnded.
    """
    court = request.court
    if court.unlinkable is not None:
        raise ended(Code.COURT_UNSUPPORTED, court.unlinkable)
    if court.live(clock.now()) is False:
        raise ended(Code.NOT_LIVE)
    if not request.individual_account:
        raise ended(Code.INDIVIDUAL_ACCOUNT_REQUIRED)
    if not request.redaction_acknowledged:
        raise ended(Code.REDACTION_REQUIRED)
    if len(request.account.username.text.strip()) == _LEGACY_LENGTH:
        raise ended(Code.PACER_LEGACY)
    if unlinkable_login(court, request.filer.login):
        raise ended(Code.ECF_LOGIN_UNLINKABLE)


async def _log_out(walk: Walk) -> None:
    """Leave PACER in any case, cancelled or not, within a few seconds; nothing but a cancellation comes out of it."""
    sign_on = URL.build(scheme="https", host=walk.visit.fence.sign_on)
    token = walk.visit.browser.cookie(sign_on, "NextGenCSO")
    if not token:
        return
    task = asyncio.ensure_future(_leave_pacer(walk, token))
    try:
        await asyncio.wait_for(asyncio.shield(task), _LOG_OUT_SECONDS)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_LOG_OUT_SECONDS)
        raise
    except TimeoutError:
        pass
    finally:
        task.cancel()


async def _leave_pacer(walk: Walk, token: str) -> None:
    """Log out by PACER's API, by the court's own "Log Out" where that fails (protocol 1.5, 2.4)."""
    await walk.tell(Told(Step.LOG_OUT))
    browser = walk.visit.browser
    browser.allow_parting()
    url = URL.build(scheme="https", host=walk.visit.fence.sign_on, path="/services/cso-logout")
    body = json.dumps({"nextGenCSO": token}).encode()
    with suppress(Unreached, TooMuch, OutsideFence):
        reply = await browser.post(url, body, "application/json", headers={"Accept": "application/json"})
        if reply.status in (200, 204):
            return
    if walk.menu is not None and walk.menu.log_out is not None:
        with suppress(Unreached, TooMuch, OutsideFence):
            await browser.get(walk.menu.log_out, referer=str(walk.menu_url or ""))
