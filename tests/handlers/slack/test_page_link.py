"""From the form in Slack to the firm's own page: for the person who asked, for their court, and said when it is not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from bot.courts.policy import Caution
from bot.errors import Code
from bot.sandbox.slack import TEAM, Fault, PretendSlack
from bot.service import Started
from bot.service.pages import FormPage, Gone, GoneReason, Intake
from bot.store import Store
from handlers.slack.page_views import PAGE_FORM
from tests.attempts.stage import form
from tests.handlers.slack.page_stage import PUBLIC, THERE, VISIT, Paged, paged, way_in
from tests.handlers.slack.stage import ANNA, BEN, PASSWORD, TICKS, TYPED, USER, Everything, person


@pytest.fixture
async def both(slack: PretendSlack, store: Store) -> AsyncIterator[Paged]:
    """Passwords in the form or on the page."""
    async with paged(slack, store, Intake.BOTH) as made:
        yield made


@pytest.fixture
async def only(slack: PretendSlack, store: Store) -> AsyncIterator[Paged]:
    """Passwords on the page alone."""
    async with paged(slack, store, Intake.PAGE) as made:
        yield made


async def test_the_form_offers_the_page_and_still_takes_what_is_typed(both: Paged) -> None:
    view = await both.stage.form()
    assert THERE in view.shown
    assert "nothing of them passes through this chat" in view.shown
    reply = await both.slack.submit(view, TYPED, TICKS)
    assert reply.body == {"response_action": "clear"}
    assert len(both.service.forms) == 1


async def test_without_pages_there_is_no_such_button(slack: PretendSlack, store: Store) -> None:
    async with paged(slack, store, Intake.MODAL) as made:
        assert THERE not in (await made.stage.form()).shown


async def test_the_button_keeps_the_court_and_shows_link_code_and_until_when(both: Paged) -> None:
    view = await both.stage.form("almb")
    await both.slack.fill(view, TYPED)
    await both.slack.press_in(view, THERE)
    way = await both.way()
    assert way.url.startswith(f"{PUBLIC}/p/")
    assert list(view.inputs()) == []
    assert "Middle District of Alabama" in view.shown
    assert "is open for ten minutes, until " in view.shown
    assert "Central Time" in view.shown
    page = await both.pages.look(way.token)
    assert isinstance(page, FormPage)
    assert page.court.id == "almb"
    started = await both.pages.send_form(way.token, way.code, form())
    assert isinstance(started, Started)
    assert (started.view.person, started.view.court.id) == (person(ANNA), "almb")
    await both.slack.wait_for(lambda: both.slack.direct(ANNA))


async def test_the_code_is_the_one_of_the_last_link_and_the_older_link_says_so(both: Paged) -> None:
    ways = []
    for _ in range(2):
        view = await both.stage.form()
        await both.slack.press_in(view, THERE)
        ways.append(await both.way())
    assert await both.pages.look(ways[0].token) == Gone(GoneReason.REPLACED)
    assert isinstance(await both.pages.look(ways[1].token), FormPage)


async def test_without_a_court_the_form_asks_for_it_and_keeps_what_was_typed(both: Paged) -> None:
    view = await both.stage.form("")
    await both.slack.fill(view, TYPED)
    await both.slack.press_in(view, THERE)
    await both.slack.wait_for(lambda: "Choose the court first" in view.shown)
    assert view.value(view.input("pacer_username"))["value"] == USER
    await both.slack.choose(view, "gasb")
    await both.slack.press_in(view, THERE)
    await both.way()


async def test_a_court_where_nobody_can_link_now_gets_no_page(both: Paged) -> None:
    view = await both.stage.form("gasb")
    both.service.hindrances["gasb"] = Code.NOT_LIVE
    await both.slack.press_in(view, THERE)
    await both.slack.wait_for(lambda: "is not live on NextGen" in view.shown)
    assert "Code to type" not in view.shown


async def test_the_sixth_unused_page_is_refused_in_words_and_the_form_stays(both: Paged) -> None:
    for _ in range(5):
        assert not isinstance(await both.pages.open_form(person(ANNA), "gasb"), str)
    view = await both.stage.form()
    await both.slack.press_in(view, THERE)
    await both.slack.wait_for(lambda: "You have asked for 5 pages in the last ten minutes" in view.shown)
    assert "PACER password" in view.shown


async def test_with_page_the_form_asks_for_the_court_alone(only: Paged) -> None:
    only.service.cautions["gasb"] = Caution("Do not share.", "https://www.example.gov", None)
    view = await only.stage.form("gasb")
    assert [block["block_id"].partition(":")[0] for block in view.inputs()] == ["court"]
    for words in ("PACER password", "CM/ECF password", "passcode", "readable on your screen"):
        assert words not in view.shown
    reply = await only.slack.submit(view)
    assert reply.body["response_action"] == "update"
    way = await only.way()
    page = await only.pages.look(way.token)
    assert isinstance(page, FormPage)
    assert page.caution is not None, "it is read and ticked on the page"


async def test_with_page_another_court_can_be_chosen_and_a_hindered_one_is_said(only: Paged) -> None:
    view = await only.stage.form("")
    only.service.hindrances["gasb"] = Code.NOT_LIVE
    await only.slack.choose(view, "gasb")
    await only.slack.wait_for(lambda: "is not live on NextGen" in view.shown)
    await only.slack.submit(view)
    assert "Code to type" not in view.shown
    await only.slack.choose(view, "almb")
    await only.slack.wait_for(lambda: "is not live on NextGen" not in view.shown)
    await only.slack.submit(view)
    page = await only.pages.look((await only.way()).token)
    assert isinstance(page, FormPage)
    assert page.court.id == "almb"


async def test_with_page_a_form_without_a_court_or_with_too_many_pages_says_so_beside_the_field(only: Paged) -> None:
    view = await only.stage.form("")
    reply = await only.slack.submit(view, force=True)
    assert reply.body["response_action"] == "errors"
    view = await only.stage.form("gasb")
    for _ in range(5):
        await only.pages.open_form(person(ANNA), "gasb")
    reply = await only.slack.submit(view)
    [words] = reply.body["errors"].values()
    assert words.startswith("You have asked for 5 pages")


async def test_with_page_a_form_with_passwords_is_not_taken(slack: PretendSlack, store: Store) -> None:
    async with paged(slack, store, Intake.MODAL) as before:
        old = await before.stage.form()
    async with paged(slack, store, Intake.PAGE) as now:
        reply = await slack.submit(old, TYPED, TICKS)
        assert reply.body["response_action"] == "update"
        assert now.service.forms == []
    assert "your firm has you type passwords on its own page" in old.shown
    assert [block["block_id"].partition(":")[0] for block in old.inputs()] == ["court"]


async def test_what_a_view_carries_names_nobody(both: Paged) -> None:
    view = await both.stage.form("gasb")
    view.view = {**view.view, "private_metadata": f"{ANNA}:attempt1:1"}
    view.user = BEN
    await both.slack.press_in(view, THERE)
    shown = await both.slack.wait_for(lambda: view if "Code to type" in view.shown else None)
    way = way_in(shown.view["blocks"], shown.shown)
    started = await both.pages.send_form(way.token, way.code, form())
    assert isinstance(started, Started)
    assert started.view.person == person(BEN), "whom Slack names, not what the view says"


async def test_link_and_code_are_in_no_log_line_and_in_no_message(both: Paged, log: Everything) -> None:
    view = await both.stage.form()
    await both.slack.fill(view, TYPED)
    await both.slack.press_in(view, THERE)
    way = await both.way()
    await both.slack.press_in(view, VISIT)
    assert log.said(way.token, way.code, PASSWORD.strip()) == []
    assert all(way.token not in f"{one.text}{one.blocks}" for one in both.slack.messages(ANNA))
    assert both.slack.messages(BEN) == []


async def test_the_callback_is_that_of_its_own_form(only: Paged) -> None:
    assert (await only.stage.form()).view["callback_id"] == PAGE_FORM


async def test_a_double_press_makes_one_link_and_shows_the_one_that_is_alive(both: Paged) -> None:
    view = await both.stage.form()
    await asyncio.gather(*(both.slack.press_in(view, THERE) for _ in range(2)))
    way = await both.way()
    assert isinstance(await both.pages.look(way.token), FormPage)


async def test_a_form_that_slack_would_not_change_is_pressed_again(both: Paged) -> None:
    view = await both.stage.form()
    both.slack.fault("views.update", Fault(error="internal_error"))
    await both.slack.press_in(view, THERE)
    await both.slack.wait_for(lambda: [one for one in both.slack.calls if one.method == "views.update"])
    assert "Code to type" not in view.shown
    await both.slack.wait_for(lambda: len(both.stage.tasks) == 0)
    await both.slack.press_in(view, THERE)
    assert isinstance(await both.pages.look((await both.way()).token), FormPage)


async def test_a_form_without_its_field_asks_for_the_court_once_more(
    only: Paged, caplog: pytest.LogCaptureFixture
) -> None:
    form = {"id": "V0", "hash": "h", "type": "modal", "callback_id": PAGE_FORM, "private_metadata": "x" * 3000,
            "state": {"values": {}}, "blocks": []}  # fmt: skip
    who = {"user": {"id": ANNA, "team_id": TEAM}, "team": {"id": TEAM, "domain": "x"}, "api_app_id": "A0"}
    reply = await only.slack.wire.post(
        b"payload=" + quote(json.dumps({"type": "view_submission", "view": form, **who})).encode()
    )
    assert (reply.status, reply.body["response_action"]) == (200, "update")
    assert "Choose the court first" in json.dumps(reply.body)
    assert "failed" not in caplog.text
