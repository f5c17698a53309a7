"""The world of the demonstration: pretend courts, a pretend PACER and Slack, and the real bot between them."""

from __future__ import annotations

import secrets
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from bot.app import Application
from bot.commands.demonstration.golive_scene import ADMIN
from bot.courts.directory import Directory
from bot.reminding import Tempo
from bot.sandbox import Sandbox
from bot.sandbox.moved_clock import MovedClock
from bot.sandbox.slack import PretendSlack
from bot.settings import read_settings

COURTS = ("gasb", "almb")
HURRY = Tempo(plan=0.5, dispatch=0.3, rescue=5.0, watchdog=0.3)
"""The ticks of the demonstration: nobody waits a minute for the next look at the clock."""


@dataclass(frozen=True)
class World:
    """What runs; `clock` is the bot's and Slack's, and can be set forward."""

    sandbox: Sandbox
    slack: PretendSlack
    app: Application
    clock: MovedClock


@asynccontextmanager
async def pretended(*, private_page: bool = False) -> AsyncIterator[World]:
    """Run it all on 127.0.0.1 while this is entered; with `private_page` the bot speaks HTTPS and has its page.

    The state folder is one of its own: nothing pretended ends up in the firm's register or audit.
    """
    directory = Directory.shipped()
    courts = [court for name in COURTS if (court := directory.by_id(name)) is not None]
    clock = MovedClock()
    with tempfile.TemporaryDirectory(prefix="link-ecf-demo-") as state:
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
                    **(_https(sandbox) if private_page else {}),
                }
            )
            async with Application(settings, clock, drain_seconds=1.0, tempo=HURRY) as app:
                slack.events_url = f"{settings.public_url or f'http://127.0.0.1:{app.port}'}/slack/events"
                slack.wire.trust = ssl.create_default_context(cafile=sandbox.ca_file)
                yield World(sandbox, slack, app, clock)


def _https(sandbox: Sandbox) -> Mapping[str, str]:
    """The settings of a bot with an address of its own, under a certificate that the sandbox has made."""
    port = _free_port()
    cert, key = sandbox.certificate("localhost")
    return {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"https://localhost:{port}",
        "LINK_ECF_TLS_CERT": str(cert),
        "LINK_ECF_TLS_KEY": str(key),
    }


def _free_port() -> int:
    """Find a port beforehand: the address of the bot stands in what it says.

    From below the range out of which systems serve those who name none, lest one of them be served this one meanwhile.
    """
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
