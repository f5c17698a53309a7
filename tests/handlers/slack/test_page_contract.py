"""The private page's views, messages and calls, held against what third parties publish about Slack."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.courts.directory import Directory
from bot.courts.policy import caution
from bot.linker.values import PasscodeQuestion
from bot.sandbox.slack import PretendSlack
from bot.sandbox.slack_rules import view_faults
from bot.service.pages import Intake, NoLink, PageLink
from bot.store import Store
from handlers.slack.page_views import intake_view, link_shown_message, link_shown_view, no_link_message
from tests.handlers.slack.page_stage import ANSWER, PUBLIC, THERE, VISIT, paged
from tests.handlers.slack_contract import Contract

LINK = PageLink(f"{PUBLIC}/p/{'A' * 43}", "012345", datetime(2026, 11, 22, 18, tzinfo=UTC))
COURTS = Directory.shipped().search("", 500)
LONGEST = max(COURTS, key=lambda court: len(court.name))
CAUTIONED = next(court for court in COURTS if caution(court))


@pytest.mark.parametrize("intake", Intake)
def test_the_form_of_every_intake_keeps_the_contract(contract: Contract, intake: Intake) -> None:
    for court in (None, LONGEST, CAUTIONED):
        view = intake_view(intake, "f", court, caution(court) if court else None, ["A note."])
        assert list(contract.view_faults(view)) == []
    for court in COURTS:
        assert view_faults(intake_view(intake, "f", court, caution(court))) == [], court.id


def test_a_link_is_shown_in_blocks_and_never_in_a_text(contract: Contract) -> None:
    view, said = link_shown_view(LINK, LONGEST), link_shown_message(LINK, LONGEST)
    assert list(contract.view_faults(view)) == []
    assert list(contract.message_faults(said.text, said.blocks)) == []
    assert "012345" not in said.text
    assert LINK.url not in said.text
    for blocks in (view["blocks"], said.blocks):
        assert "Code to type on the page:\n012345" in [one["text"]["text"] for one in blocks if "text" in one]
        assert str(blocks).count(LINK.url) == 1
    assert "submit" not in view


@pytest.mark.parametrize("why", NoLink)
def test_why_there_is_no_link_keeps_the_contract(contract: Contract, why: NoLink) -> None:
    said = no_link_message(why)
    assert list(contract.message_faults(said.text, said.blocks)) == []


@pytest.mark.parametrize("intake", [Intake.BOTH, Intake.PAGE])
async def test_every_call_and_answer_of_the_road_keeps_the_contract(
    slack: PretendSlack, store: Store, contract: Contract, intake: Intake
) -> None:
    async with paged(slack, store, intake) as made:
        view = await made.stage.form("gasb")
        replies = [await (slack.submit(view) if intake is Intake.PAGE else slack.press_in(view, THERE))]
        await made.way()
        replies.append(await slack.press_in(view, VISIT))
        message = await made.asked(PasscodeQuestion(), ANSWER)
        replies.append(await slack.press(message, ANSWER))
        replies.append(await slack.press(await made.beside(), VISIT))
    assert [fault for reply in replies for fault in contract.ack_faults(reply.body)] == []
    assert [fault for call in slack.calls for fault in contract.call_faults(call)] == []
    assert {reply.status for reply in replies} == {200}
