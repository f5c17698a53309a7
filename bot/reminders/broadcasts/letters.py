"""Between the rows of a broadcast and its values, and between its audience and its letters."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from bot.courts.court import CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.broadcasts.broadcast import Audience, Broadcast, BroadcastId, BroadcastState, Progress, Reason
from bot.reminders.delivery.letter import LetterState
from bot.store import Work
from bot.store.addressing import address
from bot.store.audiences import AudienceAsked, Audiences
from bot.store.broadcasts import BroadcastKey, Broadcasts
from bot.store.date_rows import BroadcastRow, LetterRow

SOME = 20
"""How many people are named for each reason; the command line names them all."""


@dataclass(frozen=True, slots=True)
class Where:
    """The workspace that a broadcast belongs to; nobody outside it sees it or moves it."""

    platform: Platform
    workspace: WorkspaceId

    @classmethod
    def of(cls, person: Person) -> Where:
        """Return the workspace that `person` is in."""
        return cls(person.platform, person.workspace)

    def key(self, id: BroadcastId) -> BroadcastKey:
        """Return what names the row of `id`, if it is of this workspace."""
        return BroadcastKey(self.platform.value, self.workspace, id)


class BroadcastLetters(Protocol):
    """What a broadcast needs of the letters (bot/store/letters.py has it); every method raises StoreTrouble."""

    async def write(self, work: Work, rows: Sequence[LetterRow]) -> Any:
        """Keep new letters, and have those that are queued delivered once `work` is kept."""
        ...

    async def stop_broadcast(self, work: Work, broadcast: str) -> Any:
        """Pass over every letter of the broadcast that is queued."""
        ...

    async def requeue_failed(self, work: Work, broadcast: str) -> int:
        """Queue the failed letters of the broadcast once more; returns how many."""
        ...


class Addressing:
    """Whom a broadcast is for, and the letters that go to them."""

    def __init__(self, letters: BroadcastLetters) -> None:
        self._letters = letters
        self._audiences = Audiences()

    async def head_count(self, work: Work, row: BroadcastRow) -> tuple[int, tuple[Reason, ...]]:
        """Return how many it would reach now, and whom not, with the first of them. Raises StoreTrouble."""
        audience = audience_of(row.audience)
        if audience.channel:
            return 1, ()
        asked = _asked(row, audience)
        counted = await self._audiences.head_count(work, asked)
        included = counted.pop("", 0)
        reasons = []
        for why, count in sorted(counted.items()):
            some = await self._audiences.passed_over(work, asked, why, SOME)
            reasons.append(Reason(LetterState.SKIPPED.value, why, count, tuple(some)))
        return included, tuple(reasons)

    async def write(self, work: Work, row: BroadcastRow) -> int:
        """Write one letter for everybody in the audience, those who are passed over included, with why.

        Returns how many are to be sent. Raises StoreTrouble.
        """
        audience = audience_of(row.audience)
        if not audience.channel:
            return await address(work, _asked(row, audience), row.id)
        await self._letters.write(work, [_to_channel(row, audience.channel)])
        return 1

    async def offices(self, work: Work, where: Where) -> list[str]:
        """Return the offices of the people known there. Raises StoreTrouble."""
        return await self._audiences.offices(work, where.platform.value, where.workspace)


async def progress_of(work: Work, rows: Broadcasts, row: BroadcastRow, counts: Mapping[str, int]) -> Progress:
    """Return how far the broadcast of `row` got. Raises StoreTrouble."""
    missed = await rows.missed(work, row.id, SOME)
    reasons = tuple(Reason(one.state, one.why, one.count, one.some) for one in missed)
    return Progress(broadcast_of(row), counts, reasons, row.changed_at)


def broadcast_of(row: BroadcastRow) -> Broadcast:
    """Return the value of a row."""
    return Broadcast(
        id=BroadcastId(row.id),
        by=Person(Platform(row.platform), WorkspaceId(row.workspace), PersonId(row.by_person)),
        text=row.text,
        audience=audience_of(row.audience),
        state=BroadcastState(row.state),
        created_at=row.created_at,
        send_at=row.send_at,
        round=row.round,
    )


def audience_of(kept: Mapping[str, Any]) -> Audience:
    """Return the audience as the row keeps it."""
    court = kept.get("court")
    return Audience(
        court=CourtId(court) if court else None,
        office=str(kept.get("office", "")),
        unlinked_only=bool(kept.get("unlinked_only")),
        channel=str(kept.get("channel", "")),
    )


def audience_out(audience: Audience) -> dict[str, Any]:
    """Return the audience as a row keeps it."""
    return asdict(audience)


def _asked(row: BroadcastRow, audience: Audience) -> AudienceAsked:
    return AudienceAsked(row.platform, row.workspace, audience.court, audience.office, audience.unlinked_only)


def _to_channel(row: BroadcastRow, channel: str) -> LetterRow:
    return LetterRow(
        id=uuid.uuid4().hex,
        platform=row.platform,
        workspace=row.workspace,
        recipient=channel,
        kind="channel",
        broadcast=row.id,
        not_before=row.changed_at,
        created_at=row.changed_at,
        changed_at=row.changed_at,
    )
