"""A court's slots, its waiting line and its pace, kept for all replicas together (design 5, Pace).

Whoever takes a slot or books a request first takes the court's own row: that makes the counting and the taking one.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, case, delete, exists, func, select, update

from bot.store.engine import Work
from bot.store.tables import attempts, court_pace, court_queue, slots

FARTHEST = 60.0
"""Seconds; a booking farther ahead comes from a clock that was set back, and is forgotten."""


class Slots:
    """Who may be at a court now. Every method raises StoreTrouble."""

    async def take(self, work: Work, court: str, attempt: str, owner: str, until: datetime, places: int) -> int:
        """Take one of the court's `places` slots: 0 when the attempt holds one now, else its place in line, from 1.

        Ask again to move up: first come, first served. What nobody
        renews counts no more, once its attempt has ended.
        """
        await self._hold_court(work, court)
        for table in (slots, court_queue):
            # A clock that was stepped lapses nothing: the slot of an attempt that runs is freed when that one ends.
            running = exists().where(attempts.c.id == table.c.attempt, attempts.c.state != "ended")
            lapsed = and_(table.c.court == court, table.c.lease_until <= work.moment, ~running)
            await work.execute(delete(table).where(lapsed))
        if await self._prolong(work, attempt, until):
            return 0
        arrival = await self._queue(work, court, attempt, owner, until)
        held = select(func.count()).select_from(slots).where(slots.c.court == court)
        ahead = and_(court_queue.c.court == court, court_queue.c.arrival <= arrival)
        line = select(func.count()).select_from(court_queue).where(ahead)
        held_now, place = (await work.execute(select(held.scalar_subquery(), line.scalar_subquery()))).one()
        if held_now + place > places:
            return int(place)
        await work.execute(delete(court_queue).where(court_queue.c.attempt == attempt))
        row = {"attempt": attempt, "court": court, "owner": owner, "lease_until": until, "since": work.moment}
        await work.execute(slots.insert().values(**row))
        return 0

    async def release(self, work: Work, attempt: str) -> None:
        """Give back the attempt's slot, and its place in line."""
        for table in (slots, court_queue):
            await work.execute(delete(table).where(table.c.attempt == attempt))

    async def renew(self, work: Work, owner: str, until: datetime) -> int:
        """Keep every slot and place of `owner` until `until`; returns how many there still are."""
        kept = 0
        for table in (slots, court_queue):
            held = table.c.owner == owner
            kept += (await work.execute(update(table).where(held).values(lease_until=until))).rowcount
        return kept

    async def book(self, work: Work, court: str, gap: float) -> float:
        """Book the court's next request, `gap` seconds after the one before; returns the seconds to wait for it."""
        insert = work.insert
        now, before = work.seconds, court_pace.c.next_at
        turn = case((and_(before > now, before <= now + FARTHEST + gap), before), else_=now)
        first = insert(court_pace).values(court=court, next_at=now + gap)
        booked = first.on_conflict_do_update(index_elements=[court_pace.c.court], set_={"next_at": turn + gap})
        wait = (await work.execute(booked.returning(before - now))).scalar_one()
        return max(0.0, float(wait) - gap)

    async def _hold_court(self, work: Work, court: str) -> None:
        insert = work.insert
        row = insert(court_pace).values(court=court, next_at=0.0)
        same = {"next_at": court_pace.c.next_at}
        await work.execute(row.on_conflict_do_update(index_elements=[court_pace.c.court], set_=same))

    async def _prolong(self, work: Work, attempt: str, until: datetime) -> bool:
        done = await work.execute(update(slots).where(slots.c.attempt == attempt).values(lease_until=until))
        return done.rowcount == 1

    async def _queue(self, work: Work, court: str, attempt: str, owner: str, until: datetime) -> int:
        """Stand in line, or keep standing there; returns the number of the arrival."""
        insert = work.insert
        row = {"attempt": attempt, "court": court, "owner": owner, "lease_until": until, "at": work.moment}
        stand = insert(court_queue).values(**row)
        again = stand.on_conflict_do_update(
            index_elements=[court_queue.c.attempt], set_={"lease_until": until, "owner": owner}
        )
        return int((await work.execute(again.returning(court_queue.c.arrival))).scalar_one())
