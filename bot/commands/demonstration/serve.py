"""`link-ecf demo --serve`: the same pretend world, kept up, with a page on which everything can be clicked by hand."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import click

from bot import logs
from bot.commands.demonstration.golive_scene import ADMIN, ADMIN_NAME
from bot.commands.demonstration.pretend import World, pretended
from bot.sandbox.clickable import ClickPage, Tip
from bot.sandbox.scenes import Scene, go_live_gasb, guide_almb, guide_gasb, wrong_cmecf_password

HARPER, ROWAN, QUINN, JORDAN = "U0HARPER", "U0ROWAN", "U0QUINN", "U0JORDAN"
NAMES = {
    HARPER: "Harper Lane",
    ROWAN: "Rowan Field",
    QUINN: "Quinn Marlow",
    JORDAN: "Jordan Pike",
    ADMIN: ADMIN_NAME,
}
"""The people, in the order in which the page lists them."""


def serve() -> int:
    """Keep the demonstration up until Ctrl-C; returns the exit code."""
    logs.set_up("error")
    return asyncio.run(_serve(click.echo))


async def _serve(say: Callable[[str], None]) -> int:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl-C then ends the process at once
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with served() as (_, page, tips):
        say("The bot runs. PACER, the courts gasb and almb, and Slack are pretend ones on this machine.\n")
        say(f"Open {page.url} in a browser, choose a person, and try:\n")
        for line in _lines(tips):
            say(line)
        say("\nPasswords can also be typed on the bot's own page: the form leads there. Its certificate was made for")
        say("this demonstration, so the browser warns of it; go on all the same.")
        say("\nCtrl-C ends it; nothing is kept.")
        await stop.wait()
        say("Ending.")
    return 0


@asynccontextmanager
async def served() -> AsyncIterator[tuple[World, ClickPage, Sequence[Tip]]]:
    """Set the scenes, and keep world and page up while this is entered."""
    async with pretended(private_page=True) as world:
        tips = _set_scenes(world)
        async with ClickPage(world.slack, tips) as page:
            yield world, page, tips


def _set_scenes(world: World) -> Sequence[Tip]:
    """Let the people in and their accounts be there; return what each may try."""
    sandbox, slack = world.sandbox, world.slack
    for user in ("U0ANNA", "U0BEN"):
        slack.leave(user)  # they belong to the tests, and have no accounts here
    # The guide with the sign-on page comes last: PACER's sign-on for programs stays down for everybody.
    almb, wrong, golive, gasb = (make(sandbox) for make in (guide_almb, wrong_cmecf_password, go_live_gasb, guide_gasb))
    for user, name in NAMES.items():
        slack.join(user, name)
    return (
        Tip(HARPER, "Guide GASB, with a passcode and the redaction notice.", _typed(gasb)),
        Tip(ROWAN, "Guide ALMB: this court has published a caution, which is ticked first.", _typed(almb)),
        Tip(QUINN, "A failure: the CM/ECF password is wrong, and the court refuses it.", _typed(wrong)),
        Tip(
            JORDAN,
            "An attorney who is reminded: watch a court, then link there.",
            (("Also", "/link-ecf watch gasb"), ("Also", "/link-ecf remind"), *_typed(golive)),
        ),
        Tip(
            ADMIN,
            "Keeps the firm's dates, and writes to its people.",
            (
                ("Type", "/ecf-golive set gasb"),
                ("Also", "/ecf-golive list"),
                ("Also", "/ecf-golive broadcast"),
                ("Also", "/ecf-golive help"),
            ),
        ),
    )


def _typed(scene: Scene) -> Sequence[tuple[str, str]]:
    passcode = (("PACER passcode", scene.passcode),) if scene.passcode else ()
    return (
        ("Type", f"/link-ecf {scene.court_id}"),
        ("PACER user name", scene.pacer_username),
        ("PACER password", scene.pacer_password),
        *passcode,
        ("CM/ECF login", scene.cmecf_login),
        ("CM/ECF password", scene.cmecf_password),
    )


def _lines(tips: Sequence[Tip]) -> Sequence[str]:
    lines: list[str] = []
    for tip in tips:
        lines.append(f"  {NAMES[tip.user]}: {tip.about}")
        lines += [f"    {label + ':':<17} {text}" for label, text in tip.typed]
    return lines
