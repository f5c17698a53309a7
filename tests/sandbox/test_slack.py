"""The pretend Slack holds what Slack holds: the state of every picker, metadata, history, scopes and rates."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import aiohttp
import pytest

from bot.sandbox.slack import BOT_TOKEN, PretendSlack, PretendView, Rate
from bot.sandbox.slack_elements import NotOffered, blank, chosen, held
from bot.sandbox.slack_rules import message_faults, metadata_faults, view_faults

Json = dict[str, Any]


def option(value: str) -> Json:
    """Return one choice."""
    return {"text": {"type": "plain_text", "text": value.title()}, "value": value}


CHOICES = [option("one"), option("two"), option("three")]

ELEMENTS: Sequence[tuple[Json, str | Sequence[str], Json]] = [
    ({"type": "plain_text_input", "multiline": True}, "two\nlines", {"value": "two\nlines"}),
    ({"type": "static_select", "options": CHOICES}, "two", {"selected_option": CHOICES[1]}),
    ({"type": "radio_buttons", "options": CHOICES}, "Three", {"selected_option": CHOICES[2]}),
    ({"type": "multi_static_select", "options": CHOICES}, ["one", "two"], {"selected_options": CHOICES[:2]}),
    ({"type": "checkboxes", "options": CHOICES}, ["three"], {"selected_options": CHOICES[2:]}),
    ({"type": "datepicker"}, "2021-03-29", {"selected_date": "2021-03-29"}),
    ({"type": "timepicker"}, "08:30", {"selected_time": "08:30"}),
    ({"type": "datetimepicker"}, "1616999400", {"selected_date_time": 1616999400}),
    ({"type": "conversations_select"}, "C0GENERAL", {"selected_conversation": "C0GENERAL"}),
    ({"type": "users_select"}, "U0ANNA", {"selected_user": "U0ANNA"}),
    ({"type": "multi_users_select"}, ["U0ANNA", "U0BEN"], {"selected_users": ["U0ANNA", "U0BEN"]}),
]


@pytest.fixture
async def slack() -> AsyncIterator[PretendSlack]:
    async with PretendSlack() as slack:
        yield slack


async def call(slack: PretendSlack, method: str, verb: str = "POST", **args: Any) -> tuple[int, Json]:
    """Call a method of the Web API as the bot does; return status and answer."""
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    sent: Mapping[str, Any] = {"params": args} if verb == "GET" else {"json": args}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(verb, slack.api_url + method, **sent) as answer,
    ):
        return answer.status, dict(await answer.json())


def view(element: Json) -> Json:
    """Return a modal with one field."""
    field = {
        "type": "input",
        "block_id": "field:1",
        "label": {"type": "plain_text", "text": "A field"},
        "element": {**element, "action_id": "field"},
    }
    title, submit = {"type": "plain_text", "text": "A form"}, {"type": "plain_text", "text": "Send"}
    return {"type": "modal", "title": title, "submit": submit, "blocks": [field]}


@pytest.mark.parametrize(("element", "value", "state"), ELEMENTS)
async def test_every_element_is_filled_in_and_sent_as_slack_does(
    slack: PretendSlack, element: Json, value: str | Sequence[str], state: Json
) -> None:
    assert view_faults(view(element)) == []
    shown = PretendView("V1", "U0ANNA", view(element), "h", "V1")
    assert shown.empty() == ["A field"]
    await slack.fill(shown, {"A field": value})
    assert shown.empty() == []
    assert shown.values() == {"field:1": {"field": {"type": element["type"], **state}}}


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"type": "datepicker", "initial_date": "2021-03-29"}, "2021-03-29"),
        ({"type": "timepicker", "initial_time": "08:30"}, "08:30"),
        ({"type": "datetimepicker", "initial_date_time": 1616999400}, 1616999400),
        ({"type": "plain_text_input", "initial_value": "before"}, "before"),
        ({"type": "static_select", "options": CHOICES, "initial_option": CHOICES[0]}, CHOICES[0]),
        ({"type": "multi_static_select", "options": CHOICES, "initial_options": CHOICES[:1]}, CHOICES[:1]),
        ({"type": "conversations_select", "initial_conversation": "C1"}, "C1"),
        ({"type": "checkboxes", "options": CHOICES}, []),
        ({"type": "datepicker"}, None),
    ],
)
def test_what_was_given_beforehand_stands_until_it_is_changed(given: Json, part: object) -> None:
    assert held(blank(given)) == part


def test_nobody_chooses_what_is_not_offered() -> None:
    with pytest.raises(NotOffered):
        chosen({"type": "static_select", "options": CHOICES}, "four")


@pytest.mark.parametrize(
    "element",
    [
        {"type": "datepicker", "initial_date": "29.3.2021"},
        {"type": "timepicker", "initial_time": "8:30"},
        {"type": "static_select", "options": []},
        {"type": "static_select", "options": CHOICES, "initial_option": option("four")},
        {"type": "radio_buttons", "options": [option(str(number)) for number in range(11)]},
        {"type": "plain_text_input", "max_length": 3, "initial_value": "four"},
        {"type": "password_input"},
    ],
)
def test_what_slack_would_refuse_in_a_field_is_refused(element: Json) -> None:
    assert view_faults(view(element)) != []


def test_nothing_is_typed_in_a_message() -> None:
    typed = {"type": "actions", "elements": [{"type": "plain_text_input", "action_id": "a"}]}
    menu = {"type": "actions", "elements": [{"type": "overflow", "action_id": "a", "options": CHOICES}]}
    assert message_faults("text", [typed]) != []
    assert message_faults("text", [menu]) == []


@pytest.mark.parametrize(
    ("metadata", "sound"),
    [
        ({"event_type": "letter", "event_payload": {"key": "k"}}, True),
        ({}, True),
        ({"event_type": "letter"}, False),
        ({"event_type": 1, "event_payload": {}}, False),
        ({"event_type": "letter", "event_payload": {"key": "k" * 9000}}, False),
    ],
)
def test_metadata_has_a_type_and_a_payload(metadata: Json, sound: bool) -> None:
    assert (metadata_faults(metadata) == []) is sound


async def test_history_shows_a_payload_only_to_who_asks(slack: PretendSlack) -> None:
    metadata = {"event_type": "letter", "event_payload": {"key": "k"}}
    await call(slack, "chat.postMessage", channel="C0GENERAL", text="first", metadata=metadata)
    await call(slack, "chat.postMessage", channel="C0GENERAL", text="second")
    _, plain = await call(slack, "conversations.history", "GET", channel="C0GENERAL")
    assert [one["text"] for one in plain["messages"]] == ["second", "first"]
    assert plain["messages"][1]["metadata"] == {"event_type": "letter"}
    _, whole = await call(slack, "conversations.history", "GET", channel="C0GENERAL", include_all_metadata="true")
    assert whole["messages"][1]["metadata"] == metadata


async def test_history_is_turned_page_by_page_from_a_moment_on(slack: PretendSlack) -> None:
    stamps = [
        (await call(slack, "chat.postMessage", channel="C0GENERAL", text=str(number)))[1]["ts"] for number in range(5)
    ]
    seen, cursor = [], ""
    while True:
        _, page = await call(
            slack, "conversations.history", "GET", channel="C0GENERAL", oldest=stamps[0], limit="3", cursor=cursor
        )
        seen += [one["text"] for one in page["messages"]]
        cursor = page.get("response_metadata", {}).get("next_cursor", "")
        if not cursor:
            break
    assert seen == ["4", "3", "2", "1"]


async def test_a_scope_that_was_not_granted_is_missing(slack: PretendSlack) -> None:
    slack.api.scopes -= {"channels:history", "users:read"}
    for method, args in (("conversations.history", {"channel": "C0GENERAL"}), ("users.info", {"user": "U0ANNA"})):
        _, answer = await call(slack, method, "GET", **args)
        assert answer["error"] == "missing_scope"


async def test_rates_are_kept_once_they_are_set(slack: PretendSlack) -> None:
    now = [0.0]
    slack.api.limits.now = lambda: now[0]
    post = {"channel": "C0GENERAL", "text": "x"}
    assert [(await call(slack, "chat.postMessage", **post))[0] for _ in range(3)] == [200, 200, 200]
    slack.api.limits.channel = Rate(1.0, burst=2)
    slack.channel("C0OTHER")
    assert [(await call(slack, "chat.postMessage", **post))[0] for _ in range(3)] == [200, 200, 429]
    assert (await call(slack, "chat.postMessage", channel="C0OTHER", text="x"))[0] == 200
    now[0] = 1.0
    assert (await call(slack, "chat.postMessage", **post))[0] == 200
    slack.api.limits.methods["chat.postMessage"] = Rate(0.1)
    assert (await call(slack, "chat.postMessage", channel="C0OTHER", text="x"))[0] == 200
    assert (await call(slack, "chat.postMessage", channel="C0OTHER", text="x"))[0] == 429
    assert slack.api.limits.refused == 2
    assert len(slack.api.messages) == 8


async def test_channels_take_messages_only_from_those_inside(slack: PretendSlack) -> None:
    slack.channel("C0OUT", joined=False)
    slack.channel("C0OLD").archived = True
    for channel, error in (("C0OUT", "not_in_channel"), ("C0OLD", "is_archived"), ("C0NONE", "channel_not_found")):
        assert (await call(slack, "chat.postMessage", channel=channel, text="x"))[1]["error"] == error


async def test_who_left_still_takes_messages_and_is_shown_as_gone(slack: PretendSlack) -> None:
    slack.join("U0ANNA", "Anna", email="anna@firm.example", tz="Pacific/Guam")
    _, opened = await call(slack, "conversations.open", users="U0ANNA")
    assert (await call(slack, "users.info", "GET", user="U0ANNA"))[1]["user"]["tz"] == "Pacific/Guam"
    slack.leave("U0ANNA")
    assert (await call(slack, "chat.postMessage", channel=opened["channel"]["id"], text="x"))[1]["ok"] is True
    assert (await call(slack, "users.info", "GET", user="U0ANNA"))[1]["user"]["deleted"] is True
    assert (await call(slack, "users.lookupByEmail", "GET", email="anna@firm.example"))[1]["error"] == "users_not_found"
    assert (await call(slack, "conversations.open", users="U0ANNA"))[1]["error"] == "user_disabled"
