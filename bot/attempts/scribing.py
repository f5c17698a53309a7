"""What the book tells register and audit; they are another part, and are handed in (bot/register/scribe.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.courts.court import CourtId
from bot.errors import Code
from bot.linker.values import Question, Result, Told
from bot.people import Person
from bot.secret import Login
from bot.store import Work


class Scribe(Protocol):
    """What the book tells register and audit, inside its own unit of work (bot/register/scribe.py)."""

    async def opened(
        self,
        work: Work,
        who: Person,
        court: CourtId,
        incident: str,
        login: Login,
        account: Login,
        shown: Mapping[str, str],
    ) -> Any:
        """The form was received and the attempt began."""
        ...

    async def went_on(
        self,
        work: Work,
        who: Person,
        court: CourtId,
        incident: str,
        steps: Sequence[Told],
        asked: tuple[int, Question] | None,
        answered: tuple[int, Question] | None,
    ) -> Any:
        """Steps were told, a question asked or answered."""
        ...

    async def submitting(self, work: Work, who: Person, court: CourtId, incident: str) -> Any:
        """The final Submit may go out from here on."""
        ...

    async def ended(self, work: Work, who: Person, court: CourtId, result: Result) -> Any:
        """The attempt ended."""
        ...

    async def taken_over(self, work: Work, who: Person, court: CourtId, incident: str, code: Code, by: str) -> Any:
        """Another replica ended it."""
        ...

    async def keep(self, head: Any) -> None:
        """What was written is committed now."""
        ...
