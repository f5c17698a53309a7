"""One direct message per attempt: edited in place, within Slack's limits, the newest state always there in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.attempts.attempt import AttemptId, AttemptView, OpenQuestion, QuestionNumber
from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.courts.directory import Directory
from bot.errors import Code
from bot.linker.values import Comparison, ConfirmQuestion, IncidentId, PasscodeQuestion, Result, Step, Told
from bot.sandbox.slack import BOT_TOKEN, Fault, PretendSlack
from bot.service import Messenger
from handlers.slack import OneWorkspace, slack_session, web_client
from handlers.slack.blocks import MESSAGE_BLOCKS
from handlers.slack.messenger import BETWEEN, SlackMessenger
from handlers.slack.pace import Bucket
from handlers.slack.progress import attempt_message
from tests.handlers.slack.stage import ANNA, BEN, Everything, FakeService, Stage, bot_in_slack, person

STEPS = [Step.FRONT_PAGE, Step.SIGN_ON, Step.MENU, Step.UTILITIES, Step.LINK_FORM, Step.VERIFY]


class FastClock:
    """A clock whose sleeps take no time but move it on, and which keeps how long was slept."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> FastClock:
    """The messenger's own clock."""
    return FastClock()


@pytest.fixture
async def fast(slack: PretendSlack, clock: FastClock) -> AsyncIterator[Stage]:
    """The bot in Slack, with that clock."""
    async with bot_in_slack(slack, FakeService(), clock) as stage:
        yield stage


async def finished(stage: Stage) -> None:
    """Wait until the messenger has sent all that it has."""
    await stage.slack.wait_for(lambda: not stage.messenger._shown)


async def test_an_attempt_is_one_message_from_the_first_step_to_the_result(fast: Stage) -> None:
    view = await fast.started()
    for step in STEPS:
        await fast.service.tell(view.id, Told(step))
        await fast.slack.wait_for(lambda step=step: fast.slack.direct(ANNA)[0].before and step)  # type: ignore[misc]
    await fast.service.end(view.id, Code.LINKED)
    await finished(fast)
    [message] = fast.slack.direct(ANNA)
    assert "Your accounts are linked" in message.shown
    assert "press F5" in message.shown
    assert message.text.startswith("Your accounts are linked"), "the fallback says it too"
    assert [call.method for call in fast.slack.calls].count("conversations.open") == 1
    assert [call.method for call in fast.slack.calls].count("chat.postMessage") == 1


async def test_the_conversation_is_opened_once_per_person(fast: Stage) -> None:
    first = await fast.started()
    await fast.service.end(first.id, Code.LINKED)
    await finished(fast)
    await fast.service.start(first.person, replace(fast.service.forms[0], court=CourtId("almb")))
    await fast.slack.wait_for(lambda: len(fast.slack.direct(ANNA)) == 2)
    assert [call.method for call in fast.slack.calls].count("conversations.open") == 1


async def test_steps_that_come_fast_are_one_edit(fast: Stage, clock: FastClock) -> None:
    view = await fast.started()
    for step in STEPS:
        await fast.service.tell(view.id, Told(step))
    await fast.slack.wait_for(lambda: "both accounts" in fast.slack.direct(ANNA)[0].shown)
    assert len(fast.slack.direct(ANNA)[0].before) <= 2
    assert all(one <= BETWEEN for one in clock.slept)


async def test_edits_of_one_message_keep_their_distance(fast: Stage, clock: FastClock) -> None:
    view = await fast.started()
    for step in STEPS:
        edits = len(fast.slack.direct(ANNA)[0].before)
        await fast.service.tell(view.id, Told(step))
        await fast.slack.wait_for(lambda edits=edits: len(fast.slack.direct(ANNA)[0].before) > edits)  # type: ignore[misc]
    assert clock.at >= BETWEEN * (len(STEPS) - 1)


async def test_a_result_does_not_wait_for_the_distance(fast: Stage, clock: FastClock) -> None:
    view = await fast.started()
    await fast.service.end(view.id, Code.ECF_REFUSED)
    await finished(fast)
    assert clock.at == 0
    assert "The court did not accept the CM/ECF login" in fast.slack.direct(ANNA)[0].shown


async def test_nothing_is_sent_twice_and_nothing_follows_a_result(fast: Stage) -> None:
    view = await fast.started()
    await fast.service.end(view.id, Code.LINKED)
    ended = fast.service.views[view.id]
    await fast.messenger.show(ended)
    await fast.messenger.show(view)
    await finished(fast)
    assert "Your accounts are linked" in fast.slack.direct(ANNA)[0].shown
    assert len(fast.slack.direct(ANNA)) == 1


async def test_a_rate_limit_is_waited_out_and_then_the_newest_state_is_sent(fast: Stage, clock: FastClock) -> None:
    view = await fast.started()
    fast.slack.fault("chat.update", Fault(error="ratelimited", status=429, retry_after=7, times=2))
    await fast.service.end(view.id, Code.LINKED)
    await finished(fast)
    assert clock.slept[-2:] == [7, 7]
    assert "Your accounts are linked" in fast.slack.direct(ANNA)[0].shown


@pytest.mark.parametrize(
    "fault", [Fault(status=500, times=2), Fault(lost=True, times=2), Fault(error="fatal_error", times=2)]
)
async def test_a_result_outlives_slacks_own_faults(fast: Stage, fault: Fault) -> None:
    view = await fast.started()
    fast.slack.fault("chat.update", fault)
    await fast.service.end(view.id, Code.LINKED)
    await finished(fast)
    assert "Your accounts are linked" in fast.slack.direct(ANNA)[0].shown


async def test_a_message_that_was_deleted_is_posted_anew(fast: Stage) -> None:
    view = await fast.started()
    fast.slack.api.messages.clear()
    await fast.service.end(view.id, Code.LINKED)
    await finished(fast)
    [message] = fast.slack.direct(ANNA)
    assert "Your accounts are linked" in message.shown


async def test_a_first_post_whose_reply_was_lost_costs_a_message_and_never_a_result(fast: Stage) -> None:
    fast.slack.fault("chat.postMessage", Fault(lost=True))
    view = await fast.started()
    await fast.service.end(view.id, Code.LINKED)
    await finished(fast)
    assert "Your accounts are linked" in fast.slack.direct(ANNA)[-1].shown
    assert len(fast.slack.direct(ANNA)) <= 2


async def test_a_person_who_takes_no_direct_messages_hears_where_the_command_was_typed(
    fast: Stage, log: Everything
) -> None:
    fast.slack.api.closed_to_messages.add(ANNA)
    view = await fast.form()
    await fast.slack.submit(view, {"pacer_username": "anna.smith"}, force=True)
    [attempt] = fast.service.views
    await fast.service.ask(attempt, PasscodeQuestion())
    await fast.shows("The bot could not send you a direct message")
    asked = await fast.slack.wait_for(
        lambda: [m for m in fast.slack.messages(ANNA) if "Enter the passcode" in m.buttons]
    )
    await fast.slack.press(asked[0], "Enter the passcode")
    await fast.slack.wait_for(lambda: fast.slack.open_view(ANNA))
    await fast.service.end(attempt, Code.LINKED)
    await fast.shows("Your accounts are linked")
    assert log.said("user_not_visible")
    assert fast.slack.direct(ANNA) == []


async def test_without_any_way_to_the_person_the_log_says_so(fast: Stage, log: Everything) -> None:
    fast.slack.api.closed_to_messages.add(BEN)
    other = replace(await fast.started(), incident=IncidentId("inc99"))
    await fast.service.change(replace(other, id=AttemptId("b"), person=person(BEN)))
    await fast.service.end(AttemptId("b"), Code.LINKED)
    await fast.slack.wait_for(lambda: log.said("incident inc99: its person could not be reached"))


async def test_closing_sends_what_is_left_and_takes_nothing_new(fast: Stage) -> None:
    view = await fast.started()
    await fast.service.end(view.id, Code.INTERRUPTED)
    await fast.messenger.aclose(2.0)
    assert "Cancel this attempt" not in fast.slack.direct(ANNA)[0].buttons
    await fast.messenger.show(replace(view, id=AttemptId("late")))
    assert len(fast.slack.direct(ANNA)) == 1


async def test_closing_does_not_wait_for_attempts_that_never_end(fast: Stage) -> None:
    await fast.started()
    async with asyncio.timeout(2.0):
        await fast.messenger.aclose(60.0)


async def test_two_people_have_two_conversations(fast: Stage) -> None:
    await fast.started(ANNA)
    await fast.started(BEN)
    [one], [other] = fast.slack.direct(ANNA), fast.slack.direct(BEN)
    assert one.channel != other.channel


def test_the_bucket_keeps_something_back_for_questions_and_results() -> None:
    clock = FastClock()
    bucket = Bucket(clock, per_minute=50)
    steps = 0
    while bucket.take(urgent=False) == 0:
        steps += 1
    assert steps == 40
    results = 0
    while bucket.take(urgent=True) == 0:
        results += 1
    assert results == 10
    wait = bucket.take(urgent=True)
    clock.at += wait
    assert bucket.take(urgent=True) == 0
    clock.at += 60
    assert sum(bucket.take(urgent=True) == 0 for _ in range(60)) == 50


async def test_a_busy_workspace_stays_within_slacks_limit(fast: Stage, clock: FastClock) -> None:
    """Seventy attempts at once: at no minute more than 50 edits above what was saved up, and every result arrives."""
    base = await fast.started()
    for number in range(70):
        await fast.service.change(replace(base, id=AttemptId(f"x{number}")))
    for number in range(70):
        await fast.service.end(AttemptId(f"x{number}"), Code.LINKED)
    await fast.service.end(base.id, Code.LINKED)
    await finished(fast)
    sent = [call for call in fast.slack.calls if call.method in {"chat.update", "chat.postMessage"}]
    assert all("Your accounts are linked" in one.shown for one in fast.slack.direct(ANNA))
    assert len(sent) <= 50 + clock.at * 50 / 60 + 1


def test_a_message_never_breaks_slacks_limits_whatever_the_court_shows() -> None:
    court = Directory.shipped().by_id("gasb")
    assert court is not None
    view = AttemptView(
        id=AttemptId("a"),
        incident=IncidentId("i"),
        person=person(ANNA),
        court=court,
        started_at=datetime.now(UTC),
        told=tuple(Told(Step.QUEUED, place) for place in range(500)),
    )
    running = attempt_message(view)
    assert "place 499" in running.text
    assert "place 498" not in str(running.blocks)
    shown = attempt_message(
        replace(view, open_question=_asked(ConfirmQuestion("<!channel> & " * 5000, "", Comparison.UNCLEAR)))
    )
    assert "could not be read" in str(shown.blocks)
    for message in (running, shown):
        assert len(message.blocks) <= MESSAGE_BLOCKS
        assert len(message.text) <= 4000
        assert all(len(block["text"]["text"]) <= 3000 for block in message.blocks if block["type"] == "section")


def _asked(question: ConfirmQuestion) -> OpenQuestion:
    return OpenQuestion(QuestionNumber(1), question, datetime.now(UTC))


def test_the_messenger_is_the_services_messenger() -> None:
    wanted: type[Messenger] = SlackMessenger
    assert wanted is SlackMessenger


class Remembered:
    """Places that two replicas share."""

    def __init__(self) -> None:
        self.kept: dict[AttemptId, dict[str, str]] = {}

    async def remember(self, view: AttemptView, place: Mapping[str, str]) -> None:
        self.kept[view.id] = dict(place)

    async def recall(self, view: AttemptView) -> Mapping[str, str]:
        return self.kept.get(view.id, {})


async def test_another_replica_goes_on_in_the_same_message(slack: PretendSlack) -> None:
    """Who ends what a dead replica left edits the message that is there, so that its buttons go away."""
    places, view = Remembered(), _view(Step.UTILITIES)
    async with slack_session() as session:
        workspace = OneWorkspace(web_client(BOT_TOKEN, session, slack.api_url, waits=False))
        first, second = (SlackMessenger(workspace, SystemClock(), places=places) for _ in range(2))
        await first.show(view)
        await slack.wait_for(lambda: places.kept)
        ended = replace(view, result=Result(Code.INTERRUPTED, view.incident))
        await second.show(ended)
        assert await second.arrived(ended)
        [message] = slack.direct(ANNA)
        assert str(view.incident) in message.shown
        assert not await first.arrived(replace(view, id=AttemptId("nobody's")))
        await first.aclose(0.1)
        await second.aclose(0.1)


def _view(*steps: Step) -> AttemptView:
    court = Directory.shipped().by_id("gasb")
    assert court is not None
    told = tuple(Told(step) for step in steps)
    return AttemptView(AttemptId("a1"), IncidentId("abc23"), person(ANNA), court, datetime.now(UTC), told)
