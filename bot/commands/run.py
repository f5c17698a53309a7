"""`link-ecf run`: the service until it is told to stop."""

from __future__ import annotations

import asyncio

import click

from bot.app import run
from bot.commands.line import settings_or_usage
from bot.errors import StoreTrouble, WrongSetting
from bot.listening import raise_limit
from handlers.slack.tokens import TokenRefused


def run_service() -> int:
    """Run the service and return the exit code; a start that cannot be is one line that names the setting.

    Raises click.UsageError for a wrong or missing setting.
    """
    settings = settings_or_usage(slack=True)
    raise_limit()
    try:
        asyncio.run(run(settings, click.echo))
    except WrongSetting as wrong:
        raise click.UsageError(str(wrong)) from None
    except TokenRefused:
        raise click.UsageError("SLACK_APP_TOKEN is refused by Slack: make a new app-level token and set it.") from None
    except StoreTrouble as trouble:
        raise click.ClickException(str(trouble)) from None
    except OSError as error:
        raise click.ClickException(
            f"HOST and PORT: cannot listen on {settings.host}:{settings.port} ({error.strerror}). Set another PORT."
        ) from None
    return 0
