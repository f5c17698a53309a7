"""Who sent a Slack payload: the same person in a command, a button and a form, else no answer finds its question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.request.internals import (
    extract_enterprise_id,
    extract_is_enterprise_install,
    extract_team_id,
    extract_user_id,
)

from bot.people import Person, PersonId, Platform, WorkspaceId

_ID = re.compile(r"\w{1,64}", re.ASCII)


class NobodySpoke(Exception):
    """A payload that names no workspace or no user; it is not acted upon."""


def person_of(body: Mapping[str, Any]) -> Person:
    """Return the person behind a signed payload. Raises NobodySpoke where Slack names none, or no workspace.

    An id is a word, as Slack makes them: nothing else may name a person in the store.
    """
    try:
        workspace, user = workspace_of(body), extract_user_id(dict(body))
    except (AttributeError, LookupError, TypeError) as error:  # Bolt's reading stumbles over what is no payload
        raise NobodySpoke from error
    if not is_id(workspace) or not is_id(user):
        raise NobodySpoke
    return Person(Platform.SLACK, WorkspaceId(str(workspace)), PersonId(str(user)))


def is_id(found: object) -> bool:
    """Tell whether this can be an id of Slack's at all."""
    return isinstance(found, str) and _ID.fullmatch(found) is not None


def workspace_of(body: Mapping[str, Any]) -> WorkspaceId | None:
    """Return where the app was installed that a signed payload came to; None where Slack does not say."""
    payload = dict(body)
    whole = bool(extract_is_enterprise_install(payload))
    return installed_at(extract_enterprise_id(payload), extract_team_id(payload), whole=whole)


def installed_at(enterprise: str | None, team: str | None, *, whole: bool) -> WorkspaceId | None:
    """Return the organization, where the app is installed for the whole of it, or names no team; else the team.

    A team is known by its own id alone, whether it belongs to an organization or not: in a conversation that is shared
    with others, Slack names the enterprise of the other side (bolt-python's test_view_submission, connect_channel).
    """
    found = enterprise if whole or not team else team
    return WorkspaceId(found) if found else None
