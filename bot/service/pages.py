"""What the private page and the chats may ask about its links: values and a door, nothing of how links are kept.

A link is a way to one form or one question of one person, for ten minutes and one use. Whoever has it must also type
the six digits that only that person's chat shows (design 3; slack.md 1.8; reliability.md 3.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.attempts.attempt import Answered, AttemptId, QuestionNumber
from bot.attempts.form import LinkForm, Problem
from bot.courts.court import Court
from bot.courts.policy import Caution
from bot.linker.values import Answer, Question
from bot.people import Person
from bot.service.linking import Started


class Intake(StrEnum):
    """Where the firm wants passwords typed (LINK_ECF_INTAKE)."""

    MODAL = "modal"
    """In the chat's own form; there is no page."""
    PAGE = "page"
    """On the page alone: the chat's form asks for no password and no passcode."""
    BOTH = "both"
    """As each person likes."""


LINK_LASTS = timedelta(minutes=10)
"""How long a link is good for (OWASP ASVS 6.5.5: no longer than this)."""

LINKS_AT_ONCE = 5
"""How many links that are neither used nor expired a person may have; replaced ones count, so that it is a rate."""

CODE_TRIES = 5
"""With the last of so many wrong codes the link is dead."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to the page and its six digits, for the eyes of its person alone: never logged, posted or unfurled."""

    url: str = field(repr=False)
    code: str = field(repr=False)
    until: datetime


class NoLink(StrEnum):
    """Why no link was made; words/page_link.py has a sentence for each."""

    COURT = "court"
    """There is no such court, or nobody can link there now."""
    TOO_MANY = "too_many"
    """The person has as many unused links as one may have."""
    OVER = "over"
    """The question is answered, or the attempt is over or not this person's."""
    UNREACHABLE = "unreachable"
    """The records do not answer now."""


class GoneReason(StrEnum):
    """Why a link leads nowhere (any more)."""

    EXPIRED = "expired"
    USED = "used"
    REPLACED = "replaced"
    """Its person asked for a newer one for the same thing."""
    UNKNOWN = "unknown"
    TOO_MANY_CODES = "too_many_codes"
    OVER = "over"
    """The question behind it was answered in the chat, or its attempt has ended."""
    UNREACHABLE = "unreachable"
    """The records do not answer now: the link itself may be good, so this is a 503 and worth another try."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no page behind this token."""

    reason: GoneReason


@dataclass(frozen=True, slots=True)
class FormPage:
    """The link form for `court`, with that court's caution where it has one; nothing in it says whose it is."""

    court: Court
    caution: Caution | None
    until: datetime


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question of a running attempt at `court`; `until` (aware, UTC) is the earlier end of link and question."""

    court: Court
    question: Question
    until: datetime


Page = FormPage | QuestionPage


@dataclass(frozen=True, slots=True)
class WrongCode:
    """The six digits were not those of the chat; `left` tries remain, at least one."""

    left: int


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """A page of `person` that the last wrong code has closed; `attempt` and `number` are those of a question's page.

    `court` is None where the list does not know it any more, or nothing can be read of the attempt just now.
    """

    person: Person
    court: Court | None
    attempt: AttemptId | None = None
    number: QuestionNumber | None = None


class PageTeller(Protocol):
    """How a chat tells a person that their page was closed: it may have been somebody else who typed."""

    async def page_closed(self, closed: ClosedPage) -> None:
        """Tell it once; returns at once and never raises for the chat's faults."""
        ...


class Pages(Protocol):
    """The door of the private page. The class that does it is `bot.service.paging.PageService`.

    No method raises for trouble with the records: that is UNREACHABLE.
    """

    async def open_form(self, person: Person, court_id: str) -> PageLink | NoLink:
        """Make a link to the form for this court; an older one of this person for this court is dead from now on."""
        ...

    async def open_question(self, person: Person, attempt: AttemptId, number: QuestionNumber) -> PageLink | NoLink:
        """Make a link to an open question of the person's own attempt; an older one for it is dead from now on."""
        ...

    async def look(self, token: str) -> Page | Gone:
        """Return what the token leads to. Changes nothing, so that it may be fetched by anybody, ahead and often."""
        ...

    async def unlock(self, token: str, code: str) -> Page | WrongCode | Gone:
        """Return what the token leads to, to somebody who knows its code; the link stays as it was.

        A question that shows a person's accounts is shown after this only: a forwarded link tells no name. A wrong
        code costs a try.
        """
        ...

    async def send_form(self, token: str, code: str, form: LinkForm) -> Started | Sequence[Problem] | WrongCode | Gone:
        """Start the attempt that the form asks for, at the link's court (the form's own is not read).

        Only a form without problems uses the link up. With a wrong code nothing is said about the form. Of any number
        of requests at once, one gets Started; the others Gone(USED), and their secrets are spent.
        """
        ...

    async def send_answer(self, token: str, code: str, answer: Answer) -> Answered | WrongCode | Gone:
        """Give the answer to the link's question. PASSCODE_SHAPE and UNREACHABLE leave the link as it was."""
        ...
