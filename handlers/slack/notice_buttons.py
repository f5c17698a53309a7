"""The buttons under a notice: told again later, a muted court, "I have linked already", and the way back of each.

Whose wish it is says the signed payload, never a button's value. Every press may come twice, and changes nothing the
second time; the answers are seen by the person alone.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import Person
from bot.reminders.event import EventId
from bot.reminders.people.wish_form import Later
from bot.reminders.people.wish_sheet import Linked
from bot.service.watching import Watching
from bot.words import Words
from bot.words import wishes as words
from handlers.slack.answers import answer_press
from handlers.slack.blocks import Button, Message, note
from handlers.slack.notice_actions import LINKED_ALREADY, MUTE, SNOOZE
from handlers.slack.people import person_of
from handlers.slack.tasks import Tasks

LATER = "notice_later_"
"""Begins the action id of each choice of when; the rest of it is the choice, the value is the event's id."""

NOT_LATER = "notice_not_later"
UNMUTE = "notice_unmute"
NOT_LINKED = "notice_not_linked"
"""The ways back, with the values of what they take back."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoticeButtons:
    """The listeners of the buttons under notices, over one service."""

    watching: Watching
    tasks: Tasks

    def register(self, app: AsyncApp) -> None:
        """Add the listeners."""
        app.action(SNOOZE)(self.snooze_pressed)
        for later in Later:
            app.action(LATER + later)(self.later_pressed)
        app.action(NOT_LATER)(self.not_later_pressed)
        app.action(MUTE)(self.mute_pressed)
        app.action(UNMUTE)(self.unmute_pressed)
        app.action(LINKED_ALREADY)(self.linked_pressed)
        app.action(NOT_LINKED)(self.not_linked_pressed)

    async def snooze_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Ask when to tell again."""
        await ack()
        self._answer(client, body, _ready(when_message(EventId(_value(body)))), "ask when")

    async def later_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Tell again on the day that was chosen."""
        await ack()
        later = Later(str(body["actions"][0]["action_id"]).removeprefix(LATER))
        self._answer(client, body, self._snooze(person_of(body), EventId(_value(body)), later), "tell again later")

    async def not_later_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Take that back."""
        await ack()
        self._answer(client, body, self._snooze(person_of(body), EventId(_value(body)), None), "do not tell again")

    async def mute_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Hear nothing more of the court."""
        await ack()
        self._answer(client, body, self._mute(person_of(body), _value(body), on=True), "mute a court")

    async def unmute_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Hear of it again."""
        await ack()
        self._answer(client, body, self._mute(person_of(body), _value(body), on=False), "unmute a court")

    async def linked_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Note that the person has linked by hand."""
        await ack()
        self._answer(client, body, self._linked(person_of(body), _value(body), done=True), "note a link by hand")

    async def not_linked_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Take that back."""
        await ack()
        self._answer(client, body, self._linked(person_of(body), _value(body), done=False), "take a link back")

    def _answer(self, client: AsyncWebClient, body: Body, work: Awaitable[Message], name: str) -> None:
        self.tasks.start(answer_press(client, body, work), name)

    async def _snooze(self, person: Person, event: EventId, later: Later | None) -> Message:
        snoozed = await self.watching.snooze(person, event, later)
        if snoozed is None:
            return _said(words.GONE)
        undo = [Button(words.BUTTON_UNDO, NOT_LATER, event)] if snoozed.at is not None else []
        return _said(words.snoozed_words(snoozed), *undo)

    async def _mute(self, person: Person, court: str, *, on: bool) -> Message:
        muted = await self.watching.mute(person, court, on=on)
        if muted is None:
            return _said(words.UNKNOWN_COURT)
        undo = [Button(words.BUTTON_UNDO, UNMUTE, muted.court.id)] if on and muted.watched else []
        return _said(words.muted_words(muted), *undo)

    async def _linked(self, person: Person, court: str, *, done: bool) -> Message:
        own = await self.watching.linked_already(person, court, done=done)
        if own is None:
            return _said(words.UNKNOWN_COURT)
        undo = [Button(words.BUTTON_UNDO, NOT_LINKED, own.court.id)] if own.linked is Linked.OWN_WORD else []
        return _said(words.own_word_words(own), *undo)


def when_message(event: EventId) -> Message:
    """Return the question of when to be told again."""
    choices = [Button(text, LATER + later, event) for later, text in words.LATER.items()]
    return note(words.WHEN.title, words.WHEN.paragraphs, *choices)


async def _ready(said: Message) -> Message:
    return said


def _value(body: Body) -> str:
    return str(body["actions"][0].get("value", ""))


def _said(shown: Words, *more: Button) -> Message:
    return note(shown.title, shown.paragraphs, *more)
