"""What a letter carries, made of rows as they now stand, and what of it is not to be sent any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.courts.court import Court, CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.broadcast import Broadcast, BroadcastId, BroadcastState
from bot.reminders.broadcast_letters import Where, broadcast_of
from bot.reminders.correction import standing
from bot.reminders.letter import Letter, LetterId, Told, Why
from bot.reminders.notice import NoticeId
from bot.reminders.rows import event_of, hours_of, notice_of
from bot.store import Events, LetterRow, NoticeRow, People, PersonRow, Register, Work
from bot.store.broadcasts import Broadcasts
from bot.store.letters import Letters

DONE = frozenset({"linked", "guided", "not_needed"})
"""States of the register in which a person need not hear of the court any more."""


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


class Contents:
    """The contents of letters from the store; `find` knows the courts, whose zones make instants of dates."""

    def __init__(self, find: Callable[[CourtId], Court | None]) -> None:
        self._find = find
        self._letters = Letters()
        self._events = Events()
        self._people = People()
        self._register = Register()
        self._broadcasts = Broadcasts()

    async def open(self, work: Work, row: LetterRow) -> Letter:
        """Return the letter; a notice of a court that is not known any more is not in it."""
        platform, workspace = Platform(row.platform), WorkspaceId(row.workspace)
        person = Person(platform, workspace, PersonId(row.recipient)) if row.kind == "person" else None
        told: list[Told] = []
        if row.broadcast is None and person is not None:
            about = await self._people.get(work, person) or PersonRow(platform.value, workspace, person.id)
            for notice in await self._letters.carried(work, row.id):
                opened = await self._told(work, notice, about)
                told += [opened] if opened is not None else []
        return Letter(
            id=LetterId(row.id),
            platform=platform,
            workspace=workspace,
            person=person,
            channel="" if person is not None else row.recipient,
            told=tuple(told),
            broadcast=await self._broadcast(work, row),
            first_try=row.first_try,
        )

    async def unwanted(self, work: Work, row: LetterRow, letter: Letter) -> Unwanted:
        """Return what was overtaken: a date that moved, a person who linked, muted or left, a stopped broadcast."""
        if row.broadcast is not None:
            return Unwanted(whole=await self._against(work, letter))
        carried = await self._letters.carried(work, row.id)
        reasons = dict.fromkeys((NoticeId(notice.id) for notice in carried), Why.SUPERSEDED)
        for told in letter.told:
            why = await self._why_not(work, told)
            if why is None:
                del reasons[told.notice.id]
            else:
                reasons[told.notice.id] = why
        nothing = len(reasons) == len(carried)
        return Unwanted(reasons, next(iter(reasons.values()), Why.SUPERSEDED) if nothing else None)

    async def gone(self, work: Work, person: Person, why: Why) -> None:
        """Remember that nothing can be sent to this person; planning leaves them out until they are seen again."""
        await self._people.save(work, person, gone=why.value)

    async def _told(self, work: Work, notice: NoticeRow, about: PersonRow) -> Told | None:
        court, event = self._find(CourtId(notice.court)), await self._events.get(work, notice.event)
        if court is None or event is None:
            return None
        return Told(notice_of(notice), event_of(event, court.zone), hours_of(about, court.zone))

    async def _broadcast(self, work: Work, row: LetterRow) -> Broadcast | None:
        if row.broadcast is None:
            return None
        where = Where(Platform(row.platform), WorkspaceId(row.workspace))
        found = await self._broadcasts.get(work, where.key(BroadcastId(row.broadcast)))
        return None if found is None else broadcast_of(found)

    async def _against(self, work: Work, letter: Letter) -> Why | None:
        sent = letter.broadcast
        if sent is None or sent.state is BroadcastState.STOPPED:
            return Why.STOPPED
        court, person = sent.audience.court, letter.person
        if sent.audience.unlinked_only and court is not None and person is not None:
            return Why.LINKED if await self._done(work, person, court) else None
        return None

    async def _why_not(self, work: Work, told: Told) -> Why | None:
        person, court = told.notice.planned.person, told.notice.court
        if told.notice.planned.told != standing(told.event):
            return Why.SUPERSEDED
        if await self._done(work, person, court):
            return Why.LINKED
        watched = {row.court: row for row in await self._people.watches(work, person)}.get(court)
        if watched is None or watched.muted or not watched.is_on:
            return Why.MUTED
        about = await self._people.get(work, person)
        return Why(about.gone) if about is not None and about.gone else None

    async def _done(self, work: Work, person: Person, court: CourtId) -> bool:
        entry = await self._register.get(work, person.platform.value, person.workspace, person.id, court)
        return entry is not None and entry.state in DONE
