"""The steps of a link at one court, taken by hand: each returns what was seen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from html import unescape
from typing import Any

from bot.sandbox import PretendAccount, PretendFiler, Sandbox
from tests.sandbox.conftest import ACCOUNT, FILER
from tests.sandbox.hand import SIGN_ON, Hand, Seen

LINK = "link.*cm/ecf.*pacer"


def manners(sandbox: Sandbox, court_id: str = "gasb", **changes: Any) -> None:
    """Change a court's profile."""
    court = sandbox.court(court_id)
    court.profile = replace(court.profile, **changes)


def sign_on_manners(sandbox: Sandbox, **changes: Any) -> None:
    """Change the sign-on's profile."""
    sandbox.sign_on = replace(sandbox.sign_on, **changes)


def url(sandbox: Sandbox, path: str, court_id: str = "gasb") -> str:
    """Return an address of a court under its real name."""
    return f"https://{sandbox.court(court_id).court.host}{path}"


async def sign_on(hand: Hand, account: PretendAccount = ACCOUNT, **more: str) -> Seen:
    """Sign on by the API."""
    return await hand.api({"loginId": account.user_name, "password": account.password, **more})


async def menu(hand: Hand, court_id: str = "gasb") -> Seen:
    """Sign on and open the court's menu."""
    await sign_on(hand)
    return await hand.get(url(hand.sandbox, "/cgi-bin/login.pl", court_id))


async def utilities(hand: Hand, court_id: str = "gasb") -> Seen:
    """Go on to Utilities."""
    return await hand.get((await menu(hand, court_id)).link("^Utilities"))


async def link_form(hand: Hand, court_id: str = "gasb") -> Seen:
    """Go on to the link form."""
    return await hand.get((await utilities(hand, court_id)).link(LINK))


def typed(seen: Seen, filer: PretendFiler = FILER) -> dict[str, str]:
    """Return the link form's two fields, found as a person finds them: the password box, and the box with a label."""
    boxes = seen.form("linkaccount")
    password = boxes.find("input", type="password")
    login = boxes.find("input", id="f1")
    assert password is not None
    assert login is not None
    return {str(login["name"]): filer.login, str(password["name"]): filer.password}


async def verify(hand: Hand, court_id: str = "gasb", filer: PretendFiler = FILER) -> Seen:
    """Send the link form and return what came: the verify page, or a refusal."""
    seen = await link_form(hand, court_id)
    return await hand.submit(seen, typed(seen, filer), name="linkaccount")


async def submit(hand: Hand, court_id: str = "gasb") -> Seen:
    """Send the final Submit."""
    return await hand.submit(await verify(hand, court_id), {})


async def fresh_menu(hand: Hand, court_id: str = "gasb") -> Seen:
    """Read the menu again, as F5 does."""
    return await hand.get(url(hand.sandbox, "/cgi-bin/login.pl", court_id))


async def sign_on_page(hand: Hand, court_id: str = "gasb") -> Seen:
    """Open the sign-on page by the court's own redirect."""
    seen = await hand.get(url(hand.sandbox, "/cgi-bin/login.pl", court_id))
    found = re.search(r'location\.assign\("(https://pacer[^"]+)"\)', seen.text)
    assert found, seen.text
    assert found[1].startswith(SIGN_ON)
    return await hand.get(unescape(found[1]))


def password_fields(account: PretendAccount = ACCOUNT) -> dict[str, str]:
    """Return the fields of the first post of the sign-on page."""
    return {
        "loginForm:loginName": account.user_name,
        "loginForm:password": account.password,
        "loginForm:clientCode": "",
        "loginForm:courtId_input": "",
        "loginForm:courtId_focus": "",
        "loginForm:fbtnLogin": "loginForm:fbtnLogin",
    }


async def password_post(hand: Hand, account: PretendAccount = ACCOUNT) -> Seen:
    """Open the sign-on page and send the password."""
    return await hand.ajax(await sign_on_page(hand), "loginForm:fbtnLogin", password_fields(account))


async def unanswered(asking: Coroutine[Any, Any, object], arrived: Callable[[], bool]) -> None:
    """Wait until the sandbox has what was asked, see that no answer comes, and give up asking."""
    task = asyncio.create_task(asking)
    async with asyncio.timeout(10):
        while not arrived():
            await asyncio.wait({task}, timeout=0.01)
    done, _ = await asyncio.wait({task}, timeout=0.2)
    assert not done
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
