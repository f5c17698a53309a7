"""`/ecf-golive`: what an admin types, the list of dates and its buttons, the history, help. Translate, never decide.

Other features hang their own words on the command (`broadcast`) as a `Subcommand`; it asks by itself who is an admin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import Person
from bot.reminders.event import CourtEvent, Kind, Status
from bot.service import Service
from bot.service.dates import Dates
from bot.words import dates as words
from bot.words import final_day as final_day_words
from handlers.slack import mentions
from handlers.slack.admin_dates import CONFIRM, LIVE, MOVE, SET, WITHDRAW, DateForms
from handlers.slack.admin_door import PATIENCE, Body, Door
from handlers.slack.admin_people import PeopleForms
from handlers.slack.blocks import Block, Button, Message, buttons, header, message
from handlers.slack.people import person_of
from handlers.slack.tasks import Tasks

COMMAND = "/ecf-golive"
HISTORY = "golive_history"
MORE = "golive_more"
FINAL_DAY = "golive_final_day"

ON_A_PAGE = 20
"""Dates in one message: each takes two of its 50 blocks."""
CHANGES_SHOWN = 30


class Subcommand(Protocol):
    """A word of `/ecf-golive` that another feature answers."""

    async def command(self, ack: AsyncAck, body: Body, client: AsyncWebClient, text: str) -> None:
        """Answer the command; `text` is what stands after the word. It acknowledges by itself."""
        ...


@dataclass(frozen=True, slots=True)
class Admin:
    """The listeners of `/ecf-golive`; `others` are words of other features, in small letters."""

    dates: Dates
    courts: Service
    tasks: Tasks
    others: Mapping[str, Subcommand] = field(default_factory=dict)
    patience: float = PATIENCE

    def register(self, app: AsyncApp) -> None:
        """Add the listeners."""
        app.command(COMMAND)(self.command)
        self._date_forms.register(app)
        self._people_forms.register(app)
        app.action(HISTORY)(self.history_pressed)
        app.action(MORE)(self.more_pressed)
        app.action(FINAL_DAY)(self.final_day_pressed)

    @property
    def _door(self) -> Door:
        return Door(self.dates, self.tasks, self.patience)

    @property
    def _date_forms(self) -> DateForms:
        return DateForms(self.dates, self.courts, self._door)

    @property
    def _people_forms(self) -> PeopleForms:
        return PeopleForms(self.dates, self._door)

    async def command(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Answer `/ecf-golive [set|history|admins|roster|final-day|broadcast|help]`."""
        word, _, rest = str(body.get("text", "")).strip().partition(" ")
        other = self.others.get(word.casefold())
        if other is not None:
            await other.command(ack, body, client, rest.strip())
            return
        await ack()
        person = person_of(body)
        match word.casefold():
            case "set":
                self._date_forms.open_set(body, client, rest.strip())
            case "history":
                self._door.answer(body, client, self._history(person, rest.strip()), "show a history")
            case "admins":
                self._door.answer(body, client, self._people_forms.admins(person), "list the admins")
            case "roster":
                self._people_forms.open_roster(body, client)
            case "final-day":
                self._door.answer(body, client, self._final_day(person, rest), "show the switch of the last day")
            case "" | "list":
                self._door.answer(body, client, self._list(person), "list the dates")
            case _:
                self._door.answer(body, client, self._help(person), "show help")

    async def history_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Show the history of the court that the button names."""
        await ack()
        court = str(body["actions"][0].get("value", ""))
        self._door.answer(body, client, self._history(person_of(body), court), "show a history")

    async def more_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Show the dates that the list had no room for."""
        await ack()
        value = str(body["actions"][0].get("value", ""))
        start = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0
        self._door.answer(body, client, self._list(person_of(body), start), "list more dates")

    async def final_day_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Set the switch of the last day as the button says."""
        await ack()
        wanted = str(body["actions"][0].get("value", ""))
        self._door.answer(body, client, self._final_day(person_of(body), wanted), "set the switch of the last day")

    async def _final_day(self, person: Person, text: str) -> Message:
        """Set the switch where `text` is on or off, and say how it stands."""
        any_hour = await self.dates.final_day(person, {"on": True, "off": False}.get(text.strip().casefold()))
        other = (final_day_words.BUTTON_OFF, "off") if any_hour else (final_day_words.BUTTON_ON, "on")
        said = final_day_words.final_day_words(any_hour)
        return mentions.note(final_day_words.TITLE, said, Button(other[0], FINAL_DAY, other[1]))

    async def _list(self, person: Person, start: int = 0) -> Message:
        events = await self.dates.events(person)
        blocks: list[Block] = [header(words.LIST_TITLE)]
        blocks += [mentions.section(words.LIST_NONE)] if not events else []
        for event in events[start : start + ON_A_PAGE]:
            blocks += self._shown(event)
        left = max(0, len(events) - start - ON_A_PAGE)
        below = [Button(words.BUTTON_SET, SET, "new", "primary")]
        if left:
            blocks.append(mentions.section(words.more_words(left)))
            below.append(Button(words.BUTTON_MORE, MORE, str(start + ON_A_PAGE)))
        return message(_plain(words.LIST_TITLE, events), [*blocks, buttons("dates", *below)])

    def _shown(self, event: CourtEvent) -> list[Block]:
        """One date and its buttons; each carries the edition that is shown, so that an old list is noticed."""
        said = words.event_words(event, self.courts.court_by_id(event.court))
        value = f"{event.id}|{event.edition}"
        row = [Button(words.BUTTON_MOVE, MOVE, value)]
        if event.day is not None and event.status in {Status.TARGET, Status.ANNOUNCED}:
            row.append(Button(words.BUTTON_CONFIRM, CONFIRM, value))
        if _may_go_live(event):
            row.append(Button(words.BUTTON_LIVE, LIVE, value))
        if event.status is not Status.WITHDRAWN:
            row.append(Button(words.BUTTON_WITHDRAW, WITHDRAW, value, "danger"))
        row.append(Button(words.BUTTON_HISTORY, HISTORY, event.court))
        return [mentions.section("\n".join((said.title, *said.paragraphs))), buttons(f"date_{event.id}", *row)]

    async def _history(self, person: Person, text: str) -> Message:
        court = self.courts.court(text) if text else None
        if court is None:
            await self.dates.check(person)
            return mentions.note(words.HISTORY_TITLE, (words.HISTORY_WHICH,))
        changes = await self.dates.history(person, court.id)
        if not changes:
            return mentions.note(words.HISTORY_TITLE, (words.history_none(court),))
        lines = [words.history_words(one, mentions.who(one.by, person)) for one in changes[:CHANGES_SHOWN]]
        more = [words.older_words(len(changes) - CHANGES_SHOWN)] if len(changes) > CHANGES_SHOWN else []
        return mentions.note(words.HISTORY_TITLE, (court.name, *lines, *more))

    async def _help(self, person: Person) -> Message:
        await self.dates.check(person)
        return mentions.note(words.HELP_TITLE, ("\n".join(f"{command} - {what}" for command, what in words.HELP),))


def _may_go_live(event: CourtEvent) -> bool:
    """Whether an admin can say that it has come, maybe early: a court opens for linking, a deadline just passes."""
    opens = event.kind is Kind.NEXTGEN_GO_LIVE and event.day is not None
    return opens and event.status not in {Status.LIVE, Status.WITHDRAWN}


def _plain(title: str, events: Sequence[CourtEvent]) -> str:
    """The list for notifications and screen readers."""
    return "\n".join((title, *(f"{event.court}: {words.when_words(event)}" for event in events[:ON_A_PAGE])))
