"""Every door of broadcasts asks anew who is an admin, and no id that a payload names opens one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.reminders.broadcasts.broadcast import BroadcastId, BroadcastState
from bot.sandbox.slack import PretendSlack
from tests.handlers.slack.broadcast_stage import FORM, NOT_ADMIN, BroadcastStage, broadcasts_in_slack
from tests.handlers.slack.stage import ANNA, BEN, person
from tests.reminders.broadcast_stage import HERE, THERE, Replica
from tests.reminders.broadcast_stage import person as somebody

CARL = "U0CARL"


@pytest.fixture
async def firm(slack: PretendSlack, tmp_path: Path) -> AsyncIterator[BroadcastStage]:
    """Broadcasts in a workspace with two admins, and CARL, who is none."""
    slack.join(CARL)
    async with broadcasts_in_slack(slack, tmp_path) as stage:
        yield stage


@pytest.mark.parametrize("text", ["broadcast", "broadcast list", "broadcast Hello"])
async def test_the_command_is_for_admins(firm: BroadcastStage, text: str) -> None:
    await firm.slack.command(CARL, "/ecf-golive", text)
    said = await firm.said(NOT_ADMIN, CARL)
    assert firm.slack.open_view(CARL) is None
    assert said.buttons == []


async def test_who_is_no_admin_any_more_sends_no_form_and_sees_no_office(firm: BroadcastStage) -> None:
    view = await firm.opened()
    firm.admins.people.remove(person(ANNA))
    assert await firm.slack.suggest(view, "", "office") == []
    await firm.slack.submit(view, FORM)
    assert NOT_ADMIN in view.shown
    assert await firm.replica.broadcaster.unsent(person(ANNA)) is None, "not even a draft"


@pytest.mark.parametrize("callback", ["broadcast_send", "broadcast_schedule"])
async def test_who_is_no_admin_any_more_sends_no_preview(firm: BroadcastStage, callback: str) -> None:
    view = await firm.preview()
    id = BroadcastId(str(view.view["private_metadata"]))
    firm.admins.people.remove(person(ANNA))
    await firm.forged(view, id, callback)
    assert NOT_ADMIN in view.shown
    assert await firm.state(id) is BroadcastState.DRAFT
    assert firm.slack.direct(ANNA) == []


async def test_who_is_no_admin_any_more_does_not_get_the_form_back(firm: BroadcastStage) -> None:
    view = await firm.preview()
    firm.admins.people.remove(person(ANNA))
    await firm.slack.press_in(view, "Back to edit")
    await firm.slack.wait_for(lambda: NOT_ADMIN in view.shown)
    assert FORM["text"] not in view.shown


async def test_nobody_else_presses_the_buttons_of_a_report_or_a_list(firm: BroadcastStage) -> None:
    id, message = await firm.send()
    await firm.slack.press(message, "Stop", by=CARL)
    await firm.said(NOT_ADMIN, CARL)
    assert await firm.state(id) is BroadcastState.SENDING
    await firm.replica.deliver(id, "failed", "refused")
    await firm.later()
    await firm.slack.press(message, "Send again to those it did not reach", by=CARL)
    await firm.slack.wait_for(lambda: len(firm.slack.messages(CARL)) == 2)
    assert NOT_ADMIN in firm.slack.messages(CARL)[-1].shown
    assert await firm.state(id) is BroadcastState.DONE
    await firm.slack.command(ANNA, "/ecf-golive", "broadcast list")
    listed = await firm.said("Broadcasts")
    await firm.slack.press(listed, "Write a new one from it", by=CARL)
    await firm.slack.wait_for(lambda: len(firm.slack.messages(CARL)) == 3)
    assert firm.slack.open_view(CARL) is None


@pytest.mark.parametrize("metadata", ["", "nothing", "' OR 1=1 --", "x" * 3000, "\u0000", "a:b:c"])
async def test_a_preview_that_names_no_draft_sends_nothing(firm: BroadcastStage, metadata: str) -> None:
    view = await firm.preview()
    await firm.forged(view, metadata)
    assert "The bot knows no such broadcast in this workspace" in view.shown
    assert await firm.replica.broadcaster.recent(HERE) == ()


async def test_another_workspaces_draft_is_neither_sent_nor_shown(firm: BroadcastStage) -> None:
    other = Replica.of(firm.replica.store)
    stranger = somebody("U0CORA", THERE)
    theirs = await other.draft_in(THERE, stranger, "A secret of others.")
    view = await firm.preview()
    await firm.forged(view, theirs.broadcast.id)
    assert "The bot knows no such broadcast in this workspace" in view.shown
    _, message = await firm.send(user=BEN)
    button = {**message.button("Stop"), "action_id": "broadcast_copy", "value": theirs.broadcast.id}
    before = firm.slack.open_view(BEN)
    await firm.slack.act(BEN, button, message)
    form = await firm.slack.wait_for(
        lambda: found if (found := firm.slack.open_view(BEN)) is not None and found is not before else None
    )
    assert "no longer kept" in form.shown
    assert "A secret of others." not in str(form.view)
    assert await other.broadcaster.deliveries(THERE, theirs.broadcast.id) == ()


@pytest.mark.parametrize("value", ["", ":", "x:y", "b1:999999999999999999999", "b1:-1", "b1:1:1", "\u0000:1"])
async def test_a_button_with_a_value_that_was_never_given_does_nothing(firm: BroadcastStage, value: str) -> None:
    id, message = await firm.send()
    stop = message.button("Stop")
    for action in ("broadcast_stop", "broadcast_again"):
        await firm.slack.act(ANNA, {**stop, "action_id": action, "value": value}, message)
    await firm.slack.wait_for(
        lambda: [one for one in firm.slack.messages(ANNA) if "knows no such broadcast" in one.shown][1:]
    )
    assert await firm.state(id) is BroadcastState.SENDING
