"""What a call to Slack came to, for a letter: refused for good, worth another try, or nobody knows.

The codes are Slack's own (slack-api-ref, `errors` of chat.postMessage, conversations.open and conversations.history).
What may have been done in part (`fatal_error` says so of itself), what a gateway answered, and every reply that was
lost or cannot be read is never taken for a refusal: the letter may stand in the chat (reliability.md 2.4).
"""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.reminders.delivery.letter import Barred, Limited, Outcome, Refused, Unsent, Unsure, Why
from handlers.slack.trouble import slack_code

LIMITED = frozenset({"ratelimited", "rate_limited"})
GONE = frozenset({"channel_not_found", "is_archived", "is_inactive"})
"""Refusals that mean the conversation: for direct messages, perhaps only the id that was remembered."""

LATER = frozenset({"org_login_required", "team_added_to_org", "accesslimited", "message_limit_exceeded"})
"""The workspace is being moved, or takes nothing at the moment: nothing was done."""

LONG = 300.0
"""Seconds after which an outer trouble is worth another look."""
LONGEST = 3600.0
"""The most that a Retry-After is believed, in seconds."""

_WHO: Mapping[str, Why] = {
    **dict.fromkeys(("user_not_found", "users_not_found", "user_disabled"), Why.LEFT),
    **dict.fromkeys(
        ("cannot_dm_bot", "user_not_visible", "invalid_user_combination", "is_bot", *GONE),
        Why.NO_DIRECT_MESSAGES,
    ),
}
"""What is about the person alone. Everything else that is not about the message is about the app or the workspace."""

_WHERE: Mapping[str, Why] = {
    **dict.fromkeys(GONE, Why.NO_CHANNEL),
    **dict.fromkeys(("not_in_channel", "restricted_action_read_only_channel"), Why.NOT_IN_CHANNEL),
}
_MESSAGE = frozenset(
    {
        *("invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_arg_name", "invalid_array_arg"),
        *("invalid_attachments", "too_many_attachments", "msg_too_long", "no_text", "msg_blocks_too_long"),
        *("metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema", "metadata_must_be_sent_from_app"),
        *("markdown_text_conflict", "duplicate_message_not_found", "attachment_payload_limit_exceeded"),
        *("slack_connect_file_link_sharing_blocked", "as_user_not_supported", "cannot_reply_to_message"),
        *("duplicate_channel_not_found", "slack_connect_canvas_sharing_blocked", "slack_connect_blocked_file_type"),
        *("invalid_charset", "invalid_form_data", "invalid_post_type", "missing_post_type", "invalid_json"),
        *("json_not_object", "too_many_contact_cards", "cannot_post_message", "invalid_users", "too_many_users"),
    }
)
"""Refusals of the message as it is: it would be refused tomorrow too."""
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
    if code in LATER:
        return Unsent(LONG)
    if code == "request_timeout":
        return Unsent()  # Slack says that it got the request truncated
    if (why := (_WHO if person else _WHERE).get(code)) is not None:
        return Refused(why)
    if code in _MESSAGE or (not person and code in _WHO):
        return Refused(Why.REFUSED)
    # Whatever else it is, a code of next year among them: nobody is marked as gone for what may be the app's own.
    return Barred(code, LONG)


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
