"""Every call, view and answer of a whole road, held against what third parties publish about Slack."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.attempts.attempt import Answered, AttemptId, AttemptView
from bot.attempts.form import Field, Flaw, Problem
from bot.courts.directory import Directory
from bot.courts.policy import Caution, caution
from bot.errors import Code
from bot.linker.values import Comparison, ConfirmQuestion, IncidentId, PasscodeQuestion, Result, Step, Told
from bot.sandbox.slack import Fault, Reply
from bot.sandbox.slack_rules import view_faults
from handlers.slack.form import court_choice, link_view
from handlers.slack.link import help_message
from handlers.slack.progress import attempt_message
from handlers.slack.scopes import SCOPES
from tests.handlers.slack.stage import ANNA, TICKS, TYPED, Stage, person
from tests.handlers.slack_contract import Contract


async def road(stage: Stage) -> list[Reply]:
    """Walk every way through the chat once; return what was answered at once."""
    slack, service = stage.slack, stage.service
    replies = [await slack.command(ANNA, "/link-ecf", word) for word in ("help", "status", "cancel")]
    service.hindrances["ca11"] = Code.COURT_UNSUPPORTED
    replies.append(await slack.command(ANNA, "/link-ecf", "ca11"))
    service.cautions["almb"] = Caution("Do not share.", "https://www.example.gov", date(2023, 7, 11))
    view = await stage.form("georgia")
    await slack.choose(view, "almb")
    await slack.wait_for(lambda: "Do not share." in view.shown)
    service.problems = [Problem(field, Flaw.MISSING) for field in Field if field is not Field.CAUTION]
    replies.append(await slack.submit(view, TYPED, [*TICKS, "caution_acknowledged"]))
    service.problems = []
    replies.append(await slack.submit(view))
    [attempt] = service.views
    await service.tell(attempt, Told(Step.QUEUED, 3))
    await service.ask(attempt, PasscodeQuestion())
    [message] = await slack.wait_for(lambda: [m for m in slack.direct(ANNA) if "Enter the passcode" in m.buttons])
    replies.append(await slack.press(message, "Enter the passcode"))
    small = await slack.wait_for(lambda: slack.open_view(ANNA))
    service.outcome = Answered.PASSCODE_SHAPE
    replies.append(await slack.submit(small, {"passcode": "1"}))
    service.outcome = Answered.TOO_LATE
    replies.append(await slack.submit(small))
    await service.ask(attempt, ConfirmQuestion("filer", "account", Comparison.UNCLEAR), 2)
    await slack.wait_for(lambda: "Stop" in message.buttons)
    replies.append(await slack.press(message, "Stop"))
    await slack.wait_for(lambda: [m for m in slack.messages(ANNA) if m.ephemeral and not m.response_url])
    await service.end(attempt, Code.PACER_REFUSED)
    await slack.wait_for(lambda: "Open the form again" in message.buttons)
    slack.fault("views.open", Fault(error="expired_trigger_id"))
    replies.append(await slack.press(message, "Open the form again"))
    await stage.shows("The form could not be opened")
    view = await stage.form("")
    service.breaks = RuntimeError()
    replies.append(await slack.submit(view, {**TYPED, "court": "gasb"}, TICKS))
    replies.append(await slack.command(ANNA, "/link-ecf", "gasb"))
    return replies


async def test_every_call_view_and_answer_of_the_road_keeps_the_contract(stage: Stage, contract: Contract) -> None:
    replies = await road(stage)
    faults = [fault for call in stage.slack.calls for fault in contract.call_faults(call)]
    faults += [fault for reply in replies for fault in contract.ack_faults(reply.body)]
    assert faults == []
    assert {reply.status for reply in replies} == {200}
    refused = [call.answer for call in stage.slack.calls if not call.answer["ok"]]
    assert [one["error"] for one in refused] == ["expired_trigger_id"], "but for the fault that was asked for"
    methods = {call.method for call in stage.slack.calls}
    assert methods >= {
        "views.open",
        "views.update",
        "conversations.open",
        "chat.postMessage",
        "chat.update",
        "chat.postEphemeral",
    }
    for method in methods:
        scopes = set(contract.method(method)["scope"].get("bot", ()))
        assert not scopes or scopes & set(SCOPES), f"{method} needs a scope that the manifest does not ask for"


async def test_the_road_is_answered_long_before_slack_gives_up(stage: Stage) -> None:
    replies = await road(stage)
    assert max(reply.seconds for reply in replies) < 2.5


def test_the_form_of_every_court_keeps_the_contract(contract: Contract) -> None:
    courts = Directory.shipped().search("", 500)
    assert len(courts) == 209
    for court in courts:
        assert view_faults(link_view("f", court, caution(court))) == [], court.id
    longest = max(courts, key=lambda court: len(court.name))
    cautioned = next(court for court in courts if caution(court))
    for court in (longest, cautioned):
        assert list(contract.view_faults(link_view("f", court, caution(court), ["A note."]))) == [], court.id


def test_the_ending_of_every_code_keeps_the_contract(contract: Contract) -> None:
    court = Directory.shipped().by_id("gasb")
    assert court is not None
    view = AttemptView(AttemptId("a"), IncidentId("i23456789a"), person(ANNA), court, datetime.now(UTC))
    for code in Code:
        message = attempt_message(replace(view, result=Result(code, view.incident)))
        assert list(contract.message_faults(message.text, message.blocks)) == [], code
        assert view.incident in message.text
        assert view.incident in str(message.blocks)
    for step in Step:
        message = attempt_message(replace(view, told=(Told(step, 2),)))
        assert list(contract.message_faults(message.text, message.blocks)) == [], step


def test_help_and_choices_keep_the_contract(contract: Contract) -> None:
    said = help_message()
    assert list(contract.message_faults(said.text, said.blocks)) == []
    for court in Directory.shipped().search("", 500):
        choice = court_choice(court)
        assert len(choice["text"]["text"]) <= 75
        assert choice["value"] == court.id


@pytest.mark.parametrize(
    ("element", "fault"),
    [
        ({"type": "password"}, "there is no element password"),
        ({"type": "plain_text_input", "mask": True}, "no property mask"),
    ],
)
def test_the_pretend_slack_knows_no_masked_field(element: dict[str, object], fault: str) -> None:
    label = {"type": "plain_text", "text": "x"}
    block = {"type": "input", "block_id": "b", "label": label, "element": {"action_id": "a", **element}}
    view = {"type": "modal", "title": label, "submit": label, "blocks": [block]}
    assert any(fault in one for one in view_faults(view))
