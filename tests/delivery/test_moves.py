"""What happens to a date, or to a person, between the plan and the sending: nobody is told what no longer holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.courts.directory import Directory
from bot.people import Platform
from bot.reminders.delivery.contents import Contents
from bot.reminders.delivery.deliver import Delivery
from bot.reminders.delivery.gather import Gatherer
from bot.reminders.delivery.letter import LetterId, NotThere, Refused, Sent, Unsure, Why
from bot.reminders.event import CourtEvent
from bot.reminders.notice import Step
from bot.store import People, Register, RegisterRow, Store, WatchRow
from bot.store.dates_tables import events
from bot.store.letters import Letters
from bot.store.letters_tables import broadcasts, letters, notices
from tests.delivery.stage import LONG_AGO, QUICK, TEAM, PretendChat, a_letter, row_of
from tests.delivery.test_gathering import broadcast
from tests.reminders.date_stage import ADMIN, DateStage, attorney


@dataclass
class Stage:
    """The real calendar, plan, gathering and delivery over one store; only the chat is pretended."""

    store: Store
    folder: Path
    chat: PretendChat = field(default_factory=PretendChat)

    def __post_init__(self) -> None:
        self.dates = DateStage(self.store, self.folder)
        posts, find = {Platform.SLACK: self.chat}, Directory.shipped().by_id
        self.delivery = Delivery(
            self.store, posts, self.dates.notes, SystemClock(), Contents(find), me="one", rates=QUICK
        )

    async def gathered(self) -> list[str]:
        """Plan and gather; returns the letters that wait."""
        await self.dates.planner.round()
        await Gatherer(self.store).round()
        return await self.waiting()

    async def waiting(self) -> list[str]:
        """The letters that wait."""
        async with self.store.work() as work:
            return await Letters().waiting(work, 100)

    async def deliver(self) -> None:
        """Deliver what waits."""
        for id in await self.waiting():
            await self.delivery.deliver(LetterId(id))

    async def round(self) -> None:
        """Plan, gather and deliver."""
        await self.gathered()
        await self.deliver()

    async def move(self, event: CourtEvent, days: int) -> CourtEvent:
        """Move the date to so many days from now."""
        moved = await self.dates.calendar.change(ADMIN, event.id, event.edition, await self.dates.form(days))
        assert isinstance(moved, CourtEvent), moved
        return moved

    @property
    def told(self) -> list[tuple[str, str, str | None]]:
        """Person, step and the date named of each notice that arrived."""
        return [
            (one.notice.planned.person.id, one.notice.planned.step.value, one.notice.planned.told)
            for letter in self.chat.arrived
            for one in letter.told
        ]


@pytest.fixture
async def stage(store: Store, tmp_path: Path) -> Stage:
    """Two attorneys who file at a court with a date a week from now."""
    made = Stage(store, tmp_path)
    await made.dates.watched("UANNA", "UBEN")
    return made


async def test_a_notice_arrives_once(stage: Stage) -> None:
    """Planned, gathered, sent; the next rounds find nothing to do."""
    event = await stage.dates.put(7)
    for _ in range(3):
        await stage.round()
    assert sorted(who for who, _, _ in stage.told) == ["UANNA", "UBEN"]
    assert {date for _, _, date in stage.told} == {event.occasion}


async def test_a_move_before_the_sending(stage: Stage) -> None:
    """Letters of the old date that nobody took up say nothing; the new date is told, and nobody is corrected."""
    event = await stage.dates.put(7)
    assert len(await stage.gathered()) == 2
    moved = await stage.move(event, 8)
    for _ in range(3):
        await stage.round()
    assert {(step, date) for _, step, date in stage.told} == {(Step.T_14.value, moved.occasion)}
    assert len(stage.told) == 2


async def test_a_move_after_a_lost_reply(stage: Stage) -> None:
    """Whoever may have heard the old date is looked up first: told it was, and then corrected; or told the new one."""
    event = await stage.dates.put(7)
    stage.chat.sends.extend([Unsure(), Unsure()])
    await stage.round()
    first, second = await stage.waiting()
    anna = (await row_of(stage.store, first)).recipient
    stage.chat.finds.extend([Sent("D1", "1.0"), NotThere()])
    moved = await stage.move(event, 9)
    for id in (first, second):
        await stage.delivery.deliver(LetterId(id))
    assert [(await row_of(stage.store, id)).state for id in (first, second)] == ["sent", "skipped"]
    for _ in range(3):
        await stage.round()
    assert {date for _, _, date in stage.told} == {moved.occasion}
    assert {step for who, step, _ in stage.told if who == anna} == {Step.CORRECTION.value}
    assert {step for who, step, _ in stage.told if who != anna} == {Step.T_14.value}
    assert len(stage.told) == 2


async def test_a_move_after_the_sending(stage: Stage) -> None:
    """Exactly those who heard the old date are corrected, once."""
    event = await stage.dates.put(7)
    await stage.round()
    moved = await stage.move(event, 9)
    for _ in range(3):
        await stage.round()
    corrected = [one for one in stage.told if one[1] == Step.CORRECTION.value]
    assert sorted(corrected) == [(who, "correction", moved.occasion) for who in ("UANNA", "UBEN")]


async def test_a_date_that_returns_is_told(stage: Stage) -> None:
    """A notice that was dropped because its date moved comes back to life when the date does."""
    event = await stage.dates.put(7)
    await stage.gathered()
    moved = await stage.move(event, 8)
    await stage.deliver()
    assert stage.told == []
    await stage.move(moved, 7)
    await stage.round()
    assert sorted(who for who, _, _ in stage.told) == ["UANNA", "UBEN"]


async def withdrawn(stage: Stage, event: CourtEvent) -> Why:
    async with stage.store.work() as work:
        await work.execute(update(events).where(events.c.id == event.id).values(status="withdrawn"))
    return Why.SUPERSEDED


async def linked(stage: Stage, event: CourtEvent) -> Why:
    async with stage.store.work() as work:
        await Register().put(work, RegisterRow("slack", TEAM, "UANNA", event.court, "linked", LONG_AGO, LONG_AGO))
    return Why.LINKED


async def muted(stage: Stage, event: CourtEvent) -> Why:
    async with stage.store.work() as work:
        assert await People().mute(work, attorney("UANNA"), event.court, True)
    return Why.MUTED


async def unwatched(stage: Stage, event: CourtEvent) -> Why:
    async with stage.store.work() as work:
        await People().watch(work, WatchRow("slack", TEAM, "UANNA", event.court, LONG_AGO, is_on=False))
    return Why.MUTED


async def left(stage: Stage, event: CourtEvent) -> Why:
    async with stage.store.work() as work:
        await People().save(work, attorney("UANNA"), gone="left")
    return Why.LEFT


@pytest.mark.parametrize("happens", [withdrawn, linked, muted, unwatched, left], ids=lambda one: one.__name__)
async def test_what_happens_to_a_person_while_a_letter_waits(stage: Stage, happens: Any) -> None:
    """The letter is skipped, and says why; nothing is sent."""
    event = await stage.dates.put(7)
    ids = {(await row_of(stage.store, id)).recipient: id for id in await stage.gathered()}
    why = await happens(stage, event)
    await stage.delivery.deliver(LetterId(ids["UANNA"]))
    row = await row_of(stage.store, ids["UANNA"])
    assert (row.state, row.why) == ("skipped", why)
    assert stage.chat.asked == []


async def test_an_outage_is_told_to_those_who_have_linked(stage: Stage) -> None:
    """A link ends what is said of go-lives; an outage concerns whoever files there."""
    event = await stage.dates.put(7, kind="release_outage")
    await linked(stage, event)
    await stage.round()
    assert sorted(who for who, _, _ in stage.told) == ["UANNA", "UBEN"]


async def test_who_cannot_be_written_to_is_left_out_until_seen_again(stage: Stage) -> None:
    """A refusal is kept with the person; they are not planned for, and are once they are back."""
    event = await stage.dates.put(7)
    stage.chat.sends.extend([Refused(Why.LEFT), Refused(Why.NO_DIRECT_MESSAGES)])
    await stage.round()
    async with stage.store.work() as work:
        gone = {(await People().get(work, attorney(who))).gone for who in ("UANNA", "UBEN")}  # type: ignore[union-attr]
    assert gone == {"left", "no_direct_messages"}
    await stage.move(event, 20)
    await stage.round()
    assert stage.told == []
    async with stage.store.work() as work:
        await People().save(work, attorney("UANNA"), gone="")
    await stage.round()
    assert [who for who, _, _ in stage.told] == ["UANNA"]


async def test_an_opening_is_told_to_the_register(stage: Stage) -> None:
    """Whoever was told that they can link now is invited there; a count-down invites nobody."""
    event = await stage.dates.put(7)
    await stage.round()
    async with stage.store.work() as work:
        assert await Register().get(work, "slack", TEAM, "UANNA", event.court) is None
    assert isinstance(await stage.dates.calendar.live(ADMIN, event.id, event.edition), CourtEvent)
    for _ in range(3):
        await stage.round()
    assert ("UANNA", Step.OPENING.value) in {(who, step) for who, step, _ in stage.told}
    async with stage.store.work() as work:
        entry = await Register().get(work, "slack", TEAM, "UANNA", event.court)
    assert entry is not None
    assert entry.state == "invited"


async def test_a_stopped_broadcast_is_not_sent(stage: Stage) -> None:
    """Nor is one for the unlinked to somebody who has linked meanwhile; the others get it."""
    ids = await broadcast(stage.store, ["UANNA", "UBEN"])
    async with stage.store.work() as work:
        audience = {"court": "almb", "unlinked_only": True}
        await work.execute(update(broadcasts).values(audience=audience))
        await Register().put(work, RegisterRow("slack", TEAM, "UANNA", CourtId("almb"), "linked", LONG_AGO, LONG_AGO))
    await stage.deliver()
    assert [(await row_of(stage.store, id)).state for id in ids] == ["skipped", "sent"]
    assert stage.chat.arrived[0].broadcast is not None
    assert stage.chat.arrived[0].broadcast.text == "Hello"
    async with stage.store.work() as work:
        await work.execute(update(broadcasts).values(state="stopped"))
        await work.execute(update(letters).values(state="queued", not_before=LONG_AGO))
    await stage.deliver()
    assert {(await row_of(stage.store, id)).why for id in ids} == {"stopped"}


async def test_a_notice_of_a_court_that_is_gone_is_not_sent(stage: Stage) -> None:
    """Without its court nobody knows its zone: nothing is said."""
    id = await a_letter(stage.store, "UANNA")
    async with stage.store.work() as work:
        await work.execute(update(notices).values(court="nowhere"))
        assert (await work.execute(select(notices.c.letter))).scalar_one() == id
    await stage.deliver()
    assert ((await row_of(stage.store, id)).state, stage.chat.asked) == ("skipped", [])
