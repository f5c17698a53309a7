"""Writes an attempt into register and audit as it goes, inside the units of work in which its own row changes.

The attempts know this by a Protocol of their own (bot/attempts/store_book.py); steps, questions and results are read by
the shapes of `event.py`, so that neither part imports the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.courts.court import CourtId
from bot.errors import Code
from bot.people import Person
from bot.register import changes, event
from bot.register.chain import Head
from bot.register.event import AuditEvent, Consent, Event, Question, Result, Told
from bot.register.recorder import Recorder
from bot.secret import Login
from bot.store import Work


class Scribe:
    """The recorder in the words of an attempt."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def opened(
        self,
        work: Work,
        who: Person,
        court: CourtId,
        incident: str,
        login: Login,
        account: Login,
        shown: Mapping[str, str],
    ) -> Head:
        """The form was received, with the consent texts `shown` (by the names of Consent), and the attempt began."""
        texts = {Consent(name): text for name, text in shown.items()}
        await self._recorder.note(work, event.form_received(who, court, incident, texts))
        change = changes.attempt_started(who, court, incident, login=login, account=account)
        return (await self._recorder.record(work, change)).head

    async def went_on(
        self,
        work: Work,
        who: Person,
        court: CourtId,
        incident: str,
        steps: Sequence[Told],
        asked: tuple[int, Question] | None,
        answered: tuple[int, Question] | None,
    ) -> Head | None:
        """Steps were told, a question was asked or answered, in this order: answered, steps, asked."""
        head: Head | None = None
        if answered is not None:
            head = await self._recorder.note(work, event.answered(who, court, incident, *answered))
        for step in steps:
            head = await self._recorder.note(work, event.step(who, court, incident, step))
        if asked is not None:
            head = await self._recorder.note(work, event.asked(who, court, incident, *asked))
        return head

    async def submitting(self, work: Work, who: Person, court: CourtId, incident: str) -> Head:
        """The final Submit may go out from here on."""
        return await self._recorder.note(work, AuditEvent(Event.SUBMITTING, who, court, incident))

    async def ended(self, work: Work, who: Person, court: CourtId, result: Result) -> Head:
        """The attempt ended with this result, whose menus are the evidence."""
        return (await self._recorder.record(work, changes.attempt_ended(who, court, result))).head

    async def taken_over(self, work: Work, who: Person, court: CourtId, incident: str, code: Code, by: str) -> Head:
        """Replica `by` ended what another one had left behind."""
        return (await self._recorder.record(work, changes.attempt_taken_over(who, court, incident, code, by))).head

    async def keep(self, head: Head) -> None:
        """Remember the newest line, once it is committed."""
        await self._recorder.keep(head)
