"""Who sent a Slack payload: the same person in a command, a button and a form, else no answer finds its question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.request.internals import (
    extract_enterprise_id,
    extract_is_enterprise_install,
    extract_team_id,
    extract_user_id,
)

from bot.people import Person, PersonId, Platform, WorkspaceId


class NobodySpoke(Exception):
    """A payload that names no workspace or no user; it is not acted upon."""


def person_of(body: Mapping[str, Any]) -> Person:
    """Return the person behind a signed payload.

    The workspace is the organization, where the app is installed for all of it.

    Raises NobodySpoke where Slack names none.
    """
    payload = dict(body)
    workspace = extract_enterprise_id(payload) if extract_is_enterprise_install(payload) else extract_team_id(payload)
    user = extract_user_id(payload)
    if not workspace or not user:
        raise NobodySpoke
    return Person(Platform.SLACK, WorkspaceId(workspace), PersonId(user))
