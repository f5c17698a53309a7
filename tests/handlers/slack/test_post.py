"""Sending a letter by Slack: every outcome, each message posted once, and its key kept with it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from bot.reminders.delivery.letter import Barred, Limited, Outcome, Refused, Sent, Unsent, Unsure, Why
from bot.sandbox.slack import Fault, PretendSlack, Rate
from bot.sandbox.slack_state import Json
from tests.handlers.slack.post_stage import PostStage, StillClock, letter, posting
from tests.handlers.slack.stage import ANNA, BEN, TOKENS, Everything, person
from tests.handlers.slack_contract import Contract

LEFT, NO_DM = Refused(Why.LEFT), Refused(Why.NO_DIRECT_MESSAGES)


ABOUT_THE_APP = (
    *("messages_tab_disabled", "restricted_action", "ekm_access_denied", "app_access_restricted", "missing_scope"),
    *("account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "team_access_not_granted"),
    *("a_code_of_next_year",),
)


@pytest.fixture
async def stage(slack: PretendSlack) -> AsyncIterator[PostStage]:
    async with posting(slack) as stage:
        yield stage


async def test_a_letter_goes_to_the_direct_messages_with_its_key(stage: PostStage, contract: Contract) -> None:
    outcome = await stage.post.send(letter("l1"))
    [message] = stage.slack.direct(ANNA)
    assert outcome == Sent(message.channel, message.ts)
    assert message.metadata == {"event_type": "ecf_letter", "event_payload": {"key": "l1"}}
    assert [fault for call in stage.slack.calls for fault in contract.call_faults(call)] == []


async def test_the_conversation_is_opened_once_and_remembered(stage: PostStage) -> None:
    for number in range(3):
        assert isinstance(await stage.post.send(letter(f"l{number}")), Sent)
    assert (stage.calls("conversations.open"), stage.calls("chat.postMessage")) == (1, 3)
    assert stage.direct.kept == {person(ANNA): stage.slack.direct(ANNA)[0].channel}


async def test_a_letter_goes_to_a_channel(stage: PostStage) -> None:
    assert isinstance(await stage.post.send(letter(channel="C0GENERAL")), Sent)
    assert [message.metadata["event_payload"] for message in stage.slack.posted("C0GENERAL")] == [{"key": "l1"}]
    assert stage.calls("conversations.open") == 0


@pytest.mark.parametrize(
    ("code", "direct", "channel"),
    [
        ("user_not_found", LEFT, Refused(Why.REFUSED)),
        ("users_not_found", LEFT, Refused(Why.REFUSED)),
        ("user_disabled", LEFT, Refused(Why.REFUSED)),
        ("cannot_dm_bot", NO_DM, Refused(Why.REFUSED)),
        *((code, Barred(code), Barred(code)) for code in ABOUT_THE_APP),
        ("user_not_visible", NO_DM, Refused(Why.REFUSED)),
        ("channel_not_found", NO_DM, Refused(Why.NO_CHANNEL)),
        ("is_archived", NO_DM, Refused(Why.NO_CHANNEL)),
        ("not_in_channel", Barred("not_in_channel"), Refused(Why.NOT_IN_CHANNEL)),
        ("invalid_blocks", Refused(Why.REFUSED), Refused(Why.REFUSED)),
        ("org_login_required", Unsent(300.0), Unsent(300.0)),
        ("request_timeout", Unsent(), Unsent()),
        ("internal_error", Unsure(), Unsure()),
        ("fatal_error", Unsure(), Unsure()),
        ("service_unavailable", Unsure(), Unsure()),
    ],
)
async def test_what_slack_says_of_a_message(stage: PostStage, code: str, direct: Outcome, channel: Outcome) -> None:
    stage.slack.fault("chat.postMessage", Fault(code))
    assert await stage.post.send(letter()) == direct
    stage.clients.tokens = [stage.slack.bot_token]
    stage.slack.fault("chat.postMessage", Fault(code))
    assert await stage.post.send(letter(channel="C0GENERAL")) == channel
    assert (stage.calls("chat.postMessage"), stage.slack.api.messages) == (2, [])


@pytest.mark.parametrize(
    ("fault", "outcome", "posted"),
    [
        (Fault(lost=True), Unsure(), 1),
        (Fault(unread=True), Unsure(), 0),
        (Fault(garbled="application/json"), Unsure(), 1),
        (Fault(garbled="text/plain"), Unsure(), 1),
        (Fault(garbled="text/html", status=502), Unsure(), 1),
        (Fault(garbled="text/plain", status=502), Unsure(), 1),
        (Fault(status=500), Unsure(), 0),
        (Fault("user_not_found", status=503), Unsure(), 0),
        (Fault("ratelimited", status=429, retry_after=7), Limited(7.0), 0),
        (Fault("ratelimited", status=429), Limited(30.0), 0),
        (Fault("ratelimited", status=429, retry_after=90_000), Limited(3600.0), 0),
        (Fault("rate_limited"), Limited(30.0), 0),
    ],
)
async def test_no_reply_is_sent_for_twice(stage: PostStage, fault: Fault, outcome: Outcome, posted: int) -> None:
    stage.slack.fault("chat.postMessage", fault)
    assert await stage.post.send(letter()) == outcome
    assert (stage.calls("chat.postMessage"), len(stage.slack.direct(ANNA))) == (1, posted)


async def test_a_reply_that_takes_too_long_leaves_it_open(slack: PretendSlack) -> None:
    never = asyncio.Event()
    slack.fault("chat.postMessage", Fault(held=never))
    async with posting(slack, seconds=0.2) as stage:
        assert await stage.post.send(letter(channel="C0GENERAL")) == Unsure()
    never.set()


async def test_without_a_connection_nothing_was_sent(slack: PretendSlack) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        async with posting(slack, api_url=f"http://127.0.0.1:{taken.getsockname()[1]}/api/") as stage:
            assert await stage.post.send(letter(channel="C0GENERAL")) == Unsent()
            assert await stage.post.send(letter()) == Unsent()


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault("user_disabled"), LEFT),
        (Fault("user_not_found"), LEFT),
        (Fault("cannot_dm_bot"), NO_DM),
        (Fault("missing_scope"), Barred("missing_scope")),
        (Fault("ratelimited", status=429, retry_after=3), Limited(3.0)),
        (Fault(lost=True), Unsent()),
        (Fault(status=500), Unsent()),
        (Fault(garbled="text/plain"), Unsent()),
    ],
)
async def test_a_conversation_that_does_not_open_means_nothing_was_sent(
    stage: PostStage, fault: Fault, outcome: Outcome
) -> None:
    stage.slack.fault("conversations.open", fault)
    assert await stage.post.send(letter()) == outcome
    assert stage.calls("chat.postMessage") == 0
    assert isinstance(await stage.post.send(letter()), Sent)


async def test_people_of_the_pretend_slack_who_cannot_be_written_to(stage: PostStage) -> None:
    stage.slack.leave(BEN)
    assert await stage.post.send(letter(user=BEN)) == LEFT
    assert await stage.post.send(letter(user="U0NOBODY")) == LEFT
    stage.slack.api.closed_to_messages.add(ANNA)
    assert await stage.post.send(letter(user=ANNA)) == NO_DM


async def test_who_left_after_the_first_letter_is_noticed_before_the_next(stage: PostStage) -> None:
    channel = stage.direct.kept[person(ANNA)] = (await stage.post.send(letter("l0"))).place  # type: ignore[union-attr]
    stage.slack.leave(ANNA)
    assert await stage.post.send(letter("l1")) == LEFT
    assert len(stage.slack.posted(channel)) == 1
    assert await stage.post.send(letter("l2")) == LEFT


async def test_who_is_still_there_is_asked_once_in_some_hours(stage: PostStage) -> None:
    for number in range(4):
        await stage.post.send(letter(f"l{number}"))
    assert stage.calls("users.info") == 1


async def test_without_the_scope_to_ask_letters_still_go_out(stage: PostStage) -> None:
    stage.slack.api.scopes.remove("users:read")
    assert [type(await stage.post.send(letter(f"l{number}"))) for number in range(3)] == [Sent] * 3
    assert stage.calls("users.info") == 1


async def test_a_remembered_conversation_that_is_gone_is_opened_again(stage: PostStage) -> None:
    stage.direct.kept[person(ANNA)] = "D0GONE"
    assert isinstance(await stage.post.send(letter()), Sent)
    [message] = stage.slack.direct(ANNA)
    assert stage.direct.kept[person(ANNA)] == message.channel


async def test_a_workspace_installed_anew_has_another_token(stage: PostStage) -> None:
    stage.clients.tokens = ["xoxb-old", stage.slack.bot_token]
    stage.slack.teams.revoked.add("xoxb-old")
    assert isinstance(await stage.post.send(letter(channel="C0GENERAL")), Sent)
    assert stage.clients.heard == ["token_revoked"]


async def test_a_workspace_without_the_bot_refuses_everything(stage: PostStage) -> None:
    stage.clients.tokens = ["xoxb-old"]
    stage.slack.teams.revoked.add("xoxb-old")
    assert await stage.post.send(letter()) == Barred("token_revoked")
    assert await stage.post.send(letter()) == Barred("not_installed")
    assert stage.calls("chat.postMessage") == 0


async def test_without_the_store_nothing_is_sent(stage: PostStage) -> None:
    stage.direct.broken = True
    assert await stage.post.send(letter()) == Unsent()
    assert stage.slack.calls == []


async def test_conversations_are_opened_no_faster_than_slack_allows(slack: PretendSlack) -> None:
    people = [slack.join(f"U{number:04d}").id for number in range(30)]
    clock = StillClock()
    slack.api.limits.now = clock.monotonic
    slack.api.limits.methods["conversations.open"] = Rate(0.5, burst=10)
    async with posting(slack, clock, opens=10.0) as stage:
        outcomes = [await stage.post.send(letter(f"l{user}", user)) for user in people]
    assert slack.api.limits.refused == 0
    assert [type(outcome) for outcome in outcomes] == [Sent] * 30
    assert sum(clock.waited) > 100


async def test_a_wait_that_is_too_long_is_left_to_the_delivery(slack: PretendSlack) -> None:
    clock = StillClock()
    async with posting(slack, clock, opens=1.0) as stage:
        assert isinstance(await stage.post.send(letter("l1")), Sent)
        late = await stage.post.send(letter("l2", BEN))
    assert isinstance(late, Limited)
    assert 15 < late.seconds <= 60
    assert clock.waited == []


async def test_nothing_is_posted_once_the_delivery_has_lost_patience(slack: PretendSlack) -> None:
    clock = StillClock()

    def slow(method: str, args: Json) -> Fault | None:
        clock.ahead += 31 if method == "conversations.open" else 0
        return None

    slack.api.troubles = slow
    async with posting(slack, clock) as stage:
        assert await stage.post.send(letter()) == Unsent()
        assert stage.calls("chat.postMessage") == 0
        assert isinstance(await stage.post.send(letter()), Sent)


async def test_the_log_holds_no_text_and_no_token(stage: PostStage, log: Everything) -> None:
    for fault in (Fault("invalid_blocks"), Fault(lost=True), Fault("ratelimited", status=429)):
        stage.slack.fault("chat.postMessage", fault)
        await stage.post.send(letter("lkey"))
    assert len(log.said("letter lkey")) == 3
    assert log.said("This is", "A letter", *TOKENS) == []
