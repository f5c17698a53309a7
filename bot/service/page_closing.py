"""A page that the last wrong code has closed: noted in the audit, and told to its person, who may not have typed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.attempts.attempt import AttemptId, QuestionNumber
from bot.courts.court import CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.register.chain import Head
from bot.register.event import AuditEvent, Event
from bot.register.recorder import Recorder
from bot.service.linking import Service
from bot.service.pages import ClosedPage, PageTeller
from bot.store import PageLinks, PageRow, Work


@dataclass(frozen=True, slots=True)
class Closed:
    """A link that was closed in a unit of work, and the head of the audit to be kept once that is committed."""

    row: PageRow
    head: Head


class PageClosing:
    """Notes by `recorder` and tells by `tellers`, those of each chat; a chat without one hears nothing."""

    def __init__(self, service: Service, recorder: Recorder, tellers: Mapping[Platform, PageTeller]) -> None:
        self._service = service
        self._recorder = recorder
        self._tellers = tellers
        self._links = PageLinks()

    async def note(self, work: Work, token_hash: str, wrong_codes: int) -> Closed | None:
        """Note that the last of `wrong_codes` has closed the link; call it in the unit of work that judged that code.

        Of any number of tries at once, at any replica, one gets here. Raises StoreTrouble.
        """
        found = await self._links.find(work, token_hash)
        if found is None:
            return None
        row, _ = found
        kind = "form" if row.court is not None else "question"
        event = AuditEvent(
            Event.PAGE_CLOSED,
            owner_of(row),
            CourtId(row.court or ""),
            facts={"kind": kind, "wrong_codes": wrong_codes},
        )
        return Closed(row, await self._recorder.note(work, event))

    async def tell(self, closed: Closed) -> None:
        """Tell the link's person in their chat, after the commit; never raises."""
        await self._recorder.keep(closed.head)
        row, person = closed.row, owner_of(closed.row)
        teller = self._tellers.get(person.platform)
        if teller is None:
            return
        if row.court is not None:
            await teller.page_closed(ClosedPage(person, self._service.court_by_id(row.court)))
            return
        attempt = AttemptId(str(row.attempt))
        view = await self._service.attempt(person, attempt)
        court = view.court if view is not None else None
        await teller.page_closed(ClosedPage(person, court, attempt, QuestionNumber(row.number or 0)))


def owner_of(row: PageRow) -> Person:
    """Return whose link it is."""
    return Person(Platform(row.platform), WorkspaceId(row.workspace), PersonId(row.person))
