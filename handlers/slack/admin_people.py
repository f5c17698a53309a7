"""The admins of a workspace, and the roster of who files where: shown, added, removed, checked, loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import Person, PersonId
from bot.reminders.people.admin_outcome import AdminOutcome
from bot.reminders.people.roster_lines import RosterReport
from bot.service.dates import Dates
from bot.words import admins as words
from bot.words import dates as date_words
from bot.words import waiting as waiting_words
from handlers.slack import mentions, pickers
from handlers.slack.admin_door import Body, Door, Reply, View, said_view
from handlers.slack.blocks import Block, Button, Message, buttons, header, message, modal
from handlers.slack.form import new_form_id
from handlers.slack.people import is_id, person_of

ADD = "golive_admin_add"
REMOVE = "golive_admin_remove"
ADD_FORM = "golive_admin_add_form"
REMOVE_FORM = "golive_admin_remove_form"
ROSTER_FORM = "golive_roster"

WHO = "who"
TEXT = "roster"
SHOWN = 20
"""Lines of a roster that a view names one by one."""
ADMINS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PeopleForms:
    """The listeners of admins and rosters."""

    dates: Dates
    door: Door

    def register(self, app: AsyncApp) -> None:
        """Add the listeners."""
        app.action(ADD)(self.add_pressed)
        app.action(REMOVE)(self.remove_pressed)
        app.view(ADD_FORM)(self.add_sent)
        app.view(REMOVE_FORM)(self.remove_sent)
        app.view(ROSTER_FORM)(self.roster_sent)

    async def admins(self, person: Person) -> Message:
        """Return the list of admins, with its buttons. Raises NotAdmin."""
        await self.dates.check(person)
        found = await self.dates.admins_of(person)
        blocks: list[Block] = [header(words.ADMINS_TITLE), mentions.section(words.ADMINS_WHAT)]
        for one in found[:ADMINS_SHOWN]:
            blocks.append(mentions.section(mentions.mention(one)))
            blocks.append(buttons(f"admin_{one}", Button(words.BUTTON_REMOVE, REMOVE, one)))
        if len(found) > ADMINS_SHOWN:
            blocks.append(mentions.section(", ".join(map(mentions.mention, found[ADMINS_SHOWN:]))))
        blocks.append(buttons("admins", Button(words.BUTTON_ADD, ADD, "add", "primary")))
        return message(words.ADMINS_TITLE, blocks)

    async def add_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the form in which a person is chosen."""
        await ack()

        async def view() -> View:
            await self.dates.check(person_of(body))
            who = pickers.field(f"{WHO}:{new_form_id()}", pickers.person(WHO), words.ADD_LABEL, hint=words.ADD_HINT)
            return modal(words.ADD_TITLE, ADD_FORM, [who], close=date_words.CANCEL, submit=words.ADD_SUBMIT)

        self.door.open(body, client, view(), "open the form of an admin")

    async def remove_pressed(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Open the form that says what the removal will do."""
        await ack()
        person, who = person_of(body), str(body["actions"][0].get("value", ""))

        async def view() -> View:
            await self.dates.check(person)
            said = words.remove_words(mentions.mention(who), oneself=who == person.id)
            blocks = [mentions.section(said)]
            return modal(
                words.REMOVE_TITLE,
                REMOVE_FORM,
                blocks,
                close=date_words.CANCEL,
                submit=words.REMOVE_SUBMIT,
                metadata=who,
            )

        self.door.open(body, client, view(), "open the form of a removal")

    async def add_sent(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Make the chosen person an admin."""
        who = PersonId(pickers.values(body["view"]).get(WHO, ""))

        async def work() -> Reply:
            if not is_id(who):
                await self.dates.check(person_of(body))
                return Reply(said_view(words.ADD_TITLE, (words.outcome_words(AdminOutcome.NOBODY, words.THAT),)))
            return _outcome(words.ADD_TITLE, await self.dates.add_admin(person_of(body), who), who)

        await self.door.submitted(ack, body, client, work())

    async def remove_sent(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Make the person that the form names no admin any more."""
        who = PersonId(str(body["view"].get("private_metadata", "")))

        async def work() -> Reply:
            return _outcome(words.REMOVE_TITLE, await self.dates.remove_admin(person_of(body), who), who)

        await self.door.submitted(ack, body, client, work())

    def open_roster(self, body: Body, client: AsyncWebClient) -> None:
        """Open the form for a roster, with how the one that is kept stands."""

        async def view() -> View:
            report = await self.dates.roster(person_of(body))
            standing = words.standing_roster_words(report.found, report.people - report.found)
            unreached = tuple((mentions.mention(who), why) for who, why in report.unreached)
            notes = (
                standing,
                *waiting_words.barred_words(report.barred),
                *waiting_words.unreached_words(unreached, SHOWN),
                *words.unmatched_words(report.missing, SHOWN),
                words.ROSTER_WHAT,
            )
            return _roster_view(new_form_id(), notes)

        self.door.open(body, client, view(), "open the form of a roster")

    async def roster_sent(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """Check the roster first; load it once it was checked as it stands.

        Looking people up takes longer than Slack waits, so the form says so, keeps its text, and shows the result when
        it is there.
        """
        view, person = body["view"], person_of(body)
        text = pickers.values(view).get(TEXT, "")
        form_id, _, checked = str(view.get("private_metadata", "")).partition("|")
        if checked and checked == _digest(text):
            await self.door.submitted(ack, body, client, self._load(person, text))
            return

        async def work() -> View:
            changed = (words.ROSTER_CHANGED,) if checked else ()
            return _checked_view(form_id, text, changed, await self.dates.check_roster(person, text))

        await ack(response_action="update", view=_roster_view(form_id, (words.ROSTER_CHECKING,), text))
        self.door.redraw({**body, "view": {"id": view["id"]}}, client, work(), "check a roster")

    async def _load(self, person: Person, text: str) -> Reply:
        report = await self.dates.load_roster(person, text)
        missing = len(report.missing)
        first = words.loaded_words(report.people, report.found, missing, report.waiting)
        return Reply(said_view(words.ROSTER_TITLE, (first, *_named(report))))


def _checked_view(form_id: str, text: str, notes: Sequence[str], report: RosterReport) -> View:
    """The form again with what loading it would do; it can be loaded when there is a good line in it."""
    missing = len(report.missing)
    first = words.checked_words(report.people, report.found, missing, report.waiting)
    if not report.people:
        return _roster_view(form_id, (*notes, words.ROSTER_EMPTY, *_named(report)), text)
    return _roster_view(form_id, (*notes, first, *_named(report)), text, load=True)


def _named(report: RosterReport) -> tuple[str, ...]:
    return (*words.bad_lines_words(report.bad, SHOWN), *words.unmatched_words(report.missing, SHOWN))


def _roster_view(form_id: str, notes: Sequence[str], text: str = "", *, load: bool = False) -> View:
    """The form for a roster; its metadata holds the digest of the text that was checked: only that is loaded."""
    field = pickers.field(
        f"{TEXT}:{form_id}",
        pickers.text(TEXT, text, lines=True),
        words.ROSTER_LABEL,
        hint=words.ROSTER_HINT,
        placeholder=words.ROSTER_SAMPLE,
    )
    return modal(
        words.ROSTER_TITLE,
        ROSTER_FORM,
        [*(mentions.section(one) for one in notes), field],
        close=date_words.CANCEL,
        submit=words.ROSTER_LOAD if load else words.ROSTER_SUBMIT,
        metadata=f"{form_id}|{_digest(text) if load else ''}",
    )


def _outcome(title: str, outcome: AdminOutcome, who: str) -> Reply:
    return Reply(said_view(title, (words.outcome_words(outcome, mentions.mention(who)),)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
