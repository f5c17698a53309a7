"""Tells a person in Slack that wrong codes have closed their private page: once, in their direct messages.

A message that may have arrived is not sent again: what could be read twice would look like a second attack.
"""

from __future__ import annotations

import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import StoreTrouble
from bot.reminders.delivery.letter import Limited, Unsent
from bot.service.pages import ClosedPage
from bot.words import page_link as words
from bot.words.form import BUTTON_FORM
from handlers.slack.blocks import Button, Message, note
from handlers.slack.client import Clients, NotInstalled
from handlers.slack.outcomes import after_sending, before_sending
from handlers.slack.page_views import answer_there
from handlers.slack.progress import OPEN_FORM
from handlers.slack.tasks import Tasks
from handlers.slack.trouble import UNREADABLE, describe, slack_code

log = logging.getLogger(__name__)

TRIES = 5
LONGEST_WAIT = 60.0
"""Seconds between two tries at the most: a page lives ten minutes, and so should word of it."""


class SlackPageTeller:
    """The PageTeller of Slack (service.pages); `contact` is LINK_ECF_CONTACT, "" for none."""

    def __init__(self, clients: Clients, clock: Clock, contact: str = "") -> None:
        self._clients = clients
        self._clock = clock
        self._contact = contact
        self._tasks = Tasks()

    async def page_closed(self, closed: ClosedPage) -> None:
        """Begin to tell it; the page does not wait for Slack."""
        self._tasks.start(self._tell(closed), "say that a page was closed")

    async def aclose(self, seconds: float = 5.0) -> None:
        """Give what is being told `seconds` to go out, then stop."""
        await self._tasks.aclose(seconds)

    async def _tell(self, closed: ClosedPage) -> None:
        said = closed_message(closed, self._contact)
        for again in range(TRIES):
            wait = await self._sent(closed, said)
            if wait is None:
                return
            await self._clock.sleep(min(LONGEST_WAIT, max(wait, 2.0**again)))
        log.error("nobody could be told that their page was closed")

    async def _sent(self, closed: ClosedPage, said: Message) -> float | None:
        """Send it; returns after how many seconds to try again what was certainly not sent, None when it is over."""
        opened = False
        try:
            client: AsyncWebClient = await self._clients.of(closed.person.workspace)
            channel = str((await client.conversations_open(users=str(closed.person.id)))["channel"]["id"])
            opened = True
            await client.chat_postMessage(
                channel=channel, text=said.text, blocks=list(said.blocks), unfurl_links=False, unfurl_media=False
            )
        except (NotInstalled, StoreTrouble) as error:
            log.warning("a closed page was not told: %s", describe(error))
            return None if isinstance(error, NotInstalled) else 0.0
        except (TimeoutError, *UNREADABLE) as error:
            log.warning("a closed page was not told: %s", describe(error))
            await self._clients.refused(closed.person.workspace, slack_code(error))
            match after_sending(error, person=True) if opened else before_sending(error, person=True):
                case Limited(seconds) | Unsent(seconds):
                    return seconds
        return None


def closed_message(closed: ClosedPage, contact: str) -> Message:
    """Return what is said, with the way to a new page."""
    asked = closed.attempt is not None
    if asked:
        button = answer_there(f"{closed.attempt}:{closed.number}", "primary")
    else:
        button = Button(BUTTON_FORM, OPEN_FORM, str(closed.court.id) if closed.court else "any", "primary")
    return note(words.CLOSED_TITLE, words.closed_words(closed.court, contact, asked=asked), button)
