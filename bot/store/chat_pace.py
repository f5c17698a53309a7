"""How fast a chat may be written to, kept for all replicas together: turns that are booked, and holds (slack.md 1.10).

A place is a workspace, a channel of it, or its look-ups; its row says when it is free next. Whoever books takes the
rows first, so that counting and taking are one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, update
from sqlalchemy.dialects import postgresql, sqlite

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

    async def book(
        self, work: Work, place: str, gap: float, *, within: float, inner: str = "", inner_gap: float = 0.0
    ) -> Turn:
        """Book the next turn at `place`, `gap` seconds after the one before, if it comes `within` so many seconds.

        `inner` is a place inside it that must be free then too (a channel of a workspace), every `inner_gap` seconds.
        A turn that is too far, or finds `inner` taken, is not booked; its seconds say when to ask again.
        """
        # Always the inner one first: it is seldom contended, and two who book never wait for each other.
        inner_free, _ = await self._take(work, inner) if inner else (0.0, 0.0)
        free, now = await self._take(work, place)
        turn = max(free, now)
        if inner_free > turn:
            return Turn(inner_free - now, booked=False)
        if turn - now > within:
            return Turn(turn - now, booked=False)
        places = [place, inner] if inner else [place]
        until = case((chat_pace.c.place == inner, turn + inner_gap), else_=turn + gap)
        await work.execute(update(chat_pace).where(chat_pace.c.place.in_(places)).values(next_at=until))
        return Turn(turn - now, booked=True)

    async def hold(self, work: Work, place: str, seconds: float) -> None:
        """Let nothing be sent at `place` for so many seconds: the chat asked for it. What was booked stays booked."""
        free, now = await self._take(work, place)
        until = max(free, now + min(seconds, LONGEST_HOLD))
        await work.execute(update(chat_pace).where(chat_pace.c.place == place).values(next_at=until))

    async def _take(self, work: Work, place: str) -> tuple[float, float]:
        """Take the place's row to the end of the unit of work; returns when it is free, and the present (both s)."""
        insert = postgresql.insert if work.on_server else sqlite.insert
        row = insert(chat_pace).values(place=place, next_at=0.0)
        same = {"next_at": chat_pace.c.next_at}
        taken = row.on_conflict_do_update(index_elements=[chat_pace.c.place], set_=same)
        found = (await work.execute(taken.returning(chat_pace.c.next_at, work.seconds.label("now")))).one()
        free, now = float(found.next_at), float(found.now)
        return (free if free <= now + LONGEST_HOLD else 0.0), now
