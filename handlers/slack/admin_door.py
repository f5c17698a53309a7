"""How an admin's request is answered: a plain no for everybody else, and words for every fault, wherever it came from.

Slack waits 3 seconds for an acknowledgement. Commands and buttons are acknowledged at once and answered after it; a
form is answered with its acknowledgement, because only that can say beside a field what is wrong with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreTrouble
from bot.linker.values import new_incident_id
from bot.service.dates import Dates, NotAdmin
from bot.words import admins as admin_words
from bot.words import dates as words
from bot.words import form as form_words
from handlers.slack import mentions
from handlers.slack.blocks import Block, Message, header, modal
from handlers.slack.client import open_view
from handlers.slack.form import NOTE
from handlers.slack.people import person_of
from handlers.slack.tasks import Tasks
from handlers.slack.trouble import SLACK_FAULTS, describe, log, place_of, say_at, say_to, slack_code

PATIENCE = 2.0
"""Seconds for which a form's acknowledgement waits for its answer; Slack waits three in all."""

Body = dict[str, Any]
View = Block
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a form: a view in its place, and what is wrong beside its fields, by block_id.

    Where errors can be shown beside the fields the view stays as it is; `view` is for when it is too late for that.
    """

    view: View
    errors: Mapping[str, str] = field(default_factory=dict)


def said_view(title: str, paragraphs: Sequence[str]) -> View:
    """Return a view that only says something, with mentions."""
    blocks = [header(title), *(mentions.section(one) for one in paragraphs if one)]
    return modal(words.TITLE, NOTE, blocks, close=words.CLOSE)


@dataclass(frozen=True, slots=True)
class Stopped:
    """What is said in place of what was asked for."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def message(self) -> Message:
        """It as a message."""
        return mentions.note(self.title, self.paragraphs)

    @property
    def view(self) -> View:
        """It as a view."""
        return said_view(self.title, self.paragraphs)


@dataclass(frozen=True, slots=True)
class Door:
    """Lets admins in, and says everything else; a service raises NotAdmin, this turns it into words."""

    dates: Dates
    tasks: Tasks
    patience: float = PATIENCE

    def answer(self, body: Body, client: AsyncWebClient, work: Awaitable[Message], name: str) -> None:
        """Say what `work` returns where a command was typed or a button pressed; call it after the acknowledgement."""

        async def run() -> None:
            said = await self._tried(body, work)
            await _say(body, client, said.message if isinstance(said, Stopped) else said)

        self.tasks.start(run(), name)

    def open(self, body: Body, client: AsyncWebClient, work: Awaitable[View | Message], name: str) -> None:
        """Open the view that `work` returns, or say what it returns in its place."""

        async def run() -> None:
            made = await self._tried(body, work)
            if isinstance(made, Message | Stopped):
                await _say(body, client, made.message if isinstance(made, Stopped) else made)
                return
            try:
                await open_view(client, str(body["trigger_id"]), made)
            except SLACK_FAULTS as error:
                log.warning("an admin's form was not opened: %s", describe(error))
                await _say(
                    body,
                    client,
                    mentions.note(
                        form_words.FORM_LATE_TITLE, (form_words.not_opened_words(slack_code(error), words.FORM_LATE),)
                    ),
                )

        self.tasks.start(run(), name)

    def redraw(self, body: Body, client: AsyncWebClient, work: Awaitable[View], name: str) -> None:
        """Put the view that `work` returns in place of the open one, unless that was changed or closed meanwhile."""

        async def run() -> None:
            view = await self._tried(body, work)
            await _update(client, body["view"], view.view if isinstance(view, Stopped) else view)

        self.tasks.start(run(), name)

    async def submitted(self, ack: AsyncAck, body: Body, client: AsyncWebClient, work: Awaitable[Reply]) -> None:
        """Answer a form with its acknowledgement; what takes longer is shown in the same window when it is known."""
        doing = asyncio.ensure_future(self._tried(body, work))
        await asyncio.wait({doing}, timeout=self.patience)
        if doing.done():
            reply = _reply(await doing)
            if reply.errors:
                await ack(response_action="errors", errors=dict(reply.errors))
            else:
                await ack(response_action="update", view=reply.view)
            return

        async def later() -> None:
            reply = _reply(await doing)
            await _update(client, {"id": body["view"]["id"]}, reply.view)

        await ack(response_action="update", view=said_view(words.SAVING_TITLE, (words.SAVING,)))
        self.tasks.start(later(), "answer a form that took long")

    async def _tried(self, body: Body, work: Awaitable[Made]) -> Made | Stopped:
        """Return what `work` returns, or what stood in its way."""
        try:
            return await work
        except NotAdmin:
            return await self._no(body)
        except StoreTrouble as trouble:
            return Stopped(words.NOT_KEPT_TITLE, (str(trouble), words.NOT_KEPT))
        except Exception as error:  # whatever it is, the person hears of it, and the log says where it was
            incident = new_incident_id()
            log.error("incident %s: an admin's request failed: %s", incident, describe(error))
            return Stopped(*words.trouble_words(incident))

    async def _no(self, body: Body) -> Stopped:
        try:
            admins = await self.dates.admins_of(person_of(body))
        except StoreTrouble as trouble:
            return Stopped(admin_words.NO_TITLE, (str(trouble),))
        return Stopped(admin_words.NO_TITLE, admin_words.no_words([mentions.mention(one) for one in admins]))


def _reply(made: Reply | Stopped) -> Reply:
    return made if isinstance(made, Reply) else Reply(made.view)


async def _say(body: Body, client: AsyncWebClient, said: Message) -> None:
    """Say it to the person alone, where they typed or pressed; their own address works where the bot is no member."""
    url = str(body.get("response_url") or "")
    if url and await say_at(client, url, said):
        return
    place = place_of(body)
    if place is not None:
        await say_to(client, *place, said)


async def _update(client: AsyncWebClient, old: Body, view: View) -> None:
    known = {"hash": old["hash"]} if "hash" in old else {}
    try:
        await client.views_update(view_id=old["id"], view=view, **known)
    except SLACK_FAULTS as error:
        log.info("a form was not updated: %s", describe(error))
