"""Rows of people's notices and letters, a chat that answers what a test says, and two replicas that deliver to it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import select, update

from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.delivery.contents import Opened
from bot.reminders.delivery.deliver import Delivery
from bot.reminders.delivery.letter import Finding, Letter, LetterId, NotThere, Outcome, Sent, Why
from bot.reminders.delivery.rates import Rates
from bot.reminders.notes import Notes
from bot.reminders.notice import NoticeId
from bot.store import Store, Work
from bot.store.date_rows import LetterRow, NoticeRow
from bot.store.dates_tables import events
from bot.store.letters import Letters
from bot.store.letters_tables import letters, notices

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
QUICK = Rates(
    per_second=10_000, per_channel=10_000, lookups_per_minute=10_000_000, settling=0.0, unsure_for=0.0, unsent_for=0.0
)
"""No pace, and no patience: a letter that is put back may be taken at once, and is given up after its tries."""

TEAM = "T1"
LETTERS = Letters()


@dataclass
class PretendChat:
    """A chat that keeps what arrives and answers as it was told to; after that it takes everything."""

    sends: deque[Outcome | str] = field(default_factory=deque)
    finds: deque[Finding] = field(default_factory=deque)
    arrived: list[Letter] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    at_gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, letter: Letter) -> Outcome:
        """Answer; a plain text stands for an answer after which the letter is there: kept, then that outcome."""
        self.asked.append(f"send {letter.id}")
        answer = self.sends.popleft() if self.sends else "sent"
        if self.gate is not None:
            self.at_gate.set()
            await self.gate.wait()
        if answer == "raises":
            raise RuntimeError("a chat of a test")
        if isinstance(answer, str):
            self.arrived.append(letter)
            return Sent("D1", f"{len(self.arrived)}.0")
        return answer

    async def find(self, letter: Letter) -> Finding:
        """Look among what arrived, unless another answer was set."""
        self.asked.append(f"find {letter.id}")
        assert letter.first_try is not None
        if self.finds:
            return self.finds.popleft()
        there = [n for n, one in enumerate(self.arrived, 1) if one.id == letter.id]
        return Sent("D1", f"{there[0]}.0") if there else NotThere()


@dataclass
class PretendOpening:
    """Letters without events: `wrong` says which notices are not wanted, `stopped` that nothing is."""

    wrong: dict[NoticeId, Why] = field(default_factory=dict)
    stopped: Why | None = None
    lost: dict[Person, Why] = field(default_factory=dict)

    async def open(self, work: Work, row: LetterRow) -> Opened:
        """The bare letter, and what the test said of it."""
        carried = await LETTERS.carried(work, row.id)
        gone = {NoticeId(one.id): self.wrong[NoticeId(one.id)] for one in carried if one.id in self.wrong}
        whole = self.stopped
        if whole is None and len(gone) == len(carried):
            whole = next(iter(gone.values()), Why.SUPERSEDED)
        return Opened(bare(row), gone, whole)

    async def gone(self, work: Work, person: Person, why: Why) -> None:
        """Note it."""
        self.lost[person] = why


def bare(row: LetterRow) -> Letter:
    """The letter of a row, without what it carries."""
    person = Person(Platform(row.platform), WorkspaceId(row.workspace), PersonId(row.recipient))
    return Letter(LetterId(row.id), person.platform, person.workspace, person, "", first_try=row.first_try)


@dataclass
class PretendNotes:
    """The audit, as far as delivery tells it."""

    told: list[tuple[str, str]] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)

    async def invited(self, work: Work, person: Person, court: CourtId) -> Any:
        """Note it."""
        self.told.append((person.id, court))
        return len(self.told)

    async def keep(self, head: Any) -> None:
        """Note it."""
        self.kept.append(head)


@dataclass
class Replica:
    """One that delivers."""

    store: Store
    chat: PretendChat = field(default_factory=PretendChat)
    opening: PretendOpening = field(default_factory=PretendOpening)
    notes: PretendNotes = field(default_factory=PretendNotes)
    rates: Rates = QUICK
    me: str = "one"

    def __post_init__(self) -> None:
        posts = {Platform.SLACK: self.chat}
        notes = cast(Notes, self.notes)
        self.delivery = Delivery(self.store, posts, notes, SystemClock(), self.opening, me=self.me, rates=self.rates)

    async def deliver(self, id: str, times: int = 1) -> None:
        """Deliver the letter, as often as it is asked for."""
        for _ in range(times):
            await self.delivery.deliver(LetterId(id))


async def due_notices(store: Store, *people: str, each: int = 1, due: datetime | None = None) -> list[str]:
    """Enter so many due notices for each of these people, of as many events; returns their ids."""
    due = due or datetime.now(UTC) - timedelta(minutes=1)
    entered = []
    async with store.work() as work:
        for number in range(each):
            if not (await work.execute(select(events.c.id).where(events.c.id == f"e{number}"))).all():
                await work.execute(events.insert().values(_event(number)))
            for person in people:
                row = NoticeRow(
                    f"n-{person}-{number}",
                    "slack",
                    TEAM,
                    person,
                    f"e{number}",
                    "almb",
                    1,
                    "2026-12-01T09:00",
                    "t-7",
                    due,
                )
                await work.execute(notices.insert().values(_values(row)))
                entered.append(row.id)
    return entered


async def a_letter(store: Store, person: str = "U1", **changes: Any) -> str:
    """Enter one letter for a notice of `person`; returns its id."""
    [notice] = await due_notices(store, person)
    id = f"l-{person}"
    async with store.work() as work:
        now = await store.now(work)
        await LETTERS.write(work, [LetterRow(id, "slack", TEAM, person, "person", now, now, now, **changes)])
        carry = update(notices).where(notices.c.id == notice)
        await work.execute(carry.values(letter=id, state="queued"))
    return id


async def row_of(store: Store, id: str) -> LetterRow:
    """The letter as it stands."""
    async with store.work() as work:
        found = await LETTERS.get(work, id)
    assert found is not None
    return found


async def notice_states(store: Store) -> Mapping[str, tuple[str, str]]:
    """State and why of each notice."""
    async with store.work() as work:
        rows = await work.execute(select(notices.c.id, notices.c.state, notices.c.why).order_by(notices.c.id))
        return {row.id: (row.state, row.why) for row in rows}


async def expire(store: Store, id: str) -> None:
    """Let the lease of the letter's holder be over, as if that had died long ago."""
    await change(store, id, lease_until=LONG_AGO)


async def change(store: Store, id: str, **values: Any) -> None:
    """Change the letter's row."""
    async with store.work() as work:
        await work.execute(update(letters).where(letters.c.id == id).values(**values))


def _event(number: int) -> dict[str, Any]:
    texts = dict.fromkeys(("coarse", "source", "note", "order_number", "emergency_channel", "emergency_until"), "")
    fixed = {"kind": f"kind-{number}", "status": "announced", "day": "2026-12-01", "version": 1, "edition": 1}
    return {"id": f"e{number}", "court": "almb", "changed_at": LONG_AGO, **fixed, **texts}


def _values(row: NoticeRow) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name in notices.c}
