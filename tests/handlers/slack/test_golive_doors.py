"""Nobody but an admin passes: not by the command, not by a button, not by a form, however it was come by."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.errors import StoreDown
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.dates.change import What
from bot.sandbox.slack import PretendSlack, PretendView
from tests.handlers.slack.date_stage import DateStage, golive_in_slack
from tests.handlers.slack.stage import ANNA, BEN, Everything, person

NO = "Only an admin can do this"
WORDS = [
    "",
    "set",
    "set gasb",
    "history",
    "history gasb",
    "admins",
    "roster",
    "help",
    "final-day",
    "final-day on",
    "nonsense",
]
STEPS = ["Move or edit", "Confirm", "It is live", "Withdraw", "History", "Set a date"]


@pytest.fixture
async def golive(slack: PretendSlack) -> AsyncIterator[DateStage]:
    """`/ecf-golive` in a workspace with one admin, ANNA."""
    async with golive_in_slack(slack) as stage:
        yield stage


@pytest.mark.parametrize("text", WORDS)
async def test_every_word_of_the_command_is_refused_and_says_whom_to_ask(golive: DateStage, text: str) -> None:
    await golive.has()
    said = await golive.said(text, BEN)
    assert NO in said.shown
    assert "The admins here are: <@U0ANNA>. Ask one of them." in said.shown
    assert said.buttons == []
    assert golive.slack.open_view(BEN) is None


async def test_where_nobody_is_an_admin_it_is_said_how_one_is_made(golive: DateStage) -> None:
    golive.dates.people.clear()
    assert "LINK_ECF_ADMINS" in (await golive.said("", BEN)).shown


async def test_admins_of_another_workspace_are_none_here(golive: DateStage) -> None:
    golive.dates.people.append(Person(Platform.SLACK, WorkspaceId("T0OTHER"), PersonId(BEN)))
    assert NO in (await golive.said("", BEN)).shown


@pytest.mark.parametrize("button", STEPS)
async def test_every_button_of_an_admins_list_is_refused_to_others(golive: DateStage, button: str) -> None:
    await golive.has()
    await golive.slack.press(await golive.said(), button, by=BEN)
    await golive.shows(NO, BEN)
    assert golive.slack.open_view(BEN) is None


async def test_the_button_of_the_last_day_is_refused_to_others(golive: DateStage) -> None:
    await golive.slack.press(await golive.said("final-day"), "Let them come at any hour", by=BEN)
    await golive.shows(NO, BEN)
    assert not golive.dates.any_hour


@pytest.mark.parametrize("button", ["Add an admin", "Remove"])
async def test_every_button_of_the_list_of_admins_is_refused_to_others(golive: DateStage, button: str) -> None:
    await golive.slack.press(await golive.said("admins"), button, by=BEN)
    await golive.shows(NO, BEN)
    assert golive.slack.open_view(BEN) is None


async def sent_by_another(golive: DateStage, view: PretendView) -> PretendView:
    """Send an admin's form, with its metadata, as BEN would forge it; returns what he then sees."""
    forged = golive.slack.api.push(BEN, view.view)
    forged.state = dict(view.state)
    await golive.slack.submit(forged, force=True)
    return await golive.view_shows(NO, BEN)


@pytest.mark.parametrize("button", STEPS[:4])
async def test_a_forged_form_changes_nothing(golive: DateStage, button: str) -> None:
    await golive.has()
    view = await golive.pressed(await golive.said(), button)
    await golive.slack.fill(view, {"note": "forged"} if button in {"Move or edit", "Withdraw"} else {})
    shown = await sent_by_another(golive, view)
    assert "<@U0ANNA>" in shown.shown
    assert [change.what for change in golive.dates.changes] == [What.SET]


async def test_a_forged_new_date_is_refused_even_where_it_is_wrong(golive: DateStage) -> None:
    for values in ({"day": "2027-03-29"}, {"day": "2027-03-29", "blackout_start": "2027-03-26"}, {}):
        view = await golive.opened("set gasb")
        await golive.slack.fill(view, values)
        await sent_by_another(golive, view)
        golive.slack.api.views[BEN].clear()
    assert golive.dates.changes == []


async def test_a_forged_admin_or_removal_changes_nobody(golive: DateStage) -> None:
    said = await golive.said("admins")
    view = await golive.pressed(said, "Add an admin")
    await golive.slack.fill(view, {"who": BEN})
    await sent_by_another(golive, view)
    golive.slack.api.views[BEN].clear()
    await sent_by_another(golive, await golive.pressed(said, "Remove"))
    assert golive.dates.people == [person(ANNA)]


async def test_a_forged_roster_is_neither_checked_nor_loaded(golive: DateStage) -> None:
    view = await golive.opened("roster")
    await golive.slack.submit(view, {"roster": "anna@firm.example,gasb"})
    view = await golive.view_shows("1 person would be loaded")
    await sent_by_another(golive, view)
    assert golive.dates.loaded == []


async def test_who_is_no_admin_any_more_is_refused_at_the_form_that_is_still_open(golive: DateStage) -> None:
    view = await golive.opened("set gasb")
    golive.dates.people[:] = [person(BEN)]
    await golive.slack.submit(view, {"day": "2027-03-29"})
    await golive.view_shows("The admins here are: <@U0BEN>.")
    assert golive.dates.changes == []


async def test_the_court_chosen_in_a_form_is_refused_to_others(golive: DateStage) -> None:
    view = await golive.opened("set")
    golive.dates.people.clear()
    await golive.slack.choose(view, "gasb", "court")
    await golive.view_shows(NO)


async def test_a_store_that_is_down_is_said_at_every_door(golive: DateStage) -> None:
    await golive.has()
    said, view = await golive.said(), await golive.opened("set gasb")
    golive.dates.breaks = StoreDown()
    for text in WORDS:
        assert "The bot's records cannot be used now" in (await golive.said(text)).shown, text
    await golive.slack.press(said, "Withdraw")
    await golive.shows("The database cannot be reached")
    await golive.slack.submit(view, {"day": "2027-03-29"})
    assert "What you asked for was not done." in view.shown


async def test_a_fault_of_our_own_is_said_with_an_incident_id_and_logged_without_a_word_of_it(
    golive: DateStage, log: Everything
) -> None:
    golive.dates.breaks = RuntimeError("canary")
    said = await golive.said("")
    incident = said.shown.rpartition(" ")[2].strip()
    assert "This is a fault of the bot" in said.shown
    assert log.said(f"incident {incident}")
    assert not log.said("canary")
