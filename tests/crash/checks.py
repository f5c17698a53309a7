"""What must be true after any crash: one truthful ending, at most one Submit, nothing left, nothing given away."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.attempts.attempt import AttemptView
from bot.errors import Code, outranked_by
from bot.parts import Kept, Parts
from bot.register import HeadFile
from bot.register.entry import State
from bot.register.event import Event
from bot.register.rows import line_of
from bot.register.verify import verify
from bot.store import AttemptRow, Attempts, Audit, Register
from tests.attempts.cell.stage import listed
from tests.crash.people import COURT, canaries, person_of
from tests.crash.places import Place
from tests.crash.stage import Owner, Shown, Stage, until
from tests.crash.trace import endings, said

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
STATES = {
    Code.LINKED: State.LINKED,
    Code.ALREADY_LINKED: State.LINKED,
    Code.OUTCOME_UNKNOWN: State.UNKNOWN,
}
"""What the register says of each ending; of any other, that it failed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt; `code` is None when it had not begun, `seconds` until the other replica said it."""

    point: str
    struck: bool
    code: Code | None
    submits: int
    seconds: float | None


async def settled(
    stage: Stage, place: Place, owners: list[Owner], parts: Parts, shown: Shown, *, point: str, struck: bool
) -> Outcome:
    """Wait until the attempt of these owners (one, or rivals) has its ending and it is told; then look everywhere."""
    kept = parts.kept
    assert kept is not None
    person = person_of(owners[0].typed["name"])
    row = await _row(kept, owners[0])
    submits = [one for owner in owners for one in stage.submits(owner)]
    if row is None:
        assert not any(endings(owner.trace, person.id) for owner in owners), "an attempt that nobody knows was told of"
        assert not any(owner.contact in one.user_agent for owner in owners for one in stage.sandbox.ledger)
        return Outcome(point, struck, None, 0, None)

    async def over() -> bool:
        found = await _row(kept, owners[0])
        return found is not None and found.state == "ended" and found.ending_told

    await until(over)
    row = await _row(kept, owners[0])
    assert row is not None
    assert row.code is not None
    code = Code(row.code)
    theirs = [(at, view) for at, view in shown.endings if view.person == person]
    _one_message(row, code, owners, theirs)
    await _truth(stage, kept, owners, row, code, len(submits))
    await _nothing_left(kept, place, owners)
    died = max(owner.died for owner in owners)
    seconds = theirs[0][0] - died if theirs else None
    return Outcome(point, struck, code, len(submits), seconds)


def _one_message(row: AttemptRow, code: Code, owners: list[Owner], others: list[tuple[float, AttemptView]]) -> None:
    """The attempt's one message, which every replica edits, says last what the row says; before that, only doubts."""
    edits = [edit for owner in owners for edit in said(owner.trace, row.id)]
    edits += [(at, view.result.code.value) for at, view in others if view.result is not None]
    told = [said_code for _, said_code in sorted(edits)]
    assert told[-1] == code.value, f"the message says {told[-1] or 'progress'} last, and the row {code}: {told}"
    assert set(told) - {""} <= {code.value, *outranked_by(code)}, f"told {told}, and the row says {code}"


async def _row(kept: Kept, owner: Owner) -> AttemptRow | None:
    person = person_of(owner.typed["name"])
    async with kept.store.work() as work:
        rows = await Attempts().of_person(work, person.platform.value, person.workspace, person.id, LONG_AGO)
    assert len(rows) <= 1, "one person has one attempt"
    return rows[0] if rows else None


async def _truth(stage: Stage, kept: Kept, owners: list[Owner], row: AttemptRow, code: Code, submits: int) -> None:
    """The ending is true of the court, the register says the same, and the audit holds together."""
    linked = stage.linked(owners[0])
    assert submits <= 1, f"{submits} final Submits"
    if code is Code.LINKED:
        assert linked
        assert submits == 1
    elif code is not Code.OUTCOME_UNKNOWN:
        assert code in {Code.INTERRUPTED, Code.STOPPED_BY_PERSON}, code
        assert not linked
        assert submits == 0
    async with kept.store.work() as work:
        entry = await Register().get(work, row.platform, row.workspace, row.person, COURT)
        lines = [line_of(one) for one in await Audit().since(work, 0, 10_000)]
    assert entry is not None
    assert entry.state == STATES.get(code, State.FAILED)
    assert entry.incident == row.incident
    ours = [line.entry for line in lines if row.incident in line.entry]
    submitting = [entry for entry in ours if f'"{Event.SUBMITTING}"' in entry]
    assert len(submitting) <= 1
    assert submitting or code is not Code.LINKED  # what links may be out from the link form on
    assert submitting or not submits
    doubted = sum(f'"{Event.TAKEN_OVER}"' in entry for entry in ours)
    ended = sum(f'"{Event.ENDED}"' in entry for entry in ours)
    outranked = (doubted, ended) == (1, 1) and bool(outranked_by(code))
    assert doubted + ended == 1 or outranked, "the audit tells of one ending, or of a doubt and the proof against it"
    for folder in {"second", *(owner.trace.parent.name for owner in owners)}:
        verdict = verify(lines, HeadFile(owners[0].trace.parents[1] / folder).read())
        assert verdict.whole, f"{folder}: {verdict}"


async def _nothing_left(kept: Kept, place: Place, owners: list[Owner]) -> None:
    """No process, no slot, no place in line, no answer, and no secret in anything that was written."""

    async def none_left() -> bool:
        # Dead they are already; whoever inherits the dead takes a moment to bury them.
        return not any(listed(owner.pids) for owner in owners)

    async def empty() -> bool:
        written = await asyncio.to_thread(place.rows)
        return not any(written[table] for table in ("slots", "court_queue", "answers"))

    await until(none_left, 15)
    await until(empty, 15)
    for name, content in (await asyncio.to_thread(place.written)).items():
        for owner in owners:
            found = [secret for secret in canaries(owner.typed) if secret in content]
            assert not found, f"{len(found)} secrets in {name}"
    assert not re.search(rb"Traceback", (owners[0].trace.parent / "stderr").read_bytes())
