"""A court, a person, a form and a linker that does what a test tells it: no network, no real time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.attempts.attempt import AttemptView
from bot.attempts.desk import Desk
from bot.attempts.form import LinkForm
from bot.attempts.pace import NoPace, Pacing
from bot.attempts.running import Bounds
from bot.courts.court import Court, CourtId, CourtKind, GoLive
from bot.errors import Code
from bot.linker.values import Answer, Ask, IncidentId, Leave, LinkRequest, Question, Result, Step, Tell, Told
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.secret import Login, Secret

ANN = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U1"))
BOB = Person(Platform.SLACK, WorkspaceId("T1"), PersonId("U2"))


def court(name: str = "gasb", **changes: object) -> Court:
    """Return a bankruptcy court called `name`, with `changes` to its fields."""
    fields: dict[str, object] = {
        "id": CourtId(name),
        "pacer_id": name.upper() + "K",
        "name": f"Bankruptcy Court of {name}",
        "short_name": name.upper(),
        "kind": CourtKind.BANKRUPTCY,
        "circuit": "11",
        "state": "GA",
        "host": f"ecf.{name}.uscourts.gov",
        "web_url": f"https://www.{name}.uscourts.gov",
        "zone": ZoneInfo("America/New_York"),
        "help_desks": (),
        "go_live": GoLive(None, None, "live", ""),
    }
    return Court(**{**fields, **changes})  # type: ignore[arg-type]


def form(**changes: object) -> LinkForm:
    """Return a form without a flaw, with `changes` to its fields."""
    fields: dict[str, object] = {
        "court": CourtId("gasb"),
        "pacer_username": Login("annattorney"),
        "pacer_password": Secret("pacer-canary"),
        "client_code": Login(""),
        "cmecf_login": Login("aattorney"),
        "cmecf_password": Secret("ecf-canary"),
        "passcode": Secret("123456"),
        "individual_account": True,
        "redaction_acknowledged": True,
        "caution_acknowledged": True,
    }
    return LinkForm(**{**fields, **changes})  # type: ignore[arg-type]


@dataclass
class HandClock:
    """A clock that stands still until a test moves it; sleepers wake in the order of their hours."""

    seconds: float = 0.0
    sleepers: list[tuple[float, asyncio.Future[None]]] = field(default_factory=list)

    def now(self) -> datetime:
        """Return a fixed day plus the seconds that went by."""
        return datetime(2026, 11, 23, 12, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Return the seconds that went by."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until a test has moved the clock that far."""
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.seconds + max(0.0, seconds), waker))
        await waker

    async def pass_by(self, seconds: float) -> None:
        """Move the clock `seconds` on, waking everybody on the way and letting them act."""
        end = self.seconds + seconds
        await settle()
        while due := [one for one in self.sleepers if one[0] <= end and not one[1].done()]:
            at, waker = min(due, key=lambda one: one[0])
            self.seconds = max(self.seconds, at)
            waker.set_result(None)
            await settle()
        self.sleepers = [one for one in self.sleepers if not one[1].done()]
        self.seconds = end


async def settle() -> None:
    """Let every task go as far as it can without time or an answer."""
    for _ in range(25):
        await asyncio.sleep(0)


@dataclass
class Walk:
    """What a scripted walk holds in its hands: the linker's own arguments."""

    request: LinkRequest
    ask: Ask
    tell: Tell
    leave: Leave
    incident: IncidentId

    async def step(self, step: Step) -> None:
        """Tell a step, then make its request."""
        await self.tell(Told(step))
        await self.leave(self.request.court.host)

    async def question(self, question: Question) -> Answer:
        """Ask the person."""
        return await self.ask(question)

    def end(self, code: Code = Code.LINKED) -> Result:
        """Return the walk's result."""
        return Result(code, self.incident, requests=7)


Script = Callable[[Walk], Awaitable[Result]]


class FakeLinker:
    """A linker that plays a script; `walks` are those that began, `logged_out` counts those that were cancelled."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.walks: list[Walk] = []
        self.logged_out = 0

    async def __call__(
        self, request: LinkRequest, ask: Ask, tell: Tell, *, leave: Leave, incident: IncidentId
    ) -> Result:
        """Play the script."""
        walk = Walk(request, ask, tell, leave, incident)
        self.walks.append(walk)
        try:
            return await self.script(walk)
        except asyncio.CancelledError:
            self.logged_out += 1
            raise


class Shown:
    """A chat that keeps what it is shown."""

    def __init__(self) -> None:
        self.views: list[AttemptView] = []

    async def show(self, view: AttemptView) -> None:
        self.views.append(view)

    async def arrived(self, view: AttemptView) -> bool:
        return view in self.views


@dataclass
class Scene:
    """A desk with all around it."""

    desk: Desk
    linker: FakeLinker
    clock: HandClock
    shown: list[AttemptView]


def scene(script: Script, *, pace: Pacing | None = None, clock: HandClock | None = None, **bounds: float) -> Scene:
    """Return a desk whose linker plays `script`; `bounds` are those of the attempt, in seconds."""
    clock = clock or HandClock()
    linker = FakeLinker(script)
    telling = Shown()
    desk = Desk(linker, clock=clock, pace=pace or NoPace(), telling=telling, bounds=Bounds(**bounds))
    return Scene(desk, linker, clock, telling.views)


def secrets(request: LinkRequest) -> list[Secret]:
    """Return the request's secrets."""
    both = [request.account.password, request.filer.password]
    return [*both, request.passcode] if request.passcode else both
