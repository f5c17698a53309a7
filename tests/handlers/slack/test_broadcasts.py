"""`/ecf-golive broadcast`: the form, the preview, sending, and what stands where when something is in the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import StoreDown
from bot.reminders.broadcasts.broadcast import BroadcastState
from bot.reminders.broadcasts.form import LONGEST
from bot.reminders.delivery.letter import Why
from bot.sandbox.slack import Fault, PretendSlack
from tests.handlers.slack.broadcast_stage import FORM, BroadcastStage, broadcasts_in_slack
from tests.handlers.slack.stage import ANNA, BEN
from tests.reminders.broadcast_stage import HERE


@pytest.fixture
async def firm(slack: PretendSlack, tmp_path: Path) -> AsyncIterator[BroadcastStage]:
    """Broadcasts in a workspace with two admins and eight people who file at gasb."""
    async with broadcasts_in_slack(slack, tmp_path) as stage:
        yield stage


def epoch(**ahead: float) -> str:
    """Return so far ahead, as a picker of moments says it."""
    return str(int((datetime.now(UTC) + timedelta(**ahead)).timestamp()))


async def test_the_preview_shows_the_text_how_many_get_it_and_who_does_not(firm: BroadcastStage) -> None:
    view = await firm.preview({**FORM, "text": "Live on Monday.\nSee *you* there."}, ["unlinked"])
    assert "4 people will get it as a direct message" in view.shown
    assert (
        "the United States Bankruptcy Court for the Southern District of Georgia and are not linked there" in view.shown
    )
    assert "Live on Monday.\nSee *you* there." in view.shown
    assert "Sent by <@U0ANNA>, as an administrator of this bot." in view.shown
    assert "1 person left out - no longer in the workspace: <@U0GONE>" in view.shown
    assert "1 person left out - asked to hear nothing of this court: <@U0MUTE>" in view.shown
    assert "2 people left out - linked at this court" in view.shown
    assert "<@U0LINK>, <@U0WORD>" in view.shown
    assert firm.slack.direct(ANNA) == [], "nothing is sent"


async def test_a_press_of_send_sends_once_and_says_where_its_progress_stands(firm: BroadcastStage) -> None:
    view = await firm.preview()
    await firm.slack.submit(view)
    assert "Its progress, and then the report, stand in your direct messages" in view.shown
    message = await firm.message("Your broadcast is going out")
    assert "Delivered to 0 of 6 people. 6 people still to go." in message.shown
    assert message.buttons == ["Stop"]


async def test_back_to_edit_loses_nothing(firm: BroadcastStage) -> None:
    at = epoch(days=3)
    view = await firm.preview({**FORM, "text": " Two\n\nlines ", "office": "Savannah", "send_at": at}, ["unlinked"])
    await firm.slack.press_in(view, "Back to edit")
    await firm.slack.wait_for(lambda: view.title == "Write a broadcast")
    values = {name.partition(":")[0]: element for name, one in view.values().items() for element in one.values()}
    assert values["text"]["value"] == "Two\n\nlines"
    assert values["court"]["selected_option"]["value"] == "gasb"
    assert values["office"]["selected_option"]["value"] == "Savannah"
    assert values["unlinked"]["selected_options"][0]["value"] == "yes"
    assert values["everybody"]["selected_options"] == []
    assert str(values["send_at"]["selected_date_time"]) == at
    await firm.slack.submit(view, {"text": "Other words."})
    assert "Other words." in view.shown
    await firm.slack.press_in(view, "Back to edit")
    await firm.slack.wait_for(lambda: view.title == "Write a broadcast")


async def test_an_audience_of_nobody_is_said_and_cannot_be_sent(firm: BroadcastStage) -> None:
    view = await firm.preview({**FORM, "court": "almb", "office": "Savannah"})
    assert "Nobody would get it" in view.shown
    assert "submit" not in view.view
    reply = await firm.forged(view, str(view.view["private_metadata"]), "broadcast_send")
    assert "It would reach nobody now, so nothing was sent" in str(reply.body)


@pytest.mark.parametrize(
    ("values", "ticks", "label", "said"),
    [
        ({"text": "  \n ", "court": "gasb"}, (), "What to say", "Write what the broadcast is to say."),
        ({"text": "x" * (LONGEST + 1), "court": "gasb"}, (), "What to say", "Shorten it to 2,500 characters."),
        ({"text": "a\x00b", "court": "gasb"}, (), "What to say", "no text"),
        ({"text": "Hello"}, (), "People who file at a court", "Choose who is to get it"),
        ({"text": "Hello"}, ("unlinked",), "People who file at a court", "at which they are not linked"),
        ({"text": "Hello", "court": "gasb"}, ("everybody",), "Everybody", "more than one of them"),
        ({**FORM, "channel": "C0GENERAL"}, (), "Or one channel", "to people or to a channel"),
        ({**FORM, "send_at": epoch(minutes=-2)}, (), "When", "This time is past"),
        ({**FORM, "send_at": epoch(days=400)}, (), "When", "more than a year ahead"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    firm: BroadcastStage, values: dict[str, str], ticks: tuple[str, ...], label: str, said: str
) -> None:
    view = await firm.opened()
    reply = await firm.slack.submit(view, values, ticks, force=True)
    assert reply.body["response_action"] == "errors"
    assert said in view.errors[label]
    assert view.value(view.input("text"))["value"] == values["text"]
    assert await firm.replica.broadcaster.recent(HERE) == ()


async def test_text_that_looks_like_mentions_and_links_pings_nobody(firm: BroadcastStage) -> None:
    typed = "<!channel> @here <@U0BEN> <https://evil.example|click> & https://x.example/a?b=1&c=2."
    view = await firm.preview({**FORM, "text": typed})
    shown = "&lt;!channel&gt; @here &lt;@U0BEN&gt; &lt;<https://evil.example>|click&gt; &amp; "
    shown += "<https://x.example/a?b=1&amp;c=2>."
    [block] = [one for one in view.view["blocks"] if "@here" in str(one)]
    assert block["text"] == {"type": "mrkdwn", "text": shown, "verbatim": True}, "plain words become no mention either"
    await firm.slack.submit(view)
    message = await firm.message("Your broadcast is going out")
    [block] = [one for one in message.blocks if "@here" in str(one)]
    assert block["text"]["type"] == "plain_text"
    assert "channel" not in message.text


async def test_a_channel_gets_one_message_and_what_stands_in_its_way_is_said_before(firm: BroadcastStage) -> None:
    firm.channels.why = Why.NOT_IN_CHANNEL
    view = await firm.preview({"text": "Hello", "channel": "C0GENERAL"})
    assert "One message goes to the channel <#C0GENERAL>" in view.shown
    assert (
        "It would not arrive as things are: the bot is not a member of the channel; type /invite there." in view.shown
    )
    firm.channels.silent = True
    view = await firm.preview({"text": "Hello", "channel": "C0GENERAL"})
    assert "Slack did not say in time whether the bot may write there." in view.shown
    await firm.slack.submit(view)
    message = await firm.message("To the channel <#C0GENERAL>.")
    assert "On its way." in message.shown


async def test_words_after_the_command_stand_in_the_form(firm: BroadcastStage) -> None:
    view = await firm.opened("broadcast Hello all")
    assert view.input("text")["element"]["initial_value"] == "Hello all"
    assert "initial_option" not in view.input("court")["element"]
    assert "initial_conversation" not in view.input("channel")["element"], "no channel is chosen beforehand"


async def test_a_form_that_slack_does_not_open_is_said(firm: BroadcastStage) -> None:
    firm.slack.fault("views.open", Fault(error="expired_trigger_id"))
    await firm.slack.command(ANNA, "/ecf-golive", "broadcast")
    await firm.said("The form could not be opened")


async def test_without_the_database_the_form_keeps_what_was_typed_and_nothing_is_sent(firm: BroadcastStage) -> None:
    view = await firm.opened()
    firm.service.breaks = StoreDown()
    await firm.slack.submit(view, FORM)
    assert "Nothing was sent, and what you wrote is still here" in view.errors["What to say"]
    assert view.value(view.input("text"))["value"] == FORM["text"]
    firm.service.breaks = None
    await firm.slack.submit(view)
    assert view.title == "Preview"
    firm.service.breaks = StoreDown()
    await firm.slack.submit(view)
    assert "pressing the same button again never sends a broadcast twice" in view.shown


async def test_two_admins_who_send_the_same_draft_send_it_once(firm: BroadcastStage) -> None:
    first = await firm.preview()
    id = str(first.view["private_metadata"])
    second = await firm.preview(user=BEN)
    await firm.slack.submit(first)
    await firm.message("Your broadcast is going out")
    await firm.forged(second, id)
    assert "This broadcast is going out by now" in second.shown
    assert "It was not sent a second time" in second.shown
    assert firm.slack.direct(BEN) == []


async def test_the_offices_are_those_of_the_people_here(firm: BroadcastStage) -> None:
    view = await firm.opened()
    assert [one["value"] for one in await firm.slack.suggest(view, "", "office")] == ["Macon", "Savannah"]
    assert [one["value"] for one in await firm.slack.suggest(view, "savan", "office")] == ["Savannah"]


async def test_a_scheduled_one_is_shown_by_the_readers_clock_and_the_courts_and_can_be_called_off(
    firm: BroadcastStage,
) -> None:
    view = await firm.preview({**FORM, "send_at": str(int(datetime(2027, 3, 29, 13, tzinfo=UTC).timestamp()))})
    when = "<!date^1806325200^{date_long}, {time}|Monday, March 29, 2027, 1:00 p.m. UTC>, your time"
    court = "(Monday, March 29, 2027, 9:00 a.m. Eastern Time)"
    assert f"It goes out on {when} {court}" in view.shown
    assert view.view["submit"]["text"] == "Schedule"
    await firm.slack.submit(view)
    assert "Your broadcast is scheduled" in view.shown
    message = await firm.message("Your broadcast is scheduled")
    assert court in message.shown
    await firm.slack.press(message, "Do not send it")
    await firm.said("Nothing more of it is sent")
    await firm.later()
    assert "Your broadcast was stopped" in message.shown
    assert message.buttons == []
    assert {one.broadcast.state for one in await firm.replica.broadcaster.recent(HERE)} == {BroadcastState.STOPPED}
