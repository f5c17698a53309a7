"""The link form: what it asks, what it keeps, what it never shows, and what becomes of what is typed."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bot.attempts.form import Field, Flaw, Problem
from bot.courts.policy import Caution
from bot.errors import Code
from bot.sandbox.slack import NotFilledIn
from bot.secret import Login, Secret
from tests.handlers.slack.stage import (
    ANNA,
    ECF_PASSWORD,
    LOGIN,
    PASSCODE,
    PASSWORD,
    TICKS,
    TYPED,
    USER,
    Stage,
    person,
)

CAUTION = Caution("Filers are told not to share credentials.", "https://www.example.gov/notice", date(2023, 7, 11))


async def test_everything_typed_reaches_the_service_exactly_as_typed(stage: Stage) -> None:
    view = await stage.form()
    await stage.slack.submit(view, TYPED, TICKS)
    [form] = stage.service.forms
    assert form.court == "gasb"
    assert form.pacer_username == Login(USER)
    assert form.pacer_password == Secret(PASSWORD), "a password is never trimmed"
    assert form.cmecf_login == Login(LOGIN)
    assert form.cmecf_password == Secret(ECF_PASSWORD)
    assert form.passcode == Secret(PASSCODE)
    assert form.individual_account
    assert form.redaction_acknowledged
    assert not form.caution_acknowledged
    assert await stage.service.attempts(person(ANNA))
    assert stage.slack.open_view(ANNA) is None, "the form closes at once"


async def test_the_optional_fields_may_stay_empty(stage: Stage) -> None:
    view = await stage.form()
    typed = {name: value for name, value in TYPED.items() if name not in {"client_code", "passcode"}}
    await stage.slack.submit(view, typed, TICKS)
    [form] = stage.service.forms
    assert form.passcode is None
    assert form.client_code == Login("")


async def test_the_boxes_are_unticked_and_the_form_is_not_sent_without_them(stage: Stage) -> None:
    view = await stage.form()
    with pytest.raises(NotFilledIn, match="redaction"):
        await stage.slack.submit(view, TYPED, ["individual_account"])
    stage.service.problems = [Problem(Field.REDACTION, Flaw.NOT_TICKED, Code.REDACTION_REQUIRED)]
    reply = await stage.slack.submit(view, force=True)
    assert reply.body["response_action"] == "errors"
    [(label, words)] = view.errors.items()
    assert "notice of redaction responsibility" in label
    assert "Tick the box yourself" in words
    assert stage.service.forms == []


async def test_the_order_is_the_guides_and_the_passcode_is_last(stage: Stage) -> None:
    view = await stage.form()
    names = [block["block_id"].partition(":")[0] for block in view.inputs()]
    assert names == [
        "court",
        "pacer_username",
        "pacer_password",
        "client_code",
        "cmecf_login",
        "cmecf_password",
        "individual_account",
        "redaction_acknowledged",
        "passcode",
    ]


async def test_the_form_says_what_a_person_has_to_know_before_typing(stage: Stage) -> None:
    view = await stage.form()
    for words in (
        "passwords stay readable on your screen, and pass through Slack's servers",
        "restricted government systems",
        "recorded and monitored",
        "Fed. R. Bankr. P. 9037",
        "not with a shared firm account",
        "|Forgot password?>",
        "|Forgot user name?>",
        "|Need an account?>",
        "changes every 30 seconds",
    ):
        assert words in view.shown


async def test_nothing_is_filled_in_beforehand_and_the_metadata_is_opaque(stage: Stage) -> None:
    view = await stage.form()
    for block in view.inputs():
        element = block["element"]
        assert "initial_value" not in element
        assert "initial_options" not in element
    assert view.view["private_metadata"] == view.input("court")["block_id"].partition(":")[2]


async def test_a_refused_form_keeps_what_was_typed_and_a_new_one_does_not(stage: Stage) -> None:
    view = await stage.form()
    stage.service.problems = [
        Problem(Field.PACER_USERNAME, Flaw.LEGACY_USERNAME, Code.PACER_LEGACY),
        Problem(Field.PACER_PASSWORD, Flaw.MISSING),
        Problem(Field.CMECF_PASSWORD, Flaw.MISSING),
        Problem(Field.COURT, Flaw.CLOSING),
    ]
    await stage.slack.submit(view, TYPED, TICKS)
    assert view.errors["PACER password"] == "Type your PACER password (not the CM/ECF password)."
    assert view.errors["CM/ECF password"] == "Type your CM/ECF password (not the PACER password)."
    assert "legacy PACER user name" in view.errors["PACER user name"]
    assert "being restarted" in view.errors["Court"]
    assert view.value(view.input("pacer_password"))["value"] == PASSWORD
    stage.service.problems = []
    await stage.slack.submit(view)
    assert stage.service.forms[0].pacer_password == Secret(PASSWORD)

    await stage.service.end((await stage.service.attempts(person(ANNA)))[0].id, Code.PACER_REFUSED)
    again = await stage.slack.wait_for(
        lambda: [m for m in stage.slack.direct(ANNA) if m.buttons == ["Open the form again"]]
    )
    await stage.slack.press(again[0], "Open the form again")
    fresh = await stage.slack.wait_for(lambda: stage.slack.open_view(ANNA))
    assert fresh.input("court")["element"]["initial_option"]["value"] == "gasb"
    old = {block["block_id"] for block in view.inputs()}
    assert not old & {block["block_id"] for block in fresh.inputs()}
    assert fresh.values()[fresh.input("pacer_password")["block_id"]]["pacer_password"]["value"] is None


async def test_the_court_is_found_by_typing(stage: Stage) -> None:
    view = await stage.form("")
    options = await stage.slack.suggest(view, "alabama middle bankruptcy")
    assert options[0]["value"] == "almb"
    assert await stage.slack.suggest(view, "qqqqqqqq") == []
    everything = await stage.slack.suggest(view, "")
    assert 0 < len(everything) <= 100
    again = await stage.slack.suggest(view, "")
    assert again == everything, "the same bytes within a second are no replay"


async def test_a_court_that_cannot_be_linked_says_so_in_the_list(stage: Stage) -> None:
    view = await stage.form("")
    [found] = [one for one in await stage.slack.suggest(view, "ca11") if one["value"] == "ca11"]
    assert "not supported by the bot" in found["description"]["text"]


async def test_a_courts_caution_is_shown_and_ticked_before_the_form_is_sent(stage: Stage) -> None:
    stage.service.cautions["gasb"] = CAUTION
    view = await stage.form("gasb")
    assert "has published a caution (July 11, 2023): Filers are told not to share credentials." in view.shown
    assert "https://www.example.gov/notice" in view.shown
    with pytest.raises(NotFilledIn):
        await stage.slack.submit(view, TYPED, TICKS)
    await stage.slack.submit(view, ticks=["caution_acknowledged"])
    assert stage.service.forms[0].caution_acknowledged


async def test_the_caution_comes_when_the_court_is_chosen_and_what_was_typed_stays(stage: Stage) -> None:
    stage.service.cautions["almb"] = CAUTION
    view = await stage.form("")
    await stage.slack.fill(view, TYPED)
    await stage.slack.choose(view, "almb")
    await stage.slack.wait_for(lambda: CAUTION.source in view.shown)
    assert view.value(view.input("pacer_password"))["value"] == PASSWORD
    update = next(call for call in stage.slack.calls if call.method == "views.update")
    assert PASSWORD not in json.dumps(update.args, ensure_ascii=False)
    await stage.slack.submit(view, {}, [*TICKS, "caution_acknowledged"])
    assert stage.service.forms[0].court == "almb"
    await stage.slack.wait_for(lambda: stage.slack.direct(ANNA))


async def test_a_caution_that_the_form_does_not_show_yet_is_shown_instead_of_a_refusal(stage: Stage) -> None:
    """The change of the form may come too late; errors for a box that is not there are refused by Slack."""
    view = await stage.form("gasb")
    stage.service.cautions["gasb"] = CAUTION
    reply = await stage.slack.submit(view, TYPED, TICKS)
    assert reply.body["response_action"] == "update"
    assert "Nothing was sent to PACER or to the court" in view.shown
    assert view.value(view.input("cmecf_password"))["value"] == ECF_PASSWORD
    await stage.slack.submit(view, ticks=["caution_acknowledged"])
    assert len(stage.service.forms) == 1


async def test_a_court_chosen_where_nobody_can_link_is_said_in_the_form(stage: Stage) -> None:
    stage.service.hindrances["almb"] = Code.NOT_LIVE
    view = await stage.form("")
    before = view.shown
    await stage.slack.choose(view, "almb")
    await stage.slack.wait_for(lambda: view.shown != before)
    assert "not live" in view.shown.casefold() or "not_live" in view.shown


async def test_a_second_form_for_the_same_court_joins_the_first_attempt(stage: Stage) -> None:
    await stage.started()
    view = await stage.form()
    await stage.slack.submit(view, TYPED, TICKS)
    assert "You already have an attempt running" in view.shown
    assert len(stage.service.views) == 1


async def test_a_fault_while_starting_is_said_in_the_form(stage: Stage) -> None:
    view = await stage.form()
    stage.service.breaks = RuntimeError(PASSWORD)
    reply = await stage.slack.submit(view, TYPED, TICKS)
    assert reply.status == 200
    assert "Something went wrong in the bot" in view.shown
    assert "incident id" in view.shown
