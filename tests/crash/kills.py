"""The points at which an owner is killed: found by letting one attempt run, struck one by one."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Any

from bot.errors import Code
from bot.sandbox import Kind
from tests.crash.checks import Outcome, settled
from tests.crash.stage import Act, Owner, Stage
from tests.crash.trace import lines, points

COURT_POINTS = ("court arrives", "court answered")
SPREAD = (
    "commit open",
    "kept open",
    "court answered 5",
    "before answer passcode",
    "court arrives 13",
    "after ask confirm",
    "kept submitting",
    "commit submitting 2",
    "kept submitting 2",
    "after step submit",
    "court arrives 15",
    "court answered 15",
    "result",
    "commit end",
    "kept end",
    "after ending",
)
"""A fixed few for `make test`, closest where it matters most; the soak takes all of them."""


NOT_BEGUN = "commit open"
"""The one point at which there is no attempt yet: nothing was sent anywhere, and nobody was told that it runs."""

FINAL_SUBMIT = 15
"""Which of the way's requests the final Submit is."""


async def road(stage: Stage) -> tuple[str, ...]:
    """Let one attempt run unharmed and return every point of its way, the court's included."""
    async with stage.places.fresh() as place, stage.second(place) as (parts, shown), stage.owner(place) as owner:
        async with stage.walking:
            await owner.over()
        assert owner.process.returncode == 0
        outcome = await settled(stage, place, [owner], parts, shown, point="", struck=False)
        assert (outcome.code, outcome.submits, outcome.seconds) == (Code.LINKED, 1, None)
        asked = [one for one in stage.sandbox.ledger if owner.contact in one.user_agent]
        requests = len(asked)
        assert asked[FINAL_SUBMIT - 1].kind is Kind.FINAL_SUBMIT
        court = [f"{what} {number}" for number in range(1, requests + 1) for what in COURT_POINTS]
        return (*dict.fromkeys(points(owner.trace)), *court)


async def kill(stage: Stage, point: str) -> Outcome:
    """Kill an owner at `point`, by its own hand or from the court, and see what becomes of the attempt."""
    where, _, number = point.rpartition(" ")
    at_court = where in COURT_POINTS
    async with stage.places.fresh() as place, stage.second(place) as (parts, shown):
        plan: dict[str, Any] = {} if at_court else {"at": point, "blow": signal.SIGKILL}
        async with stage.walking, stage.owner(place, **plan) as owner:
            if at_court:
                stage.gates.set(owner.contact, int(number), where == "court answered", _killing(owner))
            await owner.over()
        struck = owner.process.returncode == -signal.SIGKILL
        assert struck or owner.process.returncode == 0, f"{point}: the owner ended by itself"
        assert not any("refused" in line for line in lines(owner.trace)), point
        return await settled(stage, place, [owner], parts, shown, point=point, struck=struck)


def _killing(owner: Owner) -> Act:
    async def act() -> bool:
        await owner.kill()
        return False

    return act


def summary(engine: str, outcomes: Sequence[Outcome]) -> str:
    """One line of figures."""
    struck = [one for one in outcomes if one.struck]
    codes = {one.code.value if one.code else "not begun": 0 for one in struck}
    for one in struck:
        codes[one.code.value if one.code else "not begun"] += 1
    seconds = sorted(one.seconds for one in struck if one.seconds is not None)
    took = f"{seconds[0]:.1f} to {seconds[-1]:.1f} s, half within {seconds[len(seconds) // 2]:.1f}" if seconds else "-"
    double = sum(one.submits > 1 for one in struck)
    # What has no code had not begun: that is right for one point only. Any other flaw was raised, and is not in here.
    lost = sum(one.code is None and one.point != NOT_BEGUN for one in struck)
    return (
        f"{engine}: {len(struck)} kills ({len({one.point for one in struck})} points), "
        f"{double} double submits of {sum(one.submits > 0 for one in struck)}, {lost} without an ending; "
        f"{', '.join(f'{count} {code}' for code, count in sorted(codes.items()))}; told after {took}"
    )
