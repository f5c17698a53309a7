"""`/ecf-golive` over the real calendar, admins and roster, from the first admin's first word to a correction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.courts.directory import Directory
from bot.people import Platform
from bot.register.dates_scribe import DatesScribe
from bot.register.head import HeadFile
from bot.register.recorder import Recorder
from bot.reminders.dates.believing import Believers
from bot.reminders.dates.calendar import Calendar
from bot.reminders.dates.change import What
from bot.reminders.final_day import FinalDay
from bot.reminders.people.admins import Admins
from bot.reminders.people.roster import Roster
from bot.reminders.planner import Planner
from bot.sandbox.slack import BOT_TOKEN, TEAM, PretendSlack
from bot.service.dates import DateService
from bot.store import Store
from handlers.slack import OneWorkspace, slack_session, web_client
from handlers.slack.profiles import SlackProfiles
from tests.handlers.slack.date_stage import DateStage, golive_in_slack
from tests.handlers.slack.stage import ANNA, BEN, person
from tests.reminders.date_stage import DateStage as Book
from tests.sqlite import made


@dataclass
class Real:
    """What is typed, and what is kept of it."""

    golive: DateStage
    calendar: Calendar
    roster: Roster
    book: Book


@pytest.fixture
async def real(slack: PretendSlack, tmp_path: Path) -> AsyncIterator[Real]:
    """The real service over an SQLite file, with ANNA named by LINK_ECF_ADMINS."""
    slack.join(BEN, email="ben@firm.example", tz="America/Chicago")
    store = await Store.open(made(tmp_path / "link-ecf.db"), SystemClock())
    notes, find = DatesScribe(Recorder(SystemClock(), HeadFile(tmp_path))), Directory.shipped()
    async with slack_session() as session:
        client = web_client(BOT_TOKEN, session, slack.api_url, waits=False)
        profiles = {Platform.SLACK: SlackProfiles(OneWorkspace(client), SystemClock())}
        calendar = Calendar(store, notes, find.by_id, Planner(store, find.by_id))
        roster = Roster(store, notes, find.plainly, profiles, SystemClock())
        admins = Admins(store, notes, (ANNA,), profiles)
        dates = DateService(calendar, Believers(store, find.by_id), admins, roster, FinalDay(store, notes))
        async with golive_in_slack(slack, dates=dates) as golive:
            yield Real(golive, calendar, roster, Book(store, tmp_path))
    await store.close()


async def test_from_the_first_word_to_a_correction(real: Real) -> None:
    slack, golive = real.golive.slack, real.golive
    assert "The admins here are: <@U0ANNA>." in (await golive.said("", BEN)).shown
    view = await golive.opened("roster")
    await slack.submit(view, {"roster": "ben@firm.example,arwb,Little Rock\nx@firm.example,arwb"})
    await golive.view_shows("2 people would be loaded: 1 found in Slack, 1 not found.")
    await slack.submit(view)
    assert "2 people were loaded: 1 found in Slack, 1 not found." in view.shown

    soon = (await real.book.form(6)).day
    view = await golive.opened("set arwb")
    await slack.submit(view, {"day": soon, "source": "https://www.arwb.uscourts.gov/nextgen"})
    assert "The date is kept" in view.shown
    [event] = await real.calendar.events()
    planned = await real.book.notices(event)
    assert {row.person for row in planned} == {BEN}
    await real.book.sent(planned)

    later = (await real.book.form(9)).day
    view = await golive.pressed(await golive.said(), "Move or edit")
    assert "1 person has been told this date." in view.shown
    await slack.submit(view, {"day": later})
    assert "1 person had been told the old date and will get a correction" in view.shown
    assert [row.person for row in await real.book.notices(event) if row.step == "correction"] == [BEN]
    changes = await real.calendar.history(event.id)
    assert [(change.what, change.by) for change in changes] == [(What.SET, person(ANNA)), (What.MOVED, person(ANNA))]
    assert "<@U0ANNA> moved it" in (await golive.said("history arwb")).shown


async def test_two_admins_at_the_same_date_do_not_undo_each_other(real: Real) -> None:
    slack, golive = real.golive.slack, real.golive
    admins = await golive.said("admins")
    await slack.submit(await golive.pressed(admins, "Add an admin"), {"who": BEN})
    await slack.submit(await golive.opened("set arwb"), {"day": (await real.book.form(60)).day})
    mine = await golive.pressed(await golive.said(), "Move or edit")
    theirs = await golive.pressed(await golive.said("", BEN), "Withdraw", BEN)
    await slack.submit(theirs)
    assert "The date was withdrawn" in theirs.shown
    await slack.submit(mine, {"note": "still on"})
    assert "<@U0BEN> changed this date while you had it open." in mine.shown
    [event] = await real.calendar.events(past=True)
    assert event.note == ""


async def test_a_bot_is_made_no_admin(real: Real) -> None:
    golive = real.golive
    golive.slack.join("U0ROBOT").is_bot = True
    view = await golive.pressed(await golive.said("admins"), "Add an admin")
    await golive.slack.submit(view, {"who": "U0ROBOT"})
    assert "<@U0ROBOT> is no person of this workspace" in view.shown
    assert (await real.roster.standing(Platform.SLACK, person(ANNA).workspace)).people == 0
    assert person(ANNA).workspace == TEAM
