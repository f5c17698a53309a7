"""How fast a chat may be written to, kept for all replicas together: turns that are booked, and holds (slack.md 1.10).

A place is a workspace, a channel of it, or its look-ups; its row says when it is free next. Whoever books takes the
rows first, so that counting and taking are one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, case, select, update

from bot.store.engine import Work
from bot.store.letters_tables import chat_pace

LONGEST_HOLD = 900.0
"""Seconds; a place that is taken for longer is so by a clock that was set back, and counts as free."""


@dataclass(frozen=True, slots=True)
class Turn:
    """When it is one's turn, in seconds from now; `booked` is False when it is not kept for whoever asked."""

    seconds: float
    booked: bool


class ChatPace:
    """When something may be sent next. Every method raises StoreTrouble."""

    async def book(self, work: Work, place: str, gap: float, *, within: float) -> Turn:
        """Book the next turn at `place`, `gap` seconds after the one before, if it comes `within` so many seconds.

        A turn that is too far is not booked; its seconds say when to ask again. Whoever asks has the place to itself
        to the end of the unit of work.
        """
        free, now = await self._take(work, place)
        turn = max(free, now)
        if turn - now > within:
            return Turn(turn - now, booked=False)
        await work.execute(update(chat_pace).where(chat_pace.c.place == place).values(next_at=turn + gap))
        return Turn(turn - now, booked=True)

    async def line_up(self, work: Work, place: str, gap: float, *, within: float) -> Turn:
        """Book as `book` does, where many ask: the place is taken by the last statement, for no longer than it must.

        Those who ask at the same moment may get turns a little farther than `within`. Ask last in a unit of work.
        """
        now, before = work.seconds, chat_pace.c.next_at
        seen = (await work.execute(select(before - now).where(chat_pace.c.place == place))).scalar_one_or_none()
        if seen is not None and within < seen <= LONGEST_HOLD:
            return Turn(float(seen), booked=False)
        insert = work.insert
        turn = case((and_(before > now, before <= now + LONGEST_HOLD), before), else_=now)
        first = insert(chat_pace).values(place=place, next_at=now + gap)
        booked = first.on_conflict_do_update(index_elements=[chat_pace.c.place], set_={"next_at": turn + gap})
        wait = (await work.execute(booked.returning(before - now))).scalar_one()
        return Turn(max(0.0, float(wait) - gap), booked=True)

    async def hold(self, work: Work, place: str, seconds: float) -> None:
        """Let nothing be sent at `place` for so many seconds: the chat asked for it. What was booked stays booked."""
        free, now = await self._take(work, place)
        until = max(free, now + min(seconds, LONGEST_HOLD))
        await work.execute(update(chat_pace).where(chat_pace.c.place == place).values(next_at=until))

    async def _take(self, work: Work, place: str) -> tuple[float, float]:
        """Take the place's row to the end of the unit of work; returns when it is free, and the present (both s)."""
        insert = work.insert
        row = insert(chat_pace).values(place=place, next_at=0.0)
        same = {"next_at": chat_pace.c.next_at}
        taken = row.on_conflict_do_update(index_elements=[chat_pace.c.place], set_=same)
        found = (await work.execute(taken.returning(chat_pace.c.next_at, work.seconds.label("now")))).one()
        free, now = float(found.next_at), float(found.now)
        return (free if free <= now + LONGEST_HOLD else 0.0), now
