"""`/ecf-golive admins` and `/ecf-golive roster`: who is one, who files where, what was not found."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.reminders.people.roster_lines import BadLine, LineFlaw, RosterReport
from bot.sandbox.slack import PretendSlack
from tests.handlers.slack.date_stage import DateStage, golive_in_slack
from tests.handlers.slack.stage import ANNA, BEN, person

LINES = "e-mail,courts,office\nanna@firm.example,gasb;gand,Savannah\nben@firm.example,almb,"


@pytest.fixture
async def golive(slack: PretendSlack) -> AsyncIterator[DateStage]:
    """`/ecf-golive` in a workspace with one admin, ANNA."""
    async with golive_in_slack(slack) as stage:
        yield stage


async def test_the_admins_are_named_and_another_is_added(golive: DateStage) -> None:
    said = await golive.said("admins")
    assert "<@U0ANNA>" in said.shown
    assert "&lt;" not in said.shown
    view = await golive.pressed(said, "Add an admin")
    await golive.slack.submit(view, {"who": BEN})
    assert "<@U0BEN> is an admin now." in view.shown
    assert person(BEN) in golive.dates.people


async def test_somebody_who_is_one_already_or_is_nobody_is_said(golive: DateStage) -> None:
    said = await golive.said("admins")
    view = await golive.pressed(said, "Add an admin")
    await golive.slack.submit(view, {"who": ANNA})
    assert "<@U0ANNA> is an admin already. Nothing was changed." in view.shown
    golive.dates.nobody.add(BEN)
    view = await golive.pressed(said, "Add an admin")
    await golive.slack.submit(view, {"who": BEN})
    assert "<@U0BEN> is no person of this workspace" in view.shown
    assert person(BEN) not in golive.dates.people


async def test_the_last_admin_stays(golive: DateStage) -> None:
    view = await golive.pressed(await golive.said("admins"), "Remove")
    assert "You will be no admin any more" in view.shown
    await golive.slack.submit(view)
    assert "<@U0ANNA> is the only admin, and there has to be one. Nothing was changed" in view.shown
    assert golive.dates.people == [person(ANNA)]


async def test_an_admin_is_removed_after_it_was_said_what_that_does(golive: DateStage) -> None:
    golive.dates.people.append(person(BEN))
    said = await golive.said("admins")
    before = golive.slack.open_view(ANNA)
    await golive.slack.press(said, "Remove", value=BEN)
    view = await golive.slack.wait_for(lambda: golive.slack.open_view(ANNA))
    assert view is not before
    assert "<@U0BEN> will be no admin any more." in view.shown
    await golive.slack.submit(view)
    assert "<@U0BEN> is no admin any more." in view.shown
    assert golive.dates.people == [person(ANNA)]


async def test_a_roster_is_checked_first_and_loaded_as_it_was_checked(golive: DateStage) -> None:
    view = await golive.opened("roster")
    assert "No roster is loaded yet." in view.shown
    assert view.view["submit"]["text"] == "Check it"
    await golive.slack.submit(view, {"roster": LINES})
    view = await golive.view_shows("2 people would be loaded: 2 found in Slack.")
    assert (view.view["submit"]["text"], golive.dates.loaded) == ("Load it", [])
    assert view.value(view.input("roster"))["value"] == LINES
    await golive.slack.submit(view)
    assert "2 people were loaded: 2 found in Slack." in view.shown
    assert golive.dates.loaded == [LINES]


async def test_a_text_that_changed_after_its_check_is_checked_anew(golive: DateStage) -> None:
    view = await golive.opened("roster")
    await golive.slack.submit(view, {"roster": LINES})
    view = await golive.view_shows("2 people would be loaded")
    await golive.slack.submit(view, {"roster": LINES + "\ncleo@firm.example,gasb"})
    await golive.view_shows("The text has changed since it was checked, so it was checked anew.")
    assert "3 people would be loaded" in view.shown
    assert golive.dates.loaded == []
    await golive.slack.submit(view)
    assert golive.dates.loaded == [LINES + "\ncleo@firm.example,gasb"]


async def test_bad_lines_and_people_not_found_are_named_with_the_reason(golive: DateStage) -> None:
    missing = (("cleo@firm.example", "not_found"), ("dan@firm.example", "not_allowed users:read.email"))
    bad = (BadLine(4, LineFlaw.COURT, "gsab"), BadLine(5, LineFlaw.EMAIL, "<@U0BEN>"))
    golive.dates.report = RosterReport(5, 2, missing, 1, bad)
    view = await golive.opened("roster")
    await golive.slack.submit(view, {"roster": LINES})
    view = await golive.view_shows("5 people would be loaded: 2 found in Slack, 2 not found, 1 not looked up yet")
    for words in (
        '2 lines are not loaded:\nLine 4: "gsab" is no court',
        'Line 5: "&lt;@U0BEN&gt;" is no e-mail address.',
        "cleo@firm.example: nobody in Slack has this address.",
        "dan@firm.example: the bot may not look people up (permission users:read.email is missing).",
    ):
        assert words in view.shown
    await golive.slack.submit(view)
    assert "Line 4" in view.shown
    assert "5 people were loaded" in view.shown


async def test_a_roster_without_a_good_line_cannot_be_loaded(golive: DateStage) -> None:
    view = await golive.opened("roster")
    await golive.slack.submit(view, {"roster": "anna@firm.example,nowhere at all"})
    view = await golive.view_shows("There is no line in it yet that can be loaded.")
    assert view.view["submit"]["text"] == "Check it"


async def test_how_the_kept_roster_stands_is_shown(golive: DateStage) -> None:
    golive.dates.standing = RosterReport(1200, 1170, tuple((f"p{n}@firm.example", "waiting") for n in range(30)), 30)
    view = await golive.opened("roster")
    assert "The roster has 1,200 people: 1,170 found in Slack, 30 not." in view.shown
    assert "p19@firm.example: not looked up yet; the bot goes on by itself." in view.shown
    assert "... and 10 more." in view.shown
    assert "p20@" not in view.shown
