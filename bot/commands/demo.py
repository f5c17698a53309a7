"""`link-ecf demo`: both guides, one failure and a go-live, played through the real Slack handlers over signed HTTP.

The bot, its handlers, its linker and its certificate checks are the real ones; PACER, the courts and Slack are the
sandbox's, on this machine. No setting of the environment is read, and nothing leaves 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence

import click

from bot import logs
from bot.app import Application
from bot.commands.golive_scene import ADMIN, GoLive
from bot.commands.stage import Part, Stage
from bot.commands.transcript import Transcript
from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.errors import Code
from bot.reminding import Tempo
from bot.sandbox import Sandbox
from bot.sandbox.moved_clock import MovedClock
from bot.sandbox.scenes import guide_almb, guide_gasb, wrong_cmecf_password
from bot.sandbox.slack import PretendSlack
from bot.settings import read_settings

HURRY = Tempo(plan=0.5, dispatch=0.3, rescue=5.0, watchdog=0.3)
"""The ticks of the demonstration: nobody waits a minute for the next look at the clock."""

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
    directory = Directory.shipped()
    courts = [court for name in ("gasb", "almb") if (court := directory.by_id(name)) is not None]
    # A state folder of its own: nothing pretended ends up in the firm's register or audit.
    with tempfile.TemporaryDirectory(prefix="link-ecf-demo-") as state:
        return await _play_in(state, courts)


async def _play_in(state: str, courts: Sequence[Court]) -> int:
    clock = MovedClock()
    async with Sandbox(courts) as sandbox, PretendSlack(unix=clock.unix) as slack:
        settings = read_settings(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "SLACK_API_URL": slack.api_url,
                "PORT": "0",
                "LINK_ECF_CONNECT_TO": sandbox.connect_to,
                "LINK_ECF_CA_FILE": str(sandbox.ca_file),
                "LINK_ECF_CONTACT": "link-ecf demo",
                "LINK_ECF_STATE_DIR": state,
                "LINK_ECF_ADMINS": ADMIN,
            }
        )
        async with Application(settings, clock, drain_seconds=1.0, tempo=HURRY) as app:
            slack.events_url = f"http://127.0.0.1:{app.port}/slack/events"
            click.echo("The bot runs. PACER, both courts and Slack are pretend ones on this machine; passwords too.")
            stage = Stage(sandbox, slack, app, Transcript(click.echo, sandbox.ledger))
            played = [await stage.play(part) for part in PARTS]
            played.append(await GoLive(stage, clock).play())
    click.echo(f"\n{'All four scenes ended as they should.' if all(played) else 'A scene did not end as it should.'}")
    return 0 if all(played) else 1
