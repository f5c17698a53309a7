"""Who may send a letter, and when: its turn at the chat's pace, then a claim that lasts as long as its lease."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.reminders.delivery.contents import Opened, Opening
from bot.reminders.delivery.letter import Letter, LetterId, LetterState, Why
from bot.reminders.delivery.rates import Rates
from bot.store import Store, Work
from bot.store.chat_pace import ChatPace, Turn
from bot.store.date_rows import LetterRow
from bot.store.letters import Letters

DEADLY = 4
"""Times the usual number of tries, after which a letter that was never entered as anything is not taken up again."""


@dataclass(frozen=True, slots=True)
class Held:
    """A letter that is ours until `until` (monotonic) and `until_wall` (aware), whichever comes first."""

    row: LetterRow
    letter: Letter
    at: datetime
    until: float
    until_wall: datetime


class Claims:
    """Takes letters for one replica; `me` names its process, and no other that may run at the same time."""

    def __init__(self, store: Store, clock: Clock, opening: Opening, rates: Rates, me: str) -> None:
        self._store = store
        self._clock = clock
        self._opening = opening
        self._rates = rates
        self._me = me
        self._letters = Letters()
        self._pace = ChatPace()

    async def take(self, id: LetterId) -> Held | None:
        """Wait for the letter's turn to be sent, or looked up, and claim it; None when there is nothing to do now."""
        async with self._store.work() as work:
            row = await self._letters.ready(work, id)
            if row is None:
                return None
            lookup = row.unsure or row.state == LetterState.SENDING
            turn = await (self._lookup_turn(work, row) if lookup else self._turn(work, row))
            if not turn.booked:
                await self._letters.postpone(work, id, turn.seconds)
                return None
        await self._clock.sleep(turn.seconds)
        async with self._store.work() as work:
            channel = await self._channel_turn(work, row) if not lookup else turn
            if not channel.booked:
                await self._letters.postpone(work, id, channel.seconds)
                return None
            return await self._claim(work, id)

    async def turn(self, work: Work, row: LetterRow) -> Turn:
        """Book the next turn to send a letter that is held already, if it is near enough to be waited for."""
        channel = await self._channel_turn(work, row)
        return await self._turn(work, row) if channel.booked else channel

    async def _turn(self, work: Work, row: LetterRow) -> Turn:
        return await self._pace.line_up(work, place_of(row), self._rates.gap, within=self._rates.farthest)

    async def _channel_turn(self, work: Work, row: LetterRow) -> Turn:
        place = f"{place_of(row)}/{row.recipient}"
        return await self._pace.book(work, place, self._rates.channel_gap, within=0.0)

    async def _lookup_turn(self, work: Work, row: LetterRow) -> Turn:
        place = f"{place_of(row)}/lookups"
        return await self._pace.book(work, place, self._rates.lookup_gap, within=self._rates.farthest)

    async def _claim(self, work: Work, id: LetterId) -> Held | None:
        """Claim the letter, without the notices that are not wanted any more; None when nothing is to be done."""
        began, wall = self._clock.monotonic(), self._clock.now()
        rates, lease = self._rates, timedelta(seconds=self._rates.lease)
        row = await self._letters.claim(work, id, self._me, rates.lease)
        if row is None or row.lease_until is None:
            return None
        opened = await self._opening.open(work, row)
        held = Held(row, opened.letter, row.lease_until - lease, began + rates.lease, wall + lease)
        if not row.unsure:
            return await self._wanted(work, held, opened)
        if row.attempts > DEADLY * rates.tries and not rates.still_unsure(row.attempts, row.first_try, held.at):
            # Whoever takes it up dies of it.
            await self._letters.end(work, row, LetterState.PERHAPS, Why.UNKNOWN_OUTCOME)
            return None
        return held

    async def wanted(self, work: Work, held: Held) -> Held | None:
        """Drop what is not to be sent any more, by now; None when nothing is left."""
        return await self._wanted(work, held, await self._opening.open(work, held.row))

    async def _wanted(self, work: Work, held: Held, opened: Opened) -> Held | None:
        for notice, why in opened.unwanted.items():
            await self._letters.drop(work, notice, why)
        if opened.whole is not None:
            await self._letters.end(work, held.row, LetterState.SKIPPED, opened.whole)
            return None
        told = tuple(one for one in opened.letter.told if one.notice.id not in opened.unwanted)
        return replace(held, letter=replace(opened.letter, told=told))

    def left(self, held: Held) -> float:
        """Seconds of the lease that are left, by whichever clock has gone farther: a machine may have slept."""
        wall = (held.until_wall - self._clock.now()).total_seconds()
        return min(held.until - self._clock.monotonic(), wall)


def place_of(row: LetterRow) -> str:
    """The name of the letter's workspace, as the pace knows it."""
    return f"{row.platform}/{row.workspace}"
