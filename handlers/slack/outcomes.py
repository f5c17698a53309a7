"""What a call to Slack came to, for a letter: refused for good, worth another try, or nobody knows.

The codes are Slack's own (slack-api-ref, `errors` of chat.postMessage, conversations.open and conversations.history).
What may have been done in part (`fatal_error` says so of itself), what a gateway answered, and every reply that was
lost or cannot be read is never taken for a refusal: the letter may stand in the chat (reliability.md 2.4).
"""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.reminders.delivery.letter import Limited, Outcome, Refused, Unsent, Unsure, Why
from handlers.slack.tokens import DEAD
from handlers.slack.trouble import slack_code

LIMITED = frozenset({"ratelimited", "rate_limited"})
GONE = frozenset({"channel_not_found", "is_archived", "is_inactive"})
"""Refusals that mean the conversation: for direct messages, perhaps only the id that was remembered."""

REMOVED = frozenset({"token_revoked", "account_inactive"})
"""The app was removed, or the workspace is no more. (`account_inactive` is about the token, not about the person.)"""

LATER = frozenset({"org_login_required", "team_added_to_org", "accesslimited", "message_limit_exceeded"})
"""The workspace is being moved, or takes nothing at the moment: nothing was done."""

LONG = 300.0
"""Seconds after which an outer trouble is worth another look."""
LONGEST = 3600.0
"""The most that a Retry-After is believed, in seconds."""

_WHO: Mapping[str, Why] = {
    **dict.fromkeys(("user_not_found", "users_not_found", "user_disabled"), Why.LEFT),
    **dict.fromkeys(
        (
            "cannot_dm_bot",
            "messages_tab_disabled",
            "restricted_action",
            "restricted_action_read_only_channel",
            "user_not_visible",
            "invalid_user_combination",
            "is_bot",
            "not_in_channel",
            "ekm_access_denied",
            "app_access_restricted",
            *GONE,
        ),
        Why.NO_DIRECT_MESSAGES,
    ),
}
_WHERE: Mapping[str, Why] = {**dict.fromkeys(GONE, Why.NO_CHANNEL), "not_in_channel": Why.NOT_IN_CHANNEL}
_UNKNOWN = frozenset({"", "unreadable", "internal_error", "fatal_error", "service_unavailable"})


def before_sending(error: BaseException, *, person: bool) -> Outcome:
    """Return what a failed call means that was to make the sending possible: the letter was certainly not sent."""
    found = after_sending(error, person=person)
    return Unsent() if isinstance(found, Unsure) else found


def after_sending(error: BaseException, *, person: bool) -> Outcome:
    """Return what became of a letter whose chat.postMessage failed; `person` when it went to direct messages."""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Unsent()  # no connection was made, so no request was sent
    if not isinstance(error, SlackApiError):
        return Unsure()
    code = slack_code(error)
    if code in LIMITED or status_of(error) == 429:
        return Limited(retry_after(error))
    if code in _UNKNOWN or status_of(error) >= 500:
        return Unsure()
    if code in REMOVED:
        return Refused(Why.NOT_INSTALLED)
    if code in DEAD or code in LATER:
        return Unsent(LONG)
    if code == "request_timeout":
        return Unsent()  # Slack says that it got the request truncated
    return Refused((_WHO if person else _WHERE).get(code, Why.REFUSED))


def status_of(error: SlackApiError) -> int:
    """Return the HTTP status of a refused call; 0 where there is none."""
    response = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    return status if isinstance(status, int) else 0


def retry_after(error: SlackApiError) -> float:
    """Return the seconds that Slack asks to wait, one at least and an hour at most; 30 where it does not say."""
    headers = getattr(error.response, "headers", None) or {}
    said = str(headers.get("Retry-After", ""))
    return min(LONGEST, max(1.0, float(said))) if said.isascii() and said.isdigit() else 30.0
