"""What a person is told when the bot itself fails, and what the log gets: never a body, never an exception's message.

An exception's message may quote what it failed on, so the log holds classes, Slack's own error code and the place in
the source; the incident id ties the two together (design, promise 10).
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.linker.values import new_incident_id
from bot.words import form as form_words
from bot.words.installing import not_installed_words
from handlers.slack.blocks import Message, note
from handlers.slack.client import STALE, NotInstalled, may_answer_at
from handlers.slack.form import note_view

log = logging.getLogger(__name__)

FRAMES = 4
SLACK_FAULTS = (SlackApiError, aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""What a call to Slack can raise."""
UNREADABLE = (*SLACK_FAULTS, AttributeError, TypeError, ValueError)
"""The same, and what the SDK raises over a reply that is no JSON object, as a gateway on the way may send."""


def describe(error: BaseException) -> str:
    """Return classes, Slack's code and the last places in the source; never a message, which may quote a payload."""
    names: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(names) < FRAMES:
        names.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    code = slack_code(error)
    places = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return " < ".join(names) + (f" [{code}]" if code else "") + " at " + " > ".join(places[-FRAMES:])


def slack_code(error: BaseException) -> str:
    """Return the code that Slack gave for a refused call, such as expired_trigger_id, else nothing."""
    if not isinstance(error, SlackApiError):
        return ""
    # The SDK's own response trips over a body that is no object, so the body is looked at here.
    body = getattr(error.response, "data", error.response)
    code = body.get("error", "") if isinstance(body, Mapping) else ""
    return code if isinstance(code, str) and code.replace("_", "").isalnum() and len(code) <= 60 else "unreadable"


async def say_to(client: AsyncWebClient, channel: str, user: str, said: Message) -> None:
    """Say it to one person where they pressed a button, visible to them alone; a refusal of Slack's is logged."""
    try:
        await client.chat_postEphemeral(channel=channel, user=user, text=said.text, blocks=list(said.blocks))
    except SLACK_FAULTS as error:
        log.warning("could not answer in the channel: %s", describe(error))


async def say_at(client: AsyncWebClient, response_url: str, said: Message, *, instead: bool = False) -> bool:
    """Say it where a command was typed, by its response_url (five uses, 30 minutes); a failure is logged and False.

    `instead` puts it in the place of the message that was pressed in. Anything but the Slack that we speak to is not
    called.
    """
    if client.session is None or not may_answer_at(response_url, client.base_url):
        log.warning("a response_url that does not lead to Slack was not called")
        return False
    # What a button was pressed in stays as it is, unless asked for: the answer stands beside it.
    body = {"response_type": "ephemeral", "replace_original": instead, "text": said.text, "blocks": list(said.blocks)}
    try:
        try:
            taken = await _post(client, client.session, response_url, body)
        except STALE:  # the same words twice do no harm, and none at all would
            taken = await _post(client, client.session, response_url, body)
        return taken
    except SLACK_FAULTS as error:
        log.warning("could not answer a command: %s", describe(error))
        return False


async def _post(client: AsyncWebClient, session: aiohttp.ClientSession, url: str, body: Mapping[str, Any]) -> bool:
    async with session.post(url, json=body, proxy=client.proxy) as answer:
        if answer.status != 200:
            log.warning("Slack refused an answer to a command: status %d", answer.status)
        return answer.status == 200


def guard(app: AsyncApp, install_url: str = "") -> None:
    """Let every fault of a listener or a middleware end in words for the person, and in one line in the log.

    `install_url` is where a workspace without an installation can get one.
    """

    async def on_error(error: Exception, body: dict[str, Any], client: AsyncWebClient) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            return _unhandled(body)
        if isinstance(error, NotInstalled):
            log.warning("a request came from a workspace without an installation that can be used")
            shown = not_installed_words(install_url)
            return await _answer(body, client, shown.title, shown.paragraphs)
        incident = new_incident_id()
        log.error("incident %s: a Slack request failed: %s", incident, describe(error))
        title, paragraphs = form_words.trouble_words(incident)
        return await _answer(body, client, title, paragraphs)

    app.error(on_error)


def _unhandled(body: Mapping[str, Any]) -> BoltResponse:
    """Accept an event that nothing listens to, so that Slack does not repeat it; refuse the rest."""
    log.info("nothing listens to a request of type %s", _kind(body))
    if str(body.get("type")) in {"event_callback", "view_closed"}:
        return BoltResponse(status=200, body="")
    return BoltResponse(status=404, body="")


def _kind(body: Mapping[str, Any]) -> str:
    """The type of a payload, if it is one of those that Slack documents: what was sent is not quoted."""
    known = {
        "event_callback",
        "block_actions",
        "block_suggestion",
        "view_submission",
        "view_closed",
        "shortcut",
        "message_action",
        "interactive_message",
        "dialog_submission",
    }
    kind = body.get("type")
    return kind if isinstance(kind, str) and kind in known else "command" if "command" in body else "unknown"


async def _answer(
    body: Mapping[str, Any], client: AsyncWebClient, title: str, paragraphs: tuple[str, ...]
) -> BoltResponse:
    """Put the words where the person is: the open form, the command's answer, or the conversation of the button."""
    said = note(title, paragraphs)
    kind = body.get("type")
    if kind == "view_submission":
        return BoltResponse(status=200, body={"response_action": "update", "view": note_view(title, paragraphs)})
    if kind == "block_suggestion":
        return BoltResponse(status=200, body={"options": []})
    if "command" in body:
        answer = {"response_type": "ephemeral", "text": said.text, "blocks": list(said.blocks)}
        return BoltResponse(status=200, body=answer)
    if kind == "block_actions" and (where := place_of(body)):
        if client.token is None and (url := str(body.get("response_url", ""))):
            await say_at(client, url, said)
        else:
            await say_to(client, where[0], where[1], said)
    return BoltResponse(status=200, body="")


def place_of(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return channel and user of a pressed button, when it was pressed in a message."""
    channel, user = body.get("channel"), body.get("user")
    if isinstance(channel, Mapping) and isinstance(user, Mapping) and "id" in channel and "id" in user:
        return str(channel["id"]), str(user["id"])
    return None
