"""The rows of broadcasts: written once as a draft, and moved by one conditional statement each time.

Whoever moves a row first has moved it: a second press, a second admin or a second replica finds another state and
changes nothing (design, promise 9). The letters of a broadcast are written by whoever moved it, in the same unit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, false, func, or_, select, update

from bot.store.date_rows import BroadcastRow
from bot.store.engine import Work
from bot.store.letters_tables import broadcasts, chat_pace, letters
from bot.store.rows import JsonObject

B = broadcasts.c
L = letters.c

DRAFT, SCHEDULED, SENDING, STOPPED, DONE = "draft", "scheduled", "sending", "stopped", "done"
OPEN = ("queued", "sending")
"""States of a letter that is not settled yet."""
MISSED = ("failed", "skipped", "perhaps")
"""States of a letter that did not certainly arrive."""


@dataclass(frozen=True, slots=True)
class BroadcastKey:
    """Which broadcast, and in which workspace: one of another workspace is not found."""

    platform: str
    workspace: str
    id: str


@dataclass(frozen=True, slots=True)
class MissedRow:
    """Letters of one state and why: how many there are, and the first recipients."""

    state: str
    why: str
    count: int
    some: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One letter's recipient, how it stands, why, and since when."""

    recipient: str
    state: str
    why: str
    changed_at: datetime


class Broadcasts:
    """Broadcasts and what became of them. Every method raises StoreTrouble."""

    async def enter(self, work: Work, row: BroadcastRow) -> None:
        """Keep a new draft."""
        await work.execute(broadcasts.insert().values(**asdict(row)))

    async def get(self, work: Work, key: BroadcastKey) -> BroadcastRow | None:
        """Return the row."""
        found = (await work.execute(select(broadcasts).where(_is(key)))).one_or_none()
        return None if found is None else _row(found)

    async def key_of(self, work: Work, id: str) -> BroadcastKey | None:
        """Return what names the broadcast of this id, in whichever workspace it is: for who keeps the server."""
        found = (await work.execute(select(broadcasts).where(B.id == id))).one_or_none()
        return None if found is None else _key(found)

    async def all_recent(self, work: Work, limit: int) -> list[BroadcastRow]:
        """Return the newest broadcasts of every workspace, drafts aside."""
        newest = select(broadcasts).where(B.state != DRAFT).order_by(B.changed_at.desc(), B.id).limit(limit)
        return [_row(found) for found in await work.execute(newest)]

    async def recent(self, work: Work, platform: str, workspace: str, limit: int) -> list[BroadcastRow]:
        """Return the newest broadcasts of a workspace, drafts aside."""
        here = and_(B.platform == platform, B.workspace == workspace, B.state != DRAFT)
        newest = select(broadcasts).where(here).order_by(B.changed_at.desc(), B.id).limit(limit)
        return [_row(found) for found in await work.execute(newest)]

    async def newest_draft(self, work: Work, platform: str, workspace: str, person: str) -> BroadcastRow | None:
        """Return what this person wrote last and never sent, where they sent nothing since."""
        theirs = and_(B.platform == platform, B.workspace == workspace, B.by_person == person)
        newest = select(broadcasts).where(theirs).order_by(B.created_at.desc(), B.id).limit(1)
        found = (await work.execute(newest)).one_or_none()
        return _row(found) if found is not None and found.state == DRAFT else None

    async def begin(self, work: Work, key: BroadcastKey) -> BroadcastRow | None:
        """Move a draft to sending; None when it is no draft any more, and then nothing was changed."""
        return await self._move(work, key, B.state == DRAFT, state=SENDING)

    async def begin_due(self, work: Work, key: BroadcastKey) -> BroadcastRow | None:
        """Move a scheduled broadcast to sending when its time has come; None when it is another's, or not yet due."""
        return await self._move(work, key, and_(B.state == SCHEDULED, B.send_at <= work.moment), state=SENDING)

    async def schedule(self, work: Work, key: BroadcastKey) -> BroadcastRow | None:
        """Let a draft wait for its time; None when it is no draft, or its time is past."""
        return await self._move(work, key, and_(B.state == DRAFT, B.send_at > work.moment), state=SCHEDULED)

    async def stop(self, work: Work, key: BroadcastKey) -> BroadcastRow | None:
        """Stop one that waits or goes out; None when it is neither."""
        return await self._move(work, key, B.state.in_((SCHEDULED, SENDING)), state=STOPPED)

    async def again(self, work: Work, key: BroadcastKey, round: int) -> BroadcastRow | None:
        """Move one that is over to sending once more, if it is over for the `round`th time, and count the round."""
        over = and_(B.state.in_((DONE, STOPPED)), B.round == round)
        return await self._move(work, key, over, state=SENDING, round=B.round + 1)

    async def finish(self, work: Work) -> list[BroadcastRow]:
        """End every broadcast that goes out and has no letter left to be settled; returns them, each to one caller."""
        unsettled = exists(select(L.id).where(L.broadcast == B.id, L.state.in_(OPEN)))
        over = update(broadcasts).where(B.state == SENDING, ~unsettled)
        found = await work.execute(over.values(state=DONE, changed_at=work.moment).returning(broadcasts))
        return [_row(row) for row in found]

    async def due(self, work: Work, limit: int) -> list[BroadcastKey]:
        """Return what waits and whose time has come, the oldest first."""
        late = select(broadcasts).where(B.state == SCHEDULED, B.send_at <= work.moment)
        return [_key(row) for row in await work.execute(late.order_by(B.send_at, B.id).limit(limit))]

    async def unstopped(self, work: Work) -> list[str]:
        """Return the ids of stopped broadcasts that have letters waiting: a try that was under way gave one back."""
        waiting = exists(select(L.id).where(L.broadcast == B.id, L.state == "queued", L.unsure == false()))
        return list((await work.execute(select(B.id).where(B.state == STOPPED, waiting))).scalars())

    async def lively(self, work: Work, since: datetime, limit: int = 50) -> list[BroadcastRow]:
        """Return those whose progress may change: scheduled, going out, or changed at `since` or later."""
        lately = and_(B.state.in_((STOPPED, DONE)), B.changed_at >= since)
        shown = select(broadcasts).where(or_(B.state.in_((SCHEDULED, SENDING)), lately))
        return [_row(row) for row in await work.execute(shown.order_by(B.changed_at.desc(), B.id).limit(limit))]

    async def counts(self, work: Work, ids: Collection[str]) -> dict[str, dict[str, int]]:
        """Return how many letters of each broadcast stand in each state."""
        asked = select(L.broadcast, L.state, func.count().label("letters")).where(L.broadcast.in_(list(ids)))
        counted: dict[str, dict[str, int]] = {id: {} for id in ids}
        for row in await work.execute(asked.group_by(L.broadcast, L.state)):
            counted[row.broadcast][row.state] = row.letters
        return counted

    async def missed(self, work: Work, id: str, some: int) -> list[MissedRow]:
        """Return the letters that did not certainly arrive, by state and why, with the first `some` of each."""
        alike = (L.state, L.why)
        number = func.row_number().over(partition_by=alike, order_by=L.recipient).label("number")
        count = func.count().over(partition_by=alike).label("letters")
        ranked = select(L.state, L.why, L.recipient, number, count)
        ranked_rows = ranked.where(L.broadcast == id, L.state.in_(MISSED)).subquery()
        first = select(ranked_rows).where(ranked_rows.c.number <= some)
        gathered: dict[tuple[str, str], tuple[int, list[str]]] = {}
        for row in await work.execute(first.order_by("state", "why", "number")):
            gathered.setdefault((row.state, row.why), (row.letters, []))[1].append(row.recipient)
        return [MissedRow(state, why, all, tuple(names)) for (state, why), (all, names) in gathered.items()]

    async def deliveries(self, work: Work, id: str) -> list[DeliveryRow]:
        """Return every letter, by state and recipient."""
        asked = select(L.recipient, L.state, L.why, L.changed_at).where(L.broadcast == id)
        found = await work.execute(asked.order_by(L.state, L.why, L.recipient))
        return [DeliveryRow(row.recipient, row.state, row.why, row.changed_at) for row in found]

    async def turn(self, work: Work, id: str, seconds: float) -> bool:
        """Take the turn to show the broadcast's progress: True for one replica, and for nobody else for `seconds`."""
        insert = work.insert
        mine = insert(chat_pace).values(place=_turn(id), next_at=work.seconds + seconds)
        free = or_(chat_pace.c.next_at <= work.seconds, chat_pace.c.next_at > work.seconds + FARTHEST)
        taken = mine.on_conflict_do_update(
            index_elements=[chat_pace.c.place], set_={"next_at": work.seconds + seconds}, where=free
        )
        return (await work.execute(taken.returning(chat_pace.c.place))).one_or_none() is not None

    async def shown(self, work: Work, id: str, place: JsonObject | None, seconds: float) -> None:
        """Enter where and what was shown (None: as before), and let nobody show it again for `seconds`."""
        if place is not None:
            await work.execute(update(broadcasts).where(B.id == id).values(place=dict(place)))
        later = update(chat_pace).where(chat_pace.c.place == _turn(id))
        await work.execute(later.values(next_at=work.seconds + seconds))

    async def purge(self, work: Work, before: datetime) -> int:
        """Delete drafts that nobody sent and that were written before `before`; returns how many."""
        await work.execute(delete(chat_pace).where(_stale_turns(before)))
        return (await work.execute(delete(broadcasts).where(B.state == DRAFT, B.created_at < before))).rowcount

    async def _move(
        self, work: Work, key: BroadcastKey, when: ColumnElement[bool], **values: Any
    ) -> BroadcastRow | None:
        moved = update(broadcasts).where(_is(key), when).values(**values, changed_at=work.moment)
        found = (await work.execute(moved.returning(broadcasts))).one_or_none()
        return None if found is None else _row(found)


FARTHEST = 3600.0
"""Seconds; a turn farther ahead comes from a clock that was set back, and binds nobody."""

_TURNS = "broadcast/"


def _turn(id: str) -> str:
    return f"{_TURNS}{id}"


def _stale_turns(before: datetime) -> ColumnElement[bool]:
    return and_(chat_pace.c.place.startswith(_TURNS, autoescape=True), chat_pace.c.next_at < before.timestamp())


def _is(key: BroadcastKey) -> ColumnElement[bool]:
    return and_(B.platform == key.platform, B.workspace == key.workspace, B.id == key.id)


def _key(found: Row[Any]) -> BroadcastKey:
    return BroadcastKey(found.platform, found.workspace, found.id)


def _row(found: Row[Any]) -> BroadcastRow:
    return BroadcastRow(**found._mapping)
