"""What a letter carries, made of rows as they now stand, and what of it is not to be sent any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.people import Person
from bot.reminders.letter import Letter, Why
from bot.reminders.notice import NoticeId
from bot.store import Work
from bot.store.date_rows import LetterRow


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Notices that are not to be sent any more, each for its reason; `whole` when nothing of the letter is."""

    notices: Mapping[NoticeId, Why] = field(default_factory=dict)
    whole: Why | None = None


class Opening(Protocol):
    """What delivery needs to know of a letter's contents; every method raises StoreTrouble."""

    async def open(self, work: Work, row: LetterRow) -> Letter:
        """Return the letter with all that it is to carry."""
        ...

    async def unwanted(self, work: Work, row: LetterRow, letter: Letter) -> Unwanted:
        """Return what of it is not to be sent any more."""
        ...

    async def gone(self, work: Work, person: Person, why: Why) -> None:
        """Remember that nothing can be sent to this person."""
        ...
