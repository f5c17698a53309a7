"""A firm with people of every kind, its broadcasts, and an audit that only remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.courts.court import CourtId
from bot.errors import StoreTrouble
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.broadcasts.broadcast import Audience, Broadcast, BroadcastId, BroadcastState, Progress
from bot.reminders.broadcasts.broadcaster import Broadcaster
from bot.reminders.broadcasts.form import Draft, Wanted
from bot.reminders.broadcasts.letters import Where
from bot.reminders.broadcasts.rounds import BroadcastRounds, NotShown, Shown
from bot.reminders.notes import BroadcastMove, Notes
from bot.store import Register, RegisterRow, Store, Work
from bot.store.date_rows import LetterRow, WatchRow
from bot.store.letters import Letters
from bot.store.people import People

TEAM = WorkspaceId("T0PRETEND")
HERE = Where(Platform.SLACK, TEAM)
THERE = Where(Platform.SLACK, WorkspaceId("T0OTHER"))
GASB = CourtId("gasb")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def person(name: str, where: Where = HERE) -> Person:
    """Return a person of the workspace."""
    return Person(where.platform, where.workspace, PersonId(name))


ANNA, BEN = person("U0ANNA"), person("U0BEN")
"""Two admins."""

FILERS = ("U0CORA", "U0DAN", "U0ELI")
"""They file at gasb and get everything."""


class FakeNotes:
    """An audit that remembers what it was told; every line is handed on only when it was kept."""

    def __init__(self) -> None:
        self.moves: list[tuple[str, BroadcastMove]] = []
        self.kept = 0
        self.fails = False

    async def broadcast_moved(self, work: Work, by: Person | None, id: BroadcastId, what: BroadcastMove) -> Any:
        if self.fails:
            raise StoreTrouble
        self.moves.append((by.id if by is not None else "", what))
        return len(self.moves)

    async def keep(self, head: Any) -> None:
        self.kept = head

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a broadcast tells the audit nothing by {name}")


@dataclass
class FakeTeller:
    """A chat that keeps what it is shown, or refuses."""

    shows: list[tuple[Progress, dict[str, str]]] = field(default_factory=list)
    refuses: float | None = None
    dies: bool = False

    async def show(self, progress: Progress, place: Mapping[str, str]) -> Shown | NotShown:
        if self.dies:
            raise SystemError
        if self.refuses is not None:
            return NotShown(self.refuses)
        self.shows.append((progress, dict(place)))
        return Shown({"channel": "D1", "ts": place.get("ts") or f"ts{len(self.shows)}"})


@dataclass
class Replica:
    """One replica's broadcasts."""

    store: Store
    notes: FakeNotes
    teller: FakeTeller
    broadcaster: Broadcaster
    rounds: BroadcastRounds

    @classmethod
    def of(cls, store: Store, teller: FakeTeller | None = None) -> Replica:
        """Return one over `store`, in a chat of its own or in another's."""
        notes, teller, letters = FakeNotes(), teller or FakeTeller(), Letters()
        told: Notes = notes
        rounds = BroadcastRounds(store, letters, told, {Platform.SLACK: teller})
        return cls(store, notes, teller, Broadcaster(store, letters, told), rounds)

    @property
    def told(self) -> Notes:
        """The audit, as the product sees it."""
        return self.notes

    async def draft(self, by: Person = ANNA, text: str = "Hello.", **wanted: Any) -> Draft:
        """Write a draft to those who file at gasb, or to whom `wanted` says."""
        at = wanted.pop("send_at", None)
        return await self.broadcaster.draft(HERE, by, Wanted(text, Audience(**(wanted or {"court": GASB})), at))

    async def draft_in(self, where: Where, by: Person, text: str) -> Draft:
        """Write a draft in another workspace."""
        return await self.broadcaster.draft(where, by, Wanted(text, Audience(GASB), None))

    async def sent(self, **wanted: Any) -> BroadcastId:
        """Write a broadcast and send it."""
        id = (await self.draft(**wanted)).broadcast.id
        await self.broadcaster.send(HERE, ANNA, id)
        return id

    async def letters(self, id: BroadcastId) -> list[tuple[str, str, str]]:
        """Return recipient, state and why of each letter, by recipient."""
        found = await self.broadcaster.deliveries(HERE, id)
        return sorted((one.recipient, one.state, one.why) for one in found)

    async def deliver(self, id: BroadcastId, state: str = "sent", why: str = "", only: tuple[str, ...] = ()) -> None:
        """Let the chat answer so for every letter that waits, or for `only` these people."""
        letters = Letters()
        async with self.store.work() as work:
            for letter in await letters.waiting(work, 100):
                row = await letters.claim(work, letter, "me", 60)
                assert row is not None
                if row.broadcast == id and (not only or row.recipient in only):
                    await letters.end(work, row, state, why)
                else:
                    await letters.put_back(work, row, 0, unsure=False, counted=False)


async def settle(store: Store, where: Where = HERE) -> None:
    """Fill a workspace: three filers of gasb, one of them of Savannah; one gone, one muted, some linked, some not."""
    people, register = People(), Register()
    async with store.work() as work:
        for name in (*FILERS, "U0GONE", "U0MUTE", "U0LINK", "U0WORD"):
            await people.save(work, person(name, where), office="Savannah" if name in {"U0CORA", "U0LINK"} else "Macon")
            await people.watch(work, watch(name, where))
        await people.save(work, person("U0GONE", where), gone="left")
        await people.watch(work, watch("U0MUTE", where, muted=True))
        await register.put(work, standing("U0LINK", "linked", where))
        await register.put(work, standing("U0WORD", "guided", where))
        # Known by the register alone; off by their own word; not needed there; of another court.
        await register.put(work, standing("U0ELI", "invited", where))
        await register.put(work, standing("U0SEEN", "failed", where))
        await people.watch(work, watch("U0OFF", where, is_on=False))
        await register.put(work, standing("U0OFF", "invited", where))
        await register.put(work, standing("U0NEED", "not_needed", where))
        await people.watch(work, watch("U0ALMB", where, court="almb"))


def watch(name: str, where: Where = HERE, court: str = "gasb", *, is_on: bool = True, muted: bool = False) -> WatchRow:
    """Return that they file there."""
    return WatchRow(where.platform.value, where.workspace, name, court, NOW, is_on, muted)


def standing(name: str, state: str, where: Where = HERE, court: str = "gasb") -> RegisterRow:
    """Return how they stand there."""
    return RegisterRow(where.platform.value, where.workspace, name, court, state, NOW, NOW)


def broadcast(**values: Any) -> Broadcast:
    """Return a broadcast of Anna's to those who file at gasb, with what `values` say of it."""
    given: dict[str, Any] = {
        "id": BroadcastId("b1"),
        "by": ANNA,
        "text": "Hello.",
        "audience": Audience(GASB),
        "state": BroadcastState.DONE,
        "created_at": NOW,
    }
    return Broadcast(**(given | values))


def letter(id: str, recipient: str, broadcast: str | None, state: str = "queued", why: str = "") -> LetterRow:
    """Return a letter of that state."""
    return LetterRow(id, "slack", TEAM, recipient, "person", NOW, NOW, NOW, broadcast=broadcast, state=state, why=why)
