"""The ways from Slack to the private page. The link is shown to the person who asked and to nobody else.

Who asked is whom Slack's signed payload names; what a view or a button carries grants nothing (design, promise 8).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.courts.court import Court
from bot.people import Person
from bot.service import Field, Flaw, Problem, Service
from bot.service.pages import Intake, NoLink, PageLink, Pages
from bot.words import form as form_words
from bot.words import hindrance_words
from bot.words import page_link as words
from handlers.slack import form
from handlers.slack.blocks import Message
from handlers.slack.page_views import (
    ANSWER_THERE,
    LINK_SHOWN,
    PAGE_FORM,
    TYPE_THERE,
    VISIT,
    intake_view,
    link_shown_message,
    link_shown_view,
    no_link_message,
    page_view,
)
from handlers.slack.people import person_of
from handlers.slack.questions import named
from handlers.slack.tasks import Tasks
from handlers.slack.trouble import SLACK_FAULTS, describe, log, place_of, say_to

PATIENCE = 2.0
"""Seconds for which a sent form may wait for its link; Slack waits three for the acknowledgement."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The listeners of the private page, over one door."""

    service: Service
    pages: Pages
    intake: Intake
    tasks: Tasks
    _under_way: set[str] = field(default_factory=set)
    """The views for which a link is being made: a double press makes one, and what is shown is the one alive."""

    def register(self, app: AsyncApp) -> None:
        """Add the listeners."""
        app.action(TYPE_THERE)(self.page_wanted)
        app.view(PAGE_FORM)(self.court_sent)
        app.action(ANSWER_THERE)(self.answer_wanted)
        app.action(VISIT)(self.visited)

    async def page_wanted(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Put the link in the place of the form; of what was typed into it nothing but the court is read."""
        await ack()
        view = body["view"]
        if view["id"] not in self._under_way:
            self._under_way.add(view["id"])
            self.tasks.start(self._in_place(client, person_of(body), view), "show the page's link")

    async def court_sent(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """Put the link in the place of the form that asks for the court alone, or say beside it what is wrong."""
        court = self.service.court_by_id(form.chosen_court(view))
        if court is None:
            errors = form.field_errors(view, [Problem(Field.COURT, Flaw.MISSING)])
            if errors:
                await ack(response_action="errors", errors=errors)
            else:  # a form without the field is none of ours: the real one in its place
                anew = page_view(form.new_form_id(), None, (words.COURT_FIRST,))
                await ack(response_action="update", view=anew)
            return
        if notes := self._hindered(court):
            await ack(response_action="update", view=page_view(view["private_metadata"], court, notes))
            return
        made = await self._soon(person_of(body), court)
        if isinstance(made, PageLink):
            await ack(response_action="update", view=link_shown_view(made, court))
        else:
            errors = {form.input_block(view, Field.COURT): words.no_link_words(made)}
            await ack(response_action="errors", errors=errors)

    async def answer_wanted(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Show the link to an open question to the person who pressed, if the question is theirs."""
        await ack()
        place = place_of(body)
        if place is not None:
            value = str(body["actions"][0].get("value", ""))
            self.tasks.start(self._beside(client, place, person_of(body), value), "show a question's page")

    async def visited(self, ack: AsyncAck) -> None:
        """Take note that the link was pressed; it is the browser that follows it."""
        await ack()

    async def _soon(self, person: Person, court: Court) -> PageLink | NoLink:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.pages.open_form(person, court.id)
        except TimeoutError:
            return NoLink.UNREACHABLE

    async def _in_place(self, client: AsyncWebClient, person: Person, view: Body) -> None:
        try:
            shown = await self._shown(person, view["private_metadata"], form.chosen_court(view))
            # The court's own change of the form may be under way: a link comes after it, the form itself does not.
            hashed = {} if shown["callback_id"] == LINK_SHOWN else {"hash": view["hash"]}
            await client.views_update(view_id=view["id"], view=shown, **hashed)
        except SLACK_FAULTS as error:
            log.warning("the link of a page was not shown: %s", describe(error))
        finally:
            self._under_way.discard(view["id"])

    async def _shown(self, person: Person, form_id: str, court_id: str) -> form.View:
        """The link to the form for this court, or the form once more with what is in the way above it."""
        court = self.service.court_by_id(court_id)
        if court is None:
            return intake_view(self.intake, form_id, notes=(words.COURT_FIRST,))
        notes = self._hindered(court)
        if not notes:
            made = await self.pages.open_form(person, court.id)
            if isinstance(made, PageLink):
                return link_shown_view(made, court)
            notes = (words.no_link_words(made),)
        return intake_view(self.intake, form_id, court, self.service.caution(court), notes)

    async def _beside(self, client: AsyncWebClient, place: tuple[str, str], person: Person, value: str) -> None:
        attempt, number = named(value)
        made = await self.pages.open_question(person, attempt, number)
        view = await self.service.attempt(person, attempt)
        said: Message
        if isinstance(made, PageLink) and view is not None:
            said = link_shown_message(made, view.court)
        else:
            said = no_link_message(made if isinstance(made, NoLink) else NoLink.OVER)
        await say_to(client, *place, said)

    def _hindered(self, court: Court) -> tuple[str, ...]:
        code = self.service.hindrance(court)
        if code is None:
            return ()
        shown = hindrance_words(code, court)
        return (shown.title, *shown.paragraphs, form_words.NOTHING_SENT)
