"""What the bot knows of each workspace that installed it: Bolt's installation store over sealed records.

slack_sdk's own stores keep tokens in clear, in columns too short for some (slack.md section 1.9). Here a record is the
whole installation as JSON, which is sealed before it is kept. There is one for the bot in each workspace, or in each
organization that took it for all its workspaces, and one for a person only where Slack gave a token of that person's,
which the bot never asks for.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation

from bot.people import WorkspaceId
from handlers.slack.people import installed_at

log = logging.getLogger(__name__)

BOT = ""
"""The user id under which the bot's own record is kept."""

_USER_FIELDS = ("user_token", "user_scopes", "user_refresh_token", "user_token_expires_at")
_BOT_FIELDS = ("bot_token", "bot_scopes", "bot_refresh_token", "bot_token_expires_at")


class InstallRecords(Protocol):
    """What the store needs of the database (bot.installs has it); "" is none. Methods may raise StoreTrouble."""

    async def save(self, enterprise: str, team: str, user: str, record: bytes, by: str) -> None:
        """Seal and keep `record`; `by` is the id of the person who installed."""
        ...

    async def find(self, enterprise: str, team: str, user: str) -> bytes | None:
        """Return the record, None when there is none, or none that can be opened."""
        ...

    async def remove(self, enterprise: str, team: str, user: str) -> bool:
        """Remove one record; False when there was none."""
        ...

    async def remove_workspace(self, enterprise: str, team: str, before: datetime | None = None) -> bool:
        """Remove every record of a workspace, unless it is newer than `before`; False when nothing was removed."""
        ...

    async def first_use(self, ticket: str, until: datetime) -> bool:
        """Tell, once for all replicas, that `ticket` was not used before; it is good until `until`."""
        ...

    def listen(self, heard: Callable[[str], None]) -> Callable[[], None]:
        """Call `heard` with the id of each workspace that came or went anywhere, "" for any; returns what ends it."""
        ...


class WillNotDo(ValueError):
    """An installation that the bot cannot live with: it has no bot token, no workspace, or a token that expires."""


class SlackInstalls(AsyncInstallationStore):
    """Bolt's installation store; `records` does the sealing. Every method may raise StoreTrouble.

    Bolt speaks of a workspace by two ids of which either may be None; here one rule (people.installed_at) says which of
    them names the record, the same by which a person is known.
    """

    def __init__(self, records: InstallRecords) -> None:
        self.records = records

    @property
    def logger(self) -> logging.Logger:
        """The logger that Bolt asks for."""
        return log

    async def async_save(self, installation: Installation) -> None:
        """Keep what was installed. Raises WillNotDo."""
        whole = bool(installation.is_enterprise_install)
        key = _key(installed_at(installation.enterprise_id, installation.team_id, whole=whole))
        if not installation.bot_token:
            raise WillNotDo("no bot token")
        if installation.bot_refresh_token or installation.bot_token_expires_at is not None:
            raise WillNotDo("rotating")
        record = installation.to_dict_for_copying()
        if installation.user_token:
            await self.records.save(*key, installation.user_id, _written(record, without=_BOT_FIELDS), _id(record))
        await self.records.save(*key, BOT, _written(record, without=_USER_FIELDS), _id(record))

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep the bot's token; what was kept of the installation besides it stays. Raises WillNotDo."""
        known = await self.async_find_installation(
            enterprise_id=bot.enterprise_id, team_id=bot.team_id, is_enterprise_install=bot.is_enterprise_install
        )
        fields = known.to_dict_for_copying() if known is not None else {"user_id": ""}
        await self.async_save(Installation(**{**fields, **vars(bot)}))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the bot of a workspace or an organization."""
        found = await self.async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return None if found is None else found.to_bot()

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Return the bot's installation in a workspace, or that of one person where there is a user id."""
        workspace = installed_at(enterprise_id, team_id, whole=bool(is_enterprise_install))
        return await self.find(workspace, user_id or BOT) if workspace else None

    async def find(self, workspace: WorkspaceId, user: str = BOT) -> Installation | None:
        """Return the installation of the workspace or organization with this id; one that cannot be read is none."""
        record = await self.records.find(*_key(workspace), user)
        return None if record is None else _read(record)

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Remove the bot's installation."""
        await self.records.remove(*_key(installed_at(enterprise_id, team_id, whole=False)), BOT)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Remove one person's installation, or without a user id the bot's."""
        await self.records.remove(*_key(installed_at(enterprise_id, team_id, whole=False)), user_id or BOT)

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Remove everything that is kept of a workspace, or of an organization where there is no team."""
        workspace = installed_at(enterprise_id, team_id, whole=False)
        if workspace:
            await self.remove(workspace)

    async def remove(self, workspace: WorkspaceId, before: datetime | None = None) -> bool:
        """Remove everything of a workspace, unless it is newer than `before`; False when nothing was removed."""
        return await self.records.remove_workspace(*_key(workspace), before)


def _key(workspace: str | None) -> tuple[str, str]:
    """Return enterprise and team as they are kept: one of them; an id of Slack's says by its first letter which.

    Raises WillNotDo for none.
    """
    if not workspace:
        raise WillNotDo("no workspace")
    return (workspace, "") if workspace.startswith("E") else ("", workspace)


def _id(record: dict[str, Any]) -> str:
    return str(record.get("user_id") or "")


def _written(record: dict[str, Any], *, without: tuple[str, ...]) -> bytes:
    kept = {name: value for name, value in record.items() if name not in without}
    return json.dumps(kept, default=datetime.isoformat, separators=(",", ":")).encode()


def _read(record: bytes) -> Installation | None:
    try:
        return Installation(**json.loads(record))
    except (ValueError, TypeError):
        log.error("an installation was opened, but cannot be read: it has to be made again")
        return None
