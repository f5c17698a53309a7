"""What else may happen to an attempt: a frozen owner, a bad child, two owners at once, a crashed database, SIGTERM."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from bot.errors import Code
from tests.crash.checks import Outcome, settled
from tests.crash.people import attorney, person_of
from tests.crash.stage import PATIENCE, Owner, Stage
from tests.crash.trace import endings, lines
from tests.postgres import Server

FROZEN_AT = ("before answer confirm", "after leave 15", "before step submit", "after step submit")
"""The question is open and "yes" about to be said; the Submit has its leave; before "submitting"; before the "go"."""

STOPS = (7.0, 14.0, 30.0)
SHORTER_THAN_A_LEASE = 10.0

CHILD_AT = ("before leave 2", "before ask passcode", "before step verify", "after step submit", "before step proof")


async def frozen(stage: Stage, at: str) -> Outcome:
    """SIGSTOP an owner at `at`, let another replica take over, thaw it: it submits nothing and contradicts nobody."""
    async with stage.places.fresh() as place, stage.second(place) as (parts, shown):
        async with stage.owner(place, at=at, blow=signal.SIGSTOP, quiet=True) as owner:
            async with stage.walking:
                struck = await owner.reached(lambda line: "struck" in line)
            async with asyncio.timeout(PATIENCE):
                await shown.came.wait()
            taken_over = shown.endings[0][0]
            os.kill(owner.process.pid, signal.SIGCONT)
            # It has done all that it could still do once the walk has come back; then it is asked to leave.
            await owner.reached(lambda line: line.get("point") == "result")
            owner.process.send_signal(signal.SIGTERM)
            await owner.over()
            assert owner.process.returncode == 0
        owner.died = struck["t"]
        assert not [one for one in stage.submits(owner) if one.at > taken_over], f"{at}: submitted after the take-over"
        told = endings(owner.trace, person_of(owner.typed["name"]).id)
        assert len(told) <= 1, f"{at}: told {told} although another has told"
        return await settled(stage, place, [owner], parts, shown, point=f"frozen {at}", struck=True)


async def paused(stage: Stage, at: str, seconds: float) -> Outcome:
    """SIGSTOP an owner at `at` for so long and thaw it, whatever another replica did meanwhile."""
    async with stage.places.fresh() as place, stage.second(place) as (parts, shown):
        async with stage.owner(place, at=at, blow=signal.SIGSTOP, quiet=True) as owner:
            async with stage.walking:
                struck = await owner.reached(lambda line: "struck" in line)
            await asyncio.sleep(seconds)  # the length of the stop is what is tried here
            os.kill(owner.process.pid, signal.SIGCONT)
            async with stage.walking:
                await owner.reached(lambda line: "code" in line)  # its own ending, or the one that stands
                with suppress(ProcessLookupError):  # whoever told its own ending leaves by itself
                    owner.process.send_signal(signal.SIGTERM)
                await owner.over()
            assert owner.process.returncode == 0
        owner.died = struck["t"]
        outcome = await settled(stage, place, [owner], parts, shown, point=f"{seconds:.0f} s at {at}", struck=True)
        if seconds < SHORTER_THAN_A_LEASE:
            assert outcome.code is Code.LINKED, f"{at}: {outcome.code} after {seconds} s"
            assert not shown.endings
        return outcome


async def bad_child(stage: Stage, at: str, blow: signal.Signals) -> Outcome:
    """Kill the child at `at`, or stop it: its owner tells at once, and the next attempt of the same owner links."""
    async with stage.places.fresh() as place, stage.second(place) as (parts, shown):
        other = attorney(stage.sandbox)
        bad: dict[str, Any] = {"at": at, "blow": blow, "child": True, "silent": 6.0}
        async with stage.walking, stage.owner(place, then=[other], **bad) as owner:
            await owner.over()
        assert owner.process.returncode == 0
        assert endings(owner.trace, person_of(other["name"]).id) == [Code.LINKED.value]
        assert not shown.endings
        owner_of_other = Owner(owner.process, other, owner.trace, owner.contact)
        assert stage.linked(owner_of_other)
        return await settled(stage, place, [owner], parts, shown, point=f"{blow.name} to the child {at}", struck=True)


async def rivals(stage: Stage) -> Outcome:
    """Two owners are asked for the same person and court at the same moment: one attempt, which the other joins."""
    async with stage.places.fresh() as place, stage.second(place) as (parts, shown):
        typed = attorney(stage.sandbox)
        first, second = (stage.owner(place, typed, waits=True) for _ in range(2))
        async with stage.walking, first as one, second as two:
            for owner in (one, two):
                await owner.reached(lambda line: "ready" in line)
            for owner in (one, two):
                owner.begin()
            await asyncio.gather(one.over(), two.over())
        joined = [line["joined"] for owner in (one, two) for line in lines(owner.trace) if "joined" in line]
        assert sorted(joined) == [False, True]
        outcome = await settled(stage, place, [one, two], parts, shown, point="two owners at once", struck=False)
        assert outcome.code is Code.LINKED
        return outcome


async def database_crashed(stage: Stage, server: Server, number: int, answered: bool) -> Outcome:
    """Crash the database while the court holds a request, and have it come back before the answer is seen."""
    async with stage.places.fresh() as place, stage.second(place) as (parts, shown):

        async def crash() -> bool:
            await asyncio.to_thread(server.crash)
            return True

        async with stage.walking, stage.owner(place) as owner:
            stage.gates.set(owner.contact, number, answered, crash)
            await owner.over()
        assert owner.process.returncode == 0
        when = "answered" if answered else "arrives"
        return await settled(
            stage, place, [owner], parts, shown, point=f"database crashed {when} {number}", struck=True
        )


async def asked_to_leave(stage: Stage) -> Outcome:
    """SIGTERM while a question is open and nobody answers: the owner ends the attempt itself, says so, and leaves."""
    async with stage.places.fresh() as place, stage.second(place) as (parts, shown):
        async with stage.walking, stage.owner(place, answers="nobody", drain=0.2) as owner:
            await owner.reached(lambda line: line.get("asked") == "passcode")
            owner.process.send_signal(signal.SIGTERM)
            await owner.over()
        assert owner.process.returncode == 0
        assert endings(owner.trace, person_of(owner.typed["name"]).id) == [Code.INTERRUPTED.value]
        assert not shown.endings
        return await settled(stage, place, [owner], parts, shown, point="SIGTERM at a question", struck=True)


async def asked_to_leave_late(stage: Stage, number: int) -> Outcome:
    """SIGTERM while the final Submit is at the court: it is drained to its proof, not cut off."""
    async with stage.places.fresh() as place, stage.second(place) as (parts, shown):
        async with stage.walking, stage.owner(place) as owner:

            async def leave() -> bool:
                owner.process.send_signal(signal.SIGTERM)
                return True

            stage.gates.set(owner.contact, number, False, leave)
            await owner.over()
        assert owner.process.returncode == 0
        assert endings(owner.trace, person_of(owner.typed["name"]).id) == [Code.LINKED.value]
        return await settled(stage, place, [owner], parts, shown, point="SIGTERM at the Submit", struck=True)


Scene = Callable[[Stage], Awaitable[Outcome]]
