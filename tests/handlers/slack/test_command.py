"""`/link-ecf` and what it answers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.attempts.attempt import AttemptView
from bot.errors import Code
from bot.people import Person
from bot.sandbox.slack import Fault, PretendSlack
from handlers.slack.people import NobodySpoke, person_of
from tests.handlers.slack.stage import ANNA, BEN, FakeService, Stage, bot_in_slack, person


async def test_the_form_opens_with_the_court_that_was_named(stage: Stage) -> None:
    view = await stage.form("gasb")
    assert view.title == "Link CM/ECF to PACER"
    chosen = view.input("court")["element"]["initial_option"]
    assert chosen["value"] == "gasb"
    assert "Southern District of Georgia" in chosen["text"]["text"]
    assert [call.method for call in stage.slack.calls] == ["views.open"], "nothing comes before the trigger is used"


async def test_words_that_name_one_court_plainly_choose_it(stage: Stage) -> None:
    view = await stage.form("southern georgia bankruptcy")
    assert view.input("court")["element"]["initial_option"]["value"] == "gasb"


async def test_words_that_name_no_court_open_the_form_with_a_note(stage: Stage) -> None:
    view = await stage.form("georgia")
    assert "initial_option" not in view.input("court")["element"]
    assert '"georgia" does not name one court. Did you mean' in view.shown


async def test_a_text_with_the_word_payload_is_a_text(stage: Stage) -> None:
    """Bolt takes any form with these letters in it for an interaction and loses the command."""
    view = await stage.form("payload & <@U1> *bold*")
    assert '"payload &amp; &lt;@U1&gt; *bold*" does not name one court' in view.shown


async def test_no_text_opens_an_empty_form(stage: Stage) -> None:
    view = await stage.form("")
    assert "initial_option" not in view.input("court")["element"]
    assert "Did you mean" not in view.shown


@pytest.mark.parametrize("code", [Code.COURT_UNSUPPORTED, Code.LINKING_OFF, Code.NOT_LIVE])
async def test_a_court_where_nobody_can_link_is_answered_in_words(stage: Stage, code: Code) -> None:
    stage.service.hindrances["gasb"] = code
    reply = await stage.slack.command(ANNA, "/link-ecf", "gasb")
    said = stage.slack.messages(ANNA)[-1]
    assert reply.body["response_type"] == "ephemeral"
    assert said.ephemeral
    assert said.buttons == ["Choose another court"]
    assert stage.slack.calls == []
    await stage.slack.press(said, "Choose another court")
    view = await stage.slack.wait_for(lambda: stage.slack.open_view(ANNA))
    assert "initial_option" not in view.input("court")["element"]


async def test_help_says_what_to_have_ready_and_who_to_call(stage: Stage) -> None:
    await stage.slack.command(ANNA, "/link-ecf", " HELP ")
    said = stage.slack.messages(ANNA)[-1].shown
    for words in ("/link-ecf status", "/link-ecf cancel", "CM/ECF password", "PACER Service Center, 800-676-6856"):
        assert words in said
    assert stage.slack.calls == []


async def test_status_shows_ones_own_attempts_and_nobody_elses(stage: Stage) -> None:
    await stage.started(ANNA)
    await stage.slack.command(BEN, "/link-ecf", "status")
    assert "You have no running attempt" in stage.slack.messages(BEN)[-1].shown
    await stage.slack.command(ANNA, "/link-ecf", "status")
    said = stage.slack.messages(ANNA)[-1].shown
    assert "Southern District of Georgia: running. Incident id: inc1" in said


async def test_cancel_stops_ones_own_attempts_only(stage: Stage) -> None:
    view = await stage.started(ANNA)
    await stage.slack.command(BEN, "/link-ecf", "cancel")
    assert "Nothing was stopped" in stage.slack.messages(BEN)[-1].shown
    assert not stage.service.views[view.id].ended
    await stage.slack.command(ANNA, "/link-ecf", "cancel")
    await stage.shows("Nothing was linked at the court")
    assert stage.service.views[view.id].ended


@pytest.mark.parametrize(
    "fault", [Fault(error="expired_trigger_id"), Fault(error="internal_error", status=500), Fault(lost=True)]
)
async def test_a_form_that_could_not_be_opened_is_said_where_the_command_was_typed(stage: Stage, fault: Fault) -> None:
    stage.slack.fault("views.open", fault)
    reply = await stage.slack.command(ANNA, "/link-ecf", "gasb")
    assert reply.status == 200
    await stage.shows("The form could not be opened")
    said = stage.slack.messages(ANNA)[-1]
    assert said.response_url
    await stage.slack.press(said, "Open the form")
    view = await stage.slack.wait_for(lambda: stage.slack.open_view(ANNA))
    assert view.input("court")["element"]["initial_option"]["value"] == "gasb"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "HTTP_PROXY", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID"])
async def test_the_environment_does_not_reach_past_the_settings(
    slack: PretendSlack, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The SDK and Bolt read the environment by themselves: a proxy, a token, an OAuth flow that nobody asked for."""
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "x")
    async with bot_in_slack(slack, FakeService()) as stage:
        await stage.started()


async def test_a_trigger_older_than_three_seconds_opens_nothing() -> None:
    """The pretend Slack is as strict as the real one, or the test above proves nothing."""
    now = [0.0]
    async with PretendSlack(now=lambda: now[0]) as slack:
        trigger = slack.api.trigger(ANNA)
        now[0] = 3.1
        answer = slack.api._methods()
        with pytest.raises(Exception, match="expired_trigger_id"):
            answer["views.open"]({"trigger_id": trigger, "view": {}})
        with pytest.raises(Exception, match="exchanged_trigger_id"):
            answer["views.open"]({"trigger_id": trigger, "view": {}})


async def test_a_fault_of_the_service_is_said_with_an_incident_id(stage: Stage) -> None:
    stage.service.breaks = RuntimeError("canary-secret-in-a-message")
    reply = await stage.slack.command(ANNA, "/link-ecf", "gasb")
    said = stage.slack.messages(ANNA)[-1].shown
    assert reply.status == 200
    assert "This is a fault of the bot, not of your accounts or passwords" in said
    assert "incident id: " in said


def test_an_organization_wide_install_makes_one_person_of_all_its_workspaces() -> None:
    here = {"team": {"id": "T1"}, "enterprise": {"id": "E1"}, "is_enterprise_install": True, "user": {"id": "U1"}}
    there = {**here, "team": None, "user": {"id": "U1", "team_id": "T2"}}
    assert person_of(here) == person_of(there)
    command = {"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true", "user_id": "U1"}
    assert person_of(command) == person_of(here)
    assert isinstance(person_of({"team_id": "T1", "user_id": "U1"}), Person)
    with pytest.raises(NobodySpoke):
        person_of({"team_id": "T1"})
    assert person(ANNA) != person(BEN)


async def test_a_busy_store_does_not_hold_the_acknowledgement(slack: PretendSlack) -> None:
    """What takes time is said after the ack, where the command was typed; nothing of it is lost."""
    service = BusyService()
    async with bot_in_slack(slack, service) as stage:
        reply = await stage.slack.command(ANNA, "/link-ecf", "status")
        assert (reply.status, reply.text) == (200, "")
        service.free.set()
        await stage.shows("You have no running attempt")


class BusyService(FakeService):
    """A service whose store answers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()

    async def attempts(self, person: Person) -> Sequence[AttemptView]:
        await self.free.wait()
        return await super().attempts(person)
