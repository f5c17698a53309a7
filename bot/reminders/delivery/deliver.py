"""Delivers one letter: waits its turn, claims it, looks up what may have arrived, sends, and enters what came of it.

Any replica may be asked to deliver any letter, more than once and at the same time: the claim lets one of them. Between
the claim and the entry anything may die; whoever claims the letter next finds it `unsure` and looks before it sends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import structlog

from bot.clock import Clock
from bot.errors import StoreTrouble
from bot.people import Platform
from bot.reminders.delivery.claiming import Claims, Held, place_of
from bot.reminders.delivery.contents import Opening
from bot.reminders.delivery.letter import (
    Barred,
    Finding,
    LetterId,
    LetterState,
    Limited,
    NotThere,
    Outcome,
    Post,
    Refused,
    Sent,
    Unsent,
    Unsure,
    Why,
)
from bot.reminders.delivery.rates import Rates
from bot.reminders.notes import Notes
from bot.reminders.notice import Step
from bot.store import Store, Work
from bot.store.chat_pace import ChatPace
from bot.store.letters import Letters

T = TypeVar("T")

log = structlog.get_logger(__name__)

INVITES = frozenset({Step.OPENING, Step.T_PLUS_1, Step.T_PLUS_7})
"""Notices that say "link now": the register knows the person as invited from then on."""

GONE = frozenset({Why.LEFT, Why.NO_DIRECT_MESSAGES})
"""Why nothing more is planned for a person, until they are seen again."""

AGAIN_AFTER = 0.5
"""Seconds between two tries to enter what became of a letter, while the database is away."""

NO_POST = 300.0
"""Seconds after which a letter to a chat that this replica does not serve is tried again."""


class Delivery:
    """Delivers letters for this replica; `me` names its process, and no other that may run at the same time."""

    def __init__(
        self,
        store: Store,
        posts: Mapping[Platform, Post],
        notes: Notes,
        clock: Clock,
        opening: Opening,
        *,
        me: str,
        rates: Rates | None = None,
    ) -> None:
        self._store = store
        self._posts = posts
        self._notes = notes
        self._clock = clock
        self._opening = opening
        self.rates = rates or Rates()
        self._claims = Claims(store, clock, opening, self.rates, me)
        self._letters = Letters()
        self._pace = ChatPace()
        self._here: set[LetterId] = set()

    async def deliver(self, id: LetterId) -> None:
        """Take the letter as far as it can go now; one that is not to be had is left alone. Raises StoreTrouble."""
        if id in self._here:
            # A wall clock that was set forward ends every lease of SQLite's, ours too.
            return
        self._here.add(id)
        try:
            await self._deliver(id)
        finally:
            self._here.discard(id)

    async def _deliver(self, id: LetterId) -> None:
        held = await self._claims.take(id)
        if held is not None and held.row.unsure:
            held = await self._look_up(held)
        if held is None:
            return
        if self._claims.left(held) < self.rates.patience:
            await self._enter(held, self._back(held, 0.0, unsure=False, counted=False))
            return
        await self._settle(held, await self._send(held))

    # The chat.

    async def _look_up(self, held: Held) -> Held | None:
        """Look for a letter that may have arrived; it comes back when it did not, and it is its turn to be sent."""
        finding = await self._find(held)
        if not isinstance(finding, NotThere):
            await self._settle_finding(held, finding)
            return None

        async def again(work: Work) -> tuple[Held | None, float]:
            turn = await self._claims.turn(work, held.row)
            if turn.booked:
                return await self._claims.wanted(work, held), turn.seconds
            await self._letters.put_back(work, held.row, turn.seconds, unsure=False, counted=False)
            return None, 0.0

        clear, seconds = await self._enter(held, again) or (None, 0.0)
        if clear is not None:
            await self._clock.sleep(seconds)
        return clear

    async def _find(self, held: Held) -> Finding:
        post = self._posts.get(held.letter.platform)
        if post is None:
            return Limited(NO_POST)
        return await self._patiently(post.find(held.letter))

    async def _send(self, held: Held) -> Outcome:
        post = self._posts.get(held.letter.platform)
        if post is None:
            return Unsent(NO_POST)
        return await self._patiently(post.send(held.letter))

    async def _patiently(self, asking: Awaitable[T]) -> T | Unsure:
        try:
            async with asyncio.timeout(self.rates.patience):
                return await asking
        except Exception as error:
            # Whatever it was, the letter may be out.
            log.warning("letter in doubt", error=type(error).__name__)
            return Unsure()

    # What came of it.

    async def _settle(self, held: Held, outcome: Outcome) -> None:
        row, rates = held.row, self.rates
        match outcome:
            case Sent(place, stamp):
                await self._arrived(held, place, stamp)
            case Limited(seconds):
                if rates.still_limited(row.first_try, held.at):
                    await self._enter(held, self._back(held, seconds, unsure=False, counted=False, hold=""))
                else:
                    await self._enter(held, self._end(held, LetterState.FAILED, Why.TOO_LATE))
            case Refused(why):
                await self._enter(held, self._end(held, LetterState.FAILED, why))
            case Barred(code, seconds):
                if rates.still_barred(row.first_try, held.at):
                    back = self._back(held, seconds, unsure=False, counted=False, hold="", why=code)
                    await self._enter(held, back)
                else:
                    await self._enter(held, self._end(held, LetterState.FAILED, Why.NOT_ALLOWED))
            case Unsent(seconds):
                if rates.still_unsent(row.attempts, row.first_try, held.at):
                    pause = rates.pause(seconds, row.attempts)
                    await self._enter(held, self._back(held, pause, unsure=False, counted=True))
                else:
                    await self._enter(held, self._end(held, LetterState.FAILED, Why.TOO_LATE))
            case Unsure():
                await self._doubt(held)

    async def _settle_finding(self, held: Held, finding: Finding) -> None:
        match finding:
            case Sent(place, stamp):
                await self._arrived(held, place, stamp)
            case Limited(seconds) if self.rates.still_limited(held.row.first_try, held.at):
                await self._enter(held, self._back(held, seconds, unsure=True, counted=False, hold="/lookups"))
            case Unsure():
                await self._doubt(held)
            case _:
                await self._enter(held, self._end(held, LetterState.PERHAPS, Why.UNKNOWN_OUTCOME))

    async def _doubt(self, held: Held) -> None:
        if self.rates.still_unsure(held.row.attempts, held.row.first_try, held.at):
            pause = self.rates.pause(self.rates.settling, held.row.attempts)
            await self._enter(held, self._back(held, pause, unsure=True, counted=True))
        else:
            await self._enter(held, self._end(held, LetterState.PERHAPS, Why.UNKNOWN_OUTCOME))

    async def _arrived(self, held: Held, place: str, stamp: str) -> None:
        async def enter(work: Work) -> Any:
            if not await self._letters.end(work, held.row, LetterState.SENT, place=place, stamp=stamp):
                return None
            head, person = None, held.letter.person
            courts = {told.notice.court for told in held.letter.told if told.notice.planned.step in INVITES}
            for court in sorted(courts):
                if person is not None:
                    head = await self._notes.invited(work, person, court)
            return head

        head = await self._enter(held, enter)
        if head is not None:
            await self._notes.keep(head)

    def _back(
        self, held: Held, seconds: float, *, unsure: bool, counted: bool, hold: str | None = None, why: str = ""
    ) -> Callable[[Work], Awaitable[None]]:
        async def enter(work: Work) -> None:
            if hold is not None:
                await self._pace.hold(work, place_of(held.row) + hold, seconds)
            await self._letters.put_back(work, held.row, seconds, unsure=unsure, counted=counted, why=why)

        return enter

    def _end(self, held: Held, state: LetterState, why: Why) -> Callable[[Work], Awaitable[None]]:
        async def enter(work: Work) -> None:
            if await self._letters.end(work, held.row, state, why) and why in GONE and held.letter.person is not None:
                await self._opening.gone(work, held.letter.person, why)

        return enter

    async def _enter(self, held: Held, step: Callable[[Work], Awaitable[Any]]) -> Any:
        """Do `step` in a unit of work, again and again while the database is away and the letter is ours.

        Where it cannot be done in time the lease runs out, and the letter is looked up by whoever claims it next.
        """
        while True:
            try:
                async with self._store.work() as work:
                    return await step(work)
            except StoreTrouble as trouble:
                if self._claims.left(held) < self.rates.lease / 30:
                    log.warning("letter left to its lease", error=type(trouble).__name__)
                    return None
            await self._clock.sleep(AGAIN_AFTER)
