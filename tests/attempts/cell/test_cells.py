"""Attempts through a child are the attempts of the linker: the same roads, steps, answers, endings and log-outs."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from bot.attempts.cell import Cells, Lost
from bot.attempts.cell.forks import NoCell
from bot.attempts.desk import Desk
from bot.attempts.pace import NoPace
from bot.attempts.running import secrets_of
from bot.clock import SystemClock
from bot.errors import Code, ended
from bot.linker import Outside
from bot.linker.values import Answer, ConfirmQuestion, Question, Step, Told, new_incident_id
from bot.sandbox import (
    CourtChoice,
    Fault,
    PretendAccount,
    PretendFiler,
    Sandbox,
    SignOnProfile,
    UtilitiesRoad,
    VerifyNames,
)
from tests.attempts.cell.stage import Caller, Shown, attorney, cells_of, gone, run
from tests.attempts.stage import ANN
from tests.story.attempts import ECF_PASSWORD, PACER_PASSWORD, PASSCODE, QUICK, Person, court, manners, pretend
from tests.story.test_disasters import SUBMITS, assert_decent

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    """One sandbox for all; each test has its own attorney."""
    async with pretend() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def cells(sandbox: Sandbox) -> AsyncIterator[Cells]:
    """Cells that lead to it."""
    async with cells_of(sandbox) as running:
        yield running


@pytest.fixture
def place(sandbox: Sandbox) -> Sandbox:
    """The sandbox with nothing asked of it yet, and its usual manners."""
    sandbox.ledger.clear()
    sandbox.sign_on = SignOnProfile()
    manners("gasb", faults=frozenset(), at=None, court_choice=CourtChoice.NOT_ASKED, verify_names=VerifyNames.OWN)(
        sandbox
    )
    return sandbox


async def test_guide_gasb(cells: Cells, place: Sandbox) -> None:
    """The sign-on page, the passcode asked for, the redaction notice, the drop-down, and proof."""
    place.sign_on = SignOnProfile(faults=frozenset({Fault.API_UNAVAILABLE}))
    manners("gasb", court_choice=CourtChoice.LISTED, road=UtilitiesRoad.YOUR_ACCOUNT)(place)
    place.add_account(PretendAccount("gasbguide", PACER_PASSWORD, passcode=PASSCODE, files_elsewhere=True))
    place.add_filer("gasb", PretendFiler("gasbfiler", ECF_PASSWORD))
    person = Person(username="gasbguide", login="gasbfiler", passcode_later=PASSCODE)
    result = await run(cells, Caller(person))
    assert result.code is Code.LINKED
    assert [one.name for one in person.asked] == ["passcode", "confirm"]
    assert person.steps[-3:] == [Step.SUBMIT, Step.PROOF, Step.LOG_OUT]
    assert result.menu_before[0] == "Query"
    assert result.menu_after[:2] == ("Bankruptcy", "Adversary")
    assert_decent(place, submits=1)


async def test_guide_almb(cells: Cells, place: Sandbox) -> None:
    """The JSON API, and the link under "NextGen Release 1.1 Menu Items"."""
    manners("almb", landing_label="Login", road=UtilitiesRoad.NEXTGEN_MENU)(place)
    caller = Caller(attorney(place, 1, "almb"))
    result = await run(cells, caller, court_id="almb")
    assert (result.code, result.requests) == (Code.LINKED, 11)
    assert caller.leaves == 11
    assert Step.NEXTGEN_MENU in caller.person.steps
    assert_decent(place, submits=1)


async def test_a_no_and_silence_are_heard(cells: Cells, place: Sandbox) -> None:
    """Neither submits."""
    for number, confirms, code in ((2, False, Code.STOPPED_BY_PERSON), (3, None, Code.TIMED_OUT)):
        person = attorney(place, number)
        person.confirms = confirms
        assert (await run(cells, Caller(person))).code is code
    assert place.ledger.final_submits == 0
    assert place.ledger.logouts == 2


@pytest.mark.parametrize("fault", SUBMITS)
async def test_the_final_submit_goes_out_once(fault: Fault) -> None:
    """Whatever becomes of its answer; some of these courts stay down, so each has a sandbox of its own."""
    prepare = manners("gasb", faults=frozenset({fault}))
    async with pretend(prepare=prepare) as sandbox, cells_of(sandbox, limits=QUICK) as cells:
        result = await run(cells, Caller(Person()))
        assert result.code is SUBMITS[fault]
        assert_decent(sandbox, submits=1)


async def test_what_needs_no_network_is_refused_without_it(cells: Cells, place: Sandbox) -> None:
    """In the child too."""
    person = attorney(place, 20)
    person.redaction = False
    caller = Caller(person)
    assert (await run(cells, caller)).code is Code.REDACTION_REQUIRED
    assert (len(place.ledger), caller.seen) == (0, [])


async def test_secrets_are_where_they_must_be_and_nowhere_else(
    cells: Cells, place: Sandbox, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Spent in the service while the child still walks; in no line of arguments, no environment, no log, no output."""
    caplog.set_level(logging.DEBUG)
    place.add_account(PretendAccount("canary22", PACER_PASSWORD, passcode=PASSCODE))
    place.add_filer("gasb", PretendFiler("canaryfiler", ECF_PASSWORD))
    person = Person(username="canary22", login="canaryfiler", passcode=PASSCODE)
    request = person.request(court("gasb"))
    written: list[bytes] = []

    def look() -> None:
        assert all(secret.spent for secret in secrets_of(request))
        for pid in (cells.server_pid, *cells.pids):
            written.extend(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))

    result = await run(cells, Caller(person, 5, look), request)
    assert result.code is Code.LINKED
    out, err = capfd.readouterr()
    seen = b"".join([*written, out.encode(), err.encode(), caplog.text.encode(), repr(result).encode()])
    assert len(written) == 4
    for secret in (PACER_PASSWORD, ECF_PASSWORD, PASSCODE, "canary22", "canaryfiler"):
        assert secret.encode() not in seen


async def test_a_cancelled_attempt_logs_out(cells: Cells, place: Sandbox) -> None:
    """While the person is asked: the question is called off, the child leaves PACER and is gone."""
    asked = asyncio.Event()
    called_off: list[Question] = []
    person = attorney(place, 30)

    async def ask(question: Question) -> Answer:
        asked.set()
        try:
            return await asyncio.Future()
        except asyncio.CancelledError:
            called_off.append(question)
            raise

    caller = Caller(person)
    work = cells.linker(person.request(court("gasb")), ask, caller.tell, leave=caller.leave, incident=new_incident_id())
    task = asyncio.create_task(work)
    await asked.wait()
    pids = cells.pids
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert isinstance(called_off[0], ConfirmQuestion)
    assert caller.person.steps[-1] is Step.LOG_OUT
    assert_decent(place, submits=0)
    assert place.ledger.logouts == 1
    await gone(pids[0])


async def test_a_submit_that_was_called_off_while_it_was_committed_does_not_go(cells: Cells, place: Sandbox) -> None:
    """Even where the commit takes no notice of being cancelled."""
    committing, go_on = asyncio.Event(), asyncio.Event()
    caller = Caller(attorney(place, 31))

    async def commit(told: Told) -> None:
        await caller.tell(told)
        while told.step is Step.SUBMIT and not go_on.is_set():
            committing.set()
            with suppress(asyncio.CancelledError):
                await go_on.wait()

    work = cells.linker(
        caller.person.request(court("gasb")), caller.ask, commit, leave=caller.leave, incident=new_incident_id()
    )
    task = asyncio.create_task(work)
    await committing.wait()
    task.cancel()
    asyncio.get_running_loop().call_soon(go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert_decent(place, submits=0)
    assert place.ledger.logouts == 1


OWNERS_ERRORS = {
    "the question": ("ask confirm", RuntimeError("the owner's own trouble"), None),
    "the commit": ("tell submit", RuntimeError("the commit failed"), None),
    "no leave to submit": ("tell submit", asyncio.CancelledError(), None),
    "no leave for a request": ("leave 6", ended(Code.LINKING_OFF), Code.LINKING_OFF),
}


@pytest.mark.parametrize("case", OWNERS_ERRORS)
async def test_what_the_owner_raises_ends_the_attempt_before_its_submit(
    cells: Cells, place: Sandbox, case: str
) -> None:
    """The child logs out, nothing is submitted, and the error comes out as it would without a child."""
    at, error, code = OWNERS_ERRORS[case]

    def fail() -> None:
        raise error

    caller = Caller(attorney(place, 40 + list(OWNERS_ERRORS).index(case)), at, fail)
    if code is None:
        with pytest.raises(type(error)):
            await run(cells, caller)
    else:
        assert (await run(cells, caller)).code is code
    assert at in caller.seen
    assert_decent(place, submits=0)
    assert place.ledger.logouts == 1


async def test_an_attempt_outlives_its_fork_server(place: Sandbox) -> None:
    """Killed in the middle: the running attempt goes on, the next starts a new server."""
    async with cells_of(place) as cells:
        first = cells.server_pid
        caller = Caller(attorney(place, 50), 4, lambda: os.kill(first, signal.SIGKILL))
        assert (await run(cells, caller)).code is Code.LINKED
        assert (await run(cells, Caller(attorney(place, 51)))).code is Code.LINKED
        assert cells.server_pid not in (0, first)


async def test_signals_for_the_service_do_not_end_an_attempt(cells: Cells, place: Sandbox) -> None:
    """SIGTERM goes to a whole control group, Ctrl-C to a whole terminal; the service drains."""

    def signal_all() -> None:
        for pid in (cells.server_pid, *cells.pids):
            for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                os.kill(pid, name)

    assert (await run(cells, Caller(attorney(place, 52), 4, signal_all))).code is Code.LINKED


async def test_closing_ends_what_runs(place: Sandbox) -> None:
    """With words; cells_of looks at the process table afterwards."""
    asked = asyncio.Event()
    person = attorney(place, 53)

    async def ask(question: Question) -> Answer:
        asked.set()
        return await asyncio.Future()

    caller = Caller(person)
    async with cells_of(place) as cells:
        work = cells.linker(
            person.request(court("gasb")), ask, caller.tell, leave=caller.leave, incident=new_incident_id()
        )
        task = asyncio.create_task(work)
        await asked.wait()
    result = await task
    assert result.code is Code.INTERRUPTED
    assert result.detail in (Lost.KILLED, Lost.ENDED)
    assert place.ledger.final_submits == 0


async def test_a_closed_service_starts_no_process(place: Sandbox) -> None:
    """And says that nothing was sent."""
    async with cells_of(place) as cells:
        pass
    person = attorney(place, 54)
    request = person.request(court("gasb"))
    result = await run(cells, Caller(person), request)
    assert (result.code, result.detail) == (Code.INTERRUPTED, Lost.NOT_STARTED)
    assert all(secret.spent for secret in secrets_of(request))
    assert len(place.ledger) == 0


async def test_a_server_that_cannot_load_is_said_at_the_start(tmp_path: Path) -> None:
    """A file with no certificates in it: the service does not start as if all were well."""
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(NoCell, match="SSLError"):
        await Cells(Outside(ca_file=tmp_path / "ca.pem")).__aenter__()


async def test_the_desk_stops_an_attempt_in_a_child(cells: Cells, place: Sandbox) -> None:
    """`/link-ecf cancel` from the desk to the log-out at PACER."""
    shown = Shown()
    desk = Desk(cells.linker, clock=SystemClock(), pace=NoPace(), telling=shown)
    opened = await desk.start(ANN, attorney(place, 60).request(court("gasb")))
    view = opened.view
    while view.open_question is None:
        view = await shown.views.get()
    await desk.cancel(ANN, view.id)
    ended_view = await desk.ended(view.id)
    assert ended_view.result is not None
    assert ended_view.result.code is Code.STOPPED_BY_PERSON
    assert place.ledger.logouts == 1
    await desk.drain(0)
