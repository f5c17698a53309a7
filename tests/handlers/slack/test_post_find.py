"""Looking a letter up by its key: found where it stands, not there, or nobody can say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.reminders.delivery.letter import Finding, Limited, NotThere, Refused, Sent, Unsure, Why
from bot.sandbox.slack import Fault, PretendSlack
from bot.sandbox.slack_state import PretendMessage
from tests.handlers.slack.post_stage import PostStage, letter, posting
from tests.handlers.slack.stage import ANNA, BEN, person
from tests.handlers.slack_contract import Contract

NEVER_KNOWN = Refused(Why.UNKNOWN_OUTCOME)


@pytest.fixture
async def stage(slack: PretendSlack) -> AsyncIterator[PostStage]:
    async with posting(slack) as stage:
        yield stage


@pytest.mark.parametrize("fault", [Fault(lost=True), Fault(garbled="text/html", status=502), Fault(status=500)])
@pytest.mark.parametrize("channel", ["", "C0GENERAL"])
async def test_what_was_lost_on_the_way_is_found_or_is_not_there(stage: PostStage, fault: Fault, channel: str) -> None:
    acts = fault.lost or bool(fault.garbled)
    stage.slack.fault("chat.postMessage", Fault(lost=fault.lost, garbled=fault.garbled, status=fault.status))
    assert await stage.post.send(letter("l1", channel=channel)) == Unsure()
    assert isinstance(await stage.post.send(letter("l2", channel=channel)), Sent)
    found = await stage.post.find(letter("l1", channel=channel))
    if not acts:
        assert found == NotThere()
        return
    message = next(one for one in stage.slack.api.messages if one.metadata["event_payload"]["key"] == "l1")
    assert found == Sent(message.channel, message.ts)


async def test_every_call_of_a_look_up_keeps_the_contract(stage: PostStage, contract: Contract) -> None:
    await stage.post.send(letter())
    await stage.post.send(letter())
    await stage.post.find(letter())
    assert [fault for call in stage.slack.calls for fault in contract.call_faults(call)] == []


async def test_a_letter_that_was_never_taken_up_is_not_looked_for(stage: PostStage) -> None:
    untried = letter()
    object.__setattr__(untried, "first_try", None)
    assert await stage.post.find(untried) == NotThere()
    assert stage.slack.calls == []


async def test_who_has_no_conversation_yet_has_no_letter(stage: PostStage) -> None:
    assert await stage.post.find(letter()) == NotThere()
    assert stage.calls("chat.postMessage") == 0
    assert person(ANNA) in stage.direct.kept


async def test_slacks_clock_may_be_a_little_behind(slack: PretendSlack) -> None:
    slack.api.unix = lambda: datetime.now(UTC).timestamp() - 45
    async with posting(slack) as stage:
        await stage.post.send(letter())
        assert isinstance(await stage.post.find(letter()), Sent)
        assert await stage.post.find(letter(first_try=datetime.now(UTC) + timedelta(minutes=1))) == NotThere()


def _fill(slack: PretendSlack, channel: str, count: int) -> None:
    for _ in range(count):
        slack.api.messages.append(PretendMessage(channel, slack.api.ts(), "", "chatter", []))


async def test_pages_are_turned_until_it_is_found(stage: PostStage) -> None:
    sent = await stage.post.send(letter("l1", channel="C0GENERAL"))
    _fill(stage.slack, "C0GENERAL", 500)
    assert await stage.post.find(letter("l1", channel="C0GENERAL")) == sent
    assert stage.calls("conversations.history") == 3
    assert await stage.post.find(letter("l9", channel="C0GENERAL")) == NotThere()


async def test_too_much_to_look_through_is_never_known(stage: PostStage) -> None:
    await stage.post.send(letter("l1", channel="C0GENERAL"))
    _fill(stage.slack, "C0GENERAL", 2100)
    assert await stage.post.find(letter("l1", channel="C0GENERAL")) == NEVER_KNOWN
    assert stage.calls("conversations.history") == 10


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (Fault("missing_scope"), NEVER_KNOWN),
        (Fault("channel_not_found"), NEVER_KNOWN),
        (Fault("not_in_channel"), NEVER_KNOWN),
        (Fault("token_revoked"), Unsure()),
        (Fault("invalid_cursor"), Unsure()),
        (Fault("invalid_auth"), Unsure()),
        (Fault("internal_error"), Unsure()),
        (Fault(status=500), Unsure()),
        (Fault(lost=True, times=2), Unsure()),  # aiohttp itself asks a second time: nothing is changed by reading
        (Fault(garbled="text/plain"), Unsure()),
        (Fault("ratelimited", status=429, retry_after=60), Limited(60.0)),
    ],
)
async def test_what_slack_says_of_a_look_up(stage: PostStage, fault: Fault, finding: Finding) -> None:
    await stage.post.send(letter())
    stage.slack.fault("conversations.history", fault)
    assert await stage.post.find(letter()) == finding


@pytest.mark.parametrize(("scope", "channel"), [("im:history", ""), ("channels:history", "C0GENERAL")])
async def test_each_kind_of_conversation_has_a_scope_of_its_own(stage: PostStage, scope: str, channel: str) -> None:
    await stage.post.send(letter(channel=channel))
    stage.slack.api.scopes.remove(scope)
    assert await stage.post.find(letter(channel=channel)) == NEVER_KNOWN


async def test_a_key_that_slack_keeps_to_itself_is_never_known(stage: PostStage) -> None:
    await stage.post.send(letter())
    stage.slack.direct(ANNA)[0].metadata = {"event_type": "ecf_letter"}
    assert await stage.post.find(letter()) == NEVER_KNOWN


async def test_another_apps_metadata_is_passed_over(stage: PostStage) -> None:
    sent = await stage.post.send(letter())
    _fill(stage.slack, stage.slack.direct(ANNA)[0].channel, 1)
    stage.slack.api.messages[-1].metadata = {"event_type": "other", "event_payload": {"key": "l1"}}
    assert await stage.post.find(letter()) == sent


async def test_who_left_in_between_is_never_known(stage: PostStage) -> None:
    stage.slack.leave(BEN)
    assert await stage.post.find(letter(user=BEN)) == NEVER_KNOWN


async def test_a_workspace_without_the_bot_or_a_store_that_is_down(stage: PostStage) -> None:
    stage.direct.broken = True
    assert await stage.post.find(letter()) == Unsure()
    stage.clients.tokens = []
    assert await stage.post.find(letter()) == NEVER_KNOWN
