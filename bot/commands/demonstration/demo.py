"""`link-ecf demo`: both guides, one failure and a go-live, played through the real Slack handlers over signed HTTP.

The bot, its handlers, its linker and its certificate checks are the real ones; PACER, the courts and Slack are the
sandbox's, on this machine. No setting of the environment is read, and nothing leaves 127.0.0.1.
"""

from __future__ import annotations

import asyncio

import click

from bot import logs
from bot.commands.demonstration.golive_scene import GoLive
from bot.commands.demonstration.pretend import pretended
from bot.commands.demonstration.stage import Part, Stage
from bot.commands.demonstration.transcript import Transcript
from bot.errors import Code
from bot.sandbox.scenes import guide_almb, guide_gasb, wrong_cmecf_password

PARTS = (
    Part(
        "1. Guide GASB: United States Bankruptcy Court for the Southern District of Georgia",
        (
            "Harper Lane files elsewhere already, so PACER shows the redaction notice; PACER's sign-on for programs is "
            "down, so the bot walks the sign-on page; PACER asks for a passcode and for the court.",
        ),
        "U0HARPER",
        "Harper Lane",
        guide_gasb,
        "gasb",
        "",
        Code.LINKED,
    ),
    Part(
        "2. Guide ALMB: United States Bankruptcy Court for the Middle District of Alabama",
        (
            "Rowan Field is new to NextGen: no redaction notice, no passcode, no choice of court. The link is under "
            '"NextGen Release 1.1 Menu Items". This court has published a caution, which is shown and ticked first.',
        ),
        "U0ROWAN",
        "Rowan Field",
        guide_almb,
        "",
        "alabama middle bankruptcy",
        Code.LINKED,
    ),
    Part(
        "3. A failure: the wrong CM/ECF password",
        ("Quinn Marlow mistypes the CM/ECF password. The bot sends it once and never again.",),
        "U0QUINN",
        "Quinn Marlow",
        wrong_cmecf_password,
        "almb",
        "",
        Code.ECF_REFUSED,
    ),
)


def play() -> int:
    """Play the demo and return the exit code: 0 when every scene ended as it should."""
    logs.set_up("error")
    return asyncio.run(_play())


async def _play() -> int:
    async with pretended() as world:
        click.echo("The bot runs. PACER, both courts and Slack are pretend ones on this machine; passwords too.")
        stage = Stage(world.sandbox, world.slack, world.app, Transcript(click.echo, world.sandbox.ledger))
        played = [await stage.play(part) for part in PARTS]
        played.append(await GoLive(stage, world.clock).play())
    click.echo(f"\n{'All four scenes ended as they should.' if all(played) else 'A scene did not end as it should.'}")
    return 0 if all(played) else 1
