"""`/ecf-golive`: the list, its buttons and steps, the history, help, and the words of other features."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.dates.change import What
from bot.reminders.event import EventId, Status
from bot.sandbox.slack import Fault, PretendSlack
from tests.handlers.slack.date_stage import AT, GASB, DateStage, golive_in_slack
from tests.handlers.slack.stage import ANNA, BEN, person


@pytest.fixture
async def golive(slack: PretendSlack) -> AsyncIterator[DateStage]:
    """`/ecf-golive` in a workspace with one admin, ANNA."""
    async with golive_in_slack(slack) as stage:
        yield stage


def done(golive: DateStage) -> list[What]:
    """Return everything that was done to dates."""
    return [change.what for change in golive.dates.changes]


def seen(golive: DateStage) -> tuple[int, object]:
    """Return what ANNA sees: how many messages, which form."""
    return len(golive.slack.messages(ANNA)), golive.slack.open_view(ANNA)


def changed(golive: DateStage, before: tuple[int, object]) -> bool:
    """Tell whether ANNA sees something new."""
    return seen(golive) != before


async def test_a_list_without_dates_offers_to_set_one(golive: DateStage) -> None:
    said = await golive.said()
    assert "No court's date is kept yet" in said.shown
    assert said.buttons == ["Set a date"]


async def test_the_list_says_each_date_in_the_courts_own_zone_with_what_can_be_done(golive: DateStage) -> None:
    await golive.has(
        replace(GASB, blackout_start="2027-03-26T17:00", blackout_end="2027-03-29T08:00", note="See GO 1.")
    )
    await golive.has(replace(GASB, court="almb", day="", coarse="spring 2027"))
    said = await golive.said()
    assert "Monday, March 29, 2027, 9:00 a.m. Eastern Time (the usual hour; the court names none)" in said.shown
    assert "Black-out: Friday, March 26, 2027, 5:00 p.m. to Monday, March 29, 2027, 8:00 a.m." in said.shown
    assert '"spring 2027" (no day yet)' in said.shown
    assert "A date without a day reminds nobody." in said.shown
    steps = ["Move or edit", "Confirm", "It is live", "Withdraw", "History"]
    assert said.buttons == [*steps, "Move or edit", "Withdraw", "History", "Set a date"]


@pytest.mark.parametrize("kind", ["release_outage", "successor_go_live", "mfa_deadline"])
async def test_only_the_go_live_that_opens_linking_can_be_said_to_have_come(golive: DateStage, kind: str) -> None:
    await golive.has(replace(GASB, kind=kind))
    assert (await golive.said()).buttons == ["Move or edit", "Confirm", "Withdraw", "History", "Set a date"]


async def test_a_long_list_goes_on_in_another_message(golive: DateStage) -> None:
    courts = [court.id for court in golive.courts.search("", 45)]
    for court in courts:
        await golive.has(replace(GASB, court=court))
    first = await golive.said()
    assert first.buttons.count("History") == 20
    assert "25 more dates are kept." in first.shown
    await golive.slack.press(first, "Show more")
    await golive.shows("5 more dates are kept.")


@pytest.mark.parametrize(
    ("button", "title", "status", "done"),
    [
        ("Confirm", "Confirm a date", Status.CONFIRMED, "The date is confirmed"),
        ("It is live", "The court is live", Status.LIVE, "The court is live"),
        ("Withdraw", "Withdraw a date", Status.WITHDRAWN, "The date was withdrawn"),
    ],
)
async def test_a_step_says_what_it_will_do_and_then_does_it(
    golive: DateStage, button: str, title: str, status: Status, done: str
) -> None:
    event = await golive.has()
    golive.dates.told_of[event.id] = 12
    view = await golive.pressed(await golive.said(), button)
    assert view.title == title
    assert "12 people have been told this date." in view.shown
    assert golive.dates.changes[-1].what is What.SET, "nothing happens before it is sent"
    reply = await golive.slack.submit(view)
    assert reply.body["response_action"] == "update"
    assert done in view.shown
    assert golive.dates.changes[-1].event.status is status


async def test_a_withdrawal_says_who_is_corrected_and_keeps_its_note(golive: DateStage) -> None:
    event = await golive.has()
    golive.dates.told_of[event.id] = 1
    view = await golive.pressed(await golive.said(), "Withdraw")
    assert "that person is told that it no longer holds" in view.shown
    await golive.slack.submit(view, {"note": "The court took it back."})
    assert golive.dates.changes[-1].event.note == "The court took it back."
    assert "1 person had been told the old date and will get a correction" in view.shown


async def test_a_step_on_a_date_that_changed_meanwhile_does_nothing_and_says_so(golive: DateStage) -> None:
    event = await golive.has()
    view = await golive.pressed(await golive.said(), "Confirm")
    golive.dates.people.append(person(BEN))
    await golive.dates.change(person(BEN), event.id, 1, replace(GASB, day="2027-04-05"))
    await golive.slack.submit(view)
    assert done(golive) == [What.SET, What.MOVED], "it was not confirmed"
    assert "<@U0BEN> changed this date while you had it open. It now stands at: Monday, April 5, 2027" in view.shown
    await golive.slack.submit(view)
    assert done(golive) == [What.SET, What.MOVED, What.CONFIRMED]
    assert golive.dates.changes[-1].event.day == golive.dates.changes[-2].event.day


async def test_a_button_of_an_old_list_opens_what_stands_now_and_says_so(golive: DateStage) -> None:
    event = await golive.has()
    said = await golive.said()
    await golive.dates.change(person(ANNA), event.id, 1, replace(GASB, day="2027-04-05"))
    view = await golive.pressed(said, "Withdraw")
    assert "The date was changed since this list was made." in view.shown
    assert "Monday, April 5, 2027" in view.shown


async def test_a_step_that_was_done_already_is_said(golive: DateStage) -> None:
    event = await golive.has()
    view = await golive.pressed(await golive.said(), "Confirm")
    changed = golive.dates.changes[-1]
    golive.dates.changes[-1] = replace(changed, event=replace(event, status=Status.CONFIRMED))
    await golive.slack.submit(view)
    assert "it stands so already" in view.shown


async def test_an_event_that_is_gone_is_said(golive: DateStage) -> None:
    await golive.has()
    said = await golive.said()
    golive.dates.changes.clear()
    await golive.slack.press(said, "Move or edit")
    await golive.shows("There is no such date any more")


async def test_a_form_that_slack_does_not_open_in_time_is_said(golive: DateStage) -> None:
    golive.slack.fault("views.open", Fault(error="expired_trigger_id"))
    await golive.slack.command(ANNA, "/ecf-golive", "set gasb")
    await golive.shows("Slack gives the bot 3 seconds to open a form")


async def test_the_history_says_who_changed_what_and_hides_ids_of_other_workspaces(golive: DateStage) -> None:
    event = await golive.has()
    other = Person(Platform.SLACK, WorkspaceId("T0OTHER"), PersonId("U0ELSE"))
    golive.dates.people.append(other)
    await golive.dates.change(other, event.id, 1, replace(GASB, day="2027-04-05"))
    said = await golive.said("history southern georgia bankruptcy")
    assert f"{AT:%Y-%m-%d %H:%M} UTC, <@U0ANNA> set it: Monday, March 29, 2027" in said.shown
    assert "An admin of another workspace moved it: Monday, April 5, 2027" in said.shown
    assert "U0ELSE" not in str(said.blocks) + said.text
    await golive.slack.press(await golive.said(), "History")
    await golive.shows("An admin of another workspace moved it")


@pytest.mark.parametrize(
    ("text", "words"),
    [("history", "Name the court"), ("history nowhere", "Name the court"), ("history gasb", "No date")],
)
async def test_a_history_of_nothing_is_said(golive: DateStage, text: str, words: str) -> None:
    assert words in (await golive.said(text)).shown


@pytest.mark.parametrize("text", ["help", "HELP", "what is this"])
async def test_help_lists_every_word(golive: DateStage, text: str) -> None:
    said = await golive.said(text)
    for word in ("set gasb", "history gasb", "roster", "admins", "broadcast", "help"):
        assert f"/ecf-golive {word}" in said.shown


async def test_what_an_admin_typed_is_shown_and_never_obeyed(golive: DateStage) -> None:
    await golive.has(replace(GASB, note="<!channel> <@U0BEN> & <https://x.example|here> \ue000"[:45]))
    said = await golive.said()
    assert "&lt;!channel&gt; &lt;@U0BEN&gt; &amp;" in said.shown


async def test_a_word_of_another_feature_is_handed_on(slack: PretendSlack) -> None:
    class Broadcasts:
        heard: list[str]

        async def command(self, ack: Any, body: Any, client: Any, text: str) -> None:
            self.heard = [text]
            await ack(text="Broadcasting.", response_type="ephemeral")

    other = Broadcasts()
    async with golive_in_slack(slack, broadcast=other) as golive:
        assert (await golive.said("Broadcast  to gasb ")).text == "Broadcasting."
    assert other.heard == ["to gasb"]


async def test_an_id_that_nobody_made_finds_nothing(golive: DateStage) -> None:
    await golive.has()
    said = await golive.said()
    for value in ("", "|", "e1", "e1|-1|x", "x|9999999999999999999999", "a|b|c|d|e"):
        button = {**said.button("Confirm"), "value": value}
        before = seen(golive)
        assert (await golive.slack.act(ANNA, button, said)).status == 200
        await golive.slack.wait_for(partial(changed, golive, before))
    assert done(golive) == [What.SET]
    assert golive.dates.changes[0].event.id == EventId("e1")


async def test_the_last_day_is_let_out_of_hours_and_kept_within_them_again(golive: DateStage) -> None:
    said = await golive.said("final-day")
    assert "Off: every reminder waits" in said.shown
    await golive.slack.press(said, "Let them come at any hour")
    await golive.shows("On: a court's opening is told the moment it opens")
    assert golive.dates.any_hour
    assert "Off: every reminder waits" in (await golive.said("final-day OFF")).shown
    assert not golive.dates.any_hour
    assert "Off:" in (await golive.said("final-day maybe")).shown
