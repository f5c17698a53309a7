"""Letters as Slack messages: within every limit, escaped, each button with the name of what it is about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.broadcasts.broadcast import FROM_TERMINAL, Audience, Broadcast, BroadcastId, BroadcastState
from bot.reminders.delivery.letter import Letter, LetterId, Sent, Told
from bot.reminders.event import EventId, Status
from bot.reminders.notice import Step
from bot.sandbox.slack import TEAM, PretendSlack
from bot.sandbox.slack_elements import placed
from bot.sandbox.slack_rules import message_faults
from handlers.slack.blocks import Message
from handlers.slack.notices import LetterWriter, _typed
from handlers.slack.post import SlackPost
from tests.handlers.slack.post_stage import Held, posting
from tests.handlers.slack.stage import ANNA, person
from tests.handlers.slack_contract import Contract
from tests.words.cases import COURTS, court, dated, every, moment, told

NASTY = "<!channel> <@U0BEN> <https://evil.example|click> *bold* & `code` :tada: "


class At(SystemClock):
    """A clock that stands at one moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def letter(*notices: Told, broadcast: Broadcast | None = None) -> Letter:
    """Return a letter to Anna."""
    return Letter(LetterId("l1"), Platform.SLACK, WorkspaceId(TEAM), person(ANNA), "", notices, broadcast)


def written(one: Letter, now: datetime) -> Message:
    """Return the message of a letter at `now`."""
    return LetterWriter(COURTS.by_id, At(now))(one)


def shown(message: Message) -> str:
    """Return every text of a message's blocks."""
    texts: list[str] = []
    for block in message.blocks:
        texts += [block["text"]["text"]] if "text" in block else []
        texts += [each["text"] for each in block.get("elements", ()) if isinstance(each.get("text"), str)]
    return "\n".join(texts)


def pressed(message: Message) -> list[tuple[str, str, str]]:
    """Return text, action and value of every button."""
    return [(one["text"]["text"], one["action_id"], one["value"]) for _, one in placed([*message.blocks])]


def broadcast(text: str, audience: Audience | None = None, by: str = "U0BEN") -> Broadcast:
    """Return a broadcast that is going out."""
    wrote = Person(Platform.SLACK, WorkspaceId(TEAM), PersonId(by))
    return Broadcast(BroadcastId("b1"), wrote, text, audience or Audience(), BroadcastState.SENDING, datetime.now(UTC))


def faults(contract: Contract, message: Message) -> list[str]:
    """Return everything in a message that Slack would refuse."""
    blocks: list[dict[str, Any]] = list(message.blocks)
    return list(contract.message_faults(message.text, blocks))


@pytest.mark.parametrize("name", ["almb", "gub", "ca2", "cavc"])
def test_a_notice_of_every_step_kind_and_status_keeps_slacks_limits(name: str) -> None:
    for notice, now in every(name):
        message = written(letter(notice), now)
        assert message_faults(message.text, list(message.blocks)) == []
        assert "/link-ecf watch" in shown(message)


def test_a_notice_of_every_step_keeps_the_contract(contract: Contract) -> None:
    for status in Status:
        for step in Step:
            event = dated(status=status)
            assert faults(contract, written(letter(told(event, step)), moment(event, step))) == []


def test_each_button_names_what_it_is_about() -> None:
    event = dated()
    buttons = pressed(written(letter(told(event, Step.OPENING)), moment(event, Step.OPENING)))
    assert buttons == [
        ("Link now", "open_form", "almb"),
        ("Remind me later", "notice_snooze", event.id),
        ("I have linked already", "notice_linked_already", "almb"),
        ("Mute this court", "notice_mute", "almb"),
    ]


def test_a_digest_has_a_part_for_each_notice(contract: Contract) -> None:
    notices = [told(dated(name), Step.T_14, number=number) for number, name in enumerate(("almb", "gasb", "gub"))]
    message = written(letter(*notices), moment(dated(), Step.T_14))
    assert faults(contract, message) == []
    assert message.blocks[0]["text"]["text"] == "3 reminders of court dates"
    assert [value for text, _, value in pressed(message) if text == "Mute this court"] == ["gub", "gasb", "almb"]
    assert message.text.count("Monday, March 29, 2021") >= 3
    assert shown(message).count("/link-ecf watch") == 1


def test_what_no_longer_holds_comes_first_then_what_can_be_done_now() -> None:
    moved = told(replace(dated("gasb"), day=dated().day), Step.CORRECTION, heard="2021-02-01T09:00", number=3)
    notices = [told(dated("gub"), Step.T_14, number=1), told(dated("almb"), Step.OPENING, number=2), moved]
    message = written(letter(*notices), moment(dated(), Step.OPENING))
    rows = [block["block_id"] for block in message.blocks if block["type"] == "actions"]
    assert rows == ["notice:n3", "notice:n2", "notice:n1"]


@pytest.mark.parametrize("count", [2, 6, 7, 30, 200])
def test_a_digest_of_any_size_keeps_the_limits(contract: Contract, count: int) -> None:
    names = [one.id for one in COURTS.all][:count]
    notices = [told(dated(name, status=Status.TARGET), Step.T_14, number=number) for number, name in enumerate(names)]
    message = written(letter(*notices), moment(dated(), Step.T_14))
    assert faults(contract, message) == []
    assert len(message.blocks) <= 50
    assert len(str(message.blocks)) < 100_000
    text = shown(message)
    unnamed = [name for name in names if court(name).short_name not in text]
    if count < 200:
        assert unnamed == []
    else:
        whole = len([block for block in message.blocks if block["type"] == "actions"])
        assert f"And {count - whole} more" in text
        assert f"The nearest {count - whole - len(unnamed)} of them are named here." in text


def test_the_whole_of_a_digest_stays_where_slack_takes_it() -> None:
    notices = [told(dated(one.id), Step.ACCOUNTS, number=number) for number, one in enumerate(COURTS.all[:40])]
    message = written(letter(*notices), moment(dated(), Step.ACCOUNTS))
    assert len([block for block in message.blocks if block["type"] == "actions"]) >= 2
    assert sum(len(one["text"]["text"]) for one in message.blocks if "text" in one) < 40_000


def test_what_people_typed_obeys_nothing(contract: Contract) -> None:
    event = replace(dated(), note=NASTY * 10, source=NASTY, emergency_channel=NASTY, order_number=NASTY[:90])
    for notice in (told(event, Step.T_14), told(replace(event, id=EventId("e2")), Step.T_7, number=2)):
        for message in (
            written(letter(notice), moment(event, Step.T_14)),
            written(letter(notice, notice), moment(event, Step.T_7)),
        ):
            assert [one for one in faults(contract, message) if "block_id" not in one] == []
            assert "<!channel>" not in shown(message) + message.text
            assert "<@" not in shown(message) + message.text
            assert "&lt;!channel&gt;" in shown(message)


def test_a_broadcast_is_what_was_typed(contract: Contract) -> None:
    text = f"Dear all,\n\nfirst line\nsecond line\n\n\n{NASTY}\n"
    message = written(letter(broadcast=broadcast(text)), datetime.now(UTC))
    assert faults(contract, message) == []
    [body] = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    assert body.startswith("Dear all,\n\nfirst line\nsecond line\n\n&lt;!channel&gt; &lt;@U0BEN&gt;")
    foot = message.blocks[-1]["elements"][0]["text"]
    assert re.findall(r"<[^>]*>", shown(message)) == ["<https://evil.example>", "<@U0BEN>"]
    assert foot.startswith("Sent by <@U0BEN>, as an administrator of this bot. It goes to everybody")


@pytest.mark.parametrize("by", [FROM_TERMINAL, "U0>|<!channel", ""])
def test_who_is_nobody_of_this_slack_is_not_mentioned(by: str) -> None:
    message = written(letter(broadcast=broadcast("Hello", by=by)), datetime.now(UTC))
    assert "<" not in shown(message)
    assert "command line" in shown(message)


@pytest.mark.parametrize("text", ["word " * 3000, "x" * 9000, "&" * 2500, "line\n" * 2000, "<>" * 1500 + " end"])
def test_a_long_broadcast_loses_nothing(contract: Contract, text: str) -> None:
    message = written(letter(broadcast=broadcast(text)), datetime.now(UTC))
    assert faults(contract, message) == []
    whole = "".join(block["text"]["text"] for block in message.blocks if block["type"] == "section")
    back = whole.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert re.sub(r"\s", "", back) == re.sub(r"\s", "", text)


def test_a_broadcast_to_those_who_are_not_linked_offers_the_link() -> None:
    unlinked = Audience(court=CourtId("gasb"), unlinked_only=True)
    message = written(letter(broadcast=broadcast("Please link.", unlinked)), datetime.now(UTC))
    assert pressed(message) == [("Link now", "open_form", "gasb")]
    assert (
        pressed(written(letter(broadcast=broadcast("Hello", Audience(court=CourtId("gasb")))), datetime.now(UTC))) == []
    )
    appellate = Audience(court=CourtId("ca2"), unlinked_only=True)
    assert pressed(written(letter(broadcast=broadcast("Hello", appellate)), datetime.now(UTC))) == []


async def test_a_letter_as_it_is_written_arrives(slack: PretendSlack, contract: Contract) -> None:
    event = dated()
    async with posting(slack) as stage:
        writer = LetterWriter(COURTS.by_id, At(moment(event, Step.OPENING)))
        post = SlackPost(stage.clients, SystemClock(), Held(), writer)  # type: ignore[arg-type]
        assert isinstance(await post.send(letter(told(event, Step.OPENING))), Sent)
    [message] = slack.direct(ANNA)
    assert "Link now" in message.buttons
    assert [fault for call in slack.calls for fault in contract.call_faults(call)] == []


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("see https://c.example/a==.", "https://c.example/a=="),
        ("see https://c.example/a-", "https://c.example/a-"),
        ("see https://c.example/100%, please", "https://c.example/100%"),
        ("see https://c.example/#!", "https://c.example/#!"),
        ("(https://c.example/rule_(a))", "https://c.example/rule_(a)"),
        ("(https://c.example/rule).", "https://c.example/rule"),
        ("https://c.example/?a=1&b=2!", "https://c.example/?a=1&amp;b=2"),
        ("https://c.example/a/?", "https://c.example/a/"),
        ('"https://c.example/q"', "https://c.example/q"),
    ],
)
def test_a_link_ends_where_its_address_ends(typed: str, address: str) -> None:
    assert re.findall(r"<([^>]*)>", _typed(typed)["text"]["text"]) == [address]
