"""What a letter carries, made of rows as they now stand, and what of it is not to be sent any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.courts.court import Court, CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.broadcasts.broadcast import Broadcast, BroadcastId, BroadcastState
from bot.reminders.broadcasts.letters import Where, broadcast_of
from bot.reminders.correction import standing
from bot.reminders.delivery.letter import Letter, LetterId, Told, Why
from bot.reminders.event import Kind
from bot.reminders.ladder import DONE
from bot.reminders.notice import NoticeId
from bot.reminders.rows import event_of, hours_of, notice_of
from bot.store import Events, LetterRow, NoticeRow, People, PersonRow, Register, WatchRow, Work
from bot.store.broadcasts import Broadcasts
from bot.store.letters import Letters


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter with all that it carries; `unwanted` says which notices are not to be sent any more, and why.

    `whole` says why nothing of the letter is, None when something of it is.
    """

    letter: Letter
    unwanted: Mapping[NoticeId, Why] = field(default_factory=dict)
    whole: Why | None = None


class Opening(Protocol):
    """What delivery needs to know of a letter's contents; every method raises StoreTrouble."""

    async def open(self, work: Work, row: LetterRow) -> Opened:
        """Return what the letter carries, and what of it is wanted now."""
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

    async def open(self, work: Work, row: LetterRow) -> Opened:
        """Return what the letter carries; overtaken is what moved, who linked, muted or left, a stopped broadcast.

        A notice of a court that is not known any more is not in it, and is overtaken as well.
        """
        platform, workspace = Platform(row.platform), WorkspaceId(row.workspace)
        person = Person(platform, workspace, PersonId(row.recipient)) if row.kind == "person" else None
        channel = "" if person is not None else row.recipient
        letter = Letter(LetterId(row.id), platform, workspace, person, channel, first_try=row.first_try)
        if row.broadcast is not None:
            letter = replace(letter, broadcast=await self._broadcast(work, row))
            return Opened(letter, whole=await self._against(work, letter))
        told, reasons = await self._notices(work, row, person)
        nothing = not any(one.notice.id not in reasons for one in told)
        why = next(iter(reasons.values()), Why.SUPERSEDED) if nothing else None
        return Opened(replace(letter, told=tuple(told)), reasons, why)

    async def gone(self, work: Work, person: Person, why: Why) -> None:
        """Remember that nothing can be sent to this person; planning leaves them out until they are seen again."""
        await self._people.lose(work, person, why.value)

    async def _notices(
        self, work: Work, row: LetterRow, person: Person | None
    ) -> tuple[list[Told], dict[NoticeId, Why]]:
        if person is None:
            return [], {}
        about = await self._people.get(work, person) or PersonRow(row.platform, row.workspace, row.recipient)
        watched = {watch.court: watch for watch in await self._people.watches(work, person)}
        told: list[Told] = []
        reasons: dict[NoticeId, Why] = {}
        for notice in await self._letters.carried(work, row.id):
            opened, watch = await self._told(work, notice, about), watched.get(notice.court)
            why = Why.SUPERSEDED if opened is None else await self._why_not(work, opened, about, watch)
            told += [opened] if opened is not None else []
            reasons |= {NoticeId(notice.id): why} if why is not None else {}
        return told, reasons

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
            return Why.LINKED if await self._done(work, person, court, Kind.NEXTGEN_GO_LIVE) else None
        return None

    async def _why_not(self, work: Work, told: Told, about: PersonRow, watch: WatchRow | None) -> Why | None:
        if told.notice.planned.told != standing(told.event):
            return Why.SUPERSEDED
        if watch is None or watch.muted or not watch.is_on:
            return Why.MUTED
        if await self._people.given_up(work, about):
            return Why(about.gone)
        done = await self._done(work, about.who, told.notice.court, told.event.kind)
        return Why.LINKED if done else None

    async def _done(self, work: Work, person: Person, court: CourtId, kind: Kind) -> bool:
        entry = await self._register.get(work, person.platform.value, person.workspace, person.id, court)
        return entry is not None and entry.state in DONE[kind]
