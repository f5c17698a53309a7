"""Shows attempts in Slack: one direct message for each, edited in place, never more often than Slack allows.

Only the newest state of an attempt is kept and sent; steps in between may be skipped, a question or a result never
is. A post whose reply was lost is posted again: at worst one message too many, never a result that nobody sees.
(Progress says nothing that it would hurt to read twice; reminders, which would, are not sent by this road.)
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.attempts.attempt import AttemptId, AttemptView
from bot.clock import Clock
from bot.errors import StoreTrouble
from bot.people import Person
from bot.service import Places
from bot.service.pages import Intake
from bot.words import form as form_words
from handlers.slack.blocks import Message, note
from handlers.slack.client import Clients, NotInstalled
from handlers.slack.pace import Bucket
from handlers.slack.progress import attempt_message
from handlers.slack.tasks import Tasks
from handlers.slack.trouble import SLACK_FAULTS, describe, say_at, slack_code

log = logging.getLogger(__name__)

BETWEEN = 1.2
"""Seconds between two edits of one message, questions and results aside."""
TRIES = 5
"""How often a question or a result is sent before the failure is final."""
REMEMBERED = 10_000
"""How many people's channels and response_urls are remembered."""

_GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_inactive"}
)
"""Refusals of an edit after which only a new message helps."""

_PASSING = frozenset({"", "unreadable", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""What is worth another try: a lost connection, a fault on Slack's side."""


UNSENT = (*SLACK_FAULTS, NotInstalled, StoreTrouble)
"""Why a message may not go out now: Slack, or the token of its workspace."""


@dataclass(slots=True)
class _Shown:
    """What is known of one attempt's message: where it stands, what it says, what it should say."""

    newest: AttemptView
    channel: str = ""
    ts: str = ""
    sent: Message | None = None
    sent_at: float = float("-inf")
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    reached: bool = False


class SlackMessenger:
    """The Messenger of Slack (service.Messenger); clients must not repeat calls by themselves, the messenger does."""

    def __init__(
        self,
        clients: Clients,
        clock: Clock,
        *,
        places: Places | None = None,
        per_minute: float = 50.0,
        intake: Intake = Intake.MODAL,
    ) -> None:
        self._clients = clients
        self._places = places
        self._clock = clock
        self._intake = intake
        self._per_minute = per_minute
        self._buckets: dict[str, Bucket] = {}
        self._shown: dict[AttemptId, _Shown] = {}
        self._channels: OrderedDict[Person, str] = OrderedDict()
        self._urls: OrderedDict[Person, str] = OrderedDict()
        self._tasks = Tasks()
        self._closing = False

    def heard(self, person: Person, response_url: str) -> None:
        """Remember where the person typed a command: the way back when no direct message can be opened."""
        _remember(self._urls, person, response_url)

    async def show(self, view: AttemptView) -> None:
        """Show the attempt as it now is; returns at once and never raises for Slack's faults."""
        shown = self._shown.get(view.id)
        if shown is None:
            shown = self._shown[view.id] = _Shown(view)
            self._tasks.start(self._deliver(view.id, shown), f"show {view.incident}")
        elif not shown.newest.ended:
            shown.newest = view
        shown.changed.set()

    async def arrived(self, view: AttemptView) -> bool:
        """Wait until the attempt's ending stands in Slack; False when Slack would not take it anywhere."""
        shown = self._shown.get(view.id)
        if shown is not None:
            await shown.over.wait()
            return shown.reached
        return False

    async def aclose(self, seconds: float = 5.0) -> None:
        """Give the last messages `seconds` to go out, then stop."""
        self._closing = True
        for shown in self._shown.values():
            shown.changed.set()
        await self._tasks.aclose(seconds)

    async def _deliver(self, attempt: AttemptId, shown: _Shown) -> None:
        """Send what is newest for as long as the attempt lives."""
        try:
            await self._go_on_where_it_was(shown)
            while True:
                await shown.changed.wait()
                shown.changed.clear()
                await self._pace(shown)
                last = shown.newest
                sent = await self._send(shown, last)
                if not sent and _urgent(last) and shown.newest is last:
                    sent = await self._say_elsewhere(last)
                shown.reached = sent and last.ended
                if shown.newest is last and (last.ended or self._closing):
                    return
        finally:
            shown.over.set()
            self._shown.pop(attempt, None)

    async def _go_on_where_it_was(self, shown: _Shown) -> None:
        """An ending shown first of all is of another replica's attempt, whose message is there to be edited."""
        view = shown.newest
        if self._places is None or not view.ended:
            return
        place = await self._places.recall(view)
        shown.channel, shown.ts = place.get("channel", ""), place.get("ts", "")

    async def _pace(self, shown: _Shown) -> None:
        """Wait until this message may be edited; a question or a result that comes up meanwhile goes first."""
        bucket = self._buckets.setdefault(shown.newest.person.workspace, Bucket(self._clock, self._per_minute))
        while True:
            urgent = self._closing or _urgent(shown.newest)
            early = 0.0 if urgent else shown.sent_at + BETWEEN - self._clock.monotonic()
            wait = early if early > 0 else bucket.take(urgent=urgent)
            if wait <= 0:
                return
            await self._first(self._clock.sleep(wait), shown.changed.wait())
            shown.changed.clear()

    async def _first(self, *waits: Awaitable[object]) -> None:
        tasks = [asyncio.ensure_future(one) for one in waits]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, shown: _Shown, view: AttemptView) -> bool:
        """Put `view` in place; False when Slack would not take it, or something newer came up meanwhile."""
        message = attempt_message(view, self._intake)
        if message == shown.sent:
            return True
        for again in range(TRIES):
            try:
                await self._place(shown, message)
            except UNSENT as error:
                log.warning("incident %s: not shown yet: %s", view.incident, describe(error))
                limited = slack_code(error) == "ratelimited"
                await self._clients.refused(view.person.workspace, slack_code(error))
                if not limited and not (_urgent(view) and _may_pass(error)):
                    return False
                await self._clock.sleep(_retry_after(error) if limited else 2.0**again)
                if shown.newest is not view:
                    shown.changed.set()
                    return False
            else:
                shown.sent, shown.sent_at = message, self._clock.monotonic()
                return True
        return False

    async def _place(self, shown: _Shown, message: Message) -> None:
        blocks = list(message.blocks)
        client = await self._clients.of(shown.newest.person.workspace)
        if shown.ts:
            try:
                await client.chat_update(channel=shown.channel, ts=shown.ts, text=message.text, blocks=blocks)
            except SlackApiError as error:
                if slack_code(error) not in _GONE:
                    raise
                shown.ts = ""
                self._channels.pop(shown.newest.person, None)
            else:
                return
        shown.channel = await self._channel(client, shown.newest.person)
        posted = await client.chat_postMessage(
            channel=shown.channel, text=message.text, blocks=blocks, unfurl_links=False, unfurl_media=False
        )
        shown.ts = str(posted["ts"])
        if self._places is not None:
            await self._places.remember(shown.newest, {"channel": shown.channel, "ts": shown.ts})

    async def _channel(self, client: AsyncWebClient, person: Person) -> str:
        """The person's direct messages with the bot; opened once, then remembered."""
        known = self._channels.get(person)
        if known is None:
            opened: AsyncSlackResponse = await client.conversations_open(users=str(person.id))
            known = str(opened["channel"]["id"])
            _remember(self._channels, person, known)
        return known

    async def _say_elsewhere(self, view: AttemptView) -> bool:
        """A question or a result where the command was typed, when the direct messages would not take it."""
        url = self._urls.get(view.person)
        if url is None:
            log.error("incident %s: its person could not be reached", view.incident)
            return False
        await say_at(self._clients.bare, url, note(form_words.STATUS_TITLE, (form_words.NO_DM,)))
        return await say_at(self._clients.bare, url, attempt_message(view, self._intake))


def _urgent(view: AttemptView) -> bool:
    return view.ended or view.open_question is not None


def _may_pass(error: BaseException) -> bool:
    """Tell whether a fault may be over in a moment: anything but a plain refusal by Slack, or no token at all."""
    return not isinstance(error, NotInstalled) and slack_code(error) in _PASSING


def _retry_after(error: BaseException) -> float:
    """The seconds that Slack asks for, one at least and a minute at most."""
    headers = error.response.headers if isinstance(error, SlackApiError) and hasattr(error.response, "headers") else {}
    said = str(headers.get("Retry-After", ""))
    return float(min(60, max(1, int(said)))) if said.isascii() and said.isdigit() else 1.0


def _remember(memory: OrderedDict[Person, str], person: Person, value: str) -> None:
    memory[person] = value
    memory.move_to_end(person)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
