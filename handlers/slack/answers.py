"""Answers that a store may keep waiting: said with the acknowledgement where they are known, else after it.

What goes wrong is said in the same place: a task that fails in silence would leave the person with nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreTrouble
from bot.linker.values import new_incident_id
from bot.words import form as form_words
from bot.words import watching as words
from handlers.slack.blocks import Message, note
from handlers.slack.client import may_answer_at
from handlers.slack.tasks import Tasks
from handlers.slack.trouble import describe, log, place_of, say_at, say_to

AT_ONCE = 0.03
"""Seconds for which an answer may hold the acknowledgement back; what takes longer is said after it."""


async def answer_command(
    ack: AsyncAck, client: AsyncWebClient, url: str, work: Awaitable[Message], tasks: Tasks
) -> None:
    """Answer a command with what `work` returns, or with why it could not be done; only to who typed it."""
    finding = asyncio.ensure_future(_said(work))
    later = may_answer_at(url, client.base_url)
    await asyncio.wait({finding}, timeout=AT_ONCE if later else None)
    if finding.done():
        said, _ = finding.result()
        await ack(text=said.text, blocks=list(said.blocks), response_type="ephemeral")
        return

    async def answer() -> None:
        said, _ = await finding
        await say_at(client, url, said)

    await ack()
    tasks.start(answer(), "answer a command")


async def answer_press(client: AsyncWebClient, body: Mapping[str, Any], work: Awaitable[Message]) -> None:
    """Answer a pressed button to its person alone: in the place of a message that only they see, else beside it.

    What could not be done is said beside it always, so that the button is still there to be pressed again.
    """
    said, done = await _said(work)
    container, url = body.get("container") or {}, str(body.get("response_url", ""))
    if done and container.get("is_ephemeral") and url and await say_at(client, url, said, instead=True):
        return
    if place := place_of(body):
        await say_to(client, *place, said)


def faults(error: Exception) -> tuple[str, tuple[str, ...]]:
    """Return title and paragraphs for what went wrong, once it is in the log."""
    if isinstance(error, StoreTrouble):
        log.warning("the store did not answer a person: %s", describe(error))
        return words.NO_RECORDS.title, words.NO_RECORDS.paragraphs
    incident = new_incident_id()
    log.error("incident %s: an answer failed: %s", incident, describe(error))
    return form_words.trouble_words(incident)


async def _said(work: Awaitable[Message]) -> tuple[Message, bool]:
    """What to say, and whether it was done."""
    try:
        return await work, True
    except Exception as error:  # whatever it is, the person hears of it
        return note(*faults(error)), False
