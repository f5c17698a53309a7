"""Which workspace of Slack a command means, and what Slack can say of its people, where there is a token for it."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import click

from bot.clock import SystemClock
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.people.profiles import Profiles
from bot.settings import Settings

_ID = re.compile(r"[TE][A-Z0-9]{2,}")
NEEDED = "say which workspace: --workspace, with its id as Slack has it, such as T012AB3CD."


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace; `profiles` is empty where this command has no token for it, and `why` says so."""

    id: WorkspaceId
    profiles: Mapping[Platform, Profiles] = field(default_factory=dict)
    why: str = ""


def terminal() -> Person:
    """Return who does something at this command line."""
    return Person(Platform.TERMINAL, WorkspaceId(socket.gethostname()), PersonId("terminal"))


def named_workspace(text: str | None) -> WorkspaceId | None:
    """Return the workspace that was given, None for none. Raises click.UsageError for what is no id."""
    if text is not None and not _ID.fullmatch(text):
        raise click.UsageError(f"that is no workspace: {NEEDED}")
    return WorkspaceId(text) if text else None


@asynccontextmanager
async def workspace_of(settings: Settings, named: WorkspaceId | None) -> AsyncIterator[Workspace]:
    """Yield the workspace `named`, or that of SLACK_BOT_TOKEN, and its people for as long as this is entered.

    Where workspaces install the bot by themselves their tokens are the running service's to use. Raises
    click.UsageError where none is named or the token is another one's.
    """
    if settings.slack_bot_token is None or settings.many_workspaces:
        if named is None:
            raise click.UsageError(NEEDED)
        yield Workspace(named, why="This command has no token of that workspace.")
        return
    from handlers.slack import OneWorkspace, hush, slack_session, web_client
    from handlers.slack.client import whose
    from handlers.slack.profiles import SlackProfiles
    from handlers.slack.trouble import SLACK_FAULTS, slack_code

    hush()
    async with slack_session() as session:
        client = web_client(settings.slack_bot_token.reveal(), session, settings.slack_api_url)
        try:
            own = await client.auth_test()
        except SLACK_FAULTS as error:
            code = slack_code(error)
            if named is None:
                raise click.UsageError(f"Slack did not say whose token this is; {NEEDED}") from None
            yield Workspace(named, why=f"Slack could not be asked{f' ({code})' if code else ''}.")
            return
        found = whose(own)
        if found is None or named not in {None, found}:
            raise click.UsageError(f"SLACK_BOT_TOKEN belongs to workspace {found}, not to that one.")
        yield Workspace(found, {Platform.SLACK: SlackProfiles(OneWorkspace(client), SystemClock())})
