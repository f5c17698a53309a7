"""The buttons under a notice: later, mute, linked already; each with its way back, each harmless when pressed twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.reminders.delivery.letter import Told
from bot.reminders.event import Occasion
from bot.reminders.hearer import Hours
from bot.reminders.notice import Notice, NoticeId, PlannedNotice, Step
from bot.reminders.people.wish_form import Later
from bot.reminders.people.wish_sheet import Linked
from bot.sandbox.slack import PretendSlack
from bot.words.notices import notice_words
from handlers.slack.notice_actions import LINKED_ALREADY, MUTE, SNOOZE
from handlers.slack.notice_buttons import when_message
from handlers.slack.notices import notice_message
from tests.handlers.slack.stage import ANNA, BEN, FakeService, person
from tests.handlers.slack.watch_stage import NOW, FakeWatching, Watched, court_of, event, watched_in_slack
from tests.handlers.slack_contract import Contract

BUTTONS = (
    ("Remind me later", SNOOZE, "ev-gasb"),
    ("Mute", MUTE, "gasb"),
    ("I have linked already", LINKED_ALREADY, "gasb"),
)


@pytest.fixture
async def watched(slack: PretendSlack) -> AsyncIterator[Watched]:
    """The bot with reminders; Anna and Ben watch a court with a date."""
    watching = FakeWatching(events={"ev-gasb": event()})
    watching.keep("gasb", ANNA)
    watching.keep("gasb", BEN)
    async with watched_in_slack(slack, watching, FakeService()) as watched:
        yield watched


@pytest.mark.parametrize(
    ("choice", "words", "due"),
    [
        ("Tomorrow", "Monday, March 8, 2021, 9:00 a.m. Eastern Time", datetime(2021, 3, 8, 14, tzinfo=UTC)),
        ("In 3 days", "Monday, March 8, 2021, 9:00 a.m. Eastern Time", datetime(2021, 3, 8, 14, tzinfo=UTC)),
        ("In a week", "Friday, March 12, 2021, 9:00 a.m. Eastern Time", datetime(2021, 3, 12, 14, tzinfo=UTC)),
    ],
)
async def test_later_says_when_in_the_persons_own_hours(
    watched: Watched, choice: str, words: str, due: datetime
) -> None:
    """It is Friday: tomorrow is no working day."""
    notice = await watched.notice(*BUTTONS)
    await watched.slack.press(notice, "Remind me later")
    asked = await watched.said("When do you want to be told again?")
    assert asked.ephemeral
    await watched.slack.press(asked, choice)
    said = await watched.said(f"You will be told again on {words}.")
    assert said is asked, "the answer stands in the place of the question"
    assert watched.watching.agains == {(person(ANNA), "ev-gasb"): due}
    assert notice.buttons == [text for text, *_ in BUTTONS], "the notice itself stays as it was"


async def test_later_is_taken_back_where_it_was_said(watched: Watched) -> None:
    notice = await watched.notice(*BUTTONS)
    await watched.slack.press(notice, "Remind me later")
    asked = await watched.said("When do you want to be told again?")
    question = asked.button("In a week")
    await watched.slack.press(asked, "In a week")
    await watched.said("You will be told again")
    undo = asked.button("Undo")
    await watched.slack.press(asked, "Undo")
    await watched.said("You are reminded at the usual times again")
    assert watched.watching.agains == {}
    assert asked.buttons == []
    await watched.slack.act(ANNA, undo, asked)
    await watched.slack.wait_for(lambda: watched.watching.asked.count("snooze ev-gasb None") == 2)
    assert watched.watching.agains == {}
    await watched.slack.act(ANNA, question, asked)
    await watched.said("You will be told again")
    assert len(watched.watching.agains) == 1


async def test_pressing_twice_asks_for_the_same(watched: Watched) -> None:
    notice = await watched.notice(*BUTTONS)
    await watched.slack.press(notice, "Remind me later")
    asked = await watched.said("When do you want to be told again?")
    press = asked.button("Tomorrow")
    for count in (1, 2):
        await watched.slack.act(ANNA, press, asked)
        await watched.slack.wait_for(lambda count=count: len(watched.watching.asked) == count)  # type: ignore[misc]
        watched.watching.now += timedelta(minutes=5)
    assert watched.watching.agains == {(person(ANNA), "ev-gasb"): datetime(2021, 3, 8, 14, tzinfo=UTC)}


async def test_later_than_the_date_itself_is_said(watched: Watched) -> None:
    watched.watching.now = datetime(2021, 3, 26, 15, tzinfo=UTC)
    watched.watching.hours[person(ANNA)] = Hours(ZoneInfo("America/Chicago"))
    notice = await watched.notice(*BUTTONS)
    await watched.slack.press(notice, "Remind me later")
    asked = await watched.said("When do you want to be told again?")
    await watched.slack.press(asked, "In a week")
    said = await watched.said("Friday, April 2, 2021, 9:00 a.m. Central Time")
    assert "Note that the date itself is earlier: Monday, March 29, 2021, 9:00 a.m. Eastern Time" in said.shown


async def test_a_date_that_is_gone_is_said(watched: Watched) -> None:
    notice = await watched.notice(("Remind me later", SNOOZE, "ev-gone"))
    await watched.slack.press(notice, "Remind me later")
    asked = await watched.said("When do you want to be told again?")
    await watched.slack.press(asked, "Tomorrow")
    said = await watched.said("This date is no longer kept")
    assert said.buttons == []


async def test_who_hears_nothing_is_not_promised_to_be_told(watched: Watched) -> None:
    watched.watching.courts.clear()
    notice = await watched.notice(*BUTTONS)
    await watched.slack.press(notice, "Remind me later")
    asked = await watched.said("When do you want to be told again?")
    await watched.slack.press(asked, "Tomorrow")
    said = await watched.said("You hear nothing of Bankr. S.D. Georgia")
    assert said.buttons == []


async def test_every_button_of_a_real_notice_is_answered(watched: Watched) -> None:
    """The message as the letters write it, for the day on which the court opens."""
    opened = datetime(2021, 3, 29, 13, tzinfo=UTC)
    planned = PlannedNotice(
        event().id,
        1,
        Occasion("2021-03-29T09:00"),
        person(ANNA),
        Step.OPENING,
        opened,
        told=Occasion("2021-03-29T09:00"),
    )
    told = Told(Notice(NoticeId("n1"), event().court, planned), event(), Hours(ZoneInfo("America/Chicago")))
    said = notice_message(told, notice_words(told, court_of("gasb"), opened))
    notice = await watched.post(said)
    assert notice.buttons == ["Link now", "Remind me later", "I have linked already", "Mute this court"]
    for text, words in (
        ("Remind me later", "When do you want to be told again?"),
        ("I have linked already", "Noted: linked by hand"),
        ("Mute this court", "Muted: Bankr. S.D. Georgia"),
    ):
        await watched.slack.press(notice, text)
        await watched.said(words)
    await watched.slack.press(notice, "Link now")
    view = await watched.shown(ANNA, lambda view: any(view.inputs()))
    assert view.input("court")["element"]["initial_option"]["value"] == "gasb"


async def test_mute_and_unmute(watched: Watched) -> None:
    notice = await watched.notice(*BUTTONS)
    await watched.slack.press(notice, "Mute")
    said = await watched.said("You hear nothing more of the United States Bankruptcy Court")
    assert said.ephemeral
    assert watched.watching.courts[person(ANNA)]["gasb"].muted
    assert not watched.watching.courts[person(BEN)]["gasb"].muted
    await watched.slack.press(notice, "Mute")
    await watched.slack.wait_for(lambda: watched.watching.asked.count("mute gasb True") == 2)
    await watched.slack.press(said, "Undo")
    await watched.said("No longer muted")
    assert not watched.watching.courts[person(ANNA)]["gasb"].muted


async def test_muting_a_court_that_is_not_watched_says_so(watched: Watched) -> None:
    notice = await watched.notice(("Mute", MUTE, "almb"))
    await watched.slack.press(notice, "Mute")
    said = await watched.said("You do not watch Bankr. M.D. Alabama")
    assert said.buttons == []


async def test_linked_already_goes_by_the_persons_word_and_says_how_to_check(watched: Watched) -> None:
    notice = await watched.notice(*BUTTONS)
    await watched.slack.press(notice, "I have linked already")
    said = await watched.said("Noted: linked by hand")
    for words in ("it has not seen the link itself", "press F5", "Who can help: the CM/ECF help desk"):
        assert words in said.shown
    assert watched.watching.courts[person(ANNA)]["gasb"].linked is Linked.OWN_WORD
    await watched.slack.press(said, "Undo")
    await watched.said("counts you as not linked")
    assert watched.watching.courts[person(ANNA)]["gasb"].linked is Linked.NOT_YET


@pytest.mark.parametrize(("text", "action"), [("Mute", MUTE), ("I have linked already", LINKED_ALREADY)])
async def test_a_court_that_is_not_in_the_list_changes_nothing(watched: Watched, text: str, action: str) -> None:
    notice = await watched.notice((text, action, "nowhere"))
    await watched.slack.press(notice, text)
    await watched.said("This court is not in the bot's list")


async def test_whose_wish_it_is_says_the_payload_and_not_the_message(watched: Watched) -> None:
    """Ben presses what stands in Anna's conversation, which he cannot, really: it is his own court that is muted."""
    notice = await watched.notice(*BUTTONS)
    await watched.slack.press(notice, "Mute", by=BEN)
    await watched.slack.wait_for(lambda: watched.watching.courts[person(BEN)]["gasb"].muted)
    assert not watched.watching.courts[person(ANNA)]["gasb"].muted


async def test_a_store_that_fails_is_said_beside_and_the_question_stays(watched: Watched) -> None:
    notice = await watched.notice(*BUTTONS)
    await watched.slack.press(notice, "Remind me later")
    asked = await watched.said("When do you want to be told again?")
    watched.watching.down = True
    await watched.slack.press(asked, "Tomorrow")
    said = await watched.said("The bot cannot reach its records just now")
    assert said is not asked
    assert "Tomorrow" in asked.buttons
    watched.watching.down = False
    await watched.slack.press(asked, "Tomorrow")
    await watched.said("You will be told again")


def test_the_question_keeps_the_contract(contract: Contract) -> None:
    said = when_message(event().id)
    assert list(contract.message_faults(said.text, said.blocks)) == []
    actions = [one["action_id"] for one in said.blocks[-1]["elements"]]
    assert len(set(actions)) == len(Later)
    assert NOW.weekday() == 4, "the Friday of these tests"


async def test_every_call_of_these_roads_keeps_the_contract(watched: Watched, contract: Contract) -> None:
    notice = await watched.notice(*BUTTONS)
    for text, words in (("Mute", "Muted: "), ("I have linked already", "Noted: ")):
        await watched.slack.press(notice, text)
        await watched.slack.press(await watched.said(words), "Undo")
    view = await watched.form()
    await watched.slack.submit(view, {"courts": ["almb"]})
    await watched.slack.command(ANNA, "/link-ecf", "remind")
    assert [fault for call in watched.slack.calls for fault in contract.call_faults(call)] == []
    assert [call.answer for call in watched.slack.calls if not call.answer["ok"]] == []
