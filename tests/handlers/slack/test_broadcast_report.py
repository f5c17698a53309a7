"""A broadcast's message: progress edited in place, the report, again to the failed, the list, and faults of Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.reminders.broadcasts.broadcast import FROM_TERMINAL, BroadcastId, BroadcastState, Progress, Reason
from bot.reminders.broadcasts.form import BroadcastForm, Draft
from bot.reminders.delivery.letter import Why
from bot.sandbox.slack import Fault, PretendSlack
from handlers.slack.broadcast_forms import form_view, preview_view
from handlers.slack.broadcast_report import list_message, progress_message
from tests.handlers.slack.broadcast_stage import BroadcastStage, broadcasts_in_slack, court_of
from tests.handlers.slack.stage import ANNA, BEN
from tests.handlers.slack_contract import Contract
from tests.reminders.broadcast_stage import ANNA as ADMIN
from tests.reminders.broadcast_stage import FILERS, NOW, broadcast


@pytest.fixture
async def firm(slack: PretendSlack, tmp_path: Path) -> AsyncIterator[BroadcastStage]:
    """Broadcasts in a workspace with two admins and eight people who file at gasb."""
    async with broadcasts_in_slack(slack, tmp_path) as stage:
        yield stage


async def test_progress_is_one_message_that_ends_as_the_report(firm: BroadcastStage) -> None:
    id, message = await firm.send()
    await firm.replica.deliver(id, only=("U0CORA",))
    await firm.later()
    assert "Delivered to 1 of 6 people. 5 people still to go." in message.shown
    edits = len(message.before)
    await firm.later()
    assert len(message.before) == edits, "what would change nothing is not sent"
    await firm.replica.deliver(id, "failed", "no_direct_messages", only=("U0DAN",))
    await firm.replica.deliver(id, "perhaps", "unknown_outcome", only=("U0ELI",))
    await firm.replica.deliver(id)
    await firm.later()
    assert "Your broadcast has gone out" in message.shown
    assert "Delivered to 4 of 6 people." in message.shown
    assert "Not delivered: 1 person - the bot may not write to them, or is blocked: <@U0DAN>" in message.shown
    assert "Perhaps delivered: 1 person - the chat never said whether it arrived" in message.shown
    assert "Left out: 1 person - no longer in the workspace: <@U0GONE>" in message.shown
    assert message.buttons == ["Send again to those it did not reach"]
    assert len(firm.slack.direct(ANNA)) == 1


async def test_again_goes_to_the_failed_only_and_an_old_report_does_nothing(firm: BroadcastStage) -> None:
    id, message = await firm.send()
    await firm.replica.deliver(id, "failed", "refused", only=("U0DAN",))
    await firm.replica.deliver(id)
    await firm.later()
    old = message.button("Send again to those it did not reach")
    await firm.slack.press(message, "Send again to those it did not reach", by=BEN)
    await firm.said("Only to those for whom it failed. Nobody gets it twice.", BEN)
    queued = [name for name, state, _ in await firm.replica.letters(id) if state == "queued"]
    assert queued == ["U0DAN"]
    await firm.slack.act(ANNA, old, message)
    await firm.said("This broadcast is going out by now")
    await firm.replica.deliver(id)
    await firm.later()
    assert "Delivered to 6 of 6 people." in message.shown
    assert "Sent again to those for whom it had failed, 1 time." in message.shown
    assert message.buttons == []


async def test_stop_is_said_and_the_report_says_who_was_left_out(firm: BroadcastStage) -> None:
    id, message = await firm.send()
    await firm.replica.deliver(id, only=FILERS)
    await firm.slack.press(message, "Stop", by=BEN)
    await firm.said("it cannot be called back", BEN)
    await firm.later()
    assert "Your broadcast was stopped" in message.shown
    assert "Left out: 3 people - left out, because it was stopped: <@U0LINK>, <@U0SEEN>, <@U0WORD>" in message.shown
    assert await firm.state(id) is BroadcastState.STOPPED


async def test_a_message_that_was_deleted_is_written_anew(firm: BroadcastStage) -> None:
    id, message = await firm.send()
    firm.slack.api.messages.remove(message)
    await firm.replica.deliver(id)
    await firm.later()
    again = await firm.message("Your broadcast has gone out")
    assert again is not message


@pytest.mark.parametrize(
    "fault", [Fault(error="ratelimited", status=429, retry_after=7), Fault(error="internal_error", status=500)]
)
async def test_an_edit_that_slack_refuses_is_made_later(firm: BroadcastStage, fault: Fault) -> None:
    id, message = await firm.send()
    await firm.replica.deliver(id)
    firm.slack.fault("chat.update", fault)
    await firm.later()
    assert "going out" in message.shown
    edits = [call for call in firm.slack.calls if call.method == "chat.update"]
    await firm.replica.rounds.round()
    assert len([call for call in firm.slack.calls if call.method == "chat.update"]) == len(edits), "not at once"
    await firm.later()
    assert "Your broadcast has gone out" in message.shown


async def test_the_list_shows_what_was_sent_what_was_not_and_what_can_be_done(firm: BroadcastStage) -> None:
    await firm.slack.command(ANNA, "/ecf-golive", "broadcast list")
    await firm.said("No broadcast was sent from this workspace yet")
    await firm.send(text="First.")
    await firm.preview({"text": "Half written", "office": "Macon"})
    await firm.slack.command(ANNA, "/ecf-golive", "broadcast LIST")
    said = await firm.said("You wrote this one and did not send it")
    assert "Half written" in said.shown
    assert "Going out: " in said.shown
    assert "By <@U0ANNA>, to people who file at" in said.shown
    assert said.buttons == ["Go on writing", "Stop", "Write a new one from it"]
    before = firm.slack.open_view(ANNA)
    await firm.slack.press(said, "Go on writing")
    view = await firm.slack.wait_for(
        lambda: view if (view := firm.slack.open_view(ANNA)) is not None and view is not before else None
    )
    assert view.input("text")["element"]["initial_value"] == "Half written"
    assert view.input("office")["element"]["initial_option"]["value"] == "Macon"
    await firm.slack.command(BEN, "/ecf-golive", "broadcast list")
    theirs = await firm.said("Going out: ", BEN)
    assert "Half written" not in theirs.shown, "what somebody has not sent is theirs"


EVERYBODY = tuple(f"U0{n:09d}" for n in range(20))


def progress(state: BroadcastState, **counts: int) -> Progress:
    """A broadcast of that state in which everything that can go wrong did, to 20 people each."""
    states = ("failed", "skipped", "perhaps")
    reasons = tuple(Reason(one, why.value, 10_000, EVERYBODY) for one in states for why in Why)
    return Progress(broadcast(text="&" * 2500, state=state), counts, reasons, NOW)


def listed(one: Progress) -> list[Progress]:
    """Ten broadcasts like `one`."""
    return [replace(one, broadcast=replace(one.broadcast, id=BroadcastId(f"b1{n}"))) for n in range(10)]


def test_the_longest_messages_and_views_keep_slacks_limits(contract: Contract) -> None:
    faults: list[str] = []
    for state in BroadcastState:
        for counts in ({}, {"sent": 1, "failed": 2, "queued": 3, "skipped": 4, "perhaps": 5}):
            one = progress(state, **counts)
            for said in (progress_message(one, court_of), list_message(listed(one), one.broadcast, court_of)):
                faults += contract.message_faults(said.text, said.blocks)
    one = progress(BroadcastState.DRAFT)
    draft = Draft(replace(one.broadcast, send_at=NOW), 10_000, one.reasons, Why.NO_CHANNEL)
    court = court_of("gasb")
    faults += contract.view_faults(preview_view(draft, court, progress_message(one, court_of).blocks))
    form = BroadcastForm("&" * 2500, "gasb", "O" * 128, unlinked_only=True, channel="C0FIRM", send_at=NOW)
    faults += contract.view_faults(form_view(form, court, ["A note."]))
    faults += contract.view_faults(form_view())
    assert faults == []


def test_a_long_list_of_people_is_cut_with_a_count_and_where_all_are() -> None:
    said = progress_message(progress(BroadcastState.DONE, sent=1, failed=10_000), court_of)
    words = "and 9,980 more; link-ecf broadcast show b1 prints them all"
    assert words in str(said.blocks)


def test_a_broadcast_from_the_command_line_is_nobodys_mention() -> None:
    one = replace(progress(BroadcastState.DONE), broadcast=broadcast(by=replace(ADMIN, id=FROM_TERMINAL)))
    assert "By the command line of the bot's server" in str(list_message([one], None, court_of).blocks)


async def test_every_call_and_answer_of_the_road_keeps_the_contract(firm: BroadcastStage, contract: Contract) -> None:
    id, message = await firm.send()
    await firm.replica.deliver(id, "failed", "refused")
    await firm.later()
    await firm.slack.press(message, "Send again to those it did not reach")
    await firm.said("Nobody gets it twice")
    calls = [call for call in firm.slack.calls if call.answer["ok"]]
    assert {call.method for call in calls} >= {"views.open", "chat.postMessage", "chat.update"}
    assert [fault for call in calls for fault in contract.call_faults(call)] == []
