"""`/link-ecf watch gasb`, `/link-ecf remind`, and the buttons of their answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Code
from bot.reminders.event import Status
from bot.reminders.hearer import Hours
from bot.reminders.people.wish_sheet import Linked, ZoneFrom
from bot.sandbox.slack import PretendSlack
from handlers.slack.notice_actions import OPEN_WATCHED
from handlers.slack.watch_messages import MOST_SHOWN, remind_message, unclear_message
from tests.handlers.slack.stage import ANNA, BEN, FakeService, person
from tests.handlers.slack.watch_stage import COURTS, FakeWatching, Watched, event, watched_in_slack
from tests.handlers.slack_contract import Contract


@pytest.fixture
async def watched(slack: PretendSlack) -> AsyncIterator[Watched]:
    """The bot with reminders; the Southern District of Georgia goes live on a Monday in March."""
    watching = FakeWatching(events={"ev-gasb": event()})
    async with watched_in_slack(slack, watching, FakeService()) as watched:
        yield watched


async def test_watch_with_a_court_adds_it_and_says_its_date_by_both_clocks(watched: Watched) -> None:
    watched.watching.hours[person(ANNA)] = Hours(ZoneInfo("Pacific/Guam"))
    reply = await watched.slack.command(ANNA, "/link-ecf", "watch southern georgia bankruptcy")
    assert reply.body["response_type"] == "ephemeral"
    said = watched.slack.messages(ANNA)[-1].shown
    assert "You watch Bankr. S.D. Georgia" in said
    assert "Monday, March 29, 2021, 9:00 a.m. Eastern Time" in said
    assert "(for you: Monday, March 29, 2021, 11:00 p.m. Chamorro Time, Guam)" in said
    assert "Not linked yet, as far as the bot knows" in said
    assert list(watched.watching.courts[person(ANNA)]) == ["gasb"]


async def test_a_court_without_a_date_is_watched_and_says_so(watched: Watched) -> None:
    await watched.slack.command(ANNA, "/link-ecf", "WATCH deb")
    assert "No date is known" in watched.slack.messages(ANNA)[-1].shown
    await watched.slack.command(ANNA, "/link-ecf", "watch txwb")
    assert "On NextGen CM/ECF already" in watched.slack.messages(ANNA)[-1].shown


async def test_what_was_watched_can_be_stopped_and_watched_again_where_it_stands(watched: Watched) -> None:
    await watched.slack.command(ANNA, "/link-ecf", "watch gasb")
    said = watched.slack.messages(ANNA)[-1]
    await watched.slack.press(said, "Stop watching")
    await watched.said("You no longer watch")
    assert watched.watching.courts[person(ANNA)] == {}
    assert "You watch Bankr." not in said.shown, "the answer stands in the place of what was pressed"
    await watched.slack.press(said, "Watch this court")
    await watched.said("You watch Bankr. S.D. Georgia")
    assert list(watched.watching.courts[person(ANNA)]) == ["gasb"]


async def test_an_unclear_court_changes_nothing_and_offers_those_near(watched: Watched) -> None:
    await watched.slack.command(ANNA, "/link-ecf", "watch georgia")
    said = watched.slack.messages(ANNA)[-1]
    assert '"georgia" does not name one court. Did you mean' in said.shown
    assert watched.watching.asked == []
    near = next(text for text in said.buttons if text.startswith("Watch "))
    await watched.slack.press(said, near)
    await watched.said("You watch ")
    assert len(watched.watching.courts[person(ANNA)]) == 1


async def test_a_text_that_names_nothing_is_shown_as_text(watched: Watched) -> None:
    await watched.slack.command(ANNA, "/link-ecf", "watch <@U1> zzzz")
    assert "<@U1>" not in watched.slack.messages(ANNA)[-1].shown


async def test_remind_shows_courts_standing_dates_and_hours(watched: Watched) -> None:
    watched.watching.events["ev-almb"] = event("almb", None, coarse="spring 2021", status=Status.TARGET)
    watched.watching.keep("gasb", muted=True)
    watched.watching.keep("almb", by_roster=True)
    watched.watching.keep("txwb", linked=Linked.PROVED)
    watched.watching.hours[person(ANNA)] = Hours(
        ZoneInfo("America/Chicago"), vacation=(date(2021, 3, 20), date(2021, 3, 27))
    )
    await watched.slack.command(ANNA, "/link-ecf", "remind")
    said = watched.slack.messages(ANNA)[-1].shown
    for words in (
        "Muted: you hear nothing of it",
        "Monday, March 29, 2021, 9:00 a.m. Eastern Time (for you: Monday, March 29, 2021, 8:00 a.m. Central Time)",
        "spring 2021",
        "No day is known yet, so nothing is sent for it",
        "Entered for you from your firm's roster",
        "Linked. No more reminders to link",
        "Monday to Friday, 9:00 a.m. to 5:30 p.m., Central Time",
        "Away from Saturday, March 20, 2021 to Saturday, March 27, 2021",
    ):
        assert words in said


async def test_remind_of_nothing_says_how_to_begin(watched: Watched) -> None:
    watched.watching.zone_from = ZoneFrom.COURT
    await watched.slack.command(ANNA, "/link-ecf", "remind")
    said = watched.slack.messages(ANNA)[-1]
    assert "You watch no court, so the bot reminds you of nothing" in said.shown
    assert "The zone is a guess" in said.shown
    await watched.slack.press(said, "Your courts and hours")
    view = await watched.shown(ANNA, lambda view: any(view.inputs()))
    assert view.title == "Your courts"


async def test_link_now_stands_beside_a_court_that_is_live_and_not_linked(watched: Watched) -> None:
    watching = watched.watching
    for court in ("gasb", "txwb", "alnb"):
        watching.keep(court)
    watching.keep("alnb", linked=Linked.OWN_WORD)
    await watched.slack.command(ANNA, "/link-ecf", "remind")
    said = watched.slack.messages(ANNA)[-1]
    assert said.buttons.count("Link now") == 1, "not before the date, and not where it is done"
    await watched.slack.press(said, "Link now")
    view = await watched.shown(ANNA, lambda view: any(view.inputs()))
    assert view.input("court")["element"]["initial_option"]["value"] == "txwb"
    watching.now += timedelta(days=60)
    await watched.slack.command(ANNA, "/link-ecf", "remind")
    assert watched.slack.messages(ANNA)[-1].buttons.count("Link now") == 2
    watched.stage.service.hindrances = {"gasb": Code.LINKING_OFF, "txwb": Code.LINKING_OFF}
    await watched.slack.command(ANNA, "/link-ecf", "remind")
    assert "Link now" not in watched.slack.messages(ANNA)[-1].buttons


async def test_one_persons_courts_are_not_anothers(watched: Watched) -> None:
    await watched.slack.command(ANNA, "/link-ecf", "watch gasb")
    said = watched.slack.messages(ANNA)[-1]
    await watched.slack.command(BEN, "/link-ecf", "remind")
    assert "You watch no court" in watched.slack.messages(BEN)[-1].shown
    await watched.slack.press(said, "Stop watching", by=BEN)
    await watched.said("You no longer watch")
    assert list(watched.watching.courts[person(ANNA)]) == ["gasb"], "Ben's press is Ben's own"


async def test_a_store_that_fails_is_said_and_the_button_stays(watched: Watched) -> None:
    await watched.slack.command(ANNA, "/link-ecf", "watch gasb")
    said = watched.slack.messages(ANNA)[-1]
    watched.watching.down = True
    for text in ("watch almb", "remind"):
        reply = await watched.slack.command(ANNA, "/link-ecf", text)
        assert "The bot cannot reach its records just now" in reply.body["text"]
    before = len(watched.slack.messages(ANNA))
    await watched.slack.press(said, "Stop watching")
    await watched.slack.wait_for(lambda: len(watched.slack.messages(ANNA)) > before)
    assert "cannot reach its records" in watched.slack.messages(ANNA)[-1].shown
    assert "Stop watching" in said.buttons


async def test_a_fault_of_ours_is_said_with_an_incident_id(watched: Watched) -> None:
    watched.watching.breaks = RuntimeError("canary-in-a-message")
    await watched.slack.command(ANNA, "/link-ecf", "remind")
    assert "incident id: " in watched.slack.messages(ANNA)[-1].shown


async def test_a_busy_store_does_not_hold_the_acknowledgement(watched: Watched) -> None:
    watched.watching.free = asyncio.Event()
    reply = await watched.slack.command(ANNA, "/link-ecf", "remind")
    assert (reply.status, reply.text) == (200, "")
    watched.watching.free.set()
    await watched.said("You watch no court")


async def test_a_court_that_is_not_live_yet_can_be_watched_from_where_that_is_said(watched: Watched) -> None:
    watched.stage.service.hindrances["gasb"] = Code.NOT_LIVE
    await watched.slack.command(ANNA, "/link-ecf", "gasb")
    said = watched.slack.messages(ANNA)[-1]
    assert said.buttons == ["Watch this court", "Choose another court"]
    await watched.slack.press(said, "Watch this court")
    await watched.said("You watch Bankr. S.D. Georgia")
    assert list(watched.watching.courts[person(ANNA)]) == ["gasb"]


async def test_only_the_whole_word_is_the_command(slack: PretendSlack) -> None:
    watching = FakeWatching()
    async with watched_in_slack(slack, watching, FakeService()) as watched:
        await watched.slack.command(ANNA, "/link-ecf", "watchful court")
        assert watching.asked == [], "only the whole word is the command"


def test_the_longest_list_keeps_the_contract(contract: Contract) -> None:
    watching = FakeWatching()
    for court in COURTS.all:
        watching.events[f"ev-{court.id}"] = event(court.id)
        watching.keep(court.id)
    sheet = watching._sheet(person(ANNA))
    said = remind_message(sheet, lambda court: True)
    assert list(contract.message_faults(said.text, said.blocks)) == []
    assert f"And {len(COURTS.all) - MOST_SHOWN} more courts." in str(said.blocks)
    near = unclear_message("georgia", COURTS.search("georgia", 3))
    assert list(contract.message_faults(near.text, near.blocks)) == []
    assert OPEN_WATCHED in str(near.blocks)
