"""A broadcast from the command to what its people read: real service, letters, delivery and post, one pretend Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.reminders.broadcasts.broadcast import BroadcastState
from bot.sandbox.slack import Fault, PretendSlack
from tests.handlers.slack.broadcast_stage import BroadcastStage, broadcasts_in_slack
from tests.handlers.slack.stage import ANNA

HERE = ("U0CORA", "U0DAN", "U0LINK", "U0WORD", "U0SEEN")
"""Who of gasb's filers is in the workspace: U0ELI is not any more, and nobody has noticed yet."""


@pytest.fixture
async def firm(slack: PretendSlack, tmp_path: Path) -> AsyncIterator[BroadcastStage]:
    """Broadcasts in a workspace where most of the people are whom the firm's database knows."""
    for user in HERE:
        slack.join(user)
    async with broadcasts_in_slack(slack, tmp_path) as stage:
        yield stage


async def test_everybody_reads_what_the_preview_showed_and_the_report_says_who_did_not(firm: BroadcastStage) -> None:
    view = await firm.preview()
    previewed = [block for block in view.view["blocks"] if "goes live on Monday" in str(block)]
    await firm.slack.submit(view)
    message = await firm.message("Your broadcast is going out")
    await firm.delivered()
    for user in HERE:
        [got] = firm.slack.direct(user)
        assert [block for block in got.blocks if "goes live on Monday" in str(block)] == previewed
        assert "Sent by <@U0ANNA>" in got.shown
    await firm.later()
    assert "Delivered to 5 of 6 people." in message.shown
    assert "Not delivered: 1 person - no longer in the workspace: <@U0ELI>" in message.shown
    # Back again, and told again: nobody else is.
    firm.slack.join("U0ELI")
    await firm.slack.press(message, "Send again to those it did not reach")
    await firm.said("Nobody gets it twice")
    await firm.delivered()
    assert [len(firm.slack.direct(user)) for user in (*HERE, "U0ELI")] == [1] * 6
    await firm.later()
    assert "Delivered to 6 of 6 people." in message.shown


async def test_a_channel_reads_it_once_and_a_bot_that_is_no_member_is_reported(firm: BroadcastStage) -> None:
    room = firm.slack.channel("C0FIRM", joined=False)
    view = await firm.preview({"text": "Hello <!channel>", "channel": "C0FIRM"})
    await firm.slack.submit(view)
    message = await firm.message("To the channel <#C0FIRM>.")
    await firm.delivered()
    await firm.later()
    assert "It did not reach the channel." in message.shown
    assert "the bot is not a member of the channel; type /invite there" in message.shown
    room.joined = True
    await firm.slack.press(message, "Send again to those it did not reach")
    await firm.said("Nobody gets it twice")
    await firm.delivered()
    [got] = firm.slack.posted("C0FIRM")
    assert "Hello &lt;!channel&gt;" in got.shown
    await firm.later()
    assert "Delivered to the channel." in message.shown


async def test_a_stop_while_letters_go_out_reaches_nobody_more(firm: BroadcastStage) -> None:
    firm.slack.join("U0ELI")
    id, message = await firm.send()
    firm.slack.fault("chat.postMessage", Fault(error="ratelimited", status=429, retry_after=1, times=6))
    await firm.delivered()
    assert [user for user in HERE if firm.slack.direct(user)] == [], "the chat asked to wait"
    await firm.slack.press(message, "Stop")
    await firm.said("it cannot be called back")
    firm.slack.fault("chat.postMessage", Fault(times=0))
    await firm.delivered()
    assert [user for user in HERE if firm.slack.direct(user)] == []
    await firm.later()
    assert await firm.state(id) is BroadcastState.STOPPED
    assert "Your broadcast was stopped" in message.shown
    assert {state for _, state, _ in await firm.replica.letters(id)} == {"skipped"}
    assert len(firm.slack.direct(ANNA)) == 1
